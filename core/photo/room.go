package photo

import (
	"preau/core/web"
)

// Received reads a form with photos in its field "photo", most of them at most, and keeps
// them: no transaction waits for it. What is wrong with one is given apart, to be said beside
// the field.
func (a *Album) Received(r *web.Request, most int) (photos []Kept, wrong, err error) {
	if err := r.ParseFiles(); err != nil {
		return nil, nil, err
	}
	photos, wrong = a.KeepSent(r.Context(), r.MultipartForm, "photo", most)
	return photos, wrong, nil
}

// Upload takes a form with photos, on a route that is [web.Upload]: who may send it is asked
// before anything is read, the photos are made, then the rest is written in one transaction,
// unless one of them was wrong.
func (a *Album) Upload(r *web.Request, most int, may func() error, write func(photos []Kept, wrong error) (web.Answer, error)) (answer web.Answer, err error) {
	if err := r.Read(may); err != nil {
		return nil, err
	}
	photos, wrong, err := a.Received(r, most)
	if err != nil {
		return nil, err
	}
	err = r.Write(func() (err error) {
		answer, err = write(photos, wrong)
		return err
	})
	return answer, err
}

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
