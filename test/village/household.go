package village

import "math/rand/v2"

// household gathers the adults around the children of a family, names the
// children and draws the bonds.
type household func(r *rand.Rand, c *commune, f *family)

// households are the kinds of families, with their shares in a thousand. With
// 1.3 children to a family they give what deliveries show: 1.8 bonds and 1.4
// guardians to a pupil.
var households = []struct {
	share  int
	gather household
}{
	{655, together},
	{130, apart},
	{160, alone},
	{36, blended},
	{6, sameSex},
	{3, fostered},
	{3, withGrandparent},
	{4, withOther},
	{3, followed},
}

func drawHousehold(r *rand.Rand) household {
	n := r.IntN(1000)
	for _, h := range households {
		if n -= h.share; n < 0 {
			return h.gather
		}
	}
	return together
}

// together: a mother and a father under one roof.
func together(r *rand.Rand, c *commune, f *family) {
	m, d := woman(r), man(r)
	if chance(r, 550) {
		m.usual = d.usual
	}
	f.baptise(r, surnameOf(r, m, d))
	roof := homeIn(r, c)
	f.bind(newGuardian(r, m, roof), mother, f.pupils...)
	f.bind(newGuardian(r, d, roof), father, f.pupils...)
}

// apart: a mother and a father, each at home.
func apart(r *rand.Rand, c *commune, f *family) {
	m, d := woman(r), man(r)
	f.baptise(r, surnameOf(r, m, d))
	f.bind(newGuardian(r, m, homeIn(r, c)), mother, f.pupils...)
	f.bind(newGuardian(r, d, homeIn(r, c)), father, f.pupils...)
}

// alone: one parent.
func alone(r *rand.Rand, c *commune, f *family) {
	who, by := woman(r), mother
	if chance(r, 150) {
		who, by = man(r), father
	}
	f.baptise(r, who.birth)
	f.bind(newGuardian(r, who, homeIn(r, c)), by, f.pupils...)
}

// blended: half-siblings by their mother.
func blended(r *rand.Rand, c *commune, f *family) {
	m, d, first := woman(r), man(r), man(r)
	f.baptise(r, d.birth)
	roof := homeIn(r, c)
	f.bind(newGuardian(r, m, roof), mother, f.pupils...)
	if len(f.pupils) > 1 {
		f.bind(newGuardian(r, d, roof), father, f.pupils[1:]...)
	}
	eldest := f.pupils[0]
	eldest.birth, eldest.usual = first.birth, first.usual
	f.bind(newGuardian(r, first, homeIn(r, c)), father, eldest)
}

// sameSex: two mothers, or two fathers.
func sameSex(r *rand.Rand, c *commune, f *family) {
	a, b, by := woman(r), woman(r), mother
	if chance(r, 300) {
		a, b, by = man(r), man(r), father
	}
	f.baptise(r, surnameOf(r, a, b))
	roof := homeIn(r, c)
	f.bind(newGuardian(r, a, roof), by, f.pupils...)
	f.bind(newGuardian(r, b, roof), by, f.pupils...)
}

// fostered: the département's service answers, a foster carer looks after.
// The service has no civility and no family name.
func fostered(r *rand.Rand, c *commune, f *family) {
	f.baptise(r, pick(r, surnames))
	service := identity{usual: "AIDE SOCIALE A L'ENFANCE", first: c.department.name, others: []string{c.department.name}}
	office := &guardian{
		identity: service,
		home:     &home{line: "1 PLACE DE LA PREFECTURE", postcode: "96000", town: "ORVALMONT", country: "FRANCE"},
		contact:  contact{work: landline(r), mail: "ase@" + c.department.code + ".test"},
	}
	f.bind(office, childProtection, f.pupils...)
	f.bind(newGuardian(r, adult(r, 900), homeIn(r, c)), fosterer, f.pupils...)
}

func withGrandparent(r *rand.Rand, c *commune, f *family) {
	elder := adult(r, 700)
	f.baptise(r, elder.usual)
	f.bind(newGuardian(r, elder, homeIn(r, c)), grandparent, f.pupils...)
}

// withOther: an aunt, an elder brother, a tutor…
func withOther(r *rand.Rand, c *commune, f *family) {
	f.baptise(r, pick(r, surnames))
	by := pick(r, []link{relative, relative, relative, elderSibling, tutor, otherLink, otherLink})
	f.bind(newGuardian(r, adult(r, 600), homeIn(r, c)), by, f.pupils...)
}

// followed: both parents, and an educator whom a judge named.
func followed(r *rand.Rand, c *commune, f *family) {
	apart(r, c, f)
	f.bind(newGuardian(r, adult(r, 700), homeIn(r, c)), educator, f.pupils...)
}

func newGuardian(r *rand.Rand, who identity, at *home) *guardian {
	return &guardian{identity: who, home: at, contact: contactOf(r, who), shown: chance(r, 100)}
}

// surnameOf gives children their parents' name: mostly one of the two, or
// both. A few bear neither.
func surnameOf(r *rand.Rand, m, d identity) string {
	switch n := r.IntN(1000); {
	case n < 800:
		return d.birth
	case n < 890:
		return m.birth
	case n < 950:
		return d.birth + " " + m.birth
	case n < 995:
		return m.birth + "-" + d.birth
	}
	return pick(r, surnames)
}
