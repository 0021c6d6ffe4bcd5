package directory

import (
	"slices"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
)

// Split is a merge that is undone: whose each row is. What either record
// said goes back to it, as deliveries have changed it since; what came since
// is of the record that says it, and what nobody can tell stays with the one
// who was kept, but the children whom a human gives back.
type Split struct {
	MergeAct
	before *images
	keys   map[keyID]school.ID // whose each key was
	live   map[keyID]bool      // which of them name somebody now
	given  map[school.ID]bool  // children who came since, and are of the one who was gone
}

// keyID is what a key is known by.
type keyID struct {
	source   school.ID
	category string
	jointure int64
}

// Undoable reads a merge that can be undone, or tells why it cannot.
func Undoable(tx *db.Tx, id school.ID) (*Split, error) {
	act, err := MergeActs.One(tx, "id = $1", id)
	if err != nil {
		return nil, err
	}
	s := &Split{MergeAct: act, keys: map[keyID]school.ID{}, live: map[keyID]bool{}, given: map[school.ID]bool{}}
	if !act.Undone.IsZero() {
		return s, fail.New(fail.Conflict, "merge %s was undone", id).Say("directory.unmerge-done")
	}
	if tx.Now.Sub(act.Made.Time) > MergeUndoable {
		return s, fail.New(fail.Conflict, "merge %s is too old", id).Say("directory.unmerge-old")
	}
	later, err := MergeActs.All(tx, `undone_at IS NULL AND id > $1 AND (kept_id IN ($2, $3) OR gone_id IN ($2, $3))`, id, act.Kept, act.Gone)
	if err != nil {
		return s, err
	}
	if len(later) > 0 {
		return s, fail.New(fail.Conflict, "merge %s came after merge %s", later[0].ID, id).Say("directory.unmerge-later")
	}
	here, err := Persons.Among(tx, "id", []school.ID{act.Kept, act.Gone}, "")
	if err != nil {
		return s, err
	}
	if s.before, err = imagesOf(tx, act); err != nil {
		return s, err
	}
	if len(here) != 1 || here[0].ID != act.Kept || s.before.count != act.Images {
		return s, fail.New(fail.Conflict, "%s or the images of merge %s are not there", act.Kept, id).Say("directory.unmerge-erased")
	}
	for person, d := range s.before.people {
		for _, k := range d.Keys {
			s.keys[keyID{k.Source, k.Category, k.Jointure}] = person
		}
	}
	return s, nil
}

// Since lists the children who were given to a merged guardian since, of
// whom nothing tells to which of the two they belong.
func (s *Split) Since(tx *db.Tx) ([]Someone, error) {
	bonds, err := Bonds.All(tx, "guardian_id = $1 AND until_at IS NULL", s.Kept)
	if err != nil {
		return nil, err
	}
	var since []school.ID
	for _, b := range bonds {
		if !slices.ContainsFunc(slices.Concat(s.before.of(s.Kept).Bonds, s.before.of(s.Gone).Bonds), func(o Bond) bool { return o.Pupil == b.Pupil }) {
			since = append(since, b.Pupil)
		}
	}
	return SomeByID(tx, since...)
}

// Undo makes two people of one again. Given are the children of [Split.Since]
// who are of the one who was gone. The pair is not proposed again.
func (s *Split) Undo(tx *db.Tx, by school.ID, given ...school.ID) error {
	for _, child := range given {
		s.given[child] = true
	}
	for _, step := range []func(*db.Tx) error{
		s.giveKeys, s.giveRows, s.givePerson, s.giveGrants, s.giveRestrictions, s.strikeBoth, s.giveProposals, s.compareAgain,
	} {
		if err := step(tx); err != nil {
			return err
		}
	}
	if err := touch(tx, s.Kept, s.Gone); err != nil {
		return err
	}
	s.Undone, s.UndoneBy = db.At(tx.Now), by
	return MergeActs.Update(tx, s.MergeAct)
}

// record is the key of the record of a category that says a row.
func record(category string, by Said) keyID { return keyID{by.Source, category, by.Jointure} }

// giveKeys gives back the keys, to be compared again.
func (s *Split) giveKeys(tx *db.Tx) error {
	now, err := Keys.All(tx, "subject_id = $1", s.Kept)
	if err != nil {
		return err
	}
	for _, key := range now {
		id := keyID{key.Source, key.Category, key.Jointure}
		s.live[id], key.Hash = key.Live, 0
		if s.keys[id] == s.Gone {
			key.Subject = s.Gone
		}
		if err := Keys.Update(tx, key); err != nil {
			return err
		}
	}
	return nil
}

// givePerson makes the row of the one who was gone, and whoever no record
// says to be here has departed.
func (s *Split) givePerson(tx *db.Tx) error {
	now, err := Persons.One(tx, "id = $1", s.Kept)
	if err != nil {
		return err
	}
	kept, gone := s.before.of(s.Kept).Person, s.before.of(s.Gone).Person
	own := kept.Feed
	if s.speaker(now) == s.Gone {
		feed := gone.Feed
		gone, gone.ID, gone.Feed = now, s.Gone, feed
	} else {
		kept = now
	}
	kept.Feed = own
	for _, p := range []*Person{&kept, &gone} {
		if err := s.depart(tx, p, now.Departed); err != nil {
			return err
		}
		if err := Persons.Update(tx, *p); err != nil {
			return err
		}
	}
	if err := mergeds.remove(tx, merged{Gone: s.Gone}); err != nil {
		return err
	}
	for _, m := range s.before.mergeds {
		if err := mergeds.Update(tx, m); err != nil {
			return err
		}
	}
	return nil
}

// speaker tells whose record says a person's own row.
func (s *Split) speaker(p Person) school.ID {
	for _, category := range []string{ofPupil, ofGuardian, ofStaff} {
		if who := s.keys[record(category, p.Said)]; who != 0 {
			return who
		}
	}
	return 0
}

// depart says when somebody departed, who came from a source that does not
// have them any more.
func (s *Split) depart(tx *db.Tx, p *Person, since db.Time) error {
	was := s.before.of(p.ID)
	var live, byHand bool
	err := tx.Get([]any{&live, &byHand}, `SELECT EXISTS (SELECT 1 FROM directory_key WHERE subject_id = $1 AND live),
		EXISTS (SELECT 1 FROM directory_function f WHERE f.person_id = $1 AND f.source_id = 0 AND `+NotOver("f", 2)+`)`,
		p.ID, db.At(tx.Now))
	switch {
	case err != nil:
		return err
	case live:
		p.Departed = db.Time{}
	case !was.Person.Departed.IsZero():
		p.Departed = was.Person.Departed
	case byHand || len(was.Keys) == 0:
		p.Departed = db.Time{}
	case since.IsZero():
		p.Departed = db.At(tx.Now)
	default:
		p.Departed = since
	}
	return nil
}

// giveGrants gives back what was entrusted to each, whom one calls, and the
// interims that are proposed. What was since stays with the one who was kept.
func (s *Split) giveGrants(tx *db.Tx) error {
	gone := s.before.of(s.Gone)
	for _, g := range gone.Grants {
		if err := amend(tx, Grants, g.ID, func(now *Grant) { now.Person = s.Gone }); err != nil {
			return err
		}
	}
	for _, g := range gone.Followers {
		if err := amend(tx, Grants, g.ID, func(now *Grant) { now.Pupil = s.Gone }); err != nil {
			return err
		}
	}
	for _, r := range gone.Referents {
		if err := amend(tx, Referents, r.ID, func(now *Referent) { now.Person, now.Until = s.Gone, r.Until }); err != nil {
			return err
		}
	}
	for _, i := range gone.Interims {
		if err := amend(tx, Interims, i.School, func(now *Interim) {
			if now.ProposedAt.Equal(i.ProposedAt.Time) { // the same one still
				now.Person = s.Gone
			}
		}); err != nil {
			return err
		}
	}
	return nil
}

// amend changes the row of a key of one column, if it is there still.
func amend[R any](tx *db.Tx, t Table[R], id school.ID, change func(*R)) error {
	row, err := t.One(tx, keyColumns(t)+" = $1", id)
	if fail.Is(err, fail.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	change(&row)
	return t.Update(tx, row)
}

// giveRestrictions gives back the restrictions of each. One that was recorded
// since the merge strikes both.
func (s *Split) giveRestrictions(tx *db.Tx) error {
	now, err := Restrictions.All(tx, "guardian_id = $1 OR pupil_id = $1", s.Kept)
	if err != nil {
		return err
	}
	has := func(list []Restriction, r Restriction) bool {
		return slices.ContainsFunc(list, func(o Restriction) bool { return o.ID == r.ID })
	}
	for _, r := range now {
		switch {
		case has(s.before.made, r):
			err = Restrictions.remove(tx, r)
		case has(s.before.of(s.Kept).Restrictions, r):
		default:
			if !has(s.before.of(s.Gone).Restrictions, r) {
				r.ID = school.NewID(tx.Now)
			}
			if r.Guardian == s.Kept {
				r.Guardian = s.Gone
			} else {
				r.Pupil = s.Gone
			}
			err = Restrictions.Update(tx, r)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// strikeBoth strikes the bonds that open again as those of the other of the two.
func (s *Split) strikeBoth(tx *db.Tx) error {
	ties, err := db.All(tx, scanKinship, `SELECT b.pupil_id, b.guardian_id FROM directory_bond b
		WHERE (b.pupil_id IN ($2, $3) OR b.guardian_id IN ($2, $3)) AND `+During("b", 1), db.At(tx.Now), s.Kept, s.Gone)
	if err == nil {
		_, err = strike(tx, 0, ties, every, false)
	}
	return err
}

// giveProposals puts back what was proposed and decided, and remembers that
// the two are two.
func (s *Split) giveProposals(tx *db.Tx) error {
	was := map[[2]school.ID]bool{}
	for _, p := range s.before.proposals {
		was[[2]school.ID{p.Person, p.Other}] = true
	}
	for _, p := range s.before.proposals {
		other := p.Person
		if other == s.Gone {
			other = p.Other
		}
		moved := Proposal{Person: min(s.Kept, other), Other: max(s.Kept, other)}
		if other != s.Kept && (p.Person == s.Gone || p.Other == s.Gone) && !was[[2]school.ID{moved.Person, moved.Other}] {
			if err := Proposals.remove(tx, moved); err != nil {
				return err
			}
		}
		if err := Proposals.Update(tx, p); err != nil {
			return err
		}
	}
	return Decide(tx, s.Kept, s.Gone, Apart)
}

// compareAgain has the records of the children compared by the next delivery:
// they say whose guardian each of the two is.
func (s *Split) compareAgain(tx *db.Tx) error {
	_, err := tx.Exec(`UPDATE directory_key SET hash = 0 WHERE category = '`+ofPupil+`' AND subject_id IN (
		SELECT pupil_id FROM directory_bond WHERE guardian_id = $1 OR guardian_id = $2)`, s.Kept, s.Gone)
	return err
}
