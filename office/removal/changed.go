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
	"preau/core/web"
	"preau/directory"
	"preau/directory/whom"
)

// changed is a thing that an account changed, theirs or another's.
type changed struct {
	Room          web.Card
	Thing         school.ID
	Changes       []past.Change // what it did to it, one after the other; the last that it did
	Before, After worded        // what the thing was, and what the account made of it
	Files         bool          // what it carries is not the same
	Since         time.Time     // when somebody else changed it again; zero: nobody did
	SinceBy       school.ID
	SinceName     string // empty: somebody who was erased
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
	theirs := func(c past.Change) bool { return slices.Contains(records, c.By) && by.Has(c.At) }
	for _, thing := range things {
		c, there, err := s.changedAs(r, of[thing], theirs)
		if err != nil {
			return nil, false, err
		}
		if there {
			all = append(all, c)
		}
	}
	return all, most, nil
}

// changedAs finds, among all that was done to a thing, what an account did without anybody
// else in between, the last time that it did. A thing that is no more is not there.
func (s *Service) changedAs(r *web.Request, done []past.Change, theirs func(past.Change) bool) (c changed, there bool, err error) {
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
	now, err := s.Tables.Said(r.Tx, c.Thing)
	if err != nil || len(now) == 0 && !c.recalled() {
		return c, false, err
	}
	if end < len(done) {
		now, c.Since, c.SinceBy = done[end].Was, done[end].At, done[end].By
	}
	reader, card := s.changer(done[begin].Room)
	if reader == nil {
		return c, false, nil
	}
	c.Room = card
	if c.Before, err = s.words(r, reader, c.Changes[0].Was, c.last().By); err != nil {
		return c, false, err
	}
	if c.recalled() {
		return c, c.Before.Thing != 0, nil
	}
	if c.After, err = s.words(r, reader, now, c.last().By); err != nil {
		return c, false, err
	}
	c.Files = !slices.EqualFunc(s.Tables.FilesOf(c.Changes[0].Was), s.Tables.FilesOf(now), slices.Equal)
	return c, c.Before.Thing != 0, nil
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

// words says what a thing was by its rows: with for whom it was, but who acts, and what it carried.
func (s *Service) words(r *web.Request, room web.Changer, rows []personal.Row, acts school.ID) (w worded, err error) {
	if w.Sent, err = room.Reads(r, rows); err != nil {
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
		w.To, err = whom.Names(r, to...)
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
	for _, thing := range things {
		more, err := s.mendOne(r, d, done[thing])
		if err != nil {
			return nil, 0, err
		}
		if rows = append(rows, more...); len(more) > 0 {
			mended++
		}
	}
	return rows, mended, nil
}

// changesOf is what was done to some things, by thing.
func changesOf(tx *db.Tx, things []school.ID) (map[school.ID][]past.Change, error) {
	done, err := past.Of(tx, things...)
	of := map[school.ID][]past.Change{}
	for _, one := range done {
		of[one.Thing] = append(of[one.Thing], one)
	}
	return of, err
}

// mendOne is mend of a thing, to which some changes were made.
func (s *Service) mendOne(r *web.Request, d dossier, done []past.Change) ([]personal.Row, error) {
	begin := len(done)
	for begin > 0 && slices.Contains(d.Changes, done[begin-1].ID) {
		begin--
	}
	if begin == len(done) {
		return nil, nil
	}
	run, thing := changed{Changes: done[begin:]}, done[begin].Thing
	now, err := s.Tables.Said(r.Tx, thing)
	if err != nil || len(now) == 0 {
		return nil, err
	}
	was, err := s.standing(r.Tx, done[begin].Was)
	if err != nil || len(was) == 0 {
		return nil, err
	}
	made, err := s.swap(r, d, thing, was)
	if err != nil {
		return nil, err
	}
	kept, err := s.Tables.Remove(r.Tx, run.ids()...)
	return append(made, kept...), err
}

// swap has a thing be what some rows say, and journals it.
func (s *Service) swap(r *web.Request, d dossier, thing school.ID, rows []personal.Row) (made []personal.Row, err error) {
	if made, err = s.Tables.Swap(r.Tx, thing, rows); err != nil {
		return nil, err
	}
	if _, err := s.settle(r.Tx, rows); err != nil {
		return nil, err
	}
	if err := audience.Unread(r.Tx, thing); err != nil {
		return nil, err
	}
	return made, s.writeMended(r.Tx, r.By(), d, thing)
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
	whole = true
	for _, thing := range slices.Sorted(maps.Keys(of)) { // all lock them in one order
		made := of[thing]
		since, err := past.Since(r.Tx, thing, d.Settled)
		if err != nil {
			return nil, false, err
		}
		now, err := s.Tables.Said(r.Tx, thing)
		if err != nil {
			return nil, false, err
		}
		taken := len(made)
		if made, err = s.standing(r.Tx, made); err != nil {
			return nil, false, err
		}
		if since > 0 || len(now) == 0 || len(made) < taken {
			whole = false
			continue
		}
		if _, err := s.swap(r, d, thing, made); err != nil {
			return nil, false, err
		}
	}
	return rest, whole, nil
}

// part is what was ticked of what is found now. What an account did to a thing since it was
// ticked, nobody has read: the thing is as if another had changed it.
func (d dossier) part(all found) found {
	kept := all.only(d.has)
	for _, c := range all.Changed {
		ticked := func(one past.Change) bool { return slices.Contains(d.Changes, one.ID) }
		if !slices.ContainsFunc(c.Changes, ticked) {
			continue
		}
		if i := slices.IndexFunc(c.Changes, func(one past.Change) bool { return !ticked(one) }); i >= 0 && c.stands() {
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

// named gives the names of who changed things again.
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
