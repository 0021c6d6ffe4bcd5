package liaison

import (
	"preau/core/attach"
	"preau/core/web"
)

// bag is what words carry.
var bag = attach.Bag{Room: room, Thing: "word_id", Photos: 4, Files: 4}

// attached gives a photo or a file of a word, to whom the word is for and to whoever follows
// it.
func (s *Service) attached(r *web.Request) (web.Answer, error) {
	w, err := s.shown(r)
	if err != nil {
		return nil, err
	}
	carried, err := bag.Of(r.Tx, w.ID)
	if err != nil {
		return nil, err
	}
	return s.Tray.Answer(r, carried[w.ID])
}

// shown reads the word of the path, which is for the visitor, or which they follow.
func (s *Service) shown(r *web.Request) (w word, err error) {
	id, err := r.PathID("word")
	if err != nil {
		return w, err
	}
	if w, err = wordByID(r.Tx, id); err != nil || s.can(r, follow, w) == nil {
		return w, err
	}
	held, err := reads(r)
	if err == nil {
		_, err = held.Children(r.Tx, w.ID)
	}
	return w, err
}
