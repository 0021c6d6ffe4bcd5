package qr

import (
	"cmp"
	"context"
	"image"
	"math"
	"slices"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode/decoder"
	"github.com/makiuchi-d/gozxing/qrcode/detector"
	"golang.org/x/image/draw"
)

// Point is a place on a picture, in pixels from its top left corner, or on a code, in
// modules from its own.
type Point struct{ X, Y float64 }

// Found is a code on a picture: what it says, and some places that are known on both.
type Found struct {
	Text  string
	Side  int     // of the code without the white around it, in modules
	On    []Point // the centres of its three large squares, then of its small one where it was seen, in modules
	There []Point // the same ones, on the picture
}

// Find reads the codes of up to 41 modules on a picture, however it is turned, each text
// once. It looks several times, at several sizes, with several ideas of what is dark, until
// its context ends: what it has found by then is what it gives.
func Find(ctx context.Context, picture *image.Gray) []Found {
	var all []Found
	for _, part := range []int{1, 2, 3} {
		small := reduced(picture, part)
		for _, dark := range []func(*image.Gray) (*gozxing.BitMatrix, error){darkHere, darkAround} {
			if ctx.Err() != nil {
				return all
			}
			bits, err := dark(small)
			if err != nil {
				continue // too small a picture
			}
			for _, f := range findIn(ctx, bits) {
				if slices.ContainsFunc(all, func(known Found) bool { return known.Text == f.Text }) {
					continue
				}
				for i := range f.There {
					f.There[i] = Point{f.There[i].X * float64(part), f.There[i].Y * float64(part)}
				}
				all = append(all, f)
			}
		}
	}
	return all
}

// reduced is a picture whose sides are a part of what they were.
func reduced(picture *image.Gray, part int) *image.Gray {
	if part == 1 {
		return picture
	}
	to := image.NewGray(image.Rect(0, 0, picture.Rect.Dx()/part, picture.Rect.Dy()/part))
	draw.ApproxBiLinear.Scale(to, to.Rect, picture, picture.Rect, draw.Src, nil)
	return to
}

// darkHere tells dark from light as the library does: by blocks of eight pixels.
func darkHere(m *image.Gray) (*gozxing.BitMatrix, error) {
	width, height := m.Rect.Dx(), m.Rect.Dy()
	source, err := gozxing.NewPlanarYUVLuminanceSource(m.Pix, m.Stride, height, 0, 0, width, height, false)
	if err != nil {
		return nil, err
	}
	return gozxing.NewHybridBinarizer(source).GetBlackMatrix()
}

// darkAround calls dark what is darker than the mean of its surroundings, a thirtieth of
// the picture: a shadow that comes slowly changes nothing.
func darkAround(m *image.Gray) (*gozxing.BitMatrix, error) {
	width, height := m.Rect.Dx(), m.Rect.Dy()
	bits, err := gozxing.NewBitMatrix(width, height)
	if err != nil {
		return nil, err
	}
	sums := make([]uint32, (width+1)*(height+1)) // of all the pixels above and on the left
	for y := range height {
		var line uint32
		for x := range width {
			line += uint32(m.Pix[y*m.Stride+x])
			sums[(y+1)*(width+1)+x+1] = sums[y*(width+1)+x+1] + line
		}
	}
	around := max(8, max(width, height)/60)
	for y := range height {
		top, bottom := max(0, y-around), min(height, y+around)
		for x := range width {
			left, right := max(0, x-around), min(width, x+around)
			sum := sums[bottom*(width+1)+right] - sums[top*(width+1)+right] - sums[bottom*(width+1)+left] + sums[top*(width+1)+left]
			if uint32(m.Pix[y*m.Stride+x])*uint32((right-left)*(bottom-top))*10 < sum*9 {
				bits.Set(x, y)
			}
		}
	}
	return bits, nil
}

// The most codes that are tried on a picture: each costs about a millisecond, and a page of
// text has many squares that are none.
const tries = 600

// findIn reads the codes among the dark points of a picture. The library's own search wants
// them nearly square, and takes the cube of what a picture has: ours lets them lean, as a sheet does that somebody photographs from
// where they sit.
func findIn(ctx context.Context, bits *gozxing.BitMatrix) (all []Found) {
	defer func() { _ = recover() }() // what the library does not expect is no code
	squares := squaresIn(ctx, bits)
	reads, looks := decoder.NewDecoder(), detector.NewDetector(bits)
	used := map[*detector.FinderPattern]bool{}
	for _, c := range corners(squares) {
		if ctx.Err() != nil {
			return all
		}
		if used[c.tl] || used[c.tr] || used[c.bl] {
			continue
		}
		seen, err := looks.ProcessFinderPatternInfo(detector.NewFinderPatternInfo(c.bl, c.tl, c.tr))
		if err != nil {
			continue
		}
		said, err := reads.Decode(seen.GetBits(), nil)
		if err != nil {
			continue
		}
		used[c.tl], used[c.tr], used[c.bl] = true, true, true
		all = append(all, found(said.GetText(), seen.GetBits().GetWidth(), seen.GetPoints()))
	}
	return all
}

// found says where a code is. The library gives the centres of the squares bottom left, top
// left and top right, then that of the small one (ISO/IEC 18004 § 6.3.6), where it saw it.
func found(text string, side int, points []gozxing.ResultPoint) Found {
	n := float64(side)
	f := Found{Text: text, Side: side}
	for i, on := range []Point{{3.5, n - 3.5}, {3.5, 3.5}, {n - 3.5, 3.5}, {n - 6.5, n - 6.5}} {
		if i < len(points) {
			f.On, f.There = append(f.On, on), append(f.There, Point{points[i].GetX(), points[i].GetY()})
		}
	}
	return f
}

// The most squares that are looked for on a picture, and among which: a page of text has
// some tens, one that is made to keep us busy has thousands.
const mostSquares, mostSeen, mostNear = 240, 1500, 24

// squaresIn finds what may be the squares of codes, line by line: dark, light, dark, light
// and dark again, as 1 to 1 to 3 to 1 to 1 (ISO/IEC 18004 § 6.3.3.1). The library's own loop
// does so too, and then goes through all of their triples.
func squaresIn(ctx context.Context, bits *gozxing.BitMatrix) []*detector.FinderPattern {
	finder := detector.NewFinderPatternFinder(bits, nil)
	for y := detector.FinderPatternFinder_MIN_SKIP - 1; y < bits.GetHeight(); y += detector.FinderPatternFinder_MIN_SKIP {
		if ctx.Err() != nil || len(finder.GetPossibleCenters()) > mostSeen {
			break
		}
		squaresOn(finder, bits, y)
	}
	squares := slices.DeleteFunc(slices.Clone(finder.GetPossibleCenters()), func(p *detector.FinderPattern) bool { return p.GetCount() < 2 })
	slices.SortStableFunc(squares, func(a, b *detector.FinderPattern) int { return cmp.Compare(b.GetCount(), a.GetCount()) })
	return squares[:min(len(squares), mostSquares)]
}

// squaresOn looks for squares on a line.
func squaresOn(finder *detector.FinderPatternFinder, bits *gozxing.BitMatrix, y int) {
	runs := make([]int, 5)
	at := 0 // the run that is counted; the even ones are dark
	for x := range bits.GetWidth() {
		dark := bits.Get(x, y)
		if dark == (at%2 == 0) {
			runs[at]++
			continue
		}
		if dark || at < 4 {
			if at > 0 || runs[0] > 0 { // the light before the first dark is none
				at++
				runs[at]++
			}
			continue
		}
		if detector.FinderPatternFinder_foundPatternCross(runs) && finder.HandlePossibleCenter(runs, y, x) {
			clear(runs)
			at = 0
			continue
		}
		copy(runs, runs[2:])
		runs[3], runs[4], at = 1, 0, 3
	}
	if detector.FinderPatternFinder_foundPatternCross(runs) {
		finder.HandlePossibleCenter(runs, y, bits.GetWidth())
	}
}

// corner is three squares that may be those of one code.
type corner struct {
	tl, tr, bl *detector.FinderPattern
	skew       float64 // 0: a square seen from above
}

// corners lists what may be codes, the likeliest first.
func corners(squares []*detector.FinderPattern) (all []corner) {
	for _, tl := range squares {
		var near []*detector.FinderPattern
		for _, other := range squares {
			size := (tl.GetEstimatedModuleSize() + other.GetEstimatedModuleSize()) / 2
			away := math.Hypot(other.GetX()-tl.GetX(), other.GetY()-tl.GetY()) / size
			ratio := tl.GetEstimatedModuleSize() / other.GetEstimatedModuleSize()
			if away > 9 && away < 46 && ratio > 0.6 && ratio < 1.7 { // of 14 to 34 modules, were it seen from above
				near = append(near, other)
			}
		}
		slices.SortFunc(near, func(a, b *detector.FinderPattern) int {
			return cmp.Compare(math.Hypot(a.GetX()-tl.GetX(), a.GetY()-tl.GetY()), math.Hypot(b.GetX()-tl.GetX(), b.GetY()-tl.GetY()))
		})
		near = near[:min(len(near), mostNear)]
		for _, tr := range near {
			for _, bl := range near {
				ax, ay, bx, by := tr.GetX()-tl.GetX(), tr.GetY()-tl.GetY(), bl.GetX()-tl.GetX(), bl.GetY()-tl.GetY()
				a, b := math.Hypot(ax, ay), math.Hypot(bx, by)
				lean, longer := math.Abs(ax*bx+ay*by)/(a*b), max(a, b)/min(a, b)
				if ax*by-ay*bx > 0 && lean < 0.5 && longer < 1.7 {
					sizes := math.Abs(math.Log(tr.GetEstimatedModuleSize() / bl.GetEstimatedModuleSize()))
					all = append(all, corner{tl, tr, bl, lean + longer - 1 + sizes})
				}
			}
		}
	}
	slices.SortFunc(all, func(x, y corner) int { return cmp.Compare(x.skew, y.skew) })
	return all[:min(len(all), tries)]
}
