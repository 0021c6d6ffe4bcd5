package preview

import (
	"archive/zip"
	"bytes"
	"cmp"
	"encoding/xml"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	xunicode "golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"

	"preau/core/content"
)

// maxXML is how much of the XML of a document is read for its words.
const maxXML = 32 << 20

// words are those of a text, at most [MaxWords] bytes of whole letters: without the zeros that a
// database does not keep, nor other signs that nobody reads, and a blank for each run of blanks.
func words(text []byte) string {
	var b strings.Builder
	blank := false
	for len(text) > 0 && b.Len() < MaxWords-utf8.UTFMax {
		r, n := utf8.DecodeRune(text)
		text = text[n:]
		switch {
		case unicode.IsSpace(r), unicode.IsControl(r):
			blank = b.Len() > 0
		case r == utf8.RuneError && n <= 1, unicode.Is(unicode.Cf, r), unicode.Is(unicode.Co, r):
		default:
			if blank {
				b.WriteByte(' ')
			}
			blank = false
			b.WriteRune(r)
		}
	}
	return b.String()
}

// textWords are the words of a text, in UTF-8, in what its first bytes say, or in the letters of an
// old Windows.
func textWords(from io.ReaderAt, size int64) string {
	const most = 2 * MaxWords
	all := readHead(from, size, most)
	var decoded []byte
	var err error
	switch {
	case bytes.HasPrefix(all, []byte("\xff\xfe\x00\x00")), bytes.HasPrefix(all, []byte("\x00\x00\xfe\xff")):
		decoded, err = utf32.UTF32(utf32.BigEndian, utf32.UseBOM).NewDecoder().Bytes(all)
	case bytes.HasPrefix(all, []byte("\xff\xfe")), bytes.HasPrefix(all, []byte("\xfe\xff")):
		decoded, err = xunicode.UTF16(xunicode.BigEndian, xunicode.UseBOM).NewDecoder().Bytes(all)
	case validBut(all):
		decoded = bytes.TrimPrefix(all, []byte("\ufeff"))
	default:
		decoded, err = charmap.Windows1252.NewDecoder().Bytes(all)
	}
	if err != nil {
		decoded = all
	}
	return words(decoded)
}

// validBut tells whether a text is in UTF-8, but for a letter that is cut at its end.
func validBut(all []byte) bool {
	for n := range min(utf8.UTFMax, len(all)+1) {
		if utf8.Valid(all[:len(all)-n]) {
			return true
		}
	}
	return false
}

// officeWords are the words of a document of today, out of its XML: those of one that cannot be read
// are none.
func officeWords(from *source, size int64, is content.Look) string {
	if !strings.HasPrefix(is.Type, "application/vnd.o") && !is.Macros {
		return ""
	}
	archive, err := content.OpenZip(from.ctx, from, size)
	if err != nil {
		return ""
	}
	var parts []*zip.File
	for _, f := range archive.File {
		if says(f.Name) {
			parts = append(parts, f)
		}
	}
	slices.SortStableFunc(parts, func(a, b *zip.File) int {
		return cmp.Or(cmp.Compare(number(a.Name), number(b.Name)), cmp.Compare(a.Name, b.Name))
	})
	var text bytes.Buffer
	left := int64(maxXML)
	for _, f := range parts {
		r, err := f.Open()
		if err != nil {
			continue
		}
		limited := &io.LimitedReader{R: r, N: left}
		gather(&text, limited)
		left = limited.N
		r.Close()
		if left <= 0 || text.Len() > 2*MaxWords {
			break
		}
	}
	return words(text.Bytes())
}

// says tells whether a member of a document holds its words.
func says(name string) bool {
	switch name {
	case "content" + ".xml", "word/document.xml", "word/footnotes.xml", "xl/sharedStrings.xml":
		return true
	}
	slide, is := strings.CutPrefix(name, "ppt/slides/slide")
	if !is {
		slide, is = strings.CutPrefix(name, "xl/worksheets/sheet")
	}
	return is && strings.HasSuffix(slide, ".xml") && !strings.Contains(slide, "/")
}

// number is that of a slide or a sheet, by its name.
func number(name string) int {
	digits := strings.TrimFunc(name, func(r rune) bool { return r < '0' || r > '9' })
	n, _ := strconv.Atoi(digits)
	return n
}

// gather writes the words of a part, as far as it can be read.
func gather(text *bytes.Buffer, r io.Reader) {
	d := xml.NewDecoder(r)
	d.Strict = false
	var in []string // the elements whose letters count, and the others as ""
	for text.Len() <= 2*MaxWords {
		token, err := d.RawToken()
		if err != nil {
			return
		}
		switch is := token.(type) {
		case xml.Directive: // a DOCTYPE
			if bytes.Contains(is, []byte("[")) {
				return
			}
		case xml.StartElement:
			if len(in) > 1000 {
				return
			}
			in = append(in, lettered(is.Name))
			switch is.Name.Local {
			case "tab", "br", "s", "line-break", "cr":
				text.WriteByte(' ')
			}
		case xml.EndElement:
			if len(in) > 0 {
				in = in[:len(in)-1]
			}
			switch is.Name.Local {
			case "p", "h", "si", "is", "table-cell", "tc":
				text.WriteByte('\n')
			}
		case xml.CharData:
			if len(in) > 0 && in[len(in)-1] != "" {
				text.Write(is)
			}
		}
	}
}

// lettered is the name of an element whose letters are words: of Office Open XML, <t>; of OpenDocument,
// what is in the namespace of texts.
func lettered(name xml.Name) string {
	if name.Local == "t" || name.Space == "text" {
		return name.Local
	}
	return ""
}
