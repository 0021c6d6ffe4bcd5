package sheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"preau/core/school"
)

// Line is a line of a sheet: its cells by the folded name of their column
// ("Prénom" is "prenom"), without the spaces around.
type Line struct {
	Number int // in the file, from 1; the header is the first
	Cells  map[string]string
}

// maxLines bounds a sheet that people make by hand.
const maxLines = 20_000

// ErrSheet is a file that cannot be read as a sheet, with the reason.
var ErrSheet = errors.New("not a sheet")

// Read reads a table whose first line names the columns: parted by semicolons,
// commas or tabulations, in UTF-8 or in the Windows-1252 of an older Excel.
// Lines that hold nothing are left out; a line may lack its last cells.
func Read(r io.Reader) ([]Line, error) {
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	if !utf8.Valid(text) {
		if text, err = charmap.Windows1252.NewDecoder().Bytes(text); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrSheet, err)
		}
	}
	if bytes.IndexByte(text, 0) >= 0 {
		return nil, fmt.Errorf("%w: it holds bytes that no text has; save it as CSV", ErrSheet)
	}
	in := csv.NewReader(bytes.NewReader(text))
	in.Comma, in.FieldsPerRecord, in.LazyQuotes = parting(text), -1, true
	var header []string
	var lines []Line
	for {
		cells, err := in.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrSheet, err)
		}
		if header == nil {
			for _, name := range cells {
				header = append(header, school.Fold(name))
			}
			continue
		}
		line := Line{Cells: map[string]string{}}
		line.Number, _ = in.FieldPos(0)
		for i, cell := range cells[:min(len(cells), len(header))] {
			if cell = strings.TrimSpace(cell); cell != "" && header[i] != "" {
				line.Cells[header[i]] = cell
			}
		}
		if len(line.Cells) > 0 {
			lines = append(lines, line)
		}
		if len(lines) > maxLines {
			return nil, fmt.Errorf("%w: more than %d lines", ErrSheet, maxLines)
		}
	}
	if header == nil {
		return nil, fmt.Errorf("%w: it is empty", ErrSheet)
	}
	return lines, nil
}

// parting is what parts the cells of the first line.
func parting(text []byte) rune {
	first, _, _ := bytes.Cut(text, []byte("\n"))
	best, most := ';', 0
	for _, mark := range ";,\t" {
		if n := bytes.Count(first, []byte(string(mark))); n > most {
			best, most = mark, n
		}
	}
	return best
}
