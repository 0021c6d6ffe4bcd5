package register

import (
	"slices"

	"preau/core/fail"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
)

// MayGiveCode refuses who gets no code of the visitor's. A code opens everything
// that its person holds, so nobody makes one for an office that they do not hold
// themselves nor may give (head of another school, inspector, operator), nor for
// themselves: a desk left open would be an account taken over. A refusal does not
// tell which office it is.
func MayGiveCode(r *web.Request, person school.ID) error {
	if person == r.Actor.Person {
		return fail.New(fail.Forbidden, "%s asks for a code for themselves", person).Say("register.own-code")
	}
	own, err := directory.SameFamily(r.Tx, r.Actor.Person, person)
	if err != nil {
		return err
	}
	if own {
		return fail.New(fail.Forbidden, "%s is of the family of %s", person, r.Actor.Person).Say("register.own-family-code")
	}
	return answersFor(r, person)
}

// answersFor refuses, without telling why, what concerns somebody who holds an
// office that the visitor neither holds nor may give, or whose children are all
// in other schools: their account opens these too.
func answersFor(r *web.Request, person school.ID) error {
	posts, err := directory.PostsOf(r.Tx, person)
	if err != nil {
		return err
	}
	ours := func(post directory.Post) bool { // to whom a function was lent, no more than families: a code opens an account whole
		return r.Holds(viewSchool) && slices.Contains(r.Actor.Schools, post.Structure) && slices.Contains(ofSchools, post.Profile)
	}
	colleague := slices.ContainsFunc(posts, ours)
	for _, post := range posts {
		if ours(post) || colleague && slices.Contains(shared, post.Profile) {
			continue
		}
		may, err := mayGive(r, post)
		if err != nil {
			return err
		}
		if !may {
			return fail.New(fail.Forbidden, "%s is %s in %s", person, post.Profile, post.Structure).Say("register.not-here")
		}
	}
	family, err := directory.Actor(r.Tx, person, school.Guardian)
	if err != nil {
		return err
	}
	near := func(at school.ID) bool { return slices.Contains(r.Actor.Schools, at) }
	if len(family.Children) > 0 && !slices.ContainsFunc(family.Schools, near) {
		return fail.New(fail.Forbidden, "%s is a parent elsewhere", person).Say("register.not-here")
	}
	return nil
}

// ofSchools are the functions of a school that its head answers for.
var ofSchools = []school.Profile{school.Teacher, school.Head, school.Staff, school.Admin}

// shared are the functions that several schools give one person, and any of
// them may hand the code of: a replacement teacher, an aide. A parent who
// teaches elsewhere is a parent here, and gets no code that opens a class.
var shared = []school.Profile{school.Teacher, school.Staff}
