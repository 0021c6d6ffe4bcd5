package past

import (
	"preau/core/db"
	"preau/core/personal"
	"preau/core/school"
)

// Room is the tables of a room whose things are addressed, and found by their words: what is forgotten
// of them is forgotten there too.
type Room struct {
	personal.Tables
	// Parts lists what is part of some things and addressed by itself: of a conversation, its
	// messages. nil: nothing is.
	Parts func(tx *db.Tx, things []school.ID) ([]school.ID, error)
}

var (
	_ personal.Steward = Room{}
	_ personal.Keeper  = Room{}
)

// Forget deletes some things of a room: with what is part of them, to whom they were addressed, who read and
// answered them, and the words by which they are found. What was kept of them ([Keep]) stays its
// own time.
func Forget(tx *db.Tx, room personal.Tables, things ...school.ID) error {
	return whole(room).Drop(tx, things...)
}

// Forget deletes some things, as [Forget] does, and those of their parts that are addressed by
// themselves.
func (r Room) Forget(tx *db.Tx, things ...school.ID) error {
	if r.Parts == nil || len(things) == 0 {
		return Forget(tx, r.Tables, things...)
	}
	parts, err := r.Parts(tx, things)
	if err != nil {
		return err
	}
	return Forget(tx, r.Tables, append(parts, things...)...)
}

// Purge implements personal.Steward: a thing whose term is over goes with all that is known of it.
func (r Room) Purge(tx *db.Tx) (int64, error) {
	things, err := r.Old(tx)
	if err != nil {
		return 0, err
	}
	if err := r.Forget(tx, things...); err != nil {
		return 0, err
	}
	rows, err := r.PurgeRows(tx)
	return int64(len(things)) + rows, err
}

// Erase implements personal.Steward: what is about somebody goes with them, with all that is known
// of it.
func (r Room) Erase(tx *db.Tx, person school.ID) error {
	about, err := r.About(tx, person)
	if err != nil {
		return err
	}
	if err := r.Forget(tx, about...); err != nil {
		return err
	}
	return r.Tables.Erase(tx, person)
}
