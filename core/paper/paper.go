package paper

import (
	"bytes"
	_ "embed"
	"fmt"
	"strings"
	"time"

	"codeberg.org/go-pdf/fpdf"

	"preau/core/qr"
)

// A sheet of A4, in millimetres, and the margin that printers need.
const (
	Width  = 210.0
	Height = 297.0
	Margin = 15.0
)

// Noto Sans, whose licence is beside it.
var (
	//go:embed fonts/noto-400.ttf
	plain []byte
	//go:embed fonts/noto-700.ttf
	strong []byte
)

const family = "noto"

// Face is how a text looks: its size in points, and whether it is bold.
type Face struct {
	Size float64
	Bold bool
}

// The faces of a document.
var (
	Title  = Face{17, true}
	Strong = Face{11, true}
	Plain  = Face{11, false}
	Small  = Face{9, false}
)

// perPoint is a point in millimetres; leading, the height of a line.
const (
	perPoint = 25.4 / 72
	leading  = 1.4
)

func (f Face) style() string {
	if f.Bold {
		return "B"
	}
	return ""
}

func (f Face) height() float64 { return f.Size * perPoint * leading }

// Document is being written, page after page. What goes wrong is told by
// [Document.Bytes].
type Document struct {
	pdf      *fpdf.Fpdf
	passages map[passage]drawn
	err      error
}

// New begins a document, dated at an instant.
func New(title string, at time.Time) *Document {
	pdf := fpdf.New("P", "mm", "A4", "")
	pdf.AddUTF8FontFromBytes(family, "", plain)
	pdf.AddUTF8FontFromBytes(family, "B", strong)
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetMargins(0, 0, 0)
	pdf.SetCellMargin(0)
	pdf.SetTitle(writable(title), true)
	pdf.SetLang("fr")
	pdf.SetCreationDate(at)
	pdf.SetModificationDate(at)
	pdf.SetLineWidth(0.2)
	return &Document{pdf: pdf, passages: map[passage]drawn{}}
}

// Page begins a page.
func (d *Document) Page() { d.pdf.AddPage() }

// Align is the side of its column that a text stands on.
type Align string

// The sides.
const (
	Left   Align = "L"
	Right  Align = "R"
	Centre Align = "C"
)

// Write writes a text in a column and gives where the next may begin, in
// millimetres from the top.
func (d *Document) Write(x, y, width float64, face Face, align Align, text string) float64 {
	d.pdf.SetFont(family, face.style(), face.Size)
	d.pdf.SetXY(x, y)
	d.pdf.MultiCell(width, face.height(), writable(text), "", string(align), false)
	return d.pdf.GetY()
}

// writable is a text as the fonts may write it: a name may have a letter of which no
// document can be made (beyond U+FFFF, as some of Japanese names), and whoever bears
// it gets a letter all the same.
func writable(text string) string {
	return strings.Map(func(r rune) rune {
		if r > 0xFFFF {
			return '?'
		}
		return r
	}, text)
}

// Fits is the largest face not above one with which a text of one line is no
// wider than a column.
func (d *Document) Fits(width float64, face Face, text string) Face {
	for ; face.Size > 5; face.Size -= 0.5 {
		d.pdf.SetFont(family, face.style(), face.Size)
		if d.pdf.GetStringWidth(writable(text)) <= width {
			break
		}
	}
	return face
}

// Box draws a square to tick.
func (d *Document) Box(x, y, side float64) { d.pdf.Rect(x, y, side, side, "D") }

// Frame draws a rectangle with round corners.
func (d *Document) Frame(x, y, width, height float64) {
	d.pdf.RoundedRect(x, y, width, height, 2, "1234", "D")
}

// Rule draws a line across a column.
func (d *Document) Rule(x, y, width float64) { d.pdf.Line(x, y, x+width, y) }

// Cut draws a dashed line to cut along.
func (d *Document) Cut(x1, y1, x2, y2 float64) {
	d.pdf.SetDashPattern([]float64{1.5, 1.5}, 0)
	d.pdf.SetDrawColor(140, 140, 140)
	d.pdf.Line(x1, y1, x2, y2)
	d.pdf.SetDrawColor(0, 0, 0)
	d.pdf.SetDashPattern(nil, 0)
}

// QR draws a text as a QR code, the white around it included.
func (d *Document) QR(x, y, side float64, text string) {
	code, err := qr.Encode(text)
	if err != nil {
		d.err = fmt.Errorf("paper: %w", err)
		return
	}
	module := side / float64(code.Side)
	d.pdf.SetFillColor(0, 0, 0)
	for _, run := range code.Dark { // neighbours touch: viewers would show a hair of white between
		d.pdf.Rect(x+float64(run.X)*module, y+float64(run.Y)*module, float64(run.Length)*module, module+0.02, "F")
	}
}

// Fact is a thing that is said under its name.
type Fact struct{ Name, Text string }

// keySide is the height of a key, in millimetres.
const keySide = 48.0

// Key draws a frame with a QR code, and beside it what one types who cannot scan
// it. It gives where the next may begin.
func (d *Document) Key(x, y, width float64, scanned string, typed ...Fact) float64 {
	const gap = 4
	d.Frame(x, y, width, keySide)
	d.QR(x, y, keySide, scanned)
	at := y + gap
	for _, fact := range typed {
		at = d.Write(x+keySide+gap, at, width-keySide-2*gap, Small, Left, fact.Name)
		at = d.Write(x+keySide+gap, at, width-keySide-2*gap, d.Fits(width-keySide-2*gap, Strong, fact.Text), Left, fact.Text) + 0.5
	}
	return y + keySide + gap
}

// Bytes gives the document, in PDF.
func (d *Document) Bytes() ([]byte, error) {
	var body bytes.Buffer
	if err := d.pdf.Output(&body); err != nil {
		return nil, fmt.Errorf("paper: %w", err)
	}
	return body.Bytes(), d.err
}

// Tick draws a square to tick with a pen, whose sides show on a photograph of the sheet.
func (d *Document) Tick(x, y, side float64) {
	d.pdf.SetLineWidth(0.4)
	d.Box(x, y, side)
	d.pdf.SetLineWidth(0.2)
}

// Mark draws a black square, by which a photograph of the sheet is laid flat.
func (d *Document) Mark(x, y, side float64) {
	d.pdf.SetFillColor(0, 0, 0)
	d.pdf.Rect(x, y, side, side, "F")
}

// Lines is how a text breaks in a column: its lines, the empty ones too.
func (d *Document) Lines(width float64, face Face, text string) (lines []string) {
	d.pdf.SetFont(family, face.style(), face.Size)
	for line := range strings.SplitSeq(writable(text), "\n") {
		if strings.TrimSpace(line) == "" {
			lines = append(lines, "")
			continue
		}
		lines = append(lines, d.pdf.SplitText(line, width)...)
	}
	return lines
}

// Height is that of a line of a face, in millimetres.
func (f Face) Height() float64 { return f.height() }
