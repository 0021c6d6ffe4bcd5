package calm

import (
	"context"
	"errors"
	"sync"
	"time"
)

const (
	// probeEvery is how often the database is asked whether it answers, and probeTime how
	// long it may take.
	probeEvery = time.Second
	probeTime  = 1500 * time.Millisecond
)

// ErrAway is why a transaction is stopped when the database does not answer any more.
var ErrAway = errors.New("the database does not answer")

// circuit knows whether the database answers.
type circuit struct {
	mu   sync.Mutex
	away bool
	// here ends when the database is away, and is another one when it is back.
	here context.Context
	cut  context.CancelCauseFunc
	// probing is closed once the probe under way is done; nil: there is none.
	probing chan struct{}
}

// Away tells whether the database does not answer, as the last probe found: nobody waits for
// the next one.
func (c *Calm) Away() bool {
	c.circuit.mu.Lock()
	defer c.circuit.mu.Unlock()
	return c.circuit.away
}

// Probe asks the database whether it answers, and tells whether it is away. Those who ask
// meanwhile are told the same.
func (c *Calm) Probe(ctx context.Context) (away bool) {
	k := &c.circuit
	k.mu.Lock()
	if under := k.probing; under != nil {
		k.mu.Unlock()
		select {
		case <-under:
		case <-ctx.Done():
		}
		return c.Away()
	}
	done := make(chan struct{})
	k.probing = done
	k.mu.Unlock()

	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), probeTime)
	defer cancel()
	err := c.Alive(ctx)

	k.mu.Lock()
	defer k.mu.Unlock()
	was := k.away
	k.away, k.probing = err != nil, nil
	close(done)
	switch {
	case k.away && !was:
		c.Log.Error("the database does not answer: words of the day are served", "err", err)
		if k.cut != nil {
			k.cut(ErrAway)
		}
		k.here, k.cut = nil, nil
	case was && !k.away:
		c.Log.Info("the database answers again")
	}
	return k.away
}

// While gives a context that ends when the database is away: whoever waits for it then waits
// no longer. The function given back lets go of it.
func (c *Calm) While(ctx context.Context) (context.Context, func()) {
	k := &c.circuit
	k.mu.Lock()
	if k.here == nil {
		k.here, k.cut = context.WithCancelCause(context.Background())
	}
	here := k.here
	k.mu.Unlock()
	ctx, cancel := context.WithCancelCause(ctx)
	stop := context.AfterFunc(here, func() { cancel(ErrAway) })
	return ctx, func() {
		stop()
		cancel(nil)
	}
}

// Reason is why a request is not done.
type Reason string

// The reasons.
const (
	Unreachable Reason = "away"    // the database does not answer
	Crowded     Reason = "crowded" // more ask than the node can answer
)
