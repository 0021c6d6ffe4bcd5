package register

import (
	"cmp"
	"maps"
	"slices"

	"preau/core/db"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
	"preau/directory/aaf"
	"preau/directory/feed"
	"preau/directory/place"
)

// troublesView is what the last delivery had wrong about a school.
type troublesView struct {
	School   directory.Structure
	Delivery feed.Delivery  // its ID is 0 when none was applied
	ToMend   []troubleGroup // in the school's records
	ToKnow   []troubleGroup // the académie mends these, or nobody has to
	// Pupils are those whom the records are about, for whoever may see them.
	Pupils map[directory.Record]school.ID
	// Places are the classes where these pupils are all the same.
	Places map[school.ID]string
}

// troubleGroup is the lines of one kind and what was done about them.
type troubleGroup struct {
	feed.ReportLine // the first, which says kind and action
	Lines           []feed.ReportLine
	Count           int
}

// troubles shows a head what to correct, without a name: what one may print
// and hand on. Each record leads to the pupil, whom a head may open.
func (s *Service) troubles(r *web.Request) (web.Answer, error) {
	at, err := place.School(r, viewTroubles)
	if err != nil {
		return nil, err
	}
	view := troublesView{School: at}
	var lines []feed.ReportLine
	if view.Delivery, lines, err = feed.SchoolReport(r.Tx, at.ID, at.Source); err != nil {
		return nil, err
	}
	jointures := make([]int64, 0, len(lines))
	for _, l := range lines {
		jointures = append(jointures, int64(l.Key))
	}
	if r.Can(viewPupil, rights.Object{School: at.ID}) == nil {
		if view.Pupils, err = directory.PupilsOfRecords(r.Tx, at.ID, at.Source, jointures...); err != nil {
			return nil, err
		}
	}
	if view.Places, err = placesOf(r.Tx, at.ID, view.Pupils); err != nil {
		return nil, err
	}
	ours, others := parted(lines, feed.ReportLine.BySchool)
	view.ToMend, view.ToKnow = groups(ours), groups(others)
	return place.Page(at, web.Page{Title: r.Say("register.troubles"), Body: troublesPage(view, r.Tx.Now)}), nil
}

// placesOf reads the class of each pupil who is in one.
func placesOf(tx *db.Tx, at school.ID, pupils map[directory.Record]school.ID) (map[school.ID]string, error) {
	ids := slices.Sorted(maps.Values(pupils))
	parts, err := directory.PartsOf(tx, at, slices.Compact(ids)...)
	places := map[school.ID]string{}
	for _, part := range parts {
		if part.Class != "" {
			places[part.Person] = part.Class
		}
	}
	return places, err
}

// href leads to the pupil whom a line is about; empty for nobody's.
func (v troublesView) href(l feed.ReportLine) string {
	pupil, known := v.Pupils[recordOf(l)]
	if !known {
		return ""
	}
	return pupilPath(v.School.ID, pupil)
}

// recordOf is the record that a line is about.
func recordOf(l feed.ReportLine) directory.Record {
	return directory.Record{Category: string(l.Category), Jointure: int64(l.Key)}
}

// actions are what becomes of records, the graver first.
var actions = []aaf.Action{feed.Refusing, aaf.Rejected, aaf.Ignored, aaf.Kept}

// groups gathers lines by kind and action, and those of a composite by its
// attribute, as it says what is wrong: the graver actions first, then
// the more numerous.
func groups(lines []feed.ReportLine) []troubleGroup {
	type key struct {
		kind      aaf.Kind
		action    aaf.Action
		composite string
	}
	at := map[key]int{}
	var list []troubleGroup
	for _, l := range lines {
		k := key{kind: l.Kind, action: l.Action}
		if l.Kind == aaf.MalformedComposite {
			k.composite = l.Attribute
		}
		i, seen := at[k]
		if !seen {
			i = len(list)
			at[k] = i
			list = append(list, troubleGroup{ReportLine: l})
		}
		list[i].Lines, list[i].Count = append(list[i].Lines, l), list[i].Count+l.Count
	}
	slices.SortStableFunc(list, func(a, b troubleGroup) int {
		return cmp.Or(
			cmp.Compare(slices.Index(actions, a.Action), slices.Index(actions, b.Action)),
			cmp.Compare(b.Count, a.Count), cmp.Compare(a.Kind, b.Kind),
		)
	})
	return list
}
