package file

import (
	"bytes"
	"context"
	"errors"
	"io"
	"path"
	"strings"
	"time"

	"preau/core/blob"
	"preau/core/content"
	"preau/core/fail"
	"preau/core/photo"
	"preau/core/school"
)

// received is a file that came, and is kept: nothing refers to it yet.
type received struct {
	Name string
	held
}

// widest is the longest side of a picture that is kept, unless its sender asks for the original, in pixels: a page of
// paper is well printed of it.
const widest = 2560

// receive keeps what is sent under a name, of some bytes at most, unless it is made to deceive. A picture is kept
// upright, without what it says of whoever took it, unless its sender asks for the original.
func (s *Service) receive(ctx context.Context, by school.ID, name string, from io.Reader, most int64, original bool) (received, error) {
	name, err := cleanName(name)
	if err != nil {
		return received{}, fail.At(err, "file")
	}
	in := received{Name: name}
	sum, size, err := s.Blobs.Put(ctx, from, most)
	if fail.Is(err, fail.Invalid) {
		err = fail.New(fail.Invalid, "%q: %w", name, err).Say("file.no-room").At("file")
	}
	if err != nil {
		return in, err
	}
	in.Sum, in.Size = sum, size
	kept, err := s.Blobs.Open(ctx, sum)
	if err != nil {
		return in, err
	}
	defer kept.Close()
	is, err := content.Inspect(ctx, blob.At(kept), size, in.Name)
	if err != nil {
		return in, fail.At(err, "file")
	}
	in.Type = is.Type
	if is.Family == content.Picture && !original {
		if err := s.clean(ctx, by, &in, kept); err != nil {
			return in, fail.At(err, "file")
		}
	}
	return in, nil
}

// clean makes of a picture what is kept of it, and what is shown.
func (s *Service) clean(ctx context.Context, by school.ID, in *received, from io.ReadSeeker) error {
	made, err := s.Album.Studio.Clean(ctx, by, from, widest)
	if err != nil {
		return err
	}
	if in.Photo, err = s.Album.Keep(ctx, by, bytes.NewReader(made.Content)); err != nil {
		return err
	}
	if in.Sum, in.Size, err = putWhole(ctx, s.Blobs, made.Content); err != nil {
		return err
	}
	in.Type, in.Looked = made.Type, time.Now()
	if was := path.Ext(in.Name); !strings.EqualFold(was, made.Ending) && !(made.Ending == ".jpg" && strings.EqualFold(was, ".jpeg")) {
		in.Name = content.Name(strings.TrimSuffix(in.Name, was) + made.Ending)
	}
	return nil
}

// putWhole keeps some bytes.
func putWhole(ctx context.Context, in blob.Store, whole []byte) (blob.Sum, int64, error) {
	return in.Put(ctx, bytes.NewReader(whole), int64(len(whole)))
}

// drawn is a picture that is kept, as what a file holds.
func (s *Service) drawn(ctx context.Context, kept photo.Kept) (held, error) {
	whole, err := s.Blobs.Open(ctx, kept.Whole)
	if err != nil {
		return held{}, err
	}
	size, err := whole.Seek(0, io.SeekEnd)
	return held{Sum: kept.Whole, Size: size, Type: "image/jpeg", Photo: kept, Looked: time.Now()}, errors.Join(err, whole.Close())
}

// sumOf is the name of some bytes in core/blob.
func sumOf(c held) blob.Sum { return blob.Sum(c.Sum) }
