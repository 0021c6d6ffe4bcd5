package file

import (
	"slices"
	"strings"
	"time"

	"preau/core/audience"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
)

// kind is of what a space is.
type kind string

// The kinds of spaces.
const (
	ofPerson   kind = "person"
	ofAClass   kind = "class" // or a group
	ofASchool  kind = "school"
	ofACommune kind = "commune"
)

// space is where files are kept. It has no identifier until something is put there.
type space struct {
	ID     school.ID
	Kind   kind
	Of     school.ID // the person, the class or group, the school, the commune
	Owner  school.ID // the person; 0: it is nobody's alone
	School school.ID // 0: of no school
	Used   int64     // bytes of all that is kept
	Chosen int64     // how many it may have, where somebody chose; 0: what its kind has
	Ends   time.Time // the end of the school year of a class; zero: it has none
	Name   string    // as the visitor knows it; not stored
}

// How many bytes a space has, unless somebody chose.
const (
	gigabyte      = 1_000_000_000
	quotaOfPupil  = gigabyte / 2
	quotaOfPerson = 4 * gigabyte
	quotaOfClass  = 10 * gigabyte
	quotaOfPlace  = 20 * gigabyte
)

// quota is how many bytes a space may have.
func (s space) quota(profile school.Profile) int64 {
	switch {
	case s.Chosen > 0:
		return s.Chosen
	case s.Kind == ofPerson && profile == school.Pupil:
		return quotaOfPupil
	case s.Kind == ofPerson:
		return quotaOfPerson
	case s.Kind == ofAClass:
		return quotaOfClass
	}
	return quotaOfPlace
}

// spot is the path of a place: "person-9", "class-12", "school-3", "commune-4" for the top of a space, or the
// identifier of an entry.
func (s space) spot() string { return string(s.Kind) + "-" + s.Of.String() }

// isMe tells whether somebody is the visitor, by any record that is one with theirs.
func isMe(r *web.Request, person school.ID) (bool, error) {
	if person == 0 || person == r.Actor.Person {
		return person != 0, nil
	}
	records, err := directory.Records(r.Tx, r.Actor.Person)
	return slices.Contains(records, person), err
}

// spaceAt reads the space that a spot is the top of, whether something was put there already or not; false
// of another spot.
func spaceAt(r *web.Request, spot string) (s space, is bool, err error) {
	of, id, found := strings.Cut(spot, "-")
	if !found {
		return s, false, nil
	}
	s.Kind = kind(of)
	if s.Of, err = school.ParseID(id); err != nil {
		return s, true, fail.New(fail.NotFound, "the spot %.40q: %w", spot, err)
	}
	switch s.Kind {
	case ofPerson:
		s.Owner = s.Of
	case ofAClass:
		class, err := directory.Classes.One(r.Tx, "id = $1", s.Of)
		if err != nil {
			return s, true, err
		}
		s.School, s.Ends = class.School, class.Year.End()
	case ofASchool:
		s.School = s.Of
	case ofACommune:
	default:
		return s, true, fail.New(fail.NotFound, "the spot %.40q", spot)
	}
	s, err = spaceOf(r.Tx, s)
	return s, true, err
}

// level is what somebody may do with an entry, or in a space.
type level uint8

// The levels, each with what those before it allow.
const (
	nothing level = iota
	reads         // what is there
	drops         // put something there, and see of the others' nothing
	writes        // add, change, put in the bin
	keeps         // and open it to others
)

// levelIn is what the visitor may do in a space, by what it is of: what was opened to them apart.
func levelIn(r *web.Request, s space) (level, error) {
	switch s.Kind {
	case ofPerson:
		me, err := isMe(r, s.Owner)
		if err != nil || !me || !r.Holds(own) {
			return nothing, err
		}
		return keeps, nil
	case ofAClass:
		return levelInClass(r, s)
	case ofASchool:
		return firstOf(r, rights.Object{School: s.School}, granted{leadSchool, keeps}, granted{ofSchool, writes})
	case ofACommune:
		return firstOf(r, rights.Object{Areas: []school.ID{s.Of}}, granted{ofCommune, keeps})
	}
	return nothing, nil
}

// levelInClass is what the visitor may do in the space of a class: who taught it reads what is left of it.
func levelInClass(r *web.Request, s space) (level, error) {
	l, err := firstOf(r, rights.Object{Class: s.Of, School: s.School}, granted{ofClass, keeps}, granted{helpsClass, reads})
	if err != nil || l != nothing || !r.Holds(ofClass) {
		return l, err
	}
	held, err := r.Held()
	for _, h := range held {
		if (h.Place == audience.Class || h.Place == audience.Group) && h.Of == s.Of && h.Side == audience.Teaching {
			return reads, err
		}
	}
	return nothing, err
}

// granted is what a right allows.
type granted struct {
	right rights.Right
	level level
}

// firstOf is what the first of some rights that reaches an object allows.
func firstOf(r *web.Request, object rights.Object, all ...granted) (level, error) {
	for _, g := range all {
		err := r.Can(g.right, object)
		if err == nil {
			return g.level, nil
		}
		if !fail.Is(err, fail.NotFound) {
			return nothing, err
		}
	}
	return nothing, nil
}

// nameSpace says what a space is called.
func nameSpace(r *web.Request, s *space) error {
	switch s.Kind {
	case ofPerson:
		me, err := isMe(r, s.Owner)
		if err != nil || me {
			s.Name = r.Say("file.mine")
			return err
		}
		people, err := directory.SomeBy(r.Tx, s.Owner)
		s.Name = r.Say("file.of-person", people[s.Owner].Formal())
		return err
	case ofAClass:
		class, err := directory.Classes.One(r.Tx, "id = $1", s.Of)
		s.Name = class.Label
		return err
	default:
		at, err := directory.StructureByID(r.Tx, s.Of)
		s.Name = at.Name
		return err
	}
}

// ensure gives a space its row, as something is put there.
func ensure(tx *db.Tx, s *space) error {
	if s.ID != 0 {
		return nil
	}
	if err := putSpace(tx, *s, school.NewID(tx.Now)); err != nil {
		return err
	}
	stored, err := spaceOf(tx, *s)
	stored.Name = s.Name
	*s = stored
	return err
}
