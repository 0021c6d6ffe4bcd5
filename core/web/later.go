package web

import (
	"slices"
	"time"

	"preau/core/audience"
	"preau/core/db"
	"preau/core/rights"
	"preau/core/school"
)

// Withholder is a service in which something is written to leave later, by itself: no other may
// publish what waits for its hour ([Request.Publish] refuses it).
type Withholder interface {
	Service
	// Later is the table of what waits there.
	Later() audience.Later
	// Leaves tells by whom a thing that waits was written, and whether they may write it still.
	Leaves(*db.Tx, school.ID) (Leaving, error)
}

// Leaving is how a thing stands that is about to leave.
type Leaving struct {
	May     bool         // its author may still write it, for all those for whom it is
	Author  rights.Actor // with the hat with which they wrote it
	Schools []school.ID  // in which it says something new
	// Narrow has it be for those of its schools alone where nothing is stopped; nil: it leaves for
	// all of them, or for none.
	Narrow func(tx *db.Tx, open []school.ID) error
}

// Stops tells whether somebody writes nothing new in a service, by its name, in a school.
type Stops func(service string, by rights.Actor, at school.ID) bool

// Withhold has the services keep back all that some people, by their records, wrote to leave later.
func Withhold(tx *db.Tx, services []Service, authors ...school.ID) error {
	for _, service := range services {
		if one, withholds := service.(Withholder); withholds {
			if err := one.Later().Withhold(tx, authors...); err != nil {
				return err
			}
		}
	}
	return nil
}

// KeepBack has the services keep back, of what leaves after an instant and until another, what its
// author may not write any more, or not for now.
func KeepBack(tx *db.Tx, services []Service, since, until time.Time, stops Stops) error {
	for _, service := range services {
		one, withholds := service.(Withholder)
		if !withholds {
			continue
		}
		due, err := one.Later().Due(tx, since, until)
		if err != nil {
			return err
		}
		for _, thing := range due {
			why, err := keeps(tx, one, thing, stops)
			if err == nil && why != "" {
				err = one.Later().KeepBack(tx, why, thing)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// keeps is why a thing does not leave; empty: it does.
func keeps(tx *db.Tx, of Withholder, thing school.ID, stops Stops) (audience.Kept, error) {
	l, err := of.Leaves(tx, thing)
	switch {
	case err != nil:
		return "", err
	case !l.May:
		return audience.KeptRights, nil
	}
	open := slices.DeleteFunc(slices.Clone(l.Schools), func(at school.ID) bool { return stops(of.Card().Name, l.Author, at) })
	switch {
	case len(open) == len(l.Schools):
		return "", nil
	case len(open) > 0 && l.Narrow != nil:
		return "", l.Narrow(tx, open)
	}
	return audience.KeptStopped, nil
}
