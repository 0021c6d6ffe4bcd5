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

// photosBy is how many photos the visitor may send: a pupil writes words alone.
func photosBy(r *web.Request) int {
	if r.Actor.Profile == school.Pupil {
		return 0
	}
	return maxPhotos
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
	if posts, err = t.visible(r, posts); err != nil {
		return nil, err
	}
	for _, p := range posts {
		if p.ID == id {
			return s.picture(r, id)
		}
	}
	return nil, fail.New(fail.NotFound, "the post %s is not in what %s reads of %s", id, r.Actor.Person, t.ID)
}

// picture is the photo of the path, of a post.
func (s *Service) picture(r *web.Request, of school.ID) (web.Answer, error) {
	all, err := wall.Of(r.Tx, of)
	if err != nil {
		return nil, err
	}
	return s.Album.Answer(r, all[of])
}
