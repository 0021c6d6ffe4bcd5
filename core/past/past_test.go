package past_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"preau/core/audience"
	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/past"
	"preau/core/school"
	"preau/core/search"
)

const (
	thing, other    school.ID = 101, 102
	author, stealer school.ID = 11, 12
)

// What a thing was is kept before each change, with who made it, and is found by that, the last
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
			for _, c := range all {
				for _, row := range c.Was {
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
