package rank

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

// Processors is how many the program may use, as it was told at its start.
var Processors = runtime.GOMAXPROCS(0)

// Widen has Go use twice as many processors as there are, so that a page finds
// one while as many computations as there are [Processors] are behind it.
func Widen() { runtime.GOMAXPROCS(2 * Processors) }

// Behind runs f on a thread of its own, which yields to the others where both
// want the processor, and waits for it. Where f panics, so does Behind, with a
// [Panic].
func Behind(f func()) {
	done := make(chan *Panic)
	go func() {
		defer func() {
			var failed *Panic
			if value := recover(); value != nil {
				failed = &Panic{value, string(debug.Stack())}
			}
			done <- failed
		}()
		runtime.LockOSThread() // and nothing unlocks it: the thread ends with f
		_ = Yield()            // where it may not, f is at the rank of all
		f()
	}()
	if failed := <-done; failed != nil {
		panic(failed)
	}
}

// Panic is what a function panicked with behind, and where.
type Panic struct {
	Value any
	Stack string
}

// Error implements error.
func (p *Panic) Error() string { return fmt.Sprintf("%v\n%s", p.Value, p.Stack) }
