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
// themselves or their family: a desk left open would be an account taken over. A
// refusal does not tell which office it is.
func MayGiveCode(r *web.Request, person school.ID) error {
	refused, err := RefuseCodes(r, person)
	if err != nil {
		return err
	}
	return refused[person]
}

// RefuseCodes gives the refusal of [MayGiveCode] of each of some people who gets no
// code of the visitor's.
func RefuseCodes(r *web.Request, people ...school.ID) (map[school.ID]error, error) {
	family, err := directory.OwnFamily(r.Tx, r.Actor.Person)
	if err != nil {
		return nil, err
	}
	with, err := answering(r, people...)
	if err != nil {
		return nil, err
	}
	refused := map[school.ID]error{}
	for _, person := range people {
		err := notTheirs(r, family, person)
		if err == nil {
			err = with.answersFor(person)
		}
		switch {
		case fail.Is(err, fail.Forbidden):
			refused[person] = err
		case err != nil:
			return nil, err
		}
	}
	return refused, nil
}

// notTheirs refuses a code for the visitor themself, or for their family.
func notTheirs(r *web.Request, family []school.ID, person school.ID) error {
	if person == r.Actor.Person {
		return fail.New(fail.Forbidden, "%s asks for a code for themselves", person).Say("register.own-code")
	}
	if slices.Contains(family, person) {
		return fail.New(fail.Forbidden, "%s is of the family of %s", person, r.Actor.Person).Say("register.own-family-code")
	}
	return nil
}

// answersFor refuses, without telling why, what concerns somebody who holds an
// office that the visitor neither holds nor may give, or whose children are all
// in other schools: their account opens these too.
func answersFor(r *web.Request, person school.ID) error {
	with, err := answering(r, person)
	if err != nil {
		return err
	}
	return with.answersFor(person)
}

// answers is what tells for whom the visitor answers, of some people.
type answers struct {
	*web.Request
	headed   []school.ID // the schools for whose staff they answer, as their head does
	near     []school.ID // those for whose families they do
	posts    map[school.ID][]directory.Post
	lent     map[school.ID][]directory.Loan
	families map[school.ID][]school.ID
	may      map[directory.Post]bool // posts that they may give or not, asked once
}

// answering reads what the visitor answers for, of some people.
func answering(r *web.Request, people ...school.ID) (answers, error) {
	a := answers{Request: r, near: r.Actor.Schools}
	if r.Holds(viewSchool) { // to whom a function was lent, no more than families: a code opens an account whole
		a.headed = r.Actor.Schools
	}
	if r.Actor.Profile == school.CareAgent {
		a.near = nil // the commune answers for no family
	}
	return a, a.read(people...)
}

// read reads what some people are.
func (a *answers) read(people ...school.ID) (err error) {
	a.lent, a.may = map[school.ID][]directory.Loan{}, map[directory.Post]bool{}
	if a.posts, err = directory.PostsOf(a.Tx, people...); err != nil {
		return err
	}
	lent, err := directory.LentTo(a.Tx, people...)
	if err != nil {
		return err
	}
	for _, loan := range lent {
		a.lent[loan.Person] = append(a.lent[loan.Person], loan)
	}
	a.families, err = directory.FamiliesOf(a.Tx, people...)
	return err
}

// mayGive is [mayGive], which asks about a post once.
func (a answers) mayGive(post directory.Post) (bool, error) {
	may, asked := a.may[post]
	if asked {
		return may, nil
	}
	may, err := mayGive(a.Request, post)
	a.may[post] = may
	return may, err
}

// answersFor is [answersFor] of one of the people who were read.
func (a answers) answersFor(person school.ID) error {
	ours := func(post directory.Post) bool {
		return slices.Contains(a.headed, post.Structure) && slices.Contains(ofSchools, post.Profile)
	}
	colleague := slices.ContainsFunc(a.posts[person], ours)
	for _, post := range a.posts[person] {
		if ours(post) || colleague && slices.Contains(shared, post.Profile) || a.handsCodes(person, post) {
			continue
		}
		may, err := a.mayGive(post)
		if err != nil {
			return err
		}
		if !may {
			return fail.New(fail.Forbidden, "%s is %s in %s", person, post.Profile, post.Structure).Say("register.not-here")
		}
	}
	if err := a.lentHere(person); err != nil {
		return err
	}
	schools, guardian := a.families[person]
	among := func(at school.ID) bool { return slices.Contains(a.near, at) }
	if guardian && !slices.ContainsFunc(schools, among) {
		return fail.New(fail.Forbidden, "%s is a parent elsewhere", person).Say("register.not-here")
	}
	return nil
}

// lentHere refuses who borrows of somebody else than the visitor, whom their account
// would open: the head of another school where they work too. Who names heads there
// may have it.
func (a answers) lentHere(person school.ID) error {
	for _, loan := range a.lent[person] {
		if slices.Contains(a.headed, loan.Lender) || slices.Contains(a.Actor.Areas, loan.Lender) {
			continue
		}
		may, err := a.mayGive(directory.Post{Structure: loan.Lender, Profile: school.Head})
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
func (a answers) handsCodes(person school.ID, post directory.Post) bool {
	return post.Profile == school.CareAgent && a.Actor.Borrows(directory.LentTeamCodes, post.Structure) && len(a.lent[person]) == 0
}

// ofSchools are the functions of a school that its head answers for.
var ofSchools = []school.Profile{school.Teacher, school.Head, school.Staff, school.Admin}

// shared are the functions that several schools give one person, and any of
// them may hand the code of: a replacement teacher, an aide. A parent who
// teaches elsewhere is a parent here, and gets no code that opens a class.
var shared = []school.Profile{school.Teacher, school.Staff}
