package directory

import (
	"time"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
)

// MergeUndoable is how long the rows that a merge moved are kept as they
// were: past it the merge stays.
const MergeUndoable = 30 * 24 * time.Hour

// MergeAct is a merge that a human decided.
type MergeAct struct {
	ID         school.ID
	Kept, Gone school.ID
	Made       db.Time
	By         school.ID
	Asked      school.ID // who asked for it, of themself; 0 for nobody
	Images     int
	Undone     db.Time
	UndoneBy   school.ID
}

// MergeActs is the table of merges.
var MergeActs = Table[MergeAct]{
	Name: "directory_merge_act", Keys: 1,
	Columns: []string{"id", "kept_id", "gone_id", "made_at", "made_by", "asked_by", "images", "undone_at", "undone_by"},
	fields: func(m *MergeAct) []any {
		return []any{&m.ID, &m.Kept, &m.Gone, &m.Made, &m.By, &m.Asked, &m.Images, &m.Undone, &m.UndoneBy}
	},
	Made:    func(*MergeAct) school.ID { return 0 },
	Subject: func(m *MergeAct) school.ID { return m.Kept },
}

// merged is what feeds remember of a merge: see [MergeAgain].
type merged struct {
	Gone, Kept school.ID
	At         db.Time
}

var mergeds = Table[merged]{
	Name: "directory_merge", Keys: 1,
	Columns: []string{"gone_id", "kept_id", "merged_at"},
	fields:  func(m *merged) []any { return []any{&m.Gone, &m.Kept, &m.At} },
	Made:    func(*merged) school.ID { return 0 },
	Subject: func(m *merged) school.ID { return m.Kept },
}

// MergeBy merges two people and keeps what it takes to undo it. Two who
// cannot be one are fail.Conflict: a person and an organisation, a pupil and
// an adult, a pupil and their own guardian.
func MergeBy(tx *db.Tx, kept, gone, by school.ID) (MergeAct, error) {
	act := MergeAct{ID: school.NewID(tx.Now), Kept: kept, Gone: gone, Made: db.At(tx.Now), By: by}
	before, err := Dossiers(tx, kept, gone)
	if err != nil {
		return act, err
	}
	if before[kept] == nil || before[gone] == nil {
		return act, fail.New(fail.NotFound, "%s or %s is not in the register", kept, gone)
	}
	if err := CanBeOne(before[kept], before[gone]); err != nil {
		return act, err
	}
	k := &keeper{tx: tx, act: &act}
	if err := k.keep(before[kept], before[gone]); err != nil {
		return act, err
	}
	carried, err := Carried(tx, kept, gone)
	if err != nil {
		return act, err
	}
	if err := Merge(tx, kept, gone); err != nil {
		return act, err
	}
	alike, err := carriedByName(tx, kept)
	if err != nil {
		return act, err
	}
	for _, r := range append(carried, alike...) {
		r.ID = school.NewID(tx.Now)
		if err := Restrictions.Insert(tx, r); err != nil {
			return act, err
		}
		if err := write(k, Restrictions, r, kept, true); err != nil {
			return act, err
		}
	}
	return act, MergeActs.Insert(tx, act)
}

// CanBeOne tells why two people cannot be one, whatever anybody says.
func CanBeOne(a, b *Dossier) error {
	switch {
	case a.Person.ID == b.Person.ID:
		return fail.New(fail.Conflict, "nobody is merged with themself").Say("directory.merge-one")
	case a.Person.Organisation != b.Person.Organisation:
		return fail.New(fail.Conflict, "an organisation and a person").Say("directory.merge-organisation")
	case a.IsPupil() && b.IsAdult() || a.IsAdult() && b.IsPupil():
		return fail.New(fail.Conflict, "a pupil and an adult").Say("directory.merge-child")
	}
	for _, bond := range append(append([]Bond{}, a.Bonds...), a.Guardians...) {
		if bond.Pupil == b.Person.ID || bond.Guardian == b.Person.ID {
			return fail.New(fail.Conflict, "one is the guardian of the other").Say("directory.merge-child")
		}
	}
	return nil
}

// MergesSince lists the merges that can still be undone and have not been,
// the last first.
func MergesSince(tx *db.Tx) ([]MergeAct, error) {
	return MergeActs.All(tx, "undone_at IS NULL AND made_at >= $1 ORDER BY made_at DESC, id DESC", db.At(tx.Now.Add(-MergeUndoable)))
}

// MergesAsked lists the merges that a person asked for of themself, and that can
// still be undone for what time says, the last first.
func MergesAsked(tx *db.Tx, person school.ID) ([]MergeAct, error) {
	return MergeActs.All(tx, "kept_id = $2 AND asked_by = $2 AND undone_at IS NULL AND made_at >= $1 ORDER BY made_at DESC, id DESC",
		db.At(tx.Now.Add(-MergeUndoable)), person)
}

// Moved gives what the record that went into a merge held before, and the
// restrictions that the merge added.
func (m MergeAct) Moved(tx *db.Tx) (gone Dossier, carried []Restriction, err error) {
	images, err := imagesOf(tx, m)
	return *images.of(m.Gone), images.made, err
}

// Before gives what the record that stayed held before.
func (m MergeAct) Before(tx *db.Tx) (Dossier, error) {
	images, err := imagesOf(tx, m)
	return *images.of(m.Kept), err
}
