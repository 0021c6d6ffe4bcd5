package reception_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"preau/core/audit"
	"preau/core/db"
	"preau/directory/feed"
	"preau/exchange/reception"
)

// The deltas of a daily account are fed in order: one that comes before its
// time is held until the missing one does.
func TestTheSequence(t *testing.T) {
	sent := newWeek(t, 5)
	onBoth(t, func(y *yard) {
		y.open(daily)
		y.look()
		y.put("d1.tgz", sent.delta[day(1)])
		y.look()
		y.wants("d1.tgz", "held complete")
		y.put("c0.tgz", sent.complete[day(0)])
		y.look()
		y.wants("d1.tgz", "applied")
		y.put("d4.tgz", sent.delta[day(4)])
		y.put("d3.tgz", sent.delta[day(3)])
		y.look()
		y.look()
		y.wants("d3.tgz", "held gap")
		if ack := y.ack("d3.tgz"); !strings.Contains(strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(ack.Text), "Attendue : celle du 7 octobre 2026 ; dernière appliquée : 6 octobre 2026.") {
			y.T.Error(ack.Text)
		}
		y.wants("d4.tgz", "held gap")
		y.put("d2.tgz", sent.delta[day(2)])
		y.look()
		for _, file := range []string{"d2.tgz", "d3.tgz", "d4.tgz"} {
			y.wants(file, "applied")
		}
		want := []string{"Complet_" + day(0), "Delta_" + day(1), "Delta_" + day(2), "Delta_" + day(3), "Delta_" + day(4)}
		if diff := cmp.Diff(want, shortNames(y.applied())); diff != "" {
			y.T.Error(diff)
		}
		// One that is late is refused, and told so.
		y.put("late.tgz", sent.delta[day(2)])
		y.look()
		y.wants("late.tgz", "quarantined older")
	})
}

// A complete delivery ends a gap; an operator ends it too.
func TestAGapEnds(t *testing.T) {
	sent := newWeek(t, 5)
	onBoth(t, func(y *yard) {
		y.open(daily)
		y.look()
		y.put("c0.tgz", sent.complete[day(0)])
		y.put("d2.tgz", sent.delta[day(2)])
		y.look()
		y.wants("d2.tgz", "held gap")
		y.put("c3.tgz", sent.complete[day(3)])
		y.look()
		y.wants("c3.tgz", "applied")
		y.wants("d2.tgz", "superseded")
		y.clean()

		// Without a rhythm, nothing is missing.
		y.open()
		y.Later(time.Hour)
		y.put("d4.tgz", sent.delta[day(4)])
		y.look()
		y.wants("d4.tgz", "applied")
	})
	onBoth(t, func(y *yard) {
		y.open(daily)
		y.look()
		y.put("c0.tgz", sent.complete[day(0)])
		y.put("d2.tgz", sent.delta[day(2)])
		y.look()
		y.wants("d2.tgz", "held gap")
		release := func() error {
			return y.DB.Write(y.T.Context(), func(tx *db.Tx) error { return y.Release(tx, y.idOf("d2.tgz"), audit.By{}) })
		}
		if err := release(); err != nil {
			y.T.Fatal(err)
		}
		y.look()
		y.wants("d2.tgz", "applied")
		if err := release(); err == nil || !strings.Contains(err.Error(), "it is applied") {
			y.T.Error("released twice", err)
		}
	})
}

// Too many departures wait for an operator, who accepts them.
func TestDeparturesWait(t *testing.T) {
	sent := newWeek(t, 2)
	onBoth(t, func(y *yard) {
		y.Service.Feeder.Caps = feed.Caps{AcademyPeople: 1, SchoolPercent: 100, SchoolPeople: 1000}
		y.open()
		y.look()
		y.put("c0.tgz", sent.complete[day(0)])
		y.look()
		empty := emptied(y.T, sent.complete[day(1)])
		y.put("c1.tgz", empty)
		y.look()
		y.wants("c1.tgz", "held departures")
		if said := y.log.String(); !strings.Contains(said, "a delivery is held") || strings.Contains(said, "is refused") {
			y.T.Error(said)
		}
		y.look() // it stays so
		y.wants("c1.tgz", "held departures")
		y.Write(func(tx *db.Tx) error { return y.Release(tx, y.idOf("c1.tgz"), audit.By{}) })
		y.look()
		y.wants("c1.tgz", "applied")
		if n := y.ack("c1.tgz").Delivery.Pupils.Departed; n == 0 {
			y.T.Error("nobody departed")
		}
	})
}

// What follows a complete delivery that is held waits with it.
func TestAHeldCompleteHoldsWhatFollows(t *testing.T) {
	sent := newWeek(t, 3)
	onBoth(t, func(y *yard) {
		y.Service.Feeder.Caps = feed.Caps{AcademyPeople: 200, SchoolPercent: 100, SchoolPeople: 1000}
		y.open()
		y.look()
		y.put("c0.tgz", sent.complete[day(0)])
		y.look()
		y.put("c1.tgz", emptied(y.T, sent.complete[day(1)]))
		y.put("d2.tgz", sent.delta[day(2)])
		y.look()
		y.wants("c1.tgz", "held departures")
		y.wants("d2.tgz", "held gap")
		y.put("c2.tgz", sent.complete[day(2)])
		y.look()
		y.wants("c2.tgz", "applied")
		y.wants("c1.tgz", "superseded")
		if ack := y.ack("c1.tgz"); !strings.Contains(ack.Text, "Une livraison plus récente") {
			y.T.Error(ack.Text)
		}
		y.wants("d2.tgz", "applied")
	})
}

// Why a delivery could not be fed is kept until it is.
func TestATroubleIsKept(t *testing.T) {
	sent := newWeek(t, 1)
	onBoth(t, func(y *yard) {
		y.open()
		y.look()
		sound, broken := y.Service.Feeder.DB, dbSQLite(y.T)
		if err := broken.Close(); err != nil {
			y.T.Fatal(err)
		}
		y.Service.Feeder.DB = broken
		y.put("c0.tgz", sent.complete[day(0)])
		y.look()
		if a := y.arrivals()[0]; a.State != reception.Received || a.Trouble != reception.Other || a.TryAt.IsZero() {
			y.T.Errorf("%+v", a)
		}
		y.Service.Feeder.DB = sound
		y.Later(time.Hour)
		y.look()
		y.wants("c0.tgz", "applied")
		if a := y.arrivals()[0]; a.Trouble != "" {
			y.T.Errorf("%+v", a)
		}
	})
}

// What cannot be opened is tried more and more seldom, then waits for an
// operator; nothing is fed before it is known which delivery it is.
func TestWhatCannotBeOpenedWaits(t *testing.T) {
	sent := newWeek(t, 2)
	onBoth(t, func(y *yard) {
		y.open()
		y.look()
		y.put("d1.tgz", sent.delta[day(1)])
		y.look()
		y.wants("d1.tgz", "held complete")
		sealed := filepath.Join(y.data, "archive", y.idOf("d1.tgz").String()+".age")
		if err := os.Rename(sealed, sealed+".lost"); err != nil {
			y.T.Fatal(err)
		}
		y.Write(func(tx *db.Tx) error { // as if it had just come
			_, err := tx.Exec(`UPDATE reception_arrival SET state = 'received', reason = '', delivery = '', mode = '', day = ''`)
			return err
		})
		y.put("c0.tgz", sent.complete[day(0)])
		y.look()
		if got := y.states(); got["d1.tgz"] != "received" || got["c0.tgz"] != "received" {
			y.T.Errorf("%v", got)
		}
		tries := map[time.Time]bool{}
		rounds := 0
		for ; rounds < 200 && y.states()["d1.tgz"] == "received"; rounds++ {
			y.Later(10 * time.Minute)
			y.look()
			if a := y.arrival("d1.tgz"); a.State == reception.Received && a.Trouble == reception.Other {
				tries[a.TryAt] = true
			}
		}
		if len(tries) < 5 || len(tries) > 11 {
			y.T.Errorf("%d waits in %d rounds", len(tries), rounds)
		}
		y.wants("d1.tgz", "held failed")
		y.wants("c0.tgz", "applied")
		if a := y.arrival("d1.tgz"); !a.TryAt.IsZero() {
			y.T.Errorf("tried again at %v though an operator is asked", a.TryAt)
		}
		if err := os.Rename(sealed+".lost", sealed); err != nil {
			y.T.Fatal(err)
		}
		y.look()
		y.wants("d1.tgz", "held failed")
		y.Write(func(tx *db.Tx) error { return y.Release(tx, y.idOf("d1.tgz"), audit.By{}) })
		y.look()
		y.wants("d1.tgz", "applied")
	})
}

// A delivery of the future waits for an operator, and shuts nobody out. What
// is dated tomorrow may have been made after midnight elsewhere.
func TestADeliveryOfTheFutureWaits(t *testing.T) {
	sent := newWeek(t, 5)
	onBoth(t, func(y *yard) {
		y.Later(-sevenDays)
		y.open()
		y.put("c0.tgz", sent.complete[day(0)])
		y.put("c1.tgz", sent.complete[day(1)])
		y.put("c2.tgz", sent.complete[day(2)])
		y.put("d3.tgz", sent.delta[day(3)])
		y.look()
		y.wants("c0.tgz", "applied")
		y.wants("c1.tgz", "applied")
		y.wants("c2.tgz", "held ahead")
		y.wants("d3.tgz", "held ahead")
		if ack := y.ack("c2.tgz"); ack.Remedy == "" || !strings.Contains(ack.Text, "avenir") {
			y.T.Errorf("%s %s", ack.Text, ack.Remedy)
		}
		y.Later(48 * time.Hour) // its day does not let it go: its date may be wrong all the same
		y.look()
		y.wants("c2.tgz", "held ahead")
		for _, file := range []string{"c2.tgz", "d3.tgz"} {
			y.Write(func(tx *db.Tx) error { return y.Release(tx, y.idOf(file), audit.By{}) })
			y.look()
			y.wants(file, "applied")
		}

		// What was sent again under the right date supersedes what still waits.
		y.put("c9.tgz", redated(y.T, sent.complete[day(4)], day(9)))
		y.put("c999.tgz", redated(y.T, sent.complete[day(4)], day(999)))
		y.look()
		y.wants("c9.tgz", "held ahead")
		y.wants("c999.tgz", "quarantined future")
		y.Later(sevenDays)
		y.put("c10.tgz", redated(y.T, sent.complete[day(4)], day(10)))
		y.look()
		y.wants("c10.tgz", "applied")
		y.wants("c9.tgz", "superseded")
	})
}

// The operators have a folder too, without a perimeter or a rhythm.
func TestTheOperatorsFolder(t *testing.T) {
	sent := newWeek(t, 3)
	onBoth(t, func(y *yard) {
		y.look()
		for file, text := range map[string][]byte{"c0.tgz": sent.complete[day(0)], "d2.tgz": sent.delta[day(2)]} {
			if err := os.WriteFile(filepath.Join(y.Inbox, "in", file), text, 0o600); err != nil {
				y.T.Fatal(err)
			}
		}
		y.look()
		if diff := cmp.Diff(map[string]string{"c0.tgz": "applied", "d2.tgz": "applied"}, y.states()); diff != "" {
			y.T.Error(diff)
		}
		if _, err := os.Stat(filepath.Join(y.Inbox, "out", "d2.tgz.ack.json")); err != nil {
			y.T.Error(err)
		}
	})
}
