package directory

import (
	"time"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
)

// Appointment gives a function that no delivery gives: an agent of a commune,
// a pilot of an académie, an operator. It always has a granter and a reason.
type Appointment struct {
	// Person is 0 for somebody whom the register does not know: then the
	// names make them.
	Person                 school.ID
	Civility, First, Usual string
	Mail                   string

	Structure school.ID
	Profile   school.Profile
	Label     string
	Until     time.Time // zero: until it is ended
	By        school.ID // 0: the command line
	Reason    string
}

// Appoint records an appointment, and gives the person's identifier.
func Appoint(tx *db.Tx, a Appointment) (school.ID, error) {
	if !a.Profile.Known() || a.Profile == school.Pupil || a.Profile == school.Guardian {
		return 0, fail.New(fail.Invalid, "nobody is appointed %q", a.Profile)
	}
	if a.Reason == "" {
		return 0, fail.New(fail.Invalid, "an appointment without a reason")
	}
	if _, err := StructureByID(tx, a.Structure); err != nil {
		return 0, err
	}
	if a.Person == 0 {
		if a.Usual == "" {
			return 0, fail.New(fail.Invalid, "an appointment of nobody")
		}
		a.Person = school.NewID(tx.Now)
		err := Persons.Insert(tx, Person{
			ID: a.Person, Civility: a.Civility, UsualName: a.Usual, FirstName: a.First, Mail: a.Mail,
			SortKey: SortKey(a.Usual, a.First),
		})
		if err != nil {
			return 0, err
		}
	}
	return a.Person, Functions.Insert(tx, Function{
		Person: a.Person, Structure: a.Structure, Year: school.YearOf(tx.Now), Code: string(a.Profile),
		From: db.At(tx.Now), Until: db.At(a.Until), Profile: a.Profile, Label: a.Label, GrantedBy: a.By, Reason: a.Reason,
	})
}

// TheProject gives the structure of the whole installation, made when it is
// asked for the first time.
func TheProject(tx *db.Tx) (school.ID, error) {
	s, err := Structures.One(tx, "ref = 'project'")
	if !fail.Is(err, fail.NotFound) {
		return s.ID, err
	}
	s = Structure{ID: school.NewID(tx.Now), Ref: "project", Kind: Project, Name: "Préau", NameKey: "preau", From: db.At(tx.Now)}
	return s.ID, Structures.Insert(tx, s)
}

// StructureByRef finds a structure by what the world calls it:
// "commune:78999", "circonscription…", "academy:025", "uai:0789001K".
func StructureByRef(tx *db.Tx, ref string) (Structure, error) {
	return Structures.One(tx, "ref = $1", ref)
}
