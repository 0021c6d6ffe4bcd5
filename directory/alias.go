package directory

import (
	"strings"

	"preau/core/db"
	"preau/core/school"
)

// struckAs lists the restrictions, now or later, on the bonds of a pupil with
// somebody else whose name is so near that both may be one: a second record is
// no way around a judge.
func struckAs(tx *db.Tx, pupil, guardian school.ID) ([]Restriction, error) {
	all, err := Restrictions.All(tx, NotOver(Restrictions.Name, 1)+` AND pupil_id = $2 AND guardian_id <> $3 ORDER BY id`, db.At(tx.Now), pupil, guardian)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	people := []school.ID{guardian}
	for _, r := range all {
		people = append(people, r.Guardian)
	}
	some, err := SomeByID(tx, people...)
	if err != nil {
		return nil, err
	}
	named := map[school.ID]Someone{}
	for _, s := range some {
		named[s.ID] = s
	}
	var struck []Restriction
	for _, r := range all {
		if near(named[guardian], named[r.Guardian]) {
			struck = append(struck, r)
		}
	}
	return struck, nil
}

// near tells whether two names may be one person's: written with or without
// hyphens and spaces, with the family name first, with a first name more or
// none.
func near(a, b Someone) bool {
	tight := func(name string) string { return strings.ReplaceAll(school.Fold(name), " ", "") }
	usual, first, otherUsual, otherFirst := tight(a.Usual), tight(a.First), tight(b.Usual), tight(b.First)
	return usual == otherUsual && within(first, otherFirst) || usual == otherFirst && within(first, otherUsual)
}

// within tells whether one name is the other, or begins or ends it.
func within(a, b string) bool {
	return strings.HasPrefix(a, b) || strings.HasSuffix(a, b) || strings.HasPrefix(b, a) || strings.HasSuffix(b, a)
}
