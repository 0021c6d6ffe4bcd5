package attach

import (
	"archive/zip"
	"bytes"
	"context"
	_ "embed"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"preau/core/fail"
	"preau/core/i18n"
	"preau/core/web"
)

// part is a member of an archive.
type part struct {
	name, text string
	stored     bool
}

func archive(t testing.TB, parts ...part) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, p := range parts {
		head := &zip.FileHeader{Name: p.name, Method: zip.Deflate}
		if p.stored {
			head.Method = zip.Store
		}
		f, err := w.CreateHeader(head)
		if err == nil {
			_, err = f.Write([]byte(p.text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// ooxml is an Office Open XML document whose main part is of a type.
func ooxml(t testing.TB, of string, more ...part) []byte {
	t.Helper()
	return archive(t, append([]part{
		{name: "[Content_Types].xml", text: `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/main.xml" ContentType="` + of + `"/></Types>`},
		{name: "_rels/.rels", text: "<Relationships/>"},
		{name: "main.xml", text: "<document/>"},
	}, more...)...)
}

// odf is an OpenDocument of a type.
func odf(t testing.TB, of string, more ...part) []byte {
	t.Helper()
	return archive(t, append([]part{
		{name: "mimetype", text: of, stored: true}, {name: "content.xml", text: "<document/>"}, {name: "META-INF/manifest.xml", text: "<manifest/>"},
	}, more...)...)
}

const (
	wordMain  = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
	macroMain = "application/vnd.ms-word.document.macroEnabled.main+xml"
	openText  = "application/vnd.oasis.opendocument.text"
)

func pdf() []byte { return []byte("%PDF-1.7\n1 0 obj\n<< >>\nendobj\ntrailer\n<< >>\n%%EOF\n") }

// recorded is what a Chromium recorded.
//
//go:embed testdata/chromium.webm
var recorded []byte

// webm is what was recorded, with another codec.
func webm(codec string) []byte { return bytes.Replace(recorded, []byte("A_OPUS"), []byte(codec), 1) }

// boxed is a box of an MP4.
func boxed(kind string, content ...[]byte) []byte {
	all := slices.Concat(content...)
	return slices.Concat(binary.BigEndian.AppendUint32(nil, uint32(8+len(all))), []byte(kind), all)
}

func m4a(handlers ...string) []byte {
	var tracks [][]byte
	for _, h := range handlers {
		tracks = append(tracks, boxed("trak", boxed("mdia", boxed("hdlr", make([]byte, 8), []byte(h), make([]byte, 13)))))
	}
	return slices.Concat(boxed("ftyp", []byte("mp42\x00\x00\x00\x00mp42isom")), boxed("mdat", []byte("sound")), boxed("moov", tracks...))
}

func ogg(codecs ...string) (all []byte) {
	for _, codec := range codecs {
		all = slices.Concat(all, []byte("OggS\x00\x02"), make([]byte, 20), []byte{1, 19}, []byte(codec), make([]byte, 300))
	}
	return all
}

// mp3 is frames without a sound.
func mp3() []byte { return append([]byte("\xff\xfb\x90\x00"), make([]byte, 500)...) }

// filmed is the tracks of a WebM that are of a film.
const filmed = "\x16\x54\xae\x6b\x8d\xae\x8b\x83\x81\x01\x86\x40\x05V_VP8"

// late is what was recorded, and, long after its first bytes, other tracks.
func late() []byte {
	return slices.Concat(recorded, []byte("\xec\x10\x03\x00\x00"), make([]byte, 0x30000), []byte(filmed))
}

// relates is a member that relates a document to something.
func relates(of, to, mode string) part {
	return part{name: "word/_rels/settings.xml.rels", text: `<?xml version="1.0" encoding="UTF-8"?><Relationships><Relationship Id="a" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/` + of + `" Target="` + to + `"` + mode + `/></Relationships>`}
}

const elsewhere = ` TargetMode="&#69;xternal"`

// draws is a part of an OpenDocument with an element.
func draws(element string) part {
	return part{name: "styles.xml", text: "<styles>" + element + "</styles>"}
}

func wav() []byte { return append([]byte("RIFF\x24\x00\x00\x00WAVEfmt "), make([]byte, 28)...) }

func accepted(t testing.TB) map[string]struct {
	sent []byte
	name string
	kind Kind
} {
	return map[string]struct {
		sent []byte
		name string
		kind Kind
	}{
		"a PDF":                  {pdf(), "menu.pdf", PDF},
		"a PDF called otherwise": {pdf(), "menu.html", PDF},
		"a text":                 {[]byte("Chers parents,\nà demain.\n"), "mot.txt", Text},
		"a text of Windows":      {[]byte("Chers parents, \xe0 demain.\r\n"), "mot.txt", Text},
		"a table":                {[]byte("nom;prix\nécole;12\n"), "prix.CSV", CSV},
		"a text document":        {odf(t, openText), "mot.odt", ODT},
		"a spreadsheet":          {odf(t, "application/vnd.oasis.opendocument.spreadsheet"), "x.ods", ODS},
		"slides":                 {odf(t, "application/vnd.oasis.opendocument.presentation"), "x.odp", ODP},
		"of Word":                {ooxml(t, wordMain), "x.docx", DOCX},
		"of Excel":               {ooxml(t, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"), "x.xlsx", XLSX},
		"of PowerPoint":          {ooxml(t, "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"), "x.pptx", PPTX},
		"a voice, WebM":          {recorded, "audio.webm", WebM},
		"a voice, MP4":           {m4a("soun"), "audio.m4a", M4A},
		"a voice, Ogg":           {ogg("OpusHead"), "audio.ogg", Ogg},
		"a voice, MP3":           {mp3(), "audio.mp3", MP3},
		"a voice, WAV":           {wav(), "audio.wav", WAV},
		"two voices, Ogg":        {ogg("OpusHead", "OpusHead"), "audio.ogg", Ogg},
		"a WebM cut":             {recorded[:len(recorded)-300], "audio.webm", WebM},
		"with a link":            {ooxml(t, wordMain, relates("hyperlink", "https://example.org/", elsewhere)), "x.docx", DOCX},
		"with a chart":           {ooxml(t, wordMain, relates("package", "../embeddings/a.xlsx", ""), part{name: "word/embeddings/a.xlsx", text: "PK"}), "x.docx", DOCX},
		"of a template on disk":  {ooxml(t, wordMain, relates("attachedTemplate", `file:///C:\Users\a\Mod%20.dotm`, elsewhere)), "x.docx", DOCX},
		"of a template of ODF":   {odf(t, openText, draws(`<meta:template xlink:href="/C:/Users/a/b.ott"/><draw:object xlink:href="./Object%201"/>`)), "x.odt", ODT},
		"with a manifest of old": {odf(t, openText, part{name: "Object 1/meta.xml", text: `<!DOCTYPE a PUBLIC "-//a" "a.dtd"><a/>`}), "x.odt", ODT},
	}
}

func TestAcceptedByContent(t *testing.T) {
	for name, c := range accepted(t) {
		t.Run(name, func(t *testing.T) {
			kind, err := inspect(t.Context(), bytes.NewReader(c.sent), int64(len(c.sent)), c.name)
			if err != nil || kind != c.kind {
				t.Errorf("%q, %v", kind, err)
			}
		})
	}
}

// bombs are small archives that fill a disk.
func bombs(t testing.TB) map[string][]byte {
	zeros := strings.Repeat("\x00", 40<<20)
	many := make([]part, maxMembers+1)
	for i := range many {
		many[i] = part{name: fmt.Sprintf("word/%d.xml", i)}
	}
	return map[string][]byte{
		"one of 40 MB of zeros":    ooxml(t, wordMain, part{name: "word/a.xml", text: zeros}),
		"four of 40 MB of zeros":   odf(t, openText, part{name: "a", text: zeros}, part{name: "b", text: zeros}, part{name: "c", text: zeros}, part{name: "d", text: zeros}),
		"thousands of members":     ooxml(t, wordMain, many...),
		"a huge list of its types": archive(t, part{name: "[Content_Types].xml", text: strings.Repeat("<a/>", 500<<10)}),
	}
}

func TestRefusedByContent(t *testing.T) {
	words, err := i18n.Load(Words, web.Words)
	if err != nil {
		t.Fatal(err)
	}
	whole := ooxml(t, wordMain)
	commented := slices.Clone(whole)
	commented[len(commented)-2] = 4
	lying := slices.Clone(odf(t, openText))
	lying[len(lying)/3]++
	type refused struct {
		sent []byte
		key  string
	}
	cases := map[string]refused{
		"a page called x.pdf":             {[]byte("<!DOCTYPE html><script>alert(1)</script>"), "attach.unknown"},
		"a page after blanks":             {[]byte("\n\n   <html><body>"), "attach.unknown"},
		"an SVG":                          {[]byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`), "attach.unknown"},
		"XML":                             {[]byte(`<?xml version="1.0"?><a/>`), "attach.unknown"},
		"a program of Windows":            {append([]byte("MZ\x90\x00"), make([]byte, 200)...), "attach.unknown"},
		"a program of Unix":               {append([]byte("\x7fELF\x02\x01\x01"), make([]byte, 200)...), "attach.unknown"},
		"a script":                        {[]byte("#!/bin/sh\nrm -rf /\n"), "attach.unknown"},
		"a text with zeros":               {[]byte("Bonjour\x00"), "attach.unknown"},
		"a text with escapes":             {[]byte("Bonjour \x1b[31m"), "attach.unknown"},
		"bytes that are no letters":       {[]byte("Bonjour \x81\x8d tout le monde"), "attach.unknown"},
		"a photo":                         {[]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"), "attach.is-photo"},
		"a JPEG":                          {append([]byte("\xff\xd8\xff\xe0\x00\x10JFIF\x00"), make([]byte, 50)...), "attach.is-photo"},
		"an old document":                 {append([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), make([]byte, 600)...), "attach.old-office"},
		"a PDF cut":                       {[]byte("%PDF-1.7\n1 0 obj"), "attach.damaged"},
		"a PDF that does not begin":       {append([]byte("<html>"), pdf()...), "attach.unknown"},
		"a PDF that is an archive":        {append(pdf(), whole...), "attach.unknown"},
		"a PDF, an archive, and a PDF":    {slices.Concat(pdf(), whole, []byte("%%EOF")), "attach.unknown"},
		"an archive":                      {archive(t, part{name: "a.txt", text: "a"}), "attach.unknown"},
		"an empty archive":                {archive(t), "attach.unknown"},
		"a program in Java":               {archive(t, part{name: "META-INF/MANIFEST.MF"}, part{name: "A.class"}), "attach.macros"},
		"an archive that a page follows":  {slices.Concat(whole, []byte("<html>")), "attach.unknown"},
		"an archive with a comment":       {append(commented, "page"...), "attach.unknown"},
		"an archive cut":                  {whole[:len(whole)-30], "attach.damaged"},
		"an archive with a wrong byte":    {lying, "attach.damaged"},
		"a docm":                          {ooxml(t, macroMain), "attach.macros"},
		"a docm that says docx":           {ooxml(t, wordMain, part{name: "word/vbaProject.bin"}), "attach.macros"},
		"a docx with a control":           {ooxml(t, wordMain, part{name: "word/activeX/activeX1.bin"}), "attach.macros"},
		"an OpenDocument with macros":     {odf(t, openText, part{name: "Basic/Standard/Module1.xml"}), "attach.macros"},
		"an OpenDocument with a script":   {odf(t, openText, part{name: "Scripts/python/a.py"}), "attach.macros"},
		"an OpenDocument of another kind": {odf(t, "application/vnd.oasis.opendocument.database"), "attach.unknown"},
		"an ePub":                         {archive(t, part{name: "mimetype", text: "application/epub+zip", stored: true}), "attach.unknown"},
		"a member that climbs":            {ooxml(t, wordMain, part{name: "../../a.xml"}), "attach.unknown"},
		"a member at the root":            {ooxml(t, wordMain, part{name: "/etc/passwd"}), "attach.unknown"},
		"a member of Windows":             {ooxml(t, wordMain, part{name: `..\a.xml`}), "attach.unknown"},
		"a film, WebM":                    {webm("V_VP8 "), "attach.unknown"},
		"a WebM without its tracks":       {recorded[:0xb0], "attach.damaged"},
		"a WebM of something else":        {webm("S_TEXT"), "attach.unknown"},
		"Matroska":                        {bytes.Replace(recorded, []byte("webm"), []byte("matr"), 1), "attach.unknown"},
		"a film, MP4":                     {m4a("soun", "vide"), "attach.unknown"},
		"an MP4 of nothing":               {m4a(), "attach.unknown"},
		"an MP4 cut":                      {m4a("soun")[:40], "attach.damaged"},
		"a film, Ogg":                     {ogg("\x80theora"), "attach.unknown"},
		"an MP3 that is an archive":       {append(mp3(), whole...), "attach.unknown"},
		"a WAV that is an archive":        {append(wav(), whole...), "attach.unknown"},
		"an Ogg that is an archive":       {append(ogg("OpusHead"), whole...), "attach.unknown"},
		"an MP4 that is an archive":       {slices.Concat(m4a("soun"), boxed("free", whole)), "attach.unknown"},
		"a film after a voice, WebM":      {late(), "attach.unknown"},
		"a film after a voice, MP4":       {append(m4a("soun"), m4a("vide")...), "attach.unknown"},
		"a film after a voice, Ogg":       {ogg("OpusHead", "\x80theora"), "attach.unknown"},
		"another film after a voice, Ogg": {ogg("OpusHead", "BBCD\x00"), "attach.unknown"},
		"a WebM with other bytes":         {append(slices.Clone(recorded[:0x100]), make([]byte, 100)...), "attach.damaged"},
		"a template elsewhere":            {ooxml(t, wordMain, relates("attachedTemplate", "https://example.org/a.dotm", elsewhere)), "attach.objects"},
		"a template of a network":         {ooxml(t, wordMain, relates("attachedTemplate", `file:///\\example.org\a.dotm`, elsewhere)), "attach.objects"},
		"a template of another network":   {ooxml(t, wordMain, relates("attachedTemplate", `file:////example.org/a.dotm`, elsewhere)), "attach.objects"},
		"a template of a third":           {ooxml(t, wordMain, relates("attachedTemplate", `%5C%5Cexample.org\a.dotm`, elsewhere)), "attach.objects"},
		"a frame elsewhere":               {ooxml(t, wordMain, relates("frame", "https://example.org/", elsewhere)), "attach.objects"},
		"an object elsewhere":             {ooxml(t, wordMain, relates("oleObject", "https://example.org/", elsewhere)), "attach.objects"},
		"an object within":                {ooxml(t, wordMain, relates("oleObject", "media/a.png", "")), "attach.objects"},
		"a page within":                   {ooxml(t, wordMain, relates("aFChunk", "a.rtf", "")), "attach.objects"},
		"an object in its folder":         {ooxml(t, wordMain, part{name: "word/embeddings/oleObject1.bin", text: "a"}), "attach.objects"},
		"an object in another":            {ooxml(t, wordMain, part{name: "word/media/a.png", text: compound + "a"}), "attach.objects"},
		"relations with entities":         {ooxml(t, wordMain, part{name: "word/_rels/a.rels", text: `<!DOCTYPE a [<!ENTITY b "c">]><a/>`}), "attach.unknown"},
		"relations in other letters":      {ooxml(t, wordMain, part{name: "word/_rels/a.rels", text: "\xff\xfe<\x00a\x00/\x00>\x00"}), "attach.unknown"},
		"relations without an end":        {ooxml(t, wordMain, part{name: "word/_rels/a.rels", text: strings.Repeat("<a/>", maxTold/4+1)}), "attach.too-much"},
		"an OpenDocument with an object":  {odf(t, openText, part{name: "Object 1", text: compound}), "attach.objects"},
		"one that says so":                {odf(t, openText, draws(`<manifest:file-entry manifest:media-type="application/vnd.sun.star.oleobject"/>`)), "attach.objects"},
		"one with an object elsewhere":    {odf(t, openText, draws(`<d:object x:href="https://example.org/a.odt"/>`)), "attach.objects"},
		"one with a frame":                {odf(t, openText, draws(`<draw:floating-frame xlink:href="//example.org"/>`)), "attach.objects"},
		"one with a section elsewhere":    {odf(t, openText, draws(`<text:section-source xlink:href="../a.odt"/>`)), "attach.objects"},
		"one of a template elsewhere":     {odf(t, openText, draws(`<meta:template xlink:href="https://example.org/a.ott"/>`)), "attach.objects"},
		"one with two references":         {odf(t, openText, draws(`<d:object y:href="./a" x:href="https://example.org/a.odt"/>`)), "attach.objects"},
		"a relation with two types":       {ooxml(t, wordMain, relates("frame", "https://example.org/", ` x:Type="hyperlink" x:TargetMode="Internal"`+elsewhere)), "attach.objects"},
		"one with DDE":                    {odf(t, openText, draws(`<office:dde-source office:dde-application="soffice"/>`)), "attach.objects"},
		"one that calls a macro":          {odf(t, openText, draws(`<script:event-listener xlink:href="vnd.sun.star.script:a.py$b?language=Python"/>`)), "attach.macros"},
		"a text of 2 MB":                  {bytes.Repeat([]byte("Bonjour "), 256<<10), "attach.too-large"},
		"two bytes":                       {[]byte("\x00\x01"), "attach.unknown"},
	}
	for name, sent := range bombs(t) {
		if int64(len(sent)) > MaxFile {
			t.Errorf("%s has %d bytes", name, len(sent))
		}
		cases[name] = refused{sent, "attach.too-much"}
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			kind, err := inspect(t.Context(), bytes.NewReader(c.sent), int64(len(c.sent)), "x.pdf")
			var f *fail.Error
			if !errors.As(err, &f) || f.Kind != fail.Invalid || f.Key != c.key {
				t.Fatalf("%q, %v", kind, err)
			}
			if text := words.Say(i18n.French, f.Key, f.Args...); text == "" || strings.Contains(text, "%") {
				t.Errorf("it says %q", text)
			}
		})
	}
}

// What cannot be read is no fault of whoever sent it.
func TestTheDiskFails(t *testing.T) {
	gone := errors.New("the disk is gone")
	for name, c := range accepted(t) {
		_, err := inspect(t.Context(), failing{bytes.NewReader(c.sent), gone}, int64(len(c.sent)), c.name)
		if !errors.Is(err, gone) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// failing gives nothing.
type failing struct {
	*bytes.Reader
	err error
}

func (f failing) ReadAt([]byte, int64) (int, error) { return 0, f.err }

func TestNames(t *testing.T) {
	for sent, want := range map[string]string{
		"menu.pdf":               "menu.pdf",
		"Menu.PDF":               "Menu.pdf",
		"menu.html":              "menu.html.pdf",
		"../../etc/passwd":       "passwd.pdf",
		`C:\Users\moi\menu.pdf`:  "menu.pdf",
		"menu\u202efdp.exe":      "menufdp.exe.pdf",
		"me\x00nu\r\nX-A: b.pdf": "me nu X-A b.pdf",
		"  .htaccess":            "htaccess.pdf",
		"":                       "document.pdf",
		"/":                      "document.pdf",
		"...":                    "document.pdf",
		".pdf":                   "document.pdf",
		"E\u0301cole \u200b«\u00a0a\u00a0».pdf": "École « a ».pdf",
		"a<b>\"c|d?.pdf":                  "a b c d.pdf",
		"\xff\xfe.pdf":                    "document.pdf",
		strings.Repeat("é", 300) + ".pdf": strings.Repeat("é", maxName) + ".pdf",
	} {
		if got := named(sent, PDF); got != want {
			t.Errorf("%q is called %q, not %q", sent, got, want)
		}
	}
}

func TestDetail(t *testing.T) {
	words, err := i18n.Load(Words, web.Words)
	if err != nil {
		t.Fatal(err)
	}
	say := i18n.Printer{Catalogue: words, Lang: i18n.French}
	for size, want := range map[int64]string{1: "PDF, 1 ko", 119_800: "PDF, 120 ko", 2_400_000: "PDF, 2 Mo"} {
		if got := strings.ReplaceAll((File{Kind: PDF, Size: size}).Detail(say), "\u00a0", " "); got != want {
			t.Errorf("%d bytes are %q, not %q", size, got, want)
		}
	}
}

func FuzzInspect(f *testing.F) {
	for _, c := range accepted(f) {
		f.Add(c.sent)
	}
	f.Fuzz(func(t *testing.T, sent []byte) {
		kind, err := inspect(t.Context(), bytes.NewReader(sent), int64(len(sent)), "x")
		if err == nil && sorts[kind].Type == "" || err != nil && !fail.Is(err, fail.Invalid) {
			t.Errorf("%q, %v", kind, err)
		}
	})
}

// watched says of each reading of a file how many bytes it is.
type watched struct {
	*bytes.Reader
	read func(n int)
}

func (w watched) ReadAt(b []byte, at int64) (int, error) {
	w.read(len(b))
	return w.Reader.ReadAt(b, at)
}

// A bomb that says its size is refused before anything of it is unpacked.
func TestABombCostsLittle(t *testing.T) {
	sent, read := ooxml(t, wordMain, part{name: "word/a.xml", text: strings.Repeat("\x00", 120<<20)}), 0
	_, err := inspect(t.Context(), watched{bytes.NewReader(sent), func(n int) { read += n }}, int64(len(sent)), "x.docx")
	if !fail.Is(err, fail.Invalid) || read > 10<<10 {
		t.Errorf("%v, after %d bytes of %d", err, read, len(sent))
	}
}

// Who leaves is not waited for: a file is not looked at further, and it is no fault of theirs.
func TestNobodyWaits(t *testing.T) {
	random := make([]byte, 1<<20)
	for i := range random {
		random[i] = byte(rand.N(256))
	}
	sent := ooxml(t, wordMain, part{name: "word/a.bmp", text: string(random)})
	for after := range 40 {
		ctx, leave := context.WithCancel(t.Context())
		left := after
		_, err := inspect(ctx, watched{bytes.NewReader(sent), func(int) {
			if left--; left < 0 {
				leave()
			}
		}}, int64(len(sent)), "x.docx")
		if leave(); !errors.Is(err, context.Canceled) {
			t.Errorf("left after %d readings: %v", after, err)
		}
	}
}

// Few files are looked at at once.
func TestLooksAreFew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		if err := looks.Acquire(t.Context(), 2); err != nil {
			t.Fatal(err)
		}
		defer looks.Release(2)
		ctx, leave := context.WithTimeout(t.Context(), time.Minute)
		defer leave()
		if _, err := inspect(ctx, bytes.NewReader(pdf()), int64(len(pdf())), "x.pdf"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a third is looked at: %v", err)
		}
	})
}
