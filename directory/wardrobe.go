package directory

import (
	"slices"

	"preau/core/db"
	"preau/core/school"
)

// Hat is a profile that a person holds now, and where. The places of a
// guardian are the children; who has departed has none.
type Hat struct {
	Profile school.Profile
	Places  []Place
}

// Place is where a hat is worn.
type Place struct {
	ID    school.ID
	Name  string     // of a structure; the first name of a child
	UAI   school.UAI // of a structure that has one
	Level string     // code of the level, for a pupil in a school
}

// Wardrobe lists the hats of a person with their places: the profiles that
// [Hats] gives, in the same order. Children are in that of [ChildrenOf].
func Wardrobe(tx *db.Tx, person school.ID) ([]Hat, error) {
	var hats []Hat
	err := tx.Each(func(row db.Row) error {
		var profile school.Profile
		var p Place
		var kind Kind
		if err := row.Scan(&profile, &p.ID, &p.Name, &p.UAI, &p.Level, &kind); err != nil {
			return err
		}
		p.Name = kind.Told(p.Name)
		if len(hats) == 0 || hats[len(hats)-1].Profile != profile {
			hats = append(hats, Hat{Profile: profile})
		}
		last := &hats[len(hats)-1]
		last.Places = append(last.Places, p)
		return nil
	}, `SELECT held.profile, held.id, held.name, held.uai, held.level, held.kind FROM (
			SELECT f.profile AS profile, s.id AS id, s.name AS name, s.uai AS uai, '' AS level, '' AS rank, s.kind AS kind
				FROM directory_function f JOIN directory_structure s ON s.id = f.structure_id
				WHERE f.person_id = $2 AND `+During("f", 1)+`
			UNION SELECT '`+string(school.Pupil)+`', s.id, s.name, s.uai, e.level_code, '', s.kind
				FROM directory_enrolment e JOIN directory_structure s ON s.id = e.school_id
				WHERE e.person_id = $2 AND `+During("e", 1)+`
			UNION SELECT '`+string(school.Guardian)+`', p.id, p.first_name, '', '',
				coalesce((SELECT min(e.level_code) FROM directory_enrolment e
					WHERE e.person_id = b.pupil_id AND `+During("e", 1)+placeShown+`), '') || ' ' || p.sort_key, ''
				FROM directory_bond b JOIN directory_person p ON p.id = b.pupil_id`+openBond+`
		) held JOIN directory_person me ON me.id = $2 AND (me.departed_at IS NULL OR me.departed_at > $1)
		ORDER BY held.profile, held.rank, held.id`, db.At(tx.Now), person)
	if err != nil {
		return nil, err
	}
	if len(hats) == 0 {
		left, err := leaver(tx, person)
		for _, profile := range left {
			hats = append(hats, Hat{Profile: profile})
		}
		return hats, err
	}
	slices.SortFunc(hats, func(a, b Hat) int {
		return slices.Index(school.Profiles, a.Profile) - slices.Index(school.Profiles, b.Profile)
	})
	return hats, nil
}
