package register

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"preau/core/audit"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
	"preau/core/sheet"
	"preau/directory"
)

// RecordedReferents is what a sheet of référents did.
type RecordedReferents struct {
	Added     int           `json:"added"`
	Changed   int           `json:"changed"`
	Unchanged int           `json:"unchanged"`
	Refused   []RefusedLine `json:"refused"`
}

// RefusedLine is a row that cannot be taken.
type RefusedLine struct {
	Line   int    `json:"line"`
	Reason string `json:"reason"`
}

// referentHeadings are the columns of the file, by every name that they may
// have, folded.
var referentHeadings = map[string][]string{
	"role":     {"role"},
	"scope":    {"scope", "perimetre"},
	"name":     {"name", "nom"},
	"mail":     {"mail", "courriel"},
	"phone":    {"phone", "telephone"},
	"url":      {"url", "page d aide"},
	"families": {"families", "familles"},
}

// referentColumns gives the heading in the file of each column, and refuses a
// file whose columns are others.
func referentColumns(headings []string) (map[string]string, error) {
	columns := map[string]string{}
	for _, heading := range headings {
		known := heading == ""
		for column, names := range referentHeadings {
			if slices.Contains(names, heading) {
				if _, twice := columns[column]; twice {
					return nil, fmt.Errorf("the column %q is there twice, under two names", column)
				}
				columns[column], known = heading, true
			}
		}
		if !known {
			return nil, fmt.Errorf("no column is called %q; they are role, scope, name, mail, phone, url and families", heading)
		}
	}
	for _, needed := range []string{"role", "scope", "name"} {
		if columns[needed] == "" {
			return nil, fmt.Errorf("the first row has no column %q; it names the columns", needed)
		}
	}
	return columns, nil
}

// RecordReferents records the référents of a sheet, all or none: one row that is
// refused leaves everything as it was, and gives [fail.Conflict] beside what is
// refused.
func (s *Service) RecordReferents(tx *db.Tx, in io.Reader) (did RecordedReferents, err error) {
	headings, rows, err := sheet.ReadHeaded(in)
	if err != nil {
		return did, err
	}
	columns, err := referentColumns(headings)
	if err != nil {
		return did, err
	}
	did.Refused = []RefusedLine{}
	said := map[string]int{}
	for _, row := range rows {
		changed, err := s.recordRow(tx, columns, row, said)
		switch wrong := wrongIn(err); {
		case wrong != nil:
			did.Refused = append(did.Refused, RefusedLine{row.Line, wrong.Error()})
		case err != nil:
			return RecordedReferents{}, fmt.Errorf("line %d: %w", row.Line, err)
		case len(changed) == 0:
			did.Unchanged++
		case changed[0] == "new":
			did.Added++
		default:
			did.Changed++
		}
	}
	if n := len(did.Refused); n > 0 {
		return did, fail.New(fail.Conflict, "%d rows are refused: nothing was changed", n)
	}
	return did, nil
}

// recordRow records the référent of a row, and tells what changed. said is the
// lines before it, by what they say.
func (s *Service) recordRow(tx *db.Tx, columns map[string]string, row sheet.Headed, said map[string]int) ([]string, error) {
	r, err := referentOf(tx, columns, row)
	if err != nil {
		return nil, err
	}
	key := fmt.Sprint(r.Structure, r.Role, school.Fold(r.Name))
	line, twice := said[key]
	if said[key] = row.Line; twice {
		return nil, fail.New(fail.Invalid, "line %d says the same role, scope and name", line)
	}
	return s.PutReferent(tx, r)
}

// referentOf reads a row. What is wrong in it is fail.Invalid.
func referentOf(tx *db.Tx, columns map[string]string, row sheet.Headed) (r directory.Referent, err error) {
	cell := func(column string) string { return row.Cells[columns[column]] }
	if row.Extra {
		return r, fail.New(fail.Invalid, "a cell is beyond the last column")
	}
	if r.Role, err = directory.ReferentRoleNamed(cell("role")); err != nil {
		return r, err
	}
	at, err := placeNamed(tx, cell("scope"))
	if fail.Is(err, fail.NotFound) || cell("scope") == "" {
		err = fail.New(fail.Invalid, "no open structure is called %q", cell("scope"))
	}
	if err != nil {
		return r, err
	}
	r.Structure = at.ID
	r.Name, r.Mail, r.Phone, r.URL = cell("name"), cell("mail"), cell("phone"), cell("url")
	switch strings.ToLower(cell("families")) {
	case "":
		_, r.Families = r.Role.ForFamilies()
	case "oui", "yes", "1", "x":
		r.Families = true
	case "non", "no", "0":
	default:
		return r, fail.New(fail.Invalid, "families is oui or non, not %q", cell("families"))
	}
	return r, nil
}

// PutReferent records a référent as the command line does, and journals it.
func (s *Service) PutReferent(tx *db.Tx, r directory.Referent) ([]string, error) {
	r, changed, err := directory.PutReferent(tx, r)
	if err != nil || len(changed) == 0 {
		return nil, err
	}
	action := actSheetCorrects
	if changed[0] == "new" {
		action = actSheetRecords
	}
	return changed, s.Audit.Write(tx, audit.Entry{
		Action: action, Kind: "structure", Object: r.Structure,
		Detail: audit.Detail{"referent": r.ID.String(), "role": string(r.Role), "changed": strings.Join(changed, ".")},
	})
}
