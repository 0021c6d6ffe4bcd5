package feed

import (
	"slices"

	"preau/core/school"
	"preau/directory"
	"preau/directory/aaf"
)

// The code of the rows that attributes other than ENTPersonFonctions say.
const (
	codeHead     = "DIR" // ENTEnsFonctionDir
	codeAttached = ""    // ENTPersonStructRattach alone
)

// staffWants makes the rows of a member of a staff.
func (a *application) staffWants(r *aaf.Record, person directory.Person, current *rows) wants {
	s := r.Staff
	want := wants{person: person}
	name(&want.person, r, &s.Name)
	set(&want.person.Mail, r, "ENTPersonMail", s.Mail)
	if r.Has("ENTPersonFonctions") || r.Has("ENTEnsFonctionDir") || r.Has("ENTPersonStructRattach") || r.Has("ENTPersonCategorieEnseignant") {
		want.functions = a.functions(r, current)
	}
	return want
}

// functions makes one row a function. A head is whoever ENTEnsFonctionDir
// says, or whose function is a direction: the two do not always agree, and
// missing a head costs a school more than naming one too many.
func (a *application) functions(r *aaf.Record, current *rows) []directory.Function {
	s := r.Staff
	teaching := s.Teaching
	if !r.Has("ENTPersonCategorieEnseignant") {
		teaching = taught(current.functions)
	}
	list := []directory.Function{}
	heads, named := map[school.ID]bool{}, map[school.ID]bool{}
	put := func(f directory.Function) {
		f.Year, f.From = a.year, a.start
		named[f.Structure] = true
		heads[f.Structure] = heads[f.Structure] || f.Profile == school.Head
		list = append(list, f)
	}
	if r.Has("ENTPersonFonctions") {
		for _, f := range s.Functions {
			id, ok := a.g.ids[f.Structure]
			if !ok {
				a.lacksPlace(r, f.Structure, "ENTPersonFonctions")
				continue
			}
			put(directory.Function{
				Structure: id, Code: f.Function.Code, Specialty: f.Specialty.Code, Label: functionLabel(f),
				Profile: profile(teaching, f, a.g.kinds[id]),
			})
		}
	} else {
		a.carry(current, teaching, put, func(code string) bool { return code != codeHead && code != codeAttached })
	}
	if r.Has("ENTEnsFonctionDir") {
		for _, key := range s.Directs {
			if id, ok := a.g.ids[key]; !ok {
				a.lacksPlace(r, key, "ENTEnsFonctionDir")
			} else if !heads[id] {
				put(directory.Function{Structure: id, Code: codeHead, Label: "DIRECTION", Profile: school.Head})
			}
		}
	} else {
		a.carry(current, teaching, put, func(code string) bool { return code == codeHead })
	}
	if r.Has("ENTPersonStructRattach") {
		for _, key := range s.Schools {
			if id, ok := a.g.ids[key]; !ok {
				a.lacksPlace(r, key, "ENTPersonStructRattach")
			} else if !named[id] {
				put(directory.Function{Structure: id, Code: codeAttached, Profile: plainProfile(teaching, a.g.kinds[id])})
			}
		}
	} else {
		a.carry(current, teaching, put, func(code string) bool { return code == codeAttached })
	}
	return list
}

// carry puts the current functions that a modification does not speak of.
func (a *application) carry(current *rows, teaching bool, put func(directory.Function), concerned func(code string) bool) {
	for _, f := range current.functions {
		if f.Until.IsZero() && f.Source == a.c.source.ID && concerned(f.Code) {
			if f.Profile != school.Head {
				f.Profile = plainProfile(teaching, a.g.kinds[f.Structure])
			}
			put(f)
		}
	}
}

// taught tells whether somebody's open functions are a teacher's.
func taught(functions []directory.Function) bool {
	return slices.ContainsFunc(functions, func(f directory.Function) bool {
		return f.Until.IsZero() && (f.Profile == school.Teacher || f.Profile == school.Head)
	})
}

// profile is what a function makes of a person. "-" is no function, but ties
// the person to the school all the same.
func profile(teaching bool, f aaf.Function, kind directory.Kind) school.Profile {
	if f.Heads() && kind == directory.School {
		return school.Head
	}
	return plainProfile(teaching, kind)
}

func plainProfile(teaching bool, kind directory.Kind) school.Profile {
	switch {
	case kind != directory.School:
		return school.Pilot
	case teaching:
		return school.Teacher
	}
	return school.Admin
}

func functionLabel(f aaf.Function) string {
	if f.Specialty.Label != "" && f.Specialty.Label != f.Function.Label {
		return f.Function.Label + " · " + f.Specialty.Label
	}
	return f.Function.Label
}
