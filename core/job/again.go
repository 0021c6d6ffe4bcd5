package job

import (
	"errors"
	"time"
)

// later is the error of a try that says when the next one is worth while.
type later struct {
	error
	wait time.Duration
}

func (l *later) Unwrap() error { return l.error }

// Later is the error of a job whose handler knows better than the queue when
// to try again: after a wait, and as if this try had not been one. Who gives it
// says [Dead] some day.
func Later(err error, wait time.Duration) error { return &later{err, wait} }

// onward is the error of a job of which a part is done.
type onward struct {
	error
	payload any
	wait    time.Duration
}

// Onward is the error of a job that has done a part, and is no failure: the same job is due
// again after a wait, as the first time, with another payload that says how far it is. A
// worker does others meanwhile.
func Onward(payload any, wait time.Duration) error {
	return &onward{errors.New("job: a part is done"), payload, wait}
}

// dead is the error of a job that no other try would help.
type dead struct{ error }

func (d *dead) Unwrap() error { return d.error }

// Dead is the error of a job that no other try would help: it is left dead at
// once.
func Dead(err error) error { return &dead{err} }
