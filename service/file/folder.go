package file

import (
	"slices"
	"time"

	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
)

// folderView is what is in a folder, or at the top of a space.
type folderView struct {
	place
	Lines   []line
	Next    string // the page of what follows
	Gauge   ui.Gauge
	Opened  []string // to whom it is opened, with what is around it; to whoever keeps it
	Puts    bool     // the visitor may put something there
	Begun   []upload // what the visitor began to send there and did not finish
	Starred bool
	Small   bool
	Child   bool
	Form    web.Form
	Now     time.Time
}

// mostShown is how many entries a page shows.
const mostShown = 200

// show shows a folder, or a file.
func (s *Service) show(r *web.Request) (web.Answer, error) {
	p, err := s.entryAt(r, reads)
	if err != nil {
		return nil, err
	}
	if err := s.seen(r, p); err != nil {
		return nil, err
	}
	if !p.holds() {
		return s.filePage(r, p, web.Form{})
	}
	return s.folderPage(r, p, web.Form{})
}

// seen notes that the visitor has before their eyes what was opened to them.
func (s *Service) seen(r *web.Request, p place) error {
	if p.Inside || len(p.Chain) == 0 {
		return nil
	}
	held, err := r.Held()
	if err != nil {
		return err
	}
	grants, err := sharesTo(r.Tx, held, p.entry().ID)
	for _, g := range grants {
		if err == nil {
			_, err = r.Seen(g.ID)
		}
	}
	return err
}

// folderPage shows what is in a folder; form is one of its own that comes back.
func (s *Service) folderPage(r *web.Request, p place, form web.Form) (web.Answer, error) {
	v := folderView{
		place: p, Small: r.Reader == ui.PreReader, Child: r.Actor.Profile == school.Pupil, Form: form, Now: r.Tx.Now,
		Puts: p.Level >= drops && p.entry().Bin == 0 && r.Holds(put), Gauge: gaugeOf(r, p.Space),
	}
	all, err := s.contents(r, p)
	if err != nil {
		return nil, err
	}
	if len(all) > mostShown {
		all = all[:mostShown]
		v.Next = p.path() + "?after=" + all[mostShown-1].ID.String()
	}
	if v.Lines, err = s.lines(r, all); err != nil {
		return nil, err
	}
	if v.Puts {
		if v.Begun, err = begunIn(r, p); err != nil {
			return nil, err
		}
	}
	if p.Level >= writes && len(p.Chain) > 0 {
		if v.Opened, err = openedBy(r, p.Chain); err != nil {
			return nil, err
		}
	}
	title := p.Space.Name
	if len(p.Chain) > 0 {
		title = p.entry().Name
		if v.Starred, err = isStarred(r.Tx, r.Actor.Person, p.entry().ID); err != nil {
			return nil, err
		}
	}
	return web.Page{Title: title, Body: folderPage(v), Status: form.Status()}, nil
}

// contents lists what the visitor sees in a folder, from the page that is asked for on: one more than it shows. Where
// they drop things, what is in their part of it stands there.
func (s *Service) contents(r *web.Request, p place) ([]entry, error) {
	if p.Space.ID == 0 {
		return nil, nil
	}
	var after entry
	if id, err := school.ParseID(r.URL.Query().Get("after")); err == nil {
		from, err := entriesByID(r.Tx, id)
		if err != nil {
			return nil, err
		}
		if len(from) == 1 && from[0].Parent == p.parent() {
			after = from[0]
		}
	}
	of := p.others(r)
	all, err := entriesIn(r.Tx, p.Space.ID, p.parent(), mostShown+1, after, of)
	if err != nil || p.Level != drops {
		return all, err
	}
	part := slices.IndexFunc(all, func(e entry) bool { return e.Folder && e.Owner == of })
	if part < 0 {
		return all, nil
	}
	mine, err := entriesIn(r.Tx, p.Space.ID, all[part].ID, mostShown, entry{}, of)
	return slices.Concat(mine, slices.Delete(all, part, part+1)), err
}

// openedBy says in words to whom some folders, in one another, are opened.
func openedBy(r *web.Request, in chain) ([]string, error) {
	grants, err := grantsOf(r.Tx, in.ids()...)
	if err != nil {
		return nil, err
	}
	said, err := saidOf(r, grants)
	all := make([]string, len(grants))
	for n, g := range grants {
		all[n] = r.Say("file.opened-"+g.Level, said[g.ID])
	}
	slices.Sort(all)
	return slices.Compact(all), err
}

// crumbs are the folders around a place that the visitor sees.
func (p place) crumbs(r sayer) []ui.Link {
	links := []ui.Link{{Href: "/file/", Label: r.Say("file.title")}}
	if len(p.Chain) == 0 {
		return links
	}
	first := p.First
	if p.Inside {
		links, first = append(links, ui.Link{Href: p.Space.path(), Label: p.Space.Name}), 0
	}
	for _, e := range p.Chain[first : len(p.Chain)-1] {
		links = append(links, ui.Link{Href: e.path(), Label: e.Name})
	}
	return links
}

// path is the page of the top of a space.
func (s space) path() string { return inPath(s.spot()) }

// sayer says texts of the catalogue.
type sayer interface {
	Say(key string, args ...any) string
}
