package message

import (
	"net/url"
	"slices"

	"preau/core/audience"
	"preau/core/fail"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
	"preau/directory/whom"
)

// desk is where somebody writes from: about a child, to a class, to a team, to a whole
// school, to the heads of a commune. It has whom they may address there.
type desk struct {
	Path, Name string
	School     school.ID
	Class      school.ID         // 0: none
	Child      directory.Someone // whom a guardian writes about
	Families   whom.Place        // whose families may be addressed together; the zero one: none
	Wholes     []whom.Whole      // who else may be
	People     []contact         // by name
	Together   bool              // those who are named may all read every answer
	Most       int               // how many may be named at once; 0: as many as there are
}

// deskOf finds one of the desks in the path of a request.
type deskOf func(*web.Request) (desk, error)

// How many people a family or a child names at once; how many colleagues talk together.
const (
	mostNamed, mostOfPupil = 5, 1
	mostTogether           = 30
)

// childDesk is where a guardian writes about the child {child}.
func (s *Service) childDesk(r *web.Request) (d desk, err error) {
	id, err := r.PathID("child")
	if err != nil {
		return d, err
	}
	children, err := directory.ChildrenOf(r.Tx, r.Actor.Person)
	if err != nil {
		return d, err
	}
	i := slices.IndexFunc(children, func(c directory.Child) bool { return c.ID == id })
	if i < 0 || sideOf(r.Actor.Profile) != guardian {
		return d, fail.New(fail.NotFound, "%s is no child of %s", id, r.Actor.Person)
	}
	child := children[i]
	d = desk{Path: childPath(id), Name: child.First, School: child.School, Class: child.Class, Child: child.Someone, Most: mostNamed}
	all, err := s.reach(r.Tx, r.Actor)
	for _, c := range all {
		if c.side() == guardian && c.Class == child.Class && child.Class != 0 || c.side() != guardian && c.Child.ID == id {
			d.People = append(d.People, c)
		}
	}
	return d, err
}

// classDesk is where an adult of a class writes to its families and pupils, and a pupil to
// the class.
func (s *Service) classDesk(r *web.Request) (d desk, err error) {
	id, err := r.PathID("class")
	if err != nil {
		return d, err
	}
	classes, err := directory.PlainClassesByID(r.Tx, id)
	if err != nil {
		return d, err
	}
	me := sideOf(r.Actor.Profile)
	if len(classes) == 0 || me == guardian || !slices.Contains(r.Actor.Classes, id) && !(me == head && slices.Contains(r.Actor.Schools, classes[0].School)) {
		return d, fail.New(fail.NotFound, "the class %s is not that of %s", id, r.Actor.Person)
	}
	class := classes[0]
	d = desk{Path: classPath(id), Name: class.Label, School: class.School, Class: id}
	all, err := s.reach(r.Tx, r.Actor)
	if err != nil {
		return d, err
	}
	for _, c := range all {
		if c.Class == id {
			d.People = append(d.People, c)
		}
	}
	switch me {
	case pupil:
		d.Most = mostOfPupil
		if len(d.People) == 0 {
			return d, fail.New(fail.NotFound, "nothing is open to the pupils of %s", id)
		}
	case teacher, head:
		err = s.groupsOf(r, &d, me, class)
	}
	return d, err
}

// groupsOf adds to a desk the families and the pupils of a class, as the rules let them be
// addressed together.
func (s *Service) groupsOf(r *web.Request, d *desk, me side, class directory.ClassView) error {
	books, err := booksOf(r.Tx, class.School)
	if err != nil {
		return err
	}
	if books[class.School].allows(pair{me, guardian}, true, opening{}) {
		at, err := directory.StructureByID(r.Tx, class.School)
		if err != nil {
			return err
		}
		d.Families = whom.Place{Class: class, School: at}
	}
	if slices.ContainsFunc(d.People, func(c contact) bool { return c.side() == pupil }) {
		to := audience.Audience{Place: audience.Place(class.Kind), Of: class.ID, Side: audience.Pupils}
		d.Wholes = []whom.Whole{{Value: string(to.ID()), Label: r.Say("message.pupils-of", r.Printer.Of(class.Label)), To: []audience.Audience{to}}}
	}
	return nil
}

// teamDesk is where those who work in the school {school} write to each other.
func (s *Service) teamDesk(r *web.Request) (d desk, err error) {
	at, err := r.PathID("school")
	if err != nil {
		return d, err
	}
	if !slices.Contains(atWork, r.Actor.Profile) || !slices.Contains(r.Actor.Schools, at) {
		return d, fail.New(fail.NotFound, "%s does not work at %s", r.Actor.Person, at)
	}
	structure, err := directory.StructureByID(r.Tx, at)
	if err != nil {
		return d, err
	}
	d = desk{Path: teamPath(at), Name: r.Say("message.team-of", structure.Name), School: at, Together: true}
	all, err := s.reach(r.Tx, r.Actor)
	for _, c := range all {
		if c.School == at && slices.Contains(atWork, c.Profile) {
			d.People = append(d.People, c)
		}
	}
	d.Wholes = []whom.Whole{{Value: theTeam, Label: d.Name, To: teamOf(at)}}
	return d, err
}

// theTeam is how a form names those who work in a school.
const theTeam = "team"

// teamOf is those who work in a school.
func teamOf(at school.ID) []audience.Audience {
	return []audience.Audience{{Place: audience.School, Of: at, Side: audience.Teaching}, {Place: audience.School, Of: at, Side: audience.SchoolStaff}}
}

// schoolDesk is where a head writes to all the families of the school {school}.
func (s *Service) schoolDesk(r *web.Request) (d desk, err error) {
	at, err := r.PathID("school")
	if err != nil {
		return d, err
	}
	if sideOf(r.Actor.Profile) != head || !slices.Contains(r.Actor.Schools, at) {
		return d, fail.New(fail.NotFound, "%s does not head %s", r.Actor.Person, at)
	}
	structure, err := directory.StructureByID(r.Tx, at)
	return desk{Path: schoolPath(at), Name: structure.Name, School: at, Families: whom.Place{School: structure}}, err
}

// communeDesk is where an agent of the commune {commune} writes to the heads of its
// schools.
func (s *Service) communeDesk(r *web.Request) (d desk, err error) {
	at, err := r.PathID("commune")
	if err != nil {
		return d, err
	}
	if sideOf(r.Actor.Profile) != municipal || !slices.Contains(r.Actor.Areas, at) {
		return d, fail.New(fail.NotFound, "%s does not work for %s", r.Actor.Person, at)
	}
	d = desk{Path: communePath(at), Name: r.Say("message.heads")}
	actor := r.Actor
	actor.Areas = []school.ID{at}
	d.People, err = s.reach(r.Tx, actor)
	return d, err
}

// key is how a form names a contact: a guardian is one for each child.
func (c contact) key() string { return c.ID.String() + "-" + c.Child.ID.String() }

// addressed is for whom a message is, as a form says.
type addressed struct {
	Kind  kind
	To    []audience.Audience // but the author
	Seats []seat              // but the author's
	Child school.ID
	// Held tells that it is said once an adult of the class has read it.
	Held bool
}

// read reads for whom a message is: whom the desk offers, and nobody else.
func (d desk) read(r *web.Request, sent url.Values) (a addressed, err error) {
	if named := sent["person"]; len(named) > 0 {
		return d.named(r, named, sent.Get("together") != "")
	}
	if !d.grouped() {
		return a, fail.New(fail.Invalid, "for nobody").Say("message.nobody").At("person")
	}
	a.Kind = group
	a.To, err = d.question().Read(r, sent)
	return a, err
}

// grouped tells whether the desk addresses people together.
func (d desk) grouped() bool { return len(d.Wholes) > 0 || d.Families.School.ID != 0 }

// question is for which of them something is.
func (d desk) question() whom.Question {
	return whom.Question{Path: d.Path, Place: d.Families, Wholes: d.Wholes, Named: len(d.People) > 0}
}

// reading is [desk.read] of a request, for the sentence that says who reads.
func (d desk) reading(r *web.Request) whom.Reading {
	return func(sent url.Values) ([]audience.Audience, error) {
		a, err := d.read(r, sent)
		return a.To, err
	}
}

// named reads a message to people who are named. Two people talk; several answer to the
// author alone, unless colleagues are to talk together.
func (d desk) named(r *web.Request, keys []string, together bool) (a addressed, err error) {
	var people []contact
	for _, c := range d.People {
		if slices.Contains(keys, c.key()) && !slices.ContainsFunc(people, func(p contact) bool { return p.ID == c.ID }) {
			people = append(people, c)
		}
	}
	switch {
	case len(people) == 0:
		return a, fail.New(fail.Invalid, "nobody of %d is to be addressed here", len(keys)).Say("message.nobody").At("person")
	case d.Most > 0 && len(people) > d.Most:
		return a, fail.New(fail.Invalid, "%d people at once", len(people)).Say("message.too-many", d.Most).At("person")
	}
	a = addressed{Kind: group, To: alone(people...)}
	for _, c := range people {
		one := seat{Person: c.ID, Profile: c.Profile}
		if c.side() == guardian {
			one.Child = c.Child.ID
		}
		a.Seats = append(a.Seats, one)
	}
	me := sideOf(r.Actor.Profile)
	switch {
	case len(people) == 1:
		a.Kind, a.Child = twoOf, a.Seats[0].Child
		if me == guardian && people[0].side() != guardian {
			a.Child = d.Child.ID
		}
		a.Held = me == pupil && people[0].side() == pupil
	case d.Together && together:
		if len(people) > mostTogether {
			return a, fail.New(fail.Invalid, "%d people who talk together", len(people)).Say("message.too-many", mostTogether).At("person")
		}
		a.Kind = circle
	case me == guardian:
		a.Child = d.Child.ID
	}
	return a, nil
}
