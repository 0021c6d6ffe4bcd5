package message

import (
	"preau/account"
	"preau/core/audit"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
	"preau/core/web"
)

// blockable says whom the visitor may block in a conversation: a guardian, by whoever
// does not answer for the guardian's child at school.
func (s *Service) blockable(r *web.Request, v *showView, with seat) error {
	if v.Kind != twoOf || with.Profile != school.Guardian || r.Actor.Profile == school.Pupil {
		return nil
	}
	v.Block = with.Person
	var err error
	if v.Blocked, err = blocks(r.Tx, r.Actor.Person, with.Person); err != nil {
		return err
	}
	if me := sideOf(r.Actor.Profile); me != teacher && me != head {
		return nil
	}
	_, v.Ours, err = s.reachOne(r.Tx, r.Actor, with.Person, school.Guardian)
	return err
}

// toBlock reads whom the conversation of the path lets the visitor block. A teacher and a
// head read why they do not block the families for whom they answer.
func (s *Service) toBlock(r *web.Request) (v showView, err error) {
	t, err := s.shown(r)
	if err != nil {
		return v, err
	}
	if v, err = s.view(r, t, latest, 1); err != nil {
		return v, err
	}
	switch {
	case v.Block == 0:
		err = fail.New(fail.Conflict, "%s blocks nobody in %s", r.Actor.Person, t.ID).Say("message.block-school")
	case v.Ours:
		err = fail.New(fail.Conflict, "%s is of the families of %s", v.Block, r.Actor.Person).Say("message.block-own")
	}
	return v, err
}

// block has no message come any more from a guardian.
func (s *Service) block(r *web.Request) (web.Answer, error) {
	v, err := s.toBlock(r)
	if err != nil {
		return nil, err
	}
	if _, err := r.Tx.Exec(`INSERT INTO message_block (person_id, blocked_id, since_at) VALUES ($1, $2, $3) ON CONFLICT (person_id, blocked_id) DO NOTHING`,
		r.Actor.Person, v.Block, db.At(r.Tx.Now)); err != nil {
		return nil, err
	}
	return web.Redirect{To: v.path(), Notice: "message.block-done"}, s.said(r, account.ActSilence, v)
}

// free lets them write again.
func (s *Service) free(r *web.Request) (web.Answer, error) {
	v, err := s.toBlock(r)
	if err != nil {
		return nil, err
	}
	if _, err := r.Tx.Exec(`DELETE FROM message_block WHERE person_id = $1 AND blocked_id = $2`, r.Actor.Person, v.Block); err != nil {
		return nil, err
	}
	return web.Redirect{To: v.path(), Notice: "message.free-done"}, s.said(r, account.ActHear, v)
}

// said journals a block where who blocks reads it: whom it is about is not told.
func (s *Service) said(r *web.Request, act audit.Action, v showView) error {
	return s.Audit.Write(r.Tx, audit.Entry{By: r.By(), Action: act, Kind: "thread", Object: v.ID, Subject: r.Actor.Person, School: v.School})
}
