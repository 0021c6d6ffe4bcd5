package talon

import (
	"bytes"
	"cmp"
	"context"
	"image"
	"image/jpeg"
	"math"
	"slices"

	"preau/core/qr"
)

// Seen is a strip on a picture: what its code says, and what it looks like laid flat.
type Seen struct {
	Token string
	flat  flat
}

// How many pixels a millimetre of a strip has when it is read, and when it is shown.
const perRead, perShown = 8.0, 4.0

// Find finds the strips of a picture, however it was taken, and lays flat those whose code
// is known: whoever shows a picture with a hundred codes of others pays for their codes, and
// no more. What it has found when its context ends is what it gives.
func Find(ctx context.Context, picture *image.Gray, known func(token string) bool) []Seen {
	var all []Seen
	for _, code := range qr.Find(ctx, picture) {
		if !known(code.Text) {
			all = append(all, Seen{Token: code.Text})
			continue
		}
		if ctx.Err() != nil {
			break
		}
		if flat, ok := strip(picture, code); ok {
			all = append(all, Seen{code.Text, flat})
		}
	}
	return all
}

// around is how far from its place a black square is looked for, in millimetres: the further
// one is from the code, the less is known from it.
const around = 14.0

// Where the part of a strip begins in which its black squares are looked for.
const farEnd = 112.0

// How many pixels a millimetre of a strip has where its squares are looked for.
const perRough = 4.0

// strip lays the strip of a code flat: nearly, by the code alone, then by the black squares
// at its other end, which are looked for where they should be.
func strip(picture *image.Gray, code qr.Found) (flat, bool) {
	module := CodeSide / float64(code.Side+8)
	on := make([]qr.Point, len(code.On))
	for i, p := range code.On {
		on[i] = qr.Point{X: (p.X + 4) * module, Y: (Height-CodeSide)/2 + (p.Y+4)*module}
	}
	// The small square of a code tells from where it is seen, not always well: a sheet seen
	// from above is known better without it.
	var best Plane
	var known bool
	most := -1.0
	for n := len(on); n >= 3; n-- {
		p, ok := PlaneOf(on[:n], code.There[:n])
		if !ok {
			continue
		}
		better, contrast := p.bySquares(picture, on, code.There)
		if contrast > most {
			best, known, most = better, true, contrast
		}
	}
	return best.lay(picture, 0, -2, Width, Height+2, perRead), known
}

// bySquares is the plane that the black squares of a strip give with those of its code, and
// how clearly they are seen; of which p is the first idea.
func (p Plane) bySquares(picture *image.Gray, on, there []qr.Point) (Plane, float64) {
	rough := p.lay(picture, farEnd, -around-2, Width+around+2, Height+around+2, perRough)
	squares, at, sum := slices.Clone(on[:3]), slices.Clone(there[:3]), 0.0
	for _, m := range marks {
		x, y, contrast := rough.mark(m[0], m[1])
		if contrast < 0.3 {
			continue
		}
		const half = markSide / 2
		squares, at, sum = append(squares, qr.Point{X: m[0] + half, Y: m[1] + half}), append(at, p.At(x+half, y+half)), sum+contrast
	}
	if better, ok := PlaneOf(squares, at); ok && len(squares) > 3 {
		return better, sum
	}
	return p, 0
}

// mark looks for a black square on white near a place, and tells where its corner is, and
// how clear it is, from 0 to 1: less, the further it is.
func (f flat) mark(x, y float64) (bestX, bestY, best float64) {
	const step, rim = 0.25, 1.0
	for dy := -around; dy <= around; dy += step {
		for dx := -around; dx <= around; dx += step {
			u, v := x+dx, y+dy
			if f.mean(u+markSide/2-0.3, v+markSide/2-0.3, 0.6, 0.6) > 150 {
				continue
			}
			inside := f.mean(u+0.3, v+0.3, markSide-0.6, markSide-0.6)
			beside := min(f.mean(u, v-rim, markSide, rim-0.3), f.mean(u, v+markSide+0.3, markSide, rim-0.3),
				f.mean(u-rim, v, rim-0.3, markSide), f.mean(u+markSide+0.3, v, rim-0.3, markSide))
			if contrast := (beside-inside)/max(beside, 1) - 0.01*math.Hypot(dx, dy); contrast > best {
				best, bestX, bestY = contrast, u, v
			}
		}
	}
	return bestX, bestY, best
}

// From how much ink of a box on it is ticked, and up to how much it is empty: a thin stroke
// across is a tenth of it, what shows through the sheet or dust a hundredth.
const ticked, empty = 0.05, 0.02

// Read says which box of a strip is ticked, when one of them is, and every other is empty:
// else it is for whoever reads to say. Blank is a strip of which no box is ticked. Of a code
// that is not known nothing is read.
func (s Seen) Read(boxes []Box) (answer string, blank bool) {
	if s.flat.Gray == nil {
		return "", false
	}
	chosen, unsure := -1, false
	for i, box := range boxes {
		switch ink := s.flat.ink(box.X, box.Y); {
		case ink >= ticked && chosen < 0:
			chosen = i
		case !(ink <= empty): // a second one, or neither one nor the other
			unsure = true
		}
	}
	if chosen >= 0 && !unsure {
		answer = boxes[chosen].Answer
	}
	return answer, chosen < 0 && !unsure && len(boxes) > 0
}

// ink is how much of a box is written on, from 0 to 1; not a number when the box is not
// where it should be.
func (f flat) ink(x, y float64) float64 {
	x, y, seen := f.box(x, y)
	if !seen {
		return math.NaN()
	}
	paper := f.paper(x-2, y-2, BoxSide+4)
	const inset = 1.2
	r := f.pixels(x+inset, y+inset, BoxSide-2*inset, BoxSide-2*inset)
	dark := 0
	for v := r.Min.Y; v < r.Max.Y; v++ {
		for _, p := range f.Pix[v*f.Stride+r.Min.X : v*f.Stride+r.Max.X] {
			if float64(p) < 0.8*paper {
				dark++
			}
		}
	}
	return float64(dark) / float64(max(1, r.Dx()*r.Dy()))
}

// paper is how light the sheet is around a box.
func (f flat) paper(x, y, side float64) float64 {
	r := f.pixels(x, y, side, side)
	var all []byte
	for v := r.Min.Y; v < r.Max.Y; v++ {
		all = append(all, f.Pix[v*f.Stride+r.Min.X:v*f.Stride+r.Max.X]...)
	}
	if len(all) == 0 {
		return 0xff
	}
	slices.Sort(all)
	return float64(all[len(all)*3/4])
}

// box looks for the sides of a box near a place: a sheet is never quite flat.
func (f flat) box(x, y float64) (bestX, bestY float64, seen bool) {
	const step, most, line = 0.125, 2.5, 0.4
	best := math.Inf(-1)
	paper := f.paper(x-2, y-2, BoxSide+4)
	for dy := -most; dy <= most; dy += step {
		for dx := -most; dx <= most; dx += step {
			u, v := x+dx-line/2, y+dy-line/2
			sides := []float64{
				f.mean(u, v, BoxSide, line), f.mean(u, v+BoxSide, BoxSide, line),
				f.mean(u, v, line, BoxSide), f.mean(u+BoxSide, v, line, BoxSide),
			}
			worst := slices.MaxFunc(sides, cmp.Compare[float64])
			score := 4*paper - sides[0] - sides[1] - sides[2] - sides[3] + 2*(paper-worst) - 2*math.Hypot(dx, dy)
			if score > best {
				best, bestX, bestY, seen = score, x+dx, y+dy, worst < 0.9*paper
			}
		}
	}
	return bestX, bestY, seen
}

// Shown is the part of a strip where one answers, as a small JPEG on paper that is white,
// [ShownWidth] by [ShownHeight] pixels.
func (s Seen) Shown() ([]byte, error) {
	const left = CodeSide + 2
	small, f := int(perRead/perShown), s.flat
	from := f.pixels(left, -2, Width-markSide-left, Height+4)
	to := image.NewGray(image.Rect(0, 0, from.Dx()/small, from.Dy()/small))
	paper := max(40, f.paper(left, 0, Width-markSide-left))
	for y := range to.Rect.Dy() {
		for x := range to.Rect.Dx() {
			sum := 0
			for v := range small {
				for u := range small {
					sum += int(f.Pix[(from.Min.Y+y*small+v)*f.Stride+from.Min.X+x*small+u])
				}
			}
			to.Pix[y*to.Stride+x] = byte(min(255, float64(sum)/float64(small*small)*250/paper))
		}
	}
	var b bytes.Buffer
	err := jpeg.Encode(&b, to, &jpeg.Options{Quality: 60})
	return b.Bytes(), err
}

// The size of what [Seen.Shown] shows, in pixels.
const (
	ShownWidth  = int((Width - markSide - CodeSide - 2) * perShown)
	ShownHeight = int((Height + 4) * perShown)
)
