package register

import (
	"bytes"
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"time"

	"preau/core/audit"
	"preau/core/school"
	"preau/core/web"
	"preau/directory/aaf"
	"preau/directory/feed"
)

// perPage is how many lines of a report a page lists.
const perPage = 100

// reportView is the conformity report of a delivery.
type reportView struct {
	Delivery feed.Delivery
	Whole    bool // the visitor may read its counts
	Academy  string
	Refusal  *feed.ReportLine // why it was refused
	Schools  []schoolLines    // with troubles, by name
	Kinds    []troubleGroup
	Filter   reportFilter
	Dropped  []feed.ReportLine // what the portal may not keep: no anomaly of the delivery
	Lines    []feed.ReportLine // of the filter, on this page
	Found    int               // lines of the filter
	Times    int               // anomalies in them
	Page     int               // from 1
	Last     int
	Total    int // lines
	Now      time.Time
}

// schoolLines is a school with the number of its lines. Its ID is 0 for what
// is of no known school.
type schoolLines struct {
	ID    school.ID
	Label string
	Lines int
}

// reportFilter narrows a report to one school and one kind.
type reportFilter struct {
	School string // identifier, or empty
	Kind   aaf.Kind
}

func (f reportFilter) takes(l feed.ReportLine) bool {
	return (f.School == "" || f.School == l.School.String()) && (f.Kind == "" || f.Kind == l.Kind)
}

// href is the address of a page of the filtered report.
func (f reportFilter) href(id school.ID, page int) string {
	query := url.Values{}
	for name, value := range map[string]string{"school": f.School, "kind": string(f.Kind)} {
		if value != "" {
			query.Set(name, value)
		}
	}
	if page > 1 {
		query.Set("page", strconv.Itoa(page))
	}
	if len(query) == 0 {
		return deliveryPath(id)
	}
	return deliveryPath(id) + "?" + query.Encode()
}

// report shows the conformity report of a delivery.
func (s *Service) report(r *web.Request) (web.Answer, error) {
	d, err := deliveryOf(r)
	if err != nil {
		return nil, err
	}
	lines, query := d.Lines, r.URL.Query()
	view := reportView{
		Delivery: d.Delivery, Whole: d.Whole, Now: r.Tx.Now,
		Filter: reportFilter{School: query.Get("school"), Kind: aaf.Kind(query.Get("kind"))},
	}
	if view.Academy, err = academyName(r, d.Delivery); err != nil {
		return nil, err
	}
	if d.State == feed.Refused && len(lines) > 0 {
		view.Refusal, lines = &lines[0], lines[1:]
	}
	lines, view.Dropped = parted(lines, func(l feed.ReportLine) bool { return l.Kind != aaf.DroppedAttribute })
	view.Total = len(lines)
	view.Schools, view.Kinds = schoolsOf(lines, r.Say), groups(lines)
	found := slices.DeleteFunc(slices.Clone(lines), func(l feed.ReportLine) bool { return !view.Filter.takes(l) })
	view.Found, view.Last = len(found), max(1, (len(found)+perPage-1)/perPage)
	for _, l := range found {
		view.Times += l.Count
	}
	page, _ := strconv.Atoi(query.Get("page")) // 0 when there is none, or no number
	view.Page = min(max(page, 1), view.Last)
	view.Lines = found[(view.Page-1)*perPage : min(view.Page*perPage, len(found))]
	return web.Page{Title: r.Say("register.report"), Body: reportPage(view)}, nil
}

// parted gives the lines that pass a test, and the others.
func parted(lines []feed.ReportLine, test func(feed.ReportLine) bool) (pass, others []feed.ReportLine) {
	for _, l := range lines {
		if test(l) {
			pass = append(pass, l)
		} else {
			others = append(others, l)
		}
	}
	return pass, others
}

// schoolsOf lists the schools of a report by name; what is of none comes
// last.
func schoolsOf(lines []feed.ReportLine, say feed.Say) []schoolLines {
	rank := map[school.ID]int{}
	var list []schoolLines
	for _, l := range lines {
		i, seen := rank[l.School]
		if !seen {
			label := say("feed.no-school")
			if l.School != 0 {
				label = l.SchoolName + " (" + string(l.UAI) + ")"
			}
			i = len(list)
			rank[l.School] = i
			list = append(list, schoolLines{ID: l.School, Label: label})
		}
		list[i].Lines++
	}
	slices.SortFunc(list, func(a, b schoolLines) int {
		return cmp.Or(cmp.Compare(min(b.ID, 1), min(a.ID, 1)), cmp.Compare(school.Fold(a.Label), school.Fold(b.Label)))
	})
	return list
}

// export gives the delivery of a report that leaves as a file, and journals
// it: it names nobody, but the key of a record is somebody's.
func (s *Service) export(r *web.Request, form string) (readable, error) {
	d, err := deliveryOf(r)
	if err != nil {
		return d, err
	}
	return d, s.journal(r, audit.Entry{
		Action: actExportReport, Kind: "delivery", Object: d.ID, Detail: audit.Detail{"form": form},
	})
}

// reportCSV gives the report for a spreadsheet.
func (s *Service) reportCSV(r *web.Request) (web.Answer, error) {
	d, err := s.export(r, "csv")
	if err != nil {
		return nil, err
	}
	var body bytes.Buffer
	err = feed.WriteCSV(&body, d.Lines, r.Say)
	return web.CSV(d.Name, body.Bytes()), err
}

// reportJSON gives the report for a program.
func (s *Service) reportJSON(r *web.Request) (web.Answer, error) {
	d, err := s.export(r, "json")
	if err != nil {
		return nil, err
	}
	listing := feed.Listed(d.Delivery)
	if !d.Whole {
		listing.Counts, listing.Warnings = nil, nil
	}
	var body bytes.Buffer
	err = feed.WriteJSON(&body, listing, d.Lines, r.Say)
	return web.File{Name: d.Name + ".json", Type: "application/json", Content: bytes.NewReader(body.Bytes())}, err
}

// remedyOf is the key of whoever mends a trouble and how: of what a record
// composes, the school or the académie, as the figures count it.
func remedyOf(l feed.ReportLine) string {
	if l.Kind == aaf.MalformedComposite && l.BySchool() {
		return "register.remedy-place"
	}
	return l.Remedy()
}
