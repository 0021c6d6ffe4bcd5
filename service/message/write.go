package message

import (
	"net/url"
	"slices"
	"time"

	"preau/core/attach"
	"preau/core/audience"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/rich"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
	"preau/directory/place"
	"preau/directory/whom"
)

// writeView is a message that is being written.
type writeView struct {
	desk
	Whom   whom.Picker
	Form   web.Form
	Fields attach.Fields
	Draft  school.ID // that is being gone on with; 0: none
	Pupil  bool      // a pupil writes
	Reader string    // the adult who reads it before another pupil does; empty: there is no pupil to write to
	Closed closed    // nothing is written there now
	Aside  rich.Text // of the draft, which is read meanwhile

	Called  map[school.ID]string       // of the pupils of the class, to a pupil
	Animals map[school.ID]ui.Pictogram // by which they are known
}

// maxSubject is the longest subject.
const maxSubject = 120

// blank shows a desk with nothing written, or with a draft.
func (s *Service) blank(at deskOf) web.Handler {
	return func(r *web.Request) (web.Answer, error) {
		d, err := at(r)
		if err != nil {
			return nil, err
		}
		if whom.Asks(r) {
			return whom.Tell(r, d.reading(r))
		}
		form, err := s.kept(r, d.Path)
		if err != nil {
			return nil, err
		}
		return s.writePage(r, d, form)
	}
}

func (s *Service) writePage(r *web.Request, d desk, form web.Form) (web.Answer, error) {
	v := writeView{desk: d, Form: form, Fields: s.Tray.Fields(r, bag, form, attach.Set{}).Aloud(), Pupil: r.Actor.Profile == school.Pupil}
	v.Draft, _ = school.ParseID(form.Value("draft"))
	var err error
	if v.Closed, err = closedAt(r, d.School); err != nil {
		return nil, err
	}
	if v.Closed.Why != "" && form.Wrong() == "" {
		if v.Aside, err = rich.Parse(form.Value("body")); err != nil {
			return nil, err
		}
		return web.Page{Title: r.Say("message.new"), Body: closedPage(v)}, nil
	}
	if v.Pupil {
		if slices.ContainsFunc(d.People, func(c contact) bool { return c.side() == pupil }) {
			if v.Reader, err = readerIn(r, d.Class); err != nil {
				return nil, err
			}
		}
		pupils, err := directory.PupilsIn(r.Tx, d.Class)
		if err != nil {
			return nil, err
		}
		v.Called, v.Animals = calledIn(pupils), place.Animals(pupils)
	}
	if !v.Pupil {
		if v.Whom, err = d.question().Pick(r, form, d.reading(r)); err != nil {
			return nil, err
		}
	}
	return web.Page{Title: r.Say("message.new"), Body: writePage(v), Records: !v.Pupil, Status: form.Status()}, nil
}

// readerIn is who reads what the pupils of a class write to each other, as they say it: their
// teacher, or one of them.
func readerIn(r *web.Request, class school.ID) (string, error) {
	teachers, err := directory.TeachersIn(r.Tx, class)
	if len(teachers) == 1 {
		return teachers[0].Formal(), err
	}
	return r.Say("message.a-teacher"), err
}

// publish takes the form of a desk. What it carries is kept before the transaction,
// which waits for nothing.
func (s *Service) publish(at deskOf) web.Handler {
	return func(r *web.Request) (web.Answer, error) {
		may := func() error { _, err := at(r); return err }
		return s.Tray.Upload(r, bagOf(r), may, func(sent attach.Sent) (web.Answer, error) {
			d, err := at(r)
			if err != nil {
				return nil, err
			}
			if r.PostFormValue("act") == "draft" {
				return putAside(r, d.Path)
			}
			if whom.Looks(r) {
				return s.writePage(r, d, web.Kept(r.PostForm))
			}
			if kept, err := keptAside(r, d.Path, d.School); kept != nil || err != nil {
				return kept, err
			}
			return s.published(r, d, sent)
		})
	}
}

// published sends the message of the form, with what it carries, unless something of it
// was wrong.
func (s *Service) published(r *web.Request, d desk, sent attach.Sent) (web.Answer, error) {
	to, t, p, err := s.typed(r, d, sent)
	if err == nil {
		err = sent.Wrong
	}
	if form, again := r.Again(err); again {
		return s.writePage(r, d, form)
	}
	if err != nil {
		return nil, err
	}
	if err := bag.Hang(r.Tx, p.ID, sent.Set); err != nil { // before it is found by the names of files
		return nil, err
	}
	if err := s.begin(r, t, p, to); err != nil {
		return nil, err
	}
	if err := forgetDraft(r); err != nil {
		return nil, err
	}
	notice := "message.sent"
	switch {
	case to.Held:
		notice = "message.sent-held"
	case t.later(r.Tx.Now):
		notice = "message.sent-later"
	}
	return web.Redirect{To: t.path(), Notice: notice}, nil
}

// typed reads a new message, and for whom it is.
func (s *Service) typed(r *web.Request, d desk, sent attach.Sent) (to addressed, t thread, p post, err error) {
	if to, err = d.read(r, r.PostForm); err != nil {
		return to, t, p, err
	}
	if err = s.mayBegin(r, d, to); err != nil {
		return to, t, p, err
	}
	t = thread{ID: school.NewID(r.Tx.Now), School: d.School, Child: to.Child, Author: r.Actor.Person, Kind: to.Kind, Begun: r.Tx.Now}
	if r.Actor.Profile != school.Guardian { // a class is that of whoever writes from it, and tells a guardian nothing
		t.Class = d.Class
	}
	if t.School == 0 && len(to.Seats) > 0 {
		t.School = schoolOf(d.People, to.Seats[0].Person)
	}
	if t.Subject, err = r.Text("subject", maxSubject); err != nil {
		return to, t, p, err
	}
	if t.Subject = school.Clean(t.Subject); t.Subject == "" {
		return to, t, p, fail.New(fail.Invalid, "a message without a subject").Say("message.no-subject").At("subject")
	}
	if p.Body, err = bodyOf(r, sent); err != nil {
		return to, t, p, err
	}
	if t.Begun, err = hourOf(r); err != nil {
		return to, t, p, err
	}
	t.Last = t.Begun
	p.ID, p.Thread, p.Author, p.Posted, p.State = school.NewID(r.Tx.Now), t.ID, t.Author, t.Begun, said
	if to.Held {
		p.State = held
	}
	return to, t, p, heldWithin(r.Tx, p)
}

// mostHeld is how many posts of one pupil wait for an adult at most: an adult reads each.
const mostHeld = 10

// heldWithin refuses a post that is to wait where as many of its author's wait already.
func heldWithin(tx *db.Tx, p post) error {
	if p.State != held {
		return nil
	}
	n, err := db.One(tx, db.Column[int], `SELECT count(*) FROM message_post WHERE author_id = $1 AND state = $2`, p.Author, held)
	if err == nil && n >= mostHeld {
		err = fail.New(fail.Invalid, "%d posts of %s wait for an adult", n, p.Author).Say("message.held-enough", n).At("body")
	}
	return err
}

// bodyOf reads what is said beside what a message carries, a voice for one; nothing at all is
// fail.Invalid.
func bodyOf(r *web.Request, sent attach.Sent) (rich.Text, error) {
	body, err := r.Rich("body")
	if err == nil && body.Empty() && sent.Empty() {
		err = fail.New(fail.Invalid, "a message that says nothing").Say("message.no-body").At("body")
	}
	return body, err
}

// usualHour is that of a message which is to leave another day, unless one is said.
const usualHour = 8

// hourOf reads when a message is to leave: now, unless an hour to come is said.
func hourOf(r *web.Request) (time.Time, error) {
	day, err := r.Day("day")
	if err != nil || day.IsZero() || r.Actor.Profile == school.Pupil {
		return r.Tx.Now, err
	}
	at, err := r.Hour("hour", day)
	if err != nil {
		return r.Tx.Now, err
	}
	if at.IsZero() {
		at = time.Date(day.Year(), day.Month(), day.Day(), usualHour, 0, 0, 0, school.Paris)
	}
	if !at.After(r.Tx.Now) {
		return r.Tx.Now, fail.New(fail.Invalid, "to be sent at %s", at).Say("message.hour-past").At("day")
	}
	if at.After(r.Tx.Now.AddDate(1, 0, 0)) {
		return r.Tx.Now, fail.New(fail.Invalid, "to be sent at %s", at).Say("message.hour-far").At("day")
	}
	return at, nil
}

// schoolOf is the school by which somebody is reached.
func schoolOf(people []contact, person school.ID) school.ID {
	for _, c := range people {
		if c.ID == person {
			return c.School
		}
	}
	return 0
}

// begin begins a conversation.
func (s *Service) begin(r *web.Request, t thread, p post, to addressed) error {
	me := seat{Person: t.Author, Profile: r.Actor.Profile}
	if r.Actor.Profile == school.Guardian {
		me.Child = t.Child
	}
	if err := insertThread(r.Tx, t, append([]seat{me}, to.Seats...)); err != nil {
		return err
	}
	if err := insertPost(r.Tx, p); err != nil {
		return err
	}
	author := audience.Audience{Place: audience.Person, Of: t.Author}
	if p.State == held {
		if err := waits(r.Tx, t, p); err != nil {
			return err
		}
		return publish(r, t, []audience.Audience{author}, p)
	}
	return publish(r, t, append(to.To, author), p)
}

// putAside keeps the form of a request as a draft, unless it is longer than a message may be.
func putAside(r *web.Request, path string) (web.Answer, error) {
	if _, err := rich.Parse(r.PostForm.Get("body")); err != nil {
		return nil, err
	}
	typed := url.Values{}
	for _, field := range append([]string{"to", "family", "person", "together", "subject", "body", "day", "hour"}, attach.KeptFields...) {
		if values := r.PostForm[field]; len(values) > 0 {
			typed[field] = values
		}
	}
	id, err := saveDraft(r, path, typed)
	return web.Redirect{To: "/message/draft/" + id.String(), Notice: "message.draft-kept"}, err
}
