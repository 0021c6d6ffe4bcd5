package file

import (
	"io"
	"strings"
	"time"

	"preau/core/fail"
	"preau/core/photo"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
)

// fileView is a file, as somebody reads it.
type fileView struct {
	place
	By       string // who wrote what it holds
	Versions []versionLine
	Opened   []string // to whom it is opened; to whoever keeps it
	Text     string   // what it says, of one that is a text
	Starred  bool
	Small    bool
	Child    bool
	Form     web.Form
	Now      time.Time
}

// versionLine is what a file held.
type versionLine struct {
	version
	By string
}

// mostText is how many bytes of a text its page shows.
const mostText = 64 << 10

func (s *Service) filePage(r *web.Request, p place, form web.Form) (web.Answer, error) {
	e := p.entry()
	v := fileView{place: p, Small: r.Reader == ui.PreReader, Child: r.Actor.Profile == school.Pupil, Form: form, Now: r.Tx.Now}
	versions, err := versionsOf(r.Tx, e.ID)
	if err != nil {
		return nil, err
	}
	people := make([]school.ID, len(versions))
	for n, one := range versions {
		people[n] = one.Author
	}
	names, err := called(r.Tx, people...)
	if err != nil {
		return nil, err
	}
	for _, one := range versions {
		if one.ID == e.Holds.ID {
			v.By = names[one.Author]
		} else if p.Level >= writes {
			v.Versions = append(v.Versions, versionLine{one, names[one.Author]})
		}
	}
	if p.Level >= writes {
		if v.Opened, err = openedBy(r, p.Chain); err != nil {
			return nil, err
		}
	}
	if v.Starred, err = isStarred(r.Tx, r.Actor.Person, e.ID); err != nil {
		return nil, err
	}
	if v.Text, err = s.text(r, e); err != nil {
		return nil, err
	}
	return web.Page{Title: e.Name, Body: filePage(v), Status: form.Status()}, nil
}

// text is the beginning of a file that is a text; nothing of another.
func (s *Service) text(r *web.Request, e entry) (string, error) {
	if !strings.HasPrefix(e.Holds.Type, "text/plain") || e.Holds.Virus != "" {
		return "", nil
	}
	kept, err := s.Blobs.Open(r.Context(), sumOf(e.Holds.held))
	if err != nil {
		return "", err
	}
	defer kept.Close()
	head, err := io.ReadAll(io.LimitReader(kept, mostText))
	return strings.ToValidUTF8(string(head), "\uFFFD"), err
}

// get gives what a file holds, to keep.
func (s *Service) get(r *web.Request) (web.Answer, error) {
	var v version
	var name string
	err := r.Read(func() error {
		p, err := s.entryAt(r, reads)
		v, name = p.entry().Holds, p.entry().Name
		return err
	})
	if err != nil {
		return nil, err
	}
	return s.give(r, v, name)
}

// getVersion gives what a file held.
func (s *Service) getVersion(r *web.Request) (web.Answer, error) {
	var v version
	var name string
	err := r.Read(func() error {
		p, one, err := s.versionAt(r)
		v, name = one, p.entry().Name
		return err
	})
	if err != nil {
		return nil, err
	}
	return s.give(r, v, name)
}

// versionAt reads the {version} of the file of the path, of whoever may write it.
func (s *Service) versionAt(r *web.Request) (p place, v version, err error) {
	if p, err = s.entryAt(r, writes); err != nil {
		return p, v, err
	}
	id, err := r.PathID("version")
	if err != nil {
		return p, v, err
	}
	if v, err = versionByID(r.Tx, id); err == nil && v.Entry != p.entry().ID {
		err = fail.New(fail.NotFound, "version %s is of another file", id)
	}
	return p, v, err
}

// give gives some bytes, unless there is a virus in them.
func (s *Service) give(r *web.Request, v version, name string) (web.Answer, error) {
	if v.ID == 0 {
		return nil, fail.New(fail.NotFound, "a folder has no bytes")
	}
	if v.Virus != "" {
		return nil, fail.New(fail.Conflict, "version %s has %s", v.ID, v.Virus).Say("file.infected")
	}
	if s.waits(r, v) {
		return nil, fail.New(fail.Conflict, "version %s waits to be looked into", v.ID).Say("file.waits")
	}
	kept, err := s.Blobs.Open(r.Context(), sumOf(v.held))
	if err != nil {
		return nil, err
	}
	return web.File{Name: name, Type: servedAs(v.Type), Tag: v.ID.String(), Content: kept}, nil
}

// waits tells whether a version is given to whoever wrote it alone, until it was looked for viruses.
func (s *Service) waits(r *web.Request, v version) bool {
	return s.Scanner != nil && v.Looked.IsZero() && v.Author != r.Actor.Person
}

// servedAs is the type under which a file leaves: what a browser could run never does under its own.
func servedAs(kind string) string {
	for _, safe := range []string{"image/jpeg", "image/png", "image/gif", "image/webp", "audio/", "video/", "application/pdf"} {
		if strings.HasPrefix(kind, safe) {
			return kind
		}
	}
	if strings.HasPrefix(kind, "text/plain") {
		return "text/plain; charset=utf-8"
	}
	return "application/octet-stream"
}

// picture gives the picture of a file, small or large.
func (s *Service) look(r *web.Request) (web.Answer, error) {
	var kept photo.Kept
	err := r.Read(func() error {
		p, err := s.entryAt(r, reads)
		kept = p.entry().Holds.Photo
		if err == nil && (kept.Width == 0 || p.entry().Holds.Virus != "") {
			err = fail.New(fail.NotFound, "%s has no picture", p.spot())
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	sum := kept.Preview
	if r.PathValue("size") == "large" {
		sum = kept.Whole
	}
	content, err := s.Blobs.Open(r.Context(), sum)
	if err != nil {
		return nil, err
	}
	return web.File{Name: "apercu.jpg", Type: "image/jpeg", Tag: sum.String(), Content: content}, nil
}

// star has an entry at hand of the visitor, or no more.
func (s *Service) star(r *web.Request) (web.Answer, error) {
	p, err := s.entryAt(r, reads)
	if err != nil {
		return nil, err
	}
	if len(p.Chain) == 0 {
		return nil, fail.New(fail.NotFound, "the top of a space is at hand")
	}
	return web.Redirect{To: p.path()}, star(r.Tx, r.Actor.Person, p.entry().ID, r.PostFormValue("star") != "")
}

// back has a file hold again what it held.
func (s *Service) back(r *web.Request) (web.Answer, error) {
	p, v, err := s.versionAt(r)
	if err != nil {
		return nil, err
	}
	if err := p.hold(r); err != nil {
		return nil, err
	}
	if _, err := s.replace(r, p, v.held); err != nil {
		return nil, err
	}
	return web.Redirect{To: p.path(), Notice: "file.version-back"}, s.write(r, actReplace, p)
}
