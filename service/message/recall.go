package message

import (
	"net/url"
	"slices"

	"preau/core/audience"
	"preau/core/audit"
	"preau/core/db"
	"preau/core/past"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
	"preau/directory/whom"
)

// recallable is the last post of a conversation, where the visitor said it and nobody has
// read it since; 0: none.
func (s *Service) recallable(r *web.Request, t thread, posts []post) (school.ID, error) {
	if len(posts) == 0 {
		return 0, nil
	}
	last := posts[len(posts)-1]
	if last.State == held || last.State == returned {
		return 0, nil
	}
	mine, err := last.by(r)
	if err != nil || !mine {
		return 0, err
	}
	was, err := wasRead(r.Tx, last.ID)
	if err != nil || was {
		return 0, err
	}
	return last.ID, nil
}

// by tells whether the visitor wrote a post, under whatever record of theirs.
func (p post) by(r *web.Request) (bool, error) {
	stays, err := directory.Stays(r.Tx, p.Author)
	return stays[p.Author] == r.Actor.Person, err
}

// wasRead tells whether anybody but its author has read a post, or told of it.
func wasRead(tx *db.Tx, post school.ID) (bool, error) {
	return db.One(tx, db.Column[bool], `SELECT EXISTS (SELECT 1 FROM message_post WHERE id = $1 AND read_at IS NOT NULL)
		OR EXISTS (SELECT 1 FROM message_report WHERE post_id = $1)`, post)
}

// recall takes the last post back before anybody has read it, and makes a draft of it.
// What somebody has read stays: it says so, and does nothing.
func (s *Service) recall(r *web.Request) (web.Answer, error) {
	t, err := s.shown(r)
	if err != nil {
		return nil, err
	}
	posts, err := lastOf(r.Tx, t.ID, 2, `TRUE`)
	if err != nil {
		return nil, err
	}
	last, err := s.recallable(r, t, posts)
	if err != nil {
		return nil, err
	}
	if last == 0 {
		return web.Redirect{To: t.path(), Notice: "message.recall-late", Info: true}, nil
	}
	if err := s.keepRecalled(r, t, posts[len(posts)-1], len(posts) == 1); err != nil {
		return nil, err
	}
	path, form := t.path(), url.Values{"body": {posts[len(posts)-1].Body.HTML()}}
	carried, err := bag.Of(r.Tx, last)
	if err != nil {
		return nil, err
	}
	s.Tray.Take(r, bag, carried[last], form)
	if len(posts) == 1 {
		if path, form, err = s.written(r, t, form); err != nil {
			return nil, err
		}
		err = Holdings.Forget(r.Tx, t.ID)
	} else {
		err = s.unsay(r, t, posts)
	}
	if err != nil {
		return nil, err
	}
	id, err := saveDraft(r, path, form)
	return web.Redirect{To: "/message/draft/" + id.String(), Notice: "message.recalled"}, err
}

// keepRecalled keeps what is about to be taken back, with its conversation where nothing else is
// in it, and journals that: what a stolen account sent is found though nobody reads it any more.
func (s *Service) keepRecalled(r *web.Request, t thread, p post, whole bool) error {
	c := past.Change{Room: room, Thing: p.ID, School: t.School, Subject: t.Child, By: r.Actor.Person, Act: past.Recalled}
	if whole {
		c.With = []school.ID{t.ID}
	}
	if err := past.Keep(r.Tx, Holdings.Tables, c); err != nil {
		return err
	}
	return s.Audit.Write(r.Tx, audit.Entry{By: r.By(), Action: actRecall, Kind: "post", Object: p.ID, Subject: p.Author, School: t.School})
}

// unsay deletes the last of several posts, of which these are the last ones: the conversation is as new as what is left.
// Who said the one before it has read all of that, and so has, of two people, the other where somebody read it.
func (s *Service) unsay(r *web.Request, t thread, posts []post) error {
	last, before := posts[len(posts)-1], posts[len(posts)-2]
	if err := Holdings.Drop(r.Tx, last.ID); err != nil {
		return err
	}
	to, err := audience.To(r.Tx, t.ID)
	if err != nil {
		return err
	}
	t.Last = before.Posted
	if err := audience.Publish(r.Tx, t.address(to[t.ID])); err != nil {
		return err
	}
	if _, err := r.Tx.Exec(`UPDATE message_thread SET last_at = $2 WHERE id = $1`, t.ID, db.At(t.Last)); err != nil {
		return err
	}
	reader, err := s.hadRead(r, t, before)
	if err == nil && reader != 0 {
		err = audience.MarkRead(r.Tx, t.ID, 0, reader)
	}
	if err != nil {
		return err
	}
	return index(r.Tx, t)
}

// hadRead is who, beside the visitor, is known to have read what was said until a post: who said it, or
// of two people the other, where somebody read it; 0: nobody.
func (s *Service) hadRead(r *web.Request, t thread, p post) (school.ID, error) {
	mine, err := p.by(r)
	if err != nil || !mine {
		return p.Author, err
	}
	was, err := wasRead(r.Tx, p.ID)
	if err != nil || !was || t.Kind != twoOf {
		return 0, err
	}
	seats, err := seatsOf(r.Tx, t.ID)
	if err != nil {
		return 0, err
	}
	with, _ := other(seats[t.ID], r.Actor.Person)
	return with.Person, nil
}

// written is the form of a conversation that is taken back whole, and the desk where it
// was written.
func (s *Service) written(r *web.Request, t thread, form url.Values) (string, url.Values, error) {
	form.Set("subject", t.Subject)
	seats, err := seatsOf(r.Tx, t.ID)
	if err != nil {
		return "", nil, err
	}
	to, err := audience.To(r.Tx, t.ID)
	if err != nil {
		return "", nil, err
	}
	path := "/message/new/team/" + t.School.String()
	for _, a := range to[t.ID] {
		switch {
		case a.Place == audience.Family:
			form.Add("family", a.Of.String())
		case a.Place == audience.School && a.Side == audience.Families:
			path = "/message/new/school/" + a.Of.String()
			form.Set("to", string(a.ID()))
		case a.Place == audience.School:
			form.Set("to", "team")
		case a.Place != audience.Person:
			form.Set("to", string(a.ID()))
		}
	}
	for _, one := range seats[t.ID] {
		if one.Person == r.Actor.Person {
			continue
		}
		child := one.Child
		if r.Actor.Profile == school.Guardian {
			child = t.Child
		}
		form.Add("person", one.Person.String()+"-"+child.String())
	}
	if t.Kind == circle {
		form.Set("together", "on")
	}
	switch {
	case r.Actor.Profile == school.Guardian:
		path = "/message/new/child/" + t.Child.String()
	case r.Actor.Profile == school.Municipal && len(r.Actor.Areas) > 0:
		path = "/message/new/commune/" + r.Actor.Areas[0].String()
	case t.Class != 0:
		path = "/message/new/class/" + t.Class.String()
	}
	if !t.withheld() {
		return path, form, nil
	}
	desks, err := s.desks(r, s.reachOnce(r))
	if err == nil && len(desks) > 0 && !slices.ContainsFunc(desks, func(d whom.Target) bool { return d.Path == path }) {
		path = desks[0].Path // they write there no more: to whom is to be said again
		for _, field := range []string{"to", "family", "person"} {
			form.Del(field)
		}
	}
	return path, form, err
}
