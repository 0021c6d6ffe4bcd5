package liaison

import (
	"slices"
	"strconv"
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
	Until time.Time
	Title string
	Body  rich.Text
	Facts facts
}

// versionsOf lists what a word said before and may say again, for [past.Kept], the last first.
func versionsOf(tx *db.Tx, word school.ID) ([]version, error) {
	return db.All(tx, func(row db.Row) (v version, err error) {
		var until db.Time
		var body, facts string
		if err = row.Scan(&until, &v.Title, &body, &facts); err != nil {
			return v, err
		}
		v.Until, v.Body = until.Time, rich.Load(body)
		v.Facts, err = loadFacts(facts)
		return v, err
	}, `SELECT until_at, title, body, facts FROM liaison_version WHERE word_id = $1 AND until_at > $2 ORDER BY until_at DESC`, word, db.At(tx.Now.Add(-past.Kept)))
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
	Now      time.Time
}

// before shows what a word said before, each with a way back.
func (s *Service) before(r *web.Request) (web.Answer, error) {
	w, err := s.live(r)
	if err != nil {
		return nil, err
	}
	v := beforeView{word: w, Now: r.Tx.Now}
	v.Versions, err = versionsOf(r.Tx, w.ID)
	return web.Page{Title: r.Say("liaison.before"), Body: beforePage(v)}, err
}

// sayBefore has a word say again what it said before. What it says now is kept, as when it is
// amended.
func (s *Service) sayBefore(r *web.Request) (web.Answer, error) {
	w, err := s.live(r)
	if err != nil {
		return nil, err
	}
	versions, err := versionsOf(r.Tx, w.ID)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(versions, func(v version) bool { return v.key() == r.PostFormValue("until") })
	if i < 0 {
		return nil, fail.New(fail.NotFound, "the word %s said nothing else until %q", w.ID, r.PostFormValue("until"))
	}
	w.Title, w.Body, w.Facts, w.Amended = versions[i].Title, versions[i].Body, versions[i].Facts, r.Tx.Now
	if err := w.keepWas(r, past.Amended); err != nil {
		return nil, err
	}
	if err := change(r.Tx, r.Printer, w); err != nil {
		return nil, err
	}
	return web.Redirect{To: w.path() + "/follow", Notice: "liaison.amended"}, s.putBack(r, w)
}

// key is a version among those of its word, in a form.
func (v version) key() string { return strconv.FormatInt(v.Until.UnixMilli(), 10) }
