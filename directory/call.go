package directory

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"preau/core/db"
	"preau/core/school"
)

// Called is a référent as pages show them, with the place that they are for.
type Called struct {
	Referent
	Who   string // the person's name, as the register has it, or the name that was written
	Place Structure
	// Away tells that the person is called no more: see [CalledFor]. Only who
	// keeps the référents sees them.
	Away bool
	// Schools are those of the schools asked about that are within the place.
	Schools []school.ID
}

// CalledFor lists whom to call now for some schools, a few, or for areas
// above schools: what the place is within counts too, and the whole project.
// The nearest place comes first, then the roles in their order. With
// families, only who is shown to them. It is one query, whatever the number.
//
// Somebody of the register who has departed, or has no function left, is called
// no more.
func CalledFor(tx *db.Tx, families bool, places ...school.ID) ([]Called, error) {
	shown := ""
	if families {
		shown = ` AND r.families AND r.role IN (` + rolesForFamilies() + `)`
	}
	in := db.In(places)
	var all []Called
	at := map[school.ID]int{}
	err := tx.Each(func(row db.Row) error {
		var c Called
		var of school.ID
		if err := row.Scan(append(Referents.fields(&c.Referent), &c.Who, &c.Place.ID, &c.Place.Kind, &c.Place.Name, &c.Place.Ref, &of)...); err != nil {
			return err
		}
		i, known := at[c.ID]
		if !known {
			i = len(all)
			at[c.ID], all = i, append(all, c)
		}
		if of != 0 {
			all[i].Schools = append(all[i].Schools, of)
		}
		return nil
	}, `SELECT `+Referents.columns("r")+`, `+calledName+`, s.id, s.kind, s.name, s.ref, o.place
		FROM (
			SELECT id AS scope, id AS place FROM directory_structure WHERE id IN (`+in+`)
			UNION SELECT w.ancestor_id, w.structure_id FROM directory_within w
				JOIN directory_structure a ON a.id = w.ancestor_id JOIN directory_structure b ON b.id = w.structure_id
				WHERE w.structure_id IN (`+in+`) AND (b.kind = 'school' OR a.kind IN ('department', 'academy'))
			UNION `+over(in)+`
			UNION SELECT id, 0 FROM directory_structure WHERE kind = 'project'
		) o
		JOIN directory_structure s ON s.id = o.scope
		JOIN directory_referent r ON r.structure_id = s.id AND `+During("r", 1)+shown+`
		LEFT JOIN directory_person p ON p.id = r.person_id
		WHERE NOT (`+away(1)+`)
		ORDER BY s.name_key, s.id, r.rank, r.id, o.place`, db.At(tx.Now))
	slices.SortStableFunc(all, func(a, b Called) int {
		return cmp.Or(
			cmp.Compare(slices.Index(nearness, a.Place.Kind), slices.Index(nearness, b.Place.Kind)),
			strings.Compare(school.Fold(a.Place.Name), school.Fold(b.Place.Name)), cmp.Compare(a.Place.ID, b.Place.ID),
			cmp.Compare(a.Role.order(), b.Role.order()), cmp.Compare(a.Rank, b.Rank),
		)
	})
	return all, err
}

// calledName is the name of whoever is called: p is the person, if there is one.
const calledName = `CASE WHEN r.person_id = 0 THEN r.name WHEN p.first_name = '' THEN p.usual_name ELSE p.first_name || ' ' || p.usual_name END`

// away is the condition that r is somebody of the register, p, who has departed
// at the instant $place or has no function then.
func away(place int) string {
	return `r.person_id <> 0 AND NOT EXISTS (SELECT 1 FROM directory_function f WHERE f.person_id = p.id AND ` + During("f", place) +
		` AND ` + fmt.Sprintf(`(p.departed_at IS NULL OR p.departed_at > $%d)`, place) + `)`
}

// over finds, for each area among some structures, what all its open schools
// are within: a commune's circonscription, if it has one only.
func over(in string) string {
	return `SELECT shared.up, shared.area FROM (
			SELECT o.ancestor_id AS up, w.ancestor_id AS area, count(*) AS schools FROM directory_within w
			JOIN directory_structure s ON s.id = w.structure_id AND s.kind = 'school' AND s.until_at IS NULL
			JOIN directory_within o ON o.structure_id = w.structure_id AND o.ancestor_id <> w.ancestor_id
			WHERE w.ancestor_id IN (` + in + `) GROUP BY o.ancestor_id, w.ancestor_id
		) shared JOIN (` + schoolsOf + ` WHERE w.ancestor_id IN (` + in + `) GROUP BY w.ancestor_id
		) whole ON whole.area = shared.area AND whole.schools = shared.schools`
}

// ReferentsOf lists the référents of one structure, by role and rank: those
// who are, those who will be, and for a while those who were.
func ReferentsOf(tx *db.Tx, structure school.ID) ([]Called, error) {
	all, err := db.All(tx, func(row db.Row) (c Called, err error) {
		return c, row.Scan(append(Referents.fields(&c.Referent), &c.Who, &c.Away)...)
	}, `SELECT `+Referents.columns("r")+`, coalesce(`+calledName+`, ''), `+away(2)+` FROM directory_referent r
		LEFT JOIN directory_person p ON p.id = r.person_id
		WHERE r.structure_id = $1 ORDER BY r.rank, r.id`, structure, db.At(tx.Now))
	slices.SortStableFunc(all, func(a, b Called) int { return cmp.Compare(a.Role.order(), b.Role.order()) })
	return all, err
}

// Support lists those who support the installation now: its operators and its
// technicians.
func Support(tx *db.Tx) ([]school.ID, error) {
	return db.All(tx, db.Column[school.ID], `SELECT DISTINCT f.person_id FROM directory_function f
		WHERE f.profile IN ('`+string(school.Operator)+`', '`+string(school.Tech)+`') AND `+During("f", 1), db.At(tx.Now))
}

// SchoolHead is a head of a school, who is reached through the school.
type SchoolHead struct {
	Someone
	School school.ID
	Acting bool // until the school has one
}

// HeadsOf lists the heads of some schools now, by name. Who heads one for a time is
// among them, and is alone: an interim ends when its school has a head.
func HeadsOf(tx *db.Tx, schools ...school.ID) ([]SchoolHead, error) {
	if len(schools) == 0 {
		return nil, nil
	}
	return db.All(tx, func(row db.Row) (h SchoolHead, err error) {
		return h, row.Scan(append(h.fields(), &h.School, &h.Acting)...)
	}, `SELECT DISTINCT `+someone+`, f.structure_id, f.code = '`+ActingHead+`' FROM directory_function f
		JOIN directory_person p ON p.id = f.person_id AND (p.departed_at IS NULL OR p.departed_at > $1)
		WHERE f.structure_id `+tx.Among(2)+` AND f.profile = '`+string(school.Head)+`' AND `+During("f", 1)+`
		ORDER BY p.sort_key, p.id`, db.At(tx.Now), db.List(tx, schools))
}
