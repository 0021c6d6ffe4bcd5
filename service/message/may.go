package message

import (
	"slices"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
)

// mayBegin refuses a message that is stopped, or that one of those who are named does not
// want.
func (s *Service) mayBegin(r *web.Request, d desk, to addressed) error {
	if err := going(r, d.School); err != nil {
		return err
	}
	for _, c := range d.People {
		if d.School == 0 && slices.ContainsFunc(to.Seats, func(one seat) bool { return one.Person == c.ID }) { // of a commune
			if err := going(r, c.School); err != nil {
				return err
			}
		}
	}
	for _, one := range to.Seats {
		is, err := blocks(r.Tx, one, r.Actor.Person)
		if err == nil && is {
			err = fail.New(fail.Conflict, "%s blocks %s", one.Person, r.Actor.Person).Say("message.blocked").At("person")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// shut is why nothing is said any more by somebody in a conversation.
type shut string

// Why a conversation is shut to somebody.
const (
	shutNot     shut = ""
	shutStopped shut = "stopped" // messages are, for a time or not: see [closed]
	shutRules   shut = "rules"   // nobody of it may address the other any more
	shutBlocked shut = "blocked" // the other wants no message
	shutMine    shut = "mine"    // one wants none oneself
	shutGroup   shut = "group"   // one said it to a group, which answers
)

// mayAnswer tells whether the visitor may say something in a conversation, and to whom:
// who is in it, and whom the rules still let them address, or who may still address them,
// except that a child writes to nobody to whom no adult let them write.
func (s *Service) mayAnswer(r *web.Request, t thread, seats []seat) (to seat, why shut, err error) {
	err = going(r, t.School)
	switch {
	case fail.Is(err, fail.Conflict):
		return to, shutStopped, nil
	case err != nil:
		return to, "", err
	case t.Kind == group && t.Author == r.Actor.Person, t.later(r.Tx.Now), t.withheld():
		return to, shutGroup, nil
	case t.Kind == circle:
		why, err = s.stillIn(r, t)
		return to, why, err
	case t.Kind == group:
		i := slices.IndexFunc(seats, func(one seat) bool { return one.Person == t.Author })
		if i < 0 {
			return to, shutRules, nil
		}
		to = seats[i]
	default:
		var there bool
		if to, there = other(seats, r.Actor.Person); !there {
			return to, shutRules, nil
		}
	}
	why, err = s.mayTalk(r, to)
	return to, why, err
}

// stillIn tells whether the visitor still works where colleagues talk together.
func (s *Service) stillIn(r *web.Request, t thread) (shut, error) {
	if slices.Contains(r.Actor.Schools, t.School) {
		return shutNot, nil
	}
	return shutRules, nil
}

// mayTalk tells whether the visitor may address somebody whom they talk with.
func (s *Service) mayTalk(r *web.Request, to seat) (shut, error) {
	for _, b := range []struct {
		by  seat
		of  school.ID
		why shut
	}{{to, r.Actor.Person, shutBlocked}, {seat{Person: r.Actor.Person, Profile: r.Actor.Profile}, to.Person, shutMine}} {
		if is, err := blocks(r.Tx, b.by, b.of); is || err != nil {
			return b.why, err
		}
	}
	_, is, err := s.reachOne(r.Tx, r.Actor, to.Person, to.Profile)
	if err != nil || is {
		return shutNot, err
	}
	if r.Actor.Profile == school.Pupil {
		return shutRules, nil
	}
	is, err = s.reaches(r.Tx, to, r.Actor)
	if err != nil || is {
		return shutNot, err
	}
	return shutRules, nil
}

// reaches tells whether somebody may still address who acts.
func (s *Service) reaches(tx *db.Tx, from seat, to rights.Actor) (bool, error) {
	actor, err := directory.Actor(tx, from.Person, from.Profile)
	if err != nil {
		return false, err
	}
	_, is, err := s.reachOne(tx, actor, to.Person, to.Profile)
	return is, err
}

// going is fail.Conflict where messages are stopped for the hat of the visitor, for a time or
// as long as the school works without them; the form that was sent comes back.
func going(r *web.Request, at school.ID) error { return goingAs(r, r.Actor.Profile, at) }

// goingAs is [going] for whoever wears another hat.
func goingAs(r *web.Request, profile school.Profile, at school.ID) error {
	return fail.At(r.Shuts(room, at, profile), "body")
}
