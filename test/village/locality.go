package village

import (
	"math/rand/v2"
	"time"

	"preau/core/school"
)

// locality is a town, or the villages of one RPI: the schools between which
// families and teachers share themselves, imagined together.
type locality struct {
	calendar calendar
	seed     uint64
	rank     int // in the académie, from 0
	kind     localityKind
	office   circonscription
	communes []*commune

	schools  []*establishment
	families []*family
	rooted   int // the first families, whom nothing happens to
	staff    []*teacher
}

// calendar places a village in time.
type calendar struct {
	first time.Time   // the day of its first delivery
	year  school.Year // the school year of that day
}

// on is the date of a day of the village, the first delivery being day 0.
func (c calendar) on(day int) time.Time { return c.first.AddDate(0, 0, day) }

// rentree is the day on which the year's classes opened.
func (c calendar) rentree() time.Time {
	return time.Date(int(c.year), time.September, 1, 0, 0, 0, 0, time.UTC)
}

// imagine makes a locality as it is on its first day.
func imagine(o Options, p plan, rank int) *locality {
	parcel := p.parcels[rank]
	l := &locality{
		calendar: o.calendar(),
		seed:     o.Seed,
		rank:     rank,
		kind:     parcel.kind,
		office:   p.circonscriptions[parcel.circonscription],
	}
	for i := range parcel.communes() {
		l.communes = append(l.communes, communeOf(parcel.firstCommune+i))
	}
	r := l.dice(0)
	l.build(r, parcel)
	l.settle(r)
	l.hire(r)
	l.nameClasses(r)
	if o.Headless && l.shown() && len(l.schools) > 1 {
		l.vacate(l.schools[len(l.schools)-1])
	}
	return l
}

// dice is the random source of one day of the locality: no other locality and
// no other day draws from it.
func (l *locality) dice(day int) *rand.Rand {
	return rand.New(rand.NewPCG(l.seed, uint64(l.rank+1)<<32|uint64(day)))
}

// shown tells whether demonstrations take place here. The first town has one
// of everything: what is rare elsewhere is certain there.
func (l *locality) shown() bool { return l.rank == 0 }
