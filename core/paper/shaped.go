package paper

import (
	"bytes"
	_ "embed"
	"slices"
	"sync"

	"codeberg.org/go-pdf/fpdf"
	"github.com/go-text/typesetting/di"
	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/font/opentype"
	"github.com/go-text/typesetting/language"
	"github.com/go-text/typesetting/shaping"
	"golang.org/x/image/math/fixed"
)

// Noto Sans Arabic, with what joins its letters.
var (
	//go:embed fonts/arabic-400.ttf
	arabicPlain []byte
	//go:embed fonts/arabic-700.ttf
	arabicStrong []byte
)

// faces are the fonts of one weight: a letter is taken from the first that has
// it.
type faces []*font.Face

// ResolveFace implements shaping.Fontmap.
func (f faces) ResolveFace(r rune) *font.Face {
	for _, face := range f {
		if _, has := face.NominalGlyph(r); has {
			return face
		}
	}
	return f[0]
}

var (
	plainFaces  = sync.OnceValues(func() (faces, error) { return parse(arabicPlain, plain) })
	strongFaces = sync.OnceValues(func() (faces, error) { return parse(arabicStrong, strong) })
)

func parse(files ...[]byte) (all faces, err error) {
	for _, file := range files {
		face, err := font.ParseTTF(bytes.NewReader(file))
		if err != nil {
			return nil, err
		}
		all = append(all, face)
	}
	return all, nil
}

// unit is how many units of the shaper a point has: the more, the finer.
const unit = 64

// passage is a text that is drawn, once for a document however many pages have
// it.
type passage struct {
	text  string
	face  Face
	width float64
}

// drawn is a passage with its height.
type drawn struct {
	fpdf.Template
	height float64
}

// WriteShaped is Write for a language whose letters take shapes that depend on
// their neighbours, or that is written from right to left: Arabic. The letters
// are drawn, so that no reader of PDF can get them wrong.
func (d *Document) WriteShaped(x, y, width float64, face Face, text string) float64 {
	key := passage{text, face, width}
	done, known := d.passages[key]
	if !known {
		lines, err := key.lines()
		if err != nil {
			d.err = err
			return y
		}
		done.height = float64(len(lines)) * face.height()
		done.Template = d.pdf.CreateTemplateCustom(fpdf.PointType{}, fpdf.SizeType{Wd: width, Ht: done.height}, func(t *fpdf.Tpl) {
			for i, line := range lines {
				draw(&t.Fpdf, line, width, (float64(i)+0.75)*face.height())
			}
		})
		d.passages[key] = done
	}
	d.pdf.UseTemplateScaled(done, fpdf.PointType{X: x, Y: y}, fpdf.SizeType{Wd: width, Ht: done.height})
	return y + done.height
}

// lines shapes a passage and breaks it where its language does.
func (p passage) lines() ([]shaping.Line, error) {
	set := plainFaces
	if p.face.Bold {
		set = strongFaces
	}
	fonts, err := set()
	if err != nil {
		return nil, err
	}
	runes := []rune(p.text)
	var segmenter shaping.Segmenter
	var shaper shaping.HarfbuzzShaper
	var runs []shaping.Output
	for _, run := range segmenter.Split(shaping.Input{
		Text: runes, RunEnd: len(runes), Direction: di.DirectionRTL, Size: fixed.I(int(p.face.Size * unit)),
		Script: language.Arabic, Language: "ar",
	}, fonts) {
		runs = append(runs, shaper.Shape(run))
	}
	var wrapper shaping.LineWrapper
	lines, _ := wrapper.WrapParagraph(shaping.WrapConfig{Direction: di.DirectionRTL}, int(p.width/perPoint*unit), runes, shaping.NewSliceIterator(runs))
	return lines, nil
}

// millimetres is a length of the shaper's.
func millimetres(f fixed.Int26_6) float64 { return float64(f) / 64 / unit * perPoint }

// draw draws a line that ends at a right margin, on a base.
func draw(pdf *fpdf.Fpdf, line shaping.Line, right, base float64) {
	slices.SortFunc(line, func(a, b shaping.Output) int { return int(a.VisualIndex - b.VisualIndex) })
	x := right
	for _, run := range line {
		x -= millimetres(run.Advance)
	}
	for _, run := range line {
		scale := millimetres(run.Size) / float64(run.Face.Upem())
		for _, glyph := range run.Glyphs {
			if outline, ok := run.Face.GlyphData(glyph.GlyphID).(font.GlyphOutline); ok && len(outline.Segments) > 0 {
				left, up := x+millimetres(glyph.XOffset), base-millimetres(glyph.YOffset)
				fill(pdf, outline, func(p opentype.SegmentPoint) (float64, float64) {
					return left + float64(p.X)*scale, up - float64(p.Y)*scale
				})
			}
			x += millimetres(glyph.Advance)
		}
	}
}

// fill draws the outline of a glyph, whose points at places on the page.
func fill(pdf *fpdf.Fpdf, outline font.GlyphOutline, at func(opentype.SegmentPoint) (x, y float64)) {
	for i, s := range outline.Segments {
		x, y := at(s.Args[0])
		switch s.Op {
		case opentype.SegmentOpMoveTo:
			if i > 0 {
				pdf.ClosePath()
			}
			pdf.MoveTo(x, y)
		case opentype.SegmentOpLineTo:
			pdf.LineTo(x, y)
		case opentype.SegmentOpQuadTo:
			x2, y2 := at(s.Args[1])
			pdf.CurveTo(x, y, x2, y2)
		case opentype.SegmentOpCubeTo:
			x2, y2 := at(s.Args[1])
			x3, y3 := at(s.Args[2])
			pdf.CurveBezierCubicTo(x, y, x2, y2, x3, y3)
		}
	}
	pdf.ClosePath()
	pdf.DrawPath("F")
}
