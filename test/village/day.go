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
		depart, changeSchool, changeClass,
		nameChild, nameGuardian, moveHouse, changeContact, comeForward,
		renameClass, nameTeacher, replaceTeacher,
		arrive, // last, so that who came was not yet here to change
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
	if gone := l.anyFamily(r, anyone); gone != nil {
		l.families = slices.DeleteFunc(l.families, func(f *family) bool { return f == gone })
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
	f := l.anyFamily(r, func(f *family) bool {
		return len(f.guardians) == 1 && f.pupils[0].class.school.numbers.guardian.left() > 0
	})
	if f == nil {
		return
	}
	e := f.pupils[0].class.school
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

// replaceTeacher sends the teacher of a class away and brings another.
func replaceTeacher(l *locality, r *rand.Rand, _ time.Time) {
	c := l.anyClass(r)
	if c == nil || c.school.numbers.staff.left() == 0 {
		return
	}
	l.staff = slices.DeleteFunc(l.staff, func(t *teacher) bool { return t == c.teacher })
	c.teacher = l.recruit(r, c.school, teaching)
}

// nameTeacher gives a teacher another nom d'usage, and so another mail.
func nameTeacher(l *locality, r *rand.Rand, _ time.Time) {
	if c := l.anyClass(r); c != nil {
		c.teacher.usual = another(r, c.teacher.usual)
		c.teacher.mail = l.academicMail(c.teacher.identity)
	}
}

// anyClass draws a class, or gives nil. Nothing happens to the teachers of
// the first two classes of a school, the head among them.
func (l *locality) anyClass(r *rand.Rand) *class {
	e := pick(r, l.schools)
	if len(e.classes) < 3 {
		return nil
	}
	return pick(r, e.classes[2:])
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

// anyFamily draws a family that fits, or gives nil. Nothing happens to the
// rooted ones.
func (l *locality) anyFamily(r *rand.Rand, fits func(*family) bool) *family {
	if len(l.families) == l.rooted {
		return nil
	}
	for range tries {
		if f := pick(r, l.families[l.rooted:]); fits(f) {
			return f
		}
	}
	return nil
}

func anyone(*family) bool { return true }

// anyPupil draws a pupil who fits, or gives nil.
func (l *locality) anyPupil(r *rand.Rand, fits func(*pupil) bool) *pupil {
	for range tries {
		if f := l.anyFamily(r, anyone); f != nil {
			if p := pick(r, f.pupils); fits(p) {
				return p
			}
		}
	}
	return nil
}

// anyGuardian draws a person who is a guardian, or gives nil.
func (l *locality) anyGuardian(r *rand.Rand) *guardian {
	for range tries {
		if f := l.anyFamily(r, anyone); f != nil {
			if g := pick(r, f.guardians); g.civility != "" {
				return g
			}
		}
	}
	return nil
}
