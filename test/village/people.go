package village

import (
	"math/rand/v2"
	"time"
)

// identity is who a person is: what the AAF says in the same five attributes
// of pupils, guardians and staff.
type identity struct {
	civility string // "M." or "Mme"; empty for an organisation
	birth    string // nom de famille
	usual    string // nom d'usage
	first    string
	others   []string // autres prénoms: the first one again, and the next
}

const (
	mister = "M."
	madam  = "Mme"
)

// child draws a child of the given surname.
func child(r *rand.Rand, surname string) identity {
	if chance(r, 490) {
		return named(r, madam, surname, girlNames)
	}
	return named(r, mister, surname, boyNames)
}

func woman(r *rand.Rand) identity { return named(r, madam, pick(r, surnames), womanNames) }

func man(r *rand.Rand) identity { return named(r, mister, pick(r, surnames), manNames) }

// adult draws a woman in share cases of a thousand, and else a man.
func adult(r *rand.Rand, share int) identity {
	if chance(r, share) {
		return woman(r)
	}
	return man(r)
}

func named(r *rand.Rand, civility, surname string, firsts []string) identity {
	id := identity{civility: civility, birth: surname, usual: surname, first: pick(r, firsts)}
	id.others = []string{id.first}
	for chance(r, 400) && len(id.others) < 3 {
		id.others = append(id.others, pick(r, firsts))
	}
	return id
}

// bornBetween draws a birth date among people who reach those ages in the
// calendar year.
func bornBetween(r *rand.Rand, year, youngest, oldest int) time.Time {
	return dayOf(r, year-youngest-r.IntN(oldest-youngest+1))
}

// dayOf draws a day of a calendar year.
func dayOf(r *rand.Rand, year int) time.Time {
	return time.Date(year, time.January, 1+r.IntN(365), 0, 0, 0, 0, time.UTC)
}

// pick draws one of a list.
func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

// chance is true in share cases of a thousand.
func chance(r *rand.Rand, share int) bool { return r.IntN(1000) < share }
