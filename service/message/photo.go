package message

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

// How many photos a post may have, and how many bytes the form that sends them.
const (
	maxPhotos = 4
	maxSent   = maxPhotos * (16 << 20)
)

// Holds tells whether a post has a photo in a file of core/blob.
func Holds(tx *db.Tx, sum blob.Sum) (bool, error) {
	return db.One(tx, db.Column[bool], `SELECT EXISTS (SELECT 1 FROM message_photo WHERE whole = $1 OR preview = $1)`, sum)
}

// photosOf lists the photos of some posts, in their order, by post.
func photosOf(tx *db.Tx, posts ...school.ID) (map[school.ID][]photo.Kept, error) {
	of := map[school.ID][]photo.Kept{}
	return of, tx.Each(func(row db.Row) error {
		var id school.ID
		var k photo.Kept
		err := row.Scan(&id, &k.Whole, &k.Preview, &k.Width, &k.Height, &k.PreviewWidth, &k.PreviewHeight)
		of[id] = append(of[id], k)
		return err
	}, `SELECT post_id, whole, preview, width, height, preview_width, preview_height FROM message_photo
		WHERE post_id `+tx.Among(1)+` ORDER BY post_id, rank`, db.List(tx, posts))
}

// hang gives a post its photos.
func hang(tx *db.Tx, to school.ID, photos []photo.Kept) error {
	for i, k := range photos {
		_, err := tx.Exec(`INSERT INTO message_photo (post_id, rank, whole, preview, width, height, preview_width, preview_height)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, to, i+1, k.Whole, k.Preview, k.Width, k.Height, k.PreviewWidth, k.PreviewHeight)
		if err != nil {
			return err
		}
	}
	return nil
}

// received reads a form with photos, and keeps them: no transaction waits for it. What is
// wrong with one is given apart, to be said beside the field.
func (s *Service) received(r *web.Request) (photos []photo.Kept, wrong, err error) {
	if err := r.ParseFiles(); err != nil {
		return nil, nil, err
	}
	sent := r.MultipartForm.File["photo"]
	most := maxPhotos
	if r.Actor.Profile == school.Pupil { // who writes words alone
		most = 0
	}
	if len(sent) > most {
		return nil, fail.New(fail.Invalid, "%d photos", len(sent)).Say("message.photos-number", most).At("photo"), nil
	}
	for _, one := range sent {
		if one.Size == 0 { // a field that nobody has filled
			continue
		}
		file, err := one.Open()
		if err != nil {
			return nil, nil, err
		}
		kept, err := s.Album.Keep(r.Context(), file)
		file.Close()
		if err != nil {
			return nil, fail.At(err, "photo"), nil
		}
		photos = append(photos, kept)
	}
	return photos, nil, nil
}

// photo gives the file of a photo of a post to who reads the post: its preview, or the
// whole.
func (s *Service) photo(r *web.Request) (web.Answer, error) {
	t, err := s.shown(r)
	if err != nil {
		return nil, err
	}
	posts, err := postsOf(r.Tx, t.ID)
	if err != nil {
		return nil, err
	}
	id, err := r.PathID("post")
	if err != nil {
		return nil, err
	}
	rank, err := r.PathID("photo")
	if err != nil {
		return nil, err
	}
	for _, p := range visible(posts, r.Actor.Person) {
		if p.ID == id {
			return s.picture(r, id, int(rank))
		}
	}
	return nil, fail.New(fail.NotFound, "the post %s is not in what %s reads of %s", id, r.Actor.Person, t.ID)
}

func (s *Service) picture(r *web.Request, of school.ID, rank int) (web.Answer, error) {
	all, err := photosOf(r.Tx, of)
	if err != nil {
		return nil, err
	}
	photos := all[of]
	if rank < 1 || rank > len(photos) {
		return nil, fail.New(fail.NotFound, "the post %s has %d photos", of, len(photos))
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
	file, err := io.ReadAll(content)
	return web.File{Name: "photo.jpg", Type: "image/jpeg", Content: bytes.NewReader(file)}, err
}
