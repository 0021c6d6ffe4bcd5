package liaison

import (
	"time"

	"preau/core/audience"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
	"preau/core/web"
)

// remind has those told again whose answer is awaited still, and nobody else: once a day at
// most. They are told by the rhythm and outside of the quiet hours that they chose.
func (s *Service) remind(r *web.Request) (web.Answer, error) {
	w, err := s.live(r)
	if err != nil {
		return nil, err
	}
	v, err := s.followed(r)
	if err != nil {
		return nil, err
	}
	back := w.path() + "/follow"
	switch {
	case w.expects() == audience.Nobody:
		return nil, fail.New(fail.Conflict, "the word %s expects no answer", w.ID).Say("liaison.no-answer")
	case w.late(r.Tx.Now):
		return web.Redirect{To: back, Notice: "liaison.remind-late", Info: true}, nil
	case w.remindedToday(r.Tx.Now):
		return web.Redirect{To: back, Notice: "liaison.remind-once", Info: true}, nil
	}
	to := v.waitedFor()
	if len(to) == 0 {
		return web.Redirect{To: back, Notice: "liaison.remind-nobody", Info: true}, nil
	}
	w.Reminded = r.Tx.Now
	if err := reminded(r.Tx, w); err != nil {
		return nil, err
	}
	people := make([]school.ID, len(to))
	for i, one := range to {
		people[i] = one.Person
	}
	if err := s.Notify.Remind(r.Tx, people...); err != nil {
		return nil, err
	}
	if err := r.ActsOn(families(to)); err != nil {
		return nil, err
	}
	return web.Redirect{To: back, Notice: "liaison.reminded"}, s.journal(r, actRemind, w)
}

// reminded writes when a word was last reminded of, in its addresses too: who is told what waits
// is told by these.
func reminded(tx *db.Tx, w word) error {
	if _, err := tx.Exec(`UPDATE liaison_word SET reminded_at = $2 WHERE id = $1`, w.ID, db.At(w.Reminded)); err != nil {
		return err
	}
	to, err := audience.To(tx, w.ID)
	if err != nil {
		return err
	}
	return audience.Publish(tx, w.address(to[w.ID]))
}

// remindedToday tells whether those who are awaited were reminded today.
func (w word) remindedToday(now time.Time) bool {
	return !w.Reminded.IsZero() && onDay(w.Reminded) == onDay(now)
}

// reminds tells whether a reminder may leave: something is expected still, of somebody whom it
// would reach.
func (v followView) reminds() bool {
	return v.expects() != audience.Nobody && !v.late(v.Now) && len(v.waitedFor()) > 0
}

// waitedFor lists those whose answer is awaited still and who have an account, each for each
// child for whom it is.
func (v followView) waitedFor() (all []audience.Reached) {
	for _, c := range v.Children {
		if c.Done {
			continue
		}
		for _, g := range v.answerers(c) {
			if g.Joined && g.Done.IsZero() {
				all = append(all, audience.Reached{Person: g.Who.ID, Child: c.Child.ID})
			}
		}
	}
	return all
}

// families counts the children for whom somebody is reached: see [word.progress].
func families(reached []audience.Reached) int {
	children := map[school.ID]bool{}
	for _, one := range reached {
		children[one.Child] = true
	}
	return len(children)
}
