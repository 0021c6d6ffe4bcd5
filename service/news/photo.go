package news

import (
	"preau/core/photo"
	"preau/core/web"
)

// How many photos an item may have, and how many bytes the form that sends them.
const (
	maxPhotos = 6
	maxSent   = maxPhotos * (16 << 20)
)

// wall is where the photos of items hang.
var wall = photo.Wall{Table: "news_photo", Thing: "item_id"}

// photo gives the file of a photo of an item, to whom the item is for and to who keeps
// it: its preview, or the whole.
func (s *Service) photo(r *web.Request) (web.Answer, error) {
	i, _, err := s.shown(r)
	if err != nil {
		return nil, err
	}
	return s.file(r, i)
}

// file is the photo of the path.
func (s *Service) file(r *web.Request, i item) (web.Answer, error) {
	photos, err := wall.Of(r.Tx, i.ID)
	if err != nil {
		return nil, err
	}
	return s.Album.Answer(r, photos[i.ID])
}
