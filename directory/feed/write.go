package feed

import (
	"encoding/json"
	"time"

	"preau/core/db"
	"preau/core/school"
	"preau/directory"
)

// flushAt is how many rows of a table wait before they are written together.
const flushAt = 2000

// buffer holds the rows of one table until they are written together.
type buffer[R any] struct {
	table directory.Table[R]
	adds  []R
	puts  []R
	at    map[string]int // rank in puts of each key: a row is put once, as it was last
}

// flush gives the rows that wait to the writer's hand.
func (b *buffer[R]) flush(w *writer) error {
	if len(b.adds)+len(b.puts) == 0 {
		return nil
	}
	adds, puts := b.table.Batch(b.adds).Additions(), b.table.Batch(b.puts)
	b.adds, b.puts = b.adds[:0], b.puts[:0]
	clear(b.at)
	return w.hand.give(func() error {
		if err := adds.Add(w.inner); err != nil {
			return err
		}
		return puts.Put(w.inner)
	})
}

// writer writes the rows of one delivery, and the image of each row that it
// overwrites.
type writer struct {
	inner *db.Tx // the hand's: everybody else asks tx
	now   db.Time
	feed  school.ID
	hand  *hand

	structures  buffer[directory.Structure]
	withins     buffer[directory.Within]
	classes     buffer[directory.Class]
	persons     buffer[directory.Person]
	keys        buffer[directory.Key]
	enrolments  buffer[directory.Enrolment]
	memberships buffer[directory.Membership]
	bonds       buffer[directory.Bond]
	functions   buffer[directory.Function]
	images      []image
	imaged      int64
}

func newWriter(tx *db.Tx, feed school.ID) *writer {
	return &writer{
		inner: tx, now: db.At(tx.Now.Truncate(time.Millisecond)), feed: feed, hand: newHand(),
		structures:  buffer[directory.Structure]{table: directory.Structures},
		withins:     buffer[directory.Within]{table: directory.Withins},
		classes:     buffer[directory.Class]{table: directory.Classes},
		persons:     buffer[directory.Person]{table: directory.Persons},
		keys:        buffer[directory.Key]{table: directory.Keys},
		enrolments:  buffer[directory.Enrolment]{table: directory.Enrolments},
		memberships: buffer[directory.Membership]{table: directory.Memberships},
		bonds:       buffer[directory.Bond]{table: directory.Bonds},
		functions:   buffer[directory.Function]{table: directory.Functions},
	}
}

// tx gives the transaction once nothing is being written in it. An error of
// the hand comes back at the next write, or at flush.
func (w *writer) tx() *db.Tx {
	w.hand.pending.Wait()
	return w.inner
}

// add writes a row that is not there.
func add[R any](w *writer, b *buffer[R], row R) error {
	if b.adds = append(b.adds, row); len(b.adds) < flushAt {
		return nil
	}
	return b.flush(w)
}

// replace writes a row over another with the same key, and keeps the image
// of what it was.
func replace[R any](w *writer, b *buffer[R], before, after R) error {
	if err := keep(w, b, before); err != nil {
		return err
	}
	return put(w, b, after)
}

// put writes a row over whatever has its key, and keeps no image: undoing
// has another way to it.
func put[R any](w *writer, b *buffer[R], row R) error {
	key := b.table.Key(&row)
	if rank, twice := b.at[key]; twice {
		b.puts[rank] = row
		return nil
	}
	if b.at == nil {
		b.at = map[string]int{}
	}
	b.at[key] = len(b.puts)
	if b.puts = append(b.puts, row); len(b.puts) < flushAt {
		return nil
	}
	return b.flush(w)
}

// keep keeps the image of a row, unless this delivery made it: undoing
// removes it then.
func keep[R any](w *writer, b *buffer[R], row R) error {
	if b.table.Made(&row) == w.feed {
		return nil
	}
	text, err := json.Marshal(b.table.Image(&row))
	if err != nil {
		return err
	}
	w.images = append(w.images, image{
		Feed: w.feed, Rank: w.imaged, Table: b.table.Name, Subject: b.table.Subject(&row), Made: w.now, Before: string(text),
	})
	w.imaged++
	if len(w.images) < flushAt {
		return nil
	}
	return w.flushImages()
}

func (w *writer) flushImages() error {
	images := w.images
	if len(images) == 0 {
		return nil
	}
	w.images = nil
	return w.hand.give(func() error {
		_, err := w.inner.Bulk("feed_image", []string{"feed_id", "rank", "of_table", "subject_id", "made_at", "before"},
			func(yield func([]any) bool) {
				for _, i := range images {
					if !yield([]any{i.Feed, i.Rank, i.Table, i.Subject, i.Made, i.Before}) {
						return
					}
				}
			})
		return err
	})
}

// flush writes everything that waits, and waits for it.
func (w *writer) flush() error {
	for _, b := range []interface{ flush(*writer) error }{
		&w.structures, &w.withins, &w.classes, &w.persons, &w.keys, &w.enrolments,
		&w.memberships, &w.bonds, &w.functions,
	} {
		if err := b.flush(w); err != nil {
			return err
		}
	}
	if err := w.flushImages(); err != nil {
		return err
	}
	return w.hand.wait()
}

// image is a row as it was.
type image struct {
	Feed    school.ID
	Rank    int64
	Table   string
	Subject school.ID // whom the row is about; 0: nobody
	Made    db.Time
	Before  string
}
