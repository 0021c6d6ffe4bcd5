package directory

import (
	"slices"
	"time"

	"preau/core/db"
	"preau/core/school"
)

// Holder is somebody who holds posts by hand, or held some.
type Holder struct {
	Someone
	Mail string
	// Private tells that the mail is a family's: it tells who somebody is, and is
	// shown to nobody.
	Private bool
	Duties  []Duty // each post in each place as it was given last
}

// Holds tells whether somebody holds a post in a structure at an instant.
func (h Holder) Holds(structure school.ID, template string, at time.Time) bool {
	return slices.ContainsFunc(h.Duties, func(d Duty) bool {
		return d.Place.ID == structure && d.Code == template && !d.Over(at)
	})
}

// HoldersNamed lists who holds posts by hand under a name, its sort key, or
// held some: two may have one name, and only a human knows whether who is
// appointed now is one of them.
func HoldersNamed(tx *db.Tx, name string) ([]Holder, error) {
	duties, err := dutiesWhere(tx, `f.from_at <= $1 AND f.source_id = 0 AND p.sort_key = $2`, name)
	if err != nil {
		return nil, err
	}
	var ids []school.ID
	at := map[school.ID]*Holder{}
	for _, d := range duties {
		if at[d.ID] == nil {
			at[d.ID] = &Holder{Someone: d.Someone}
			ids = append(ids, d.ID)
		}
		at[d.ID].take(d)
	}
	people, err := Persons.Among(tx, "id", ids, "")
	if err != nil {
		return nil, err
	}
	for _, p := range people {
		at[p.ID].Mail = p.Mail
		work, err := WorkMail(tx, p.ID)
		if err != nil {
			return nil, err
		}
		at[p.ID].Private = work == ""
	}
	holders := make([]Holder, len(ids))
	for i, id := range ids {
		holders[i] = *at[id]
	}
	return holders, nil
}

// take adds a duty to those of a holder, or puts it over an older one.
func (h *Holder) take(d Duty) {
	for i, had := range h.Duties {
		if had.Place.ID == d.Place.ID && had.Code == d.Code {
			if d.Until.IsZero() || !had.Until.IsZero() && d.Until.After(had.Until.Time) {
				h.Duties[i] = d
			}
			return
		}
	}
	h.Duties = append(h.Duties, d)
}
