package calm

import (
	"context"
	"maps"
	"slices"
	"time"

	"preau/core/audience"
	"preau/core/db"
	"preau/core/school"
)

// What a node keeps in memory. A word is some hundred bytes: twenty thousand are those of
// three days of some hundred schools.
const (
	mostWords  = 20_000
	mostBytes  = 32 << 20
	mostRows   = 4 * mostWords // one for each audience of each word
	mostLines  = 60            // of one page
	kept       = 72 * time.Hour
	ahead      = dropAfter // what is scheduled is read at its hour, though nobody can say so any more
	dropAfter  = 4 * time.Hour
	refreshing = time.Minute
)

// snapshot is what was read of the database at an instant. Nothing in it changes.
type snapshot struct {
	at    time.Time
	since time.Time // the words that were published before it are not there
	words int
	bytes int
	of    map[audience.ID][]*word // the latest first
	on    map[string][]*word      // by public page
	shut  []Shut
}

// Refresh reads the words of the last days and what is void, in one transaction that only
// reads. What was read before stays when it fails.
func (c *Calm) Refresh(ctx context.Context) error {
	var fresh *snapshot
	var voided []Voided
	err := c.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if fresh, err = c.take(tx); err != nil {
			return err
		}
		voided, err = c.Voided(tx, tx.Now.Add(-voidWindow))
		return err
	})
	if err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.snapshot = fresh
	c.void.learn(voided, fresh.at)
	return nil
}

// take reads a snapshot.
func (c *Calm) take(tx *db.Tx) (*snapshot, error) {
	s := &snapshot{at: tx.Now, since: tx.Now.Add(-kept), of: map[audience.ID][]*word{}, on: map[string][]*word{}}
	posted, all, err := audience.Recent(tx, s.since, tx.Now.Add(ahead), mostRows, slices.Sorted(maps.Keys(c.Rooms))...)
	if err != nil {
		return nil, err
	}
	if len(posted) > mostWords {
		posted, all = posted[:mostWords], false
	}
	words, err := c.sample(tx, posted)
	if err != nil {
		return nil, err
	}
	for i, p := range posted {
		w, there := words[p.Thing]
		if !there {
			continue
		}
		if s.bytes+w.Size > mostBytes {
			posted, all = posted[:i], false
			break
		}
		s.put(&word{Word: w, Posted: p})
	}
	if !all && len(posted) > 0 {
		s.since = posted[len(posted)-1].Published
	}
	if c.Shut != nil {
		s.shut, err = c.Shut(tx)
	}
	return s, err
}

// sample asks each room what is to be read of its things.
func (c *Calm) sample(tx *db.Tx, posted []audience.Posted) (map[school.ID]Word, error) {
	things := map[string][]school.ID{}
	for _, p := range posted {
		things[p.Room] = append(things[p.Room], p.Thing)
	}
	words := make(map[school.ID]Word, len(posted))
	for room, ids := range things {
		sampler, samples := c.Rooms[room]
		if !samples {
			continue
		}
		list, err := sampler.Sample(tx, ids)
		if err != nil {
			return nil, err
		}
		for _, w := range list {
			words[w.Thing] = w
		}
	}
	return words, nil
}

// put keeps a word, where it is looked for.
func (s *snapshot) put(w *word) {
	s.words, s.bytes = s.words+1, s.bytes+w.Size
	for _, to := range w.Audiences {
		s.of[to] = append(s.of[to], w)
	}
	if w.Poster != "" {
		s.on[w.Poster] = append(s.on[w.Poster], w)
	}
}

// Page is what a page shows of the snapshot.
type Page struct {
	At    time.Time // when it was read; zero: there is none, or it is too old
	Since time.Time // what was published before is not there
	Lines []Line    // the latest first
}

// now gives the snapshot, unless it is too old.
func (c *Calm) now(now time.Time) *snapshot {
	c.mu.RLock()
	defer c.mu.RUnlock()
	if c.snapshot == nil || now.Sub(c.snapshot.at) > dropAfter {
		return nil
	}
	return c.snapshot
}

// Words is what somebody reads by their ticket.
func (c *Calm) Words(t Ticket) Page {
	now := c.DB.Now()
	s := c.now(now)
	if s == nil {
		return Page{}
	}
	found := map[*word][]string{}
	for _, held := range t.Held {
		for _, w := range s.of[held.Audience] {
			if w.shutTo(t.Profile, s.shut) {
				continue
			}
			if name := t.Names[held.Child]; name != "" && !slices.Contains(found[w], name) {
				found[w] = append(found[w], name)
			} else if found[w] == nil {
				found[w] = []string{}
			}
		}
	}
	return s.page(found, now)
}

// Poster is what anybody reads of a public page.
func (c *Calm) Poster(path string) Page {
	now := c.DB.Now()
	s := c.now(now)
	if s == nil {
		return Page{}
	}
	found := map[*word][]string{}
	for _, w := range s.on[path] {
		if !w.shutTo("", s.shut) {
			found[w] = nil
		}
	}
	return s.page(found, now)
}

// page orders words, the latest first, without those whose hour has not come or is over.
func (s *snapshot) page(found map[*word][]string, now time.Time) Page {
	p := Page{At: s.at, Since: s.since}
	for w, children := range found {
		if !w.Published.After(now) && w.NewsUntil.After(now) {
			p.Lines = append(p.Lines, Line{w.Word, w.Published, children})
		}
	}
	slices.SortFunc(p.Lines, func(a, b Line) int {
		if by := b.Published.Compare(a.Published); by != 0 {
			return by
		}
		return int(b.Thing - a.Thing)
	})
	if len(p.Lines) > mostLines {
		p.Lines = p.Lines[:mostLines]
	}
	return p
}
