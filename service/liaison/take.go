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
	if err := s.Tray.Parse(r); err != nil {
		return nil, err
	}
	found, pictures, wrong := s.seen(r)
	err = r.Read(func() (err error) {
		answer, err = s.review(r, found, pictures, wrong)
		return err
	})
	return answer, err
}

// returned is a talon that was seen on a picture.
type returned struct {
	talon.Seen
	slip    slip
	wrong   error // it is none of ours
	picture int   // on which of them
}

// picture is one that was sent, or a page of a PDF: what there was on it.
type picture struct {
	Name   string      // as it was sent
	Page   int         // of a PDF of several, from 1 on; else 0
	Wrong  *fail.Error // why nothing could be looked for on it; nil: it was
	Answer int         // answers that were read on it
	Doubt  int         // talons of which the answer is not sure, or is to be copied
	Code   int         // talons of which the code alone was seen
	Twice  int         // those that another picture has already
	Others int         // codes that are not of this word, or of nobody whom it reaches
}

// none tells whether there was no talon on it.
func (p picture) none() bool { return p.Answer+p.Doubt+p.Code+p.Twice+p.Others == 0 }

// seen finds the talons of the pictures of the form, each once, and says what there was on each
// picture. Their boxes are read by [Service.review], which knows what the word asks. When no
// picture could be looked at, it says what is wrong with the first.
func (s *Service) seen(r *web.Request) (all []returned, pictures []picture, err error) {
	sent := slices.DeleteFunc(r.MultipartForm.File["picture"], func(f *multipart.FileHeader) bool { return f.Size == 0 }) // a field that nobody has filled
	switch {
	case len(sent) == 0:
		return nil, nil, fail.New(fail.Invalid, "no picture of talons").Say("liaison.no-picture").At("picture")
	case len(sent) > maxScans:
		return nil, nil, fail.New(fail.Invalid, "%d pictures of talons", len(sent)).Say("photo.number", maxScans).At("picture")
	}
	if err := s.Tray.Spend(r, "liaison.scans-hour", sent...); err != nil {
		return nil, nil, fail.At(err, "picture")
	}
	seen := sight{Service: s, r: r}
	for _, one := range sent {
		if err := seen.file(one); err != nil {
			return nil, nil, fail.At(err, "picture")
		}
	}
	if seen.opened == 0 && len(seen.all) == 0 {
		return nil, nil, fail.At(seen.wrong, "picture")
	}
	return seen.all, seen.pictures, nil
}

// maxSeen is how many talons are read of what is sent at once: each takes memory until it is
// shown.
const maxSeen = 200

// sight is what is seen on the pictures of a form, one after the other.
type sight struct {
	*Service
	r        *web.Request
	all      []returned
	pictures []picture
	opened   int   // how many pictures could be looked at
	wrong    error // with the first that could not, or not to its end
}

// file looks at a picture, or at those of a PDF. One that cannot be looked at is said, and keeps
// nobody from reading the others.
func (v *sight) file(sent *multipart.FileHeader) error {
	file, err := sent.Open()
	if err != nil {
		return err
	}
	defer file.Close()
	if !isPDF(file) {
		return v.look(file, picture{Name: sent.Filename})
	}
	scans, err := scansOf(file)
	if err != nil {
		return v.passes(err, picture{Name: sent.Filename})
	}
	for i, scan := range scans {
		page := picture{Name: sent.Filename}
		if len(scans) > 1 {
			page.Page = i + 1
		}
		if err := v.look(bytes.NewReader(scan), page); err != nil {
			return err
		}
	}
	return nil
}

// passes notes that a picture could not be looked at, unless that is ours.
func (v *sight) passes(err error, p picture) error {
	said := fail.InField(fail.At(err, "picture"))
	if !fail.Is(err, fail.Invalid) || said == nil {
		return err
	}
	if v.wrong == nil {
		v.wrong = err
	}
	p.Wrong = said
	v.pictures = append(v.pictures, p)
	return nil
}

// look adds the talons of a picture to those that were seen. One that was is not laid flat
// again: each takes memory.
func (v *sight) look(from io.ReadSeeker, p picture) error {
	if len(v.all) >= maxSeen {
		return fail.New(fail.Invalid, "more than %d talons", maxSeen).Say("liaison.many-talons", maxSeen)
	}
	fresh := func(token string) bool {
		return !slices.ContainsFunc(v.all, func(known returned) bool { return known.Token == token })
	}
	err := v.Tray.Gray(v.r, from, func(ctx context.Context, light *image.Gray) {
		flat := func(token string) bool {
			switch {
			case !v.printed(token):
				return false
			case !fresh(token):
				p.Twice++
				return false
			}
			p.Code++ // until it is laid flat
			return true
		}
		for _, one := range talon.Find(ctx, light, flat) {
			if !fresh(one.Token) {
				continue
			}
			t := returned{Seen: one, picture: len(v.pictures)}
			if t.slip, t.wrong = parseSlip(v.Key, one.Token); t.wrong == nil {
				p.Code--
			}
			v.all = append(v.all, t)
		}
	})
	if err != nil {
		return v.passes(err, p)
	}
	v.opened++
	v.pictures = append(v.pictures, p)
	return nil
}

// printed tells whether a code is one of a talon of ours.
func (s *Service) printed(token string) bool {
	_, err := parseSlip(s.Key, token)
	return err == nil
}

// review shows what was read, before anything is kept.
func (s *Service) review(r *web.Request, found []returned, pictures []picture, wrong error) (web.Answer, error) {
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
	page := paperView{word: v.word, Scan: true, Pictures: pictures, Now: v.Now}
	read := map[slip]bool{}
	for _, t := range found {
		a, why, err := s.place(r, v, t)
		if err != nil {
			return nil, err
		}
		on := &page.Pictures[t.picture]
		if why != "" {
			page.Refused, on.Others = append(page.Refused, why), on.Others+1
			continue
		}
		line := s.line(r, v, a, 0)
		line.Read, read[a.slip] = true, true
		if line.Answer, line.Blank = t.Seen.Read(v.ticks()); line.Answer != "" {
			on.Answer++
		} else {
			on.Doubt++
		}
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
		if err == nil && s.can(r, follow, other) == nil {
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
