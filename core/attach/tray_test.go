package attach

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"io"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"preau/core/blob"
	"preau/core/fail"
	"preau/core/photo"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/web"
)

// slow is a picture that takes a while once it is drawn, after it was looked at twice.
type slow struct {
	*bytes.Reader
	takes time.Duration
	seeks int
}

func (s *slow) Seek(offset int64, whence int) (int64, error) {
	if s.seeks++; s.seeks == 3 {
		time.Sleep(s.takes)
	}
	return s.Reader.Seek(offset, whence)
}

// unkept keeps nothing of what it is given.
type unkept struct{ blob.Store }

func (unkept) Put(context.Context, io.Reader, int64) (sum blob.Sum, size int64, err error) {
	return sum, size, err
}

// A picture that was begun and is not finished counts many bytes, whether its time ended or that of
// whoever sent it; one that is finished, or is none, counts nothing beside its own.
func TestAPictureThatIsGivenUpCounts(t *testing.T) {
	var sent bytes.Buffer
	if err := png.Encode(&sent, image.NewGray(image.Rect(0, 0, 100, 100))); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		sent         []byte
		takes, whole time.Duration // to draw it, and to wait for it
		owes         int64
		kind         fail.Kind
	}{
		"too long":    {sent.Bytes(), time.Minute, time.Hour, givenUp, fail.Invalid},
		"who leaves":  {sent.Bytes(), time.Minute, time.Second, givenUp, fail.Fault},
		"no picture":  {[]byte("a text"), time.Minute, time.Hour, 0, fail.Invalid},
		"as expected": {sent.Bytes(), 0, time.Hour, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			for what, look := range map[string]func(*Tray, *web.Request, io.ReadSeeker) error{
				"a photo": func(tray *Tray, r *web.Request, content io.ReadSeeker) error {
					_, err := tray.picture(r, content)
					return err
				},
				"its light": func(tray *Tray, r *web.Request, content io.ReadSeeker) error {
					return tray.Gray(r, content, func(context.Context, *image.Gray) {})
				},
			} {
				synctest.Test(t, func(t *testing.T) {
					ctx, end := context.WithTimeout(t.Context(), c.whole)
					defer end()
					var owes int64
					tray := &Tray{Album: &photo.Album{Studio: photo.NewStudio(1 << 20), Store: unkept{}}, Owes: func(r *web.Request, bytes int64) error {
						owes += bytes
						return nil
					}}
					r := &web.Request{Request: httptest.NewRequestWithContext(ctx, "POST", "/", nil), Visitor: web.Visitor{Actor: rights.Actor{Person: 1, Profile: school.Guardian}}}
					err := look(tray, r, &slow{Reader: bytes.NewReader(c.sent), takes: c.takes})
					if (err == nil) != (name == "as expected") || err != nil && fail.KindOf(err) != c.kind || owes != c.owes {
						t.Errorf("%s: it counts %d bytes: %v", what, owes, err)
					}
				})
			}
		})
	}
}
