package notify

import (
	"slices"
	"time"

	"preau/core/audience"
	"preau/core/db"
	"preau/core/i18n"
	"preau/core/school"
	"preau/core/web"
)

// waiting is what somebody is to be told by a channel now.
type waiting struct {
	children []ofChild
	marks    marks       // what telling it moves, by room
	things   []school.ID // all that is counted
	changed  []school.ID // of these, what was told before and says something else
}

// ofChild is what waits for one child of theirs, or for themselves.
type ofChild struct {
	child school.ID // 0: themselves
	rooms []ofRoom
}

// ofRoom is what waits in a room: numbers, and a day.
type ofRoom struct {
	room          string
	expected, new int
	changed       int       // was told before, and says something else
	due           time.Time // the nearest last day of what is expected; zero: none has one
}

func (w waiting) empty() bool { return len(w.children) == 0 }

// sum counts all of it, as of one room; of none when it is of several.
func (w waiting) sum() (all ofRoom) {
	for _, c := range w.children {
		for _, r := range c.rooms {
			if all.expected+all.new+all.changed == 0 {
				all.room = r.room
			} else if all.room != r.room {
				all.room = ""
			}
			all.expected, all.new, all.changed, all.due = all.expected+r.expected, all.new+r.new, all.changed+r.changed, nearest(all.due, r.due)
		}
	}
	return all
}

func nearest(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// reader is somebody who may be told, with what they chose.
type reader struct {
	person  school.ID
	hats    []school.Profile
	choice  Choice
	printer i18n.Printer
	told    *heard
}

// heard is what the rooms say to a reader, read once: to know whether anything waits, then to tell it
// by each channel. What they were told of it already is asked each time.
type heard struct {
	lines  []web.Told
	at     time.Time // zero: not yet
	posted *[]Posted // what is public; nil: not read yet
}

// readerOf reads somebody. ok is false for whoever is told nothing: a pupil, who has left, whose
// account is not in use.
func (s *Service) readerOf(tx *db.Tx, person school.ID) (r reader, ok bool, err error) {
	r.person, r.told = person, &heard{}
	if r.hats, err = s.grownUp(tx, person); err != nil || len(r.hats) == 0 {
		return r, false, err
	}
	if ok, err = s.InUse(tx, person); err != nil || !ok {
		return r, false, err
	}
	r.choice, err = s.choiceOf(tx, person, r.hats)
	r.printer = i18n.Printer{Catalogue: s.Words, Lang: r.choice.Lang}
	return r, true, err
}

// lines is everything that the rooms say of what reaches somebody, with any of their
// hats, each thing once for each child.
func (s *Service) lines(tx *db.Tx, r reader) (all []web.Told, err error) {
	if !r.told.at.IsZero() {
		return r.told.lines, nil
	}
	held, err := s.Audiences.Held(tx, r.person)
	if err != nil {
		return nil, err
	}
	type key struct{ thing, child school.ID }
	seen := map[key]bool{}
	for _, hat := range r.hats {
		lines, err := web.Tell(tx, s.Tellers, held, web.Addressee{Person: r.person, Profile: hat, Printer: r.printer}, func(n audience.News) bool {
			at := key{n.Thing, n.Child}
			fresh := !seen[at]
			seen[at] = true
			return fresh
		})
		if err != nil {
			return nil, err
		}
		all = append(all, lines...)
	}
	slices.SortStableFunc(all, func(a, b web.Told) int { return a.News.Compare(b.News) })
	r.told.lines, r.told.at = all, tx.Now
	return all, nil
}

// waitingFor finds what somebody is to be told now by a channel: what was published since
// they were told, or is expected of them still and they were reminded of since, of the rooms
// that the message reaches, and of which last days they are to be reminded, until an instant; zero: none. What is told in full beside it is told by
// that.
func (s *Service) waitingFor(tx *db.Tx, r reader, channel Channel, to reach, reminds time.Time, inFull ...Posted) (w waiting, err error) {
	if channel == Mail && r.choice.Mail == Never {
		return w, nil
	}
	before, err := marksOf(tx, r.person, channel)
	if err != nil {
		return w, err
	}
	lines, err := s.lines(tx, r)
	if err != nil {
		return w, err
	}
	until := r.told.at.Add(-settles)
	w.marks = marks{}
	for _, line := range lines {
		if !line.Expected() && !line.New() || line.Published.After(until) {
			continue
		}
		rhythm, was := r.choice.Of(channel, line.Room), before.of(line.Room)
		said := line.Published
		if line.Expected() && line.Reminded.After(said) && !line.Reminded.After(until) {
			said = line.Reminded
		}
		says := !said.After(was.published) && line.Changed.After(was.published) && !line.Changed.After(until) // something else
		fresh := (said.After(was.published) || says) && rhythm.reach() <= to
		again := rhythm != Never && line.Expected() && line.Due.After(tx.Now) && !line.Due.After(reminds) && line.Due.After(was.due)
		if !fresh && !again {
			continue
		}
		if again || !slices.ContainsFunc(inFull, func(p Posted) bool { return p.Thing == line.Thing }) {
			w.add(line, says && !again)
		}
		move := w.marks[line.Room]
		if fresh {
			move.published = until
		}
		if again {
			move.due = reminds
		}
		w.marks[line.Room] = move
	}
	return w, nil
}

// still finds what waits for somebody of some things that they are about to be told of by a
// channel: of what they may not know any more, or know by now, nothing. Some of the things are
// told to say something else than they did.
func (s *Service) still(tx *db.Tx, r reader, channel Channel, things, changed []school.ID) (w waiting, err error) {
	lines, err := s.lines(tx, r)
	for _, line := range lines {
		if slices.Contains(things, line.Thing) && (line.Expected() || line.New()) && r.choice.Of(channel, line.Room) != Never {
			w.add(line, slices.Contains(changed, line.Thing))
		}
	}
	return w, err
}

// add counts a line, as one that says something else than was told where it does.
func (w *waiting) add(line web.Told, changed bool) {
	w.things = append(w.things, line.Thing)
	if changed {
		w.changed = append(w.changed, line.Thing)
	}
	i := slices.IndexFunc(w.children, func(c ofChild) bool { return c.child == line.Child })
	if i < 0 {
		i, w.children = len(w.children), append(w.children, ofChild{child: line.Child})
	}
	c := &w.children[i]
	j := slices.IndexFunc(c.rooms, func(r ofRoom) bool { return r.room == line.Room })
	if j < 0 {
		j, c.rooms = len(c.rooms), append(c.rooms, ofRoom{room: line.Room})
	}
	switch {
	case changed:
		c.rooms[j].changed++
	case line.Expected():
		c.rooms[j].expected++
		c.rooms[j].due = nearest(c.rooms[j].due, line.Due)
	default:
		c.rooms[j].new++
	}
}

// noteTold moves the marks of what was told.
func noteTold(tx *db.Tx, person school.ID, channel Channel, w waiting) error {
	for room, m := range w.marks {
		if err := told(tx, person, channel, room, m.published, m.due); err != nil {
			return err
		}
	}
	return nil
}
