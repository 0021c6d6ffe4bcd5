package preview

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"codeberg.org/go-pdf/fpdf"

	"preau/core/content"
	"preau/core/photo"
	"preau/core/school"
)

const somebody = school.ID(100)

// maker makes previews with the real programs, in a box, or skips the test where they are not.
func maker(t *testing.T) *Maker {
	t.Helper()
	m := New(t.Context(), Options{Studio: photo.NewStudio(1 << 30), Folder: t.TempDir()})
	why := ""
	if !m.Boxed() {
		why = "no box can be made on this machine"
	}
	for _, program := range []string{pdfinfo, pdftoppm, pdftotext, soffice, ffmpeg} {
		if m.paths[program] == "" {
			why = "no " + program + " on this machine"
		}
	}
	if why != "" && os.Getenv("PREAU_TEST_ALL") == "1" {
		t.Fatal(why)
	}
	if why != "" {
		t.Skip(why)
	}
	t.Cleanup(func() { nothingLeft(t, m) })
	return m
}

// nothingLeft checks that no file of anybody stays behind.
func nothingLeft(t *testing.T, m *Maker) {
	t.Helper()
	left, err := os.ReadDir(m.folder)
	if err != nil || len(left) > 0 {
		t.Errorf("%v is left, %v", left, err)
	}
}

func read(t testing.TB, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// of makes the preview of a file, as content sees it.
func of(t *testing.T, m *Maker, sent []byte, name string) (Preview, error) {
	t.Helper()
	is, err := content.Inspect(t.Context(), bytes.NewReader(sent), int64(len(sent)), name)
	if err != nil {
		t.Fatal(err)
	}
	return m.Make(t.Context(), somebody, bytes.NewReader(sent), int64(len(sent)), is)
}

// pdf is a PDF whose objects are these, the first being the catalogue.
func pdf(objects ...string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n")
	var places []int
	for i, o := range objects {
		places = append(places, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	at := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, place := range places {
		fmt.Fprintf(&b, "%010d 00000 n \n", place)
	}
	fmt.Fprintf(&b, "trailer\n<< /Root 1 0 R /Size %d >>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, at)
	return b.Bytes()
}

func stream(dictionary, content string) string {
	return fmt.Sprintf("<< %s /Length %d >>\nstream\n%s\nendstream", dictionary, len(content), content)
}

// page is a PDF of two pages of a size, with a sentence.
func page(width, height int) []byte {
	return pdf("<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R 3 0 R] /Count 2 >>",
		fmt.Sprintf("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>", width, height),
		stream("", "BT /F 24 Tf 20 20 Td (Sortie au musee) Tj ET"), "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
}

// laughing is a PDF whose page draws a form ten times, which draws another ten times, and so on.
func laughing() []byte {
	const depth = 12
	objects := []string{"<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 500 500] /Contents 4 0 R /Resources << /XObject << /F 5 0 R >> >> >>",
		stream("", strings.Repeat("/F Do ", 10))}
	for n := range depth {
		objects = append(objects, stream(fmt.Sprintf("/Type /XObject /Subtype /Form /BBox [0 0 500 500] /Resources << /XObject << /F %d 0 R >> >>", 6+n), strings.Repeat("/F Do ", 10)))
	}
	return pdf(append(objects, stream("/Type /XObject /Subtype /Form /BBox [0 0 500 500]", "0 0 400 400 re f"))...)
}

// protected is a PDF that may not be copied, and that one opens with a password, or without.
func protected(t *testing.T, password string) []byte {
	t.Helper()
	p := fpdf.New("P", "mm", "A4", "")
	p.SetProtection(fpdf.CnProtectPrint, password, "ours")
	p.AddPage()
	p.SetFont("Helvetica", "", 12)
	p.Cell(40, 10, "Sortie au musee")
	var b bytes.Buffer
	if err := p.Output(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func pictured(t *testing.T) []byte {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, 900, 300))
	for x := range 900 {
		m.Set(x, x/3, color.White)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const made = "../content/testdata/"

func TestWhatIsShown(t *testing.T) {
	m := maker(t)
	for name, c := range map[string]struct {
		sent  []byte
		name  string
		pages int
		words string // among those that are found
		shown bool
	}{
		"a picture":              {pictured(t), "a.png", 0, "", true},
		"a PDF":                  {page(300, 400), "a.pdf", 2, "Sortie au musee", true},
		"a PDF of LibreOffice":   {read(t, made+"a.pdf"), "a.pdf", 1, "Bonjour la classe Deuxième ligne é", true},
		"a PDF of a huge page":   {page(200_000, 100), "a.pdf", 2, "Sortie au musee", true},
		"a PDF not to be copied": {protected(t, ""), "a.pdf", 1, "Sortie au musee", true},
		"a PDF with a password":  {protected(t, "secret"), "a.pdf", 0, "", false},
		"a PDF that is nothing":  {[]byte("%PDF-1.7\nnothing\n%%EOF"), "a.pdf", 0, "", false},
		"an OpenDocument":        {read(t, made+"a.odt"), "a.odt", 1, "Bonjour la classe Deuxième ligne é", true},
		"of Word":                {read(t, made+"a.docx"), "a.docx", 1, "Bonjour la classe Deuxième ligne é", true},
		"of an old Word":         {read(t, made+"a.doc"), "a.doc", 1, "Bonjour la classe Deuxième ligne é", true},
		"rich text":              {read(t, made+"a.rtf"), "a.rtf", 1, "Bonjour la classe Deuxième ligne é", true},
		"a spreadsheet":          {read(t, made+"b.ods"), "b.ods", 1, "école 12", true},
		"of Excel":               {read(t, made+"b.xlsx"), "b.xlsx", 1, "école", true},
		"of an old Excel":        {read(t, made+"b.xls"), "b.xls", 1, "école", true},
		"slides":                 {read(t, made+"a.odp"), "a.odp", 1, "Bonjour la classe", true},
		"of PowerPoint":          {read(t, made+"a.pptx"), "a.pptx", 1, "Bonjour la classe", true},
		"a film, MP4":            {read(t, "testdata/film.mp4"), "a.mp4", 0, "", true},
		"a film, WebM":           {read(t, "testdata/film.webm"), "a.webm", 0, "", true},
		"a film that is cut":     {read(t, "testdata/film.webm")[:500], "a.webm", 0, "", false},
		"a text":                 {[]byte("Chers parents,\n\nà demain."), "a.txt", 0, "Chers parents, à demain.", false},
		"a sound":                {append([]byte("RIFF\x24\x00\x00\x00WAVEfmt "), make([]byte, 28)...), "a.wav", 0, "", false},
		"an SVG":                 {[]byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`), "a.svg", 0, "", false},
		"bytes":                  {[]byte("\x00\x01\x02"), "a", 0, "", false},
		"nothing":                {nil, "a", 0, "", false},
	} {
		t.Run(name, func(t *testing.T) {
			switch path.Ext(c.name) {
			case ".doc", ".rtf", ".ods", ".xls", ".xlsx", ".odp", ".pptx", ".odt":
				if os.Getenv("PREAU_TEST_ALL") == "" {
					t.Skip("LibreOffice takes some seconds of each: PREAU_TEST_ALL=1 runs it")
				}
			}
			p, err := of(t, m, c.sent, c.name)
			if err != nil || p.Pages != c.pages || p.Pictured() != c.shown || !strings.Contains(p.Words, c.words) || c.words == "" && p.Words != "" {
				t.Fatalf("%d pages, %d bytes, %q, %q, %v", p.Pages, len(p.Large.JPEG), p.Words, p.Why, err)
			}
			if (p.Why == "") != c.shown {
				t.Errorf("why: %q", p.Why)
			}
			if !c.shown {
				return
			}
			for _, one := range []struct {
				photo.Picture
				most int
			}{{p.Large, photo.WholeSide}, {p.Small, photo.PreviewSide}} {
				size, err := jpeg.DecodeConfig(bytes.NewReader(one.JPEG))
				if err != nil || max(size.Width, size.Height) > one.most || size.Width != one.Width || size.Height != one.Height {
					t.Errorf("%+v, %d × %d, %v", size, one.Width, one.Height, err)
				}
			}
		})
	}
}

// A film that is too large for a folder is shown by its two ends.
func TestALargeFilm(t *testing.T) {
	m, film := maker(t), read(t, "testdata/film.mp4")
	at := bytes.Index(film, []byte("moov")) - 4 // ffmpeg writes the description last
	padding := int64(3) << 30
	large := &holed{head: film[:at], hole: padding, tail: film[at:]}
	box := []byte("\x00\x00\x00\x01free\x00\x00\x00\x00\x00\x00\x00\x00")
	for i := range 8 {
		box[8+i] = byte(uint64(padding) >> (56 - 8*i))
	}
	large.head = append(bytes.Clone(large.head), box...)
	large.hole -= int64(len(box))
	is, err := content.Inspect(t.Context(), large, large.size(), "a.mp4")
	if err != nil {
		t.Fatal(err)
	}
	p, err := m.Make(t.Context(), somebody, large, large.size(), is)
	if err != nil || !p.Pictured() || large.read.Load() > 100<<20 {
		t.Errorf("%q, %v, after %d bytes", p.Why, err, large.read.Load())
	}
}

// holed is a file with a hole of zeros.
type holed struct {
	head, tail []byte
	hole       int64
	read       atomic.Int64
}

func (h *holed) size() int64 { return int64(len(h.head)) + h.hole + int64(len(h.tail)) }

func (h *holed) ReadAt(b []byte, at int64) (int, error) {
	b = b[:max(0, min(int64(len(b)), h.size()-at))]
	h.read.Add(int64(len(b)))
	clear(b)
	if at < int64(len(h.head)) {
		copy(b, h.head[at:])
	}
	if over := int64(len(h.head)) + h.hole - at; over < int64(len(b)) {
		if over >= 0 {
			copy(b[over:], h.tail)
		} else {
			copy(b, h.tail[-over:])
		}
	}
	if len(b) == 0 {
		return 0, io.EOF
	}
	return len(b), nil
}

// What holds programs is opened by no other, nor what is encrypted.
func TestWhatIsNotOpened(t *testing.T) {
	m := maker(t)
	sent := read(t, made+"a.docx")
	for name, change := range map[string]func(*content.Look){
		"with macros": func(l *content.Look) { l.Macros = true },
		"encrypted":   func(l *content.Look) { l.Closed = true },
		"of no name":  func(l *content.Look) { l.Ending = "" },
	} {
		is, err := content.Inspect(t.Context(), bytes.NewReader(sent), int64(len(sent)), "a.docx")
		if err != nil {
			t.Fatal(err)
		}
		change(&is)
		if p, err := m.Make(t.Context(), somebody, bytes.NewReader(sent), int64(len(sent)), is); err != nil || p.Pictured() || p.Why == "" {
			t.Errorf("%s: %q, %v", name, p.Why, err)
		}
	}
}

// A document that never ends is ended, and so is what it started.
// processes are those of a command line.
// shell has bash say something where programs are run.
// listen counts who comes, and gives the port.
// What is in the box reaches nothing of ours; what is not in one does, so that this test can fail.
// fetching is an OpenDocument with a picture that is elsewhere.
// A document that fetches a picture from elsewhere is shown without it, and nobody is asked. Out of the
// box somebody is, so that this test can fail.
// Without a box, what strangers sent is opened by no program, unless somebody says so.
// What cannot be read is an error, and no preview of half of it.
func TestTheDiskFails(t *testing.T) {
	m := maker(t)
	gone := errors.New("the disk is gone")
	for _, name := range []string{made + "a.pdf", made + "a.docx", "testdata/film.mp4"} {
		sent := read(t, name)
		is, err := content.Inspect(t.Context(), bytes.NewReader(sent), int64(len(sent)), name)
		if err != nil {
			t.Fatal(err)
		}
		if p, err := m.Make(t.Context(), somebody, failing{gone}, int64(len(sent)), is); !errors.Is(err, gone) || p.Pictured() {
			t.Errorf("%s: %v", name, err)
		}
	}
}

type failing struct{ err error }

func (f failing) ReadAt([]byte, int64) (int, error) { return 0, f.err }

// What a process that was killed left is removed, and nothing else.
func TestSwept(t *testing.T) {
	folder := t.TempDir()
	for _, name := range []string{prefix + "old", prefix + "new", "other"} {
		if err := os.MkdirAll(filepath.Join(folder, name, home), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	long := time.Now().Add(-2 * time.Hour)
	for _, name := range []string{prefix + "old", "other"} {
		if err := os.Chtimes(filepath.Join(folder, name), long, long); err != nil {
			t.Fatal(err)
		}
	}
	New(t.Context(), Options{Folder: folder})
	left, _ := os.ReadDir(folder)
	if len(left) != 2 || left[0].Name() != "other" || left[1].Name() != prefix+"new" {
		t.Errorf("%v are left", left)
	}
}

// A link that a program leaves in place of a picture is not followed.
func TestALinkIsNoPicture(t *testing.T) {
	w := &work{t.TempDir()}
	if err := os.Symlink("/etc/hostname", filepath.Join(w.folder, "page.png")); err != nil {
		t.Fatal(err)
	}
	if f, err := w.open("page.png"); err == nil {
		f.Close()
		t.Error("it is followed")
	}
}
