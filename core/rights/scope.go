package rights

import (
	"fmt"
	"strings"

	"preau/core/school"
)

// Columns says where a list's query has what the reaches compare: SQL
// expressions, each an identifier. A reach whose expression is empty finds
// nothing. InArea is a condition with one %s, which takes the placeholders
// of the actor's areas.
type Columns struct {
	Person, Pupil, Class, School string
	InArea                       string
}

// Scope is the gate of a list: a condition for its WHERE clause, and args
// with the condition's own values appended. The numbers of its placeholders
// follow those of args.
func (m *Matrix) Scope(a Actor, right Right, c Columns, args ...any) (string, []any) {
	where, args := m.scope(a, right, c, args)
	var schools, classes []school.ID
	for _, l := range a.Lent {
		switch {
		case !m.lends(right)(l):
		case l.Class != 0:
			classes = append(classes, l.Class)
		default:
			schools = append(schools, l.School)
		}
	}
	for _, lent := range []struct {
		column string
		ids    []school.ID
	}{{c.School, schools}, {c.Class, classes}} {
		if lent.column != "" && len(lent.ids) > 0 {
			var more string
			more, args = among(lent.column, lent.ids, args)
			where = "(" + where + " OR " + more + ")"
		}
	}
	return where, args
}

// scope is the gate of a list for what an actor holds by themselves.
func (m *Matrix) scope(a Actor, right Right, c Columns, args []any) (string, []any) {
	switch m.Reach(a.Profile, right) {
	case Self:
		return among(c.Person, []school.ID{a.Person}, args)
	case Children:
		return among(c.Pupil, a.Children, args)
	case Followed:
		return among(c.Pupil, a.Followed, args)
	case Classes:
		return among(c.Class, a.Classes, args)
	case Schools:
		return among(c.School, a.Schools, args)
	case Area:
		if c.InArea == "" || len(a.Areas) == 0 {
			return "FALSE", args
		}
		places, args := placeholders(a.Areas, args)
		return fmt.Sprintf(c.InArea, places), args
	case Project:
		return "TRUE", args
	}
	return "FALSE", args
}

func among(column string, ids []school.ID, args []any) (string, []any) {
	if column == "" || len(ids) == 0 {
		return "FALSE", args
	}
	places, args := placeholders(ids, args)
	return column + " IN (" + places + ")", args
}

func placeholders(ids []school.ID, args []any) (string, []any) {
	places := make([]string, len(ids))
	for i, id := range ids {
		args = append(args, int64(id))
		places[i] = fmt.Sprintf("$%d", len(args))
	}
	return strings.Join(places, ", "), args
}
