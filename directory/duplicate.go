package directory

import (
	"cmp"
	"slices"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
)

// Likeness is why two records may be one person.
type Likeness string

// The reasons, the strongest first.
const (
	SameINE          Likeness = "same-ine"           // two pupils
	GuardianTwice    Likeness = "guardian-twice"     // one name, one child
	PupilTwice       Likeness = "pupil-twice"        // one name, born on one day
	SameMail         Likeness = "same-mail"          // two members of a staff
	StaffByHand      Likeness = "staff-by-hand"      // one name, one of them appointed by hand
	SameLink         Likeness = "same-link"          // one child, one link, one first name
	StaffAndGuardian Likeness = "staff-and-guardian" // one name, in one place
)

var likenesses = []Likeness{SameINE, GuardianTwice, PupilTwice, SameMail, StaffByHand, SameLink, StaffAndGuardian}

// What a human decided of a pair.
const (
	Merged = "merged"
	Apart  = "kept" // they are two people
)

// Pair is two records that may be one person, the elder first.
type Pair struct {
	Person, Other school.ID
	Likeness      Likeness
}

// Decide writes what a human decided of a pair, proposed or not. Nothing
// proposes it again; the empty decision does.
func Decide(tx *db.Tx, one, other school.ID, decision string) error {
	if one == other {
		return fail.New(fail.Invalid, "nobody is a pair")
	}
	row, err := proposalOf(tx, one, other)
	if fail.Is(err, fail.NotFound) {
		row = Proposal{Person: min(one, other), Other: max(one, other), Made: db.At(tx.Now)}
	} else if err != nil {
		return err
	}
	// It outlives the undoing of the delivery that proposed it.
	row.Decision, row.Decided, row.Feed = decision, db.At(tx.Now), 0
	return Proposals.Update(tx, row)
}

func proposalOf(tx *db.Tx, one, other school.ID) (Proposal, error) {
	return Proposals.One(tx, "person_id = $1 AND other_id = $2", min(one, other), max(one, other))
}

// candidate is somebody of a school as duplicates are looked for.
type candidate struct {
	id                     school.ID
	name, first            string // folded
	born, mail, link       string
	ine                    school.INE
	pupil                  school.ID // of a guardian: the child
	isPupil, isGuard, isIn bool
}

// DuplicatesIn looks for the pairs of a school, the strongest first: those
// that deliveries proposed, and those that are alike now. What was decided is
// left out. It costs a few look-ups by index and what the school is large.
func DuplicatesIn(tx *db.Tx, at school.ID) ([]Pair, error) {
	people, err := candidatesIn(tx, at)
	if err != nil {
		return nil, err
	}
	found := map[[2]school.ID]Likeness{}
	likely := func(a, b candidate, why Likeness) {
		pair := [2]school.ID{min(a.id, b.id), max(a.id, b.id)}
		if before, twice := found[pair]; a.id != b.id && (!twice || rank(why) < rank(before)) {
			found[pair] = why
		}
	}
	for _, c := range []struct {
		why  Likeness
		by   func(candidate) string // empty: not concerned
		also func(a, b candidate) bool
	}{
		{SameINE, func(c candidate) string { return string(c.ine) }, nil},
		{PupilTwice, func(c candidate) string {
			if !c.isPupil || c.born == "" {
				return ""
			}
			return c.born + " " + c.name
		}, nil},
		{GuardianTwice, func(c candidate) string {
			if !c.isGuard {
				return ""
			}
			return c.pupil.String() + " " + c.name
		}, nil},
		{SameLink, func(c candidate) string {
			if !c.isGuard || c.link == "" || c.first == "" {
				return ""
			}
			return c.pupil.String() + " " + c.link + " " + c.first
		}, nil},
		{SameMail, func(c candidate) string {
			if !c.isIn || c.mail == "" {
				return ""
			}
			return c.mail + " " + c.name
		}, nil},
		{StaffAndGuardian, func(c candidate) string {
			if c.isPupil {
				return ""
			}
			return c.name
		}, func(a, b candidate) bool { return a.isIn != b.isIn }},
	} {
		groups := map[string][]candidate{}
		for _, one := range people {
			by := c.by(one)
			if by == "" {
				continue
			}
			for _, other := range groups[by] {
				if c.also == nil || c.also(one, other) {
					likely(one, other, c.why)
				}
			}
			groups[by] = append(groups[by], one)
		}
	}
	ids := make([]school.ID, 0, len(people))
	for _, one := range people {
		ids = append(ids, one.id)
	}
	slices.Sort(ids)
	if err := proposed(tx, slices.Compact(ids), found); err != nil {
		return nil, err
	}
	return sorted(found), nil
}

// perLookup is how many people one look-up names.
const perLookup = 500

// proposed adds the proposals about some people, and takes out the pairs of
// which somebody has decided.
func proposed(tx *db.Tx, ids []school.ID, found map[[2]school.ID]Likeness) error {
	for some := range slices.Chunk(ids, perLookup) {
		in := db.In(some)
		rows, err := Proposals.All(tx, "person_id IN ("+in+") OR other_id IN ("+in+")")
		if err != nil {
			return err
		}
		for _, row := range rows {
			pair := [2]school.ID{row.Person, row.Other}
			if row.Decision != "" {
				delete(found, pair)
			} else if before, twice := found[pair]; !twice || rank(Likeness(row.Reason)) < rank(before) {
				found[pair] = Likeness(row.Reason)
			}
		}
	}
	return nil
}

// rank is how strong a reason is, from 0.
func rank(why Likeness) int {
	if i := slices.Index(likenesses, why); i >= 0 {
		return i
	}
	return len(likenesses)
}

func sorted(found map[[2]school.ID]Likeness) []Pair {
	pairs := make([]Pair, 0, len(found))
	for pair, why := range found {
		pairs = append(pairs, Pair{pair[0], pair[1], why})
	}
	slices.SortFunc(pairs, func(a, b Pair) int {
		return cmp.Or(cmp.Compare(rank(a.Likeness), rank(b.Likeness)), cmp.Compare(a.Person, b.Person), cmp.Compare(a.Other, b.Other))
	})
	return pairs
}

// candidatesIn reads the people of a school: pupils, guardians once a child,
// and staff.
func candidatesIn(tx *db.Tx, at school.ID) (people []candidate, err error) {
	scan := func(row db.Row, also func(*candidate) []any) error {
		var c candidate
		var first string
		if err := row.Scan(append([]any{&c.id, &c.name, &first}, also(&c)...)...); err != nil {
			return err
		}
		c.first = school.Fold(first)
		people = append(people, c)
		return nil
	}
	for _, part := range []struct {
		query string
		also  func(*candidate) []any
	}{
		{`SELECT p.id, p.sort_key, p.first_name, p.birth_date, p.ine FROM directory_enrolment e
			JOIN directory_person p ON p.id = e.person_id AND p.departed_at IS NULL
			WHERE e.school_id = $2 AND ` + During("e", 1),
			func(c *candidate) []any { c.isPupil = true; return []any{&c.born, &c.ine} }},
		{`SELECT p.id, p.sort_key, p.first_name, b.pupil_id, b.link FROM directory_enrolment e
			JOIN directory_bond b ON b.pupil_id = e.person_id AND ` + During("b", 1) + `
			JOIN directory_person p ON p.id = b.guardian_id AND p.departed_at IS NULL AND NOT p.organisation
			WHERE e.school_id = $2 AND ` + During("e", 1),
			func(c *candidate) []any { c.isGuard = true; return []any{&c.pupil, &c.link} }},
		{`SELECT DISTINCT p.id, p.sort_key, p.first_name, lower(p.mail) FROM directory_function f
			JOIN directory_person p ON p.id = f.person_id AND p.departed_at IS NULL
			WHERE f.structure_id = $2 AND ` + During("f", 1),
			func(c *candidate) []any { c.isIn = true; return []any{&c.mail} }},
	} {
		if err := tx.Each(func(row db.Row) error { return scan(row, part.also) }, part.query, db.At(tx.Now), at); err != nil {
			return nil, err
		}
	}
	return people, nil
}

// DuplicatesAnywhere lists pairs whichever schools they are of, most at most:
// those that deliveries proposed, and the pupils of one name who were born on
// one day. It reads every pupil of the register.
func DuplicatesAnywhere(tx *db.Tx, most int) ([]Pair, error) {
	found := map[[2]school.ID]Likeness{}
	rows, err := Proposals.All(tx, `decision = '' AND EXISTS (SELECT 1 FROM directory_person p WHERE p.id = person_id)
		AND EXISTS (SELECT 1 FROM directory_person p WHERE p.id = other_id) ORDER BY person_id, other_id LIMIT $1`, most)
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		found[[2]school.ID{row.Person, row.Other}] = Likeness(row.Reason)
	}
	err = tx.Each(func(row db.Row) error {
		var pair [2]school.ID
		err := row.Scan(&pair[0], &pair[1])
		found[pair] = PupilTwice
		return err
	}, `SELECT a.id, b.id FROM (
			SELECT p.sort_key AS name, p.birth_date AS born, min(p.id) AS eldest FROM directory_person p
			WHERE p.birth_date <> '' AND p.departed_at IS NULL GROUP BY p.sort_key, p.birth_date HAVING count(*) > 1
		) twice JOIN directory_person a ON a.id = twice.eldest
		JOIN directory_person b ON b.sort_key = twice.name AND b.birth_date = twice.born AND b.id > a.id AND b.departed_at IS NULL
		WHERE NOT EXISTS (SELECT 1 FROM directory_proposal d WHERE d.person_id = a.id AND d.other_id = b.id)
		ORDER BY a.id, b.id LIMIT $1`, most)
	if err != nil {
		return nil, err
	}
	pairs := sorted(found)
	return pairs[:min(len(pairs), most)], nil
}

// ApartIn lists the pairs of which somebody decided that they are two, among
// some people.
func ApartIn(tx *db.Tx, people ...school.ID) ([]Pair, error) {
	var pairs []Pair
	for some := range slices.Chunk(people, perLookup) {
		rows, err := Proposals.All(tx, "decision = $1 AND person_id IN ("+db.In(some)+") ORDER BY person_id, other_id", Apart)
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			pairs = append(pairs, Pair{row.Person, row.Other, Likeness(row.Reason)})
		}
	}
	return pairs, nil
}

// PeopleOf lists everybody of a school now: pupils, guardians, staff.
func PeopleOf(tx *db.Tx, at school.ID) ([]school.ID, error) {
	people, err := candidatesIn(tx, at)
	ids := make([]school.ID, len(people))
	for i, one := range people {
		ids[i] = one.id
	}
	slices.Sort(ids)
	return slices.Compact(ids), err
}

// PlacesOf lists the structures that each of some people has to do with:
// where they are or will be enrolled, work, teach, or have a child; when there
// is none any more, where there was.
func PlacesOf(tx *db.Tx, people ...school.ID) (map[school.ID][]school.ID, error) {
	places := map[school.ID][]school.ID{}
	ask := func(ids []school.ID, over bool) error {
		if len(ids) == 0 {
			return nil
		}
		in, runs := tx.Among(2), func(alias string) string {
			return " AND " + NotOver(alias, 1)
		}
		if over {
			runs = func(alias string) string { return " AND " + alias + ".from_at <= $1" }
		}
		return tx.Each(func(row db.Row) error {
			var person, at school.ID
			err := row.Scan(&person, &at)
			places[person] = append(places[person], at)
			return err
		}, `SELECT e.person_id, e.school_id FROM directory_enrolment e WHERE e.person_id `+in+runs("e")+`
			UNION SELECT f.person_id, f.structure_id FROM directory_function f WHERE f.person_id `+in+runs("f")+`
			UNION SELECT m.person_id, c.school_id FROM directory_membership m JOIN directory_class c ON c.id = m.class_id
				WHERE m.person_id `+in+runs("m")+`
			UNION SELECT b.guardian_id, e.school_id FROM directory_bond b JOIN directory_enrolment e ON e.person_id = b.pupil_id
				WHERE b.guardian_id `+in+runs("b")+runs("e"), db.At(tx.Now), db.List(tx, ids))
	}
	for some := range slices.Chunk(people, perLookup) {
		if err := ask(some, false); err != nil {
			return nil, err
		}
		none := slices.DeleteFunc(slices.Clone(some), func(id school.ID) bool { return len(places[id]) > 0 })
		if err := ask(none, true); err != nil {
			return nil, err
		}
	}
	return places, nil
}

// SameFamily tells whether somebody is of the family of one of some people:
// themself, a guardian, a child, or the other guardian of a child.
func SameFamily(tx *db.Tx, person school.ID, people ...school.ID) (bool, error) {
	if slices.Contains(people, person) {
		return true, nil
	}
	in := db.In(people)
	return db.One(tx, db.Column[bool], `SELECT EXISTS (
		SELECT 1 FROM directory_bond b WHERE b.guardian_id = $1 AND (b.pupil_id IN (`+in+`) OR EXISTS (
			SELECT 1 FROM directory_bond o WHERE o.pupil_id = b.pupil_id AND o.guardian_id IN (`+in+`)))
		) OR EXISTS (SELECT 1 FROM directory_bond b WHERE b.pupil_id = $1 AND b.guardian_id IN (`+in+`))`, person)
}

// OwnFamily lists the family of somebody, as [SameFamily] has it: themself, their
// children, those of whom they are a child, and the other guardians of their
// children.
func OwnFamily(tx *db.Tx, person school.ID) ([]school.ID, error) {
	family, err := db.All(tx, db.Column[school.ID], `SELECT pupil_id FROM directory_bond WHERE guardian_id = $1
		UNION SELECT guardian_id FROM directory_bond WHERE pupil_id = $1
		UNION SELECT o.guardian_id FROM directory_bond b JOIN directory_bond o ON o.pupil_id = b.pupil_id WHERE b.guardian_id = $1`, person)
	return append(family, person), err
}

// Decided tells whether somebody has decided of a pair.
func Decided(tx *db.Tx, one, other school.ID) (bool, error) {
	row, err := proposalOf(tx, one, other)
	if fail.Is(err, fail.NotFound) {
		return false, nil
	}
	return row.Decision != "", err
}
