package audience

import (
	"fmt"

	"preau/core/school"
)

// Place is the kind of thing that an audience belongs to.
type Place string

// The places.
const (
	Project Place = "project"
	Commune Place = "commune"
	RPI     Place = "rpi" // regroupement pédagogique intercommunal: schools that share their classes
	School  Place = "school"
	Class   Place = "class"
	Group   Place = "group"
	Family  Place = "family" // the guardians of one pupil; the identifier is the pupil's
	Person  Place = "person"
)

// Side is which of a place's people are meant. Staff is four: municipal
// agents are no part of what is said among teachers, nor are those of the
// canteen and of the hours around class, whom a school tells what is urgent and nothing else.
type Side string

// The sides.
const (
	Pupils         Side = "pupils"
	Families       Side = "families"
	Teaching       Side = "teaching"
	SchoolStaff    Side = "school-staff"
	MunicipalStaff Side = "municipal-staff"
	CareStaff      Side = "care-staff"
	Everyone       Side = "" // for Family and Person, which have no sides
)

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

// String is for logs and test failures.
func (a Audience) String() string { return fmt.Sprintf("audience %s", a.ID()) }
