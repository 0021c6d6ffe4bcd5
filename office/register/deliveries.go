package register

import (
	"slices"
	"time"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
	"preau/directory/feed"
)

// deliveriesView is the last deliveries that the visitor may read.
type deliveriesView struct {
	Deliveries []feed.Delivery
	Whole      map[school.ID]bool // deliveries whose counts the visitor may read
	Academies  map[string]string  // names, by code
	Holds      int                // schools whose departures the visitor may decide
	Duplicates bool               // the visitor decides of those that cross schools
	Teams      bool               // the visitor keeps some
	Now        time.Time
}

// told is how many of the deliveries have counts that the visitor may read.
func (v deliveriesView) told() (n int) {
	for _, d := range v.Deliveries {
		if v.Whole[d.ID] {
			n++
		}
	}
	return n
}

// listed is how many deliveries a page lists.
const listed = 100

// deliveries lists the last deliveries, newest first.
func (s *Service) deliveries(r *web.Request) (web.Answer, error) {
	all, err := feed.Deliveries(r.Tx, listed)
	if err != nil {
		return nil, err
	}
	view := deliveriesView{Whole: map[school.ID]bool{}, Academies: map[string]string{}, Now: r.Tx.Now}
	readable := map[school.ID]bool{}
	for _, d := range all {
		reads, known := readable[d.Source]
		if !known {
			if reads, err = readsSource(r, d.Source); err != nil {
				return nil, err
			}
			readable[d.Source] = reads
		}
		if reads {
			view.Deliveries = append(view.Deliveries, d)
		}
	}
	for _, d := range view.Deliveries {
		if view.Whole[d.ID], err = readsWhole(r, d); err != nil {
			return nil, err
		}
		if _, known := view.Academies[d.Academy]; !known {
			if view.Academies[d.Academy], err = academyName(r, d); err != nil {
				return nil, err
			}
		}
	}
	view.Duplicates, view.Teams = r.Can(viewDuplicates, rights.Whole) == nil, r.Holds(viewTeam)
	if r.Holds(decideDepartures) {
		waiting, err := feed.HoldsWaiting(r.Tx, decided(r))
		if err != nil {
			return nil, err
		}
		view.Holds = len(waiting)
	}
	return web.Page{Title: r.Say("register.deliveries"), Body: deliveriesPage(view)}, nil
}

// academyName says whose delivery it is; one that was refused before it was
// read is nobody's.
func academyName(r *web.Request, d feed.Delivery) (string, error) {
	if d.Academy == "" {
		return r.Say("register.academy-unknown"), nil
	}
	if d.Kind == feed.FromSchool {
		at, err := directory.StructureByRef(r.Tx, "uai:"+d.Academy)
		if fail.Is(err, fail.NotFound) { // the extraction that made it was undone
			return d.Academy, nil
		}
		return at.Name, err
	}
	academy, err := directory.StructureByRef(r.Tx, "academy:"+d.Academy)
	if fail.Is(err, fail.NotFound) { // the delivery that brought it was undone
		return d.Academy, nil
	}
	return academy.Name, err
}

// readsSource tells whether the deliveries of a source concern the visitor.
func readsSource(r *web.Request, source school.ID) (bool, error) {
	areas, err := directory.AreasOfSource(r.Tx, source)
	if err != nil {
		return false, err
	}
	err = r.Can(viewReport, rights.Object{Areas: areas})
	if fail.Is(err, fail.NotFound) {
		return false, nil
	}
	return err == nil, err
}

// readable is what the visitor may read of a delivery.
type readable struct {
	feed.Delivery                   // without its counts, unless Whole
	Lines         []feed.ReportLine // of the schools of their areas, unless Whole
	Whole         bool
}

// deliveryOf reads the delivery of the path, for those whose right reaches it.
func deliveryOf(r *web.Request) (readable, error) {
	id, err := r.PathID("delivery")
	if err != nil {
		return readable{}, err
	}
	d, err := feed.DeliveryByID(r.Tx, id)
	if err != nil {
		return readable{}, err
	}
	reads, err := readsSource(r, d.Source)
	if err == nil && !reads {
		err = fail.New(fail.NotFound, "delivery %s is of no area of %s", id, r.Actor.Person)
	}
	if err != nil {
		return readable{}, err
	}
	whole, err := readsWhole(r, d)
	if err != nil {
		return readable{}, err
	}
	var schools []school.ID
	if !whole {
		d.Counts, d.Warnings = feed.Counts{}, 0
		if schools, err = schoolsWithin(r.Tx, r.Actor.Areas); err != nil {
			return readable{}, err
		}
	}
	lines, err := feed.Report(r.Tx, id, schools)
	return readable{d, lines, whole}, err
}

// readsWhole tells whether the visitor answers for the whole delivery: who
// runs the project, and the pilots of the académie that made it. They see
// what concerns no known school too, and the counts: those of a whole académie
// would tell the others of a few people elsewhere.
func readsWhole(r *web.Request, d feed.Delivery) (bool, error) {
	if r.Can(viewReport, rights.Whole) == nil {
		return true, nil
	}
	academy, err := directory.StructureByRef(r.Tx, "academy:"+d.Academy)
	if fail.Is(err, fail.NotFound) {
		return false, nil
	}
	return err == nil && slices.Contains(r.Actor.Areas, academy.ID), err
}

// schoolsWithin lists the schools of some areas; empty, never nil, when
// there is none.
func schoolsWithin(tx *db.Tx, areas []school.ID) ([]school.ID, error) {
	places, err := directory.SchoolsWithin(tx, areas...)
	ids := make([]school.ID, len(places))
	for i, place := range places {
		ids[i] = place.ID
	}
	return ids, err
}
