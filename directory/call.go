package directory

import (
	"cmp"
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
	// Schools are those of the schools asked about that are within the place.
	Schools []school.ID
}

// nearness ranks the kinds of places, from a school outwards.
var nearness = []Kind{School, Commune, RPI, Circonscription, Office, Department, Academy, Project}

// CalledFor lists whom to call now for some schools, a few, or for areas
// above schools: what the place is within counts too, and the whole project.
// The nearest place comes first, then the roles in their order. With
// families, only who is shown to them. It is one query, whatever the number.
//
// Somebody of the register who has departed is called no more.
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
		LEFT JOIN directory_person p ON p.id = r.person_id AND (p.departed_at IS NULL OR p.departed_at > $1)
		WHERE r.person_id = 0 OR p.id IS NOT NULL
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

// calledName is the name of who is called: p is the person, if there is one.
const calledName = `CASE WHEN r.person_id = 0 THEN r.name WHEN p.first_name = '' THEN p.usual_name ELSE p.first_name || ' ' || p.usual_name END`

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

// schoolsOf counts the open schools of each area.
const schoolsOf = `SELECT w.ancestor_id AS area, count(*) AS schools FROM directory_within w
	JOIN directory_structure s ON s.id = w.structure_id AND s.kind = 'school' AND s.until_at IS NULL`

// Told is how people read the name of a structure of the kind: a département is
// known by its number, which deliveries write "078".
func (k Kind) Told(name string) string {
	if number, padded := strings.CutPrefix(name, "0"); k == Department && padded && len(number) == 2 {
		return number
	}
	return name
}

// order ranks the role among all.
func (r ReferentRole) order() int {
	for i, known := range referentRoles {
		if known.role == r {
			return i
		}
	}
	return len(referentRoles)
}

func rolesForFamilies() string {
	var quoted []string
	for _, known := range referentRoles {
		if known.may {
			quoted = append(quoted, "'"+string(known.role)+"'")
		}
	}
	return strings.Join(quoted, ", ")
}

// ReferentsOf lists the référents of one structure, by role and rank: those
// who are, those who will be, and for a while those who were.
func ReferentsOf(tx *db.Tx, structure school.ID) ([]Called, error) {
	all, err := db.All(tx, func(row db.Row) (c Called, err error) {
		return c, row.Scan(append(Referents.fields(&c.Referent), &c.Who)...)
	}, `SELECT `+Referents.columns("r")+`, coalesce(`+calledName+`, '') FROM directory_referent r
		LEFT JOIN directory_person p ON p.id = r.person_id
		WHERE r.structure_id = $1 ORDER BY r.rank, r.id`, structure)
	slices.SortStableFunc(all, func(a, b Called) int { return cmp.Compare(a.Role.order(), b.Role.order()) })
	return all, err
}

// SchoolHead is a head of a school, who is reached through the school.
type SchoolHead struct {
	Someone
	School school.ID
}

// HeadsOf lists the heads of some schools now, by name.
func HeadsOf(tx *db.Tx, schools ...school.ID) ([]SchoolHead, error) {
	if len(schools) == 0 {
		return nil, nil
	}
	return db.All(tx, func(row db.Row) (h SchoolHead, err error) {
		return h, row.Scan(append(h.fields(), &h.School)...)
	}, `SELECT DISTINCT `+someone+`, f.structure_id FROM directory_function f
		JOIN directory_person p ON p.id = f.person_id AND (p.departed_at IS NULL OR p.departed_at > $1)
		WHERE f.structure_id IN (`+db.In(schools)+`) AND f.profile = '`+string(school.Head)+`' AND `+During("f", 1)+`
		ORDER BY p.sort_key, p.id`, db.At(tx.Now))
}

// Named is a structure whose name was looked for.
type Named struct {
	Place
	Kind Kind
	Town string
}

// StructuresNamed lists the open structures that a condition on s finds, in
// whose name, town or UAI every word begins a word, by name. Without a word it
// finds none.
func StructuresNamed(tx *db.Tx, words, where string, args ...any) ([]Named, error) {
	if len(strings.Fields(school.Fold(words))) == 0 {
		return nil, nil
	}
	all, err := structuresWhere(tx, where, args...)
	return withWords(all, words), err
}

// StructuresWhere lists them from the widest, then by name; without a word,
// all of them.
func StructuresWhere(tx *db.Tx, words, where string, args ...any) ([]Named, error) {
	all, err := structuresWhere(tx, where, args...)
	widestFirst(all)
	return withWords(all, words), err
}

// withWords keeps those in whose name, town or UAI every word begins a word.
func withWords(all []Named, words string) []Named {
	wanted := strings.Fields(school.Fold(words))
	return slices.DeleteFunc(all, func(s Named) bool {
		return !named(strings.Fields(school.Fold(s.Name+" "+s.Town+" "+string(s.UAI))), wanted)
	})
}

func widestFirst(all []Named) {
	slices.SortStableFunc(all, func(a, b Named) int {
		return cmp.Compare(slices.Index(nearness, b.Kind), slices.Index(nearness, a.Kind))
	})
}

// AreasWhere lists the open structures that a condition on s finds and that
// are no school, nor what lies in one town: the project, the académies, the
// départements, the circonscriptions, from the widest, then by name.
func AreasWhere(tx *db.Tx, where string, args ...any) ([]Named, error) {
	all, err := structuresWhere(tx, `s.kind IN ('project', 'academy', 'department', 'circonscription') AND `+where, args...)
	widestFirst(all)
	return all, err
}

// Scopes lists the open structures, from the widest, then by name.
func Scopes(tx *db.Tx) ([]Structure, error) {
	all, err := Structures.All(tx, "until_at IS NULL ORDER BY name_key, id")
	slices.SortStableFunc(all, func(a, b Structure) int {
		return cmp.Compare(slices.Index(nearness, b.Kind), slices.Index(nearness, a.Kind))
	})
	return all, err
}

func structuresWhere(tx *db.Tx, where string, args ...any) ([]Named, error) {
	return db.All(tx, func(row db.Row) (s Named, err error) {
		return s, row.Scan(&s.ID, &s.Name, &s.UAI, &s.Town, &s.Kind)
	}, `SELECT s.id, s.name, s.uai, s.town, s.kind FROM directory_structure s
		WHERE s.until_at IS NULL AND `+where+` ORDER BY s.name_key, s.id`, args...)
}

// InAreas is a condition that finds the structures s that are areas, or that
// lie within them: schools, and whatever is smaller than the area and has no
// school outside. Only schools tell: an office stands in a town without being
// of it. An area whose schools are all those of the académie is not the
// académie. The placeholders of the areas go in its %s.
const InAreas = `(s.id IN (%[1]s)
	OR s.kind = 'school' AND s.id IN (SELECT w.structure_id FROM directory_within w WHERE w.ancestor_id IN (%[1]s))
	OR s.kind <> 'school' AND s.id IN (
		SELECT inside.area FROM (
			SELECT w.ancestor_id AS area, count(DISTINCT w.structure_id) AS schools FROM directory_within o
			JOIN directory_structure a ON a.id = o.ancestor_id
			JOIN directory_structure k ON k.id = o.structure_id AND k.kind = 'school' AND k.until_at IS NULL
			JOIN directory_within w ON w.structure_id = o.structure_id
			JOIN directory_structure u ON u.id = w.ancestor_id
			WHERE o.ancestor_id IN (%[1]s) AND (
				u.kind IN ('commune', 'rpi') AND a.kind IN ('circonscription', 'department', 'academy')
				OR u.kind = 'circonscription' AND a.kind IN ('department', 'academy')
				OR u.kind = 'department' AND a.kind = 'academy')
			GROUP BY w.ancestor_id
		) inside JOIN (` + schoolsOf + ` GROUP BY w.ancestor_id
		) whole ON whole.area = inside.area AND whole.schools = inside.schools))`
