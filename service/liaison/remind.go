package liaison

import (
	"slices"
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
	}
	to := v.waitedFor()
	if len(to) == 0 {
		return web.Redirect{To: back, Notice: "liaison.remind-nobody", Info: true}, nil
	}
	if first, err := reminded(r.Tx, w); err != nil || !first {
		return web.Redirect{To: back, Notice: "liaison.remind-once", Info: true}, err
	}
	if err := s.Notify.Remind(r.Tx, parents(to)...); err != nil {
		return nil, err
	}
	if err := r.ActsOn(childrenOf(to)); err != nil {
		return nil, err
	}
	return web.Redirect{To: back, Notice: "liaison.reminded"}, s.journal(r, actRemind, w)
}

// reminded writes that a word is reminded of now, in its addresses too: who is told what waits is
// told by these. It is false when it was today already: of two at once one alone is the first.
func reminded(tx *db.Tx, w word) (first bool, err error) {
	n, err := tx.Exec(`UPDATE liaison_word SET reminded_at = $2 WHERE id = $1 AND (reminded_at IS NULL OR reminded_at < $3)`,
		w.ID, db.At(tx.Now), db.At(school.DayOf(tx.Now)))
	if err != nil || n == 0 {
		return false, err
	}
	to, err := audience.To(tx, w.ID)
	if err != nil {
		return false, err
	}
	w.Reminded = tx.Now
	return true, audience.Publish(tx, w.address(to[w.ID]))
}

// remindedToday tells whether those who are awaited were reminded today.
func (w word) remindedToday(now time.Time) bool {
	return !w.Reminded.Before(school.DayOf(now))
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

// parents are those who are reached, each once, for however many children.
func parents(reached []audience.Reached) (people []school.ID) {
	for _, one := range reached {
		people = append(people, one.Person)
	}
	slices.Sort(people)
	return slices.Compact(people)
}

// childrenOf counts those for whom somebody is reached.
func childrenOf(reached []audience.Reached) int {
	of := map[school.ID]bool{}
	for _, one := range reached {
		of[one.Child] = true
	}
	return len(of)
}
