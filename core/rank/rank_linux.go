package rank

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// Yield gives the calling thread, and what it starts, a third of what a thread
// of the server gets where both want the processor. It is no less: a feed that
// waits for long while it writes keeps everybody from writing.
func Yield() error { return syscall.Setpriority(syscall.PRIO_PROCESS, 0, Lower) }

// Lower is the rank of a thread that yields ("nice": see sched(7)).
const Lower = 5

// last gives the calling thread the processor when nobody else wants it: see
// SCHED_IDLE in sched(7).
func last() error {
	return unix.SchedSetAttr(0, &unix.SchedAttr{Size: unix.SizeofSchedAttr, Policy: unix.SCHED_IDLE}, 0)
}
