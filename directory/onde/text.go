package onde

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	utf "golang.org/x/text/encoding/unicode"

	"preau/core/school"
)

// decode gives the text of a file. UTF-8 is told by its mark or by being valid;
// UTF-16, which a spreadsheet may make of it, by its mark; everything else is
// what ONDE writes: ISO-8859-1 or -15, which Windows-1252 holds but for the
// ligatures of -15.
func decode(f File) (string, error) {
	content := f.Content
	switch {
	case bytes.HasPrefix(content, []byte("\xEF\xBB\xBF")):
		content = content[3:]
	case bytes.HasPrefix(content, []byte("\xFE\xFF")), bytes.HasPrefix(content, []byte("\xFF\xFE")):
		text, err := utf.UTF16(utf.BigEndian, utf.UseBOM).NewDecoder().Bytes(content)
		if err != nil {
			return "", &Refusal{Kind: UnsupportedEncoding, File: f.Name, Reason: "the file starts like UTF-16 and is not"}
		}
		content = text
	}
	if bytes.IndexByte(content, 0) >= 0 {
		return "", &Refusal{Kind: UnsupportedEncoding, File: f.Name, Reason: "the file is no text: extract it from ONDE as CSV, and do not open it in between"}
	}
	if utf8.Valid(content) {
		return string(content), nil
	}
	text, err := charmap.Windows1252.NewDecoder().Bytes(content)
	if err != nil {
		return "", &Refusal{Kind: UnsupportedEncoding, File: f.Name, Reason: "the file is neither UTF-8 nor ISO-8859-15"}
	}
	return ligatures.ReplaceAllStringFunc(string(text), func(s string) string {
		return strings.NewReplacer("¼", "Œ", "½", "œ").Replace(s)
	}), nil
}

// ligatures are Œ and œ of ISO-8859-15 read as Windows-1252: a fraction that
// touches a letter is none.
var ligatures = regexp.MustCompile(`\p{L}[¼½]|[¼½]\p{L}`)

// row is a line of a file, its cells cleaned.
type row struct {
	line  int
	cells []string
}

// cell gives a cell; rows are often shorter than their headers.
func (r row) cell(i int) string {
	if i < 0 || i >= len(r.cells) {
		return ""
	}
	return r.cells[i]
}

// filled counts the cells that say something.
func (r row) filled() (n int) {
	for _, cell := range r.cells {
		if cell != "" {
			n++
		}
	}
	return n
}

// split parts a text in rows. What is well quoted is read as RFC 4180 says;
// otherwise a stray quote spoils its own line, and not those that follow.
func split(name, text string) ([]row, error) {
	comma := separator(text)
	rows, err := quoted(text, comma)
	if errors.Is(err, errQuotes) {
		rows, err = byLine(text, comma)
	}
	var refusal *Refusal
	if errors.As(err, &refusal) {
		refusal.File = name
	}
	return rows, err
}

// separator is the semicolon of ONDE, or what a spreadsheet made of it.
func separator(text string) rune {
	first, _, _ := strings.Cut(strings.TrimLeft(text, " \t\r\n"), "\n")
	best := ';'
	for _, r := range []rune{'\t', ','} {
		if strings.Count(first, string(r)) > strings.Count(first, string(best)) {
			best = r
		}
	}
	return best
}

// errQuotes tells that the quotes of a text do not pair.
var errQuotes = errors.New("stray quotes")

func quoted(text string, comma rune) (rows []row, err error) {
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.FieldsPerRecord = comma, -1
	width := 0
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return nil, errQuotes
		}
		line, _ := r.FieldPos(0)
		width = max(width, len(cells))
		if len(cells) < width-2 && strings.Contains(strings.Join(cells, ""), "\n") {
			return nil, errQuotes // it swallowed the lines that follow
		}
		if rows, err = appendRow(rows, line, cells); err != nil {
			return nil, err
		}
	}
}

func byLine(text string, comma rune) (rows []row, err error) {
	line := 0
	for text := range strings.Lines(text) {
		line++
		r := csv.NewReader(strings.NewReader(text))
		r.Comma, r.FieldsPerRecord, r.LazyQuotes = comma, -1, true
		cells, err := r.Read()
		marks := strings.Count(text, string(comma))
		if err != nil || strings.Count(text, `"`)%2 == 1 || len(cells) == 1 && marks > 1 {
			cells = strings.Split(strings.ReplaceAll(text, `"`, ""), string(comma))
		}
		if rows, err = appendRow(rows, line, cells); err != nil {
			return nil, err
		}
	}
	return rows, nil
}

func appendRow(rows []row, line int, cells []string) ([]row, error) {
	if len(cells) > maxCells || len(rows) > maxRows {
		return nil, &Refusal{Kind: TooLarge, Reason: "the file has more rows or columns than any extraction"}
	}
	r := row{line, make([]string, len(cells))}
	for i, cell := range cells {
		r.cells[i] = school.Clean(cell)
	}
	if r.filled() == 0 {
		return rows, nil
	}
	return append(rows, r), nil
}

// withoutFooter leaves out the last line when it sums the list up, as some
// versions of ONDE do: "Nombre d'élèves : 245".
func withoutFooter(rows []row) []row {
	if len(rows) == 0 {
		return rows
	}
	last := rows[len(rows)-1]
	said := school.Fold(strings.Join(last.cells, " "))
	if last.filled() == 1 || last.filled() == 2 && (strings.HasPrefix(said, "nombre") || strings.HasPrefix(said, "total")) {
		return rows[:len(rows)-1]
	}
	return rows
}
