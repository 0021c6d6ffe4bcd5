package photo

import (
	"context"
	"image"
	"image/color"
	"io"

	"preau/core/school"
)

// GraySide is the longest side of what [Studio.Gray] gives, in pixels: a sheet of A4 has
// some fourteen a millimetre.
const GraySide = 4200

// Gray gives the light of a picture that somebody sends, in which something is read and of
// which nothing is kept: as large as it comes, up to [GraySide], and turned as it lies in its
// file. Then, while it is their turn and its memory is held, it has something done with it,
// which may have been stopped when the error has [ErrGivenUp]. What is no picture, and
// waiting, are as [Studio.Make] has them.
func (s *Studio) Gray(ctx context.Context, by school.ID, r io.ReadSeeker, do func(context.Context, *image.Gray)) error {
	from := &source{ctx: ctx, r: r}
	f, size, err := look(from)
	if err != nil {
		return from.explain(err)
	}
	takes := f.takes(size) + 8*int64(size.Width)*int64(size.Height)
	return s.draw(by, from, takes, func(ctx context.Context) error {
		if err := from.rewind(); err != nil {
			return err
		}
		picture, err := f.decode(from)
		if err != nil {
			return damaged(err)
		}
		do(ctx, gray(picture))
		return ctx.Err()
	})
}

// gray is the light of a picture, of which some pixels together make one when it is larger
// than is read.
func gray(m image.Image) *image.Gray {
	b := m.Bounds()
	k := (max(b.Dx(), b.Dy()) + GraySide - 1) / GraySide
	to := image.NewGray(image.Rect(0, 0, max(1, b.Dx()/k), max(1, b.Dy()/k)))
	light := lightOf(m)
	for y := range to.Rect.Dy() {
		for x := range to.Rect.Dx() {
			sum := 0
			for v := range k {
				for u := range k {
					sum += light(b.Min.X+min(x*k+u, b.Dx()-1), b.Min.Y+min(y*k+v, b.Dy()-1))
				}
			}
			to.Pix[y*to.Stride+x] = byte(sum / (k * k))
		}
	}
	return to
}

// lightOf tells how light a point of a picture is, from 0 to 255: on white where it is
// transparent.
func lightOf(m image.Image) func(x, y int) int {
	switch m := m.(type) {
	case *image.YCbCr:
		return func(x, y int) int { return int(m.Y[m.YOffset(x, y)]) }
	case *image.Gray:
		return func(x, y int) int { return int(m.Pix[m.PixOffset(x, y)]) }
	}
	return func(x, y int) int {
		r, g, b, a := m.At(x, y).RGBA()
		white := 0xffff - a
		return int(color.GrayModel.Convert(color.RGBA64{uint16(r + white), uint16(g + white), uint16(b + white), 0xffff}).(color.Gray).Y)
	}
}
