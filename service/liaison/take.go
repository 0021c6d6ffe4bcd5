package liaison

import (
	"bytes"
	"cmp"
	"context"
	"encoding/base64"
	"image"
	"io"
	"mime/multipart"
	"slices"

	"preau/core/fail"
	"preau/core/school"
	"preau/core/talon"
	"preau/core/web"
)

// How many pictures of talons may come at once, and how many bytes the form that sends them.
const (
	maxScans    = 10
	maxScanSent = maxScans * (10 << 20)
)

// scanAccept is what the field of pictures accepts.
const scanAccept = "image/jpeg,image/png,application/pdf"

// scanView is where pictures of talons are sent.
type scanView struct {
	word
	Form web.Form
}

// scanning asks for pictures of talons.
func (s *Service) scanning(r *web.Request) (web.Answer, error) {
	v, err := s.onPaper(r)
	if err != nil {
		return nil, err
	}
	return scanAgain(r, v.word, web.Form{})
}

func scanAgain(r *web.Request, w word, form web.Form) (web.Answer, error) {
	return web.Page{Title: r.Say("liaison.scan"), Body: scanPage(scanView{w, form}), Status: form.Status()}, nil
}

// scan reads pictures of talons, and shows what was read on them: nothing is kept, neither
// an answer nor a picture. The pictures are read while no transaction waits.
func (s *Service) scan(r *web.Request) (answer web.Answer, err error) {
	if err := r.Read(func() error { _, err := s.ours(r, follow); return err }); err != nil {
		return nil, err
	}
	if err := r.ParseFiles(); err != nil {
		return nil, err
	}
	found, wrong := s.seen(r)
	err = r.Read(func() (err error) {
		answer, err = s.review(r, found, wrong)
		return err
	})
	return answer, err
}

// returned is a talon that was seen on a picture.
type returned struct {
	talon.Seen
	slip  slip
	wrong error // it is none of ours
}

// seen finds the talons of the pictures of the form, each once. Their boxes are
// read by [Service.review], which knows what the word asks.
func (s *Service) seen(r *web.Request) (all []returned, err error) {
	sent := slices.DeleteFunc(r.MultipartForm.File["picture"], func(f *multipart.FileHeader) bool { return f.Size == 0 }) // a field that nobody has filled
	switch {
	case len(sent) == 0:
		return nil, fail.New(fail.Invalid, "no picture of talons").Say("liaison.no-picture").At("picture")
	case len(sent) > maxScans:
		return nil, fail.New(fail.Invalid, "%d pictures of talons", len(sent)).Say("photo.number", maxScans).At("picture")
	}
	for _, one := range sent {
		if all, err = s.seenIn(r.Context(), one, all); err != nil {
			return nil, fail.At(err, "picture")
		}
	}
	return all, nil
}

// maxSeen is how many talons are read of what is sent at once: each takes memory until it is
// shown.
const maxSeen = 200

// seenIn adds the talons of a file, a picture or a PDF of several, to those that were seen. One
// that was is not laid flat again: each takes memory.
func (s *Service) seenIn(ctx context.Context, sent *multipart.FileHeader, all []returned) ([]returned, error) {
	file, err := sent.Open()
	if err != nil {
		return nil, err
	}
	defer file.Close()
	fresh := func(token string) bool {
		return !slices.ContainsFunc(all, func(known returned) bool { return known.Token == token })
	}
	look := func(picture io.ReadSeeker) error {
		return s.Tray.Album.Studio.Gray(ctx, picture, func(ctx context.Context, picture *image.Gray) {
			for _, one := range talon.Find(ctx, picture, func(token string) bool { return fresh(token) && s.printed(token) }) {
				if fresh(one.Token) {
					t := returned{Seen: one}
					t.slip, t.wrong = parseSlip(s.Key, one.Token)
					all = append(all, t)
				}
			}
		})
	}
	full := func() error {
		if len(all) < maxSeen {
			return nil
		}
		return fail.New(fail.Invalid, "more than %d talons", maxSeen).Say("liaison.many-talons", maxSeen)
	}
	if err := full(); err != nil {
		return nil, err
	}
	if !isPDF(file) {
		err := look(file)
		return all, err
	}
	scans, err := scansOf(file)
	if err != nil {
		return nil, err
	}
	for _, scan := range scans {
		if err := full(); err != nil {
			return nil, err
		}
		if err := look(bytes.NewReader(scan)); err != nil && !fail.Is(err, fail.Invalid) { // a picture of it that is none
			return nil, err
		}
	}
	return all, nil
}

// printed tells whether a code is one of a talon of ours.
func (s *Service) printed(token string) bool {
	_, err := parseSlip(s.Key, token)
	return err == nil
}

// review shows what was read, before anything is kept.
func (s *Service) review(r *web.Request, found []returned, wrong error) (web.Answer, error) {
	v, err := s.onPaper(r)
	if err != nil {
		return nil, err
	}
	if form, again := r.Again(wrong); again {
		return scanAgain(r, v.word, form)
	}
	if wrong != nil {
		return nil, wrong
	}
	page := paperView{word: v.word, Scan: true, Now: v.Now}
	read := map[slip]bool{}
	for _, t := range found {
		a, why, err := s.place(r, v, t)
		if err != nil {
			return nil, err
		}
		if why != "" {
			page.Refused = append(page.Refused, why)
			continue
		}
		line := s.line(r, v, a, 0)
		line.Read, read[a.slip] = true, true
		line.Answer, line.Blank = t.Seen.Read(v.ticks())
		crop, err := t.Shown()
		if err != nil {
			return nil, err
		}
		line.Crop = "data:image/jpeg;base64," + base64.StdEncoding.EncodeToString(crop)
		page.Lines = append(page.Lines, line)
	}
	slices.SortStableFunc(page.Lines, func(a, b paperLine) int { return cmp.Compare(a.Child.SortKey, b.Child.SortKey) })
	for i := range page.Lines {
		page.Lines[i].Field = answerField(i)
	}
	for _, a := range v.awaited() {
		if !read[a.slip] {
			page.Missing = append(page.Missing, s.line(r, v, a, len(page.Lines)+len(page.Missing)))
		}
	}
	return web.Page{Title: r.Say("liaison.review"), Body: paperPage(page)}, nil
}

// place tells what a talon is about, or why it is not taken. Of a word that the visitor does
// not follow nothing is said.
func (s *Service) place(r *web.Request, v followView, t returned) (a awaited, why string, err error) {
	if t.wrong != nil {
		return a, r.Say("liaison.slip-unknown"), nil
	}
	if t.slip.Word != v.ID {
		other, err := wordByID(r.Tx, t.slip.Word)
		if err == nil && r.Can(follow, other.object()) == nil {
			return a, r.Say("liaison.slip-other-word", other.Title), nil
		}
		if err == nil || fail.Is(err, fail.NotFound) {
			return a, r.Say("liaison.slip-other-class"), nil
		}
		return a, "", err
	}
	a, there := v.about(t.slip)
	if !there {
		return a, r.Say("liaison.slip-left"), nil
	}
	return a, "", nil
}

// handPath is where one says by hand what a child's family answered.
func (w word) handPath(child school.ID) string { return w.path() + "/paper?child=" + child.String() }
