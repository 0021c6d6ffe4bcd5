package message

import (
	"preau/core/attach"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
	"preau/core/web"
)

// bag is what posts carry.
var bag = attach.Bag{Room: room, Thing: "post_id", Photos: 4, Files: 4}

// bagOf is what the visitor may send: a pupil writes words alone.
func bagOf(r *web.Request) attach.Bag {
	if r.Actor.Profile == school.Pupil {
		return attach.Bag{}
	}
	return bag
}

// attached gives a photo or a file of a post to whoever reads the post.
func (s *Service) attached(r *web.Request) (web.Answer, error) {
	t, err := s.shown(r)
	if err != nil {
		return nil, err
	}
	id, err := r.PathID("post")
	if err != nil {
		return nil, err
	}
	posts, _, err := t.visible(r, id+1, 1)
	if err != nil {
		return nil, err
	}
	for _, p := range posts {
		if p.ID != id {
			continue
		}
		if err := noteFetched(r, p); err != nil {
			return nil, err
		}
		return s.carried(r, id)
	}
	return nil, fail.New(fail.NotFound, "the post %s is not in what %s reads of %s", id, r.Actor.Person, t.ID)
}

// noteFetched notes that the visitor has what another's post carries: it is read.
func noteFetched(r *web.Request, p post) error {
	mine, err := p.by(r)
	if err != nil || mine {
		return err
	}
	unread, err := db.One(r.Tx, db.Column[bool], `SELECT read_at IS NULL FROM message_post WHERE id = $1`, p.ID)
	if err != nil || !unread {
		return err
	}
	return noteShown(r, p.Thread)
}

// carried is the photo or the file of the path, of a post.
func (s *Service) carried(r *web.Request, of school.ID) (web.Answer, error) {
	all, err := bag.Of(r.Tx, of)
	if err != nil {
		return nil, err
	}
	return s.Tray.Answer(r, all[of])
}
