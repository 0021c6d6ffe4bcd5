package directory_test

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"preau/core/audience"
	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/rights"
	"preau/core/school"
	"preau/directory"
)

// A small world: two schools of one commune and one RPI, a third elsewhere, and the
// rows that a register may hold of five people, over six days.
const (
	oneSchool, nextSchool, farSchool, townOf, rpiOf, farTown school.ID = 1, 2, 3, 11, 12, 13
	firstOfPeople                                            school.ID = 101
	people                                                   int       = 5
	days                                                     int       = 6
)

type world struct {
	classes      []directory.Class
	enrolments   []directory.Enrolment
	memberships  []directory.Membership
	bonds        []directory.Bond
	restrictions []directory.Restriction
	functions    []directory.Function
	grants       []directory.Grant
	departed     map[school.ID]time.Time
	organisation school.ID // one of the people; 0: none
}

func day(n int) time.Time { return dbtest.Noon.AddDate(0, 0, n) }

// span draws an instant, and another after it or none.
func span(t *rapid.T, label string) (from, until db.Time) {
	begin := rapid.IntRange(0, days-1).Draw(t, label+" from")
	if end := rapid.IntRange(begin+1, days+1).Draw(t, label+" until"); end <= days {
		until = db.At(day(end))
	}
	return db.At(day(begin)), until
}

// some draws a list of rows, of which no two have one key.
func some[R any](t *rapid.T, label string, table directory.Table[R], one func(i int) R) (rows []R) {
	keys := map[string]bool{}
	for i := range rapid.IntRange(0, 12).Draw(t, label) {
		row := one(i)
		if key := table.Key(&row); !keys[key] {
			keys[key] = true
			rows = append(rows, row)
		}
	}
	return rows
}

func anyWorld(t *rapid.T) (w world) {
	person := func() school.ID {
		return firstOfPeople + school.ID(rapid.IntRange(0, people-1).Draw(t, "person"))
	}
	at := rapid.SampledFrom([]school.ID{oneSchool, nextSchool, farSchool})
	w.classes = some(t, "classes", directory.Classes, func(i int) (c directory.Class) {
		c.ID, c.School, c.Year, c.SourceKey = school.ID(201+i), at.Draw(t, "school"), 2026, fmt.Sprint(i)
		c.Kind = rapid.SampledFrom([]directory.ClassKind{directory.OrdinaryClass, directory.Group}).Draw(t, "kind")
		c.From, c.Until = span(t, "class")
		return c
	})
	w.enrolments = some(t, "enrolments", directory.Enrolments, func(int) (e directory.Enrolment) {
		e.Person, e.School, e.Year = person(), at.Draw(t, "school"), 2026
		e.LevelCode = rapid.SampledFrom([]string{"", "1121", "1122"}).Draw(t, "level")
		e.From, e.Until = span(t, "enrolment")
		return e
	})
	w.memberships = some(t, "memberships", directory.Memberships, func(int) (m directory.Membership) {
		m.Person, m.Class = person(), school.ID(201+rapid.IntRange(0, 6).Draw(t, "class"))
		m.Role = rapid.SampledFrom([]directory.Role{directory.AsPupil, directory.AsPupil, directory.AsTeacher}).Draw(t, "role")
		m.From, m.Until = span(t, "membership")
		return m
	})
	w.bonds = some(t, "bonds", directory.Bonds, func(int) (b directory.Bond) {
		b.Pupil, b.Guardian = person(), person()
		b.From, b.Until = span(t, "bond")
		return b
	})
	w.restrictions = some(t, "restrictions", directory.Restrictions, func(i int) (r directory.Restriction) {
		r.ID, r.Pupil, r.Guardian = school.ID(301+i), person(), person()
		r.NoAccess, r.HidePlace = rapid.Bool().Draw(t, "no access"), rapid.Bool().Draw(t, "hidden")
		r.From, r.Until = span(t, "restriction")
		r.RecordedAt = r.From
		return r
	})
	w.functions = some(t, "functions", directory.Functions, func(int) (f directory.Function) {
		f.Person, f.Structure, f.Year = person(), rapid.SampledFrom([]school.ID{oneSchool, nextSchool, farSchool, townOf}).Draw(t, "structure"), 2026
		f.Profile = rapid.SampledFrom([]school.Profile{school.Teacher, school.Head, school.Staff, school.Admin, school.Municipal, school.CareAgent}).Draw(t, "profile")
		f.Code = string(f.Profile)
		f.From, f.Until = span(t, "function")
		return f
	})
	w.grants = some(t, "grants", directory.Grants, func(i int) (g directory.Grant) {
		g.ID, g.Person, g.School, g.Class = school.ID(401+i), person(), at.Draw(t, "school"), school.ID(201+rapid.IntRange(0, 6).Draw(t, "class"))
		g.Function = rapid.SampledFrom([]rights.Function{"", "", directory.LentAccounts}).Draw(t, "function")
		if g.From, g.Until = span(t, "grant"); g.Until.IsZero() {
			g.Until = db.At(day(days + 1))
		}
		return g
	})
	w.departed = map[school.ID]time.Time{}
	if rapid.Bool().Draw(t, "departs") {
		w.departed[person()] = day(rapid.IntRange(0, days).Draw(t, "departure"))
	}
	if rapid.Bool().Draw(t, "organisation") {
		w.organisation = person()
	}
	return w
}

// within is what each school of the world is within.
var within = map[school.ID][]school.ID{oneSchool: {townOf, rpiOf}, nextSchool: {townOf, rpiOf}, farSchool: {farTown}}

func (w world) put(tx *db.Tx) error {
	for id, kind := range map[school.ID]directory.Kind{
		oneSchool: directory.School, nextSchool: directory.School, farSchool: directory.School,
		townOf: directory.Commune, farTown: directory.Commune, rpiOf: directory.RPI,
	} {
		if err := directory.Structures.Insert(tx, directory.Structure{ID: id, Ref: id.String(), Kind: kind, From: db.At(day(0))}); err != nil {
			return err
		}
		for _, above := range within[id] {
			if _, err := tx.Exec(`INSERT INTO directory_within (structure_id, ancestor_id) VALUES ($1, $2)`, id, above); err != nil {
				return err
			}
		}
	}
	for i := range people {
		id := firstOfPeople + school.ID(i)
		if err := directory.Persons.Insert(tx, directory.Person{ID: id, UsualName: id.String(), Organisation: id == w.organisation, Departed: db.At(w.departed[id])}); err != nil {
			return err
		}
	}
	return errors.Join(
		putAll(tx, directory.Classes, w.classes), putAll(tx, directory.Enrolments, w.enrolments), putAll(tx, directory.Memberships, w.memberships),
		putAll(tx, directory.Bonds, w.bonds), putAll(tx, directory.Restrictions, w.restrictions), putAll(tx, directory.Functions, w.functions),
		putAll(tx, directory.Grants, w.grants))
}

func putAll[R any](tx *db.Tx, table directory.Table[R], rows []R) error {
	for _, row := range rows {
		if err := table.Insert(tx, row); err != nil {
			return err
		}
	}
	return nil
}

func runs(from, until db.Time, at time.Time) bool {
	return !from.After(at) && (until.IsZero() || until.After(at))
}

// ofPerson is one audience that somebody holds, for a child or for nobody.
type ofPerson struct {
	id    audience.ID
	child school.ID
}

// holds says, by going through every row, what somebody holds at an instant when what
// judges say is asked at another.
func (w world) holds(person school.ID, at, now time.Time) []ofPerson {
	if gone, left := w.departed[person]; left && !gone.After(now) {
		return nil
	}
	held := map[ofPerson]bool{}
	add := func(place audience.Place, of school.ID, level string, side audience.Side, child school.ID) {
		held[ofPerson{audience.Audience{Place: place, Of: of, Level: level, Side: side}.ID(), child}] = true
	}
	around := func(at school.ID, side audience.Side, child school.ID) {
		add(audience.Project, 0, "", side, child)
		add(audience.School, at, "", side, child)
		for _, up := range within[at] {
			add(map[school.ID]audience.Place{townOf: audience.Commune, farTown: audience.Commune, rpiOf: audience.RPI}[up], up, "", side, child)
		}
	}
	seated := func(pupil school.ID, side audience.Side) {
		for _, e := range w.enrolments {
			if e.Person != pupil || !runs(e.From, e.Until, at) {
				continue
			}
			around(e.School, side, pupil)
			for _, c := range w.in(pupil, e.School, directory.AsPupil, at) {
				add(audience.Place(c.Kind), c.ID, "", side, pupil)
				if c.Kind == directory.OrdinaryClass && e.LevelCode != "" {
					add(audience.Class, c.ID, e.LevelCode, side, pupil)
				}
			}
		}
	}
	add(audience.Person, person, "", audience.Everyone, 0)
	seated(person, audience.Pupils)
	for _, b := range w.bonds {
		if b.Guardian != person || !runs(b.From, b.Until, at) || w.judged(b, now, func(r directory.Restriction) bool { return r.NoAccess }) {
			continue
		}
		if !w.judged(b, now, func(r directory.Restriction) bool { return r.HidePlace }) {
			add(audience.Family, b.Pupil, "", audience.Everyone, b.Pupil)
			seated(b.Pupil, audience.Families)
		}
	}
	for _, f := range w.functions {
		if f.Person != person || !runs(f.From, f.Until, at) {
			continue
		}
		switch _, ofSchool := within[f.Structure]; {
		case !ofSchool && f.Profile == school.Municipal:
			add(audience.Commune, f.Structure, "", audience.MunicipalStaff, 0)
			add(audience.Project, 0, "", audience.MunicipalStaff, 0)
		case !ofSchool:
		case f.Profile == school.Teacher || f.Profile == school.Head:
			around(f.Structure, audience.Teaching, 0)
		case f.Profile == school.Staff || f.Profile == school.Admin:
			around(f.Structure, audience.SchoolStaff, 0)
		case f.Profile == school.CareAgent:
			add(audience.School, f.Structure, "", audience.CareStaff, 0)
		}
		switch f.Profile {
		case school.Teacher, school.Head:
			for _, c := range w.in(person, f.Structure, directory.AsTeacher, at) {
				add(audience.Place(c.Kind), c.ID, "", audience.Teaching, 0)
			}
		case school.Staff, school.Admin:
			for _, c := range w.helps(person, f.Structure, at) {
				add(audience.Place(c.Kind), c.ID, "", audience.SchoolStaff, 0)
			}
		}
	}
	list := make([]ofPerson, 0, len(held))
	for one := range held {
		list = append(list, one)
	}
	slices.SortFunc(list, compare)
	return list
}

func compare(a, b ofPerson) int {
	return cmp.Or(cmp.Compare(a.id, b.id), cmp.Compare(a.child, b.child))
}

// in lists the classes of a school where somebody is something at an instant.
func (w world) in(person, of school.ID, as directory.Role, at time.Time) (classes []directory.Class) {
	for _, c := range w.classes {
		for _, m := range w.memberships {
			if m.Person == person && m.Class == c.ID && m.Role == as && c.School == of && runs(m.From, m.Until, at) && runs(c.From, c.Until, at) {
				classes = append(classes, c)
			}
		}
	}
	return classes
}

// helps lists the classes of a school where somebody was given to help at an instant.
func (w world) helps(person, of school.ID, at time.Time) (classes []directory.Class) {
	for _, c := range w.classes {
		for _, g := range w.grants {
			if g.Person == person && g.Class == c.ID && g.School == of && g.Function == "" && c.School == of && runs(g.From, g.Until, at) && runs(c.From, c.Until, at) {
				classes = append(classes, c)
			}
		}
	}
	return classes
}

func (w world) judged(b directory.Bond, now time.Time, of func(directory.Restriction) bool) bool {
	return slices.ContainsFunc(w.restrictions, func(r directory.Restriction) bool {
		return r.Pupil == b.Pupil && r.Guardian == b.Guardian && of(r) && runs(r.From, r.Until, now)
	})
}

// What the register says of audiences, from people to audiences and back, is what one
// says who goes through every row.
func TestAudiencesOfAnyWorld(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		undone := errors.New("undone")
		rapid.Check(t, func(r *rapid.T) {
			w := anyWorld(r)
			err := d.Write(t.Context(), func(tx *db.Tx) error {
				if err := w.put(tx); err != nil {
					return err
				}
				tx.Now = day(rapid.IntRange(0, days).Draw(r, "now"))
				w.check(r, tx)
				return undone
			})
			if !errors.Is(err, undone) {
				r.Fatal(err)
			}
		})
	}, directory.Schema())
}

// check compares what is said at the clock of tx.
func (w world) check(t *rapid.T, tx *db.Tx) {
	reach := map[audience.ID][]audience.Reached{}
	for i := range people {
		person := firstOfPeople + school.ID(i)
		holdings, err := directory.Audiences{}.Held(tx, person)
		if err != nil {
			t.Fatal(err)
		}
		for n := 0; !day(n).After(tx.Now); n++ {
			var got []ofPerson
			for _, h := range holdings.At(day(n)) {
				got = append(got, ofPerson{h.ID(), h.Child})
			}
			slices.SortFunc(got, compare)
			got = slices.Compact(got) // in two rows that run at once
			if want := w.holds(person, day(n), tx.Now); !slices.Equal(got, want) {
				t.Fatalf("on %s, of %s: %d holds\n%v, want\n%v", tx.Now, day(n), person, got, want)
			}
		}
		for _, one := range w.holds(person, tx.Now, tx.Now) {
			reached := reach[one.id]
			if person != w.organisation {
				reached = append(reached, audience.Reached{Person: person, Child: one.child})
			}
			reach[one.id] = reached
		}
	}
	for id, want := range reach {
		a, err := audience.Parse(id)
		if err != nil {
			t.Fatal(err)
		}
		slices.SortFunc(want, func(a, b audience.Reached) int {
			return cmp.Or(cmp.Compare(a.Child, b.Child), cmp.Compare(a.Person, b.Person))
		})
		got, err := directory.Audiences{}.Reach(tx, a)
		if err != nil || !slices.Equal(got, want) {
			t.Fatalf("on %s, %s reaches %v, want %v (%v)", tx.Now, id, got, want, err)
		}
		n, err := directory.Audiences{}.Count(tx, a, a)
		if want := number(want); n != want || err != nil {
			t.Fatalf("on %s, %s reaches %+v, want %+v (%v)", tx.Now, id, n, want, err)
		}
	}
}

func number(reached []audience.Reached) (n audience.Number) {
	grown, children := map[school.ID]bool{}, map[school.ID]bool{}
	for _, r := range reached {
		grown[r.Person] = true
		if r.Child != 0 {
			children[r.Child] = true
		}
	}
	return audience.Number{People: len(grown), Children: len(children)}
}
