package removal

import (
	"maps"
	"slices"
	"strings"
	"time"

	"preau/core/audience"
	"preau/core/db"
	"preau/core/past"
	"preau/core/personal"
	"preau/core/school"
	"preau/core/search"
	"preau/core/web"
	"preau/directory"
	"preau/directory/whom"
)

// changed is a thing that an account changed, theirs or another's. What it was, and is, in rows and
// in words, is read of those that a page lists alone: see [Service.wordAll].
type changed struct {
	Room          web.Card
	changer       web.Changer // the service of that name
	Thing         school.ID
	Changes       []past.Change // what it did to it, one after the other; the last that it did
	Before, After worded        // what the thing was, and what the account made of it
	Files         bool          // what it carries is not the same
	Since         time.Time     // when somebody else changed it again; zero: nobody did
	SinceBy       school.ID
	SinceName     string         // empty: somebody who was erased
	next          school.ID      // the change by which somebody else did; 0: nobody
	was, made     []personal.Row // what says what the thing was, and what the account made of it
}

// worded is a thing in words.
type worded struct {
	web.Sent
	Photos int
	Files  []string // their names
}

// stands tells whether the thing is still what the account made of it: it may be what it was
// again.
func (c changed) stands() bool { return c.Since.IsZero() }

// recalled tells whether the account took the thing back, which is no more.
func (c changed) recalled() bool { return c.last().Act == past.Recalled }

// ids are those of the changes.
func (c changed) ids() []school.ID {
	ids := make([]school.ID, len(c.Changes))
	for i, one := range c.Changes {
		ids[i] = one.ID
	}
	return ids
}

// last is what the account did last.
func (c changed) last() past.Change { return c.Changes[len(c.Changes)-1] }

// changes lists what an account changed in a window, under whatever record its person had
// then: not what it sent itself in that window, which is taken away whole. It tells whether
// there may be more.
func (s *Service) changes(r *web.Request, by web.Sending, records []school.ID, sent []web.Sent) (all []changed, most bool, err error) {
	whole := map[school.ID]bool{}
	for _, one := range sent {
		whole[one.Thing] = true
	}
	var things []school.ID
	for _, by.By = range records {
		more, err := past.Things(r.Tx, "c.by_id = $1 AND "+by.In("c.changed_at", "c.school_id"), by.Most(), by.Args()...)
		if err != nil {
			return nil, false, err
		}
		most = most || len(more) == web.MostSent
		for _, thing := range more {
			if !whole[thing] && !slices.Contains(things, thing) {
				things = append(things, thing)
			}
		}
	}
	of, err := changesOf(r.Tx, things)
	if err != nil {
		return nil, false, err
	}
	there, err := s.Tables.There(r.Tx, things...)
	if err != nil {
		return nil, false, err
	}
	theirs := func(c past.Change) bool { return slices.Contains(records, c.By) && by.Has(c.At) }
	for _, thing := range things {
		if c := s.changedAs(of[thing], theirs); c.changer != nil && (there[thing] || c.recalled()) {
			all = append(all, c)
		}
	}
	return all, most, nil
}

// saidOf reads the rows that say what some things say, by thing: a statement a table, however many
// these are.
func (s *Service) saidOf(tx *db.Tx, things []school.ID) (map[school.ID][]personal.Row, error) {
	rows, err := s.Tables.Said(tx, things...)
	return s.Tables.ByThing(rows, things...), err
}

// changedAs finds, among all that was done to a thing, what an account did without anybody else in
// between, the last time that it did.
func (s *Service) changedAs(done []past.Change, theirs func(past.Change) bool) (c changed) {
	end := len(done)
	for !theirs(done[end-1]) {
		end--
	}
	begin := end - 1
	for begin > 0 && theirs(done[begin-1]) {
		begin--
	}
	if done[end-1].Act == past.Recalled {
		begin = end - 1
	}
	c.Thing, c.Changes = done[begin].Thing, done[begin:end]
	c.changer, c.Room = s.changer(done[begin].Room)
	if end < len(done) {
		c.next, c.Since, c.SinceBy = done[end].ID, done[end].At, done[end].By
	}
	return c
}

// having leaves those of some things that have all the words, in what they were or in what an account
// made of them. They are read some at a time: all that was changed in a month is more than a program
// should hold.
func (s *Service) having(r *web.Request, all []changed, words search.Query) (found []changed, err error) {
	if words.Empty() {
		return all, nil
	}
	for some := range slices.Chunk(all, pageful) {
		worded, err := s.wordAll(r, some)
		if err != nil {
			return nil, err
		}
		texts := make([]string, len(worded))
		for i, c := range worded {
			texts[i] = c.text()
		}
		has := map[school.ID]bool{}
		for _, i := range words.Pick(texts) {
			has[worded[i].Thing] = true
		}
		for _, c := range some {
			if has[c.Thing] {
				found = append(found, c)
			}
		}
	}
	return found, nil
}

// wordAll reads what some things were, and what an account made of them, and says it in words; what a
// service finds no words for is left out. [pageful] of them are what it is given at once.
func (s *Service) wordAll(r *web.Request, all []changed) (worded []changed, err error) {
	var kept, stand []school.ID // changes, and things that are what the account made of them
	for _, c := range all {
		kept = append(kept, c.Changes[0].ID)
		switch {
		case c.recalled():
		case c.next != 0:
			kept = append(kept, c.next)
		default:
			stand = append(stand, c.Thing)
		}
	}
	was, err := past.Was(r.Tx, kept...)
	if err != nil {
		return nil, err
	}
	now, err := s.saidOf(r.Tx, stand)
	if err != nil {
		return nil, err
	}
	all = slices.Clone(all)
	var parts []personal.Row
	for i, c := range all {
		c.was, c.made = was[c.Changes[0].ID], now[c.Thing]
		if c.next != 0 && !c.recalled() {
			c.made = was[c.next]
		}
		c.Files = !slices.EqualFunc(s.Tables.FilesOf(c.was), s.Tables.FilesOf(c.made), slices.Equal)
		all[i], parts = c, append(append(parts, c.was...), c.made...)
	}
	wholes, err := s.Tables.Wholes(r.Tx, parts)
	if err != nil {
		return nil, err
	}
	to := whom.Sayer{}
	for _, c := range all {
		if c.Before, err = s.words(r, c.changer, to, c.was, wholes, c.last().By); err != nil {
			return nil, err
		}
		if c.Before.Thing == 0 {
			continue
		}
		if !c.recalled() {
			if c.After, err = s.words(r, c.changer, to, c.made, wholes, c.last().By); err != nil {
				return nil, err
			}
		}
		worded = append(worded, c)
	}
	return worded, named(r, worded)
}

// says reads what a page says of what was changed.
func (s *Service) says(r *web.Request, p *paged) error {
	worded, err := s.wordAll(r, slices.Concat(p.Changed, p.Recalled))
	p.Changed, p.Recalled = nil, nil
	for _, c := range worded {
		p.sort(c)
	}
	return err
}

// changer is the service of a name, where things may be changed.
func (s *Service) changer(name string) (web.Changer, web.Card) {
	for _, room := range s.Rooms {
		if changer, is := room.(web.Changer); is && room.Card().Name == name {
			return changer, room.Card()
		}
	}
	return nil, web.Card{}
}

// words says what a thing was by its rows, and those of what it is part of: with for whom it was,
// but who acts, and what it carried.
func (s *Service) words(r *web.Request, room web.Changer, say whom.Sayer, rows, wholes []personal.Row, acts school.ID) (w worded, err error) {
	if w.Sent, err = room.Reads(r, slices.Concat(rows, s.Tables.WholesOf(rows, wholes))); err != nil {
		return w, err
	}
	for _, row := range rows {
		switch name := row.Text("name"); {
		case len(s.Tables.Of(row).Files) == 0:
		case name != "":
			w.Files = append(w.Files, name)
		default:
			w.Photos++
		}
	}
	to, err := audience.Read(rows)
	if err != nil {
		return w, err
	}
	to = slices.DeleteFunc(to, func(a audience.Audience) bool { return a.Place == audience.Person && a.Of == acts })
	if len(to) > 0 {
		w.To, err = say.Names(r, to...)
	}
	return w, err
}

// mend has the things of some changes be again what they were before the account made these, for
// whom they were then, who read them anew. It gives the rows that the account had made of them,
// with what was kept of its changes, and their number. A thing that was changed since by anything
// that nobody ticked, that is no more, or that was about somebody who was erased, is left.
func (s *Service) mend(r *web.Request, d dossier, changes []school.ID) (rows []personal.Row, mended int, err error) {
	things, err := past.Changed(r.Tx, changes...)
	if err != nil {
		return nil, 0, err
	}
	done, err := changesOf(r.Tx, things)
	if err != nil {
		return nil, 0, err
	}
	there, err := s.Tables.There(r.Tx, things...)
	if err != nil {
		return nil, 0, err
	}
	var firsts, runs []school.ID
	for _, thing := range things {
		if run := ticked(d, done[thing]); len(run) > 0 && there[thing] {
			firsts = append(firsts, run[0].ID)
		}
	}
	until, err := past.Was(r.Tx, firsts...)
	if err != nil {
		return nil, 0, err
	}
	was := map[school.ID][]personal.Row{}
	for _, thing := range things {
		if run := ticked(d, done[thing]); len(run) > 0 && there[thing] {
			was[thing] = until[run[0].ID]
		}
	}
	if was, err = s.standing(r.Tx, was); err != nil {
		return nil, 0, err
	}
	maps.DeleteFunc(was, func(_ school.ID, rows []personal.Row) bool { return len(rows) == 0 })
	for thing := range was {
		for _, one := range ticked(d, done[thing]) {
			runs = append(runs, one.ID)
		}
	}
	if rows, err = s.swap(r, d, was); err != nil {
		return nil, 0, err
	}
	kept, err := s.Tables.Remove(r.Tx, runs...)
	return append(rows, kept...), len(was), err
}

// changesOf is what was done to some things, by thing, without what they were.
func changesOf(tx *db.Tx, things []school.ID) (map[school.ID][]past.Change, error) {
	done, err := past.Of(tx, things...)
	of := map[school.ID][]past.Change{}
	for _, one := range done {
		of[one.Thing] = append(of[one.Thing], one)
	}
	return of, err
}

// ticked are the last of all that was done to a thing, as far as they are of a case.
func ticked(d dossier, done []past.Change) []past.Change {
	begin := len(done)
	for begin > 0 && slices.Contains(d.Changes, done[begin-1].ID) {
		begin--
	}
	return done[begin:]
}

// swap has some things be what rows of each say, and journals it. It gives the rows that said it
// until now.
func (s *Service) swap(r *web.Request, d dossier, of map[school.ID][]personal.Row) (made []personal.Row, err error) {
	things := slices.Sorted(maps.Keys(of)) // all lock them in one order
	var rows []personal.Row
	for _, thing := range things {
		rows = append(rows, of[thing]...)
	}
	if made, err = s.Tables.Swap(r.Tx, things, rows); err != nil {
		return nil, err
	}
	if _, err := s.settle(r.Tx, rows); err != nil {
		return nil, err
	}
	for _, thing := range things {
		if err := audience.Unread(r.Tx, thing); err != nil {
			return nil, err
		}
		if err := s.writeMended(r.Tx, r.By(), d, thing); err != nil {
			return nil, err
		}
	}
	return made, nil
}

// unmend has things be again what an account had made of them, but those that were changed
// since. It gives the rows of an evidence that are of no such thing, and whether all of the
// others are back.
func (s *Service) unmend(r *web.Request, d dossier, rows []personal.Row) (rest []personal.Row, whole bool, err error) {
	of := map[school.ID][]personal.Row{}
	for _, row := range rows {
		if thing, is := past.IsOf(row, d.Changes); is {
			of[thing] = nil
		}
	}
	for _, row := range rows {
		thing := school.ID(0)
		for _, id := range ids(row, s.Tables.Of(row).Things) {
			if _, is := of[id]; is {
				thing = id
			}
		}
		if thing == 0 {
			rest = append(rest, row)
			continue
		}
		of[thing] = append(of[thing], row)
	}
	things := slices.Collect(maps.Keys(of))
	there, err := s.Tables.There(r.Tx, things...)
	if err != nil {
		return nil, false, err
	}
	taken := map[school.ID]int{}
	for thing, made := range of {
		taken[thing] = len(made)
	}
	if of, err = s.standing(r.Tx, of); err != nil {
		return nil, false, err
	}
	for _, thing := range things {
		since, err := past.Since(r.Tx, thing, d.Settled)
		if err != nil {
			return nil, false, err
		}
		if since > 0 || !there[thing] || len(of[thing]) < taken[thing] {
			delete(of, thing)
		}
	}
	_, err = s.swap(r, d, of)
	return rest, len(of) == len(things), err
}

// part is what was ticked of what is found now. What an account did to a thing since it was
// ticked, nobody has read: the thing is as if another had changed it.
func (d dossier) part(all found) found {
	kept := all.only(d.has)
	for _, c := range all.Changed {
		has := func(one past.Change) bool { return slices.Contains(d.Changes, one.ID) }
		if !slices.ContainsFunc(c.Changes, has) {
			continue
		}
		if i := slices.IndexFunc(c.Changes, func(one past.Change) bool { return !has(one) }); i >= 0 && c.stands() {
			c.Since, c.SinceBy = c.Changes[i].At, c.Changes[i].By
		}
		kept.Changed = append(kept.Changed, c)
	}
	return kept
}

// would are those that would be what they were.
func (f found) would() (n int) {
	for _, c := range f.Changed {
		if c.stands() {
			n++
		}
	}
	return n
}

// text is what one may look for in a thing that was changed.
func (c changed) text() string {
	return strings.Join([]string{c.Before.Title, c.Before.Text, c.After.Title, c.After.Text, strings.Join(c.Before.Files, " "), strings.Join(c.After.Files, " ")}, "\n")
}

// named gives the names of whoever changed things again.
func named(r *web.Request, all []changed) error {
	var people []school.ID
	for _, c := range all {
		people = append(people, c.SinceBy)
	}
	known, err := directory.SomeBy(r.Tx, people...)
	for i, c := range all {
		if who, is := known[c.SinceBy]; is {
			all[i].SinceName = who.Name()
		}
	}
	return err
}
