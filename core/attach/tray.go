package attach

import (
	"bytes"
	"context"
	"errors"
	"image"
	"io"
	"mime/multipart"
	"slices"
	"time"

	"preau/core/fail"
	"preau/core/photo"
	"preau/core/seal"
	"preau/core/web"
)

// Tray takes what is attached, keeps it, and gives it back.
type Tray struct {
	Album *photo.Album // of photos; its store keeps the files too
	Key   *seal.Key    // of the tickets of what was received
	// Spends counts bytes that the visitor sends, in a transaction of its own. Too many within an
	// hour are fail.TooMany, and are not counted; nil: nobody counts.
	Spends func(r *web.Request, bytes int64) error
	// Receives counts in the same way bytes that are about to be read, kept or not: more of them,
	// so that a form that has too many comes back with what was written in it.
	Receives func(r *web.Request, bytes int64) error
	// Owes counts among those of Spends bytes that nobody sent, however many there are already, and
	// whether the request goes on or not; nil: nobody counts.
	Owes func(r *web.Request, bytes int64) error
}

// givenUp is how many bytes a picture counts beside its own when it was begun and not finished: a
// family has nine within an hour, whoever works at school forty.
const givenUp = 16 << 20

// Sent is what a form came with, and what it had come with before.
type Sent struct {
	Set
	Wrong error // what is wrong with one of them, in its field; the others are kept
}

// The fields of a form: what is chosen, and the tickets of what was received before.
const (
	fieldPhoto, fieldFile = "photo", "file"
	keptPhoto, keptFile   = "photo-kept", "file-kept"
)

// Upload takes a form with photos and files, on a route that is [web.Upload]: who may send
// it is asked before anything is read, what came is kept, then the rest is written in one
// transaction, unless something was wrong. The form that comes back carries the tickets of
// what was received ([Tray.Fields]).
func (t *Tray) Upload(r *web.Request, bag Bag, may func() error, write func(Sent) (web.Answer, error)) (answer web.Answer, err error) {
	var now time.Time
	if err := r.Read(func() error { now = r.Tx.Now; return may() }); err != nil {
		return nil, err
	}
	if err := t.Parse(r); err != nil {
		return nil, err
	}
	sent := t.received(r, bag, now)
	err = r.Write(func() (err error) {
		answer, err = write(sent)
		return err
	})
	return answer, err
}

// Parse reads a form on a route that is [web.Upload], whose bytes count before they are read:
// see [Receive].
func (t *Tray) Parse(r *web.Request) error {
	if t.Receives != nil {
		if err := Receive(r, t.Receives); err != nil {
			return err
		}
	}
	return r.ParseFiles()
}

// Receive has the bytes of a form counted ([Tray.Receives]) before any is read: who goes on sending
// is refused by what the form says to be its length, fail.TooMany.
func Receive(r *web.Request, receives func(r *web.Request, bytes int64) error) error {
	err := receives(r, r.Length())
	var many *fail.Error
	if errors.As(err, &many) && many.Kind == fail.TooMany {
		err = fail.New(fail.TooMany, "%d bytes more: %w", r.Length(), err).Say("attach.hour-unread", minutes(many)).After(many.RetryAfter)
	}
	return err
}

// minutes are how long until there is room again, a minute begun being one.
func minutes(many *fail.Error) int { return int((many.RetryAfter + time.Minute - 1) / time.Minute) }

// received keeps what a form came with, and gives the form the tickets of it. It looks at as many
// as there is room for, right or wrong: more are refused unseen.
func (t *Tray) received(r *web.Request, bag Bag, now time.Time) (sent Sent) {
	wrong := func(err error, field string) {
		if err != nil && sent.Wrong == nil {
			sent.Wrong = fail.At(err, field)
		}
	}
	photos, expired := t.open(r, bag, r.PostForm[keptPhoto], now)
	wrong(expired, fieldPhoto)
	files, expired := t.open(r, bag, r.PostForm[keptFile], now)
	wrong(expired, fieldFile)
	shots, over := chosen(r.MultipartForm, fieldPhoto, bag.Photos-len(photos))
	if over {
		wrong(fail.New(fail.Invalid, "more than %d photos", bag.Photos).Say("photo.number", bag.Photos), fieldPhoto)
	}
	free := bag.Files - len(files)
	if bag.voice { // the new one takes the place of the other
		free = bag.Files
	}
	documents, over := chosen(r.MultipartForm, fieldFile, free)
	if over {
		wrong(fail.New(fail.Invalid, "more than %d files", bag.Files).Say("attach.number", bag.Files), fieldFile)
	}
	if err := t.Spend(r, "attach.hour", slices.Concat(shots, documents)...); err != nil {
		field := fieldFile
		if len(shots) > 0 {
			field = fieldPhoto
		}
		wrong(err, field)
		shots, documents = nil, nil
	}
	for _, one := range shots {
		kept, err := t.photo(r, one)
		if wrong(err, fieldPhoto); err == nil {
			photos = append(photos, t.ticket(r, bag, ticket{Photo: kept, Name: shown(one.Filename), Until: now.Add(ticketTime)}))
		}
	}
	for _, one := range documents {
		kept, err := t.file(r, one)
		if err == nil && bag.voice {
			err = kept.isVoice()
		}
		if wrong(err, fieldFile); err == nil {
			if bag.voice {
				files = nil
			}
			files = append(files, t.ticket(r, bag, ticket{File: kept, Name: kept.Name, Until: now.Add(ticketTime)}))
		}
	}
	sent.Photos, sent.Files = photosOf(photos[:min(len(photos), bag.Photos)]), filesOf(files[:min(len(files), bag.Files)])
	r.PostForm[keptPhoto], r.PostForm[keptFile] = sealed(photos), sealed(files)
	_ = r.MultipartForm.RemoveAll() // what waits in files of the system's own is gone with the request, if not now
	clear(r.MultipartForm.File)     // it is received once, though the handler may run again
	return sent
}

// Spend counts the bytes of what the visitor sent: too many within an hour are fail.Invalid, for
// the form to come back with all that was written in it, and with a sentence that says in how many
// minutes there is room.
func (t *Tray) Spend(r *web.Request, says string, sent ...*multipart.FileHeader) error {
	var bytes int64
	for _, one := range sent {
		bytes += one.Size
	}
	if t.Spends == nil || bytes == 0 {
		return nil
	}
	err := t.Spends(r, bytes)
	var many *fail.Error
	if errors.As(err, &many) && many.Kind == fail.TooMany {
		err = fail.New(fail.Invalid, "%d bytes more: %w", bytes, err).Say(says, minutes(many))
	}
	return err
}

// chosen are the files of a field, as many as there is room for, and whether more were sent; a
// field that nobody has filled has an empty one.
func chosen(form *multipart.Form, field string, free int) (all []*multipart.FileHeader, over bool) {
	if form == nil {
		return nil, false
	}
	for _, one := range form.File[field] {
		if one.Size == 0 && one.Filename == "" {
			continue
		}
		if len(all) >= free {
			return all, true
		}
		all = append(all, one)
	}
	return all, false
}

// photo makes a photo of what was sent, and keeps it.
func (t *Tray) photo(r *web.Request, sent *multipart.FileHeader) (*photo.Kept, error) {
	content, err := sent.Open()
	if err != nil {
		return nil, err
	}
	defer content.Close()
	return t.picture(r, content)
}

// picture is [Tray.photo] of what a file that was sent holds.
func (t *Tray) picture(r *web.Request, content io.ReadSeeker) (*photo.Kept, error) {
	kept, err := t.Album.Keep(r.Context(), r.Actor.Person, content)
	return &kept, t.owed(r, err)
}

// Gray has something done with the light of a picture that the visitor sent, as [photo.Studio.Gray].
func (t *Tray) Gray(r *web.Request, content io.ReadSeeker, do func(context.Context, *image.Gray)) error {
	return t.owed(r, t.Album.Studio.Gray(r.Context(), r.Actor.Person, content, do))
}

// owed counts a picture that was given up.
func (t *Tray) owed(r *web.Request, err error) error {
	if t.Owes == nil || !errors.Is(err, photo.ErrGivenUp) {
		return err
	}
	if owes := t.Owes(r, givenUp); owes != nil {
		return owes
	}
	return err
}

// file keeps a file that was sent, once it was looked at.
func (t *Tray) file(r *web.Request, sent *multipart.FileHeader) (*File, error) {
	if sent.Size == 0 {
		return nil, fail.New(fail.Invalid, "an empty file").Say("attach.empty")
	}
	if sent.Size > MaxFile {
		return nil, tooLarge(MaxFile)
	}
	content, err := sent.Open()
	if err != nil {
		return nil, err
	}
	defer content.Close()
	f, err := t.keep(r.Context(), sent.Filename, content, sent.Size)
	return &f, err
}

// Keep keeps a file that the portal made, under a name, as if it was sent. What nothing
// refers to within a day is swept: see [blob.Sweep].
func (t *Tray) Keep(ctx context.Context, name string, content []byte) (File, error) {
	return t.keep(ctx, name, bytes.NewReader(content), int64(len(content)))
}

func (t *Tray) keep(ctx context.Context, name string, content source, size int64) (f File, err error) {
	if f.Kind, err = inspect(ctx, content, size, name); err != nil {
		return f, err
	}
	if _, err := content.Seek(0, io.SeekStart); err != nil {
		return f, err
	}
	f.Name = named(name, f.Kind)
	f.Sum, f.Size, err = t.Album.Store.Put(ctx, content, MaxFile)
	return f, err
}

// Answer gives what is asked for of what a thing carries: the photo {photo} of the path, or
// the file {file}, the first being 1. A file is to be kept, and is never a page of ours.
func (t *Tray) Answer(r *web.Request, set Set) (web.Answer, error) {
	if r.PathValue("file") == "" {
		return t.Album.Answer(r, set.Photos)
	}
	rank, err := r.PathID("file")
	if err != nil {
		return nil, err
	}
	if rank < 1 || int64(rank) > int64(len(set.Files)) {
		return nil, fail.New(fail.NotFound, "the file %d of %d", rank, len(set.Files))
	}
	return t.give(r, set.Files[rank-1])
}

func (t *Tray) give(r *web.Request, f File) (web.Answer, error) {
	content, err := t.Album.Store.Open(r.Context(), f.Sum)
	if err != nil {
		return nil, err
	}
	return web.File{Name: f.Name, Type: sorts[f.Kind].Type, Content: content}, nil
}
