package rank_test

import (
	"runtime"
	"syscall"
	"testing"

	"preau/core/rank"
)

// What is run behind is on a thread that yields, and the thread of who waits for
// it does not.
func TestBehind(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	// The system call gives 20 less the rank (getpriority(2)).
	own := func() int {
		raw, err := syscall.Getpriority(syscall.PRIO_PROCESS, 0)
		if err != nil {
			t.Error(err)
		}
		return 20 - raw
	}
	before, within := own(), 0
	rank.Behind(func() { within = own() })
	if within != rank.Lower || before != own() {
		t.Errorf("behind: %d; before: %d, after: %d", within, before, own())
	}
}
