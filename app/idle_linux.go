package app

import "golang.org/x/sys/unix"

// goLast makes the calling thread, and what it starts, run when nothing else
// wants the processor.
func goLast() error {
	return unix.SchedSetAttr(0, &unix.SchedAttr{Size: unix.SizeofSchedAttr, Policy: unix.SCHED_IDLE}, 0)
}
