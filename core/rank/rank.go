package rank

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"time"
)

// Processors is how many the program may use, as it was told at its start.
var Processors = runtime.GOMAXPROCS(0)

// Widen has Go use three times as many processors as there are, so that a page
// finds one while as many computations as there are [Processors] go last, and as
// many more yield. A server calls it once, before it serves.
func Widen() {
	runtime.GOMAXPROCS(3 * Processors)
	if leftovers == nil { // a second server of one program goes on with those of the first
		leftovers = make(chan struct{}, Processors)
	}
}

// patience is how long a computation makes do with what nobody else wants.
const patience = time.Second

// leftovers are the computations that have only what nobody else wants, at most
// one for each processor: those that nobody waits for any more too. It is nil
// before [Widen]: none goes last, which would hold what the whole program needs.
var leftovers chan struct{}

// Behind computes f on a thread of its own, which has the processor when nobody
// else wants it, and waits for it. Where that is not done within [patience], f is
// computed once more, on a thread that yields to the others and has its share
// ([Yield]): a thread may go last without any right, and not come back from there
// without one. So f does nothing but compute. Where it panics, so does Behind,
// with a [Panic]. In a program that is not widened it only yields.
func Behind[T any](f func() T) T {
	left := leftovers
	if left == nil {
		return Aside(f)
	}
	answers := make(chan answer[T], 2) // whoever comes second waits for nobody
	waited := time.NewTimer(patience)
	defer waited.Stop()
	select {
	case left <- struct{}{}:
		go func() {
			defer func() { <-left }()
			answers <- compute(last, f)
		}()
		select {
		case a := <-answers:
			return a.give()
		case <-waited.C:
		}
	case <-waited.C:
	}
	go func() { answers <- compute(Yield, f) }()
	return (<-answers).give()
}

// Aside computes f on a thread of its own, which yields to the others and has its
// share ([Yield]), and waits for it. Where it panics, so does Aside, with a [Panic].
func Aside[T any](f func() T) T {
	answers := make(chan answer[T], 1)
	go func() { answers <- compute(Yield, f) }()
	return (<-answers).give()
}

// compute computes f at a rank, on a thread that ends with it: who calls it is a
// goroutine that ends too.
func compute[T any](rank func() error, f func() T) (a answer[T]) {
	defer func() {
		if value := recover(); value != nil {
			a.failed = &Panic{value, string(debug.Stack())}
		}
	}()
	runtime.LockOSThread() // and nothing unlocks it
	_ = rank()             // where it may not, f is at the rank of all
	a.value = f()
	return a
}

// answer is what a function gave, or how it failed.
type answer[T any] struct {
	value  T
	failed *Panic
}

func (a answer[T]) give() T {
	if a.failed != nil {
		panic(a.failed)
	}
	return a.value
}

// Panic is what a function panicked with behind, and where.
type Panic struct {
	Value any
	Stack string
}

// Error implements error.
func (p *Panic) Error() string { return fmt.Sprintf("%v\n%s", p.Value, p.Stack) }
