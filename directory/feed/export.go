package feed

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"time"

	"preau/core/school"
	"preau/core/sheet"
	"preau/directory/aaf"
)

// WriteCSV writes the conformity report for somebody who opens it in a
// spreadsheet, one line a trouble, with headings and sentences said by say
// from the texts of office/register. See [sheet.Write] for its form.
//
// Like [WriteJSON], it gives file, record key and reason: never a name, an
// INE or a date of birth, which a [ReportLine] does not hold.
func WriteCSV(w io.Writer, lines []ReportLine, say func(key string, args ...any) string) error {
	headings := make([]string, len(columns))
	for i, column := range columns {
		headings[i] = say("register.column-" + column)
	}
	return sheet.Write(w, func(yield func([]string) bool) {
		if !yield(headings) {
			return
		}
		for _, l := range lines {
			if !yield(l.cells(say)) {
				return
			}
		}
	})
}

// columns are those of the CSV, by the keys of their headings.
var columns = [...]string{
	"uai", "school", "code", "trouble", "action", "remedy", "category", "file", "record", "line", "key", "attribute", "count",
}

func (l ReportLine) cells(say func(key string, args ...any) string) []string {
	trouble, remedy, category := "register.trouble."+string(l.Kind), "register.remedy."+string(l.Kind), ""
	if l.Action == refused {
		trouble, remedy = "register.refusal."+string(l.Kind), "register.refusal-remedy."+string(l.Kind)
	}
	if l.Category != "" {
		category = say("register.category." + string(l.Category))
	}
	return []string{
		string(l.UAI), l.SchoolName, string(l.Kind), say(trouble), say("register.action." + string(l.Action)), say(remedy),
		category, l.File, positive(l.Record), positive(l.Line), positive(int(l.Key)), l.Attribute, strconv.Itoa(l.Count),
	}
}

// positive writes a rank or a key; 0 is none.
func positive(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// refused is the action of the one line that says why a whole delivery was
// refused; its kind is an [aaf.RefusalKind].
const refused aaf.Action = "refused"

// WriteJSON writes the conformity report for a program: the delivery, and
// its troubles by their codes.
func WriteJSON(w io.Writer, d Delivery, lines []ReportLine) error {
	report := reportJSON{
		ID: d.ID, Name: d.Name, Academy: d.Academy, Mode: d.Mode, Day: d.Day.Format(time.DateOnly), State: d.State,
		Refusal: d.Refusal, FedAt: d.FedAt.UTC(), Counts: d.Counts, Warnings: d.Warnings, Troubles: make([]lineJSON, len(lines)),
	}
	for i, l := range lines {
		report.Troubles[i] = lineJSON{
			l.UAI, l.Kind, l.Action, l.Category, l.File, l.Record, l.Line, l.Key, l.Attribute, l.Count,
		}
	}
	out := json.NewEncoder(w)
	out.SetIndent("", "  ")
	if err := out.Encode(report); err != nil {
		return fmt.Errorf("writing a report: %w", err)
	}
	return nil
}

// reportJSON is the JSON of a report. Identifiers and keys are strings, for
// programs whose numbers are floating.
type reportJSON struct {
	ID       school.ID `json:"delivery_id,string"`
	Name     string    `json:"delivery"`
	Academy  string    `json:"academy"`
	Mode     aaf.Mode  `json:"mode"`
	Day      string    `json:"day"`
	State    State     `json:"state"`
	Refusal  string    `json:"refusal,omitempty"`
	FedAt    time.Time `json:"fed_at"`
	Counts   `json:"counts"`
	Warnings int        `json:"warnings"`
	Troubles []lineJSON `json:"troubles"`
}

type lineJSON struct {
	School    school.UAI   `json:"school,omitempty"` // UAI
	Kind      aaf.Kind     `json:"kind"`
	Action    aaf.Action   `json:"action"`
	Category  aaf.Category `json:"category,omitempty"`
	File      string       `json:"file"`
	Record    int          `json:"record,omitempty"`
	Line      int          `json:"line,omitempty"`
	Key       aaf.Key      `json:"key,string,omitempty"`
	Attribute string       `json:"attribute,omitempty"`
	Count     int          `json:"count"`
}
