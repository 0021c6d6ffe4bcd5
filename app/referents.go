package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"preau/core/audit"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
	"preau/core/sheet"
	"preau/directory"
)

type referentsCommand struct {
	place
	Path   string `arg:"" help:"CSV with the columns role, scope, name, mail, phone, url and, if wanted, families." type:"path"`
	DryRun bool   `help:"Preview: say what would change, and change nothing."`
	JSON   bool   `name:"json" help:"Write one JSON object."`
}

// referentsResult is what a file did.
type referentsResult struct {
	State     string        `json:"state"` // applied, previewed, refused
	Added     int           `json:"added"`
	Changed   int           `json:"changed"`
	Unchanged int           `json:"unchanged"`
	Refused   []refusedLine `json:"refused"`
}

// refusedLine is a row that cannot be taken.
type refusedLine struct {
	Line   int    `json:"line"`
	Reason string `json:"reason"`
}

// errRolledBack leaves a transaction without a trace.
var errRolledBack = errors.New("rolled back")

// Run records the référents of a file, all or none.
func (c *referentsCommand) Run(ctx context.Context, term *console) error {
	file, err := os.Open(c.Path)
	if err != nil {
		return err
	}
	defer file.Close()
	headings, rows, err := sheet.ReadHeaded(file)
	if err != nil {
		return err
	}
	columns, err := referentColumns(headings)
	if err != nil {
		return err
	}
	house, err := term.open(ctx, c.at())
	if err != nil {
		return err
	}
	defer house.Close()
	result := referentsResult{State: "applied", Refused: []refusedLine{}}
	err = house.DB.Write(ctx, func(tx *db.Tx) error {
		if err := house.takeReferents(tx, columns, rows, &result); err != nil {
			return err
		}
		if len(result.Refused) > 0 || c.DryRun {
			return errRolledBack
		}
		return nil
	})
	switch {
	case err != nil && !errors.Is(err, errRolledBack):
		return err
	case len(result.Refused) > 0:
		result = referentsResult{State: "refused", Refused: result.Refused}
	case c.DryRun:
		result.State = "previewed"
	}
	if err := term.sayReferents(result, c.JSON); err != nil {
		return err
	}
	if n := len(result.Refused); n > 0 {
		return fmt.Errorf("%d rows are refused: nothing was changed", n)
	}
	return nil
}

func (c *console) sayReferents(r referentsResult, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(c.out).Encode(r)
	}
	for _, line := range r.Refused {
		fmt.Fprintf(c.out, "line %d: %s\n", line.Line, line.Reason)
	}
	_, err := fmt.Fprintf(c.out, "%s: %d added, %d changed, %d unchanged, %d refused\n", r.State, r.Added, r.Changed, r.Unchanged, len(r.Refused))
	return err
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

// takeReferents records every row, and keeps those that are refused.
func (h *House) takeReferents(tx *db.Tx, columns map[string]string, rows []sheet.Headed, result *referentsResult) error {
	said := map[string]int{}
	for _, row := range rows {
		r, err := referentOf(tx, columns, row)
		if err == nil {
			key := fmt.Sprint(r.Structure, r.Role, school.Fold(r.Name))
			if line, twice := said[key]; twice {
				err = fail.New(fail.Invalid, "line %d says the same role, scope and name", line)
			}
			said[key] = row.Line
		}
		var changed []string
		if err == nil {
			changed, err = h.putReferent(tx, r)
		}
		switch {
		case fail.Is(err, fail.Invalid):
			result.Refused = append(result.Refused, refusedLine{row.Line, err.Error()})
		case err != nil:
			return fmt.Errorf("line %d: %w", row.Line, err)
		case len(changed) == 0:
			result.Unchanged++
		case changed[0] == "new":
			result.Added++
		default:
			result.Changed++
		}
	}
	return nil
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
	if r.Structure, err = scopeOf(tx, cell("scope")); err != nil {
		return r, err
	}
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

// scopeOf finds the structure that a row names.
func scopeOf(tx *db.Tx, ref string) (school.ID, error) {
	if ref == "project" {
		return directory.TheProject(tx)
	}
	at, err := directory.StructureByRef(tx, ref)
	if fail.Is(err, fail.NotFound) || err == nil && !at.Until.IsZero() {
		return 0, fail.New(fail.Invalid, "no open structure is called %q; see preau directory scopes", ref)
	}
	return at.ID, err
}

// putReferent records a référent as the command line does, and journals it.
func (h *House) putReferent(tx *db.Tx, r directory.Referent) ([]string, error) {
	r, changed, err := directory.PutReferent(tx, r)
	if err != nil || len(changed) == 0 {
		return nil, err
	}
	action := audit.Action("directory.correct-referent")
	if changed[0] == "new" {
		action = "directory.record-referent"
	}
	return changed, h.Audit.Write(tx, audit.Entry{
		Action: action, Kind: "structure", Object: r.Structure,
		Detail: audit.Detail{"referent": r.ID.String(), "role": string(r.Role), "changed": strings.Join(changed, ".")},
	})
}
