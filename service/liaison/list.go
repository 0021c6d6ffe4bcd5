package liaison

import (
	"fmt"
	"math"
	"slices"
	"time"

	"preau/core/audience"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
	"preau/directory/whom"
)

// listView is the words that the visitor received, or those that they follow, the last
// first.
type listView struct {
	Lines   []line
	Writes  bool // the visitor writes words
	Follows bool // and follows them, and what families say
	Tells   bool // they tell the school about their children
	Older   string
	Now     time.Time
}

// line is a word in a list.
type line struct {
	word
	reached  // of who follows
	From     string
	Done     int  // children for whom somebody answered, or has read; of who follows
	Answered bool // by the visitor, or for one of their children where that is enough; of who reads
}

// most is how many words a page of the list has.
const most = 20

func (s *Service) list(r *web.Request) (web.Answer, error) {
	v := listView{Writes: r.Holds(write), Follows: r.Holds(follow), Tells: r.Holds(tellSchool), Now: r.Tx.Now}
	before := school.ID(math.MaxInt64)
	if id, err := school.ParseID(r.URL.Query().Get("before")); err == nil {
		before = id
	}
	where, args, err := s.mine(r, []any{before, most + 1})
	if err != nil {
		return nil, err
	}
	words, err := latest(r.Tx, where, args...)
	if err != nil {
		return nil, err
	}
	if len(words) > most {
		words = words[:most]
		v.Older = "/liaison/?before=" + words[most-1].ID.String()
	}
	if v.Lines, err = s.lines(r, words, v.Follows); err != nil {
		return nil, err
	}
	v.keep(r)
	return web.Page{Title: r.Say("liaison.title"), Body: listPage(v)}, nil
}

// keep lets the device keep the list, until one of its words changes, or is answered.
func (v listView) keep(r *web.Request) {
	var words []any
	for _, l := range v.Lines {
		words = append(words, l.ID, l.Amended, l.Cancelled, l.Answered)
	}
	r.Keep(words...)
}

// mine is the condition that finds the words w that the visitor follows or, who follows
// none, those that are or were for them.
func (s *Service) mine(r *web.Request, args []any) (string, []any, error) {
	if r.Holds(follow) {
		where, args := r.Scope(follow, rights.Columns{Class: "w.class_id", School: "w.school_id"}, args...)
		return where, args, nil
	}
	held, err := r.Held()
	if err != nil {
		return "", nil, err
	}
	where, args := held.Sees(r.Tx, "w.id", args...)
	return where, args, nil
}

// lines says of each word who wrote it and, to who follows it, how far it is answered.
func (s *Service) lines(r *web.Request, words []word, follows bool) ([]line, error) {
	lines := make([]line, len(words))
	ids := make([]school.ID, len(words))
	for i, w := range words {
		ids[i] = w.ID
	}
	receipts, err := audience.ReceiptsOf(r.Tx, ids...)
	if err != nil {
		return nil, err
	}
	from, err := authors(r.Tx, r.Printer, words)
	if err != nil {
		return nil, err
	}
	to, err := audience.To(r.Tx, ids...)
	if err != nil {
		return nil, err
	}
	asked := map[string]reached{} // most words of a page are for the same people
	owed := map[string][]audience.Reached{}
	for i, w := range words {
		lines[i].word, lines[i].From = w, from[w.ID]
		if !follows {
			lines[i].Answered = w.answeredFor(r.Actor, receipts[w.ID])
			continue
		}
		key := fmt.Sprint(to[w.ID])
		whole, known := asked[key]
		if !known {
			if whole, err = s.reached(r, to[w.ID]); err != nil {
				return nil, err
			}
			asked[key] = whole
		}
		lines[i].reached = whole
		if !w.perPerson() {
			lines[i].Done = w.done(receipts[w.ID])
			continue
		}
		key += string(w.Asks)
		if _, known := owed[key]; !known {
			if owed[key], err = s.owed(r, w, to[w.ID]); err != nil {
				return nil, err
			}
		}
		lines[i].Done = doneByEach(owed[key], receipts[w.ID])
	}
	return lines, nil
}

// owed lists who answers a word, and for which child, where each parent does: a judge may
// let one of them know, and no more.
func (s *Service) owed(r *web.Request, w word, to []audience.Audience) ([]audience.Reached, error) {
	all, err := r.Audiences().Reach(r.Tx, to...)
	if err != nil {
		return nil, err
	}
	children := make([]school.ID, len(all))
	for i, one := range all {
		children[i] = one.Child
	}
	limits, err := directory.LimitsIn(r.Tx, children...)
	return slices.DeleteFunc(all, func(one audience.Reached) bool {
		return !w.answeredBy(limits[directory.Kinship{Pupil: one.Child, Guardian: one.Person}])
	}), err
}

// reached is whom a word reaches, in words and in number.
type reached struct {
	To string
	Of audience.Number
}

func (s *Service) reached(r *web.Request, to []audience.Audience) (all reached, err error) {
	if all.To, err = whom.Names(r, to...); err == nil {
		all.Of, err = r.Audiences().Count(r.Tx, to...)
	}
	return all, err
}

// answeredFor tells whether nothing more is expected of somebody, for one of their
// children at least.
func (w word) answeredFor(who rights.Actor, receipts []audience.Receipt) bool {
	return slices.ContainsFunc(receipts, func(r audience.Receipt) bool {
		return !r.Done.IsZero() && (r.Person == who.Person || w.Each == audience.OneOfThem && slices.Contains(who.Children, r.Child))
	})
}

// doneByEach counts the children of whom each parent who owes an answer has given it.
func doneByEach(owed []audience.Reached, receipts []audience.Receipt) int {
	answered := map[audience.Reached]bool{}
	for _, receipt := range receipts {
		if !receipt.Done.IsZero() {
			answered[audience.Reached{Person: receipt.Person, Child: receipt.Child}] = true
		}
	}
	whole := map[school.ID]bool{}
	for _, one := range owed {
		before, known := whole[one.Child]
		whole[one.Child] = answered[one] && (before || !known)
	}
	done := 0
	for _, all := range whole {
		done += btoi(all)
	}
	return done
}

// done counts the children for whom the word was answered or, when it asks for no
// answer, read.
func (w word) done(receipts []audience.Receipt) int {
	children := map[school.ID]bool{}
	for _, receipt := range receipts {
		if w.Asks == toRead || !receipt.Done.IsZero() {
			children[receipt.Child] = true
		}
	}
	return len(children)
}
