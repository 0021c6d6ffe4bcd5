package feed

import (
	"strings"
	"time"

	"preau/core/db"
	"preau/core/school"
	"preau/directory"
	"preau/directory/aaf"
)

// midnight is the first instant, in Paris, of a day given as midnight UTC.
func midnight(day time.Time) db.Time {
	return db.At(time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, school.Paris))
}

// isoDay writes a day as the register keeps it.
func isoDay(day time.Time) string {
	if day.IsZero() {
		return ""
	}
	return day.Format(time.DateOnly)
}

// wants is the rows that a record says.
type wants struct {
	person      directory.Person
	enrolments  []directory.Enrolment
	memberships []directory.Membership
	bonds       []directory.Bond
	functions   []directory.Function
}

// name writes the names of a record over a person's.
func name(p *directory.Person, r *aaf.Record, n *aaf.Name) {
	set(&p.Civility, r, "ENTPersonCivilite", n.Civility)
	set(&p.BirthName, r, "ENTPersonNomPatro", school.Proper(n.Birth))
	set(&p.UsualName, r, "ENTPersonNom", school.Proper(n.Usual))
	set(&p.FirstName, r, "ENTPersonPrenom", school.Proper(n.First))
	set(&p.OtherNames, r, "ENTPersonAutresPrenoms", strings.Join(n.Others, ", "))
	p.SortKey = directory.SortKey(p.UsualName, p.FirstName)
}

// set writes a value that the record carries; one that it does not carry is
// left as it is.
func set[T any](into *T, r *aaf.Record, attribute string, value T) {
	if r.Has(attribute) {
		*into = value
	}
}

// pupilWants makes a pupil's rows. An attribute that a modification does not
// carry keeps its rows: their list is nil, which is not the same as empty.
func (a *application) pupilWants(r *aaf.Record, person directory.Person, current *rows) (wants, bool) {
	p := r.Pupil
	want := wants{person: person}
	name(&want.person, r, &p.Name)
	set(&want.person.INE, r, "ENTEleveINE", p.INE)
	set(&want.person.BirthDate, r, "ENTPersonDateNaissance", isoDay(p.BirthDate))
	set(&want.person.Mail, r, "ENTPersonMail", p.Mail)

	want.enrolments = a.enrolments(r, current)
	if r.Has("ENTPersonStructRattach") && len(want.enrolments) == 0 {
		return want, false
	}
	if r.Has("ENTPersonClasses") || r.Has("ENTPersonGroupes") {
		want.memberships = a.memberships(r, current)
	}
	if r.Has("ENTEleveAutoriteParentale") {
		want.bonds = []directory.Bond{}
		for _, authority := range p.Guardians {
			if id, ok := a.c.resolve(a.w.now.Time, aaf.Guardians, authority.Guardian); !ok {
				a.incomplete = true // reported with the survey
			} else {
				want.bonds = append(want.bonds, directory.Bond{
					Guardian: id, From: a.start, Link: authority.Link, Authority: authority.Link != "", // ONDE names guardians, and not what they are
					Level: authority.Level, Priority: authority.Priority,
				})
			}
		}
	}
	return want, true
}

// enrolments makes a pupil's enrolments: one a school, over the current ones
// for what a modification does not say.
func (a *application) enrolments(r *aaf.Record, current *rows) []directory.Enrolment {
	p := r.Pupil
	list := []directory.Enrolment{}
	if r.Has("ENTPersonStructRattach") {
		for _, key := range p.Schools {
			id, ok := a.g.ids[key]
			if !ok {
				a.lacksPlace(r, key, "ENTPersonStructRattach")
				continue
			}
			e := directory.Enrolment{School: id, Year: a.year, From: a.entered(p, p.Enrolled)}
			for _, have := range current.enrolments {
				if have.School == id && have.Until.IsZero() {
					e = have
					e.Year = a.year
				}
			}
			list = append(list, e)
		}
	} else { // they stay where they are, in the year that they are in
		for _, have := range current.enrolments {
			if have.Until.IsZero() {
				list = append(list, have)
			}
		}
	}
	for i := range list {
		e := &list[i]
		if r.Has("ENTEleveNiveau") {
			e.LevelCode, e.Level = p.Level.Code, p.Level.Label
		}
		set(&e.Cycle, r, "ENTEleveCycle", p.Cycle.Code)
		set(&e.Canteen, r, "ENTEleveRestaurantScolaire", p.Canteen)
		set(&e.Transport, r, "ENTEleveTransport", p.Transport)
		set(&e.MorningCare, r, "ENTEleveGarderieMatin", p.MorningCare)
		set(&e.EveningCare, r, "ENTEleveGarderieSoir", p.EveningCare)
		set(&e.Study, r, "ENTEleveEtudesSurveillees", p.Study)
	}
	return list
}

// entered is when a stay begins: the day that the record says, unless it is
// of a year past, else the delivery's.
func (a *application) entered(p *aaf.Pupil, day time.Time) db.Time {
	if day.IsZero() && len(p.Entries) > 0 {
		day = p.Entries[len(p.Entries)-1].Day
	}
	if day.IsZero() || school.YearOf(day) != a.year {
		return a.start
	}
	return midnight(day)
}

// memberships makes a pupil's places in classes and groups.
func (a *application) memberships(r *aaf.Record, current *rows) []directory.Membership {
	p := r.Pupil
	list := []directory.Membership{}
	for _, part := range []struct {
		attribute string
		kind      directory.ClassKind
		said      []aaf.Membership
	}{
		{"ENTPersonClasses", directory.OrdinaryClass, p.Classes},
		{"ENTPersonGroupes", directory.Group, p.Groups},
	} {
		if !r.Has(part.attribute) { // the other one is said: these stay
			for _, m := range current.memberships {
				if m.Until.IsZero() && a.kinds[m.Class] == part.kind {
					list = append(list, m)
				}
			}
			continue
		}
		for _, m := range part.said {
			class := a.classes[classIdentity{a.g.ids[m.School], part.kind, m.Key}]
			if class == nil {
				a.lacksPlace(r, m.School, part.attribute)
				continue
			}
			from, until := a.stay(p, m)
			list = append(list, directory.Membership{Class: class.ID, Role: directory.AsPupil, From: from, Until: until})
		}
	}
	return list
}

// stay is when a pupil entered a class, and left it.
func (a *application) stay(p *aaf.Pupil, m aaf.Membership) (from, until db.Time) {
	from = a.start
	for _, entry := range p.Entries {
		if entry.Class == m.Key && entry.School == m.School && school.YearOf(entry.Day) == a.year {
			from = midnight(entry.Day)
		}
	}
	for _, exit := range p.Exits {
		if exit.Class == m.Key && exit.School == m.School {
			until = midnight(exit.Day)
		}
	}
	return from, until
}
