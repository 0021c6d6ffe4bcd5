package village

import (
	"math/rand/v2"

	"preau/core/school"
)

// seat is a place in a class, for a pupil of a level.
type seat struct {
	class *class
	level school.Level
}

// seating is the seats of a locality in a random order, of which some are
// taken.
type seating struct {
	seats []seat
	taken []bool
	next  int // every seat before it is taken
}

// seats lists the seats of every class. In a class of several levels, each
// level has about as many.
func (l *locality) seats(r *rand.Rand) *seating {
	var s seating
	for _, e := range l.schools {
		for _, c := range e.classes {
			for i := range c.size {
				s.seats = append(s.seats, seat{c, c.levels[i*len(c.levels)/c.size]})
			}
		}
	}
	r.Shuffle(len(s.seats), func(i, j int) { s.seats[i], s.seats[j] = s.seats[j], s.seats[i] })
	s.taken = make([]bool, len(s.seats))
	return &s
}

// in takes a seat of a school that is not full.
func (s *seating) in(e *establishment) seat {
	i := s.next
	for s.taken[i] || s.seats[i].class.school != e {
		i++
	}
	s.taken[i] = true
	return s.seats[i]
}

// take takes a seat, if one is left.
func (s *seating) take() (seat, bool) {
	for ; s.next < len(s.seats); s.next++ {
		if !s.taken[s.next] {
			s.taken[s.next] = true
			return s.seats[s.next], true
		}
	}
	return seat{}, false
}

// beside takes a seat for a sibling of the brood, in the same sector.
func (s *seating) beside(brood []seat, fits demand) (seat, bool) {
	for i := s.next; i < len(s.seats); i++ {
		next := s.seats[i]
		if !s.taken[i] && next.class.school.sector == brood[0].class.school.sector && fits(brood, next) {
			s.taken[i] = true
			return next, true
		}
	}
	return seat{}, false
}

// siblings takes as many seats as a family has children: 1.3 on average.
func (s *seating) siblings(r *rand.Rand, first seat) []seat {
	brood := []seat{first}
	if chance(r, 12) {
		brood = s.extend(brood, sameLevel)
	}
	more := 0
	switch n := r.IntN(1000); {
	case n < 4:
		more = 3
	case n < 60:
		more = 2
	case n < 250:
		more = 1
	}
	for range more {
		brood = s.extend(brood, anotherLevel)
	}
	return brood
}

// extend seats one more child of a brood, if a seat suits.
func (s *seating) extend(brood []seat, fits demand) []seat {
	if next, ok := s.beside(brood, fits); ok {
		return append(brood, next)
	}
	return brood
}

// demand tells whether a seat suits one more child of a brood.
type demand func(brood []seat, next seat) bool

// sameLevel suits twins.
func sameLevel(brood []seat, next seat) bool { return next.level == brood[0].level }

// anotherLevel suits a sibling who is no twin.
func anotherLevel(brood []seat, next seat) bool {
	for _, s := range brood {
		if s.level == next.level {
			return false
		}
	}
	return true
}

// anotherSchool suits a sibling who goes to another school.
func anotherSchool(brood []seat, next seat) bool {
	return next.class.school != brood[0].class.school && anotherLevel(brood, next)
}
