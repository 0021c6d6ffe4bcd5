package file

import (
	"errors"
	"io"
	"time"

	"preau/core/fail"
	"preau/core/web"
)

// mostSent is how many bytes a form may have, and sendingTime how long it may take to come.
const mostSent, sendingTime = 8 << 30, 4 * time.Hour

// upload puts the files of a form in a folder: each is kept as it comes, then all are written together.
func (s *Service) upload(r *web.Request) (web.Answer, error) {
	var p place
	err := r.Read(func() (err error) {
		if p, err = s.entryAt(r, drops); err == nil && (!p.holds() || p.entry().Bin != 0) {
			err = fail.New(fail.NotFound, "nothing is put in %s", p.spot())
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	files, err := s.receiveForm(r, p)
	if err == nil && len(files) == 0 {
		err = fail.New(fail.Invalid, "a form without a file").Say("file.none-chosen").At("file")
	}
	if err == nil {
		err = r.Write(func() error { return s.putAll(r, files) })
	}
	if form, again := r.Again(err); again {
		return s.sentAgain(r, form, s.folderPage)
	}
	if err != nil {
		return nil, err
	}
	return web.Redirect{To: p.path(), Notice: "file.put"}, nil
}

// receiveForm keeps the files of a form, one after the other, without reading any of them whole.
func (s *Service) receiveForm(r *web.Request, p place) (files []received, err error) {
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, fail.New(fail.Invalid, "reading a form: %w", err).Say("file.none-chosen").At("file")
	}
	if err := s.receives(r, r.Length()); err != nil {
		return nil, err
	}
	original, left := false, p.room(r)
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return files, nil
		}
		if err != nil {
			return nil, err
		}
		if part.FormName() == "original" {
			original = true
		}
		if part.FormName() != "file" || part.FileName() == "" {
			continue
		}
		in, err := s.receive(r.Context(), r.Actor.Person, part.FileName(), part, left, original)
		if err != nil {
			return nil, err
		}
		left -= in.Size
		files = append(files, in)
	}
}

// putAll writes some files in the place of the path, all of them or none.
func (s *Service) putAll(r *web.Request, files []received) error {
	p, err := s.entryAt(r, drops)
	if err != nil {
		return err
	}
	if p, err = s.into(r, p); err != nil {
		return err
	}
	for _, in := range files {
		if _, err := s.putFile(r, p, in.Name, in.held); err != nil {
			return err
		}
	}
	return s.write(r, actPut, p)
}

// again has a file hold something else, which is sent.
func (s *Service) again(r *web.Request) (web.Answer, error) {
	var p place
	err := r.Read(func() (err error) {
		p, err = s.entryAt(r, writes)
		return err
	})
	if err != nil {
		return nil, err
	}
	if p.holds() || p.entry().Bin != 0 {
		return nil, fail.New(fail.NotFound, "%s is no file", p.spot())
	}
	files, err := s.receiveForm(r, p)
	if err == nil && len(files) != 1 {
		err = fail.New(fail.Invalid, "%d files for one", len(files)).Say("file.one-chosen").At("file")
	}
	if err == nil {
		err = r.Write(func() error {
			if p, err = s.entryAt(r, writes); err != nil {
				return err
			}
			if err := p.hold(r); err != nil {
				return err
			}
			if _, err := s.replace(r, p, files[0].held); err != nil {
				return err
			}
			return s.write(r, actReplace, p)
		})
	}
	if form, again := r.Again(err); again {
		return s.sentAgain(r, form, s.filePage)
	}
	if err != nil {
		return nil, err
	}
	return web.Redirect{To: p.path(), Notice: "file.replaced"}, nil
}

// sentAgain shows the page of a form that comes back, whose handler has no transaction.
func (s *Service) sentAgain(r *web.Request, form web.Form, page func(*web.Request, place, web.Form) (web.Answer, error)) (answer web.Answer, err error) {
	err = r.Read(func() error {
		p, err := s.entryAt(r, drops)
		if err == nil {
			answer, err = page(r, p, form)
		}
		return err
	})
	return answer, err
}
