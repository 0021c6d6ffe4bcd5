package talon

import (
	"image"
	"math"

	"preau/core/qr"
)

// Plane leads from a place on a strip, in millimetres, to the one on a picture of it: a flat
// thing seen from somewhere (a homography).
type Plane [9]float64

// PlaneOf is the one that leads from some places nearest to others: exactly for four, and
// for three as if seen from far above. It is false when they are no places of a plane, as
// three on one line.
func PlaneOf(on, there []qr.Point) (Plane, bool) {
	n := 8
	if len(on) < 4 {
		n = 6
	}
	if len(on) < 3 {
		return Plane{}, false
	}
	// The normal equations of the least squares of u·(g·x + h·y + 1) = a·x + b·y + c and of
	// its like for v.
	var sums [8][9]float64
	for i, p := range on {
		u, v := there[i].X, there[i].Y
		for _, row := range [2][9]float64{
			{p.X, p.Y, 1, 0, 0, 0, -u * p.X, -u * p.Y, u},
			{0, 0, 0, p.X, p.Y, 1, -v * p.X, -v * p.Y, v},
		} {
			for r := range n {
				for c := range n {
					sums[r][c] += row[r] * row[c]
				}
				sums[r][8] += row[r] * row[8]
			}
		}
	}
	for c := range n { // Gauss and Jordan, with the largest pivot
		pivot := c
		for r := c; r < n; r++ {
			if math.Abs(sums[r][c]) > math.Abs(sums[pivot][c]) {
				pivot = r
			}
		}
		if math.Abs(sums[pivot][c]) < 1e-9 {
			return Plane{}, false
		}
		sums[c], sums[pivot] = sums[pivot], sums[c]
		for r := range n {
			if r == c {
				continue
			}
			by := sums[r][c] / sums[c][c]
			for k := range 9 {
				sums[r][k] -= by * sums[c][k]
			}
		}
	}
	p := Plane{8: 1}
	for i := range n {
		p[i] = sums[i][8] / sums[i][i]
	}
	return p, true
}

// At is where a place is.
func (p Plane) At(x, y float64) qr.Point {
	w := p[6]*x + p[7]*y + p[8]
	return qr.Point{X: (p[0]*x + p[1]*y + p[2]) / w, Y: (p[3]*x + p[4]*y + p[5]) / w}
}

// flat is a part of a picture laid flat: so many pixels a millimetre, from a corner in
// millimetres on.
type flat struct {
	*image.Gray
	left, top, per float64
}

// lay lays a rectangle of a strip flat. What the picture does not have is white.
func (p Plane) lay(picture *image.Gray, left, top, right, bottom, per float64) flat {
	f := flat{image.NewGray(image.Rect(0, 0, int((right-left)*per), int((bottom-top)*per))), left, top, per}
	for y := range f.Rect.Dy() {
		for x := range f.Rect.Dx() {
			at := p.At(left+(float64(x)+0.5)/per, top+(float64(y)+0.5)/per)
			f.Pix[y*f.Stride+x] = light(picture, at.X, at.Y)
		}
	}
	return f
}

// light is that of a picture between its pixels.
func light(m *image.Gray, x, y float64) byte {
	x, y = x-0.5, y-0.5
	if !(x >= 0 && y >= 0 && x < float64(m.Rect.Dx()-1) && y < float64(m.Rect.Dy()-1)) {
		return 0xff
	}
	u, v := int(x), int(y)
	fx, fy := x-float64(u), y-float64(v)
	at := m.Pix[v*m.Stride+u:]
	above := float64(at[0])*(1-fx) + float64(at[1])*fx
	below := float64(at[m.Stride])*(1-fx) + float64(at[m.Stride+1])*fx
	return byte(above*(1-fy) + below*fy + 0.5)
}

// mean is the mean light of a rectangle of a strip, in millimetres; what is outside is not
// counted.
func (f flat) mean(x, y, width, height float64) float64 {
	r := f.pixels(x, y, width, height)
	if r.Empty() {
		return 0xff
	}
	sum := 0
	for v := r.Min.Y; v < r.Max.Y; v++ {
		for _, p := range f.Pix[v*f.Stride+r.Min.X : v*f.Stride+r.Max.X] {
			sum += int(p)
		}
	}
	return float64(sum) / float64(r.Dx()*r.Dy())
}

// pixels are those of a rectangle of a strip.
func (f flat) pixels(x, y, width, height float64) image.Rectangle {
	at := func(mm, from float64) int { return int(math.Round((mm - from) * f.per)) }
	return image.Rect(at(x, f.left), at(y, f.top), at(x+width, f.left), at(y+height, f.top)).Intersect(f.Rect)
}
