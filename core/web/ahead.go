package web

import (
	"context"
	"log/slog"
	"slices"
	"strconv"
	"time"

	"preau/core/audience"
	"preau/core/config"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/past"
	"preau/core/school"
)

// Ahead looks at what was written to leave later before it leaves, and keeps back what its author may not
// write any more, or not for now.
type Ahead struct {
	DB       *db.DB
	Log      *slog.Logger
	Services []Service // of which those that are a [Withholder] count
	// Records are those by which a person wrote: theirs, and the ones that became part of it.
	Records func(tx *db.Tx, person school.ID) ([]school.ID, error)
	Stops   func(*db.Tx) (Stops, error)
}

// leavesWithin is how long before its hour a thing is looked at: twice the minute from one look to the next,
// so that it is at the last one.
const leavesWithin = 2 * time.Minute

// lookedAt is the setting that says until which hour what leaves was looked at, in milliseconds.
const lookedAt = "later looked at"

// Withhold keeps back all that somebody, under any record of theirs, wrote or changed that is to leave later.
func (a *Ahead) Withhold(tx *db.Tx, person school.ID) error {
	records, err := a.Records(tx, person)
	if err != nil {
		return err
	}
	changed, err := past.Things(tx, `c.by_id `+tx.Among(1)+` AND c.changed_at >= $2`, "", db.List(tx, records), db.At(tx.Now.Add(-past.Kept)))
	if err != nil {
		return err
	}
	for _, service := range a.Services {
		if one, withholds := service.(Withholder); withholds {
			if err := one.Later().Withhold(tx, records, changed); err != nil {
				return err
			}
		}
	}
	return nil
}

// KeepBack looks at what is about to leave, in the transaction in which something is stopped.
func (a *Ahead) KeepBack(tx *db.Tx) error {
	all, stops, err := a.due(tx, tx.Now)
	if err != nil {
		return err
	}
	for _, one := range all {
		err := one.keepBack(tx, stops)
		if err != nil {
			a.unclear(one, err)
			err = one.of.Later().KeepBack(tx, audience.KeptRights, one.thing)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Look looks at what leaves soon, and at what had its hour since it was called last, as no node was
// there. Each thing is kept back by itself: one of which nobody can tell whether it may leave does not,
// and is logged; the others are looked at as if it were not there.
func (a *Ahead) Look(ctx context.Context) error {
	var doubtful []due
	var until time.Time
	err := a.DB.Read(ctx, func(tx *db.Tx) error {
		until = tx.Now.Add(leavesWithin)
		since, err := lookedUntil(tx)
		if err != nil {
			return err
		}
		all, stops, err := a.due(tx, since)
		if err != nil {
			return err
		}
		for _, one := range all {
			is, err := one.verdict(tx, stops)
			if err != nil || is.Why != "" || is.Narrow != nil {
				doubtful = append(doubtful, one)
			}
		}
		return nil
	})
	if err != nil && len(doubtful) == 0 { // else PostgreSQL ends a transaction of which a statement failed
		return err
	}
	for _, one := range doubtful {
		if err := a.lookAt(ctx, one); err != nil {
			if ctx.Err() != nil || fail.Is(err, fail.Unavailable) {
				return err
			}
			a.Log.Error("what was to leave later could not be kept back", "service", one.of.Card().Name, "thing", one.thing, "err", err)
		}
	}
	return a.DB.Write(ctx, func(tx *db.Tx) error { return config.Remember(tx, lookedAt, strconv.FormatInt(until.UnixMilli(), 10)) })
}

// lookedUntil is until which hour what leaves was looked at, now at the latest.
func lookedUntil(tx *db.Tx) (time.Time, error) {
	text, err := config.Recall(tx, lookedAt)
	if err != nil {
		return tx.Now, err
	}
	if ms, err := strconv.ParseInt(text, 10, 64); err == nil && time.UnixMilli(ms).Before(tx.Now) {
		return time.UnixMilli(ms), nil
	}
	return tx.Now, nil
}

// lookAt judges one thing again, in a transaction that is its own.
func (a *Ahead) lookAt(ctx context.Context, one due) error {
	err := a.DB.Write(ctx, func(tx *db.Tx) error {
		stops, err := a.Stops(tx)
		if err != nil {
			return err
		}
		return one.keepBack(tx, stops)
	})
	if err == nil || ctx.Err() != nil || fail.Is(err, fail.Unavailable) {
		return err
	}
	a.unclear(one, err)
	return a.DB.Write(ctx, func(tx *db.Tx) error { return one.of.Later().KeepBack(tx, audience.KeptRights, one.thing) })
}

// unclear logs a thing that is kept back as nobody can tell whether it may leave.
func (a *Ahead) unclear(one due, err error) {
	a.Log.Error("what was to leave later is kept back: whether it may leave cannot be told", "service", one.of.Card().Name, "thing", one.thing, "err", err)
}

// due is a thing that is about to leave.
type due struct {
	of    Withholder
	thing school.ID
}

// due lists what leaves after an instant, and soon, with what is stopped now.
func (a *Ahead) due(tx *db.Tx, since time.Time) (all []due, stops Stops, err error) {
	if stops, err = a.Stops(tx); err != nil {
		return nil, nil, err
	}
	for _, service := range a.Services {
		one, withholds := service.(Withholder)
		if !withholds {
			continue
		}
		things, err := one.Later().Due(tx, since, tx.Now.Add(leavesWithin))
		if err != nil {
			return nil, nil, err
		}
		for _, thing := range things {
			all = append(all, due{one, thing})
		}
	}
	return all, stops, nil
}

// verdict is what becomes of a thing that is about to leave; the zero one: it leaves.
type verdict struct {
	Why    audience.Kept         // it does not
	Narrow func(tx *db.Tx) error // it does, for some
}

// verdict judges a thing.
func (d due) verdict(tx *db.Tx, stops Stops) (verdict, error) {
	l, err := d.of.Leaves(tx, d.thing)
	switch {
	case err != nil:
		return verdict{}, err
	case !l.May:
		return verdict{Why: audience.KeptRights}, nil
	}
	open := slices.DeleteFunc(slices.Clone(l.Schools), func(at school.ID) bool { return stops(d.of.Card().Name, l.Author, at) })
	switch {
	case len(open) == len(l.Schools):
		return verdict{}, nil
	case len(open) > 0 && l.Narrow != nil:
		return verdict{Narrow: func(tx *db.Tx) error { return l.Narrow(tx, open) }}, nil
	}
	return verdict{Why: audience.KeptStopped}, nil
}

// keepBack judges a thing, and keeps it back, or has it leave for some, where it must.
func (d due) keepBack(tx *db.Tx, stops Stops) error {
	is, err := d.verdict(tx, stops)
	switch {
	case err != nil:
		return err
	case is.Narrow != nil:
		return is.Narrow(tx)
	case is.Why != "":
		return d.of.Later().KeepBack(tx, is.Why, d.thing)
	}
	return nil
}
