package village

import "math/rand/v2"

// parcel is what the plan gives to a locality: a run of schools, of communes,
// and a circonscription.
type parcel struct {
	kind            localityKind
	firstSchool     int // rank in the académie, from 0
	schools         int
	firstCommune    int // rank in the académie, from 0
	circonscription int // index in plan.circonscriptions
}

type localityKind int

const (
	town    localityKind = iota // one commune and its schools
	hamlet                      // one commune, one school
	grouped                     // the villages of one RPI, each with its school
)

// circonscription is the office of an inspector and the schools it follows.
type circonscription struct {
	id   int64
	seat *commune
}

// plan shares the schools of an académie out. The first localities are the
// same whatever the number of schools.
type plan struct {
	parcels          []parcel
	circonscriptions []circonscription
	departments      []*department
}

// An inspector follows about so many schools.
const schoolsPerCirconscription = 26

// The first locality is a town of up to three schools.
const firstTown = 3

func planFor(schools int, seed uint64) plan {
	r := rand.New(rand.NewPCG(seed, 0))
	var p plan
	followed := schoolsPerCirconscription // by the last circonscription
	for next, communes := 0, 0; next < schools; {
		c := parcel{firstSchool: next, firstCommune: communes}
		c.kind, c.schools = drawLocality(r)
		if next == 0 {
			c.kind, c.schools = town, firstTown
		}
		c.schools = min(c.schools, schools-next)

		d := communeOf(communes).department
		if len(p.departments) == 0 || p.departments[len(p.departments)-1] != d {
			p.departments = append(p.departments, d)
			followed = schoolsPerCirconscription
		}
		if followed >= schoolsPerCirconscription {
			p.circonscriptions = append(p.circonscriptions, circonscription{
				id:   firstCirconscriptionID + int64(len(p.circonscriptions)),
				seat: communeOf(communes),
			})
			followed = 0
		}
		c.circonscription = len(p.circonscriptions) - 1
		p.parcels = append(p.parcels, c)

		followed += c.schools
		next += c.schools
		communes += c.communes()
	}
	return p
}

// drawLocality gives three schools in four to towns of two to eight.
func drawLocality(r *rand.Rand) (localityKind, int) {
	switch n := r.IntN(1000); {
	case n < 240:
		return hamlet, 1
	case n < 340:
		return grouped, 2 + r.IntN(2)
	}
	return town, 2 + r.IntN(7)
}

// communes counts the communes of a locality.
func (p parcel) communes() int {
	if p.kind == grouped {
		return p.schools
	}
	return 1
}
