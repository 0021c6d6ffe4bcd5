package register

import (
	"time"

	"preau/account"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
	"preau/directory/feed"
	"preau/directory/place"
)

// deskView is what waits for a head in one school.
type deskView struct {
	School     directory.Structure
	Whole      bool // the visitor heads it; to others the feeds are lent
	Counts     account.Counts
	Classes    []directory.ClassView // none on a home page, which has its own
	Troubles   int                   // that the school mends
	Holds      []feed.Waiting
	Duplicates int           // likely ones
	Joinings   int           // people who ask that two accounts be made one
	Carried    int           // pupils to whom a judge's decision was carried over
	Onde       bool          // the head extracts the school from ONDE
	Delivery   feed.Delivery // the last that was applied; its ID is 0 when none was
	Now        time.Time
}

// desk is a school seen by its head: what waits, then its classes; to whom the
// feeds are lent, what waits of them.
func (s *Service) desk(r *web.Request) (web.Answer, error) {
	at, err := place.School(r, viewDesk)
	if err != nil {
		return nil, err
	}
	counts, err := account.CountSchools(r.Tx, at.ID)
	if err != nil {
		return nil, err
	}
	view, err := readDesk(r, at, counts[at.ID])
	if err != nil {
		return nil, err
	}
	if view.Classes, err = directory.ClassesOf(r.Tx, at.ID); err != nil {
		return nil, err
	}
	return place.Page(at, web.Page{Title: r.Say("register.title"), Body: deskPage(view), Finds: true}), nil
}

// readDesk reads what waits in a school that was counted.
func readDesk(r *web.Request, at directory.Structure, counts account.Counts) (deskView, error) {
	view := deskView{School: at, Counts: counts, Now: r.Tx.Now}
	whole, err := place.Reaches(r, viewSchool, at.ID)
	if err != nil {
		return view, err
	}
	view.Whole = whole
	if view.Holds, err = feed.HoldsWaiting(r.Tx, []school.ID{at.ID}); err != nil {
		return view, err
	}
	if whole {
		if view.Duplicates, err = countDuplicates(r, at); err != nil {
			return view, err
		}
		if r.Holds(mergePeople) {
			asked, err := account.JoiningsIn(r.Tx, at.ID)
			if err != nil {
				return view, err
			}
			view.Joinings = len(asked)
		}
		carried, err := directory.CarriedIn(r.Tx, at.ID)
		if err != nil {
			return view, err
		}
		view.Carried = len(carried)
	}
	var lines []feed.ReportLine
	if view.Delivery, lines, err = feed.SchoolReport(r.Tx, at.ID, at.Source); err != nil {
		return view, err
	}
	by, err := feed.FeedsSchool(r.Tx, at.ID)
	if err != nil {
		return view, err
	}
	view.Onde = by != feed.FromAcademy
	for _, l := range lines {
		if l.BySchool() {
			view.Troubles += l.Count
		}
	}
	return view, nil
}
