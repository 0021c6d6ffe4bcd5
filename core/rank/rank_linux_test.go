package rank_test

import (
	"runtime"
	"testing"

	"golang.org/x/sys/unix"

	"preau/core/rank"
)

// What is run behind is on a thread that steps aside, and the thread of who waits
// for it does not.
func TestBehind(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	own := func() uint32 {
		attr, err := unix.SchedGetAttr(0, 0)
		if err != nil {
			t.Fatal(err)
		}
		return attr.Policy
	}
	before := own()
	var within uint32
	rank.Behind(func() { within = own() })
	if within != unix.SCHED_IDLE || before != own() {
		t.Errorf("behind: %d; before: %d, after: %d", within, before, own())
	}
}
