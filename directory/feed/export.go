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

// A conformity report leaves the portal in three forms, for people with a
// spreadsheet, for programs and for a terminal. Like the [ReportLine] that
// they are made of, they give file, record key and reason: never a name, an
// INE or a date of birth.

// Say says a text of the catalogue in a language.
type Say = func(key string, args ...any) string

// WriteCSV writes a report for a spreadsheet, one line a trouble; see
// [sheet.Write] for its form.
func WriteCSV(w io.Writer, lines []ReportLine, say Say) error {
	headings := make([]string, len(columns))
	for i, column := range columns {
		headings[i] = say("feed.column-" + column)
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

func (l ReportLine) cells(say Say) []string {
	category := ""
	if l.Category != "" {
		category = say("feed.category." + string(l.Category))
	}
	return []string{
		string(l.UAI), l.SchoolName, string(l.Kind), say(l.Trouble()), say("feed.action." + string(l.Action)), say(l.Remedy()),
		category, l.File, positive(int64(l.Record)), positive(int64(l.Line)), positive(int64(l.Key)), l.Attribute, strconv.Itoa(l.Count),
	}
}

// positive writes a rank or a key; 0 is none.
func positive(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

// Refusing is the action of the one line that says why a whole delivery was
// refused; its kind is an [aaf.RefusalKind].
const Refusing aaf.Action = "refused"

// Trouble is the key of the sentence that says what is wrong.
func (l ReportLine) Trouble() string {
	if l.Action == Refusing {
		return "feed.refusal." + string(l.Kind)
	}
	return "feed.trouble." + string(l.Kind)
}

// Remedy is the key of the sentence that says who puts it right, and how.
func (l ReportLine) Remedy() string {
	if l.Action == Refusing {
		return "feed.refusal-remedy." + string(l.Kind)
	}
	return "feed.remedy." + string(l.Kind)
}

// Listing is a delivery for a program.
type Listing struct {
	ID       school.ID `json:"delivery_id,string"`
	Name     string    `json:"delivery"`
	Academy  string    `json:"academy"`
	Mode     aaf.Mode  `json:"mode"`
	Day      string    `json:"day"` // 2026-09-01
	State    State     `json:"state"`
	Refusal  string    `json:"refusal,omitempty"`
	FedAt    time.Time `json:"fed_at"`
	Seconds  float64   `json:"seconds"`
	Warnings *int      `json:"warnings,omitempty"`
	*Counts            // nil for whoever may not read them: absent, like the warnings
}

// Listed is what a program reads of a delivery.
func Listed(d Delivery) Listing {
	return Listing{
		ID: d.ID, Name: d.Name, Academy: d.Academy, Mode: d.Mode, Day: d.Day.Format(time.DateOnly), State: d.State,
		Refusal: d.Refusal, FedAt: d.FedAt.UTC(), Seconds: d.Seconds, Warnings: &d.Warnings, Counts: &d.Counts,
	}
}

// reportJSON is a report for a program. Identifiers and keys are strings,
// for programs whose numbers are floating.
type reportJSON struct {
	Listing
	Troubles []lineJSON `json:"troubles"`
}

type lineJSON struct {
	UAI       school.UAI   `json:"school,omitempty"`
	Kind      aaf.Kind     `json:"kind"`
	Action    aaf.Action   `json:"action"`
	Reason    string       `json:"reason"`
	Category  aaf.Category `json:"category,omitempty"`
	File      string       `json:"file,omitempty"`
	Record    int          `json:"record,omitempty"`
	Line      int          `json:"line,omitempty"`
	Key       aaf.Key      `json:"key,string,omitempty"`
	Attribute string       `json:"attribute,omitempty"`
	Count     int          `json:"count"`
}

// WriteJSON writes a report for a program: the delivery, and its troubles.
func WriteJSON(w io.Writer, listing Listing, lines []ReportLine, say Say) error {
	report := reportJSON{listing, make([]lineJSON, len(lines))}
	for i, l := range lines {
		report.Troubles[i] = lineJSON{
			l.UAI, l.Kind, l.Action, say(l.Trouble()), l.Category, l.File, l.Record, l.Line, l.Key, l.Attribute, l.Count,
		}
	}
	out := json.NewEncoder(w)
	out.SetIndent("", "  ")
	if err := out.Encode(report); err != nil {
		return fmt.Errorf("writing a report: %w", err)
	}
	return nil
}

// WriteText writes a report for a terminal, under a heading for each school.
func WriteText(w io.Writer, d Delivery, lines []ReportLine, say Say) error {
	if _, err := fmt.Fprintf(w, "%s: %s\n", d.Name, say("feed.state."+string(d.State))); err != nil {
		return err
	}
	var at school.ID = -1
	for _, l := range lines {
		if l.School != at {
			at = l.School
			if _, err := fmt.Fprintf(w, "\n%s\n", l.place(say)); err != nil {
				return err
			}
		}
		if _, err := fmt.Fprintf(w, "  %s, %s, %s, %s: %s (%s, x%d)\n", l.File, positive(int64(l.Record)), positive(int64(l.Key)),
			l.Attribute, say(l.Trouble()), say("feed.action."+string(l.Action)), l.Count); err != nil {
			return err
		}
	}
	return nil
}

// place names the school of a line.
func (l ReportLine) place(say Say) string {
	if l.School == 0 {
		return say("feed.no-school")
	}
	return string(l.UAI) + " " + l.SchoolName
}
