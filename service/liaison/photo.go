package liaison

import (
	"bytes"
	"io"

	"preau/core/blob"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/photo"
	"preau/core/school"
	"preau/core/web"
)

// How many photos a word may have, and how many bytes the form that sends them.
const (
	maxPhotos = 4
	maxSent   = maxPhotos * (16 << 20)
)

// Holds tells whether a word has a photo in a file of core/blob.
func Holds(tx *db.Tx, sum blob.Sum) (bool, error) {
	return db.One(tx, db.Column[bool], `SELECT EXISTS (SELECT 1 FROM liaison_photo WHERE whole = $1 OR preview = $1)`, sum)
}

// photosOf lists the photos of a word, in their order.
func photosOf(tx *db.Tx, word school.ID) ([]photo.Kept, error) {
	return db.All(tx, func(row db.Row) (k photo.Kept, err error) {
		return k, row.Scan(&k.Whole, &k.Preview, &k.Width, &k.Height, &k.PreviewWidth, &k.PreviewHeight)
	}, `SELECT whole, preview, width, height, preview_width, preview_height FROM liaison_photo WHERE word_id = $1 ORDER BY rank`, word)
}

// hang gives a word its photos.
func hang(tx *db.Tx, word school.ID, photos []photo.Kept) error {
	for i, k := range photos {
		_, err := tx.Exec(`INSERT INTO liaison_photo (word_id, rank, whole, preview, width, height, preview_width, preview_height)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, word, i+1, k.Whole, k.Preview, k.Width, k.Height, k.PreviewWidth, k.PreviewHeight)
		if err != nil {
			return err
		}
	}
	return nil
}

// developed keeps the photos of the form: no transaction waits for it.
func (s *Service) developed(r *web.Request) (photos []photo.Kept, err error) {
	sent := r.MultipartForm.File["photo"]
	if len(sent) > maxPhotos {
		return nil, fail.New(fail.Invalid, "%d photos", len(sent)).Say("liaison.photos-number", maxPhotos).At("photo")
	}
	for _, one := range sent {
		if one.Size == 0 { // a field that nobody has filled
			continue
		}
		file, err := one.Open()
		if err != nil {
			return nil, err
		}
		kept, err := s.Album.Keep(r.Context(), file)
		file.Close()
		if err != nil {
			return nil, fail.At(err, "photo")
		}
		photos = append(photos, kept)
	}
	return photos, nil
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
	if rank < 1 || int(rank) > len(photos) {
		return nil, fail.New(fail.NotFound, "the word %s has %d photos", w.ID, len(photos))
	}
	sum := photos[rank-1].Preview
	if r.URL.Query().Has("whole") {
		sum = photos[rank-1].Whole
	}
	content, err := s.Album.Store.Open(r.Context(), sum)
	if err != nil {
		return nil, err
	}
	defer content.Close()
	all, err := io.ReadAll(content)
	return web.File{Name: "photo.jpg", Type: "image/jpeg", Content: bytes.NewReader(all)}, err
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
	held, err := s.held(r)
	if err == nil {
		_, err = held.Children(r.Tx, w.ID)
	}
	return w, err
}
