package sheet

import (
	"encoding/csv"
	"fmt"
	"io"
	"iter"
	"regexp"
)

// Write writes rows as CSV (RFC 4180) that a French Excel or LibreOffice
// opens by a double click: parted by semicolons, since the comma is the
// decimal mark there, and marked as UTF-8, without which Excel takes accents
// for others. A cell that would run as a formula is made a text.
func Write(w io.Writer, rows iter.Seq[[]string]) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return fmt.Errorf("writing a sheet: %w", err)
	}
	out := csv.NewWriter(w)
	out.Comma, out.UseCRLF = ';', true
	for row := range rows {
		safe := make([]string, len(row))
		for i, cell := range row {
			safe[i] = inert(cell)
		}
		if err := out.Write(safe); err != nil {
			return fmt.Errorf("writing a sheet: %w", err)
		}
	}
	out.Flush()
	return out.Error()
}

var (
	formula = regexp.MustCompile(`^[=+\-@\t\r]`)
	number  = regexp.MustCompile(`^[+-][0-9][0-9 .,]*$`) // telephone numbers too
)

// inert keeps a spreadsheet from running as a formula what somebody wrote in
// a cell.
func inert(cell string) string {
	if formula.MatchString(cell) && !number.MatchString(cell) {
		return "'" + cell
	}
	return cell
}
