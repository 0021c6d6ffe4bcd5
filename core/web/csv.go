package web

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"net/http"
	"regexp"
)

// CSV is a table to open in a spreadsheet: parted by semicolons and marked as
// UTF-8, which French spreadsheets need.
type CSV struct {
	Name string // of the file: "classe.csv"
	Rows [][]string
}

func (c CSV) ready(*Request) (http.Handler, error) {
	var body bytes.Buffer
	body.WriteString("\ufeff")
	w := csv.NewWriter(&body)
	w.Comma, w.UseCRLF = ';', true
	for _, row := range c.Rows {
		safe := make([]string, len(row))
		for i, cell := range row {
			safe[i] = inert(cell)
		}
		if err := w.Write(safe); err != nil {
			return nil, fmt.Errorf("writing CSV: %w", err)
		}
	}
	w.Flush()
	return &buffered{
		contentType: "text/csv; charset=utf-8",
		header:      http.Header{"Content-Disposition": {attachment(c.Name)}},
		body:        body.Bytes(),
	}, w.Error()
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
