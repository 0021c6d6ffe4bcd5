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

// Forget deletes some things: with what is part of them, to whom they and their parts were addressed, who
// read and answered them, and the words by which they are found. What was kept of them ([Keep]) stays
// its own time.
func (r Room) Forget(tx *db.Tx, things ...school.ID) error {
	if r.Parts != nil && len(things) > 0 {
		parts, err := r.Parts(tx, things)
		if err != nil {
			return err
		}
		things = append(parts, things...)
	}
	return whole(r.Tables).Drop(tx, things...)
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
