package past_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"preau/core/audience"
	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/fail"
	"preau/core/past"
	"preau/core/personal"
	"preau/core/school"
	"preau/core/search"
)

const (
	thing, other    school.ID = 101, 102
	author, stealer school.ID = 11, 12
)

// What a thing was is kept before each change, with whoever made it, and is found by that, the last
// changed first; what another thing is stays out of it.
func TestWhatAThingWasIsKept(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		write := func(f func(*db.Tx) error) {
			t.Helper()
			if err := d.Write(t.Context(), f); err != nil {
				t.Fatal(err)
			}
		}
		say := func(id school.ID, title string) {
			t.Helper()
			write(func(tx *db.Tx) error { return search.Put(tx, "yard", id, title) })
		}
		change := func(at time.Time, id, by school.ID) {
			t.Helper()
			d.Now = func() time.Time { return at }
			write(func(tx *db.Tx) error {
				return past.Keep(tx, nil, past.Change{Room: "yard", Thing: id, By: by, Act: past.Amended})
			})
		}
		write(func(tx *db.Tx) error {
			return audience.Publish(tx, audience.Address{Room: "yard", Thing: thing, Published: dbtest.Noon, NewsUntil: dbtest.Noon.AddDate(0, 0, 9),
				Audiences: []audience.Audience{{Place: audience.Class, Of: 3, Side: audience.Families}}})
		})
		say(thing, "La sortie")
		say(other, "La fête")
		change(dbtest.Noon.Add(time.Hour), thing, author)
		say(thing, "La sortie du lundi")
		change(dbtest.Noon.Add(2*time.Hour), thing, stealer)
		change(dbtest.Noon.Add(3*time.Hour), other, stealer)

		write(func(tx *db.Tx) error {
			found, err := past.Things(tx, "c.by_id = $1 AND c.changed_at >= $2 AND c.changed_at < $3 AND c.school_id = $4", "LIMIT $5",
				stealer, db.At(dbtest.Noon), db.At(dbtest.Noon.AddDate(0, 0, 1)), 0, 9)
			if diff := cmp.Diff([]school.ID{other, thing}, found); diff != "" {
				t.Error(diff)
			}
			if err != nil {
				return err
			}
			all, err := past.Of(tx, thing)
			if err != nil {
				return err
			}
			if len(all) != 2 || all[0].By != author || all[1].By != stealer || !all[1].At.Equal(dbtest.Noon.Add(2*time.Hour)) {
				t.Errorf("%+v", all)
			}
			var titles, tables []string
			was, err := past.Was(tx, all[0].ID, all[1].ID)
			if err != nil {
				return err
			}
			for _, c := range all {
				if c.Was != nil {
					t.Errorf("what the thing was is read with what was done to it: %v", c.Was)
				}
				for _, row := range was[c.ID] {
					tables = append(tables, row.Table)
					if row.Table == "search_thing" {
						titles = append(titles, strings.TrimSpace(row.Text("title")))
					}
				}
			}
			if diff := cmp.Diff([]string{"la sortie", "la sortie du lundi"}, titles); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff([]string{"audience_address", "search_thing", "audience_address", "search_thing"}, tables); diff != "" {
				t.Error(diff)
			}
			return nil
		})
		for at, want := range map[time.Duration]int{time.Hour: 2, 2 * time.Hour: 1, 2*time.Hour + time.Second: 0} {
			write(func(tx *db.Tx) error {
				since, err := past.Since(tx, thing, dbtest.Noon.Add(at))
				if since != want {
					t.Errorf("it was changed %d times from %s after noon on, want %d", since, at, want)
				}
				return err
			})
		}
	}, past.Schema(), audience.Schema(), search.Schema())
}

// What a thing was is read a page at a time, the last first, by number and by weight, as long as it is
// kept; what was done to it otherwise, or to another thing, is on none. One change is found by itself.
func TestWhatAThingWasIsReadByPages(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		at, noise := dbtest.Noon, rand.New(rand.NewPCG(1, 2))
		change := func(id school.ID, act past.Act, bytes int) {
			t.Helper()
			at = at.Add(time.Hour)
			d.Now = func() time.Time { return at }
			err := d.Write(t.Context(), func(tx *db.Tx) error {
				if err := past.Keep(tx, nil, past.Change{Room: "yard", Thing: id, By: author, Act: act}); err != nil {
					return err
				}
				said := make([]byte, bytes)
				for i := range said {
					said[i] = byte(noise.IntN(256)) // which is not packed to less
				}
				was, err := personal.Pack([]personal.Row{{Table: "yard_thing", Values: map[string]any{"body": said}}})
				if err != nil {
					return err
				}
				_, err = tx.Exec(`UPDATE past_change SET was = $1 WHERE changed_at = $2`, was, db.At(at))
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		pages := func(id school.ID, most int) (sizes []int) {
			t.Helper()
			err := d.Read(t.Context(), func(tx *db.Tx) error {
				before, last := school.ID(0), at.Add(time.Second)
				for more := true; more; {
					var page []past.Change
					var err error
					if page, more, err = past.Page(tx, id, past.Amended, before, most); err != nil {
						return err
					}
					for _, c := range page {
						if !c.At.Before(last) || c.Thing != id || c.Act != past.Amended {
							t.Errorf("%s %s of %s comes after %s", c.Act, c.At, c.Thing, last)
						}
						last, before = c.At, c.ID
						if one, err := past.ByID(tx, id, c.ID); err != nil || len(one.Was) != len(c.Was) {
							t.Errorf("alone it is %v, %v", one, err)
						}
					}
					sizes = append(sizes, len(page))
				}
				if _, err := past.ByID(tx, id+1000, before); before != 0 && !fail.Is(err, fail.NotFound) {
					t.Errorf("it is found as of another thing: %v", err)
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			return sizes
		}
		for range 7 {
			change(thing, past.Amended, 100)
		}
		change(thing, past.Cancelled, 100)
		change(other, past.Amended, 100)
		if diff := cmp.Diff([]int{3, 3, 1}, pages(thing, 3)); diff != "" {
			t.Error(diff)
		}
		for range 3 {
			change(other, past.Amended, past.MaxPage/2)
		}
		if diff := cmp.Diff([]int{1, 1, 2}, pages(other, 9)); diff != "" {
			t.Error(diff)
		}
		at = at.Add(past.Kept)
		if diff := cmp.Diff([]int{0}, pages(thing, 3)); diff != "" {
			t.Errorf("once it is kept no more: %s", diff)
		}
	}, past.Schema(), audience.Schema(), search.Schema())
}

// Somebody changes a thing so often within a day, and as long as what it was is kept, and no more, to
// put it back neither; they take it from people's eyes still, and another changes it.
func TestAThingIsNotChangedWithoutEnd(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		at := dbtest.Noon
		d.Now = func() time.Time { return at }
		keep := func(by school.ID, act past.Act) error {
			return d.Write(t.Context(), func(tx *db.Tx) error {
				return past.Keep(tx, nil, past.Change{Room: "yard", Thing: thing, By: by, Act: act})
			})
		}
		open := []past.Act{past.Amended, past.Restored, past.Answered, past.Accepted}
		ends := []past.Act{past.Cancelled, past.Removed, past.Ended, past.Returned, past.Recalled}
		full := func(says string) {
			t.Helper()
			for _, act := range open {
				if err := keep(author, act); !fail.Is(err, fail.Conflict) || !strings.Contains(fmt.Sprint(err), says) {
					t.Errorf("once they changed it %s, what is done is %q: %v", says, act, err)
				}
				if err := keep(stealer, act); err != nil {
					t.Errorf("another is kept from it: %v", err)
				}
			}
			for _, act := range ends {
				if err := keep(author, act); err != nil {
					t.Errorf("they are kept from what protects: %q: %v", act, err)
				}
			}
		}
		for n := range 20 {
			if err := keep(author, open[n%len(open)]); err != nil {
				t.Fatal(err)
			}
		}
		full("20 times")
		for day := range 9 {
			at = dbtest.Noon.Add(time.Duration(day+1) * 25 * time.Hour)
			for range 20 {
				if err := keep(author, past.Amended); err != nil && day < 8 {
					t.Fatal(err)
				}
			}
		}
		at = at.Add(25 * time.Hour)
		full("200 times")
		at = at.Add(past.Kept)
		if err := keep(author, past.Amended); err != nil {
			t.Error(err)
		}
	}, past.Schema(), audience.Schema(), search.Schema())
}
