package village

import (
	"math/rand/v2"
	"slices"
	"time"
)

// live makes the locality live its days, up to the given one.
func (l *locality) live(days int) {
	for day := 1; day <= days; day++ {
		l.liveDay(day)
	}
}

// liveDay makes the locality live one day more: everything happens once in
// the first town, and each event in three towns of ten elsewhere. An event
// that finds nobody to happen to does not happen.
func (l *locality) liveDay(day int) {
	r, today := l.dice(day), l.calendar.on(day)
	for _, happen := range []event{
		arrive, depart, changeSchool, changeClass,
		nameChild, nameGuardian, moveHouse, changeContact, comeForward,
		renameClass, replaceTeacher, nameTeacher,
	} {
		if l.shown() || chance(r, 300) {
			happen(l, r, today)
		}
	}
}

// event changes something in a locality.
type event func(l *locality, r *rand.Rand, today time.Time)

// arrive brings a family of one or two children.
func arrive(l *locality, r *rand.Rand, today time.Time) {
	e := pick(r, l.schools)
	if e.numbers.pupil.left() < 2 || e.numbers.guardian.left() < 3 {
		return
	}
	var brood []seat
	for range 1 + r.IntN(2) {
		c := pick(r, e.classes)
		s := seat{c, pick(r, c.levels)}
		if anotherLevel(brood, s) {
			brood = append(brood, s)
		}
	}
	f := l.raise(r, drawHousehold(r), brood)
	for _, p := range f.pupils {
		p.joined, p.entered = today, today
		p.number()
	}
	for _, g := range f.guardians {
		g.id = e.numbers.guardian.take()
	}
	l.families = append(l.families, f)
}

// depart takes a family away.
func depart(l *locality, r *rand.Rand, _ time.Time) {
	if f := l.anyFamily(r); f != nil && len(l.families) > 2 {
		l.families = slices.DeleteFunc(l.families, func(g *family) bool { return g == f })
	}
}

// changeSchool moves a child to another school that has the level.
func changeSchool(l *locality, r *rand.Rand, today time.Time) {
	p := l.anyPupil(r, func(p *pupil) bool { return len(l.otherSchools(p)) > 0 })
	if p == nil {
		return
	}
	e := pick(r, l.otherSchools(p))
	p.class = pick(r, e.classesFor(p.level, nil))
	p.choir, p.joined, p.entered = nil, today, today
}

// otherSchools are those where a pupil could go.
func (l *locality) otherSchools(p *pupil) []*establishment {
	var others []*establishment
	for _, e := range l.schools {
		if e != p.class.school && len(e.classesFor(p.level, nil)) > 0 {
			others = append(others, e)
		}
	}
	return others
}

// changeClass moves a child to another class of the same level.
func changeClass(l *locality, r *rand.Rand, today time.Time) {
	p := l.anyPupil(r, func(p *pupil) bool { return len(p.class.school.classesFor(p.level, p.class)) > 0 })
	if p != nil {
		p.class = pick(r, p.class.school.classesFor(p.level, p.class))
		p.entered = today
	}
}

// nameChild gives a child a nom d'usage.
func nameChild(l *locality, r *rand.Rand, _ time.Time) {
	p := l.anyPupil(r, func(p *pupil) bool { return p.usual == p.birth })
	if p != nil {
		p.usual = p.birth + "-" + pick(r, surnames)
	}
}

// nameGuardian gives a guardian another nom d'usage.
func nameGuardian(l *locality, r *rand.Rand, _ time.Time) {
	if g := l.anyGuardian(r); g != nil {
		g.usual = another(r, g.usual)
	}
}

// moveHouse gives a guardian, and those under the same roof, another address.
func moveHouse(l *locality, r *rand.Rand, _ time.Time) {
	if g := l.anyGuardian(r); g != nil {
		*g.home = *homeIn(r, pick(r, l.communes))
	}
}

// changeContact gives a guardian other numbers and mail, or none: then the
// delivery says an empty value, which erases.
func changeContact(l *locality, r *rand.Rand, _ time.Time) {
	if g := l.anyGuardian(r); g != nil {
		g.contact = contactOf(r, g.identity)
	}
}

// comeForward gives the children of one parent a second one.
func comeForward(l *locality, r *rand.Rand, _ time.Time) {
	f := l.anyFamily(r)
	for range tries {
		if f != nil && len(f.guardians) > 1 {
			f = l.anyFamily(r)
		}
	}
	if f == nil || len(f.guardians) > 1 {
		return
	}
	e := f.pupils[0].class.school
	if e.numbers.guardian.left() == 0 {
		return
	}
	g := newGuardian(r, man(r), homeIn(r, e.commune))
	g.id = e.numbers.guardian.take()
	f.bind(g, father, f.pupils...)
}

// renameClass gives a class another label. Its idClasse stays.
func renameClass(l *locality, r *rand.Rand, _ time.Time) {
	c := pick(r, pick(r, l.schools).classes)
	for before := c.label; c.label == before; {
		c.rename(r)
	}
}

// replaceTeacher sends the teacher of a class away, but the first one of the
// school, and brings another.
func replaceTeacher(l *locality, r *rand.Rand, _ time.Time) {
	e := pick(r, l.schools)
	if len(e.classes) < 2 || e.numbers.staff.left() == 0 {
		return
	}
	c := pick(r, e.classes[1:])
	l.staff = slices.DeleteFunc(l.staff, func(t *teacher) bool { return t == c.teacher })
	c.teacher = l.recruit(r, e, teaching)
}

// nameTeacher gives a teacher another nom d'usage, and so another mail.
func nameTeacher(l *locality, r *rand.Rand, _ time.Time) {
	t := pick(r, l.staff)
	t.usual = another(r, t.usual)
	t.mail = l.academicMail(t.identity)
}

// another draws a surname that is not the given one.
func another(r *rand.Rand, surname string) string {
	next := surname
	for next == surname {
		next = pick(r, surnames)
	}
	return next
}

// tries is how often an event looks for somebody to happen to.
const tries = 60

// anyFamily draws a family to which something happens. Nothing happens to the
// first one of the first town, which demonstrations show.
func (l *locality) anyFamily(r *rand.Rand) *family {
	families := l.families
	if l.shown() {
		families = families[1:]
	}
	if len(families) == 0 {
		return nil
	}
	return pick(r, families)
}

// anyPupil draws a pupil who fits, or nil.
func (l *locality) anyPupil(r *rand.Rand, fits func(*pupil) bool) *pupil {
	for range tries {
		if f := l.anyFamily(r); f != nil {
			if p := pick(r, f.pupils); fits(p) {
				return p
			}
		}
	}
	return nil
}

// anyGuardian draws a person who is a guardian, or nil.
func (l *locality) anyGuardian(r *rand.Rand) *guardian {
	for range tries {
		if f := l.anyFamily(r); f != nil {
			if g := pick(r, f.guardians); g.civility != "" {
				return g
			}
		}
	}
	return nil
}
