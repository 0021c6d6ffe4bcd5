package file

import (
	"context"
	"errors"
	"io"
	"net/http"
	"path"
	"strings"
	"time"

	"preau/core/blob"
	"preau/core/fail"
	"preau/core/photo"
	"preau/core/school"
)

// received is a file that came, and is kept: nothing refers to it yet.
type received struct {
	Name string
	content
}

// largestPicture is how many bytes a picture has at most that is made again as it comes.
const largestPicture = 32 << 20

// receive keeps what is sent under a name, of some bytes at most. A picture is kept as it is shown, upright, without
// what it says of whoever took it, unless its sender asks for the original.
func (s *Service) receive(ctx context.Context, by school.ID, name string, from io.Reader, most int64, original bool) (received, error) {
	name, err := cleanName(path.Base(strings.ReplaceAll(name, `\`, "/")))
	if err != nil {
		return received{}, err
	}
	sum, size, err := s.Blobs.Put(ctx, from, most)
	if fail.Is(err, fail.Invalid) {
		err = fail.New(fail.Invalid, "%q: %w", name, err).Say("file.no-room").At("file")
	}
	if err != nil {
		return received{}, err
	}
	in := received{name, content{Sum: sum, Size: size}}
	kept, err := s.Blobs.Open(ctx, sum)
	if err != nil {
		return in, err
	}
	defer kept.Close()
	if in.Type, err = typeOf(kept); err != nil || original || size > largestPicture || !strings.HasPrefix(in.Type, "image/") {
		return in, err
	}
	return s.picture(ctx, by, in, kept)
}

// typeOf is what a file is, by its first bytes.
func typeOf(file io.ReadSeeker) (string, error) {
	head := make([]byte, 512)
	n, err := io.ReadFull(file, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return "", err
	}
	_, err = file.Seek(0, io.SeekStart)
	return http.DetectContentType(head[:n]), err
}

// picture makes of a picture what is kept of it; what nobody can draw is kept as it came.
func (s *Service) picture(ctx context.Context, by school.ID, in received, file io.ReadSeeker) (received, error) {
	kept, err := s.Album.Keep(ctx, by, file)
	if fail.Is(err, fail.Invalid) && !errors.Is(err, photo.ErrGivenUp) {
		return in, nil
	}
	if err != nil {
		return in, err
	}
	if in.content, err = s.drawn(ctx, kept); err != nil {
		return in, err
	}
	if ending := strings.ToLower(path.Ext(in.Name)); ending != ".jpg" && ending != ".jpeg" {
		in.Name = strings.TrimSuffix(in.Name, path.Ext(in.Name)) + ".jpg"
	}
	return in, nil
}

// drawn is a picture that is kept, as what a file holds.
func (s *Service) drawn(ctx context.Context, kept photo.Kept) (content, error) {
	whole, err := s.Blobs.Open(ctx, kept.Whole)
	if err != nil {
		return content{}, err
	}
	size, err := whole.Seek(0, io.SeekEnd)
	return content{Sum: kept.Whole, Size: size, Type: "image/jpeg", Photo: kept, Looked: time.Now()}, errors.Join(err, whole.Close())
}

// sumOf is the name of some bytes in core/blob.
func sumOf(c content) blob.Sum { return blob.Sum(c.Sum) }
