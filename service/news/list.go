package news

import (
	"math"
	"slices"
	"time"

	"preau/core/db"
	"preau/core/i18n"
	"preau/core/photo"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
)

// listView is the news that the visitor may read.
type listView struct {
	Lines     []line // those of now, the one on top first
	Agenda    []line // whose event is to come, the nearest first
	Scheduled []line // those that wait for their day; of whoever keeps them
	Withheld  []line // those that did not appear; of whoever keeps them
	Past      bool   // there are some; or the page is theirs
	Older     string
	Writes    bool // the visitor writes some
	Pages     []ui.Link
	Small     bool // the reader does not read yet
	Now       time.Time
}

// line is an item in a list.
type line struct {
	item
	From  string
	Photo photo.Kept // the first one; without a width, there is none
	Of    int        // how many there are
}

// How many items a page has at most: of now, of the past, and to come.
const mostNow, mostPast, mostToCome = 60, 20, 6

func (s *Service) list(r *web.Request) (web.Answer, error) {
	v := listView{Writes: r.Holds(write), Small: r.Reader == ui.PreReader, Now: r.Tx.Now}
	where, args, err := s.mine(r, []any{mostNow, db.At(r.Tx.Now)})
	if err != nil {
		return nil, err
	}
	now, err := items(r.Tx, `i.until_at > $2 AND i.kept_at IS NULL AND `+where, "i.front DESC, i.published_at DESC, i.id DESC", args...)
	if err != nil {
		return nil, err
	}
	if v.Lines, err = lines(r, now); err != nil {
		return nil, err
	}
	v.sort()
	if r.Holds(keep) || r.Holds(keepCommune) {
		kept, err := keptBackOf(r)
		if err != nil {
			return nil, err
		}
		if v.Withheld, err = lines(r, kept); err != nil {
			return nil, err
		}
	}
	args[0] = 1
	past, err := items(r.Tx, `i.until_at <= $2 AND i.kept_at IS NULL AND `+where, "i.id DESC", args...)
	if err != nil {
		return nil, err
	}
	v.Past = len(past) > 0
	if r.Holds(lead) {
		schools, err := directory.StructuresByID(r.Tx, r.Actor.Schools...)
		if err != nil {
			return nil, err
		}
		for _, at := range schools {
			v.Pages = append(v.Pages, ui.Link{Href: pagePath(at.ID), Icon: ui.IconWeb, Label: r.Say("news.page-of", at.Name)})
		}
	}
	v.keep(r)
	return web.Page{Title: r.Say("news.title"), Body: listPage(v)}, nil
}

// keep lets the device keep a list, until one of its items changes.
func (v listView) keep(r *web.Request) {
	var items []any
	for _, l := range slices.Concat(v.Lines, v.Agenda, v.Scheduled, v.Withheld) {
		items = append(items, l.ID, l.Amended)
	}
	r.Keep(items...)
}

// past lists what is past, the last first.
func (s *Service) past(r *web.Request) (web.Answer, error) {
	v := listView{Past: true, Small: r.Reader == ui.PreReader, Now: r.Tx.Now}
	before := school.ID(math.MaxInt64)
	if id, err := school.ParseID(r.URL.Query().Get("before")); err == nil {
		before = id
	}
	where, args, err := s.mine(r, []any{mostPast + 1, db.At(r.Tx.Now), before})
	if err != nil {
		return nil, err
	}
	past, err := items(r.Tx, `i.until_at <= $2 AND i.kept_at IS NULL AND i.id < $3 AND `+where, "i.id DESC", args...)
	if err != nil {
		return nil, err
	}
	if len(past) > mostPast {
		past = past[:mostPast]
		v.Older = "/news/past?before=" + past[mostPast-1].ID.String()
	}
	if v.Lines, err = lines(r, past); err != nil {
		return nil, err
	}
	v.keep(r)
	return web.Page{Title: r.Say("news.past"), Body: pastPage(v)}, nil
}

// mine is the condition that finds the items i that are or were for the visitor, and
// those that they keep; not those that were removed.
func (s *Service) mine(r *web.Request, args []any) (string, []any, error) {
	held, err := r.Held()
	if err != nil {
		return "", nil, err
	}
	seen, args := held.Things(r.Tx, args...)
	keeps, args := keeping(r, args)
	return `i.removed_at IS NULL AND i.id IN (` + seen + ` UNION ALL SELECT i.id FROM news_item i WHERE ` + keeps + `)`, args, nil
}

// keeping is the condition that finds the items i that the visitor may change.
func keeping(r *web.Request, args []any) (string, []any) {
	own, args := r.Scope(keep, rights.Columns{Person: "i.author_id", School: "i.school_id"}, args...)
	there, args := r.Scope(write, rights.Columns{School: "i.school_id"}, args...)
	commune, args := r.Scope(keepCommune, rights.Columns{InArea: "i.commune_id IN (%[1]s)"}, args...)
	return `(i.commune_id = 0 AND ` + own + ` AND ` + there + ` OR i.commune_id <> 0 AND ` + commune + `)`, args
}

// sort parts what waits for its day from what is shown, and finds what is to come. Of two
// of a school that are on top, the one that came later is.
func (v *listView) sort() {
	var on, below []line
	top := map[school.ID]bool{}
	for _, l := range v.Lines {
		if l.scheduled(v.Now) {
			v.Scheduled = append(v.Scheduled, l)
			continue
		}
		if l.Front = l.Front && !top[l.School]; l.Front {
			top[l.School] = true
			on = append(on, l)
		} else {
			below = append(below, l)
		}
		if l.Event.Until.After(v.Now) {
			v.Agenda = append(v.Agenda, l)
		}
	}
	slices.SortStableFunc(below, func(a, b line) int { return b.Published.Compare(a.Published) })
	v.Lines = slices.Concat(on, below)
	slices.SortStableFunc(v.Agenda, func(a, b line) int { return a.Event.At.Compare(b.Event.At) })
	v.Agenda = v.Agenda[:min(len(v.Agenda), mostToCome)]
}

// lines says of each item who tells it, and its first photo.
func lines(r *web.Request, all []item) ([]line, error) {
	from, err := tellers(r.Tx, r.Printer, all)
	if err != nil {
		return nil, err
	}
	ids := make([]school.ID, len(all))
	for n, i := range all {
		ids[n] = i.ID
	}
	photos, err := bag.PhotosOf(r.Tx, ids...)
	lines := make([]line, len(all))
	for n, i := range all {
		lines[n] = line{item: i, From: from[i.ID], Of: len(photos[i.ID])}
		if lines[n].Of > 0 {
			lines[n].Photo = photos[i.ID][0]
		}
	}
	return lines, err
}

// tellers are who tells some items, by item: a school, for one of its classes perhaps, or a commune.
func tellers(tx *db.Tx, say i18n.Printer, all []item) (map[school.ID]string, error) {
	places, err := placesOf(tx, all)
	if err != nil {
		return nil, err
	}
	var ids []school.ID
	for _, i := range all {
		if i.Class != 0 {
			ids = append(ids, i.Class)
		}
	}
	classes, err := directory.PlainClassesByID(tx, ids...)
	from := map[school.ID]string{}
	for _, i := range all {
		from[i.ID] = tellerName(say, places[i.teller()])
		for _, class := range classes {
			if class.ID == i.Class {
				from[i.ID] = i18n.Dots(class.Label, from[i.ID])
			}
		}
	}
	return from, err
}

// placesOf are the schools and the communes that tell some items.
func placesOf(tx *db.Tx, all []item) (map[school.ID]directory.Structure, error) {
	var ids []school.ID
	for _, i := range all {
		ids = append(ids, i.teller())
	}
	known, err := directory.StructuresByID(tx, ids...)
	places := map[school.ID]directory.Structure{}
	for _, at := range known {
		places[at.ID] = at
	}
	return places, err
}

// tellerName is what a school, or a commune, is called as it tells something.
func tellerName(say i18n.Printer, at directory.Structure) string {
	if at.Kind == directory.Commune {
		return say.Say("news.commune", say.Of(at.Name))
	}
	return at.Name
}

// teller is who tells an item: its commune, or else its school.
func (i item) teller() school.ID {
	if i.Commune != 0 {
		return i.Commune
	}
	return i.School
}
