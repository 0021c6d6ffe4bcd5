package message

import (
	"cmp"
	"slices"
	"strings"

	"preau/core/audience"
	"preau/core/db"
	"preau/core/i18n"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
	"preau/directory/whom"
)

// names are how people are called in some conversations, by whom they are read.
type names struct {
	say  i18n.Printer
	to   school.Profile
	some map[school.ID]directory.Someone
	in   map[school.ID]string // what pupils are called in their class, where a pupil reads it
}

// namesIn reads the names of whoever wrote or has a seat in some conversations, and of the
// children whom these are about.
func namesIn(tx *db.Tx, say i18n.Printer, to school.Profile, threads []thread, posts []post, seats map[school.ID][]seat) (names, error) {
	var ids []school.ID
	for _, t := range threads {
		ids = append(ids, t.Author, t.Child)
		for _, one := range seats[t.ID] {
			ids = append(ids, one.Person, one.Child)
		}
	}
	for _, p := range posts {
		ids = append(ids, p.Author)
	}
	slices.Sort(ids)
	n := names{say: say, to: to}
	var err error
	n.some, err = directory.SomeBy(tx, slices.Compact(ids)...)
	if to != school.Pupil || err != nil {
		return n, err
	}
	var classes []school.ID
	for _, t := range threads {
		classes = append(classes, t.Class)
	}
	pupils, err := directory.PupilsIn(tx, classes...)
	n.in = calledIn(pupils)
	return n, err
}

// calledIn is what each pupil of some classes is called in theirs.
func calledIn(pupils []directory.InClass) map[school.ID]string {
	rooms, called := map[school.ID][]directory.InClass{}, map[school.ID]string{}
	for _, p := range pupils {
		rooms[p.Class] = append(rooms[p.Class], p)
	}
	for _, p := range pupils {
		called[p.ID] = directory.CalledIn(p, rooms[p.Class])
	}
	return called
}

// of is how somebody with a seat is called: a teacher by families and children as these
// say it, a child by the first name among children.
func (n names) of(person school.ID, profile school.Profile) string {
	who, known := n.some[person]
	switch {
	case !known:
		return n.say.Say("message.somebody-gone")
	case profile == school.Pupil && n.to == school.Pupil:
		return cmp.Or(n.in[person], who.First)
	case slices.Contains(atWork, profile) && !slices.Contains(atWork, n.to):
		return who.Formal()
	}
	return who.Name()
}

// author is who wrote something in a conversation.
func (n names) author(person school.ID, seats []seat) string {
	for _, one := range seats {
		if one.Person == person {
			return n.of(person, one.Profile)
		}
	}
	return n.of(person, "")
}

// mostListed is how many people are named in a line; there are more when a number stands
// for them.
const mostListed = 3

// others are those with whom somebody talks, in a conversation whose seats are shown.
func (n names) others(me school.ID, seats []seat) string {
	var list []string
	for _, one := range seats {
		if one.Person != me {
			list = append(list, n.of(one.Person, one.Profile))
		}
	}
	if more := len(list) - mostListed; more > 0 {
		list = append(list[:mostListed], n.say.Say("message.others", more))
	}
	return strings.Join(list, ", ")
}

// whom says for whom a conversation is, as somebody may read it: the members of a group
// are named to its author alone.
func (n names) whom(r *web.Request, t thread, seats []seat, to []audience.Audience) (string, error) {
	if t.Kind != group {
		return n.others(r.Actor.Person, seats), nil
	}
	mine := t.Author == r.Actor.Person
	label, err := groupName(r, to, mine)
	if err != nil || label != "" {
		return label, err
	}
	if mine {
		return n.others(r.Actor.Person, seats), nil
	}
	return n.say.Say("message.several"), nil
}

// groupName is what a group is called: "Les familles de CP". Families that were chosen
// one by one are named to whoever chose them alone. Empty: people who were named.
func groupName(r *web.Request, to []audience.Audience, mine bool) (string, error) {
	var labels []string
	var families, children []audience.Audience
	for _, a := range to {
		var label string
		switch {
		case a.Place == audience.Family:
			children = append(children, a)
		case a.Side == audience.Families:
			families = append(families, a)
		case a.Place == audience.School:
			at, err := directory.StructureByID(r.Tx, a.Of)
			if err != nil {
				return "", err
			}
			label = r.Say("message.team-of", at.Name)
		case a.Place == audience.Class, a.Place == audience.Group:
			classes, err := directory.PlainClassesByID(r.Tx, a.Of)
			if err != nil {
				return "", err
			}
			label = r.Say("message.pupils")
			if len(classes) > 0 {
				label = r.Say("message.pupils-of", r.Printer.Of(classes[0].Label))
			}
		}
		if label != "" && !slices.Contains(labels, label) {
			labels = append(labels, label)
		}
	}
	switch {
	case mine || len(children) == 0:
		families = append(families, children...)
	case len(children) == 1:
		labels = append(labels, r.Say("message.your-family"))
	default:
		labels = append(labels, r.Say("message.some-families"))
	}
	if len(families) > 0 {
		said, err := whom.Names(r, families...)
		if err != nil {
			return "", err
		}
		labels = append(labels, said)
	}
	return strings.Join(labels, ", "), nil
}

// childOf is the child whom a conversation is about, as who acts may be told.
func (n names) childOf(t thread, seats []seat, a rights.Actor) directory.Someone {
	if t.Child != 0 && (a.Profile != school.Guardian || slices.Contains(a.Children, t.Child)) {
		return n.some[t.Child]
	}
	for _, one := range seats {
		if one.Person == a.Person && slices.Contains(a.Children, one.Child) {
			return n.some[one.Child]
		}
	}
	return directory.Someone{}
}
