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
	"preau/core/web"
	"preau/directory/place"
	"preau/directory/whom"
)

// writeView is an item that is being written, or changed.
type writeView struct {
	At     spot // of a new one
	Amends item // the one that is being changed; the zero one: a new one
	Whom   whom.Picker
	Leads  bool // the visitor may put it on top
	Poster bool // the school has a public page
	Whole  bool // it is for the whole school, and the visitor is to say that they mean it
	Form   web.Form
	Fields attach.Fields
	Now    time.Time
}

// The longest title, and the longest name of a place.
const maxTitle, maxPlace = 120, 120

func (s *Service) blank(r *web.Request) (web.Answer, error) {
	at, err := at(r)
	if err != nil {
		return nil, err
	}
	if whom.Asks(r) {
		return whom.Tell(r, reading(r, at.item()))
	}
	return s.writePage(r, at, web.Begun(r.URL.Query()))
}

func (s *Service) writePage(r *web.Request, at spot, form web.Form) (web.Answer, error) {
	v := writeView{At: at, Form: form, Whole: form.Error("whole") != "" || form.Value("whole") != "", Fields: s.Tray.Fields(r, bag, form, attach.Set{}), Now: r.Tx.Now}
	chosen := []whom.Circle{whom.Families, whom.Team}
	if at.Commune.ID == 0 {
		chosen = append(chosen, whom.Pupils)
	}
	var err error
	if v.Whom, err = whom.PickCircles(r, at.path(), around(at.audience()), nil, form, reading(r, at.item()), chosen...); err != nil {
		return nil, err
	}
	if err := s.options(r, &v, at.item()); err != nil {
		return nil, err
	}
	answer := web.Page{Title: r.Say("news.new"), Body: writePage(v), Status: form.Status()}
	if answer.Notices, err = leftOut(r, at.item().area()); err != nil {
		return nil, err
	}
	if at.School.ID != 0 {
		answer = place.Page(at.School, answer)
	}
	return answer, nil
}

// options says what the visitor may choose beside what is told.
func (s *Service) options(r *web.Request, v *writeView, i item) error {
	if !i.ofSchool() {
		return nil
	}
	p, err := pageOf(r.Tx, i.School)
	v.Leads, v.Poster = r.Can(lead, rights.Object{School: i.School}) == nil, !p.Opened.IsZero()
	return err
}

// publish addresses a new item to the circles that were chosen. What it carries is kept
// before the transaction, which waits for nothing.
func (s *Service) publish(r *web.Request) (web.Answer, error) {
	may := func() error { _, err := at(r); return err }
	return s.Tray.Upload(r, bag, may, func(sent attach.Sent) (web.Answer, error) { return s.published(r, sent) })
}

// published writes the item of the form, with what it carries, unless something of it
// was wrong.
func (s *Service) published(r *web.Request, sent attach.Sent) (web.Answer, error) {
	at, err := at(r)
	if err != nil {
		return nil, err
	}
	if whom.Looks(r) {
		return s.writePage(r, at, web.Kept(r.PostForm))
	}
	i := at.item()
	i.ID, i.Author, i.Published = school.NewID(r.Tx.Now), r.Actor.Person, r.Tx.Now
	err = s.typed(r, &i)
	if err == nil {
		err = sent.Wrong
	}
	if err == nil {
		err = means(r, i)
	}
	if form, again := r.Again(err); again {
		return s.writePage(r, at, form)
	}
	if err != nil {
		return nil, err
	}
	if sent.Empty() { // nothing was declared of it
		i.Faceless, i.FacelessBy = time.Time{}, 0
	}
	if err := bag.Hang(r.Tx, i.ID, sent.Set); err != nil {
		return nil, err
	}
	if err := s.tell(r, i, append(i.fronted(false), actPublish)...); err != nil {
		return nil, err
	}
	notice := "news.published"
	if i.scheduled(r.Tx.Now) {
		notice = "news.is-scheduled"
	}
	return web.Redirect{To: i.path(), Notice: notice}, nil
}

// wider tells whether an item says something to people, or on the public page, where it did not before.
func (i item) wider(was item) bool {
	more := slices.ContainsFunc(i.Circles, func(one whom.Circle) bool { return !slices.Contains(was.Circles, one) })
	return more || was.withheld() || !i.Public.IsZero() && was.Public.IsZero()
}

// means refuses what is for a whole school of whoever does not lead it until they say that they
// mean that many people.
func means(r *web.Request, i item) error {
	if !i.ofSchool() || r.PostFormValue("whole") != "" || r.Can(lead, rights.Object{School: i.School}) == nil {
		return nil
	}
	readers, err := whom.Sentence(r, i.audiences()...)
	if err != nil {
		return err
	}
	return fail.New(fail.Invalid, "for the whole school %s, without a second thought", i.School).Say("news.whole-sure", readers).At("whole")
}

// tell writes an item, and publishes it, or publishes it again; one that was kept back is for nobody.
func (s *Service) tell(r *web.Request, i item, acts ...audit.Action) error {
	if err := s.save(r, i, acts...); err != nil {
		return err
	}
	to, err := addressed(r, i)
	if err != nil {
		return err
	}
	if i.withheld() {
		if err := audience.Publish(r.Tx, to); err != nil {
			return err
		}
		return audience.KeepBack(r.Tx, i.ID)
	}
	return r.Publish(to)
}

// correct writes an item that says the same to the same people, whom it does not reach once more.
func (s *Service) correct(r *web.Request, i item, acts ...audit.Action) error {
	if err := s.save(r, i, acts...); err != nil {
		return err
	}
	to, err := addressed(r, i)
	if err != nil {
		return err
	}
	return audience.Publish(r.Tx, to)
}

// save writes an item, which its author has seen, and journals the act.
func (s *Service) save(r *web.Request, i item, acts ...audit.Action) error {
	if err := put(r.Tx, i); err != nil {
		return err
	}
	if i.Front && !i.unseen(r.Tx.Now) { // until then, the one that is there stays
		if err := alone(r.Tx, i.School, i.ID); err != nil {
			return err
		}
	}
	if err := audience.MarkRead(r.Tx, i.ID, 0, r.Actor.Person); err != nil {
		return err
	}
	for _, act := range acts {
		if err := s.write(r, act, i.teller(), i.School, i.ID); err != nil {
			return err
		}
	}
	if i.Faceless.Equal(r.Tx.Now) {
		return s.write(r, actDeclare, i.teller(), i.School, i.ID)
	}
	return nil
}

// fronted is the act of putting an item on top of its school's, or of taking it down; none
// of one that stays where it was.
func (i item) fronted(was bool) []audit.Action {
	switch {
	case i.Front == was:
		return nil
	case i.Front:
		return []audit.Action{actFront}
	}
	return []audit.Action{actUnfront}
}

// write journals an act on an object, of a school or of a commune.
func (s *Service) write(r *web.Request, act audit.Action, of, at, object school.ID) error {
	return s.Audit.Write(r.Tx, audit.Entry{By: r.By(), Action: act, Kind: "news", Object: object, Subject: of, School: at})
}

// typed reads what an item tells, to whom, and when.
func (s *Service) typed(r *web.Request, i *item) (err error) {
	if i.Circles, err = whom.ReadCircles(r.PostForm); err != nil {
		return err
	}
	if i.Title, err = r.Text("title", maxTitle); err != nil {
		return err
	}
	if i.Title = school.Clean(i.Title); i.Title == "" {
		return fail.New(fail.Invalid, "an item without a title").Say("news.no-title").At("title")
	}
	if i.Body, err = r.Rich("body"); err != nil {
		return err
	}
	if err := i.Event.read(r); err != nil {
		return err
	}
	if err := readDays(r, i); err != nil {
		return err
	}
	return readPlaces(r, i)
}

// read reads the event of an item. One that changes is not over.
func (e *event) read(r *web.Request) (err error) {
	was := *e
	day, err := r.Day("event_day")
	if err != nil {
		return err
	}
	last, err := r.Day("event_last")
	if err != nil {
		return err
	}
	place, err := r.Text("event_place", maxPlace)
	if err != nil {
		return err
	}
	hour := r.PostFormValue("event_hour")
	if *e = (event{At: day, Place: school.Clean(place)}); day.IsZero() {
		if !last.IsZero() || place != "" || hour != "" {
			return fail.New(fail.Invalid, "an event without a day").Say("news.no-day").At("event_day")
		}
		return nil
	}
	at, err := r.Hour("event_hour", day)
	if err != nil {
		return err
	}
	if !at.IsZero() {
		e.At, e.Timed = at, true
	}
	e.Until = dayAfter(day, 0)
	if !last.IsZero() {
		if last.Before(day) {
			return fail.New(fail.Invalid, "an event until %s", last).Say("news.ends-before").At("event_last")
		}
		e.Until = dayAfter(last, 0)
	}
	if !e.Until.After(r.Tx.Now) && !e.Until.Equal(was.Until) {
		return fail.New(fail.Invalid, "an event until %s", e.Until).Say("news.day-past").At("event_day")
	}
	return nil
}

// usualHour is when an item whose hour is not said is published.
const usualHour = 7

// readDays reads when an item is published, if it is not yet, and its last day.
func readDays(r *web.Request, i *item) error {
	day, err := r.Day("publish_day")
	if err != nil {
		return err
	}
	if i.Published.Before(r.Tx.Now) && !i.withheld() { // it is before everybody's eyes
		day = time.Time{}
	} else if day.IsZero() {
		if r.PostFormValue("publish_hour") != "" {
			return fail.New(fail.Invalid, "an hour without a day").Say("news.no-day").At("publish_day")
		}
		i.Published = r.Tx.Now
	}
	if !day.IsZero() {
		at, err := r.Hour("publish_hour", day)
		if err != nil {
			return err
		}
		if at.IsZero() {
			at = atHour(day, usualHour)
		}
		if !at.After(r.Tx.Now) {
			return fail.New(fail.Invalid, "published at %s", at).Say("news.moment-past").At("publish_day")
		}
		i.Published = at
	}
	was := i.Chosen
	if i.Chosen, err = r.Day("until"); err != nil {
		return err
	}
	if !i.Chosen.IsZero() {
		i.Chosen = dayAfter(i.Chosen, 0)
		if !i.Chosen.After(i.Published) || !i.Chosen.After(r.Tx.Now) && !i.Chosen.Equal(was) {
			return fail.New(fail.Invalid, "shown until %s", i.Chosen).Say("news.shown-past").At("until")
		}
	}
	i.Until = i.until()
	if !i.Until.After(i.Published) {
		return fail.New(fail.Invalid, "published once it is over").Say("news.over-before").At("publish_day")
	}
	return nil
}

// readPlaces reads where an item is shown beside its own page: on top, for whoever leads the
// school, and on the public page where there is one.
func readPlaces(r *web.Request, i *item) error {
	if !i.ofSchool() {
		return nil
	}
	if r.Can(lead, rights.Object{School: i.School}) == nil {
		i.Front = r.PostFormValue("front") != ""
	}
	p, err := pageOf(r.Tx, i.School)
	if err != nil || p.Opened.IsZero() {
		return err
	}
	mark(&i.Public, r.PostFormValue("public") != "", r.Tx.Now)
	declares := r.PostFormValue("faceless") != "" && !i.Public.IsZero()
	if declares && i.Faceless.IsZero() {
		i.FacelessBy = r.Actor.Person
	}
	if mark(&i.Faceless, declares, r.Tx.Now); !declares {
		i.FacelessBy = 0
	}
	return nil
}

// mark says since when something holds: from now on, or as before.
func mark(since *time.Time, holds bool, now time.Time) {
	switch {
	case !holds:
		*since = time.Time{}
	case since.IsZero():
		*since = now
	}
}
