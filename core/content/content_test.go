package content

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"

	"preau/core/fail"
	"preau/core/i18n"
	"preau/core/web"
)

// part is a member of an archive.
type part struct {
	name, text string
	stored     bool
	mode       fs.FileMode
	flags      uint16
}

func zipped(t testing.TB, parts ...part) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, p := range parts {
		head := &zip.FileHeader{Name: p.name, Method: zip.Deflate, Flags: p.flags}
		if p.stored {
			head.Method = zip.Store
		}
		if p.mode != 0 {
			head.SetMode(p.mode)
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

// locked is an archive whose members say that they are encrypted.
func locked(t testing.TB) []byte {
	b := zipped(t, part{name: "a.txt", text: "secret"})
	b[6] |= 1
	b[bytes.Index(b, []byte("PK\x01\x02"))+8] |= 1
	return b
}

func ooxml(t testing.TB, of string, more ...part) []byte {
	return zipped(t, append([]part{{name: "[Content_Types].xml", text: `<Types><Override PartName="/main.xml" ContentType="` + of + `"/></Types>`}}, more...)...)
}

func odf(t testing.TB, manifest string, more ...part) []byte {
	return odfOf(t, "text", manifest, more...)
}

func odfOf(t testing.TB, of, manifest string, more ...part) []byte {
	return zipped(t, append([]part{{name: "mimetype", text: "application/vnd.oasis.opendocument." + of, stored: true}, {name: "META-INF/manifest.xml", text: manifest}}, more...)...)
}

const word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"

func tarOf(t testing.TB, headers ...tar.Header) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, h := range headers {
		if err := w.WriteHeader(&h); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func gzipOf(t testing.TB, content []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := w.Write(content)
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func picture(t testing.TB, as string) []byte {
	t.Helper()
	m, b := image.NewRGBA(image.Rect(0, 0, 20, 10)), &bytes.Buffer{}
	var err error
	switch as {
	case "png":
		err = png.Encode(b, m)
	case "gif":
		err = gif.Encode(b, m, nil)
	default:
		err = jpeg.Encode(b, m, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func boxed(kind string, content ...[]byte) []byte {
	all := slices.Concat(content...)
	return slices.Concat(binary.BigEndian.AppendUint32(nil, uint32(8+len(all))), []byte(kind), all)
}

func mp4(handlers ...string) []byte {
	var tracks [][]byte
	for _, h := range handlers {
		tracks = append(tracks, boxed("trak", boxed("mdia", boxed("hdlr", make([]byte, 8), []byte(h), make([]byte, 13)))))
	}
	return slices.Concat(boxed("ftyp", []byte("isom\x00\x00\x00\x00isommp42")), boxed("mdat", make([]byte, 200<<10)), boxed("moov", tracks...))
}

// webm is the beginning of one with a track of a codec.
func webm(codec string) []byte {
	return []byte("\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\xf7\x81\x01\x42\xf2\x81\x04\x42\xf3\x81\x08\x42\x82\x84webm\x42\x87\x81\x04\x42\x85\x81\x02\x18\x53\x80\x67\x01\xff\xff\xff\xff\xff\xff\xff\x16\x54\xae\x6b\x90\xae\x8e\x83\x81\x02\x86\x86" + codec)
}

func made(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

type known struct {
	sent []byte
	name string
	want Look
}

const (
	odtType = "application/vnd.oasis.opendocument.text"
	docm    = "application/vnd.ms-word.document.macroEnabled.main+xml"
)

func kept(t testing.TB) map[string]known {
	pdf := []byte("%PDF-1.7\n1 0 obj\n<< >>\nendobj\ntrailer\n<< >>\n%%EOF\n")
	return map[string]known{
		"nothing":                   {nil, "a.docx", Look{Type: "text/plain", Family: Text, Shown: Plain}},
		"a PDF called otherwise":    {pdf, "menu.html", Look{"application/pdf", ".pdf", PDF, ByViewer, false, false}},
		"a PDF that is encrypted":   {bytes.Replace(pdf, []byte("trailer\n<< "), []byte("trailer\n<< /Encrypt 2 0 R "), 1), "a.pdf", Look{"application/pdf", ".pdf", PDF, ByViewer, false, true}},
		"a PDF with its document":   {made(t, "a.pdf"), "a.pdf", Look{"application/pdf", ".pdf", PDF, ByViewer, false, false}},
		"a JPEG":                    {picture(t, "jpeg"), "a.txt", Look{"image/jpeg", ".jpg", Picture, Remade, false, false}},
		"a PNG":                     {picture(t, "png"), "a", Look{"image/png", ".png", Picture, Remade, false, false}},
		"a GIF":                     {picture(t, "gif"), "a", Look{"image/gif", ".gif", Picture, Remade, false, false}},
		"HEIC":                      {append([]byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"), make([]byte, 100)...), "a.heic", Look{"image/heic", ".heic", Picture, Never, false, false}},
		"AVIF":                      {append([]byte("\x00\x00\x00\x18ftypavif\x00\x00\x00\x00mif1avif"), make([]byte, 100)...), "a.avif", Look{"image/avif", ".avif", Picture, Never, false, false}},
		"SVG":                       {[]byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`), "a.png", Look{"image/svg+xml", ".svg", Picture, Never, false, false}},
		"a page":                    {[]byte("<!DOCTYPE html><script>alert(1)</script>"), "a.txt", Look{"text/html", ".html", Text, Never, false, false}},
		"XML":                       {[]byte(`<?xml version="1.0"?><a/>`), "a.txt", Look{"text/xml", ".xml", Text, Never, false, false}},
		"JavaScript, by its name":   {[]byte("alert(1)\n"), "a.js", Look{"text/plain", "", Text, Never, false, false}},
		"a page that hides its tag": {[]byte("Bonjour <b onclick=alert(1)>"), "a.HTM", Look{"text/plain", "", Text, Never, false, false}},
		"a program of Windows":      {append([]byte("MZ\x90\x00"), make([]byte, 200)...), "a.pdf", Look{"application/vnd.microsoft.portable-executable", ".exe", Other, Never, false, false}},
		"a program of Unix":         {append([]byte("\x7fELF\x02\x01\x01"), make([]byte, 200)...), "a", Look{"application/x-elf", "", Other, Never, false, false}},
		"bytes":                     {[]byte("\x00\x01\x02\xff"), "a.docx", Look{"application/octet-stream", "", Other, Never, false, false}},
		"a text":                    {[]byte("Chers parents,\nà demain.\n"), "mot", Look{"text/plain", ".txt", Text, Plain, false, false}},
		"a table":                   {[]byte("Chers parents, bonjour"), "a.CSV", Look{"text/csv", ".csv", Text, Plain, false, false}},
		"an OpenDocument":           {made(t, "a.odt"), "a", Look{odtType, ".odt", Document, Never, false, false}},
		"a spreadsheet":             {made(t, "b.ods"), "a", Look{"application/vnd.oasis.opendocument.spreadsheet", ".ods", Sheet, Never, false, false}},
		"slides":                    {made(t, "a.odp"), "a", Look{"application/vnd.oasis.opendocument.presentation", ".odp", Slides, Never, false, false}},
		"a drawing":                 {odfOf(t, "graphics", "<m/>"), "a", Look{"application/vnd.oasis.opendocument.graphics", ".odg", Picture, Never, false, false}},
		"of Word":                   {made(t, "a.docx"), "a.zip", Look{typeDOCX, ".docx", Document, Never, false, false}},
		"of Excel":                  {made(t, "b.xlsx"), "a", Look{typeXLSX, ".xlsx", Sheet, Never, false, false}},
		"of PowerPoint":             {made(t, "a.pptx"), "a", Look{typePPTX, ".pptx", Slides, Never, false, false}},
		"of an old Word":            {made(t, "a.doc"), "a.doc", Look{"application/msword", ".doc", Document, Never, false, false}},
		"of an old Excel":           {made(t, "b.xls"), "b.xls", Look{"application/vnd.ms-excel", ".xls", Sheet, Never, false, false}},
		"rich text":                 {made(t, "a.rtf"), "a.doc", Look{"text/rtf", ".rtf", Document, Never, false, false}},
		"of Word with macros":       {ooxml(t, docm), "a.docx", Look{"application/vnd.ms-word.document.macroEnabled.12", ".docm", Document, Never, true, false}},
		"a docm that says docx":     {ooxml(t, word, part{name: "word/vbaProject.bin"}), "a.docx", Look{typeDOCX, ".docx", Document, Never, true, false}},
		"an ODT with macros":        {odf(t, "<m/>", part{name: "Basic/Standard/Module1.xml"}), "a", Look{odtType, ".odt", Document, Never, true, false}},
		"an old one with macros":    {append(made(t, "a.doc"), wide("_VBA_PROJECT")...), "a.doc", Look{"application/msword", ".doc", Document, Never, true, false}},
		"an ODT that is encrypted":  {odf(t, "<m:encryption-data/>"), "a", Look{odtType, ".odt", Document, Never, false, true}},
		"an archive":                {zipped(t, part{name: "a/b.txt", text: "a"}), "a", Look{"application/zip", ".zip", Archive, Never, false, false}},
		"an archive of old Windows": {zipped(t, part{name: `a\b.txt`, text: "a"}), "a", Look{"application/zip", ".zip", Archive, Never, false, false}},
		"an archive with a link":    {zipped(t, part{name: "a/b", text: "c/d", mode: fs.ModeSymlink | 0o777}), "a", Look{"application/zip", ".zip", Archive, Never, false, false}},
		"an archive of nothing":     {zipped(t), "a", Look{"application/zip", ".zip", Archive, Never, false, false}},
		"one that is encrypted":     {locked(t), "a.zip", Look{"application/zip", ".zip", Archive, Never, false, true}},
		"one that is cut":           {zipped(t, part{name: "a", text: strings.Repeat("ab", 500)})[:60], "a.zip", Look{"application/zip", ".zip", Archive, Never, false, true}},
		"one of documents":          {zipped(t, part{name: "a.docx", text: string(made(t, "a.docx"))}, part{name: "b.zip", text: string(zipped(t, part{name: "c", text: "d"}))}), "a", Look{"application/zip", ".zip", Archive, Never, false, false}},
		"of GeoGebra":               {zipped(t, part{name: "geogebra.xml", text: "<a/>"}), "Cercle.ggb", Look{"application/vnd.geogebra.file", ".ggb", Other, Never, false, false}},
		"an old document, .ggb":     {made(t, "a.docx"), "a.ggb", Look{typeDOCX, ".docx", Document, Never, false, false}},
		"a tar":                     {tarOf(t, tar.Header{Name: "./", Typeflag: tar.TypeDir}, tar.Header{Name: "a/b"}, tar.Header{Name: "a/c", Linkname: "b", Typeflag: tar.TypeSymlink}), "a", Look{"application/x-tar", ".tar", Archive, Never, false, false}},
		"a tar in a gzip":           {gzipOf(t, tarOf(t, tar.Header{Name: "a/b"})), "a", Look{"application/gzip", ".gz", Archive, Never, false, false}},
		"a gzip that is cut":        {gzipOf(t, []byte(strings.Repeat("Bonjour", 100)))[:30], "a", Look{"application/gzip", ".gz", Archive, Never, false, true}},
		"a film, MP4":               {mp4("soun", "vide"), "a.m4a", Look{"video/mp4", ".mp4", Film, Seen, false, false}},
		"a voice, MP4":              {mp4("soun"), "a.mp4", Look{"audio/mp4", ".m4a", Sound, Heard, false, false}},
		"a film, WebM":              {webm("V_VP8 "), "a", Look{"video/webm", ".webm", Film, Seen, false, false}},
		"a voice, WebM":             {webm("A_OPUS"), "a", Look{"audio/webm", ".webm", Sound, Heard, false, false}},
		"a voice, WAV":              {append([]byte("RIFF\x24\x00\x00\x00WAVEfmt "), make([]byte, 28)...), "a", Look{"audio/wav", ".wav", Sound, Heard, false, false}},
	}
}

func TestKept(t *testing.T) {
	for name, c := range kept(t) {
		t.Run(name, func(t *testing.T) {
			look, err := Inspect(t.Context(), bytes.NewReader(c.sent), int64(len(c.sent)), c.name)
			if err != nil || look != c.want {
				t.Errorf("%+v, %v; not %+v", look, err, c.want)
			}
		})
	}
}

// nested is an archive in an archive, and so on.
func nested(t testing.TB, depth int, innermost []byte) []byte {
	for n := range depth {
		innermost = zipped(t, part{name: fmt.Sprintf("%d.zip", n), text: string(innermost)})
	}
	return innermost
}

// overlapping is an archive each of whose members is the same bytes: "a better zip bomb", of David
// Fifield.
func overlapping(t testing.TB) []byte {
	b := zipped(t, part{name: "a", text: strings.Repeat("\x00", 1<<20), stored: false})
	at := bytes.Index(b, []byte("PK\x01\x02"))
	one, end := b[at:len(b)-22], slices.Clone(b[len(b)-22:])
	all := slices.Clone(b[:at])
	const members = 50
	for range members {
		all = append(all, one...)
	}
	binary.LittleEndian.PutUint16(end[8:], members)
	binary.LittleEndian.PutUint16(end[10:], members)
	binary.LittleEndian.PutUint32(end[12:], uint32(members*len(one)))
	return append(all, end...)
}

// announcing is an archive of one member that announces thousands of millions (APPNOTE § 4.3.14).
func announcing(t testing.TB) []byte {
	b := zipped(t, part{name: "a", text: "a"})
	end := slices.Clone(b[len(b)-22:])
	b = b[:len(b)-22]
	end64, where := make([]byte, 56), uint64(len(b))
	copy(end64, "PK\x06\x06")
	binary.LittleEndian.PutUint64(end64[4:], 44)
	binary.LittleEndian.PutUint64(end64[24:], 1<<33)
	binary.LittleEndian.PutUint64(end64[32:], 1<<33)
	locator := make([]byte, 20)
	copy(locator, "PK\x06\x07")
	binary.LittleEndian.PutUint64(locator[8:], where)
	binary.LittleEndian.PutUint16(end[8:], 0xffff)
	binary.LittleEndian.PutUint16(end[10:], 0xffff)
	return slices.Concat(b, end64, locator, end)
}

// crowded is an archive of more members than its end says.
func crowded(t testing.TB, members int) []byte {
	b := zipped(t, part{name: "a", text: "a"})
	at := bytes.Index(b, []byte("PK\x01\x02"))
	one, end := b[at:len(b)-22], slices.Clone(b[len(b)-22:])
	all := slices.Concat(b[:at], bytes.Repeat(one, members))
	binary.LittleEndian.PutUint32(end[12:], uint32(members*len(one)))
	binary.LittleEndian.PutUint16(end[8:], uint16(members))
	binary.LittleEndian.PutUint16(end[10:], uint16(members))
	return append(all, end...)
}

func TestRefused(t *testing.T) {
	texts, err := i18n.Load(Words, web.Words)
	if err != nil {
		t.Fatal(err)
	}
	zeros := strings.Repeat("\x00", 40<<20)
	archive := zipped(t, part{name: "a.txt", text: "a"})
	link := func(to string) []byte {
		return zipped(t, part{name: "a/b", text: to, mode: fs.ModeSymlink | 0o777})
	}
	for name, c := range map[string]struct {
		sent []byte
		key  string
	}{
		"two of 40 MB of zeros":      {zipped(t, part{name: "a", text: zeros}, part{name: "b", text: zeros}), "content.bomb"},
		"a document of them":         {ooxml(t, word, part{name: "a", text: zeros}, part{name: "b", text: zeros}), "content.bomb"},
		"them in another":            {nested(t, 2, zipped(t, part{name: "a", text: zeros}, part{name: "b", text: zeros})), "content.bomb"},
		"them under another name":    {zipped(t, part{name: "a.bin", text: string(zipped(t, part{name: "a", text: zeros}, part{name: "b", text: zeros}))}), "content.bomb"},
		"six in one another":         {nested(t, 6, []byte("a")), "content.bomb"},
		"members in the same place":  {overlapping(t), "content.bomb"},
		"more than can be announced": {announcing(t), "content.bomb"},
		"more than is announced":     {crowded(t, maxMembers+1), "content.bomb"},
		"a gzip of 80 MB of zeros":   {gzipOf(t, []byte(zeros+zeros)), "content.bomb"},
		"a member that climbs":       {zipped(t, part{name: "../../a"}), "content.climbs"},
		"one that climbs later":      {zipped(t, part{name: "a/../../a"}), "content.climbs"},
		"one that climbs in Windows": {zipped(t, part{name: `a\..\..\a`}), "content.climbs"},
		"a member at the root":       {zipped(t, part{name: "/etc/passwd"}), "content.climbs"},
		"a member of a network":      {zipped(t, part{name: `\\example.org\a`}), "content.climbs"},
		"a member of a drive":        {zipped(t, part{name: "C:a"}), "content.climbs"},
		"a member that is cut":       {zipped(t, part{name: "a.txt\x00.exe"}), "content.climbs"},
		"one in an archive in it":    {nested(t, 2, zipped(t, part{name: "../a"})), "content.climbs"},
		"a document that climbs":     {ooxml(t, word, part{name: "../a.xml"}), "content.climbs"},
		"a link to the root":         {link("/etc"), "content.climbs"},
		"a link that climbs":         {link("c/../../d"), "content.climbs"},
		"a link without an end":      {link(strings.Repeat("a", maxTarget+1)), "content.climbs"},
		"a tar that climbs":          {tarOf(t, tar.Header{Name: "../a"}), "content.climbs"},
		"a tar with a link":          {tarOf(t, tar.Header{Name: "a", Linkname: "/etc", Typeflag: tar.TypeSymlink}), "content.climbs"},
		"a tar with a hard link":     {tarOf(t, tar.Header{Name: "a", Linkname: "../a", Typeflag: tar.TypeLink}), "content.climbs"},
		"such a tar in a gzip":       {gzipOf(t, tarOf(t, tar.Header{Name: "a"}, tar.Header{Name: "../a"})), "content.climbs"},
		"a JPEG that is an archive":  {append(picture(t, "jpeg"), archive...), "content.double"},
		"a GIF, an archive, a bit":   {slices.Concat(picture(t, "gif"), archive, []byte("abc")), "content.double"},
		"a PDF that is an archive":   {append([]byte("%PDF-1.7\n%%EOF\n"), archive...), "content.double"},
		"a film that is an archive":  {slices.Concat(mp4("vide"), boxed("free", archive)), "content.double"},
		"a GIF that is a page":       {[]byte("GIF89a<!-- \x00 --><SCRIPT>alert(1)</script>"), "content.double"},
		"a PDF that is a page":       {[]byte("%PDF-1.7\n<html><body>"), "content.double"},
		"a PNG that is PHP":          {append(picture(t, "png"), "<?php system('id');"...), "content.double"},
		"a GIF that is a PHAR":       {[]byte("GIF89a\x00<?= __halt_compiler(); ?>"), "content.double"},
	} {
		t.Run(name, func(t *testing.T) {
			look, err := Inspect(t.Context(), bytes.NewReader(c.sent), int64(len(c.sent)), "x.pdf")
			var f *fail.Error
			if !errors.As(err, &f) || f.Kind != fail.Invalid || f.Key != c.key {
				t.Fatalf("%+v, %v", look, err)
			}
			for _, key := range []string{f.Key, f.Key + "-tu"} {
				if text := texts.Say(i18n.French, key); text == "" || text == key || strings.Contains(text, "%") {
					t.Errorf("it says %q", text)
				}
			}
		})
	}
}

func TestWords(t *testing.T) {
	texts, err := i18n.Load(Words, web.Words)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range kept(t) {
		if text := texts.Say(i18n.French, c.want.Family.Word()); text == "" || strings.Contains(text, ".") {
			t.Errorf("%s is called %q", c.want.Family, text)
		}
	}
	if Family("of tomorrow").Word() != "content.other" {
		t.Error("a family that is not known has no word")
	}
}

// What cannot be read is no fault of whoever sent it, and nobody waits for who left.
func TestTheDiskFails(t *testing.T) {
	gone := errors.New("the disk is gone")
	left, leave := context.WithCancel(t.Context())
	leave()
	for name, c := range kept(t) {
		if len(c.sent) == 0 {
			continue
		}
		if _, err := Inspect(t.Context(), failing{gone}, int64(len(c.sent)), c.name); !errors.Is(err, gone) || fail.Is(err, fail.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := Inspect(t.Context(), bytes.NewReader(c.sent[:len(c.sent)-1]), int64(len(c.sent)), c.name); err == nil || fail.Is(err, fail.Invalid) {
			t.Errorf("%s, shorter than was said: %v", name, err)
		}
		if _, err := Inspect(left, bytes.NewReader(c.sent), int64(len(c.sent)), c.name); !errors.Is(err, context.Canceled) {
			t.Errorf("%s, of who left: %v", name, err)
		}
	}
}

type failing struct{ err error }

func (f failing) ReadAt([]byte, int64) (int, error) { return 0, f.err }

// huge is a file of 5 GB, of which only the ends are there.
type huge struct {
	head, tail []byte
	read       *int
}

const fiveGB = 5 << 30

func (h huge) ReadAt(b []byte, at int64) (int, error) {
	*h.read += len(b)
	clear(b)
	if at < int64(len(h.head)) {
		copy(b, h.head[at:])
	}
	for i := range b {
		if from := at + int64(i) - (fiveGB - int64(len(h.tail))); from >= 0 {
			b[i] = h.tail[from]
		}
	}
	return len(b), nil
}

// A large file is not read whole.
func TestFiveGigabytes(t *testing.T) {
	film := slices.Concat(boxed("ftyp", []byte("isom\x00\x00\x00\x00isommp42")), []byte("\x00\x00\x00\x01mdat"))
	moov := mp4("vide")
	moov = moov[bytes.Index(moov, []byte("moov"))-4:]
	film = binary.BigEndian.AppendUint64(film, uint64(fiveGB-len(moov)-len(film)+8))
	for name, c := range map[string]struct {
		head, tail []byte
		family     Family
	}{
		"a film whose description is last": {film, moov, Film},
		"a PDF":                            {[]byte("%PDF-1.7\n"), []byte("%%EOF\n"), PDF},
		"bytes":                            {[]byte("\x00\x01\x02"), nil, Other},
		"a picture of a disk":              {[]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), nil, Other},
	} {
		read := 0
		look, err := Inspect(t.Context(), huge{c.head, c.tail, &read}, fiveGB, "a")
		if err != nil || look.Family != c.family || read > 2*maxOld {
			t.Errorf("%s: %+v, %v, after %d bytes", name, look, err, read)
		}
	}
}

func FuzzInspect(f *testing.F) {
	for _, c := range kept(f) {
		if len(c.sent) < 30<<10 {
			f.Add(c.sent, c.name)
		}
	}
	f.Add(announcing(f), "a")
	f.Add(overlapping(f), "a.zip")
	f.Fuzz(func(t *testing.T, sent []byte, name string) {
		look, err := Inspect(t.Context(), bytes.NewReader(sent), int64(len(sent)), name)
		if err == nil && (look.Type == "" || look.Family == "") || err != nil && !fail.Is(err, fail.Invalid) {
			t.Errorf("%+v, %v", look, err)
		}
		if look.Shown != Never && (strings.Contains(look.Type, "html") || strings.Contains(look.Type, "xml") || strings.Contains(look.Type, "script")) {
			t.Errorf("%s is shown", look.Type)
		}
	})
}
