package photo

import (
	"image"

	"golang.org/x/image/draw"
)

// fit gives the size of a picture whose longest side is at most side.
func fit(width, height, side int) (int, int) {
	longest := max(width, height)
	if longest <= side {
		return width, height
	}
	scaled := func(n int) int { return max(1, (n*side+longest/2)/longest) }
	return scaled(width), scaled(height)
}

// step is by how much a picture is shrunk at once, before it is scaled to a size: it is then
// less than twice as large as the whole photo, or as this size where it is larger, which takes
// less time and memory.
func step(width, height, side int) int { return max(1, max(width, height)/max(side, WholeSide)) }

// reducing is the memory, in bytes, that reduce takes at most for the whole photo:
// the strip, what is shrunk, and 32 bytes for each point of the scaled width and the
// shrunk height.
func reducing(width, height int) int64 {
	k := step(width, height, WholeSide)
	shrunk := int64(width/k+1) * int64(height/k+1)
	w, _ := fit(width, height, WholeSide)
	return 4*int64(width)*int64(min(k, height)) + 4*shrunk + 32*int64(w)*int64(height/k+1)
}

// reduce makes a picture no larger than side, on white where it is transparent.
func reduce(m image.Image, side int) *image.RGBA {
	width, height := fit(m.Bounds().Dx(), m.Bounds().Dy(), side)
	small := shrink(m, step(m.Bounds().Dx(), m.Bounds().Dy(), side))
	if small.Bounds().Dx() == width && small.Bounds().Dy() == height {
		return small
	}
	to := image.NewRGBA(image.Rect(0, 0, width, height))
	draw.CatmullRom.Scale(to, to.Bounds(), small, small.Bounds(), draw.Src, nil)
	return to
}

// shrink makes one point, their mean, of each square of k × k, on white.
func shrink(m image.Image, k int) *image.RGBA {
	from := m.Bounds()
	to := image.NewRGBA(image.Rect(0, 0, (from.Dx()+k-1)/k, (from.Dy()+k-1)/k))
	strip := image.NewRGBA(image.Rect(0, 0, from.Dx(), min(k, from.Dy())))
	for y := range to.Rect.Dy() {
		rows := min(k, from.Dy()-y*k)
		draw.Draw(strip, strip.Rect, image.White, image.Point{}, draw.Src)
		draw.Draw(strip, image.Rect(0, 0, from.Dx(), rows), m, from.Min.Add(image.Pt(0, y*k)), draw.Over)
		if k == 1 {
			copy(to.Pix[y*to.Stride:], strip.Pix)
			continue
		}
		for x := range to.Rect.Dx() {
			mean(to.Pix[y*to.Stride+4*x:], strip, x*k, min(k, from.Dx()-x*k), rows)
		}
	}
	return to
}

// mean writes the mean of some columns of the strip, from x, and of its first rows.
func mean(to []byte, strip *image.RGBA, x, columns, rows int) {
	var r, g, b int
	for row := range rows {
		at := row*strip.Stride + 4*x
		for p := strip.Pix[at : at+4*columns]; len(p) >= 4; p = p[4:] {
			r, g, b = r+int(p[0]), g+int(p[1]), b+int(p[2])
		}
	}
	n := columns * rows
	to[0], to[1], to[2], to[3] = byte((r+n/2)/n), byte((g+n/2)/n), byte((b+n/2)/n), 0xff
}

// upright turns a picture as its orientation says: see source.orientation.
func upright(m *image.RGBA, orientation int) *image.RGBA {
	if orientation == 1 {
		return m
	}
	width, height := m.Rect.Dx(), m.Rect.Dy()
	if orientation >= 5 {
		width, height = height, width
	}
	to := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			// where the first row and the first column of what is kept are in what
			// is seen: 2 top and right, 3 bottom and right, 4 bottom and left, 5
			// left and top, 6 right and top, 7 right and bottom, 8 left and bottom
			u, v := x, y
			switch orientation {
			case 2, 3, 6, 7:
				u = width - 1 - x
			}
			switch orientation {
			case 3, 4, 7, 8:
				v = height - 1 - y
			}
			if orientation >= 5 {
				u, v = v, u
			}
			copy(to.Pix[to.PixOffset(x, y):], m.Pix[m.PixOffset(u, v):][:4])
		}
	}
	return to
}
