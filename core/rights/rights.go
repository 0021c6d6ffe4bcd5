package rights

import (
	"fmt"
	"maps"
	"slices"

	"preau/core/school"
)

// Right names one thing that one may do: the room, a dot, a verb
// ("register.attach-teacher").
type Right string

// Reach is how far a right goes from the person who holds it.
type Reach uint8

// The reaches, from the nearest to the farthest.
const (
	Nowhere  Reach = iota
	Self           // oneself
	Children       // the pupils whose guardian one is, where the bond gives access
	Followed       // the pupils whom one was given to follow (AESH)
	Classes        // the classes where one is a pupil, teaches or helps
	Schools        // the schools of one's bonds and functions
	Area           // the schools within one's commune, circonscription, département or académie
	Project        // everything
)

var reachNames = [...]string{"nowhere", "self", "children", "followed", "classes", "schools", "area", "project"}

// String gives the reach's name, as docs/rights.md prints it.
func (r Reach) String() string { return reachNames[r] }

// Holders says how far each profile holds a right. A profile that is not
// named does not hold it.
type Holders map[school.Profile]Reach

// Table is the rights of one room, with their default holders.
type Table map[Right]Holders

// Function names rights that whoever holds them may lend together, over a class
// or a school and until a day: "accounts".
type Function string

// Lent is a function that was lent to somebody: over a class, or over the whole
// school when Class is 0.
type Lent struct {
	ID            school.ID // of the loan
	Function      Function
	School, Class school.ID
}

// reaches tells whether what was lent reaches an object.
func (l Lent) reaches(o Object) bool {
	if l.Class != 0 {
		return o.Class == l.Class
	}
	return o.School == l.School
}

// Actor is who acts: a person with one hat, and what that hat holds now.
// The zero Actor is a visitor, who holds nothing.
type Actor struct {
	Person  school.ID
	Profile school.Profile

	Children []school.ID // pupils, for Children
	Followed []school.ID // pupils, for Followed
	Classes  []school.ID // for Classes
	Schools  []school.ID // for Schools
	Areas    []school.ID // structures above schools, for Area

	Lent []Lent // by somebody who holds it
}

// Borrows tells whether a function was lent to the actor over a whole school.
func (a Actor) Borrows(function Function, at school.ID) bool {
	return slices.ContainsFunc(a.Lent, func(l Lent) bool { return l.Function == function && l.School == at && l.Class == 0 })
}

// Object is what one acts on: the identifiers that it has among these. Areas
// are the structures that its school is within.
type Object struct {
	Person, Pupil, Class, School school.ID
	Areas                        []school.ID
}

// Whole is the whole project: only the reach [Project] goes as far.
var Whole = Object{}

// Matrix is every right of the house with its holders.
type Matrix struct {
	holders map[Right]Holders
	lent    map[Right]Function // the rights that may be lent
}

// New gathers the tables of the rooms. It refuses a right that two rooms
// declare, and a profile that does not exist.
func New(tables ...Table) (*Matrix, error) {
	m := &Matrix{holders: map[Right]Holders{}, lent: map[Right]Function{}}
	for _, table := range tables {
		for right, holders := range table {
			if _, twice := m.holders[right]; twice {
				return nil, fmt.Errorf("rights: %s is declared twice", right)
			}
			for profile := range holders {
				if !profile.Known() {
					return nil, fmt.Errorf("rights: %s names %q, which is no profile", right, profile)
				}
			}
			m.holders[right] = holders
		}
	}
	return m, nil
}

// Lend says which rights go with a function that is lent.
func (m *Matrix) Lend(function Function, rights ...Right) error {
	for _, right := range rights {
		if !m.Declared(right) || m.lent[right] != "" {
			return fmt.Errorf("rights: %s cannot be lent as %s", right, function)
		}
		m.lent[right] = function
	}
	return nil
}

// LentAs tells with which function a right goes; empty when it is not lent.
func (m *Matrix) LentAs(right Right) Function { return m.lent[right] }

// Functions lists the functions that are lent, sorted.
func (m *Matrix) Functions() []Function {
	return slices.Compact(slices.Sorted(maps.Values(m.lent)))
}

// MayLend tells whether the actor holds by themselves, over an object, every
// right that goes with a function: nobody lends what was lent to them.
func (m *Matrix) MayLend(a Actor, function Function, o Object) bool {
	known := false
	for right, goes := range m.lent {
		if goes != function {
			continue
		}
		if !m.holds(a, right, o) {
			return false
		}
		known = true
	}
	return known
}

// Rights lists every right, sorted.
func (m *Matrix) Rights() []Right {
	list := make([]Right, 0, len(m.holders))
	for right := range m.holders {
		list = append(list, right)
	}
	slices.Sort(list)
	return list
}

// Reach says how far a profile holds a right.
func (m *Matrix) Reach(profile school.Profile, right Right) Reach { return m.holders[right][profile] }

// Declared tells whether some room declares the right.
func (m *Matrix) Declared(right Right) bool {
	_, ok := m.holders[right]
	return ok
}

// Allows is the gate of a route: does the actor hold the right anywhere?
func (m *Matrix) Allows(a Actor, right Right) bool {
	return m.Reach(a.Profile, right) != Nowhere || slices.ContainsFunc(a.Lent, m.lends(right))
}

// lends tells what was lent that a right goes with.
func (m *Matrix) lends(right Right) func(Lent) bool {
	return func(l Lent) bool { return l.Function == m.lent[right] && l.Function != "" }
}

// Can is the gate of one object.
func (m *Matrix) Can(a Actor, right Right, o Object) bool {
	return m.holds(a, right, o) || m.loan(a, right, o) >= 0
}

// Loan tells by which loan an actor may act on an object: 0 for whoever may by
// themselves, and for whoever may not.
func (m *Matrix) Loan(a Actor, right Right, o Object) school.ID {
	i := m.loan(a, right, o)
	if i < 0 || m.holds(a, right, o) {
		return 0
	}
	return a.Lent[i].ID
}

// loan finds what was lent that opens an object.
func (m *Matrix) loan(a Actor, right Right, o Object) int {
	return slices.IndexFunc(a.Lent, func(l Lent) bool { return m.lends(right)(l) && l.reaches(o) })
}

// holds is the gate of one object for what an actor holds by themselves.
func (m *Matrix) holds(a Actor, right Right, o Object) bool {
	switch m.Reach(a.Profile, right) {
	case Self:
		return o.Person != 0 && o.Person == a.Person
	case Children:
		return slices.Contains(a.Children, o.Pupil)
	case Followed:
		return slices.Contains(a.Followed, o.Pupil)
	case Classes:
		return slices.Contains(a.Classes, o.Class)
	case Schools:
		return slices.Contains(a.Schools, o.School)
	case Area:
		return slices.ContainsFunc(a.Areas, func(id school.ID) bool { return slices.Contains(o.Areas, id) })
	case Project:
		return true
	}
	return false
}
