package news

import (
	"slices"
	"time"

	"preau/core/attach"
	"preau/core/audience"
	"preau/core/audit"
	"preau/core/fail"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
	"preau/directory/whom"
)

// showView is an item as somebody reads it.
type showView struct {
	item
	From, By string // who tells it, and who wrote it
	Carried  attach.Set
	Small    bool // the reader does not read yet
	Now      time.Time

	Keeps  bool   // the visitor may change it
	Leads  bool   // and put it on top
	To     string // for whom it is; to whoever keeps it
	Poster string // the public page where it is; to whoever keeps it
	Done   []done // to whoever keeps it
}

// done is what somebody did with an item, or with a public page.
type done struct {
	What, By string
	At       time.Time
}

// show shows an item to whom it is addressed, and to those who keep it.
func (s *Service) show(r *web.Request) (web.Answer, error) {
	i, keeps, err := s.shown(r)
	if err != nil {
		return nil, err
	}
	v := showView{item: i, Keeps: keeps, Small: r.Reader == ui.PreReader, Now: r.Tx.Now}
	from, err := tellers(r.Tx, r.Printer, []item{i})
	if err != nil {
		return nil, err
	}
	v.From = from[i.ID]
	authors, err := directory.SomeByID(r.Tx, i.Author)
	if err != nil {
		return nil, err
	}
	for _, author := range authors {
		v.By = author.Formal()
	}
	carried, err := bag.Of(r.Tx, i.ID)
	if err != nil {
		return nil, err
	}
	v.Carried = carried[i.ID]
	if _, err := r.Seen(i.ID); err != nil {
		return nil, err
	}
	if keeps {
		err = s.keepers(r, &v)
	}
	r.Keep(i.Amended, i.Removed)
	return web.Page{Title: i.Title, Body: showPage(v)}, err
}

// keepers adds what only those who keep an item read.
func (s *Service) keepers(r *web.Request, v *showView) (err error) {
	v.Leads = v.ofSchool() && r.Can(lead, rights.Object{School: v.School}) == nil
	to, err := audience.To(r.Tx, v.ID)
	if err != nil {
		return err
	}
	if len(to[v.ID]) == 0 { // it was removed
		to[v.ID] = v.audiences()
	}
	if v.To, err = whom.Sentence(r, to[v.ID]...); err != nil {
		return err
	}
	if !v.Public.IsZero() {
		p, err := pageOf(r.Tx, v.School)
		if err != nil {
			return err
		}
		if !p.Opened.IsZero() {
			at, err := directory.StructureByID(r.Tx, v.School)
			if err != nil {
				return err
			}
			v.Poster = posterPath(at.UAI)
		}
	}
	v.Done, err = s.done(r, v.teller(), v.ID)
	return err
}

// mostDone is how many acts a page shows.
const mostDone = 20

// done lists what was done with an object of a place, the last first.
func (s *Service) done(r *web.Request, at, object school.ID) (all []done, err error) {
	found, err := s.Audit.Chosen(r.Tx, audit.Choice{About: []school.ID{at}, On: []school.ID{object}, Actions: acts, Most: mostDone})
	if err != nil {
		return nil, err
	}
	var people []school.ID
	for _, act := range found {
		people = append(people, act.Actor)
	}
	who, err := directory.SomeBy(r.Tx, people...)
	for _, act := range found {
		all = append(all, done{What: r.Say("news.act-" + string(act.Action)[len("news."):]), By: who[act.Actor].Formal(), At: act.At})
	}
	return all, err
}

// shown reads the item of the path, which is for the visitor, or which they keep. One that
// was removed is for whoever keeps it alone.
func (s *Service) shown(r *web.Request) (i item, keeps bool, err error) {
	if i, err = itemOf(r); err != nil {
		return i, false, err
	}
	if err = mayKeep(r, i); !fail.Is(err, fail.NotFound) {
		return i, err == nil, err
	}
	if !i.Removed.IsZero() {
		return i, false, err
	}
	held, err := r.Held()
	if err == nil {
		_, err = held.Children(r.Tx, i.ID)
	}
	return i, false, err
}

// itemOf reads the item of the path.
func itemOf(r *web.Request) (item, error) {
	id, err := r.PathID("item")
	if err != nil {
		return item{}, err
	}
	return itemByID(r.Tx, id)
}

// mayKeep is nil when the visitor may remove an item, and else fail.NotFound: a teacher
// may in their school alone.
func mayKeep(r *web.Request, i item) error {
	right, object := i.keeper()
	err := r.Can(right, object)
	if err == nil && i.Commune == 0 && !slices.Contains(r.Actor.Schools, i.School) {
		err = fail.New(fail.NotFound, "%s works no more at %s", r.Actor.Person, i.School)
	}
	return err
}

// mayChange is nil when the visitor may write an item anew: where the service is open.
func mayChange(r *web.Request, i item) error {
	if err := mayKeep(r, i); err != nil {
		return err
	}
	if i.School == 0 {
		if err := r.Can(write, rights.Object{Areas: []school.ID{i.Commune}}); err != nil {
			return err
		}
		_, err := reachOf(r, i.Commune)
		return err
	}
	if i.RPI != 0 { // of which the school is still
		if _, err := directory.GroupingIn(r.Tx, i.School, i.RPI); err != nil {
			return err
		}
	}
	if i.Class != 0 { // which is the visitor's still
		return r.Can(writeClass, rights.Object{Class: i.Class, School: i.School})
	}
	return r.Can(write, rights.Object{School: i.School})
}
