package register

import (
	"bytes"
	"strconv"
	"time"

	"preau/core/i18n"
	"preau/core/school"
	"preau/core/sheet"
	"preau/core/web"
	"preau/directory/aaf"
	"preau/directory/feed"
)

// conformityCSV gives the figures of the page for a spreadsheet: its three
// tables, one after the other in the same columns.
func (s *Service) conformityCSV(r *web.Request) (web.Answer, error) {
	view, err := conformityOf(r)
	if err != nil {
		return nil, err
	}
	var body bytes.Buffer
	err = sheet.Write(&body, func(yield func([]string) bool) {
		for _, row := range view.sheet(r.Printer) {
			if !yield(row) {
				return
			}
		}
	})
	return web.CSV(r.Say("register.conformity-file"), body.Bytes()), err
}

// sheet is the rows of the CSV, its heading first.
func (v conformityView) sheet(say i18n.Printer) [][]string {
	words := func(key string) string { return say.Say(key) }
	text := func(c amount) string {
		if c.Unknown {
			return ""
		}
		return strconv.Itoa(c.N)
	}
	rate := func(c amount) string {
		if c.Unknown {
			return text(c)
		}
		return say.Say("register.decimal", strconv.Itoa(c.N/10), c.N%10)
	}
	heading := []string{}
	for _, key := range []string{
		"register.column-table", "register.column-what", "feed.column-uai", "feed.column-code", "feed.column-attribute", "register.column-tool", "register.column-rate",
		"register.column-by-academy", "register.column-by-schools", "register.count-fresh", "register.count-lasting", "register.count-gone",
	} {
		heading = append(heading, words(key))
	}
	rows := [][]string{heading}
	for _, row := range v.Trend {
		rows = append(rows, []string{
			words("register.trend"), row.Day.Format(time.DateOnly), "", "", "", "", rate(row.PerRecord), text(row.Academy), text(row.School),
			text(row.Fresh), text(row.Lasting), text(row.Gone),
		})
	}
	for _, kinds := range [][]kindRow{v.Academy, v.Schools} {
		for _, k := range kinds {
			rows = append(rows, []string{
				words("register.by-kind"), words(k.Trouble()), "", string(k.Kind), k.Attribute, words("feed.tool." + string(k.Tool)), "", "", "",
				text(k.Fresh), text(k.Lasting), text(k.Gone),
			})
		}
	}
	for _, area := range v.Areas {
		rows = append(rows, []string{
			words(byArea(v)), area.Name, string(area.UAI), "", "", "", rate(area.PerRecord), text(area.Academy), text(area.School),
			text(area.Fresh), "", text(area.Gone),
		})
	}
	return rows
}

// conformityJSON gives the figures of the page for a program. A figure that is
// not known is null.
func (s *Service) conformityJSON(r *web.Request) (web.Answer, error) {
	view, err := conformityOf(r)
	if err != nil {
		return nil, err
	}
	return web.JSON{Value: view.listing(r.Say)}, nil
}

// conformityListing is the page for a program. Identifiers are strings.
type conformityListing struct {
	Academy    string            `json:"academy"`
	Mode       aaf.Mode          `json:"mode"`
	Area       string            `json:"area,omitempty"` // when narrowed to one
	Deliveries []deliveryFigures `json:"deliveries"`     // newest first
	Kinds      []kindFigures     `json:"kinds"`          // of the newest
	Areas      []areaFigures     `json:"areas"`          // circonscriptions, or schools; of the newest
}

type deliveryFigures struct {
	ID          school.ID `json:"delivery_id,string"`
	Day         string    `json:"day"` // 2026-09-01
	PerThousand *float64  `json:"per_thousand_records"`
	Total       *int      `json:"troubles"`
	Academy     *int      `json:"by_academy"`
	School      *int      `json:"by_schools"`
	New         *int      `json:"new"`
	Lasting     *int      `json:"lasting"`
	Gone        *int      `json:"gone"`
}

type kindFigures struct {
	Kind      aaf.Kind  `json:"kind"`
	Attribute string    `json:"attribute,omitempty"` // of a composite
	Reason    string    `json:"reason"`
	Tool      feed.Tool `json:"tool"`
	New       *int      `json:"new"`
	Lasting   *int      `json:"lasting"`
	Gone      *int      `json:"gone"`
}

type areaFigures struct {
	Name        string     `json:"name"`
	UAI         school.UAI `json:"school,omitempty"`
	PerThousand *float64   `json:"per_thousand_records"`
	Academy     *int       `json:"by_academy"`
	School      *int       `json:"by_schools"`
	New         *int       `json:"new"`
	Gone        *int       `json:"gone"`
}

func (v conformityView) listing(say feed.Say) conformityListing {
	list := conformityListing{
		Academy: v.Source.Academy, Mode: v.Mode, Area: v.Place,
		Deliveries: []deliveryFigures{}, Kinds: []kindFigures{}, Areas: []areaFigures{},
	}
	for _, row := range v.Trend {
		list.Deliveries = append(list.Deliveries, deliveryFigures{
			row.Delivery, row.Day.Format(time.DateOnly), row.PerRecord.tenths(), row.Everything.number(), row.Academy.number(),
			row.School.number(), row.Fresh.number(), row.Lasting.number(), row.Gone.number(),
		})
	}
	for _, kinds := range [][]kindRow{v.Academy, v.Schools} {
		for _, k := range kinds {
			list.Kinds = append(list.Kinds, kindFigures{
				k.Kind, k.Attribute, say(k.Trouble()), k.Tool, k.Fresh.number(), k.Lasting.number(), k.Gone.number(),
			})
		}
	}
	for _, area := range v.Areas {
		list.Areas = append(list.Areas, areaFigures{
			area.Name, area.UAI, area.PerRecord.tenths(), area.Academy.number(), area.School.number(), area.Fresh.number(), area.Gone.number(),
		})
	}
	return list
}

// number is a count for a program; nil when it is not known.
func (c amount) number() *int {
	if c.Unknown {
		return nil
	}
	return &c.N
}

func (c amount) tenths() *float64 {
	if c.Unknown {
		return nil
	}
	rate := float64(c.N) / 10
	return &rate
}
