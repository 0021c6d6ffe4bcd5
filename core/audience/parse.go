package audience

import (
	"fmt"
	"slices"
	"strings"

	"preau/core/school"
)

// sides are those of each place: agents of a commune are of no school.
var sides = map[Place][]Side{
	Project: {Pupils, Families, Teaching, SchoolStaff, MunicipalStaff},
	Commune: {Pupils, Families, Teaching, SchoolStaff, MunicipalStaff},
	RPI:     {Pupils, Families, Teaching, SchoolStaff},
	School:  {Pupils, Families, Teaching, SchoolStaff, CareStaff},
	Class:   {Pupils, Families, Teaching, SchoolStaff}, // who helps in it
	Group:   {Pupils, Families, Teaching, SchoolStaff},
	Family:  {Everyone},
	Person:  {Everyone},
}

// Parse reads the text form.
func Parse(id ID) (Audience, error) {
	parts := strings.Split(string(id), ":")
	a := Audience{Place: Place(parts[0])}
	rest := parts[1:]
	if a.Place != Project && len(rest) > 0 {
		of, level, _ := strings.Cut(rest[0], "/")
		var err error
		if a.Of, err = school.ParseID(of); err != nil {
			return Audience{}, fmt.Errorf("audience %q: %w", id, err)
		}
		a.Level, rest = level, rest[1:]
	}
	if len(rest) > 0 {
		a.Side = Side(rest[0])
	}
	if a.ID() != id || !a.known() {
		return Audience{}, fmt.Errorf("audience %q: no such audience", id)
	}
	return a, nil
}

// known tells whether the place has that side, and the level is one.
func (a Audience) known() bool {
	of, ok := sides[a.Place]
	switch {
	case !ok || !slices.Contains(of, a.Side) || (a.Of == 0) != (a.Place == Project):
		return false
	case a.Level == "":
		return true
	}
	return a.Place == Class && (a.Side == Pupils || a.Side == Families) && !strings.ContainsFunc(a.Level, func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'A' || r > 'Z')
	})
}
