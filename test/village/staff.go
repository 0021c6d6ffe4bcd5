package village

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"time"
)

// teacher is anyone whom the ministry pays in a school: deliveries of the
// premier degré hold nobody else.
type teacher struct {
	identity
	id        int64
	born      time.Time
	mail      string
	schools   []*establishment // ENTPersonStructRattach; none for an itinerant
	functions []function
	directs   []*establishment // ENTEnsFonctionDir
	other     bool             // not a teacher: ENTPersonCategorieEnseignant N
}

// function is one value of ENTPersonFonctions: a place, and what is done there.
type function struct {
	structure int64
	post      post
}

// post is a function and its specialty, as the AAF codes them.
type post struct{ function, specialty string }

var (
	teaching    = post{"ENS$ENSEIGNEMENT", "G0000$SANS SPECIALITE"}
	heading     = post{"ENS$ENSEIGNEMENT", "D0000$DIRECTION"}
	pending     = post{"-$SANS OBJET", "-$SANS OBJET"} // replacements, mostly
	learningAid = post{"ENS$ENSEIGNEMENT", "G0135$OPTION E"}
	behaviour   = post{"ENS$ENSEIGNEMENT", "G0145$OPTION D"}
	ulisPost    = post{"ENS$ENSEIGNEMENT", "G0176$ULIS UE TROUBLES FONCTIONS COGNITIVES"}
	trainer     = post{"ENS$ENSEIGNEMENT", "G0191$CLASSE D'APPLICATION"}
	newcomers   = post{"ENS$ENSEIGNEMENT", "G0163$ACCUEIL PRIMO ARRIVANTS"}
	language    = post{"ENS$ENSEIGNEMENT", "G0400$LANGUE VIVANTE ETRANGERE"}
	support     = post{"ACS$ACCOMPAGNEMENT SOUTIEN ET HORS AIS", "G0205$COORDINATION REP PLUS"}
)

// hire staffs the schools: a teacher for each class and a head among them,
// complements who share their week between two schools, replacements, and
// itinerants who belong to the circonscription.
func (l *locality) hire(r *rand.Rand) {
	for _, e := range l.schools {
		for _, c := range e.classes {
			what := teaching
			switch {
			case c.kind == ulis:
				what = ulisPost
			case chance(r, 12):
				what = trainer
			}
			c.teacher = l.recruit(r, e, what)
			e.teachers = append(e.teachers, c.teacher)
		}
		l.appointHead(r, e)
		if chance(r, 500) || l.shown() {
			l.complement(r, e)
		}
		for range len(e.classes) / 5 {
			l.recruit(r, e, pending)
		}
		if chance(r, 700) {
			t := l.recruit(r, e, pick(r, []post{learningAid, behaviour, behaviour, teaching, newcomers, language, support}))
			t.schools = nil
			if chance(r, 500) {
				t.functions[0].structure = l.office.id
			}
			t.other = chance(r, 100)
		}
	}
	l.teacherParents(r)
}

// recruit makes a teacher who works in a school.
func (l *locality) recruit(r *rand.Rand, e *establishment, what post) *teacher {
	t := &teacher{
		identity:  adult(r, 850),
		id:        e.numbers.staff.take(),
		born:      bornBetween(r, int(l.calendar.year), 24, 63),
		schools:   []*establishment{e},
		functions: []function{{e.id, what}},
	}
	t.mail = l.academicMail(t.identity)
	l.staff = append(l.staff, t)
	return t
}

// appointHead makes the first teacher the head. Nine times in ten both signs
// say so; else only one does, and one school in twenty has none at all. A
// former head may still have the function.
func (l *locality) appointHead(r *rand.Rand, e *establishment) {
	head := e.teachers[0]
	n := r.IntN(1000)
	if e == l.schools[0] && l.shown() {
		n = 999
	}
	switch {
	case n < 30:
	case n < 70:
		head.functions[0].post = heading
	case n < 100:
		head.directs = []*establishment{e}
	default:
		head.directs = []*establishment{e}
		head.functions[0].post = heading
	}
	if last := e.teachers[len(e.teachers)-1]; last != head && chance(r, 150) {
		last.functions[0].post = heading
	}
}

// vacate leaves a school without a head. Whoever was teaches still, and nothing
// else of the village changes.
func (l *locality) vacate(e *establishment) {
	for _, t := range l.staff {
		t.directs = slices.DeleteFunc(t.directs, func(of *establishment) bool { return of == e })
		for i, f := range t.functions {
			if f.structure == e.id && f.post == heading {
				t.functions[i].post = teaching
			}
		}
	}
}

// complement makes one who replaces the head on some days, and others in the
// next school on the other days.
func (l *locality) complement(r *rand.Rand, e *establishment) {
	t := l.recruit(r, e, teaching)
	if next := l.schools[(slices.Index(l.schools, e)+1)%len(l.schools)]; next != e {
		t.schools = append(t.schools, next)
		t.functions = append(t.functions, function{next.id, teaching})
	}
}

// teacherParents makes one teacher in twelve the parent of a pupil: the same
// person in two records that nothing links.
func (l *locality) teacherParents(r *rand.Rand) {
	for i, t := range l.staff {
		g := pick(r, pick(r, l.families).guardians)
		if l.shown() && i == 1 {
			g = l.families[1].guardians[0]
		} else if g.civility == "" || !chance(r, 80) {
			continue
		}
		t.identity = g.identity
		t.born = bornBetween(r, int(l.calendar.year), 30, 48)
		t.mail = l.academicMail(t.identity)
	}
}

// academicMail makes an address that nobody else has: a namesake gets a
// number, and so do all outside of the first locality.
func (l *locality) academicMail(who identity) string {
	for n := 0; ; n++ {
		mail := l.mailFor(who, n)
		if !slices.ContainsFunc(l.staff, func(t *teacher) bool { return t.mail == mail }) {
			return mail
		}
	}
}

func (l *locality) mailFor(who identity, namesakes int) string {
	number := ""
	if l.rank+namesakes > 0 {
		number = strconv.Itoa(l.rank)
	}
	if namesakes > 0 {
		number += "-" + strconv.Itoa(namesakes)
	}
	return mailName(who) + number + "@" + academyMail
}
