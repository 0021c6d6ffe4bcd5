package reception_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"preau/core/audit"
	"preau/core/db"
	"preau/core/school"
	"preau/directory"
	"preau/directory/feed"
	"preau/exchange/reception"
)

// An account speaks for its académie and for the schools opened to it.
func TestThePerimeter(t *testing.T) {
	sent := newWeek(t, 1)
	onBoth(t, func(y *yard) {
		y.open(func(a *reception.Account) { a.Academy = "025" })
		y.look()
		y.put("c0.tgz", sent.complete[day(0)])
		y.look()
		y.wants("c0.tgz", "quarantined other-academy")

		uais := uaisOf(y.T, sent.complete[day(0)])
		y.Write(func(tx *db.Tx) error { return y.Service.Close(tx, name) })
		y.open()
		y.put("two.tgz", rewritten(y.T, sent.complete[day(0)], "_Eleve_", func(text []byte) []byte {
			return bytes.Replace(text, []byte(`codeAcademieExport="096"`), []byte(`codeAcademieExport="001"`), 1)
		}))
		y.look()
		y.wants("two.tgz", "quarantined two-academies")
		if ack := y.ack("two.tgz"); !strings.Contains(ack.Detail, "001") || !strings.Contains(ack.Detail, orvalmont) || !strings.Contains(ack.Text, "deux académies") {
			y.T.Errorf("%s %s", ack.Text, ack.Detail)
		}
		y.open(func(a *reception.Account) { a.Schools = []school.UAI{uais[0]} })
		y.put("c0b.tgz", sent.complete[day(0)])
		y.look()
		y.wants("c0b.tgz", "applied")
		ack := y.ack("c0b.tgz")
		if !slices.ContainsFunc(ack.Refused, func(o feed.Outside) bool { return o.UAI == uais[1] && o.Pupils > 0 }) ||
			slices.ContainsFunc(ack.Refused, func(o feed.Outside) bool { return o.UAI == uais[0] }) {
			y.T.Errorf("refused: %+v", ack.Refused)
		}
		y.Read(func(tx *db.Tx) error {
			schools, err := directory.OpenSchools(tx)
			if len(schools) != 1 {
				y.T.Errorf("%d schools in the register", len(schools))
			}
			return err
		})
		// What the operators fed from elsewhere leaves, once somebody accepts it.
		if err := os.WriteFile(filepath.Join(y.Inbox, "in", "whole.tgz"), sent.complete[day(0)], 0o600); err != nil {
			y.T.Fatal(err)
		}
		y.look()
		schools := func() (n int) {
			y.Read(func(tx *db.Tx) error {
				open, err := directory.OpenSchools(tx)
				n = len(open)
				return err
			})
			return n
		}
		y.put("c0c.tgz", sent.complete[day(0)])
		y.look()
		y.wants("c0c.tgz", "held departures")
		y.Write(func(tx *db.Tx) error { return y.Release(tx, y.idOf("c0c.tgz"), audit.By{}) })
		y.look()
		y.wants("c0c.tgz", "applied")
		if n := schools(); n != 1 {
			y.T.Errorf("%d schools are left", n)
		}
		report, err := os.ReadFile(y.out("c0b.tgz.report.csv"))
		if err != nil || !bytes.Contains(report, []byte("outside-perimeter")) {
			y.T.Errorf("the report does not tell it: %v", err)
		}
	})
}
