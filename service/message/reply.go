package message

import (
	"slices"

	"preau/core/attach"
	"preau/core/audience"
	"preau/core/fail"
	"preau/core/school"
	"preau/core/web"
)

// reply says something more in a conversation. An answer to a group goes to its author
// alone, in a conversation of its own.
func (s *Service) reply(r *web.Request) (web.Answer, error) {
	may := func() error { _, err := s.shown(r); return err }
	return s.Tray.Upload(r, bagOf(r), may, func(sent attach.Sent) (web.Answer, error) {
		t, err := s.shown(r)
		if err != nil {
			return nil, err
		}
		if r.PostFormValue("act") == "draft" {
			return putAside(r, t.path())
		}
		if kept, err := keptAside(r, t.path(), t.School); kept != nil || err != nil {
			return kept, err
		}
		return s.replied(r, t, sent)
	})
}

func (s *Service) replied(r *web.Request, t thread, sent attach.Sent) (web.Answer, error) {
	in, isHeld, err := s.answer(r, t, sent)
	if form, again := r.Again(err); again {
		return s.showPage(r, t, form)
	}
	if err != nil {
		return nil, err
	}
	notice := "message.sent"
	if isHeld {
		notice = "message.sent-held"
	}
	return web.Redirect{To: in.path(), Notice: notice}, forgetDraft(r)
}

// answer reads what is said in answer, and says it: in the conversation that it gives.
func (s *Service) answer(r *web.Request, t thread, sent attach.Sent) (in thread, isHeld bool, err error) {
	seats, err := seatsOf(r.Tx, t.ID)
	if err != nil {
		return t, false, err
	}
	to, why, err := s.mayAnswer(r, t, seats[t.ID])
	if err == nil && why == shutStopped {
		err = going(r, t.School)
	} else if err == nil && why != shutNot {
		err = fail.New(fail.Conflict, "%s is shut to %s: %s", t.ID, r.Actor.Person, why).Say(why.key()).At("body")
	}
	if err != nil {
		return t, false, err
	}
	body, err := bodyOf(r, sent)
	if err == nil {
		err = sent.Wrong
	}
	if err != nil {
		return t, false, err
	}
	p := post{ID: school.NewID(r.Tx.Now), Thread: t.ID, Author: r.Actor.Person, Body: body, State: said, Posted: r.Tx.Now}
	if r.Actor.Profile == school.Pupil && to.Profile == school.Pupil {
		p.State = held
	}
	if err := heldWithin(r.Tx, p); err != nil {
		return t, false, err
	}
	if t.Kind == group {
		if in, err = s.answerOf(r, t, to); err != nil {
			return t, false, err
		}
		p.Thread = in.ID
	} else {
		in = t
	}
	if err := insertPost(r.Tx, p); err != nil {
		return t, false, err
	}
	if err := bag.Hang(r.Tx, p.ID, sent.Set); err != nil {
		return t, false, err
	}
	if p.State == held {
		return in, true, waits(r.Tx, in, p)
	}
	return in, false, s.tell(r, in, p)
}

// tell makes a conversation new to those who are in it, but to whoever said something, and to
// the colleagues who work elsewhere by now.
func (s *Service) tell(r *web.Request, t thread, last post) error {
	seats, err := seatsOf(r.Tx, t.ID)
	if err != nil {
		return err
	}
	elsewhere, err := s.elsewhere(r, t, seats[t.ID])
	if err != nil {
		return err
	}
	t.Last = r.Tx.Now
	var to []audience.Audience
	for _, one := range seats[t.ID] {
		if !slices.Contains(elsewhere, one.Person) {
			to = append(to, audience.Audience{Place: audience.Person, Of: one.Record})
		}
	}
	if err := publish(r, t, to, last); err != nil {
		return err
	}
	for _, person := range elsewhere {
		if err := audience.MarkRead(r.Tx, t.ID, 0, person); err != nil {
			return err
		}
	}
	return nil
}

// elsewhere are those of the colleagues who talk together who left their school.
func (s *Service) elsewhere(r *web.Request, t thread, seats []seat) (gone []school.ID, err error) {
	if t.Kind != circle {
		return nil, nil
	}
	team, err := r.Audiences().Reach(r.Tx, teamOf(t.School)...)
	if err != nil {
		return nil, err
	}
	for _, one := range seats {
		if !slices.ContainsFunc(team, func(here audience.Reached) bool { return here.Person == one.Person }) {
			gone = append(gone, one.Person)
		}
	}
	return gone, nil
}

// publish addresses a conversation, as new from now on to all but to whoever said something.
func publish(r *web.Request, t thread, to []audience.Audience, last post) error {
	if err := r.Publish(t.address(to)); err != nil {
		return err
	}
	return renew(r.Tx, t, last)
}

// answerOf is the conversation in which somebody answers the author of a message to a
// group: the one that they have, or a new one.
func (s *Service) answerOf(r *web.Request, t thread, to seat) (thread, error) {
	found, err := threadsWhere(r.Tx, `t.parent_id = $1 AND t.author_id IN (`+oneWith(2)+`)`, t.ID, r.Actor.Person)
	if err != nil || len(found) > 0 {
		return slices.Concat(found, []thread{{}})[0], err
	}
	in := thread{
		ID: school.NewID(r.Tx.Now), School: t.School, Class: t.Class, Author: r.Actor.Person, Parent: t.ID, Kind: twoOf, Subject: t.Subject,
		Begun: r.Tx.Now, Last: r.Tx.Now,
	}
	if len(r.Actor.Schools) > 0 && !slices.Contains(r.Actor.Schools, in.School) { // a commune wrote to the heads of several
		in.School, in.Class = r.Actor.Schools[0], 0
	}
	me := seat{Person: r.Actor.Person, Profile: r.Actor.Profile}
	if r.Actor.Profile == school.Guardian {
		if me.Child, err = s.childFor(r, t); err != nil {
			return in, err
		}
	}
	in.Child = me.Child
	return in, insertThread(r.Tx, in, []seat{me, to})
}

// childFor is the child for whom a guardian reads a message to a group.
func (s *Service) childFor(r *web.Request, t thread) (school.ID, error) {
	seats, err := seatsOf(r.Tx, t.ID)
	if err != nil {
		return 0, err
	}
	for _, one := range seats[t.ID] {
		if one.Person == r.Actor.Person {
			return one.Child, nil
		}
	}
	held, err := r.Held()
	if err != nil {
		return 0, err
	}
	children, err := held.Children(r.Tx, t.ID)
	if err != nil {
		return 0, err
	}
	for _, child := range children {
		if child != 0 {
			return child, nil
		}
	}
	return 0, nil
}

func (w shut) key() string { return "message.shut-" + string(w) }
