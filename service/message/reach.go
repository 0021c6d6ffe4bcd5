package message

import (
	"slices"

	"preau/core/audience"
	"preau/core/db"
	"preau/core/i18n"
	"preau/core/rights"
	"preau/core/school"
	"preau/directory"
)

// contact is somebody whom one may address by name.
type contact struct {
	directory.Someone
	Profile school.Profile // the hat with which they read it
	Also    school.Profile // another one with which they would read it as well; empty: none
	School  school.ID
	Class   school.ID // of a pupil, and of whom a class makes one reach; else 0
	Child   directory.Someone
}

func (c contact) side() side { return sideOf(c.Profile) }

// reaching gathers whom somebody may address.
type reaching struct {
	tx    *db.Tx
	actor rights.Actor
	books map[school.ID]book
	all   []contact
	// near are the classes in which one is looked for, of those that the rest is about; nil: all.
	near []school.ID
}

// reach lists whom somebody may address by name with a hat, each once for each child: the
// rules of the school have the last word. Who stands where is read from the register: a
// guardian whom a judge keeps from a child is in no list for that child.
func (s *Service) reach(tx *db.Tx, actor rights.Actor) ([]contact, error) {
	return (&reaching{tx: tx, actor: actor}).list()
}

// reachOne finds somebody, with a hat like theirs, among whom somebody else may address: it reads
// the classes where they are, and not a school.
func (s *Service) reachOne(tx *db.Tx, actor rights.Actor, person school.ID, profile school.Profile) (contact, bool, error) {
	near, err := classesOf(tx, person, profile)
	if err != nil {
		return contact{}, false, err
	}
	all, err := (&reaching{tx: tx, actor: actor, near: near}).list()
	c, is := finds(all, person, profile)
	return c, is, err
}

// classesOf are the classes in which somebody is, with a hat, as one who is addressed there: a
// pupil's, or those of the children of a guardian.
func classesOf(tx *db.Tx, person school.ID, profile school.Profile) ([]school.ID, error) {
	pupils, classes := []school.ID{person}, []school.ID{}
	if profile != school.Pupil {
		pupils = nil
	}
	if profile == school.Guardian {
		who, err := directory.Actor(tx, person, profile)
		if err != nil {
			return nil, err
		}
		pupils = who.Children
	}
	for _, pupil := range pupils {
		who, err := directory.Actor(tx, pupil, school.Pupil)
		if err != nil {
			return nil, err
		}
		classes = append(classes, who.Classes...)
	}
	return classes, nil
}

func (g *reaching) list() (all []contact, err error) {
	if g.books, err = booksOf(g.tx, g.actor.Schools...); err != nil {
		return nil, err
	}
	switch sideOf(g.actor.Profile) {
	case guardian:
		err = g.asGuardian()
	case teacher:
		err = g.asTeacher()
	case head:
		err = g.asHead()
	case staff:
		err = g.asStaff()
	case pupil:
		err = g.asPupil()
	case municipal:
		err = g.asMunicipal()
	}
	return g.all, err
}

// add adds somebody, where the rules let them be addressed: a head who teaches a child once, as both.
func (g *reaching) add(c contact, class opening) {
	if c.ID == g.actor.Person || !g.books[c.School].allows(pair{sideOf(g.actor.Profile), c.side()}, true, class) {
		return
	}
	for i, one := range g.all {
		if c.Profile == school.Head && one.Profile == school.Teacher && one.ID == c.ID && one.Child.ID == c.Child.ID && one.School == c.School {
			g.all[i].Also = c.Profile
			return
		}
	}
	g.all = append(g.all, c)
}

// posts says what somebody does at school: "Enseignante · Directrice".
func (c contact) posts(say i18n.Printer) string {
	posts := say.Say(directory.ProfileKey(c.Profile, c.Civility, false))
	if c.Also != "" {
		posts = i18n.Dots(posts, say.Say(directory.ProfileKey(c.Also, c.Civility, false)))
	}
	return posts
}

// nameOf finds a pupil among those of classes.
func nameOf(pupils []directory.InClass, id school.ID) directory.Someone {
	for _, p := range pupils {
		if p.ID == id {
			return p.Someone
		}
	}
	return directory.Someone{}
}

// finds tells whether somebody, with a hat like theirs, is among some contacts.
func finds(all []contact, person school.ID, profile school.Profile) (contact, bool) {
	i := slices.IndexFunc(all, func(c contact) bool { return c.ID == person && slices.Contains(alike(profile), c.Profile) })
	if i < 0 {
		return contact{}, false
	}
	return all[i], true
}

// alone are the audiences that are one person each.
func alone(people ...contact) (list []audience.Audience) {
	for _, one := range people {
		list = append(list, audience.Audience{Place: audience.Person, Of: one.ID})
	}
	return list
}
