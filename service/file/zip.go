package file

import (
	"archive/zip"
	"io"
	"path"

	"preau/core/school"
	"preau/core/web"
)

// mostZipped is how many entries a folder that leaves whole may have.
const mostZipped = 20_000

// packed gives a folder, or a space, with all that is in it, in one file: its tree, and its dates.
func (s *Service) packed(r *web.Request) (web.Answer, error) {
	var p place
	var all []entry
	err := r.Read(func() (err error) {
		if p, err = s.entryAt(r, reads); err == nil {
			all, err = s.inside(r, p)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	name := p.Space.Name
	if len(p.Chain) > 0 {
		name = p.entry().Name
	}
	return web.Streamed{Name: name + ".zip", Type: "application/zip", Write: func(w io.Writer) error { return s.pack(r, w, p.parent(), all) }}, nil
}

// inside lists all that the visitor may read in a place, folders before what is in them.
func (s *Service) inside(r *web.Request, p place) (all []entry, err error) {
	if p.Level == drops {
		return s.contents(r, p)
	}
	if len(p.Chain) > 0 {
		all, err := below(r.Tx, p.entry())
		return p.seen(r, all), err
	}
	tops, err := entriesIn(r.Tx, p.Space.ID, 0, mostZipped, entry{}, 0)
	if err != nil {
		return nil, err
	}
	for _, top := range tops {
		more, err := below(r.Tx, top)
		if err != nil {
			return nil, err
		}
		all = append(all, more...)
	}
	return all, nil
}

// pack writes a zip of some entries, those of a folder at its top. What files hold is not made smaller: most of it
// is already.
func (s *Service) pack(r *web.Request, w io.Writer, top school.ID, all []entry) error {
	out := zip.NewWriter(w)
	at := map[school.ID]string{}
	for _, e := range all {
		if e.ID == top {
			at[e.ID] = ""
			continue
		}
		if e.Holds.Virus != "" {
			continue
		}
		name := path.Join(at[e.Parent], e.Name)
		if e.Folder {
			at[e.ID] = name
			name += "/"
		}
		to, err := out.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store, Modified: e.Changed})
		if err != nil {
			return err
		}
		if !e.Folder {
			if err := s.pour(r, to, e); err != nil {
				return err
			}
		}
	}
	return out.Close()
}

// pour writes what a file holds.
func (s *Service) pour(r *web.Request, to io.Writer, e entry) error {
	kept, err := s.Blobs.Open(r.Context(), sumOf(e.Holds.held))
	if err != nil {
		return err
	}
	defer kept.Close()
	_, err = io.Copy(to, kept)
	return err
}
