package account

import (
	"context"
	"math"
	"time"

	"preau/core/db"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/web"
)

// unitSent is what is counted of the bytes that somebody sends: begun, it counts.
const unitSent = 64 << 10

// sentRate is how many bytes somebody sends within an hour, in units: some thirty photos of a
// telephone as they are for a family, a class outing and its slides for whoever works at school. With
// a stolen account nobody fills a disk.
func sentRate(profile school.Profile) rate {
	bytes := 600 << 20
	switch profile {
	case school.Pupil, school.Guardian:
		bytes = 150 << 20
	}
	units := bytes / unitSent
	return rate{units, time.Hour / time.Duration(units)}
}

// Spends counts bytes that the visitor sends, in a transaction of its own. Too many within an hour
// are fail.TooMany, with how long it takes until there is room for them.
func (a *Accounts) Spends(r *web.Request, bytes int64) error {
	return a.sends(r.Context(), r.Actor, "sent", sentRate(r.Actor.Profile), bytes)
}

// Owes counts bytes among those of [Accounts.Spends] whether there is room for them or not, even
// when the visitor has left: what was done took as much as if they had been sent.
func (a *Accounts) Owes(r *web.Request, bytes int64) error {
	all := sentRate(r.Actor.Profile)
	all.burst = math.MaxInt32
	return a.sends(context.WithoutCancel(r.Context()), r.Actor, "sent", all, bytes)
}

// Receives counts in the same way bytes that the visitor is about to send: twice as many, since
// what is too much is read all the same, for the form to come back with what was written in it.
// Beyond that nothing is read.
func (a *Accounts) Receives(r *web.Request, bytes int64) error {
	all := sentRate(r.Actor.Profile)
	all.burst, all.every = 2*all.burst, all.every/2
	return a.sends(r.Context(), r.Actor, "received", all, bytes)
}

func (a *Accounts) sends(ctx context.Context, by rights.Actor, what string, most rate, bytes int64) error {
	units := int((bytes + unitSent - 1) / unitSent)
	return a.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := throttle{a.attemptKey(what, by.Person.String(), string(by.Profile)), most, false}.takeMany(tx, units)
		return err
	})
}
