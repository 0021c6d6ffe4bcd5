package photo

import (
	"bytes"
	"context"
	"image/jpeg"
	"image/png"
	"io"

	"preau/core/school"
)

// fine is the quality of a picture that is kept at its own size, from 1 to 100.
const fine = 92

// Cleaned is a picture without what its file said of its sender.
type Cleaned struct {
	Type          string // "image/jpeg", or "image/png" of what had been drawn
	Ending        string // of its name: ".jpg", ".png"
	Content       []byte
	Width, Height int // in pixels
}

// Clean gives a picture that somebody sends, upright and without metadata, as large as it comes
// or, where side is not 0, with no side longer than that. A photo (JPEG, WebP) is a JPEG, what is
// drawn (PNG, GIF) a PNG: to the point, where it is neither turned nor made smaller, and otherwise
// on white where it is transparent. Of a picture that moves it is the first image. HEIC and AVIF
// are not read: fail.Invalid, with a text for people, as all that is no such picture. Waiting,
// and memory, are as [Studio.Make] has them.
func (s *Studio) Clean(ctx context.Context, by school.ID, r io.ReadSeeker, side int) (Cleaned, error) {
	from := &source{ctx: ctx, r: r}
	f, size, err := look(from)
	if err != nil {
		return Cleaned{}, from.explain(err)
	}
	// Beside what is decoded: as it comes, turned, and written, of which PNG has as much at most.
	takes := f.takes(size) + 12*int64(size.Width)*int64(size.Height)
	var cleaned Cleaned
	err = s.draw(by, from, takes, func(context.Context) (err error) {
		cleaned, err = clean(from, f, side)
		return err
	})
	if err != nil {
		return Cleaned{}, err
	}
	return cleaned, nil
}

func clean(from *source, f *format, side int) (Cleaned, error) {
	turn := from.orientation(f)
	if err := from.rewind(); err != nil {
		return Cleaned{}, err
	}
	m, err := f.decode(from)
	if err != nil {
		return Cleaned{}, damaged(err)
	}
	longest := max(m.Bounds().Dx(), m.Bounds().Dy())
	if side <= 0 || side > longest {
		side = longest
	}
	if turn != 1 || side < longest {
		m = upright(reduce(m, side), turn)
	}
	var b bytes.Buffer
	c := Cleaned{Width: m.Bounds().Dx(), Height: m.Bounds().Dy()}
	if f.drawn {
		c.Type, c.Ending = "image/png", ".png"
		err = png.Encode(&b, m)
	} else {
		c.Type, c.Ending = "image/jpeg", ".jpg"
		err = jpeg.Encode(&b, m, &jpeg.Options{Quality: fine})
	}
	c.Content = b.Bytes()
	return c, err
}
