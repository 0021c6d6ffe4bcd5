package rank

import (
	"runtime"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"golang.org/x/sys/unix"
)

// rankOf is the rank of a thread.
type rankOf struct {
	last bool
	nice int32
}

func own(t *testing.T) rankOf {
	attributes, err := unix.SchedGetAttr(0, 0)
	if err != nil {
		t.Error(err)
		return rankOf{}
	}
	return rankOf{attributes.Policy == unix.SCHED_IDLE, attributes.Nice}
}

// What is computed behind goes last; what was not done in time is computed again
// by a thread that has its share, and so is what found no room to go last. The
// thread of whoever waits keeps its rank.
func TestBehind(t *testing.T) {
	before := leftovers
	defer func() { leftovers = before }()
	leftovers = nil
	if got, share := Behind(func() rankOf { return own(t) }), (rankOf{nice: Lower}); got != share {
		t.Errorf("behind, in a program that is not widened: %+v", got)
	}
	synctest.Test(t, func(t *testing.T) {
		leftovers = make(chan struct{}, 1)
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		mine := own(t)
		if got := Behind(func() rankOf { return own(t) }); !got.last {
			t.Errorf("behind: %+v", got)
		}
		synctest.Wait() // it has left its place
		var times atomic.Int32
		done := make(chan struct{})
		slow := func() rankOf {
			if times.Add(1) == 1 {
				<-done
			}
			return own(t)
		}
		share := rankOf{nice: Lower}
		for range 2 { // the first leaves no room to the second
			if got := Behind(slow); got != share {
				t.Errorf("behind for too long: %+v", got)
			}
		}
		if n := times.Load(); n != 3 {
			t.Errorf("computed %d times", n)
		}
		close(done)
		synctest.Wait()
		if got := Behind(slow); !got.last {
			t.Errorf("behind, once there is room again: %+v", got)
		}
		if now := own(t); now != mine {
			t.Errorf("who waits was at %+v, and is at %+v", mine, now)
		}
	})
}
