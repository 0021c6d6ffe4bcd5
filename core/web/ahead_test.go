package web_test

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"preau/core/audience"
	settings "preau/core/config"
	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/web"
)

// Things of a bell, which rings later.
const (
	rings school.ID = iota + 1
	refused
	unreadable // as what a younger node wrote is
	broken     // its statement fails
	closed
)

// bell is a room in which things wait for their hour.
type bell struct{ yard }

func (bell) Later() audience.Later { return audience.Later{Table: "yard_thing"} }

func (bell) Leaves(tx *db.Tx, id school.ID) (web.Leaving, error) {
	switch id {
	case unreadable:
		return web.Leaving{}, errors.New("no audience that is known")
	case broken:
		_, err := tx.Exec(`UPDATE yard_nothing SET id = 1`)
		return web.Leaving{}, err
	}
	return web.Leaving{May: id != refused, Schools: []school.ID{id}}, nil
}

// bells gives a bell whose things have their hour in a minute, what was logged of them, and how each was kept back.
func bells(t *testing.T, d *db.DB, things ...school.ID) (ahead *web.Ahead, log *strings.Builder, kept func() string) {
	t.Helper()
	log = &strings.Builder{}
	ahead = &web.Ahead{
		DB: d, Log: slog.New(slog.NewTextHandler(log, nil)), Services: []web.Service{bell{}},
		Stops: func(*db.Tx) (web.Stops, error) {
			return func(_ string, _ rights.Actor, at school.ID) bool { return at == closed }, nil
		},
	}
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(`CREATE TABLE yard_thing (id BIGINT PRIMARY KEY, author_id BIGINT, leaves_at BIGINT, kept_at BIGINT, kept_why TEXT)`)
		for _, id := range things {
			if err == nil {
				_, err = tx.Exec(`INSERT INTO yard_thing (id, leaves_at, kept_why) VALUES ($1, $2, '')`, id, db.At(tx.Now.Add(time.Minute)))
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return ahead, log, func() string {
		t.Helper()
		var lines []string
		err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
			lines, err = db.All(tx, func(row db.Row) (line string, err error) {
				var id school.ID
				var why string
				err = row.Scan(&id, &why)
				return fmt.Sprintf("%d%s", id, why), err
			}, `SELECT id, kept_why FROM yard_thing WHERE kept_at IS NOT NULL ORDER BY id`)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return strings.Join(lines, " ")
	}
}

// A thing of which nobody can tell whether it may leave is kept back and logged, and the others are looked at
// as if it were not there.
func TestOneBadThingHindersNoLook(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ahead, log, kept := bells(t, d, broken, unreadable, rings, refused, closed)
		if err := ahead.Look(t.Context()); err != nil {
			t.Errorf("the look fails: %v", err)
		}
		if is := kept(); is != "2rights 3rights 4rights 5stopped" {
			t.Errorf("what is kept back, and why: %s", is)
		}
		if n := strings.Count(log.String(), "kept back"); n != 2 {
			t.Errorf("%d things are logged:\n%s", n, log)
		}
	}, settings.Schema(), audience.Schema())
}

// A stop is put on whatever waits.
func TestOneBadThingHindersNoStop(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ahead, _, kept := bells(t, d, unreadable, rings, closed)
		if err := d.Write(t.Context(), ahead.KeepBack); err != nil {
			t.Errorf("nothing can be stopped: %v", err)
		}
		if is := kept(); is != "3rights 5stopped" {
			t.Errorf("what is kept back, and why: %s", is)
		}
	}, settings.Schema(), audience.Schema())
}

// From one look to the next no hour is looked at twice, and none is missed: what had its hour before what was
// looked at last is as it was said.
func TestALookBeginsWhereTheLastOneEnded(t *testing.T) {
	for _, c := range []struct {
		after, hour time.Duration // of the second look, and of what is written after the first
		kept        bool
	}{
		{time.Minute, 90 * time.Second, true}, {time.Minute, 30 * time.Second, false}, {time.Minute, 4 * time.Minute, false},
		{time.Hour, 30 * time.Minute, true}, {time.Hour, 90 * time.Second, false},
	} {
		t.Run(fmt.Sprintf("%s, %s after", c.hour, c.after), func(t *testing.T) {
			d := dbtest.SQLite(t, settings.Schema(), audience.Schema())
			now := d.Now()
			d.Now = func() time.Time { return now }
			ahead, _, kept := bells(t, d)
			look := func() {
				t.Helper()
				if err := ahead.Look(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			look()
			err := d.Write(t.Context(), func(tx *db.Tx) error {
				_, err := tx.Exec(`INSERT INTO yard_thing (id, leaves_at, kept_why) VALUES ($1, $2, '')`, refused, db.At(now.Add(c.hour)))
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			now = now.Add(c.after)
			look()
			if is := kept() == "2rights"; is != c.kept {
				t.Errorf("it is kept back: %t", is)
			}
		})
	}
}
