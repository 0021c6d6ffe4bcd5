package message

import (
	"slices"

	"preau/account"
	"preau/core/audit"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
)

// blockable says whom the visitor may block in a conversation: a guardian, by whoever
// does not answer for the guardian's child at school.
func (s *Service) blockable(r *web.Request, v *showView, with seat) error {
	if v.Kind != twoOf || with.Profile != school.Guardian || r.Actor.Profile == school.Pupil {
		return nil
	}
	v.Block = with.Person
	var err error
	if v.Blocked, err = blocked(r.Tx, r.Actor.Person, with.Person); err != nil {
		return err
	}
	v.Ours, err = answersFor(r.Tx, r.Actor.Person, r.Actor.Profile, with.Person)
	return err
}

// theBlocks is the condition of the blocks of the person $1, of the person $2, whatever the records of
// theirs under which they were said.
var theBlocks = `person_id IN (` + oneWith(1) + `) AND blocked_id IN (` + oneWith(2) + `)`

// blocked tells whether somebody said that they want no message of somebody else.
func blocked(tx *db.Tx, by, of school.ID) (bool, error) {
	return db.One(tx, db.Column[bool], `SELECT EXISTS (SELECT 1 FROM message_block WHERE `+theBlocks+`)`, by, of)
}

// blocks tells whether somebody, with the hat of a seat, hears nothing of somebody else. A block holds
// nothing where one answers for their family: nobody is cut off from the teacher of their own child.
func blocks(tx *db.Tx, by seat, of school.ID) (bool, error) {
	if is, err := blocked(tx, by.Person, of); err != nil || !is {
		return false, err
	}
	ours, err := answersFor(tx, by.Person, by.Profile, of)
	return !ours, err
}

// answersFor tells whether somebody, with a hat like theirs, answers for the family of a guardian: one of
// a child of their class, or of the school that they head.
func answersFor(tx *db.Tx, who school.ID, profile school.Profile, of school.ID) (bool, error) {
	family, err := directory.Actor(tx, of, school.Guardian)
	if err != nil {
		return false, err
	}
	for _, hat := range alike(profile) {
		if hat != school.Teacher && hat != school.Head {
			continue
		}
		me, err := directory.Actor(tx, who, hat)
		if err != nil {
			return false, err
		}
		mine, theirs := me.Classes, family.Classes
		if hat == school.Head {
			mine, theirs = me.Schools, family.Schools
		}
		if slices.ContainsFunc(mine, func(id school.ID) bool { return slices.Contains(theirs, id) }) {
			return true, nil
		}
	}
	return false, nil
}

// answeredFor lists those whom somebody blocks and for whose family they answer, by the records under
// which they said so.
func answeredFor(tx *db.Tx, who school.ID, profile school.Profile) (ours []school.ID, err error) {
	if !slices.Contains(atWork, profile) {
		return nil, nil
	}
	all, err := db.All(tx, db.Column[school.ID], `SELECT blocked_id FROM message_block WHERE person_id IN (`+oneWith(1)+`)`, who)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	stays, err := directory.Stays(tx, all...)
	for record, person := range stays {
		is := false
		if err == nil {
			is, err = answersFor(tx, who, profile, person)
		}
		if is {
			ours = append(ours, record)
		}
	}
	return ours, err
}

// toBlock reads whom the conversation of the path lets the visitor block, or hear again.
func (s *Service) toBlock(r *web.Request) (v showView, err error) {
	t, err := s.shown(r)
	if err != nil {
		return v, err
	}
	if v, err = s.view(r, t, latest, 1); err == nil && v.Block == 0 {
		err = fail.New(fail.Conflict, "%s blocks nobody in %s", r.Actor.Person, t.ID).Say("message.block-school")
	}
	return v, err
}

// block has no message come any more from a guardian. A teacher and a head read why they do
// not block the families for whom they answer.
func (s *Service) block(r *web.Request) (web.Answer, error) {
	v, err := s.toBlock(r)
	if err == nil && v.Ours {
		err = fail.New(fail.Conflict, "%s is of the families of %s", v.Block, r.Actor.Person).Say("message.block-own")
	}
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
	n, err := r.Tx.Exec(`DELETE FROM message_block WHERE `+theBlocks, r.Actor.Person, v.Block)
	if err == nil && n == 0 {
		err = fail.New(fail.Conflict, "%s does not block %s", r.Actor.Person, v.Block).Say("message.free-none")
	}
	if err != nil {
		return nil, err
	}
	return web.Redirect{To: v.path(), Notice: "message.free-done"}, s.said(r, account.ActHear, v)
}

// said journals a block where who blocks reads it: whom it is about is not told.
func (s *Service) said(r *web.Request, act audit.Action, v showView) error {
	return s.Audit.Write(r.Tx, audit.Entry{By: r.By(), Action: act, Kind: "thread", Object: v.ID, Subject: r.Actor.Person, School: v.School})
}
