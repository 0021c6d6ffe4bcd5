package photo

import (
	"preau/core/web"
)

// Answer gives the file of the photo {photo} of the path, out of those of a thing: its
// preview, or the whole.
func (a *Album) Answer(r *web.Request, photos []Kept) (web.Answer, error) {
	rank, err := r.PathID("photo")
	if err != nil {
		return nil, err
	}
	content, err := a.Show(r.Context(), photos, int(rank), r.URL.Query().Has("whole"))
	return web.File{Name: "photo.jpg", Type: "image/jpeg", Content: content}, err
}
