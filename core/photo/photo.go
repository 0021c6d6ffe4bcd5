package photo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"time"

	"golang.org/x/sync/semaphore"

	"preau/core/fail"
	"preau/core/rank"
	"preau/core/school"
)

// The longest side of what is made, in pixels. What is smaller stays as it is.
const (
	WholeSide   = 1600
	PreviewSide = 480
)

// Pixels is how many pixels, in millions, a picture that is sent may have.
const Pixels = 40

// Accept is what a file field accepts (its attribute of this name): an iPhone
// converts its photos to JPEG where HEIC is not among them.
const Accept = "image/jpeg,image/png,image/webp,image/gif"

// quality is that of the JPEG files, from 1 to 100.
const quality = 82

// Photo is what is made of a picture.
type Photo struct {
	Whole, Preview Picture
}

// Picture is one JPEG file, without metadata.
type Picture struct {
	JPEG          []byte
	Width, Height int // in pixels
}

// Studio makes photos, as many at once as its memory holds, and one at a time of each person.
type Studio struct {
	memory int64
	free   *semaphore.Weighted
	turns  turns
}

// NewStudio gives a studio that uses some bytes of memory, or those that the largest
// photo takes alone: a progressive one of 40 megapixels takes 1 GB.
func NewStudio(memory int64) *Studio {
	return &Studio{memory: memory, free: semaphore.NewWeighted(memory), turns: turns{of: map[school.ID]*turn{}}}
}

// longest is how long a photo may take, once it has its memory: a small file may have
// its points drawn many times.
const longest = 20 * time.Second

// ErrGivenUp is in the error of a picture that was begun and not finished: it took too long,
// or whoever sent it left.
var ErrGivenUp = errors.New("given up")

// Make makes a photo of a picture that somebody sends, JPEG, PNG, WebP or GIF, of which it
// takes the first image. It reads r from its beginning, wherever it is, once it is their turn
// and there is memory: r is already here, and who sends slowly keeps nobody waiting. What is
// no such picture is fail.Invalid, with a text for people. An error of r, or of a context that
// ends, is wrapped; see [ErrGivenUp].
func (s *Studio) Make(ctx context.Context, by school.ID, r io.ReadSeeker) (*Photo, error) {
	from := &source{ctx: ctx, r: r}
	f, size, err := look(from)
	if err != nil {
		return nil, from.explain(err)
	}
	var photo *Photo
	err = s.draw(by, from, f.takes(size), func(context.Context) (err error) {
		photo, err = develop(from, f)
		return err
	})
	if err != nil {
		return nil, err
	}
	return photo, nil
}

// draw does something with what somebody sends, once it is their turn and there is memory for
// it, and as long as it may take.
func (s *Studio) draw(by school.ID, from *source, takes int64, do func(context.Context) error) error {
	ctx := from.ctx
	end, err := s.turns.take(ctx, by)
	if err != nil {
		return fmt.Errorf("waiting for one's turn to send a picture: %w", err)
	}
	defer end()
	takes = min(takes, s.memory)
	if err := s.free.Acquire(ctx, takes); err != nil {
		return fmt.Errorf("waiting for the memory of a picture: %w", err)
	}
	defer s.free.Release(takes)
	limited, stop := context.WithTimeout(ctx, longest)
	defer stop()
	from.ctx = limited
	if err := rank.Aside(func() error { return do(limited) }); err != nil {
		return from.givenUp(ctx, from.explain(err))
	}
	return nil
}

// develop makes a photo of a picture whose format is known.
func develop(from *source, f *format) (*Photo, error) {
	turn := from.orientation(f)
	if err := from.rewind(); err != nil {
		return nil, err
	}
	picture, err := f.decode(from)
	if err != nil {
		return nil, damaged(err)
	}
	whole := upright(reduce(picture, WholeSide), turn)
	photo := &Photo{}
	if photo.Whole, err = encode(whole); err != nil {
		return nil, err
	}
	photo.Preview, err = encode(reduce(whole, PreviewSide))
	return photo, err
}

func encode(m *image.RGBA) (Picture, error) {
	var b bytes.Buffer
	err := jpeg.Encode(&b, m, &jpeg.Options{Quality: quality})
	return Picture{b.Bytes(), m.Bounds().Dx(), m.Bounds().Dy()}, err
}

// damaged says that a picture cannot be read to its end.
func damaged(err error) error {
	return fail.New(fail.Invalid, "a photo: %w", err).Say("photo.damaged")
}

// source is what is read, until its context ends.
type source struct {
	ctx    context.Context
	r      io.ReadSeeker
	failed error // why it could not be read
}

func (s *source) Read(into []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		s.failed = err
		return 0, err
	}
	n, err := s.r.Read(into)
	if err != nil && !errors.Is(err, io.EOF) {
		s.failed = err
	}
	return n, err
}

// Seek implements io.Seeker. A place that cannot be is the fault of whoever asks.
func (s *source) Seek(offset int64, whence int) (int64, error) { return s.r.Seek(offset, whence) }

// rewind goes back to the beginning.
func (s *source) rewind() error {
	if _, err := s.r.Seek(0, io.SeekStart); err != nil {
		s.failed = err
		return err
	}
	return nil
}

// givenUp tells whether err is that the time of a picture ended, its own or that of whoever waits
// for it.
func (s *source) givenUp(whole context.Context, err error) error {
	switch late := s.ctx.Err(); {
	case late == nil || !errors.Is(err, late):
		return err
	case whole.Err() == nil:
		return damaged(fmt.Errorf("%w: %w", ErrGivenUp, err))
	}
	return fmt.Errorf("%w: %w", ErrGivenUp, err)
}

// explain gives the reason of err: where the picture could not be read at all, that is
// nothing that its sender could mend.
func (s *source) explain(err error) error {
	if s.failed != nil {
		return fmt.Errorf("reading a photo: %w", s.failed)
	}
	return err
}
