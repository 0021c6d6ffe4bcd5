package directory

import (
	"encoding/json"
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
	Images     int
	Undone     db.Time
	UndoneBy   school.ID
}

// MergeActs is the table of merges.
var MergeActs = Table[MergeAct]{
	Name: "directory_merge_act", Keys: 1,
	Columns: []string{"id", "kept_id", "gone_id", "made_at", "made_by", "images", "undone_at", "undone_by"},
	fields: func(m *MergeAct) []any {
		return []any{&m.ID, &m.Kept, &m.Gone, &m.Made, &m.By, &m.Images, &m.Undone, &m.UndoneBy}
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

// keeper keeps rows as they were before a merge.
type keeper struct {
	tx  *db.Tx
	act *MergeAct
}

// keep keeps every row about two people.
func (k *keeper) keep(people ...*Dossier) error {
	ids := []school.ID{k.act.Kept, k.act.Gone}
	for _, d := range people {
		id := d.Person.ID
		if err := write(k, Persons, d.Person, id, false); err != nil {
			return err
		}
		for _, part := range []error{
			writeAll(k, Keys, d.Keys, id), writeAll(k, Enrolments, d.Enrolments, id), writeAll(k, Memberships, d.Memberships, id),
			writeAll(k, Bonds, d.Bonds, id), writeAll(k, Bonds, d.Guardians, id), writeAll(k, Functions, d.Functions, id),
			writeAll(k, Grants, d.Grants, id), writeAll(k, Grants, d.Followers, id), writeAll(k, Referents, d.Referents, id), writeAll(k, Restrictions, d.Restrictions, id),
		} {
			if part != nil {
				return part
			}
		}
	}
	in := db.In(ids)
	proposals, err := Proposals.All(k.tx, "person_id IN ("+in+") OR other_id IN ("+in+")")
	if err != nil {
		return err
	}
	before, err := mergeds.Among(k.tx, "kept_id", ids, "")
	if err != nil {
		return err
	}
	if err := writeAll(k, Proposals, proposals, k.act.Gone); err != nil {
		return err
	}
	return writeAll(k, mergeds, before, k.act.Gone)
}

func writeAll[R any](k *keeper, t Table[R], rows []R, about school.ID) error {
	for _, row := range rows {
		if err := write(k, t, row, about, false); err != nil {
			return err
		}
	}
	return nil
}

func write[R any](k *keeper, t Table[R], row R, about school.ID, made bool) error {
	text, err := json.Marshal(t.Image(&row))
	if err != nil {
		return err
	}
	_, err = k.tx.Exec(`INSERT INTO directory_merge_image (merge_id, rank, of_table, subject_id, kept_id, made_at, made, before)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, k.act.ID, k.act.Images, t.Name, about, k.act.Kept, k.act.Made, made, string(text))
	k.act.Images++
	return err
}

// Carried lists the restrictions that a merge must add, so that it gives
// nobody access to a child of a family from which a judge keeps them away.
// Whoever may not reach a child, or know where the child is, does not come
// by a merge to a brother or a sister (a child with another guardian in
// common) whom they did not reach before. The rows have no identifier yet.
func Carried(tx *db.Tx, kept, gone school.ID) ([]Restriction, error) {
	var carried []Restriction
	for _, pair := range [][2]school.ID{{kept, gone}, {gone, kept}} {
		children, err := db.All(tx, func(row db.Row) (r Restriction, err error) {
			return r, row.Scan(append(Restrictions.fields(&r), &r.Pupil)...)
		}, carriedToChildren, db.At(tx.Now), pair[0], pair[1])
		if err != nil {
			return nil, err
		}
		guardians, err := Restrictions.allOf(tx, carriedToGuardians, db.At(tx.Now), pair[0], pair[1])
		if err != nil {
			return nil, err
		}
		for i := range children {
			children[i].Guardian = kept
		}
		for i := range guardians {
			guardians[i].Pupil = kept
		}
		carried = append(append(carried, children...), guardians...)
	}
	for i := range carried {
		carried[i].ID, carried[i].Feed, carried[i].RecordedAt = 0, 0, db.At(tx.Now)
	}
	return carried, nil
}

// carriedByName lists the restrictions that a merged pupil's guardians must have
// because another guardian of nearly their name has them.
func carriedByName(tx *db.Tx, pupil school.ID) ([]Restriction, error) {
	bonds, err := Bonds.All(tx, `pupil_id = $2 AND `+During(Bonds.Name, 1), db.At(tx.Now), pupil)
	if err != nil {
		return nil, err
	}
	var carried []Restriction
	for _, b := range bonds {
		struck, err := struckAs(tx, pupil, b.Guardian)
		if err != nil {
			return nil, err
		}
		for _, r := range struck {
			has, err := db.One(tx, db.Column[bool], `SELECT EXISTS (SELECT 1 FROM directory_restriction
				WHERE pupil_id = $1 AND guardian_id = $2 AND reference = $3)`, pupil, b.Guardian, r.Reference)
			if err != nil {
				return nil, err
			}
			if !has {
				r.Guardian, r.Feed, r.RecordedAt = b.Guardian, 0, db.At(tx.Now)
				carried = append(carried, r)
			}
		}
	}
	return carried, nil
}

// keepsAway is the condition that a restriction r keeps somebody away at the
// instant $1 or will.
var keepsAway = NotOver("r", 1) + ` AND (r.no_access OR r.hide_place)`

var (
	// carriedToChildren finds, for the guardian $2 who becomes one with $3, the
	// restrictions to copy to the children of $3, whose identifier comes last.
	carriedToChildren = `SELECT DISTINCT ` + Restrictions.columns("r") + `, s.pupil_id FROM directory_restriction r
		JOIN directory_bond s ON s.guardian_id = $3 AND s.pupil_id <> r.pupil_id AND ` + During("s", 1) + `
		JOIN directory_bond o ON o.pupil_id = s.pupil_id AND o.guardian_id <> $2 AND o.guardian_id <> $3 AND ` + During("o", 1) + `
		JOIN directory_bond q ON q.pupil_id = r.pupil_id AND q.guardian_id = o.guardian_id AND ` + During("q", 1) + `
		WHERE r.guardian_id = $2 AND ` + keepsAway + ` AND NOT EXISTS (SELECT 1 FROM directory_bond a
			WHERE a.pupil_id = s.pupil_id AND a.guardian_id = $2 AND ` + During("a", 1) + `)`

	// carriedToGuardians finds, for the pupil $2 who becomes one with $3, the
	// restrictions of the guardians of $2 on a brother or a sister of $3.
	carriedToGuardians = `SELECT DISTINCT ` + Restrictions.columns("r") + ` FROM directory_bond b
		JOIN directory_restriction r ON r.guardian_id = b.guardian_id AND r.pupil_id <> $2 AND r.pupil_id <> $3 AND ` + keepsAway + `
		JOIN directory_bond o ON o.pupil_id = $3 AND o.guardian_id <> b.guardian_id AND ` + During("o", 1) + `
		JOIN directory_bond q ON q.pupil_id = r.pupil_id AND q.guardian_id = o.guardian_id AND ` + During("q", 1) + `
		WHERE b.pupil_id = $2 AND ` + During("b", 1) + ` AND NOT EXISTS (SELECT 1 FROM directory_bond a
			WHERE a.pupil_id = $3 AND a.guardian_id = b.guardian_id AND ` + During("a", 1) + `)`
)

// MergesSince lists the merges that can still be undone and have not been,
// the last first.
func MergesSince(tx *db.Tx) ([]MergeAct, error) {
	return MergeActs.All(tx, "undone_at IS NULL AND made_at >= $1 ORDER BY made_at DESC, id DESC", db.At(tx.Now.Add(-MergeUndoable)))
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

// images are the rows of a merge as they were.
type images struct {
	count     int
	people    map[school.ID]*Dossier
	made      []Restriction
	proposals []Proposal
	mergeds   []merged
}

func (i *images) of(person school.ID) *Dossier {
	if i.people[person] == nil {
		i.people[person] = &Dossier{}
	}
	return i.people[person]
}

func imagesOf(tx *db.Tx, m MergeAct) (*images, error) {
	all := &images{people: map[school.ID]*Dossier{}}
	return all, tx.Each(func(row db.Row) error {
		var table, text string
		var about school.ID
		var made bool
		if err := row.Scan(&table, &about, &made, &text); err != nil {
			return err
		}
		all.count++
		d := all.of(about)
		switch table {
		case Persons.Name:
			return unpack(Persons, text, func(r Person) { d.Person = r })
		case Keys.Name:
			return unpack(Keys, text, func(r Key) { d.Keys = append(d.Keys, r) })
		case Enrolments.Name:
			return unpack(Enrolments, text, func(r Enrolment) { d.Enrolments = append(d.Enrolments, r) })
		case Memberships.Name:
			return unpack(Memberships, text, func(r Membership) { d.Memberships = append(d.Memberships, r) })
		case Bonds.Name:
			return unpack(Bonds, text, func(r Bond) {
				if r.Pupil == about {
					d.Guardians = append(d.Guardians, r)
				} else {
					d.Bonds = append(d.Bonds, r)
				}
			})
		case Functions.Name:
			return unpack(Functions, text, func(r Function) { d.Functions = append(d.Functions, r) })
		case Grants.Name:
			return unpack(Grants, text, func(r Grant) {
				if r.Pupil == about {
					d.Followers = append(d.Followers, r)
				} else {
					d.Grants = append(d.Grants, r)
				}
			})
		case Referents.Name:
			return unpack(Referents, text, func(r Referent) { d.Referents = append(d.Referents, r) })
		case Restrictions.Name:
			return unpack(Restrictions, text, func(r Restriction) {
				if made {
					all.made = append(all.made, r)
				} else {
					d.Restrictions = append(d.Restrictions, r)
				}
			})
		case Proposals.Name:
			return unpack(Proposals, text, func(r Proposal) { all.proposals = append(all.proposals, r) })
		}
		return unpack(mergeds, text, func(r merged) { all.mergeds = append(all.mergeds, r) })
	}, `SELECT of_table, subject_id, made, before FROM directory_merge_image WHERE merge_id = $1 ORDER BY rank`, m.ID)
}

func unpack[R any](t Table[R], text string, put func(R)) error {
	row, err := t.read([]byte(text))
	if err == nil {
		put(row)
	}
	return err
}
