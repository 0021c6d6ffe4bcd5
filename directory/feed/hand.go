package feed

import (
	"fmt"
	"runtime/debug"
	"sync"
)

// hand writes what it is given, one thing after another, while the next is
// made ready: a transaction does one thing at a time, but the record that
// follows can be read meanwhile.
type hand struct {
	work    chan func() error
	pending sync.WaitGroup
	mu      sync.Mutex
	err     error // the first; nothing is written after it
}

func newHand() *hand {
	h := &hand{work: make(chan func() error, 4)}
	go func() {
		for job := range h.work {
			if h.failed() == nil {
				h.fail(safely(job))
			}
			h.pending.Done()
		}
	}()
	return h
}

// give hands a piece of work over, and tells the error of an earlier one.
func (h *hand) give(job func() error) error {
	h.pending.Add(1)
	h.work <- job
	return h.failed()
}

// wait waits until nothing is left to write.
func (h *hand) wait() error {
	h.pending.Wait()
	return h.failed()
}

// rest waits, and lets the hand go.
func (h *hand) rest() {
	h.pending.Wait()
	close(h.work)
}

func (h *hand) failed() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.err
}

func (h *hand) fail(err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.err == nil {
		h.err = err
	}
}

// safely makes an error of a panic, which would otherwise end the whole
// server: nobody waits for the hand but the writer.
func safely(job func() error) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("writing: panic: %v\n%s", cause, debug.Stack())
		}
	}()
	return job()
}
