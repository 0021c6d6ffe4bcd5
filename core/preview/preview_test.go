package preview

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"net"
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
func TestWithoutEnd(t *testing.T) {
	m := maker(t)
	for name, may := range map[string]limits{
		"by the clock":     {2 << 30, 1 << 20, 600, time.Second},
		"by the processor": {2 << 30, 1 << 20, 1, 5 * time.Minute},
	} {
		m.largest = map[string]limits{"": may}
		start := time.Now()
		p, err := of(t, m, laughing(), "a.pdf")
		if took := time.Since(start); err != nil || p.Pictured() || p.Why == "" || took > time.Minute {
			t.Errorf("%s: %q, %v, after %s", name, p.Why, err, took)
		}
	}
	m.largest = limitsOf
	for name, says := range map[string]string{
		"memory":          "a=x; while :; do a=$a$a$a$a; done",
		"a file":          "while :; do echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa; done > /work/big",
		"a child":         "sleep 600 & sleep 600",
		"one that leaves": "setsid sleep 600 & sleep 600",
	} {
		m.largest = map[string]limits{"": {512 << 20, 1 << 20, 10, 1500 * time.Millisecond}}
		if _, err := m.shell(t, says); err == nil {
			t.Errorf("%s: it ends by itself", name)
		}
	}
	if left := processes(t, "sleep\x00600"); len(left) > 0 {
		t.Errorf("%v are left", left)
	}
	left, leave := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer leave()
	sent := laughing()
	if p, err := m.Make(left, somebody, bytes.NewReader(sent), int64(len(sent)), content.Look{Type: "application/pdf", Family: content.PDF}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("of who left: %+v, %v", p, err)
	}
}

// processes are those of a command line.
func processes(t *testing.T, line string) (found []string) {
	t.Helper()
	all, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range all {
		if text, err := os.ReadFile(one); err == nil && strings.HasPrefix(string(text), line) {
			found = append(found, one)
		}
	}
	return found
}

// shell has bash say something where programs are run.
func (m *Maker) shell(t *testing.T, says string) (string, error) {
	t.Helper()
	w, err := m.newWork()
	if err != nil {
		t.Fatal(err)
	}
	defer w.remove()
	m.paths["bash"] = "/usr/bin/bash"
	said, err := m.run(t.Context(), w, "bash", func(string) []string { return []string{"-c", says} })
	return string(said), err
}

// listen counts who comes, and gives the port.
func listen(t *testing.T) (port int, came *atomic.Int64) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	came = &atomic.Int64{}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			came.Add(1)
			c.Close()
		}
	}()
	return l.Addr().(*net.TCPAddr).Port, came
}

// What is in the box reaches nothing of ours; what is not in one does, so that this test can fail.
func TestTheBox(t *testing.T) {
	m := maker(t)
	port, came := listen(t)
	t.Setenv("PREAU_SECRET", "a secret of ours")
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte("a secret of ours"), 0o644); err != nil {
		t.Fatal(err)
	}
	unboxed := New(t.Context(), Options{Studio: photo.NewStudio(1 << 30), Folder: t.TempDir(), Unboxed: true})
	unboxed.box = nil
	for name, c := range map[string]struct{ says, gets string }{
		"the network":    {fmt.Sprintf("echo a >/dev/tcp/127.0.0.1/%d && echo reached", port), "reached"},
		"files":          {"cat " + secret, "a secret of ours"},
		"secrets":        {"test -r /etc/passwd && echo read", "read"},
		"our processes":  {fmt.Sprintf("test -d /proc/%d && echo seen", os.Getpid()), "seen"},
		"a program file": {"echo a > /usr/local/preau-test && rm /usr/local/preau-test && echo written", "written"},
	} {
		if said, err := m.shell(t, c.says); strings.Contains(said, c.gets) {
			t.Errorf("%s is reached from the box: %q, %v", name, said, err)
		}
		if name == "a program file" && os.Getuid() != 0 {
			continue
		}
		if said, err := unboxed.shell(t, c.says); !strings.Contains(said, c.gets) {
			t.Errorf("%s is reached from nowhere: %q, %v", name, said, err)
		}
	}
	for _, either := range []*Maker{m, unboxed} {
		if said, err := either.shell(t, "env"); err != nil || strings.Contains(said, "PREAU_SECRET") || !strings.Contains(said, "HOME=") {
			t.Errorf("its variables are %q, %v", said, err)
		}
	}
	if came.Load() != 1 {
		t.Errorf("%d came", came.Load())
	}
}

// fetching is an OpenDocument with a picture that is elsewhere.
func fetching(t *testing.T, from string) []byte {
	t.Helper()
	old := read(t, made+"a.odt")
	archive, err := zip.NewReader(bytes.NewReader(old), int64(len(old)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range archive.File {
		if f.Name != "content.xml" {
			if err := w.Copy(f); err != nil {
				t.Fatal(err)
			}
			continue
		}
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		to, err := w.Create(f.Name)
		if err != nil {
			t.Fatal(err)
		}
		picture := `<text:p><draw:frame svg:width="5cm" svg:height="5cm" text:anchor-type="as-char"><draw:image xlink:href="` + from + `" xlink:type="simple" xlink:show="embed" xlink:actuate="onLoad"/></draw:frame></text:p></office:text>`
		if _, err := io.WriteString(to, strings.Replace(string(text), "</office:text>", picture, 1)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A document that fetches a picture from elsewhere is shown without it, and nobody is asked. Out of the
// box somebody is, so that this test can fail.
func TestADocumentThatFetches(t *testing.T) {
	m := maker(t)
	port, came := listen(t)
	sent := fetching(t, fmt.Sprintf("http://127.0.0.1:%d/a.png", port))
	if p, err := of(t, m, sent, "a.odt"); err != nil || !p.Pictured() || !strings.Contains(p.Words, "Bonjour") {
		t.Errorf("%q, %v", p.Why, err)
	}
	if came.Load() != 0 {
		t.Errorf("%d came", came.Load())
	}
	if os.Getenv("PREAU_TEST_ALL") == "" {
		return
	}
	unboxed := New(t.Context(), Options{Studio: photo.NewStudio(1 << 30), Folder: t.TempDir(), Unboxed: true})
	unboxed.box = nil
	if p, err := of(t, unboxed, sent, "a.odt"); err != nil || !p.Pictured() || came.Load() == 0 {
		t.Errorf("out of the box: %q, %v, %d came", p.Why, err, came.Load())
	}
}

// Without a box, what strangers sent is opened by no program, unless somebody says so.
func TestWithoutABox(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	m := New(t.Context(), Options{Studio: photo.NewStudio(1 << 30), Folder: t.TempDir()})
	for _, f := range []content.Family{content.PDF, content.Document, content.Film} {
		if m.Makes(f) {
			t.Errorf("%s is opened", f)
		}
	}
	if told := fmt.Sprint(m.Told()); told != "[boxed false pdf false office false film false]" {
		t.Errorf("the log says %q", told)
	}
	m.paths = map[string]string{pdfinfo: "/usr/bin/pdfinfo", pdftoppm: "/usr/bin/pdftoppm", pdftotext: "/usr/bin/pdftotext", soffice: "/usr/bin/soffice", ffmpeg: "/usr/bin/ffmpeg"}
	for _, name := range []string{made + "a.pdf", made + "a.docx", "testdata/film.mp4"} {
		if p, err := of(t, m, read(t, name), name); err != nil || p.Pictured() || p.Pages > 0 || p.Why == "" {
			t.Errorf("%s: %q, %v", name, p.Why, err)
		}
	}
	if p, err := of(t, m, read(t, made+"a.docx"), "a.docx"); err != nil || !strings.Contains(p.Words, "Bonjour la classe") {
		t.Errorf("its words are %q, %v", p.Words, err)
	}
	if p, err := of(t, m, pictured(t), "a.png"); err != nil || !p.Pictured() {
		t.Errorf("a picture: %q, %v", p.Why, err)
	}
}

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
