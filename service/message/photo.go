package message

import (
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

// wall is where the photos of posts hang.
var wall = photo.Wall{Table: "message_photo", Thing: "post_id"}

// received reads a form with photos, and keeps them: no transaction waits for it. What is
// wrong with one is given apart, to be said beside the field. A pupil writes words alone.
func (s *Service) received(r *web.Request) (photos []photo.Kept, wrong, err error) {
	if err := r.ParseFiles(); err != nil {
		return nil, nil, err
	}
	most := maxPhotos
	if r.Actor.Profile == school.Pupil {
		most = 0
	}
	photos, wrong = s.Album.KeepSent(r.Context(), r.MultipartForm, "photo", most)
	return photos, wrong, nil
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

// picture is a photo of a post.
func (s *Service) picture(r *web.Request, of school.ID, rank int) (web.Answer, error) {
	all, err := wall.Of(r.Tx, of)
	if err != nil {
		return nil, err
	}
	content, err := s.Album.Show(r.Context(), all[of], rank, r.URL.Query().Has("whole"))
	return web.File{Name: "photo.jpg", Type: "image/jpeg", Content: content}, err
}
