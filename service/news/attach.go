package news

import (
	"preau/core/attach"
	"preau/core/web"
)

// bag is what items carry.
var bag = attach.Bag{Room: room, Thing: "item_id", Photos: 6, Files: 4}

// attached gives a photo or a file of an item, to whom the item is for and to whoever keeps
// it.
func (s *Service) attached(r *web.Request) (web.Answer, error) {
	i, _, err := s.shown(r)
	if err != nil {
		return nil, err
	}
	carried, err := bag.Of(r.Tx, i.ID)
	if err != nil {
		return nil, err
	}
	return s.Tray.Answer(r, carried[i.ID])
}
