package calm

import (
	"context"
	"runtime"
	"sync/atomic"
	"time"
)

// What a gate allows unless [Calm.Capacity] says otherwise: as many requests under way as
// PostgreSQL has connections that read, and as many that wait as are answered in some
// seconds. Who reads waits for less than half a second, which is how long a page of the words
// of the day may take when too many come. A gate that turned somebody away is tired: it lets
// wait less, so that what it cannot answer is told at once.
const (
	mostWaiting   = 1024
	readPatience  = 400 * time.Millisecond
	writePatience = 4 * time.Second
	tiredFor      = 10 * time.Second
	tiredPatience = 100 * time.Millisecond
)

// defaultCapacity is how many requests are under way at once, of those that read and of
// those that write: each is slower by all the others, and more than there are connections
// wait for one, which no patience bounds.
func defaultCapacity() int { return 8 * runtime.GOMAXPROCS(0) }

// gate bounds the requests that are under way.
type gate struct {
	slots    chan struct{}
	most     int64 // that wait
	patience time.Duration
	waiting  atomic.Int64
	tired    atomic.Int64 // until when, in nanoseconds
}

func newGate(capacity, most int, patience time.Duration) *gate {
	return &gate{slots: make(chan struct{}, capacity), most: int64(most), patience: patience}
}

// enter waits for a place, and tells whether there was one; the function given back leaves
// it, once however often it is called.
func (g *gate) enter(ctx context.Context) (leave func(), ok bool) {
	var left atomic.Bool
	leave = func() {
		if left.CompareAndSwap(false, true) {
			<-g.slots
		}
	}
	select {
	case g.slots <- struct{}{}:
		return leave, true
	default:
	}
	defer g.waiting.Add(-1)
	if g.waiting.Add(1) > g.most {
		g.tire()
		return nil, false
	}
	patience := time.NewTimer(g.waits())
	defer patience.Stop()
	select {
	case g.slots <- struct{}{}:
		return leave, true
	case <-patience.C:
		g.tire()
	case <-ctx.Done():
	}
	return nil, false
}

// entrance is a gate, with one before it for strangers: who has no ticket, as a cookie that
// opens nothing is made by anybody. They have half of the places, so that however many come,
// who is signed in has the other half.
type entrance struct{ all, strangers *gate }

func newEntrance(capacity, most int, patience time.Duration) entrance {
	return entrance{newGate(capacity, most, patience), newGate(max(1, capacity/2), max(1, most/2), patience)}
}

// enter is [gate.enter] of whom a ticket tells from strangers, or of a stranger.
func (e entrance) enter(ctx context.Context, known bool) (leave func(), ok bool) {
	if known {
		return e.all.enter(ctx)
	}
	leaveFirst, ok := e.strangers.enter(ctx)
	if !ok {
		return nil, false
	}
	leaveLast, ok := e.all.enter(ctx)
	if !ok {
		leaveFirst()
		return nil, false
	}
	return func() { leaveLast(); leaveFirst() }, true
}

func (g *gate) tire() { g.tired.Store(time.Now().Add(tiredFor).UnixNano()) }

// waits is how long one waits now.
func (g *gate) waits() time.Duration {
	if g.isTired() {
		return min(g.patience, tiredPatience)
	}
	return g.patience
}

func (g *gate) isTired() bool { return time.Now().UnixNano() < g.tired.Load() }

// isTired tells whether it turned somebody away lately, a stranger or not.
func (e entrance) isTired() bool { return e.all.isTired() || e.strangers.isTired() }
