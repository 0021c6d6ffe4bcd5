package liaison

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"preau/core/audience"
	"preau/core/db"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
	"preau/directory/whom"
)

// listView is the words that the visitor received, or those that they follow: what waits for
// them first, or apart for answers, then the last first.
type listView struct {
	Awaited []line // that wait for the answers of families, the nearest last day first; to whoever follows
	Lines   []line
	Writes  bool       // the visitor writes words
	Follows bool       // and follows them, and what families say
	Helps   bool       // they read those of the classes in which they help
	Tells   bool       // they tell the school about their children
	Filters ui.Filters // by child; none for whoever has one child, or none
	Older   string
	Now     time.Time
}

// line is a word in a list.
type line struct {
	word
	To, From string        // To: whom it reaches, in words; to whoever follows
	Of       int           // children whom it reaches; of whoever follows
	Done     int           // of them, those for whom somebody answered, or has read; of whoever follows
	Children []ui.ChildTag // of the visitor's, for whom it is; of whoever reads
	Answered bool          // nothing more is expected of the visitor, for any of them
	Told     bool          // of any of them nothing is: a judge lets the visitor know, and no more
	Read     bool          // they have read it, for each of them
}

// most is how many words a page of the list has.
const most = 20

func (s *Service) list(r *web.Request) (web.Answer, error) {
	v := listView{Writes: r.Holds(write), Follows: r.Holds(follow), Helps: r.Holds(see), Tells: r.Holds(tellSchool), Now: r.Tx.Now}
	before, whole := school.ID(math.MaxInt64), true
	if id, err := school.ParseID(r.URL.Query().Get("before")); err == nil {
		before, whole = id, false
	}
	of, _ := school.ParseID(r.URL.Query().Get("child"))
	mine, err := myChildren(r)
	if err != nil {
		return nil, err
	}
	v.Filters = filters(r, mine, of)
	first, err := s.first(r, v, of, mine)
	if err != nil {
		return nil, err
	}
	shown := make([]school.ID, len(first))
	for i, l := range first {
		shown[i] = l.ID
	}
	where, args, err := s.mine(r, of, []any{before, most + 1, db.List(r.Tx, shown)})
	if err != nil {
		return nil, err
	}
	words, err := latest(r.Tx, `NOT (w.id `+r.Tx.Among(3)+`) AND `+where, args...)
	if err != nil {
		return nil, err
	}
	if len(words) > most {
		words = words[:most]
		v.Older = listPath(of, words[most-1].ID)
	}
	if v.Lines, err = s.lines(r, words, v.Follows, mine); err != nil {
		return nil, err
	}
	switch {
	case whole && v.Follows:
		v.Awaited = first
	case whole:
		v.Lines = append(first, v.Lines...)
	}
	if !v.Helps { // whose classes are theirs in school time only
		v.keep(r)
	}
	return web.Page{Title: r.Say("liaison.title"), Body: listPage(v)}, nil
}

// first are the words that come before the others: those that wait for the visitor's answer, the
// nearest last day first, then those that they have not read; to whoever follows, those that wait for
// the answers of families.
func (s *Service) first(r *web.Request, v listView, of school.ID, mine []directory.Someone) ([]line, error) {
	var words []word
	var err error
	switch {
	case v.Follows:
		words, err = s.unanswered(r)
	case !v.Helps:
		words, err = s.waiting(r, of)
	}
	if err != nil || len(words) == 0 {
		return nil, err
	}
	lines, err := s.lines(r, words, v.Follows, mine)
	return slices.DeleteFunc(lines, func(l line) bool { return v.Follows && l.Done >= l.Of }), err
}

// waiting lists the words that wait for the visitor's answer, or to be read, for one of their
// children if it is not 0, as [audience.News.Compare] orders them.
func (s *Service) waiting(r *web.Request, of school.ID) ([]word, error) {
	me, err := r.Addressee()
	if err != nil {
		return nil, err
	}
	told, err := web.Tell(r.Tx, map[string]web.Teller{room: s}, ofChild(me.Held, of), me, nil)
	if err != nil {
		return nil, err
	}
	var ids []school.ID
	for _, t := range told {
		if (t.Expected() || t.New()) && !slices.Contains(ids, t.Thing) {
			ids = append(ids, t.Thing)
		}
	}
	words, err := wordsByID(r.Tx, ids) // what families told is none
	slices.SortFunc(words, func(a, b word) int { return cmp.Compare(slices.Index(ids, a.ID), slices.Index(ids, b.ID)) })
	return words, err
}

// unanswered lists the words that the visitor follows and that may still be answered, the nearest
// last day first: those of the school year, as many as a page has.
func (s *Service) unanswered(r *web.Request) ([]word, error) {
	where, args := s.follows(r, []any{db.At(r.Tx.Now), db.At(school.YearOf(r.Tx.Now).Start()), most})
	return db.All(r.Tx, scanWord, `SELECT `+wordColumns+` FROM liaison_word w
		WHERE w.published_at >= $2 AND w.asks <> '`+string(toRead)+`' AND w.cancelled_at IS NULL AND (w.due_at > $1 OR w.due_at IS NULL) AND `+where+`
		ORDER BY CASE WHEN w.due_at IS NULL THEN 1 ELSE 0 END, w.due_at, w.id DESC LIMIT $3`, args...)
}

// ofChild is what is held for one child, if it is not 0.
func ofChild(held audience.Holdings, child school.ID) audience.Holdings {
	if child == 0 {
		return held
	}
	return slices.DeleteFunc(slices.Clone(held), func(one audience.Held) bool { return one.Child != child })
}

// keep lets the device keep the list, until one of its words changes, or is answered.
func (v listView) keep(r *web.Request) {
	var words []any
	for _, l := range slices.Concat(v.Awaited, v.Lines) {
		words = append(words, l.ID, l.Amended, l.Cancelled, l.Answered, l.Told, l.Read, l.Children)
	}
	r.Keep(words...)
}

// mine is the condition that finds the words w that the visitor follows or, who follows
// none, those that are or were for them: for one of their children, if it is not 0; or for the
// families of a class in which they help.
func (s *Service) mine(r *web.Request, of school.ID, args []any) (string, []any, error) {
	if r.Holds(follow) {
		where, args := s.follows(r, args)
		return where, args, nil
	}
	held, err := reads(r)
	if err != nil {
		return "", nil, err
	}
	where, args := ofChild(held, of).Sees(r.Tx, "w.id", args...)
	return where, args, nil
}

// lines says of each word who wrote it and, to whoever follows it, how far it is answered; to
// whoever reads it, for which of their children it is.
func (s *Service) lines(r *web.Request, words []word, follows bool, mine []directory.Someone) ([]line, error) {
	lines := make([]line, len(words))
	ids := make([]school.ID, len(words))
	for i, w := range words {
		ids[i] = w.ID
	}
	held, err := r.Held()
	if err != nil {
		return nil, err
	}
	var receipts map[school.ID][]audience.Receipt
	if follows {
		receipts, err = audience.ReceiptsOf(r.Tx, ids...)
	} else {
		receipts, err = audience.ReceiptsFor(r.Tx, held.For(), ids...)
	}
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
	limits, err := directory.LimitsOf(r.Tx, r.Actor.Person)
	if err != nil {
		return nil, err
	}
	current := held.At(r.Tx.Now)
	asked := map[string]reached{} // most words of a page are for the same people
	owed := map[string][]audience.Reached{}
	for i, w := range words {
		lines[i].word, lines[i].From = w, from[w.ID]
		if !follows {
			children := held.ChildrenOf(to[w.ID], w.Published, r.Tx.Now)
			lines[i].Children = tags(r, mine, children)
			if now := current.ChildrenOf(to[w.ID], w.Published, r.Tx.Now); len(now) > 0 {
				children = now // one answers for them alone
			}
			lines[i].Answered = w.answeredFor(r.Actor, children, receipts[w.ID])
			lines[i].Told = !slices.ContainsFunc(children, func(child school.ID) bool { return w.answeredBy(limits[child]) })
			lines[i].Read = readFor(r.Actor, children, receipts[w.ID])
			continue
		}
		part := theirs(r, w, to[w.ID])
		key := fmt.Sprint(part)
		whole, known := asked[key]
		if !known {
			if whole, err = s.reached(r, part); err != nil {
				return nil, err
			}
			asked[key] = whole
		}
		lines[i].To, lines[i].Of = whole.To, len(whole.Children)
		if !w.perPerson() {
			lines[i].Done = w.done(whole, receipts[w.ID])
			continue
		}
		key += string(w.Asks)
		if _, known := owed[key]; !known {
			if owed[key], err = s.owed(r, w, whole); err != nil {
				return nil, err
			}
		}
		lines[i].Done = doneByEach(owed[key], receipts[w.ID])
	}
	return lines, nil
}

// owed lists who answers a word, and for which child, where each parent does: a judge may
// let one of them know, and no more.
func (s *Service) owed(r *web.Request, w word, all reached) ([]audience.Reached, error) {
	limits, err := directory.LimitsIn(r.Tx, slices.Collect(maps.Keys(all.Children))...)
	return slices.DeleteFunc(slices.Clone(all.People), func(one audience.Reached) bool {
		return !w.answeredBy(limits[directory.Kinship{Pupil: one.Child, Guardian: one.Person}])
	}), err
}

// reached is whom a word reaches now, in words, and each for which child.
type reached struct {
	To       string
	People   []audience.Reached
	Children map[school.ID]bool
}

func (s *Service) reached(r *web.Request, to []audience.Audience) (all reached, err error) {
	if all.To, err = whom.Names(r, to...); err == nil {
		all.People, err = r.Audiences().Reach(r.Tx, to...)
	}
	all.Children = map[school.ID]bool{}
	for _, one := range all.People {
		all.Children[one.Child] = true
	}
	return all, err
}

// answeredFor tells whether nothing more is expected of somebody for any of some children.
func (w word) answeredFor(who rights.Actor, children []school.ID, receipts []audience.Receipt) bool {
	awaits := func(child school.ID) bool {
		return !slices.ContainsFunc(receipts, func(r audience.Receipt) bool {
			return r.Child == child && !r.Done.IsZero() && (r.Person == who.Person || w.Each == audience.OneOfThem)
		})
	}
	return !slices.ContainsFunc(children, awaits)
}

// readFor tells whether somebody has read a word for each of some children.
func readFor(who rights.Actor, children []school.ID, receipts []audience.Receipt) bool {
	unread := func(child school.ID) bool {
		return !slices.ContainsFunc(receipts, func(r audience.Receipt) bool { return r.Child == child && r.Person == who.Person && !r.Read.IsZero() })
	}
	return !slices.ContainsFunc(children, unread)
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

// done counts the children whom the word reaches and for whom it was answered or, when it asks for
// no answer, read: who left since is not counted.
func (w word) done(whole reached, receipts []audience.Receipt) int {
	children := map[school.ID]bool{}
	for _, receipt := range receipts {
		if whole.Children[receipt.Child] && (w.Asks == toRead || !receipt.Done.IsZero()) {
			children[receipt.Child] = true
		}
	}
	return len(children)
}
