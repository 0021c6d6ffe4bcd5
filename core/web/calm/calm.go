package calm

import (
	"cmp"
	"context"
	"log/slog"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"preau/core/db"
	"preau/core/school"
	"preau/core/seal"
)

// Calm is what a node serves when it cannot do its work.
type Calm struct {
	DB    *db.DB
	Key   *seal.Key
	Log   *slog.Logger
	Rooms map[string]Sampler // by the name of their card
	// Voided lists what voids tickets, since an instant.
	Voided func(tx *db.Tx, since time.Time) ([]Voided, error)
	// Holder tells what somebody holds now with a hat, for a ticket.
	Holder func(tx *db.Tx, person school.ID, profile school.Profile) (Holder, error)
	// Shut lists the services of whose things nothing is shown; nil: there are none.
	Shut func(tx *db.Tx) ([]Shut, error)
	// Alive tells whether the database answers; DB's own unless it is set.
	Alive func(context.Context) error
	// Capacity is how many requests are under way at once, and Waiting how many wait; zero:
	// what fits the machine.
	Capacity, Waiting int

	mu       sync.RWMutex
	snapshot *snapshot
	void     voids

	circuit       circuit
	reads, writes entrance

	pages, refused atomic.Int64 // since they were told to the log
}

// Ready makes a Calm ready to serve, once its fields are set.
func (c *Calm) Ready() *Calm {
	if c.Alive == nil {
		c.Alive = c.DB.Alive
	}
	capacity, waiting := cmp.Or(c.Capacity, defaultCapacity()), cmp.Or(c.Waiting, mostWaiting)
	c.reads, c.writes = newEntrance(capacity, waiting, readPatience), newEntrance(capacity, waiting, writePatience)
	return c
}

// Enter waits for a place among the requests that are under way, of those that write or of
// the others, and tells whether there was one; to whom nobody knows yet, some of the places
// are shut. Whoever was let in leaves, once however often they say so.
func (c *Calm) Enter(ctx context.Context, writes, known bool) (leave func(), ok bool) {
	if writes {
		return c.writes.enter(ctx, known)
	}
	return c.reads.enter(ctx, known)
}

// Crowds tells whether somebody was turned away lately, who wanted to read or to write.
func (c *Calm) Crowds() bool { return c.reads.isTired() || c.writes.isTired() }

// Retry is in how long whoever was turned away is asked to come back: not all at once.
func Retry() time.Duration { return 30*time.Second + rand.N(60*time.Second) }

// Served counts a page that was served, and Refused what was turned away, for the log.
func (c *Calm) Served() { c.pages.Add(1) }

// Refused counts what was turned away without a page to read.
func (c *Calm) Refused() { c.refused.Add(1) }

// Run reads the snapshot every minute, and asks every second whether the database answers,
// until the context ends.
func (c *Calm) Run(ctx context.Context) error {
	back := make(chan struct{}, 1)
	var watching sync.WaitGroup
	watching.Go(func() { c.watch(ctx, back) })
	defer watching.Wait()
	refresh := time.NewTicker(refreshing)
	defer refresh.Stop()
	c.refresh(ctx)
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-back:
			c.refresh(ctx) // what was voided meanwhile is known before anything else
		case <-refresh.C:
			c.tell()
			if !c.Away() {
				c.refresh(ctx)
			}
		}
	}
}

// watch asks whether the database answers, also while the snapshot is read, and tells when it
// is back.
func (c *Calm) watch(ctx context.Context, back chan<- struct{}) {
	probe := time.NewTicker(probeEvery)
	defer probe.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-probe.C:
			was := c.Away()
			if away := c.Probe(ctx); away || !was {
				continue
			}
			select {
			case back <- struct{}{}:
			default: // it is to be read already
			}
		}
	}
}

// refresh reads the snapshot, and tells the log when it cannot.
func (c *Calm) refresh(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, refreshing/2)
	defer cancel()
	began := time.Now()
	if err := c.Refresh(ctx); err != nil {
		c.Log.Error("the words of the day are not read", "err", err)
		return
	}
	s := c.now(c.DB.Now())
	if s != nil {
		c.Log.Debug("the words of the day", "words", s.words, "bytes", s.bytes, "took", time.Since(began))
	}
}

// tell tells the log what was served and turned away in the last minute, if anything was.
func (c *Calm) tell() {
	pages, refused := c.pages.Swap(0), c.refused.Swap(0)
	if pages+refused > 0 {
		c.Log.Warn("the node is over its capacity, or without its database", "pages", pages, "refused", refused, "away", c.Away())
	}
}
