package rights

import (
	"slices"
	"testing"

	"preau/core/school"
)

const (
	readFile Right = "file.read"
	runAll   Right = "file.run"
)

func matrix(t *testing.T) *Matrix {
	t.Helper()
	m, err := New(Table{
		readFile: {
			school.Pupil: Self, school.Guardian: Children, school.Staff: Followed, school.Teacher: Classes,
			school.Head: Schools, school.Municipal: Area, school.Admin: Project,
		},
		runAll: {},
	})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestTablesAreRefused(t *testing.T) {
	if _, err := New(Table{readFile: {}}, Table{readFile: {}}); err == nil {
		t.Error("a right declared twice")
	}
	if _, err := New(Table{readFile: {"National_XXX": Self}}); err == nil {
		t.Error("a profile that does not exist")
	}
}

// Each reach is tried on the object it opens and on its neighbour, with the
// three gates: they must agree.
func TestReaches(t *testing.T) {
	m := matrix(t)
	columns := Columns{Person: "p", Pupil: "k", Class: "c", School: "s", InArea: "s IN (SELECT x FROM y WHERE z IN (%s))"}
	for _, c := range []struct {
		actor    Actor
		ours     Object
		theirs   Object
		sql      string
		arg      int64
		noColumn string
	}{
		{Actor{Person: 1, Profile: school.Pupil}, Object{Person: 1}, Object{Person: 2}, "p IN ($2)", 1, "FALSE"},
		{Actor{Person: 1, Profile: school.Guardian, Children: []school.ID{7}}, Object{Pupil: 7}, Object{Pupil: 8}, "k IN ($2)", 7, "FALSE"},
		{Actor{Profile: school.Staff, Followed: []school.ID{7}}, Object{Pupil: 7}, Object{Pupil: 8}, "k IN ($2)", 7, "FALSE"},
		{Actor{Profile: school.Teacher, Classes: []school.ID{3}}, Object{Class: 3}, Object{Class: 4, School: 3}, "c IN ($2)", 3, "FALSE"},
		{Actor{Profile: school.Head, Schools: []school.ID{5}}, Object{School: 5}, Object{School: 6}, "s IN ($2)", 5, "FALSE"},
		{Actor{Profile: school.Municipal, Areas: []school.ID{9}}, Object{Areas: []school.ID{1, 9}}, Object{Areas: []school.ID{1}}, "s IN (SELECT x FROM y WHERE z IN ($2))", 9, "FALSE"},
	} {
		if !m.Allows(c.actor, readFile) || m.Allows(c.actor, runAll) {
			t.Errorf("%s: the gate of the route is wrong", c.actor.Profile)
		}
		if !m.Can(c.actor, readFile, c.ours) || m.Can(c.actor, readFile, c.theirs) || m.Can(c.actor, readFile, Whole) {
			t.Errorf("%s: the gate of the object is wrong", c.actor.Profile)
		}
		sql, args := m.Scope(c.actor, readFile, columns, "first")
		if sql != c.sql || !slices.Equal(args, []any{"first", c.arg}) {
			t.Errorf("%s: scope is %q %v", c.actor.Profile, sql, args)
		}
		if sql, args := m.Scope(c.actor, readFile, Columns{}, "first"); sql != "FALSE" || len(args) != 1 {
			t.Errorf("%s: without its column, scope is %q %v", c.actor.Profile, sql, args)
		}
	}
}

func TestHoldersOfNothingAreRefused(t *testing.T) {
	m := matrix(t)
	for _, actor := range []Actor{{}, {Person: 4, Profile: school.Partner}, {Profile: school.Pupil}, {Profile: school.Guardian}} {
		if m.Can(actor, readFile, Whole) {
			t.Errorf("%q reads an object of nobody", actor.Profile)
		}
		if sql, _ := m.Scope(actor, runAll, Columns{Person: "p"}); sql != "FALSE" {
			t.Errorf("%q: scope is %s", actor.Profile, sql)
		}
	}
	if !m.Can(Actor{Profile: school.Admin}, readFile, Whole) {
		t.Error("the project's reach stops somewhere")
	}
	if sql, _ := m.Scope(Actor{Profile: school.Admin}, readFile, Columns{}); sql != "TRUE" {
		t.Error("the project's reach stops somewhere in lists")
	}
}

// lending is the matrix where reading files is lent.
func lending(t *testing.T) *Matrix {
	t.Helper()
	m := matrix(t)
	if err := m.Lend("files", readFile, runAll); err != nil {
		t.Fatal(err)
	}
	return m
}

func TestALoanIsRefused(t *testing.T) {
	m := lending(t)
	if err := m.Lend("more", "file.burn"); err == nil {
		t.Error("a right that nobody declares is lent")
	}
	if err := m.Lend("more", readFile); err == nil {
		t.Error("a right is lent with two functions")
	}
	if got := m.Functions(); !slices.Equal(got, []Function{"files"}) {
		t.Errorf("what is lent is %q", got)
	}
}

// One lends what one holds all the rights of, by oneself, and no function that is
// unknown.
func TestMayLend(t *testing.T) {
	m, err := New(Table{
		readFile: {school.Head: Schools, school.Teacher: Classes},
		runAll:   {school.Head: Schools},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Lend("files", readFile, runAll); err != nil {
		t.Fatal(err)
	}
	head, teacher := Actor{Profile: school.Head, Schools: []school.ID{5}}, Actor{Profile: school.Teacher, Classes: []school.ID{3}}
	borrower := Actor{Profile: school.Admin, Lent: []Lent{{Function: "files", School: 5}}}
	for name, c := range map[string]struct {
		actor    Actor
		function Function
		over     Object
		may      bool
	}{
		"who holds all of it":        {head, "files", Object{School: 5}, true},
		"elsewhere":                  {head, "files", Object{School: 6}, false},
		"what nobody lends":          {head, "file", Object{School: 5}, false},
		"who holds a part of it":     {teacher, "files", Object{Class: 3}, false},
		"to whom it was lent":        {borrower, "files", Object{School: 5}, false},
		"who is nothing":             {Actor{}, "files", Object{School: 5}, false},
		"who is of no school at all": {Actor{Profile: school.Head}, "files", Whole, false},
	} {
		if m.MayLend(c.actor, c.function, c.over) != c.may {
			t.Errorf("%s: lending is %t", name, !c.may)
		}
	}
}

// What is lent opens a school, or one of its classes, and nothing else, to the three
// gates.
func TestWhatIsLentIsReached(t *testing.T) {
	m := lending(t)
	columns := Columns{Class: "c", School: "s"}
	for _, c := range []struct {
		lent         Lent
		ours, theirs Object
		whole        bool // the school
		sql          string
		arg          int64
	}{
		{Lent{7, "files", 5, 0}, Object{Class: 3, School: 5}, Object{Class: 4, School: 6}, true, "(FALSE OR s IN ($2))", 5},
		{Lent{7, "files", 5, 3}, Object{Class: 3, School: 5}, Object{Class: 4, School: 5}, false, "(FALSE OR c IN ($2))", 3},
	} {
		actor := Actor{Profile: school.Partner, Lent: []Lent{c.lent}}
		if !m.Allows(actor, readFile) || !m.Can(actor, readFile, c.ours) {
			t.Errorf("%+v does not open", c.lent)
		}
		holder := actor
		holder.Profile, holder.Schools = school.Head, []school.ID{5}
		if m.Loan(actor, readFile, c.ours) != 7 || m.Loan(actor, readFile, c.theirs) != 0 || m.Loan(holder, readFile, c.ours) != 0 {
			t.Errorf("%+v: what one may by it is wrong", c.lent)
		}
		if m.Can(actor, readFile, c.theirs) || m.Can(actor, readFile, Whole) {
			t.Errorf("%+v opens more", c.lent)
		}
		if actor.Borrows("files", 5) != c.whole || actor.Borrows("files", 6) || actor.Borrows("other", 5) {
			t.Errorf("%+v: what is borrowed is wrong", c.lent)
		}
		if sql, args := m.Scope(actor, readFile, columns, "first"); sql != c.sql || !slices.Equal(args, []any{"first", c.arg}) {
			t.Errorf("%+v: scope is %q %v", c.lent, sql, args)
		}
		if sql, _ := m.Scope(actor, readFile, Columns{Person: "p"}); sql != "FALSE" {
			t.Errorf("%+v: without its column, scope is %q", c.lent, sql)
		}
		other := Actor{Profile: school.Partner, Lent: []Lent{{8, "other", 5, 0}}}
		if m.Allows(other, readFile) || m.Can(other, readFile, c.ours) {
			t.Error("another function opens it")
		}
	}
}
