package village

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"time"

	"preau/core/school"
)

// family is the children of the same adults, and those adults: the ground on
// which bonds are drawn. A delivery knows bonds only.
type family struct {
	pupils    []*pupil // the eldest first
	guardians []*guardian
}

// pupil is a child in a class.
type pupil struct {
	identity
	id      int64
	ine     school.INE
	born    time.Time
	level   school.Level
	class   *class
	choir   *class    // a group beside the class; nil for most
	joined  time.Time // the day of entering the school
	entered time.Time // the day of entering the class
	bonds   []bond

	// What the commune offers, as ONDE asks.
	lunch, transport, morningCare, eveningCare, study bool
}

// guardian is an adult, or a service, who answers for pupils.
type guardian struct {
	identity
	contact
	id     int64
	home   *home
	shown  bool // the address may be shown to other parents
	again  bool // the second record of somebody
	pupils []*pupil
}

// bond is one value of ENTEleveAutoriteParentale.
type bond struct {
	guardian *guardian
	link     link
}

// link is a code of the nomenclature N_LIEN_ELEVE_RESPONSABLE.
type link string

const (
	mother          link = "10"
	father          link = "20"
	elderSibling    link = "37"
	grandparent     link = "38"
	relative        link = "39"
	educator        link = "41"
	fosterer        link = "42" // assistant familial
	tutor           link = "50"
	childProtection link = "51" // aide sociale à l'enfance
	otherLink       link = "90"
)

// settle fills every seat of every class with a child of some family.
func (l *locality) settle(r *rand.Rand) {
	seats := l.seats(r)
	l.rooted = 1 // never an empty town
	if l.shown() {
		l.settleShown(r, seats)
	}
	for first, ok := seats.take(); ok; first, ok = seats.take() {
		f := l.raise(r, drawHousehold(r), seats.siblings(r, first))
		if len(l.families) > 0 && chance(r, 4) {
			f.pupils[0].identity = pick(r, l.families).pupils[0].identity
		}
		l.families = append(l.families, f)
	}
	l.numberEveryone()
}

// settleShown brings in the families that the first town has for certain:
// three children of the same parents in two schools, twins, one family of
// each kind, and two children of the same names, the second with a parent in
// two records.
func (l *locality) settleShown(r *rand.Rand, seats *seating) {
	elsewhere := anotherSchool
	if len(l.schools) == 1 {
		elsewhere = anotherLevel
	}
	bring := func(gather household, demands ...demand) *family {
		brood := []seat{seats.in(l.schools[0])}
		for _, d := range demands {
			brood = seats.extend(brood, d)
		}
		f := l.raise(r, gather, brood)
		l.families = append(l.families, f)
		return f
	}
	bring(together, elsewhere, anotherLevel)
	bring(together, sameLevel)
	for _, h := range households {
		bring(h.gather, anotherLevel)
	}
	namesake := bring(alone)
	namesake.pupils[0].identity = l.families[1].pupils[0].identity
	namesake.typedAgain()
	l.rooted = len(l.families)
}

// raise makes the children of the seats and the adults around them.
func (l *locality) raise(r *rand.Rand, gather household, brood []seat) *family {
	f := &family{}
	for _, s := range brood {
		f.pupils = append(f.pupils, l.enrol(r, f.pupils, s))
	}
	slices.SortStableFunc(f.pupils, func(a, b *pupil) int { return a.born.Compare(b.born) })
	gather(r, brood[0].class.school.commune, f)
	return f
}

// enrol makes the child of a seat, who has no name yet.
func (l *locality) enrol(r *rand.Rand, siblings []*pupil, s seat) *pupil {
	p := &pupil{
		level:       s.level,
		class:       s.class,
		born:        l.birthDate(r, siblings, s.level),
		entered:     l.calendar.rentree(),
		lunch:       chance(r, 640),
		transport:   chance(r, 60),
		morningCare: chance(r, 180),
		eveningCare: chance(r, 260),
		study:       s.level.Cycle() > 1 && chance(r, 220),
	}
	if choir := s.class.school.choir; choir != nil && chance(r, 80) {
		p.choir = choir
	}
	p.joined = p.entered.AddDate(-r.IntN(1+yearsBefore(s.class.school, s.level)), 0, 0)
	return p
}

// yearsBefore counts the levels that a school teaches before one.
func yearsBefore(e *establishment, level school.Level) int {
	for i, l := range e.kind.levels {
		if l == level {
			return i
		}
	}
	return 0
}

// birthDate draws a date that suits the level, one pupil in twenty being late
// or early, and the siblings: on the day of a twin, else nine months away.
func (l *locality) birthDate(r *rand.Rand, siblings []*pupil, level school.Level) time.Time {
	for _, s := range siblings {
		if s.level == level {
			return s.born
		}
	}
	year := int(l.calendar.year) - usualAge(level)
	var born time.Time
	for range 10 {
		born = dayOf(r, year)
		switch n := r.IntN(1000); {
		case n < 40 && level.Cycle() > 1:
			born = born.AddDate(-1, 0, 0)
		case n < 50 && level.Cycle() > 1:
			born = born.AddDate(1, 0, 0)
		}
		if !slices.ContainsFunc(siblings, func(s *pupil) bool { return born.Sub(s.born).Abs() < 280*24*time.Hour }) {
			break
		}
	}
	return born
}

// usualAge is the age that pupils of a level reach in the calendar year in
// which the school year starts: two in TPS, ten in CM2.
func usualAge(level school.Level) int { return 2 + slices.Index(school.Levels, level) }

// numberEveryone hands out the jointures: school by school, the oldest pupils
// first, as they came first.
func (l *locality) numberEveryone() {
	var pupils []*pupil
	for _, f := range l.families {
		pupils = append(pupils, f.pupils...)
	}
	slices.SortStableFunc(pupils, func(a, b *pupil) int { return a.born.Compare(b.born) })
	for _, p := range pupils {
		p.number()
	}
	inOrder := slices.Clone(l.families)
	slices.SortFunc(inOrder, func(a, b *family) int { return cmp.Compare(a.pupils[0].id, b.pupils[0].id) })
	for _, f := range inOrder {
		for _, g := range f.guardians {
			g.id = f.pupils[0].class.school.numbers.guardian.take()
		}
	}
}

// number gives a pupil a jointure and an INE.
func (p *pupil) number() {
	p.id = p.class.school.numbers.pupil.take()
	p.ine = ineOf(p.id)
}

// ineOf scatters jointures over the INE: nine digits, different for different
// jointures as the factor is prime to 10, and two letters.
func ineOf(id int64) school.INE {
	n := (id*736_481_259 + 104_729) % 1_000_000_000
	ine := []byte("000000000AA")
	for i, rest := 8, n; i >= 0; i, rest = i-1, rest/10 {
		ine[i] = byte('0' + rest%10)
	}
	ine[9] += byte(n % 25)
	ine[10] += byte(n / 25 % 26)
	return school.INE(ine)
}

// bind gives a guardian authority over children.
func (f *family) bind(g *guardian, by link, children ...*pupil) {
	f.guardians = append(f.guardians, g)
	for _, p := range children {
		p.bonds = append(p.bonds, bond{g, by})
		g.pupils = append(g.pupils, p)
	}
}

// typedAgain puts the first adult of a family in a second record, as when a
// school types somebody in who was there: same names, same children, another
// telephone.
func (f *family) typedAgain() {
	first := f.guardians[0]
	again := &guardian{identity: first.identity, home: first.home, contact: first.contact, again: true}
	again.mobile = ""
	f.bind(again, f.pupils[0].bonds[0].link, f.pupils...)
}

// baptise names the children, each with a first name of its own.
func (f *family) baptise(r *rand.Rand, surname string) {
	used := map[string]bool{}
	for _, p := range f.pupils {
		for p.identity = child(r, surname); used[p.first]; {
			p.identity = child(r, surname)
		}
		used[p.first] = true
	}
}
