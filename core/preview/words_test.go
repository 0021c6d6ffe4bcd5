package preview

import (
	"archive/zip"
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"preau/core/content"
)

func TestTextWords(t *testing.T) {
	for name, c := range map[string]struct{ sent, want string }{
		"UTF-8":               {"\ufeffÀ demain,\r\n\tdix heures", "À demain, dix heures"},
		"of Windows":          {"\xc0 demain \x80", "À demain €"},
		"UTF-16":              {"\xff\xfe\xc0\x00 \x00a\x00", "À a"},
		"UTF-16, big":         {"\xfe\xff\x00\xc0\x00 \x00a", "À a"},
		"what is not seen":    {"a\x00b\u202ec\x1b[0m", "a bc [0m"},
		"nothing":             {"", ""},
		"a letter that's cut": {strings.Repeat("é", MaxWords) + "\xc3", strings.Repeat("é", MaxWords/2-2)},
	} {
		got := textWords(strings.NewReader(c.sent), int64(len(c.sent)))
		if got != c.want {
			t.Errorf("%s: %.60q, %d bytes, not %d", name, got, len(got), len(c.want))
		}
	}
}

func document(t testing.TB, parts map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for name, text := range parts {
		f, err := w.Create(name)
		if err == nil {
			_, err = f.Write([]byte(text))
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

func TestOfficeWords(t *testing.T) {
	word, sheet := content.Look{Type: "application/vnd.openxmlformats-officedocument.wordprocessingml.document"}, content.Look{Type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
	for name, c := range map[string]struct {
		parts map[string]string
		is    content.Look
		want  string
	}{
		"runs of a word":      {map[string]string{"word/document.xml": `<w:p><w:r><w:t>Bon</w:t></w:r><w:r><w:t>jour</w:t><w:tab/><w:t>toi</w:t></w:r></w:p><w:p><w:t>à demain</w:t></w:p>`}, word, "Bonjour toi à demain"},
		"no instruction":      {map[string]string{"word/document.xml": `<w:instrText>HYPERLINK x</w:instrText><w:t>a</w:t>`}, word, "a"},
		"slides in order":     {map[string]string{"ppt/slides/slide10.xml": `<a:p><a:t>dix</a:t></a:p>`, "ppt/slides/slide2.xml": `<a:p><a:t>deux</a:t></a:p>`}, word, "deux dix"},
		"cells":               {map[string]string{"xl/sharedStrings.xml": `<sst><si><t>a</t></si><si><t>b</t></si></sst>`, "xl/worksheets/sheet1.xml": `<c t="inlineStr"><is><t>c</t></is></c><v>3</v>`}, sheet, "a b c"},
		"entities":            {map[string]string{"word/document.xml": `<!DOCTYPE a [<!ENTITY b "bombe">]><w:t>&b;</w:t>`}, word, ""},
		"what is cut":         {map[string]string{"word/document.xml": `<w:p><w:t>Bonjour</w:t><w:t`}, word, "Bonjour"},
		"another type of zip": {map[string]string{"word/document.xml": `<w:t>a</w:t>`}, content.Look{Type: "application/zip"}, ""},
		"too much":            {map[string]string{"word/document.xml": "<w:t>" + strings.Repeat("ab ", MaxWords) + "</w:t>"}, word, strings.TrimSpace(strings.Repeat("ab ", MaxWords)[:MaxWords-utf8.UTFMax])},
	} {
		sent := document(t, c.parts)
		got := officeWords(&source{ReaderAt: bytes.NewReader(sent), ctx: t.Context()}, int64(len(sent)), c.is)
		if got != c.want {
			t.Errorf("%s: %.60q, %d bytes; not %.60q, %d", name, got, len(got), c.want, len(c.want))
		}
	}
}

func FuzzOfficeWords(f *testing.F) {
	f.Add([]byte(`<w:p><w:t>Bonjour</w:t></w:p>`))
	f.Add([]byte(`<text:p>Bon<text:s/>jour</text:p>`))
	f.Fuzz(func(t *testing.T, xml []byte) {
		var b bytes.Buffer
		gather(&b, bytes.NewReader(xml))
		sound(t, words(b.Bytes()))
	})
}

func FuzzTextWords(f *testing.F) {
	f.Add([]byte("\xff\xfeb\x00"))
	f.Add([]byte("\xff\xfe\x00\x00b\x00"))
	f.Fuzz(func(t *testing.T, text []byte) { sound(t, textWords(bytes.NewReader(text), int64(len(text)))) })
}

func sound(t *testing.T, words string) {
	if len(words) > MaxWords || !utf8.ValidString(words) || strings.ContainsRune(words, 0) {
		t.Errorf("%q", words)
	}
}
