package app

import "syscall"

// yieldRank gives the calling thread, and what it starts, a third of what a
// thread of the server gets where both want the processor. It is no less: a
// feed that waits for long while it writes keeps everybody from writing.
func yieldRank() error { return syscall.Setpriority(syscall.PRIO_PROCESS, 0, rankBehind) }

const rankBehind = 5 // "nice": see sched(7)
