package liaison

import (
	"time"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/past"
	"preau/core/rich"
	"preau/core/school"
	"preau/core/web"
)

// version is what a word said until it was changed.
type version struct {
	ID    school.ID // of the change
	Until time.Time
	Title string
	Body  rich.Text
	Facts facts
}

// saidUntil is what a word said until a change.
func saidUntil(c past.Change) (v version, err error) {
	v = version{ID: c.ID, Until: c.At}
	for _, row := range c.Was {
		if row.Table == "liaison_word" {
			v.Title, v.Body = row.Text("title"), rich.Load(row.Text("body"))
			v.Facts, err = loadFacts(row.Text("facts"))
		}
	}
	return v, err
}

// mostVersions is how many versions of a word a page has.
const mostVersions = 5

// versionsOf lists what a word said before and may say again, the last first: those before a change
// (0: all), as many as a page has. It tells whether there are more before.
func versionsOf(tx *db.Tx, word, before school.ID) (versions []version, more bool, err error) {
	changes, more, err := past.Page(tx, word, past.Amended, before, mostVersions)
	if err != nil {
		return nil, false, err
	}
	for _, c := range changes {
		v, err := saidUntil(c)
		if err != nil {
			return nil, false, err
		}
		versions = append(versions, v)
	}
	return versions, more, nil
}

// restorable tells whether a word was cancelled, and may count again.
func (w word) restorable(now time.Time) bool {
	return !w.Cancelled.IsZero() && now.Before(w.Cancelled.Add(past.Kept))
}

// restore has a word that was cancelled count again: what it expected is expected, and what
// was answered stands.
func (s *Service) restore(r *web.Request) (web.Answer, error) {
	w, err := s.ours(r, write)
	if err != nil {
		return nil, err
	}
	done := web.Redirect{To: w.path() + "/follow", Notice: "liaison.restored"}
	switch {
	case w.Cancelled.IsZero():
		return done, nil
	case !w.restorable(r.Tx.Now):
		return nil, fail.New(fail.Conflict, "the word %s was cancelled more than %s ago", w.ID, past.Kept).Say("liaison.restore-late")
	}
	w.Cancelled, w.Amended = time.Time{}, r.Tx.Now
	if err := w.keepWas(r, past.Restored); err != nil {
		return nil, err
	}
	if err := revoke(r.Tx, w); err != nil {
		return nil, err
	}
	return done, s.putBack(r, w)
}

// putBack journals that a word says again what it said, and tells it again.
func (s *Service) putBack(r *web.Request, w word) error {
	if err := s.journal(r, actRestore, w); err != nil {
		return err
	}
	return s.tellAgain(r, w)
}

// beforeView is what a word said before.
type beforeView struct {
	word
	Versions []version
	Older    string // where those before are; empty: there are none
	Now      time.Time
}

// before shows what a word said before, a few at a time, each with a way back.
func (s *Service) before(r *web.Request) (web.Answer, error) {
	w, err := s.live(r)
	if err != nil {
		return nil, err
	}
	v := beforeView{word: w, Now: r.Tx.Now}
	before, _ := school.ParseID(r.URL.Query().Get("before"))
	versions, more, err := versionsOf(r.Tx, w.ID, before)
	if v.Versions = versions; more {
		v.Older = w.path() + "/before?before=" + versions[len(versions)-1].ID.String()
	}
	return web.Page{Title: r.Say("liaison.before"), Body: beforePage(v)}, err
}

// sayBefore has a word say again what it said before. What it says now is kept, as when it is
// amended.
func (s *Service) sayBefore(r *web.Request) (web.Answer, error) {
	w, err := s.live(r)
	if err != nil {
		return nil, err
	}
	until, err := r.FormID("until")
	if err != nil {
		return nil, err
	}
	c, err := past.ByID(r.Tx, w.ID, until)
	if err != nil {
		return nil, err
	}
	v, err := saidUntil(c)
	if err != nil {
		return nil, err
	}
	w.Title, w.Body, w.Facts, w.Amended = v.Title, v.Body, v.Facts, r.Tx.Now
	if err := w.keepWas(r, past.Amended); err != nil {
		return nil, err
	}
	if err := change(r.Tx, r.Printer, w); err != nil {
		return nil, err
	}
	return web.Redirect{To: w.path() + "/follow", Notice: "liaison.amended"}, s.putBack(r, w)
}
