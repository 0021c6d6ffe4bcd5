package alert_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"testing"
	"time"

	"preau/core/school"
	"preau/core/web"
	"preau/test/house"
)

// counted gives how many statements each answer to an agent asked of the database, as the log says.
type counted chan int64

func (counted) Enabled(context.Context, slog.Level) bool { return true }
func (c counted) WithAttrs([]slog.Attr) slog.Handler     { return c }
func (c counted) WithGroup(string) slog.Handler          { return c }
func (c counted) Handle(_ context.Context, line slog.Record) error {
	line.Attrs(func(a slog.Attr) bool {
		if a.Key == "statements" {
			c <- a.Value.Int64()
		}
		return a.Key != "statements"
	})
	return nil
}

// unwatched freezes no account, whatever it sends.
type unwatched struct{}

func (unwatched) ActsOn(*web.Request, int) error            { return nil }
func (unwatched) Settle(_ context.Context, err error) error { return err }

// stormy is how many schools more the commune of the storm has. PREAU_STORM=470 is that of Marseille,
// with -v to read how long it takes.
func stormy() int {
	if n, err := strconv.Atoi(os.Getenv("PREAU_STORM")); err == nil {
		return n
	}
	return 40
}

// The agent of a commune of hundreds of schools tells, amends and ends a notice in all of them by the
// statements that it takes in one, and a job for each.
func TestALargeCommuneTells(t *testing.T) {
	fed.Each(t, func(t *testing.T, in *house.House) {
		asks := make(counted, 1)
		h := newTown(in, func(c *web.Config) { c.Log, c.Breaker = slog.New(asks), unwatched{} })
		c := h.cast()
		h.builds(c, stormy())
		agent := h.Enter(c.agent, school.Municipal)
		for len(asks) > 0 {
			<-asks
		}
		count := func(name string, in int, ask func() house.Reply, status int) (house.Reply, int64) {
			t.Helper()
			began := time.Now()
			r := ask()
			took := time.Since(began)
			r.Wants(status)
			n := <-asks
			t.Logf("%s in %d schools: %s, %d statements", name, in, took.Round(time.Millisecond), n)
			return r, n
		}
		says := func(schools []string) (asked map[string]int64) {
			asked = map[string]int64{}
			form, to := url.Values{"kind": {"weather"}, "to": {"families", "team"}, "text": {"Tempête."}, "school": schools}, "/alert/new/commune/"+c.commune.String()
			var r house.Reply
			_, asked["the form"] = count("the form", len(schools), func() house.Reply { return agent.Get(to) }, http.StatusOK)
			r, asked["asks"] = count("asks", len(schools), func() house.Reply { return agent.Post(to, form) }, http.StatusOK)
			form = r.Hidden("confirm")
			form.Set("confirm", "1")
			r, asked["tells"] = count("tells", len(schools), func() house.Reply { return agent.Post(to, form) }, http.StatusSeeOther)
			notice := r.Header.Get("Location")
			_, asked["amends"] = count("amends", len(schools), func() house.Reply {
				return agent.Post(notice+"/amend", url.Values{"text": {"Tempête, toute la nuit."}})
			}, http.StatusSeeOther)
			_, asked["ends"] = count("ends", len(schools), func() house.Reply { return agent.Post(notice+"/end", nil) }, http.StatusSeeOther)
			return asked
		}
		var all []string
		for _, id := range h.Some(`SELECT s.id FROM directory_structure s JOIN directory_within w ON w.structure_id = s.id WHERE w.ancestor_id = $1 AND s.kind = 'school' ORDER BY s.id`, c.commune) {
			all = append(all, id.String())
		}
		if len(all) < stormy() {
			t.Fatalf("the commune has %d schools", len(all))
		}
		one, many := says(all[:1]), says(all)
		for what, n := range many {
			left := one[what] + 5
			if what == "tells" || what == "amends" || what == "ends" {
				left += int64(len(all)) // jobs
			}
			if one[what] == 0 || n > left {
				t.Errorf("%s: %d statements in one school, %d in %d", what, one[what], n, len(all))
			}
		}
	})
}

// builds gives the commune some schools more, each with the pupils of one that it has.
func (h *town) builds(c cast, n int) {
	h.T.Helper()
	h.exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $2)
		INSERT INTO directory_structure (id, ref, kind, uai, name, name_key, town, from_at)
		SELECT s.id + n.i * 1000000, s.ref || '-' || n.i, s.kind, '', s.name || ' ' || n.i, s.name_key, s.town, s.from_at FROM directory_structure s, n WHERE s.id = $1`, c.school, n)
	h.exec(`INSERT INTO directory_within (structure_id, ancestor_id) SELECT s.id, w.ancestor_id FROM directory_within w, directory_structure s
		WHERE w.structure_id = $1 AND s.ref LIKE (SELECT o.ref || '-%' FROM directory_structure o WHERE o.id = $1)`, c.school)
	h.exec(`INSERT INTO directory_enrolment (person_id, school_id, year, from_at, level_code, level_label)
		SELECT e.person_id, s.id, e.year, e.from_at, e.level_code, e.level_label FROM directory_enrolment e, directory_structure s
		WHERE e.school_id = $1 AND e.until_at IS NULL AND s.ref LIKE (SELECT o.ref || '-%' FROM directory_structure o WHERE o.id = $1)`, c.school)
}
