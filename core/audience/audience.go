// Package audience says who a thing is for, and who may see it: the only
// answer to that question, for every room that publishes.
//
// What a school publishes is addressed to audiences; one sees what is
// addressed to the audiences one holds now. A thing addressed to 600
// families is one row with one audience, not 600 rows.
package audience

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"preau/core/db"
	"preau/core/school"
)

// Place is the kind of thing that an audience belongs to.
type Place string

// The places.
const (
	Project Place = "project"
	Commune Place = "commune"
	School  Place = "school"
	Class   Place = "class"
	Group   Place = "group"
	Family  Place = "family" // the guardians of one pupil; the identifier is the pupil's
	Person  Place = "person"
)

// Side is which of a place's people are meant. Staff is three: municipal
// agents are no part of what is said among teachers.
type Side string

// The sides.
const (
	Pupils         Side = "pupils"
	Families       Side = "families"
	Teaching       Side = "teaching"
	SchoolStaff    Side = "school-staff"
	MunicipalStaff Side = "municipal-staff"
	Everyone       Side = "" // for Family and Person, which have no sides
)

// sides are those of each place: agents of a commune are of no school.
var sides = map[Place][]Side{
	Project: {Pupils, Families, Teaching, SchoolStaff, MunicipalStaff},
	Commune: {Pupils, Families, Teaching, SchoolStaff, MunicipalStaff},
	School:  {Pupils, Families, Teaching, SchoolStaff},
	Class:   {Pupils, Families, Teaching},
	Group:   {Pupils, Families, Teaching},
	Family:  {Everyone},
	Person:  {Everyone},
}

// Audience is a place's side; in a class, Level narrows it to the pupils of
// one level ("1121") and their families.
type Audience struct {
	Place Place
	Of    school.ID // 0 for Project
	Level string
	Side  Side
}

// ID is an audience's text form, by which things are addressed in the
// database: "class:123:families", "class:123/1121:pupils", "family:7",
// "project:teaching".
type ID string

// ID gives the text form.
func (a Audience) ID() ID {
	id := string(a.Place)
	if a.Of != 0 {
		id += ":" + a.Of.String()
	}
	if a.Level != "" {
		id += "/" + a.Level
	}
	if a.Side != Everyone {
		id += ":" + string(a.Side)
	}
	return ID(id)
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

// Register tells which audiences a person holds. directory implements it.
type Register interface {
	// Of lists the audiences that the person holds at an instant, by bonds,
	// memberships and functions that run then. A guardian whose access a
	// judge has withdrawn holds none of the child's.
	Of(tx *db.Tx, person school.ID, at time.Time) ([]ID, error)
}

// String is for logs and test failures.
func (a Audience) String() string { return fmt.Sprintf("audience %s", a.ID()) }
