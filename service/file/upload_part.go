package file

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"preau/core/blob"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
	"preau/core/web"
)

// How files come in parts.
const (
	mostPart   = 64 << 20 // bytes of a part
	leastPart  = 64 << 10 // of one that is not the last, so that a file is not a million rows
	mostComing = 50       // uploads of one person that are not done
	uploadLife = 24 * time.Hour
	partTime   = 30 * time.Minute // that a part takes at most, with what is done of the whole
	daysQuota  = 3                // how many times what one may keep one may send in a day
)

// tooLarge gives what there is no room for the status of that.
func tooLarge(err error) error {
	if e := fail.InField(err); e != nil && fail.Is(err, fail.Invalid) && e.Field == "file" {
		return statusError(http.StatusRequestEntityTooLarge, err)
	}
	return err
}

// begin makes room for a file that is to come (§ Creation, POST).
func (s *Service) begin(r *web.Request) (web.Answer, error) {
	if err := speaksTus(r.Header); err != nil {
		return nil, err
	}
	u, err := announced(r.Header)
	if err != nil {
		return nil, err
	}
	if u.Size > mostSent { // § Creation: 413 above Tus-Max-Size
		return nil, statusError(http.StatusRequestEntityTooLarge, fail.New(fail.Invalid, "a file of %d bytes", u.Size).Say("file.no-room"))
	}
	err = r.Write(func() error {
		p, err := s.entryAt(r, drops)
		if err != nil {
			return err
		}
		if !p.holds() || p.entry().Bin != 0 {
			return fail.New(fail.NotFound, "nothing is put in %s", p.spot())
		}
		if err := p.hold(r); err != nil {
			return err
		}
		u.ID, u.Person, u.Space, u.Parent = school.NewID(r.Tx.Now), r.Actor.Person, p.Space.ID, p.parent()
		u.Made, u.Expires = r.Tx.Now, r.Tx.Now.Add(uploadLife)
		if err := u.fits(r, p); err != nil {
			return err
		}
		return addUpload(r.Tx, u)
	})
	if err != nil {
		return nil, tooLarge(err)
	}
	if u.Size == 0 {
		if err := s.finish(r, u, nil); err != nil {
			return nil, err
		}
	}
	h := u.header()
	h.Set("Location", u.path())
	return web.Done{Status: http.StatusCreated, Header: h}, nil
}

// fits refuses what there is no room for, with all that its sender announced there already.
func (u upload) fits(r *web.Request, p place) error {
	coming, err := comingFrom(r.Tx, u.Person)
	if err != nil {
		return err
	}
	if len(coming) >= mostComing {
		return fail.New(fail.TooMany, "%d uploads of %s", len(coming), u.Person).Say("file.too-many-coming")
	}
	announced := u.Size
	for _, other := range coming {
		if other.Space == u.Space {
			announced += other.Size
		}
	}
	if announced > p.room(r) {
		return fail.New(fail.Invalid, "%d bytes to come into %s", announced, p.Space.spot()).Say("file.full", p.Space.Name).At("file")
	}
	return nil
}

// uploadAt reads the {upload} of the path: that of another is not there, and what is past its time is 410.
func (s *Service) uploadAt(r *web.Request) (u upload, err error) {
	id, err := r.PathID("upload")
	if err != nil {
		return u, err
	}
	if u, err = uploadByID(r.Tx, id); err != nil {
		return u, err
	}
	me, err := isMe(r, u.Person)
	if err == nil && !me {
		err = fail.New(fail.NotFound, "upload %s is another's", id)
	}
	if err == nil && !u.Expires.After(r.Tx.Now) {
		err = gone(u)
	}
	return u, err
}

// goes finds where an upload goes, as its sender may use that now.
func (s *Service) goes(r *web.Request, u upload) (place, error) {
	spot := u.Parent.String()
	if u.Parent == 0 {
		sp, err := spaceByID(r.Tx, u.Space)
		if err != nil {
			return place{}, err
		}
		spot = sp.spot()
	}
	p, err := s.at(r, spot)
	if err == nil {
		err = p.needs(r, drops)
	}
	if err == nil && (!p.holds() || p.entry().Bin != 0) {
		err = fail.New(fail.NotFound, "nothing is put in %s any more", p.spot())
	}
	return p, err
}

// tell says how much of a file has come (§ Core Protocol, HEAD). What is done is said to be whole, so that who was
// cut before the answer does not send it again.
func (s *Service) tell(r *web.Request) (web.Answer, error) {
	if err := speaksTus(r.Header); err != nil {
		return nil, err
	}
	u, err := s.uploadAt(r)
	if err != nil {
		return nil, err
	}
	return web.Done{Status: http.StatusOK, Header: u.header()}, nil
}

// abandon forgets a file that was to come (§ Termination).
func (s *Service) abandon(r *web.Request) (web.Answer, error) {
	if err := speaksTus(r.Header); err != nil {
		return nil, err
	}
	u, err := s.uploadAt(r)
	if err != nil {
		return nil, err
	}
	if !u.Done.IsZero() {
		return nil, gone(u)
	}
	return web.Done{}, dropUpload(r.Tx, u.ID)
}

// more takes a part of a file (§ Core Protocol, PATCH). It is answered once the part is kept and counted; the last,
// once the file is written: until then the upload is where it was before it.
func (s *Service) more(r *web.Request) (web.Answer, error) {
	if err := speaksTus(r.Header); err != nil {
		return nil, err
	}
	if of := r.Header.Get("Content-Type"); of != tusType {
		return nil, statusError(http.StatusUnsupportedMediaType, fail.New(fail.Invalid, "a part of type %.40q", of))
	}
	from, err := number(r.Header, "Upload-Offset")
	if err != nil {
		return nil, err
	}
	var u upload
	err = r.Read(func() (err error) {
		if u, err = s.uploadAt(r); err != nil {
			return err
		}
		if from != u.Kept || !u.Done.IsZero() {
			return fail.New(fail.Conflict, "upload %s is at %d, not at %d", u.ID, u.Kept, from).Say("file.upload-elsewhere")
		}
		_, err = s.goes(r, u)
		return err
	})
	if err != nil {
		return nil, err
	}
	left := u.Size - u.Kept
	switch length := r.ContentLength; {
	case length > min(left, mostPart):
		return nil, statusError(http.StatusRequestEntityTooLarge, fail.New(fail.Invalid, "a part of %d bytes where %d are left", length, left).Say("file.part-too-large"))
	case length >= 0 && length < min(left, leastPart):
		return nil, malformed("a part of %d bytes", length)
	}
	// Who left meanwhile has sent what came: it is kept, and they go on from there.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), partTime)
	defer cancel()
	r.Request = r.WithContext(ctx)
	came, cut, err := s.keepPart(r, u, min(left, mostPart))
	if err != nil {
		return nil, err
	}
	if came.First+came.Size == u.Size {
		err = s.finish(r, u, &came)
	} else {
		err = r.Write(func() error {
			if err := grow(r.Tx, u, came.Size, time.Time{}); err != nil {
				return err
			}
			return addPart(r.Tx, u.ID, came)
		})
	}
	if err = errors.Join(err, cut); err != nil {
		return nil, err
	}
	u.Kept, u.Expires = u.Kept+came.Size, s.DB.Now().Add(uploadLife)
	return web.Done{Header: u.header()}, nil
}

// keepPart keeps what comes, though its sender is cut: cut is why no more came.
func (s *Service) keepPart(r *web.Request, u upload, most int64) (came part, cut, err error) {
	announced := min(most, r.Length())
	if err := s.receives(r, announced); err != nil {
		return came, nil, err
	}
	body := &interrupted{Reader: r.Body}
	came.First = u.Kept
	came.Sum, came.Size, err = s.Blobs.Put(r.Context(), body, most)
	if body.read < announced {
		err = errors.Join(err, s.receives(r, body.read-announced))
	}
	switch {
	case fail.Is(err, fail.Invalid):
		return came, nil, statusError(http.StatusRequestEntityTooLarge, err)
	case err != nil:
		return came, nil, err
	case came.Size < leastPart && came.First+came.Size < u.Size:
		if body.cut == nil {
			body.cut = malformed("a part of %d bytes", came.Size)
		}
		return came, nil, body.cut
	}
	return came, body.cut, nil
}

// receives counts what somebody sends today, whatever becomes of it: who writes and erases without end fills no disk.
func (s *Service) receives(r *web.Request, bytes int64) error {
	most := daysQuota * space{Kind: ofPerson}.quota(r.Actor.Profile)
	return s.DB.Write(r.Context(), func(tx *db.Tx) error { return receiveMore(tx, r.Actor.Person, bytes, most) })
}

// interrupted ends where its sender was cut.
type interrupted struct {
	io.Reader
	read int64
	cut  error
}

func (i *interrupted) Read(into []byte) (int, error) {
	n, err := i.Reader.Read(into)
	i.read += int64(n)
	if err == nil || errors.Is(err, io.EOF) {
		return n, err
	}
	i.cut = err
	return n, io.EOF
}

// finish writes the file, whose last part came: what came before it is read, one part after the other, as one.
func (s *Service) finish(r *web.Request, u upload, last *part) error {
	var parts []part
	err := r.Read(func() (err error) {
		parts, err = partsIn(r.Tx, u.ID)
		return err
	})
	if err != nil {
		return err
	}
	if last != nil {
		parts = append(parts, *last)
	}
	whole := &joined{ctx: r.Context(), blobs: s.Blobs, left: parts}
	in, err := s.receive(r.Context(), r.Actor.Person, u.Name, whole, u.Size, u.Original)
	if err = errors.Join(err, whole.Close()); err != nil {
		return tooLarge(err)
	}
	if whole.read != u.Size {
		return fail.New(fail.Conflict, "%d bytes of %d of upload %s", whole.read, u.Size, u.ID).Say("file.upload-elsewhere")
	}
	return tooLarge(r.Write(func() error {
		if err := grow(r.Tx, u, u.Size-u.Kept, r.Tx.Now); err != nil {
			return err
		}
		if err := dropParts(r.Tx, u.ID); err != nil {
			return err
		}
		p, err := s.goes(r, u)
		if err != nil {
			return err
		}
		if p, err = s.into(r, p); err != nil {
			return err
		}
		if p, err = s.within(r, p, u.Folders); err != nil {
			return err
		}
		if _, err := s.putFile(r, p, in.Name, in.held); err != nil {
			return err
		}
		return s.write(r, actPut, p)
	}))
}

// within finds some folders in a place, which is held, and makes those that are not there.
func (s *Service) within(r *web.Request, p place, folders string) (place, error) {
	if folders == "" {
		return p, nil
	}
	for name := range strings.SplitSeq(folders, "/") {
		e, err := named(r.Tx, p.Space.ID, p.parent(), name)
		if fail.Is(err, fail.NotFound) || err == nil && !e.Folder {
			e, err = s.add(r, p, entry{Folder: true, Name: name})
		}
		if err != nil {
			return p, err
		}
		p.Chain = append(append(chain{}, p.Chain...), e)
	}
	return p, nil
}

// joined reads some parts as one.
type joined struct {
	ctx   context.Context
	blobs blob.Store
	left  []part
	open  io.ReadCloser
	read  int64
}

func (j *joined) Read(into []byte) (int, error) {
	for {
		if j.open == nil {
			if len(j.left) == 0 {
				return 0, io.EOF
			}
			one, err := j.blobs.Open(j.ctx, j.left[0].Sum)
			if err != nil {
				return 0, err
			}
			j.open, j.left = one, j.left[1:]
		}
		n, err := j.open.Read(into)
		j.read += int64(n)
		if !errors.Is(err, io.EOF) {
			return n, err
		}
		if err := j.Close(); err != nil || n > 0 {
			return n, err
		}
	}
}

// Close closes the part that is being read.
func (j *joined) Close() error {
	if j.open == nil {
		return nil
	}
	err := j.open.Close()
	j.open = nil
	return err
}
