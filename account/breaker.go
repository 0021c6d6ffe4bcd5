package account

import (
	"context"
	"errors"
	"fmt"
	"time"

	"preau/core/audience"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
	"preau/core/web"
)

// The breaker freezes one account whose own acts say that somebody else has it.
// Wrong tries alone, whoever makes them, freeze nobody.

var _ web.Breaker = (*Accounts)(nil)

// A password is sprayed when it opens a login from an address where lately many
// others were tried in vain, and next to none came in, all of them of people who
// never came in from there: the children of a class who mistype are at home where
// they were before, and one in ten of them comes in at once.
const (
	knocksLife  = time.Hour
	sprayedFrom = 15 // people
	sprayedEach = 10 // of them to each who came in
)

// Sign-ins are unusual when, within an hour, so many of them each come from
// another part of the internet, from a network and on a device where the person
// never was.
const (
	unusualWithin = time.Hour
	unusualFrom   = 4
)

// quietFor is how long the breaker leaves somebody alone whom their school has
// just verified.
const quietFor = 24 * time.Hour

// peopleRate is how many people somebody acts on in an hour: what a head prints,
// twice, for the largest school of France is below theirs.
func peopleRate(profile school.Profile) rate {
	people := 500
	switch profile {
	case school.Pupil, school.Guardian:
		people = 60
	case school.Teacher, school.Admin, school.Staff, school.CareAgent:
		people = 1500
	case school.Head:
		people = 6000
	case school.Municipal, school.Pilot, school.Operator:
		people = 30000
	}
	return hourly(people)
}

// hourly is the rate of so many people an hour: 3,600,000 at most, one a millisecond.
func hourly(people int) rate {
	people = min(people, int(time.Hour/time.Millisecond))
	return rate{people, time.Hour / time.Duration(people)}
}

// everybodyAnHour is how many times within an hour whoever speaks for a school, or for all those of a
// commune, acts on everybody there, however many these are: a notice, its corrections and its end.
const everybodyAnHour = 10

// spokenFor counts everybody for whom the visitor speaks: the pupils, the families and the staff of
// what they head, or of their commune; nobody for whoever heads nothing.
func spokenFor(r *web.Request) (int, error) {
	var place audience.Place
	var of []school.ID
	switch r.Actor.Profile {
	case school.Head:
		place, of = audience.School, r.Actor.Schools
	case school.Municipal:
		place, of = audience.Commune, r.Actor.Areas
	}
	var everybody []audience.Audience
	for _, id := range of {
		for _, side := range []audience.Side{audience.Pupils, audience.Families, audience.Teaching, audience.SchoolStaff} {
			everybody = append(everybody, audience.Audience{Place: place, Of: id, Side: side})
		}
	}
	if len(everybody) == 0 {
		return 0, nil
	}
	n, err := r.Audiences().Count(r.Tx, everybody...)
	return n.People, err
}

// tripped is the error of what the breaker stops. What was done is rolled back
// with it, and [Accounts.Settle] freezes the account.
type tripped struct {
	person school.ID
	why    Cause
	from   Origin
	answer error // what the visitor hears
}

func (t *tripped) Error() string {
	return fmt.Sprintf("the breaker stops %d (%s): %v", t.person, t.why, t.answer)
}
func (t *tripped) Unwrap() error { return t.answer }

// Settle implements web.Breaker.
func (a *Accounts) Settle(ctx context.Context, err error) error {
	var t *tripped
	if !errors.As(err, &t) {
		return err
	}
	frozen := a.DB.Write(context.WithoutCancel(ctx), func(tx *db.Tx) error {
		if t.why == Sprayed {
			if _, err := a.throttleSprayed(t.from).take(tx); err != nil {
				return err
			}
		}
		return a.freeze(tx, t.person, t.from.by(0), t.why, t.from)
	})
	if fail.Is(frozen, fail.TooMany) {
		return frozen
	}
	if frozen != nil {
		return fmt.Errorf("freezing the account of %d: %w", t.person, frozen)
	}
	return err
}

func (a *Accounts) throttleSprayed(from Origin) throttle {
	return throttle{a.attemptKey("sprayed", lineOf(from.IP)), sprayedRate, false}
}

// ActsOn implements web.Breaker: so many people within an hour that it is no
// ordinary work trip it.
func (a *Accounts) ActsOn(r *web.Request, people int) error {
	if people <= 0 {
		return nil
	}
	_, err := a.throttlePeople(r.Actor.Person, r.Actor.Profile).takeMany(r.Tx, people)
	if fail.Is(err, fail.TooMany) { // rarely: only now is it asked for how many they speak
		n, counted := spokenFor(r)
		if counted != nil {
			return counted
		}
		if n > 0 {
			_, err = a.throttleEverybody(r.Actor.Person, r.Actor.Profile, n).takeMany(r.Tx, people)
		}
	}
	if fail.Is(err, fail.TooMany) {
		return &tripped{r.Actor.Person, Mass, Origin{IP: r.IP, Request: r.ID}, fail.New(fail.Forbidden, "%d people more are too many: %w", people, err).Say("account.tripped-mass")}
	}
	return err
}

func (a *Accounts) throttlePeople(person school.ID, profile school.Profile) throttle {
	return throttle{a.attemptKey("reach", person.String(), string(profile)), peopleRate(profile), false}
}

// throttleEverybody is what somebody who speaks for so many people has beside that, in what is
// beyond it.
func (a *Accounts) throttleEverybody(person school.ID, profile school.Profile, people int) throttle {
	return throttle{a.attemptKey("everybody", person.String(), string(profile)), hourly(people * everybodyAnHour), false}
}

// peopleThrottles are the throttles of somebody with each hat.
func (a *Accounts) peopleThrottles(person school.ID) (all []throttle) {
	for _, profile := range school.Profiles {
		all = append(all, a.throttlePeople(person, profile), a.throttleEverybody(person, profile, 1))
	}
	return all
}

// knocked is a password that is tried at an address, by the keys under which it
// is remembered.
type knocked struct{ place, whose []byte }

// knockOf is the knock of somebody at an address; 0 is whoever is not told from
// others there.
func (a *Accounts) knockOf(whose school.ID, from Origin) knocked {
	return knocked{
		a.Key.MAC("account knock", []byte("place"), []byte(lineOf(from.IP))),
		a.Key.MAC("account knock", []byte("whose"), []byte(whose.String())),
	}
}

// remember writes that somebody knocked in vain, or came in.
func (k knocked) remember(tx *db.Tx, in bool) error {
	_, err := tx.Exec(`INSERT INTO account_knock (place, whose, in_since, until_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (place, whose) DO UPDATE SET in_since = account_knock.in_since OR excluded.in_since, until_at = excluded.until_at`,
		k.place, k.whose, in, db.At(tx.Now.Add(knocksLife)))
	return err
}

// sprayed refuses, as a wrong password, the right one that whoever sprays
// passwords from an address has found. Who proves who they are with a second
// factor is not concerned: the password opens nothing of theirs.
func sprayed(tx *db.Tx, d door, from Origin) error {
	if d.knock.place == nil || d.usual {
		return nil // on a device, or from a network, of the person's
	}
	var tried, in int
	err := tx.Get([]any{&tried, &in}, `SELECT coalesce(sum(CASE WHEN in_since THEN 0 ELSE 1 END), 0), coalesce(sum(CASE WHEN in_since THEN 1 ELSE 0 END), 0)
		FROM account_knock WHERE place = $1 AND whose <> $2 AND until_at > $3`, d.knock.place, d.knock.whose, db.At(tx.Now))
	if err != nil || tried < max(sprayedFrom, sprayedEach*(in+1)) {
		return err
	}
	left, err := left(tx, d.person)
	if err != nil || left {
		return err
	}
	return &tripped{d.person, Sprayed, from, wrongPassword()}
}

// left tells whether the breaker leaves somebody alone: they have a second factor,
// or were verified lately.
func left(tx *db.Tx, person school.ID) (bool, error) {
	has, err := HasFactor(tx, person)
	if err != nil || has {
		return has, err
	}
	return db.One(tx, db.Column[bool], `SELECT EXISTS (SELECT 1 FROM account_account WHERE person_id = $1 AND verified_at > $2)`,
		person, db.At(tx.Now.Add(-quietFor)))
}

// farFrom is how the database knows the part of the internet that a request comes
// from, when the person, who is known elsewhere, never used its network nor its
// device; nil otherwise.
func (a *Accounts) farFrom(known acquaintance, from Origin) []byte {
	if !known.newDevice() || known.network {
		return nil
	}
	return a.Key.MAC("account far", []byte(partOf(from.IP)))
}

// unusual refuses the sign-in that is one too many from everywhere at once.
func unusual(tx *db.Tx, person school.ID, far []byte, from Origin) error {
	if far == nil {
		return nil
	}
	others, err := db.One(tx, db.Column[int], `SELECT count(DISTINCT far) FROM account_device
		WHERE person_id = $1 AND far_at > $2 AND far <> $3`, person, db.At(tx.Now.Add(-unusualWithin)), far)
	if err != nil || others+1 < unusualFrom {
		return err
	}
	left, err := left(tx, person)
	if err != nil || left {
		return err
	}
	return &tripped{person, Unusual, from, fail.New(fail.Invalid, "signed in from %d places", others+1).Say("account.tripped").At("password")}
}
