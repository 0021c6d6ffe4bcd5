package directory

import (
	"slices"
	"strings"

	"preau/core/db"
	"preau/core/school"
)

// A judge strikes a parent and a child, and a register holds records: a second
// record of the one or of the other, a new key, another school or another
// spelling is no way around. Whatever opens a bond has it struck as the bonds of
// the same people are; what is carried over is told to the head, who confirms or
// lifts it. In doubt a bond is struck: a parent who waits for the head's answer
// loses days, a child who is found loses more.

// Kinship is a pupil and a guardian.
type Kinship struct{ Pupil, Guardian school.ID }

// Judged tells whether any restriction runs, or will.
func Judged(tx *db.Tx) (bool, error) {
	return db.One(tx, db.Column[bool], `SELECT EXISTS (SELECT 1 FROM directory_restriction r WHERE `+NotOver("r", 1)+`)`, db.At(tx.Now))
}

// Strike carries over to some bonds, which have just opened, the restrictions of
// the people whom they may tie: of the guardian, under this record or another of
// nearly their name, on the child, under this record or another. Whoever is kept
// away from a child, or may not know where the child is, is so too from a brother
// or a sister: a child with another guardian in common, or of whom nothing tells.
// Feed is the delivery that opened them, 0 when a human did. It gives what it
// carried.
func Strike(tx *db.Tx, feed school.ID, ties ...Kinship) ([]Restriction, error) {
	return strike(tx, feed, ties, every, true)
}

// every restriction is carried over.
func every(Restriction) bool { return true }

// strike is Strike, of some restrictions, for brothers and sisters or without.
func strike(tx *db.Tx, feed school.ID, ties []Kinship, of func(Restriction) bool, siblings bool) ([]Restriction, error) {
	carried, err := struck(tx, ties, of, siblings)
	for i := range carried {
		r := &carried[i]
		r.ID, r.Feed = school.NewID(tx.Now), feed
		if err == nil {
			err = Restrictions.Insert(tx, *r)
		}
	}
	return carried, err
}

// struck lists the restrictions to carry over to some bonds: those that hold there
// already, and those that somebody ended there since, are not. They have no
// identifier yet.
func struck(tx *db.Tx, ties []Kinship, of func(Restriction) bool, siblings bool) ([]Restriction, error) {
	var carried []Restriction
	for some := range slices.Chunk(ties, perLookup) {
		c, err := caseOf(tx, some)
		if err != nil {
			return nil, err
		}
		for _, t := range some {
			for _, r := range c.restrictions {
				if !of(r) || !c.touches(r, t) || !c.strikes(r, t, siblings) {
					continue
				}
				recorded := r.RecordedAt
				r.ID, r.Pupil, r.Guardian, r.Feed, r.RecordedAt, r.Carried = 0, t.Pupil, t.Guardian, 0, c.now, true
				ended := func(o Restriction) bool { return r.like(o) && o.Until.After(recorded.Time) }
				if !slices.ContainsFunc(c.restrictions, r.coveredBy) && !slices.ContainsFunc(carried, r.coveredBy) && !slices.ContainsFunc(c.over, ended) {
					carried = append(carried, r)
				}
			}
		}
	}
	return carried, nil
}

// like tells whether another restriction says the same of the same bond.
func (r Restriction) like(o Restriction) bool {
	return o.Pupil == r.Pupil && o.Guardian == r.Guardian && o.Reference == r.Reference &&
		o.NoAccess == r.NoAccess && o.HidePlace == r.HidePlace && o.InformedOnly == r.InformedOnly && o.MayNotSign == r.MayNotSign
}

// coveredBy tells whether another restriction says the same, and holds whenever this
// one does.
func (r Restriction) coveredBy(o Restriction) bool {
	return r.like(o) && !o.From.After(r.From.Time) && (o.Until.IsZero() || !r.Until.IsZero() && !o.Until.Before(r.Until.Time))
}

// judgedCase is what is compared of some bonds and of the restrictions that may
// concern them.
type judgedCase struct {
	now          db.Time
	restrictions []Restriction
	over         []Restriction // of the same bonds, that have ended
	people       map[school.ID]*Person
	bonds        map[school.ID][]Bond // of a pupil, those that ended too
}

// caseOf reads the restrictions, now or later, that may concern some bonds: of
// the same pupil, of the same guardian, of a pupil of that name, born on the same
// day or with a guardian in common.
func caseOf(tx *db.Tx, ties []Kinship) (*judgedCase, error) {
	c := &judgedCase{now: db.At(tx.Now), people: map[school.ID]*Person{}, bonds: map[school.ID][]Bond{}}
	if any, err := Judged(tx); err != nil || !any {
		return c, err
	}
	var pupils, guardians []school.ID
	for _, t := range ties {
		pupils, guardians = append(pupils, t.Pupil), append(guardians, t.Guardian)
	}
	in := db.In(pupils)
	var err error
	c.restrictions, err = Restrictions.allOf(tx, `SELECT `+Restrictions.columns("r")+` FROM directory_restriction r
		JOIN directory_person c ON c.id = r.pupil_id WHERE `+NotOver("r", 1)+` AND (r.pupil_id IN (`+in+`) OR r.guardian_id IN (`+db.In(guardians)+`)
			OR c.birth_date IN (SELECT birth_date FROM directory_person WHERE id IN (`+in+`) AND birth_date <> '')
			OR r.pupil_id IN (SELECT s.pupil_id FROM directory_bond o JOIN directory_bond s ON s.guardian_id = o.guardian_id
				WHERE o.pupil_id IN (`+in+`))
			OR c.sort_key IN (SELECT sort_key FROM directory_person WHERE id IN (`+in+`))) ORDER BY r.id`, c.now)
	if err != nil || len(c.restrictions) == 0 {
		return c, err
	}
	c.over, err = Restrictions.All(tx, `until_at <= $1 AND pupil_id IN (`+in+`)`, c.now)
	if err != nil {
		return c, err
	}
	for _, r := range c.restrictions {
		pupils, guardians = append(pupils, r.Pupil), append(guardians, r.Guardian)
	}
	return c, c.read(tx, pupils, guardians)
}

// read reads some pupils and guardians, and the other guardians of the pupils.
func (c *judgedCase) read(tx *db.Tx, pupils, guardians []school.ID) error {
	bonds, err := Bonds.Among(tx, "pupil_id", unique(pupils), "")
	if err != nil {
		return err
	}
	for _, b := range bonds {
		c.bonds[b.Pupil] = append(c.bonds[b.Pupil], b)
		guardians = append(guardians, b.Guardian)
	}
	people, err := Persons.Among(tx, "id", unique(append(guardians, pupils...)), "")
	for i := range people {
		c.people[people[i].ID] = &people[i]
	}
	return err
}

func unique(ids []school.ID) []school.ID {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	return slices.Compact(ids)
}

// touches tells, at little cost, whether a restriction may be one on a bond: of a
// whole case, most are of nobody in it.
func (c *judgedCase) touches(r Restriction, t Kinship) bool {
	a, b := c.people[r.Pupil], c.people[t.Pupil]
	return r.Pupil == t.Pupil || r.Guardian == t.Guardian || a != nil && b != nil && (a.SortKey == b.SortKey || a.BirthDate != "" && a.BirthDate == b.BirthDate) ||
		slices.ContainsFunc(c.bonds[r.Pupil], func(one Bond) bool {
			return slices.ContainsFunc(c.bonds[t.Pupil], func(other Bond) bool { return one.Guardian == other.Guardian })
		})
}

// strikes tells whether a restriction is one on a bond.
func (c *judgedCase) strikes(r Restriction, t Kinship, siblings bool) bool {
	switch {
	case r.Pupil == t.Pupil && r.Guardian == t.Guardian:
		return false
	case !c.oneAdult(r.Guardian, t.Guardian):
		return r.Pupil == t.Pupil && c.replaces(r, t)
	case c.oneChild(r.Pupil, t.Pupil):
		return true
	}
	return siblings && (r.NoAccess || r.HidePlace) && !c.decided(r, t) && c.oneFamily(r, t)
}

// decided tells whether a bond, that ended since, ran when a restriction was
// recorded: whoever did so left it.
func (c *judgedCase) decided(r Restriction, t Kinship) bool {
	return slices.ContainsFunc(c.bonds[t.Pupil], func(b Bond) bool {
		return b.Guardian == t.Guardian && b.Until.After(r.RecordedAt.Time) && b.From.Before(r.RecordedAt.Time)
	})
}

// oneAdult tells whether two guardians may be one.
func (c *judgedCase) oneAdult(one, other school.ID) bool {
	a, b := c.people[one], c.people[other]
	switch {
	case one == other:
		return true
	case a == nil || b == nil || a.Organisation || b.Organisation:
		return false
	case a.SortKey == b.SortKey:
		return true
	case a.Civility != "" && b.Civility != "" && a.Civility != b.Civility:
		return false
	}
	return near(a, b)
}

// oneChild tells whether two pupils may be one: of one name, or of nearly one
// and born on one day.
func (c *judgedCase) oneChild(one, other school.ID) bool {
	a, b := c.people[one], c.people[other]
	switch {
	case one == other:
		return true
	case a == nil || b == nil:
		return false
	case a.SortKey == b.SortKey:
		return true
	case a.BirthDate == "" || b.BirthDate == "":
		return near(a, b)
	}
	return a.BirthDate == b.BirthDate && within(tight(a.FirstName), tight(b.FirstName))
}

// oneFamily tells whether two pupils, of whom one guardian may be one, have
// another in common, or whether nothing tells: one of them has no other.
func (c *judgedCase) oneFamily(r Restriction, t Kinship) bool {
	there, here := c.others(r.Pupil, r.Guardian), c.others(t.Pupil, t.Guardian)
	if len(there) == 0 || len(here) == 0 {
		return r.Guardian == t.Guardian
	}
	return slices.ContainsFunc(there, func(one school.ID) bool {
		return slices.ContainsFunc(here, func(other school.ID) bool { return c.oneAdult(one, other) })
	})
}

// others lists the other guardians of a pupil, now or before.
func (c *judgedCase) others(pupil, guardian school.ID) (others []school.ID) {
	for _, b := range c.bonds[pupil] {
		if !c.oneAdult(b.Guardian, guardian) {
			others = append(others, b.Guardian)
		}
	}
	return others
}

// replaces tells whether a guardian came in the place of the one whom a
// restriction strikes: the bond of that one has just ended, and the link is the
// same; where it is not said, the civility stands for it.
func (c *judgedCase) replaces(r Restriction, t Kinship) bool {
	return slices.ContainsFunc(c.bonds[r.Pupil], func(ended Bond) bool {
		return ended.Guardian == r.Guardian && ended.Until.UnixMilli() == c.now.UnixMilli() &&
			slices.ContainsFunc(c.bonds[t.Pupil], func(b Bond) bool {
				return b.Guardian == t.Guardian && b.Until.IsZero() && c.sameLink(ended, b)
			})
	})
}

func (c *judgedCase) sameLink(a, b Bond) bool {
	if a.Link != "" && b.Link != "" {
		return a.Link == b.Link
	}
	one, other := c.people[a.Guardian], c.people[b.Guardian]
	return one == nil || other == nil || one.Civility == other.Civility || one.Civility == "" || other.Civility == ""
}

// near tells whether two names may be one person's: written with or without
// hyphens and spaces, with the family name first, with a first name more or
// none, or with the name of birth.
func near(a, b *Person) bool {
	first, otherFirst := tight(a.FirstName), tight(b.FirstName)
	for _, usual := range names(a) {
		for _, other := range names(b) {
			if usual == other && within(first, otherFirst) || usual == otherFirst && within(first, other) {
				return true
			}
		}
	}
	return false
}

// names lists the family names of somebody.
func names(p *Person) []string {
	usual, birth := tight(p.UsualName), tight(p.BirthName)
	if birth == "" || birth == usual {
		return []string{usual}
	}
	return []string{usual, birth}
}

func tight(name string) string { return strings.ReplaceAll(school.Fold(name), " ", "") }

// within tells whether one name is the other, or begins or ends it.
func within(a, b string) bool {
	return strings.HasPrefix(a, b) || strings.HasSuffix(a, b) || strings.HasPrefix(b, a) || strings.HasSuffix(b, a)
}
