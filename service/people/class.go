package people

import (
	"bytes"
	"iter"
	"strconv"
	"time"

	"preau/core/audit"
	"preau/core/school"
	"preau/core/sheet"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
	"preau/directory/place"
)

// classView is the list of a class.
type classView struct {
	place.Room
	Teachers []directory.InClass
	Pupils   []directory.InClass
	Births   bool                 // days of birth are for the visitor
	Marks    map[school.ID]string // that tell homonyms apart, where they are not
	Columns  int                  // to tick or to write in
	Export   bool
	Office   []ui.Link // what the visitor does for it
}

// columnChoices are how many columns one may add to a list; a sheet of A4 has
// room for the last.
var columnChoices = []int{0, 3, 5, 10}

// class shows the pupils of a class as a list to print, with columns to tick
// when they are asked for.
func (s *Service) class(r *web.Request) (web.Answer, error) {
	v := classView{}
	var err error
	if v.Room, err = place.Class(r, listClass); err != nil {
		return nil, err
	}
	if v.Teachers, err = directory.TeachersIn(r.Tx, v.Class.ID); err != nil {
		return nil, err
	}
	if v.Pupils, err = directory.PupilsIn(r.Tx, v.Class.ID); err != nil {
		return nil, err
	}
	in := place.Object(v.Class)
	v.Births, v.Export = r.Can(seeBirth, in) == nil, r.Can(exportClass, in) == nil
	if !v.Births {
		v.Marks = directory.TellApartByDay(r.Printer, v.Pupils)
	}
	columns, err := strconv.Atoi(r.URL.Query().Get("columns"))
	if err == nil { // anything else asks for none
		v.Columns = min(max(columns, 0), columnChoices[len(columnChoices)-1])
	}
	v.Office = ofClass(r, v.Class.ID, in)
	return place.Page(v.School, web.Page{Title: v.Class.Label, Body: classPage(v), Help: printHelp()}), nil
}

// classCSV gives the list of a class for a spreadsheet, and journals it: once
// saved, names and days of birth are out of our hands.
func (s *Service) classCSV(r *web.Request) (web.Answer, error) {
	at, err := place.Class(r, exportClass)
	if err != nil {
		return nil, err
	}
	pupils, err := directory.PupilsIn(r.Tx, at.Class.ID)
	if err != nil {
		return nil, err
	}
	err = s.Audit.Write(r.Tx, audit.Entry{
		By: r.By(), Action: actExportClass, Kind: "class",
		Object: at.Class.ID, School: at.Class.School,
	})
	if err != nil {
		return nil, err
	}
	if err := r.ActsOn(len(pupils)); err != nil {
		return nil, err
	}
	var body bytes.Buffer
	err = sheet.Write(&body, sheetRows(r, pupils, r.Can(seeBirth, place.Object(at.Class)) == nil))
	return web.CSV(at.Class.Label, body.Bytes()), err
}

// sheetRows are the rows of the spreadsheet, its heads first.
func sheetRows(r *web.Request, pupils []directory.InClass, births bool) iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		row := []string{r.Say("people.column-name"), r.Say("people.column-first"), r.Say("people.column-level")}
		if births {
			row = append(row, r.Say("people.column-born"))
		}
		if !yield(row) {
			return
		}
		for _, p := range pupils {
			row := []string{p.Usual, p.First, p.Level}
			if births {
				row = append(row, bornOn(p.Born))
			}
			if !yield(row) {
				return
			}
		}
	}
}

// bornOn writes a day of birth as a list does, "04/03/2019"; empty when the
// register does not know.
func bornOn(day string) string {
	born, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return ""
	}
	return born.Format("02/01/2006")
}
