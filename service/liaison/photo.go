package liaison

import (
	"preau/core/db"
	"preau/core/photo"
	"preau/core/school"
	"preau/core/web"
)

// How many photos a word may have, and how many bytes the form that sends them.
const (
	maxPhotos = 4
	maxSent   = maxPhotos * (16 << 20)
)

// wall is where the photos of words hang.
var wall = photo.Wall{Table: "liaison_photo", Thing: "word_id"}

// photosOf lists the photos of a word, in their order.
func photosOf(tx *db.Tx, word school.ID) ([]photo.Kept, error) {
	photos, err := wall.Of(tx, word)
	return photos[word], err
}

// photo gives the file of a photo of a word, to whom the word is for and to who follows
// it: its preview, or the whole.
func (s *Service) photo(r *web.Request) (web.Answer, error) {
	w, err := s.shown(r)
	if err != nil {
		return nil, err
	}
	rank, err := r.PathID("photo")
	if err != nil {
		return nil, err
	}
	photos, err := photosOf(r.Tx, w.ID)
	if err != nil {
		return nil, err
	}
	content, err := s.Album.Show(r.Context(), photos, int(rank), r.URL.Query().Has("whole"))
	return web.File{Name: "photo.jpg", Type: "image/jpeg", Content: content}, err
}

// shown reads the word of the path, which is for the visitor, or which they follow.
func (s *Service) shown(r *web.Request) (w word, err error) {
	id, err := r.PathID("word")
	if err != nil {
		return w, err
	}
	if w, err = wordByID(r.Tx, id); err != nil || r.Can(follow, w.object()) == nil {
		return w, err
	}
	held, err := r.Held()
	if err == nil {
		_, err = held.Children(r.Tx, w.ID)
	}
	return w, err
}
