package reception_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"preau/core/audit"
	"preau/core/db"
	"preau/exchange/reception"
)

// Silence is told once a day, and taken back.
func TestSilence(t *testing.T) {
	sent := newWeek(t, 1)
	onBoth(t, func(y *yard) {
		y.open()
		y.look()
		told := func() bool {
			_, err := os.Stat(y.out("silence.json"))
			return err == nil
		}
		y.Later(7 * 24 * time.Hour)
		if y.look(); told() {
			y.T.Error("told too soon")
		}
		y.Later(25 * time.Hour)
		y.look()
		y.look()
		if n := strings.Count(y.log.String(), "nothing comes"); !told() || n != 1 {
			y.T.Errorf("told %v, logged %d times", told(), n)
		}
		y.Later(24 * time.Hour)
		y.look()
		if n := strings.Count(y.log.String(), "nothing comes"); n != 2 {
			y.T.Errorf("logged %d times in two days", n)
		}
		y.put("cut.tgz", sent.complete[day(0)][:1000])
		if y.look(); !told() {
			y.T.Error("an upload that is broken ends the silence")
		}
		y.put("c0.tgz", sent.complete[day(0)])
		if y.look(); told() {
			y.T.Error("still told once something came")
		}
		y.Later(7 * 24 * time.Hour)
		y.put("none.tgz", nil)
		y.look()
		y.Later(25 * time.Hour)
		if y.look(); !told() {
			y.T.Error("an upload that is broken delays what is told")
		}
	})
}

// What is held is no silence, from when it came and not from when it is let go.
func TestWhatIsHeldEndsASilence(t *testing.T) {
	sent := newWeek(t, 2)
	onBoth(t, func(y *yard) {
		y.open()
		y.look()
		heard := func() (at time.Time) {
			y.Read(func(tx *db.Tx) error {
				accounts, err := reception.Accounts(tx)
				for _, a := range accounts {
					at = a.HeardAt
				}
				return err
			})
			return at
		}
		y.put("d1.tgz", sent.delta[day(1)])
		y.look()
		y.wants("d1.tgz", "held complete")
		came := heard()
		if came.IsZero() || !came.Equal(y.arrivals()[0].ArrivedAt) {
			y.T.Errorf("heard at %v", came)
		}
		y.Later(48 * time.Hour)
		y.Write(func(tx *db.Tx) error { return y.Release(tx, y.idOf("d1.tgz"), audit.By{}) })
		y.look()
		if now := heard(); !now.Equal(came) {
			y.T.Errorf("heard at %v once it was let go, not %v", now, came)
		}
	})
}

// Received files are destroyed at their term, and what is still held with them.
func TestFilesAreDestroyedAtTheirTerm(t *testing.T) {
	sent := newWeek(t, 3)
	onBoth(t, func(y *yard) {
		y.open(daily)
		y.look()
		y.put("c0.tgz", sent.complete[day(0)])
		y.put("d2.tgz", sent.delta[day(2)])
		y.put("bad.tgz", []byte("bad"))
		y.look()
		if n := len(files(y.T, y.data)); n != 3 {
			y.T.Fatalf("%d sealed files", n)
		}
		y.Later(29 * 24 * time.Hour)
		y.look()
		if n := len(files(y.T, y.data)); n != 3 {
			y.T.Errorf("%d sealed files before their term", n)
		}
		touched := filepath.Join(y.data, "archive", y.idOf("c0.tgz").String()+".age")
		if err := os.Chtimes(touched, y.DB.Now(), y.DB.Now()); err != nil { // as a copy put back has it
			y.T.Fatal(err)
		}
		y.Later(2 * 24 * time.Hour)
		y.look()
		if left := files(y.T, y.data); len(left) != 0 {
			y.T.Errorf("past their term: %v", left)
		}
		y.wants("d2.tgz", "expired gap")
		for _, a := range y.arrivals() {
			if a.Destroyed.IsZero() {
				y.T.Errorf("%s is not known to be destroyed", a.Name)
			}
		}
		y.Later(340 * 24 * time.Hour)
		y.look()
		if n := len(y.arrivals()); n != 0 {
			y.T.Errorf("%d arrivals after a year", n)
		}
	})
}
