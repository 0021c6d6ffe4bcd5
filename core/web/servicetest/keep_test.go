package servicetest_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/notify"
	"preau/core/past"
	"preau/core/personal"
	"preau/core/web/servicetest"
)

// heard is a test that notes what is wrong, and goes on.
type heard struct {
	testing.TB
	wrong []string
}

func (h *heard) Errorf(format string, args ...any) {
	h.wrong = append(h.wrong, fmt.Sprintf(format, args...))
}

// careless is a steward that forgets things alone, and none of its rows that have a term of their own.
type careless struct{ personal.Tables }

func (c careless) Purge(tx *db.Tx) (int64, error) {
	things, err := c.Old(tx)
	if err != nil {
		return 0, err
	}
	return int64(len(things)), c.Drop(tx, things...)
}

// hoarder is a steward that forgets nothing.
type hoarder struct{ personal.Tables }

func (hoarder) Purge(*db.Tx) (int64, error) { return 0, nil }

// A room that says for how long it keeps something, and keeps it for longer, is found: each table of
// it, and no other.
func TestWhoForgetsToForgetIsFound(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var things, rows []string // tables that have a term
		for _, table := range past.Holdings {
			if table.Retention.From != "" {
				things = append(things, table.Name)
			}
		}
		mine := notify.New(d, nil).Holdings()
		for _, table := range mine {
			if table.Retention.From != "" {
				rows = append(rows, table.Name)
			}
		}
		all := slices.Concat(past.Holdings, mine)
		for name, c := range map[string]struct {
			steward personal.Steward
			keeps   []string
		}{"forgets all": {all, nil}, "forgets things alone": {careless{all}, rows}, "forgets nothing": {hoarder{all}, slices.Concat(things, rows)}} {
			told := &heard{TB: t}
			servicetest.Steward(told, d, c.steward)
			for _, table := range slices.Concat(things, rows) {
				found := slices.ContainsFunc(told.wrong, func(one string) bool { return strings.HasPrefix(one, table+" keeps what is past") })
				if found != slices.Contains(c.keeps, table) {
					t.Errorf("%s: that %s is kept beyond its term is said: %v\n%s", name, table, found, strings.Join(told.wrong, "\n"))
				}
			}
		}
	}, past.Schema(), notify.Schema())
}
