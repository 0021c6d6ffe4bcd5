package sheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"preau/core/school"
)

// Headed is a row of a table whose first row names the columns.
type Headed struct {
	Line  int               // of the file, from 1
	Cells map[string]string // by heading, without the spaces around them
	Extra bool              // it has a cell beyond the last heading
}

// maxSheet is how much of a sheet is read: tens of thousands of rows.
const maxSheet = 8 << 20

// ReadHeaded reads a table as French offices save it: CSV parted by
// semicolons, commas or tabs, as the first row shows, in UTF-8 or in the
// Windows-1252 that Excel writes. Headings are folded ("Téléphone" is
// "telephone"). Rows without any text are left out.
func ReadHeaded(r io.Reader) (headings []string, rows []Headed, err error) {
	text, err := sheetText(r)
	if err != nil {
		return nil, nil, err
	}
	in := csv.NewReader(bytes.NewReader(text))
	in.Comma, in.FieldsPerRecord = parting(text), -1
	for {
		cells, err := in.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, nil, fmt.Errorf("reading the sheet: %w", err)
		}
		line, _ := in.FieldPos(0)
		switch {
		case blank(cells):
		case headings == nil:
			if headings, err = folded(cells); err != nil {
				return nil, nil, err
			}
		default:
			rows = append(rows, row(line, headings, cells))
		}
	}
	if headings == nil {
		return nil, nil, errors.New("the sheet is empty: its first row names the columns")
	}
	return headings, rows, nil
}

// sheetText gives a sheet as UTF-8, without its mark.
func sheetText(r io.Reader) ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxSheet+1))
	switch {
	case err != nil:
		return nil, err
	case len(text) > maxSheet:
		return nil, fmt.Errorf("the sheet has more than %d bytes: split it", maxSheet)
	case bytes.IndexByte(text, 0) >= 0:
		return nil, errors.New("the sheet is no CSV in UTF-8 or Windows-1252: save it as CSV")
	}
	if text = bytes.TrimPrefix(text, []byte("\ufeff")); !utf8.Valid(text) {
		return charmap.Windows1252.NewDecoder().Bytes(text)
	}
	return text, nil
}

// parting is the mark that the first row with text has most of.
func parting(text []byte) rune {
	first, _, _ := bytes.Cut(bytes.TrimLeft(text, "\r\n"), []byte("\n"))
	best, most := ';', 0
	for _, mark := range []rune{';', ',', '\t'} {
		if n := bytes.Count(first, []byte(string(mark))); n > most {
			best, most = mark, n
		}
	}
	return best
}

func blank(cells []string) bool {
	return !slices.ContainsFunc(cells, func(c string) bool { return strings.TrimSpace(c) != "" })
}

// folded names the columns. One without a name holds nothing that is read.
func folded(cells []string) ([]string, error) {
	headings := make([]string, len(cells))
	for i, cell := range cells {
		heading := school.Fold(cell)
		if heading != "" && slices.Contains(headings, heading) {
			return nil, fmt.Errorf("two columns are called %q", strings.TrimSpace(cell))
		}
		headings[i] = heading
	}
	return headings, nil
}

func row(line int, headings, cells []string) Headed {
	r := Headed{Line: line, Cells: map[string]string{}}
	for i, cell := range cells {
		cell = strings.TrimSpace(cell)
		if i < len(headings) && headings[i] != "" {
			r.Cells[headings[i]] = cell
		} else if cell != "" {
			r.Extra = true
		}
	}
	return r
}
