package directory

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/rights"
	"preau/core/school"
)

// Gate is the gate of a list that a right gives: a condition, and args with
// its own values appended; see [rights.Matrix.Scope].
type Gate func(columns rights.Columns, args ...any) (string, []any)

// Sight is whom a visitor may look up, kind by kind. The list and the page of
// one person ask the same gates, so that nobody is found whose page is
// refused, or the other way round. A kind without a gate is not seen.
type Sight struct {
	Pupils    Gate // by class or school
	Guardians Gate // of pupils, by the class or the school of these
	Staff     Gate // of schools, by school or area
	Heads     Gate // of schools, by school or area
	// Barred tells that guardians from whom a judge takes all access to a
	// pupil are seen too, and marked.
	Barred bool
}

// Seen is somebody as a visitor may see them: what they are where the visitor
// may look, at least one tie.
type Seen struct {
	Someone
	Ties []Tie
}

// Tie is what somebody is in one school: a pupil, the guardian of a pupil, or
// of the staff. The class is the pupil's.
type Tie struct {
	As         school.Profile
	School     school.ID
	SchoolName string
	Class      school.ID // 0: none, or not to be told
	ClassLabel string
	Child      school.ID // of a guardian
	ChildName  string    // the child's first name
	Label      string    // of a function, as the source writes it
	Acting     bool      // of a head: until the school has one
	Barred     bool      // a judge takes all access to the child
}

// Find looks for the people in whose name every word begins a word, whatever
// the case and the accents, by name: most of them at most, and whether there
// are more. Without any word it finds nobody.
func Find(tx *db.Tx, sight Sight, words string, most int) (found []Seen, more bool, err error) {
	wanted := strings.Fields(school.Fold(words))
	if len(wanted) == 0 || len(wanted) > longestName {
		return nil, false, nil
	}
	var named []string
	args := []any{db.At(tx.Now)}
	for _, word := range wanted { // letters and digits: nothing that LIKE would take for a pattern
		args = append(args, "% "+word+"%")
		named = append(named, fmt.Sprintf("' ' || p.sort_key LIKE $%d", len(args)))
	}
	limit := tiesEach * (most + 1)
	rows, err := sight.look(tx, strings.Join(named, " AND "), args, limit)
	if err != nil {
		return nil, false, err
	}
	found = gather(rows)
	if len(rows) == limit { // the ties of the last one may be cut
		found, more = found[:len(found)-1], true
	}
	if len(found) > most {
		found, more = found[:most], true
	}
	return found, more, nil
}

// longestName is more words than anybody's name has.
const longestName = 40

// tiesEach is how many ties a page of results makes room for, for each of
// its people.
const tiesEach = 4

// Nameable lists those in sight, each once, by name: for whoever looks among them by a name
// that is badly written. Where they are more than most there is no telling whom one meant, and
// it lists nobody.
func Nameable(tx *db.Tx, sight Sight, most int) ([]Someone, error) {
	kinds, args := sight.kinds("TRUE", []any{db.At(tx.Now)})
	if len(kinds) == 0 {
		return nil, nil
	}
	all, err := db.All(tx, scanSomeone, fmt.Sprintf(`SELECT DISTINCT r.id, r.civility, r.first_name, r.usual_name, r.sort_key FROM (%s) r LIMIT %d`,
		strings.Join(kinds, "\nUNION ALL "), most+1), args...)
	if err != nil || len(all) > most {
		return nil, err
	}
	slices.SortFunc(all, func(a, b Someone) int { return cmp.Or(strings.Compare(a.SortKey, b.SortKey), cmp.Compare(a.ID, b.ID)) })
	return all, nil
}

// See reads one person, or fail.NotFound when the visitor may not look them
// up.
func See(tx *db.Tx, sight Sight, person school.ID) (Seen, error) {
	rows, err := sight.look(tx, "p.id = $2", []any{db.At(tx.Now), person}, unlimited)
	if err == nil && len(rows) == 0 {
		err = fail.New(fail.NotFound, "person %s is out of sight", person)
	}
	if err != nil {
		return Seen{}, err
	}
	return gather(rows)[0], nil
}

// SeeSome reads some people, those whom the visitor may look up.
func SeeSome(tx *db.Tx, sight Sight, people ...school.ID) (map[school.ID]Seen, error) {
	seen := make(map[school.ID]Seen, len(people))
	if len(people) == 0 {
		return seen, nil
	}
	rows, err := sight.look(tx, "p.id "+tx.Among(2), []any{db.At(tx.Now), db.List(tx, people)}, unlimited)
	for _, one := range gather(rows) {
		seen[one.ID] = one
	}
	return seen, err
}

// FamilyOf lists the guardians of a pupil whom the visitor may look up, by
// name.
func FamilyOf(tx *db.Tx, sight Sight, pupil school.ID) ([]Seen, error) {
	rows, err := Sight{Guardians: sight.Guardians, Barred: sight.Barred}.
		look(tx, "b.pupil_id = $2", []any{db.At(tx.Now), pupil}, unlimited)
	return gather(rows), err
}

// TeamOf lists the staff of a school whom the visitor may look up, heads
// first, then by name.
func TeamOf(tx *db.Tx, sight Sight, at school.ID) ([]Seen, error) {
	rows, err := Sight{Staff: sight.Staff, Heads: sight.Heads}.
		look(tx, "f.structure_id = $2", []any{db.At(tx.Now), at}, unlimited)
	team := gather(rows)
	slices.SortStableFunc(team, func(a, b Seen) int {
		switch heads, other := a.Heads(), b.Heads(); {
		case heads == other:
			return 0
		case heads:
			return -1
		}
		return 1
	})
	return team, err
}

// Heads tells whether somebody is seen as the head of a school.
func (s Seen) Heads() bool {
	return slices.ContainsFunc(s.Ties, func(t Tie) bool { return t.As == school.Head })
}

// unlimited is more ties than one person or one school has.
const unlimited = 2000

// gather puts the ties of each person together; rows have one tie each and
// are sorted by person.
func gather(rows []Seen) (people []Seen) {
	for _, row := range rows {
		if last := len(people) - 1; last >= 0 && people[last].ID == row.ID {
			if !slices.Contains(people[last].Ties, row.Ties[0]) {
				people[last].Ties = append(people[last].Ties, row.Ties[0])
			}
			continue
		}
		people = append(people, row)
	}
	return people
}

// look reads the ties of those whom who finds, among the people in sight, by
// name. who is a condition on the person p, and on what the kinds in sight
// have of their own; its placeholders are those of args, of which the first
// is the instant.
func (s Sight) look(tx *db.Tx, who string, args []any, limit int) ([]Seen, error) {
	kinds, args := s.kinds(who, args)
	if len(kinds) == 0 {
		return nil, nil
	}
	return db.All(tx, func(row db.Row) (seen Seen, err error) {
		var r Tie
		err = row.Scan(append(seen.fields(), &r.As, &r.School, &r.SchoolName, &r.Class, &r.ClassLabel, &r.Child, &r.ChildName, &r.Label, &r.Acting, &r.Barred)...)
		seen.Ties = []Tie{r}
		return seen, err
	}, fmt.Sprintf(`SELECT r.id, r.civility, r.first_name, r.usual_name, r.sort_key, r.profile, r.school, coalesce(s.name, ''),
			coalesce((SELECT q.id`+classOfTie+`), 0), coalesce((SELECT q.label`+classOfTie+`), ''), r.child, coalesce(k.first_name, ''), r.label, r.acting, r.barred
		FROM (%s ORDER BY 5, 1, 7 LIMIT %d) r -- sort_key, id, rank
		LEFT JOIN directory_structure s ON s.id = r.school
		LEFT JOIN directory_person k ON k.id = r.child
		ORDER BY r.sort_key, r.id, r.rank, s.name_key, r.school, k.sort_key, r.child, r.label`, strings.Join(kinds, "\nUNION ALL "), limit), args...)
}

// kinds are the statements that find the ties of [Sight.look], one for each kind in sight.
func (s Sight) kinds(who string, args []any) (kinds []string, with []any) {
	add := func(gate Gate, columns rights.Columns, query string) {
		if gate == nil {
			return
		}
		var where string
		if where, args = gate(columns, args...); where != "FALSE" {
			kinds = append(kinds, query+" AND "+who+" AND "+where)
		}
	}
	barring := ` AND NOT EXISTS (` + barred + `)`
	if s.Barred {
		barring = ""
	}
	ofPupil := rights.Columns{Class: "m.class_id", School: "e.school_id", InArea: "e.school_id" + inAreas}
	ofSchool := rights.Columns{School: "f.structure_id", InArea: "f.structure_id" + inAreas}
	add(s.Pupils, ofPupil, `SELECT DISTINCT `+someone+`, '`+string(school.Pupil)+`' AS profile, 0 AS rank, e.school_id AS school, 0 AS child, '' AS label, FALSE AS acting, FALSE AS barred
		FROM directory_enrolment e JOIN directory_person p ON p.id = e.person_id AND p.departed_at IS NULL`+inRoom+`
		WHERE `+During("e", 1))
	add(s.Guardians, ofPupil, `SELECT DISTINCT `+someone+`, '`+string(school.Guardian)+`' AS profile, 1 AS rank, e.school_id AS school, b.pupil_id AS child, '' AS label, FALSE AS acting, EXISTS (`+barred+`) AS barred
		FROM directory_enrolment e JOIN directory_bond b ON b.pupil_id = e.person_id AND `+During("b", 1)+barring+`
		JOIN directory_person p ON p.id = b.guardian_id AND p.departed_at IS NULL`+inRoom+`
		WHERE `+During("e", 1))
	// The kind of the structure is out of the planner's reach: from the schools
	// to their functions, a whole académie takes five times as long.
	staff := `SELECT DISTINCT ` + someone + `, f.profile AS profile, 2 AS rank, f.structure_id AS school, 0 AS child, f.label AS label, f.code = '` + ActingHead + `' AS acting, FALSE AS barred
		FROM directory_function f JOIN directory_person p ON p.id = f.person_id AND p.departed_at IS NULL
		JOIN directory_structure s ON s.id = f.structure_id AND s.kind || '' = 'school' AND s.until_at IS NULL
		WHERE ` + During("f", 1)
	add(s.Staff, ofSchool, staff)
	add(s.Heads, ofSchool, staff+` AND f.profile = '`+string(school.Head)+`'`)
	return kinds, args
}

// classOfTie finds the class, in the school of r, of the pupil of r or of the
// child of the guardian.
var classOfTie = ` FROM directory_membership m JOIN directory_class q ON q.id = m.class_id AND q.school_id = r.school AND q.kind = 'class' AND ` + During("q", 1) + `
	WHERE r.rank < 2 AND m.person_id = CASE r.rank WHEN 1 THEN r.child ELSE r.id END AND m.role = 'pupil' AND ` + During("m", 1) + ` ORDER BY q.id LIMIT 1`

// inRoom adds the classes and groups of a pupil in the school where e enrols
// them; a pupil may be in none.
var inRoom = ` LEFT JOIN directory_membership m ON m.person_id = e.person_id AND m.role = 'pupil' AND ` + During("m", 1) + `
	AND m.class_id IN (SELECT n.id FROM directory_class n WHERE n.school_id = e.school_id AND ` + During("n", 1) + `)`

// Named tells whether every word begins a word of somebody's name, as [Find]
// does.
func (s Someone) Named(words string) bool {
	return named(strings.Fields(s.SortKey), strings.Fields(school.Fold(words)))
}

// named tells whether each of the words wanted begins one of a name's.
func named(name, wanted []string) bool {
	return !slices.ContainsFunc(wanted, func(w string) bool {
		return !slices.ContainsFunc(name, func(n string) bool { return strings.HasPrefix(n, w) })
	})
}
