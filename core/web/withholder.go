package web

import (
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
