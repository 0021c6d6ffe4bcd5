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
	if err := notTheirs(r, person); err != nil {
		return err
	}
	return answersFor(r, person)
}

// notTheirs refuses a code for the visitor themself, or for their family.
func notTheirs(r *web.Request, person school.ID) error {
	if person == r.Actor.Person {
		return fail.New(fail.Forbidden, "%s asks for a code for themselves", person).Say("register.own-code")
	}
	own, err := directory.SameFamily(r.Tx, r.Actor.Person, person)
	if err == nil && own {
		err = fail.New(fail.Forbidden, "%s is of the family of %s", person, r.Actor.Person).Say("register.own-family-code")
	}
	return err
}

// answersFor refuses, without telling why, what concerns somebody who holds an
// office that the visitor neither holds nor may give, or whose children are all
// in other schools: their account opens these too.
func answersFor(r *web.Request, person school.ID) error {
	var headed []school.ID // to whom a function was lent, no more than families: a code opens an account whole
	if r.Holds(viewSchool) {
		headed = r.Actor.Schools
	}
	near := r.Actor.Schools
	if r.Actor.Profile == school.CareAgent {
		near = nil // the commune answers for no family
	}
	return answersIn(r, person, headed, near)
}

// answersIn is [answersFor] for who answers for the staff of some schools as
// their head does, and for the families of some.
func answersIn(r *web.Request, person school.ID, headed, near []school.ID) error {
	posts, err := directory.PostsOf(r.Tx, person)
	if err != nil {
		return err
	}
	ours := func(post directory.Post) bool {
		return slices.Contains(headed, post.Structure) && slices.Contains(ofSchools, post.Profile)
	}
	colleague := slices.ContainsFunc(posts, ours)
	for _, post := range posts {
		if ours(post) || colleague && slices.Contains(shared, post.Profile) {
			continue
		}
		may, err := mayGive(r, post)
		if err == nil && !may {
			may, err = handsCodes(r, person, post)
		}
		if err != nil {
			return err
		}
		if !may {
			return fail.New(fail.Forbidden, "%s is %s in %s", person, post.Profile, post.Structure).Say("register.not-here")
		}
	}
	if err := lentHere(r, person, headed); err != nil {
		return err
	}
	family, err := directory.Actor(r.Tx, person, school.Guardian)
	if err != nil {
		return err
	}
	among := func(at school.ID) bool { return slices.Contains(near, at) }
	if len(family.Children) > 0 && !slices.ContainsFunc(family.Schools, among) {
		return fail.New(fail.Forbidden, "%s is a parent elsewhere", person).Say("register.not-here")
	}
	return nil
}

// lentHere refuses who borrows of somebody else than the visitor, whom their account
// would open: the head of another school where they work too. Who names heads there
// may have it.
func lentHere(r *web.Request, person school.ID, headed []school.ID) error {
	lent, err := directory.LentTo(r.Tx, person)
	if err != nil {
		return err
	}
	for _, loan := range lent {
		if slices.Contains(headed, loan.Lender) || slices.Contains(r.Actor.Areas, loan.Lender) {
			continue
		}
		may, err := mayGive(r, directory.Post{Structure: loan.Lender, Profile: school.Head})
		if err != nil {
			return err
		}
		if !may {
			return fail.New(fail.Forbidden, "%s borrows %s of %s", person, loan.Function, loan.Lender).Say("register.not-here")
		}
	}
	return nil
}

// handsCodes tells whether the visitor was lent the codes of a post: that of an
// agent of the commune to whom nothing was lent, which their account would open.
func handsCodes(r *web.Request, person school.ID, post directory.Post) (bool, error) {
	if post.Profile != school.CareAgent || !r.Actor.Borrows(directory.LentTeamCodes, post.Structure) {
		return false, nil
	}
	lent, err := directory.LentTo(r.Tx, person)
	return err == nil && len(lent) == 0, err
}

// ofSchools are the functions of a school that its head answers for.
var ofSchools = []school.Profile{school.Teacher, school.Head, school.Staff, school.Admin}

// shared are the functions that several schools give one person, and any of
// them may hand the code of: a replacement teacher, an aide. A parent who
// teaches elsewhere is a parent here, and gets no code that opens a class.
var shared = []school.Profile{school.Teacher, school.Staff}
