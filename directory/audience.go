package directory

import (
	"fmt"
	"slices"
	"strings"

	"preau/core/audience"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
)

// Audiences answers core/audience from the register.
type Audiences struct{}

var _ audience.Register = Audiences{}

// Held implements audience.Register. It says what a person holds with all their
// hats: which one they wear decides what they see, not what is theirs.
func (Audiences) Held(tx *db.Tx, person school.ID) (held audience.Holdings, err error) {
	of, left, err := rootsOf(tx, person)
	if fail.Is(err, fail.NotFound) || err == nil && hasLeft(tx, left) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	held = audience.Holdings{{Audience: audience.Audience{Place: audience.Person, Of: person}}}
	err = tx.Each(func(row db.Row) error {
		var h audience.Held
		var from, until db.Time
		if err := row.Scan(&h.Place, &h.Of, &h.Level, &h.Side, &h.Child, &from, &until); err != nil {
			return err
		}
		if h.From, h.Until = from.Time, until.Time; until.IsZero() || h.Until.After(h.From) {
			held = append(held, h)
		}
		return nil
	}, heldBy[of], db.At(tx.Now), person)
	return held, err
}

// Reach implements audience.Register.
func (Audiences) Reach(tx *db.Tx, audiences ...audience.Audience) ([]audience.Reached, error) {
	from, args := reached(tx, audiences)
	return db.All(tx, func(row db.Row) (r audience.Reached, err error) { return r, row.Scan(&r.Person, &r.Child) },
		`SELECT DISTINCT a.person, a.child`+from+` ORDER BY a.child, a.person`, args...)
}

// Count implements audience.Register.
func (Audiences) Count(tx *db.Tx, audiences ...audience.Audience) (n audience.Number, err error) {
	from, args := reached(tx, audiences)
	return n, tx.Get([]any{&n.People, &n.Children}, `SELECT count(DISTINCT a.person), count(DISTINCT CASE WHEN a.child <> 0 THEN a.child END)`+from, args...)
}

// reached finds the rows a of whom audiences reach now, person and child, more than
// once perhaps: those who are in the register and may come in.
func reached(tx *db.Tx, audiences []audience.Audience) (from string, args []any) {
	args = []any{db.At(tx.Now)}
	each := []string{`SELECT 0 AS person, 0 AS child WHERE FALSE`}
	for _, a := range togetherOf(audiences) {
		if a.Place == audience.Person {
			args = append(args, db.List(tx, a.of))
			each = append(each, `SELECT p.id, 0 FROM directory_person p WHERE p.id `+tx.Among(len(args)))
		}
		for _, s := range seats {
			if s.place != a.Place || s.side != a.Side || (s.level == none) != (a.Level == "") {
				continue
			}
			where := s.now()
			if a.Place != audience.Project && len(a.of) == 1 {
				args = append(args, a.Of)
				where += fmt.Sprintf(" AND %s = $%d", s.of, len(args))
			} else if a.Place != audience.Project {
				args = append(args, db.List(tx, a.of))
				where += fmt.Sprintf(" AND %s %s", s.of, tx.Among(len(args)))
			}
			if a.Level != "" {
				args = append(args, a.Level)
				where += fmt.Sprintf(" AND %s = $%d", s.level, len(args))
			}
			each = append(each, `SELECT `+s.person+`, `+s.child+` FROM `+s.from+` WHERE `+where)
		}
	}
	return ` FROM (` + strings.Join(each, " UNION ALL ") + `) a JOIN directory_person p ON p.id = a.person AND ` + present, args
}

// together is an audience with those that are like it but for whose they are: they are read together,
// since a commune has thousands of schools and a statement no thousands of parts.
type together struct {
	audience.Audience             // the first of them
	of                []school.ID // whose they are
}

// togetherOf gathers audiences that are alike, in the order of the first of each.
func togetherOf(audiences []audience.Audience) (all []together) {
	at := map[audience.Audience]int{}
	for _, a := range audiences {
		key := a
		key.Of = 0
		i, known := at[key]
		if !known {
			i, at[key] = len(all), len(all)
			all = append(all, together{Audience: a})
		}
		all[i].of = append(all[i].of, a.Of)
	}
	return all
}

// seat is one way to hold an audience, in SQL: the rows of from under the condition
// where, while those of some of its tables run. What a judge decides is asked at the
// instant $1.
type seat struct {
	place         audience.Place
	side          audience.Side
	of, level     string // of the audience
	person, child string // who holds it, and for which child
	from          string
	runs          []string // the tables whose rows run from an instant to another
	where         string
}

// none is the level of an audience that has none, and nobody the child of staff.
const none, nobody = "''", "0"

// Where the seats of pupils, of families and of staff are read. A guardian from whom a
// judge keeps the child's place holds nothing of the child's, their family neither: a
// word to it says when the class goes where.
const (
	asPupil    = `directory_enrolment e`
	asGuardian = `directory_bond b JOIN directory_enrolment e ON e.person_id = b.pupil_id`
	asStaff    = `directory_function f JOIN directory_structure s ON s.id = f.structure_id AND s.kind = 'school'`
	asAgent    = `directory_function f JOIN directory_structure s ON s.id = f.structure_id AND s.kind = 'commune'`

	// inClass leads from an enrolment to the classes and groups of its school, and
	// teaching from a post to those of its teacher.
	inClass = ` JOIN directory_membership m ON m.person_id = e.person_id AND m.role = 'pupil'
		JOIN directory_class c ON c.id = m.class_id AND c.school_id = e.school_id`
	teaching = ` JOIN directory_membership m ON m.person_id = f.person_id AND m.role = 'teacher'
		JOIN directory_class c ON c.id = m.class_id AND c.school_id = f.structure_id`

	// helping leads from a post to the classes in which its holder was given to help.
	helping = ` JOIN directory_grant g ON g.person_id = f.person_id AND g.structure_id = f.structure_id AND g.function = ''
		JOIN directory_class c ON c.id = g.class_id AND c.school_id = f.structure_id`

	// above leads from a school to what it is within.
	above = ` JOIN directory_within w ON w.structure_id = %s JOIN directory_structure t ON t.id = w.ancestor_id`
)

// seats are all of them but one's own [audience.Person], which everybody holds.
var seats = func() (all []seat) {
	shown := `NOT EXISTS (` + barred + `)` + placeShown
	pupils := seat{side: audience.Pupils, level: none, person: "e.person_id", child: "e.person_id", from: asPupil, runs: []string{"e"}, where: "TRUE"}
	families := seat{side: audience.Families, level: none, person: "b.guardian_id", child: "b.pupil_id", from: asGuardian, runs: []string{"b", "e"}, where: shown}
	for _, s := range []seat{pupils, families} {
		all = append(all, s.around("e.school_id")...)
		for _, place := range []audience.Place{audience.Class, audience.Group} {
			in := s
			in.place, in.of, in.from, in.runs = place, "c.id", s.from+inClass, slices.Concat(s.runs, []string{"m", "c"})
			in.where += ` AND c.kind = '` + string(place) + `'`
			all = append(all, in)
			if place == audience.Class {
				in.level = "e.level_code" // of whoever has none: that of the class, once more
				all = append(all, in)
			}
		}
	}
	all = append(all, seat{
		place: audience.Family, side: audience.Everyone, of: "b.pupil_id", level: none, person: "b.guardian_id", child: "b.pupil_id",
		from: `directory_bond b`, runs: []string{"b"}, where: shown,
	})
	// What was addressed to a record that became part of another one reaches the one that
	// stays, for as long as both are one.
	const one = `m.made_at <= $1 AND m.undone_at IS NULL`
	all = append(all, seat{
		place: audience.Family, side: audience.Everyone, of: "m.gone_id", level: none, person: "b.guardian_id", child: "b.pupil_id",
		from: `directory_bond b JOIN directory_merge_act m ON m.kept_id = b.pupil_id`, runs: []string{"b"}, where: shown + ` AND ` + one,
	}, seat{
		place: audience.Person, side: audience.Everyone, of: "m.gone_id", level: none, person: "m.kept_id", child: nobody,
		from: `directory_merge_act m`, where: one,
	})
	teachers := seat{side: audience.Teaching, level: none, person: "f.person_id", child: nobody, from: asStaff, runs: []string{"f"},
		where: profiled(school.Teacher, school.Head)}
	others := teachers
	others.side, others.where = audience.SchoolStaff, profiled(school.Staff, school.Admin)
	all = append(all, slices.Concat(teachers.around("f.structure_id"), others.around("f.structure_id"))...)
	for _, place := range []audience.Place{audience.Class, audience.Group} {
		teachers.place, teachers.of, teachers.from, teachers.runs = place, "c.id", asStaff+teaching, []string{"f", "m", "c"}
		others.place, others.of, others.from, others.runs = place, "c.id", asStaff+helping, []string{"f", "g", "c"}
		for _, s := range []seat{teachers, others} {
			s.where += ` AND c.kind = '` + string(place) + `'`
			all = append(all, s)
		}
	}
	care := teachers
	care.place, care.side, care.of, care.from, care.runs, care.where = audience.School, audience.CareStaff, "f.structure_id", asStaff, []string{"f"}, profiled(school.CareAgent)
	agents := seat{place: audience.Commune, side: audience.MunicipalStaff, of: "s.id", level: none, person: "f.person_id", child: nobody,
		from: asAgent, runs: []string{"f"}, where: profiled(school.Municipal)}
	return append(all, care, agents, agents.whole())
}()

// around is the seat in a school, and in all that the school is within.
func (s seat) around(at string) []seat {
	s.place, s.of = audience.School, at
	all := []seat{s, s.whole()}
	for _, place := range []audience.Place{audience.Commune, audience.RPI} {
		within := s
		within.place, within.of, within.from = place, "t.id", s.from+fmt.Sprintf(above, at)
		within.where += ` AND t.kind = '` + string(place) + `'`
		all = append(all, within)
	}
	return all
}

// whole is the seat in the whole project.
func (s seat) whole() seat {
	s.place, s.of = audience.Project, nobody
	return s
}

// now is the condition that a seat is held at the instant $1.
func (s seat) now() string {
	where := s.where
	for _, table := range s.runs {
		where += " AND " + During(table, 1)
	}
	return where
}

// profiled is the condition that a function f gives one of some profiles.
func profiled(profiles ...school.Profile) string {
	quoted := make([]string, len(profiles))
	for i, profile := range profiles {
		quoted[i] = "'" + string(profile) + "'"
	}
	return `f.profile IN (` + strings.Join(quoted, ", ") + `)`
}

// roots tells from which tables somebody may hold a seat: who never had a function holds
// nothing of the staff. Most seats are left out so, which PostgreSQL takes longer to make
// ready than to read.
type roots struct{ enrolled, bound, posted bool }

// rootsOf finds those of a person, or fail.NotFound of whoever is not in the register, and when
// they left it.
func rootsOf(tx *db.Tx, person school.ID) (of roots, left db.Time, err error) {
	return of, left, tx.Get([]any{&left, &of.enrolled, &of.bound, &of.posted}, `SELECT p.departed_at,
		EXISTS (SELECT 1 FROM directory_enrolment e WHERE e.person_id = p.id), EXISTS (SELECT 1 FROM directory_bond b WHERE b.guardian_id = p.id),
		EXISTS (SELECT 1 FROM directory_function f WHERE f.person_id = p.id) FROM directory_person p WHERE p.id = $1`, person)
}

// seat tells whether whoever has the roots may hold a seat.
func (of roots) seat(s seat) bool {
	switch s.person {
	case "e.person_id":
		return of.enrolled
	case "b.guardian_id":
		return of.bound
	case "f.person_id":
		return of.posted
	}
	return true
}

// heldBy finds the seats that the person $2 holds, or held before the instant $1, by their
// roots: place, identifier, level, side, child, and from when until when.
var heldBy = func() map[roots]string {
	all := map[roots]string{}
	for i := range 8 {
		of := roots{i&1 != 0, i&2 != 0, i&4 != 0}
		all[of] = of.held()
	}
	return all
}()

func (of roots) held() string {
	var each []string
	for _, s := range seats {
		if !of.seat(s) {
			continue
		}
		where := s.where
		for _, table := range s.runs {
			where += " AND " + table + ".from_at <= $1"
		}
		each = append(each, fmt.Sprintf(`SELECT '%s', %s, %s, '%s', %s, %s, %s FROM %s WHERE %s = $2 AND %s`,
			s.place, s.of, s.level, s.side, s.child, across("max", "from_at", s.runs), across("min", "until_at", s.runs), s.from, s.person, where))
	}
	return strings.Join(each, " UNION ") + " ORDER BY 1, 2, 3, 4, 5, 6"
}

// across is the greatest or the least of one column of some tables; what is NULL does
// not count.
func across(aggregate, column string, tables []string) string {
	switch len(tables) {
	case 0:
		return "NULL"
	case 1:
		return tables[0] + "." + column
	}
	each := make([]string, len(tables))
	for i, table := range tables {
		each[i] = "SELECT " + table + "." + column + " AS at"
	}
	return `(SELECT ` + aggregate + `(x.at) FROM (` + strings.Join(each, " UNION ALL ") + `) x)`
}
