package audit

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/school"
	"preau/core/seal"
)

const (
	head, zoe = 1, 2
	lilas     = 10
)

func newLog(t *testing.T) *Log {
	t.Helper()
	key, err := seal.Open(filepath.Join(t.TempDir(), "key"))
	if err != nil {
		t.Fatal(err)
	}
	return New(key)
}

// must runs f in a transaction at an instant.
func must(t *testing.T, d *db.DB, at time.Time, f func(*db.Tx) error) {
	t.Helper()
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		tx.Now = at
		return f(tx)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func act(t *testing.T, d *db.DB, log *Log, at time.Time) {
	t.Helper()
	must(t, d, at, func(tx *db.Tx) error {
		return log.Write(tx, Entry{
			By: By{Actor: head, Profile: school.Head, Request: "abc"}, Action: "account.code", Kind: "account", Object: 7,
			Subject: zoe, School: lilas, Detail: Detail{"days": "30"},
		})
	})
}

// daysOf writes three entries on the first day, none on the second, one on
// the third, seals them, and writes one on the fourth.
func daysOf(t *testing.T, d *db.DB, log *Log) (now time.Time) {
	t.Helper()
	monday := dbtest.Noon
	for _, at := range []time.Time{monday, monday.Add(time.Minute), monday.Add(time.Hour), monday.AddDate(0, 0, 2)} {
		act(t, d, log, at)
	}
	now = monday.AddDate(0, 0, 3)
	must(t, d, now, func(tx *db.Tx) error {
		sealed, err := log.SealDays(tx)
		if len(sealed) != 3 {
			t.Errorf("%d days sealed, want 3", len(sealed))
		}
		return err
	})
	act(t, d, log, now)
	return now
}

func verify(t *testing.T, d *db.DB, log *Log, now time.Time) (r Report) {
	t.Helper()
	must(t, d, now, func(tx *db.Tx) (err error) {
		r, err = log.Verify(tx)
		return err
	})
	return r
}

func TestEveryTamperingIsFound(t *testing.T) {
	const monday, tuesday, wednesday = "2026-10-05", "2026-10-06", "2026-10-07"
	first := `id = (SELECT min(id) FROM audit_entry)`
	noon := fmt.Sprint(dbtest.Noon.UnixMilli())
	edit := func(set string) []string { return []string{`UPDATE audit_entry SET ` + set + ` WHERE ` + first} }
	insert := func(at string) string {
		return `INSERT INTO audit_entry (id, at, actor_id, profile, action, object_kind, object_id, subject_id, school_id, request, detail)
			VALUES (99, ` + at + `, 1, '', 'account.code', '', 0, 0, 0, '', '{}')`
	}
	for name, c := range map[string]struct {
		tampering []string
		want      []Finding
	}{
		"nothing": {nil, nil},
		"actor":   {edit(`actor_id = 3`), []Finding{{monday, Edited}}},
		"hat":     {edit(`profile = 'National_ENS'`), []Finding{{monday, Edited}}},
		"action":  {edit(`action = 'account.sign-in'`), []Finding{{monday, Edited}}},
		"kind":    {edit(`object_kind = ''`), []Finding{{monday, Edited}}},
		"object":  {edit(`object_id = 8`), []Finding{{monday, Edited}}},
		"subject": {edit(`subject_id = 0`), []Finding{{monday, Edited}}},
		"school":  {edit(`school_id = 11`), []Finding{{monday, Edited}}},
		"request": {edit(`request = 'abd'`), []Finding{{monday, Edited}}},
		"detail":  {edit(`detail = '{}'`), []Finding{{monday, Edited}}},
		"id":      {edit(`id = 5`), []Finding{{monday, Edited}}},
		"instant": {edit(`at = at + 1`), []Finding{{monday, Edited}}},
		"words moved between columns": {
			edit(`action = 'account.codea', object_kind = 'ccount'`), []Finding{{monday, Edited}},
		},
		"moved to another day": {
			edit(`at = at + 86400000`), []Finding{{monday, Removed}, {tuesday, Inserted}},
		},
		"removed":                    {[]string{`DELETE FROM audit_entry WHERE ` + first}, []Finding{{monday, Removed}}},
		"the day emptied":            {[]string{`DELETE FROM audit_entry WHERE at < ` + noon + ` + 7200000`}, []Finding{{monday, Removed}}},
		"inserted":                   {[]string{insert(noon)}, []Finding{{monday, Inserted}}},
		"inserted in an empty day":   {[]string{insert(noon + ` + 86400000`)}, []Finding{{tuesday, Inserted}}},
		"inserted before all":        {[]string{insert(noon + ` - 864000000`)}, []Finding{{"2026-09-25", Inserted}}},
		"removed and inserted":       {[]string{`DELETE FROM audit_entry WHERE ` + first, insert(noon)}, []Finding{{monday, Edited}}},
		"first segment taken out":    {[]string{`DELETE FROM audit_segment WHERE day = '2026-10-05'`}, []Finding{{monday, Inserted}, {tuesday, Broken}}},
		"segment taken out":          {[]string{`DELETE FROM audit_segment WHERE day = '2026-10-06'`}, []Finding{{wednesday, Broken}}},
		"count to match":             {[]string{`DELETE FROM audit_entry WHERE ` + first, `UPDATE audit_segment SET count = 2 WHERE day = '2026-10-05'`}, []Finding{{monday, Forged}, {monday, Edited}}},
		"head":                       {[]string{`UPDATE audit_segment SET head = digest WHERE day = '2026-10-06'`}, []Finding{{tuesday, Forged}, {wednesday, Broken}}},
		"mac":                        {[]string{`UPDATE audit_segment SET mac = head WHERE day = '2026-10-07'`}, []Finding{{wednesday, Forged}}},
		"mac of another day":         {[]string{`UPDATE audit_segment SET mac = (SELECT mac FROM audit_segment WHERE day = '2026-10-05') WHERE day = '2026-10-07'`}, []Finding{{wednesday, Forged}}},
		"a segment renamed":          {[]string{`UPDATE audit_segment SET day = '2026-10-08' WHERE day = '2026-10-07'`}, []Finding{{"2026-10-08", Broken}, {"2026-10-08", Forged}, {"2026-10-08", Edited}}},
		"a segment that is no day":   {[]string{`UPDATE audit_segment SET day = 'x' WHERE day = '2026-10-07'`}, []Finding{{"x", Broken}, {"x", Forged}}},
		"the day that is not sealed": {[]string{`DELETE FROM audit_entry WHERE at > ` + noon + ` + 200000000`}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				log := newLog(t)
				now := daysOf(t, d, log)
				must(t, d, now, func(tx *db.Tx) error {
					for _, statement := range c.tampering {
						if n, err := tx.Exec(statement); err != nil || n == 0 {
							return fmt.Errorf("%s: %d rows, %w", statement, n, err)
						}
					}
					return nil
				})
				if diff := cmp.Diff(c.want, verify(t, d, log, now).Findings); diff != "" {
					t.Error(diff)
				}
			}, Schema())
		})
	}
}

// Who writes to the database can make a chain that holds together, but not
// without the key.
func TestAChainMadeWithAnotherKeyIsForged(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		log := newLog(t)
		now := daysOf(t, d, log)
		must(t, d, now, func(tx *db.Tx) error {
			if _, err := tx.Exec(`DELETE FROM audit_segment`); err != nil {
				return err
			}
			if _, err := newLog(t).SealDays(tx); err != nil {
				return err
			}
			sealed, err := log.SealDays(tx)
			if err == nil || len(sealed) != 0 || !strings.Contains(err.Error(), "not sealed with this key") {
				t.Errorf("sealed on: %d days, %v", len(sealed), err)
			}
			return nil
		})
		want := []Finding{{"2026-10-05", Forged}, {"2026-10-06", Forged}, {"2026-10-07", Forged}}
		if diff := cmp.Diff(want, verify(t, d, log, now).Findings); diff != "" {
			t.Error(diff)
		}
	}, Schema())
}

func TestSealDays(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		log := newLog(t)
		seal := func(at time.Time) (days []Day) {
			must(t, d, at, func(tx *db.Tx) error {
				sealed, err := log.SealDays(tx)
				for _, s := range sealed {
					days = append(days, s.Day)
				}
				return err
			})
			return days
		}
		if days := seal(dbtest.Noon); days != nil {
			t.Errorf("an empty journal: %v", days)
		}
		lastMinute := time.Date(2026, 10, 24, 23, 59, 0, 0, school.Paris)
		midnight := time.Date(2026, 10, 25, 0, 0, 0, 0, school.Paris)
		act(t, d, log, lastMinute)
		act(t, d, log, midnight) // a day of 25 hours: the clock goes back
		act(t, d, log, midnight.Add(24*time.Hour+59*time.Minute))
		for _, step := range []struct {
			at   time.Time
			want []Day
		}{
			{midnight.Add(settling - time.Second), nil},
			{midnight.Add(settling), []Day{"2026-10-24"}},
			{midnight.Add(settling), nil},
			{midnight.Add(25 * time.Hour), nil},
			{midnight.Add(25*time.Hour + settling), []Day{"2026-10-25"}},
			{midnight.AddDate(0, 0, 4).Add(settling), []Day{"2026-10-26", "2026-10-27", "2026-10-28"}},
		} {
			if diff := cmp.Diff(step.want, seal(step.at)); diff != "" {
				t.Errorf("%s: %s", step.at, diff)
			}
		}
		r := verify(t, d, log, midnight.AddDate(0, 0, 4))
		if r.Days != 5 || r.Entries != 3 || len(r.Findings) != 0 || len(r.Head) != 32 {
			t.Errorf("%+v", r)
		}
	}, Schema())
}

func TestPurgeKeepsTheHeads(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		log := newLog(t)
		now := daysOf(t, d, log)
		purge := func(at time.Time) (n int64) {
			must(t, d, at, func(tx *db.Tx) (err error) {
				n, err = log.Purge(tx)
				return err
			})
			return n
		}
		monday := dayOf(dbtest.Noon)
		term := monday.end().AddDate(0, 0, keptDays)
		if n := purge(term.Add(-time.Second)); n != 0 {
			t.Errorf("%d entries purged before their term", n)
		}
		if n := purge(term); n != 3 {
			t.Errorf("%d entries purged, want the 3 of Monday", n)
		}
		if r := verify(t, d, log, term); r.Purged != 1 || len(r.Findings) != 0 {
			t.Errorf("%+v", r)
		}
		// Within the year, the same hole is a fault.
		if r := verify(t, d, log, now); len(r.Findings) != 1 || r.Findings[0] != (Finding{monday, Removed}) {
			t.Errorf("%+v", r)
		}
		// A day that is not sealed is never purged.
		if n := purge(now.AddDate(3, 0, 0)); n != 1 {
			t.Errorf("%d entries purged, want the one of Wednesday", n)
		}
		if r := verify(t, d, log, now.AddDate(3, 0, 0)); r.Days != 3 || r.Purged != 2 || len(r.Findings) != 0 {
			t.Errorf("%+v", r)
		}
	}, Schema())
}

func TestWriteRefusesWhatIsNoWord(t *testing.T) {
	d := dbtest.SQLite(t, Schema())
	log := newLog(t)
	must(t, d, dbtest.Noon, func(tx *db.Tx) error {
		for name, e := range map[string]Entry{
			"no action":      {},
			"a sentence":     {Action: "Zoé signs in"},
			"a name":         {Action: "account.code", Detail: Detail{"who": "Zoé"}},
			"two words":      {Action: "account.code", Detail: Detail{"who": "zoe martin"}},
			"a capital":      {Action: "account.code", Detail: Detail{"Who": "x"}},
			"an empty value": {Action: "account.code", Detail: Detail{"who": ""}},
			"a long value":   {Action: "account.code", Detail: Detail{"who": strings.Repeat("a", 41)}},
			"many values": {Action: "account.code", Detail: Detail{
				"a": "1", "b": "1", "c": "1", "d": "1", "e": "1", "f": "1", "g": "1", "h": "1", "i": "1"}},
		} {
			if err := log.Write(tx, e); err == nil {
				t.Errorf("%s was journalled", name)
			}
		}
		n, err := db.One(tx, db.Column[int], `SELECT count(*) FROM audit_entry`)
		if n != 0 {
			t.Errorf("%d entries", n)
		}
		return err
	})
}

func TestAPersonSeesTheirEntriesAndKeepsThem(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		log := newLog(t)
		now := daysOf(t, d, log)
		must(t, d, now, func(tx *db.Tx) error {
			if err := log.Erase(tx, zoe); err != nil {
				return err
			}
			rows, err := log.Export(tx, zoe)
			if len(rows) != 5 {
				t.Errorf("%d entries about Zoé, want 5", len(rows))
			}
			return err
		})
		if r := verify(t, d, log, now); len(r.Findings) != 0 {
			t.Errorf("%+v", r)
		}
	}, Schema())
}

// What is asked for since an instant has the entry of that instant and none of
// before, about some or about everybody.
func TestChosenSince(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		log := newLog(t)
		daysOf(t, d, log)
		for want, since := range []time.Time{
			dbtest.Noon.AddDate(1, 0, 0), dbtest.Noon.AddDate(0, 0, 3), dbtest.Noon.AddDate(0, 0, 2), dbtest.Noon.Add(time.Hour), dbtest.Noon.Add(time.Minute), dbtest.Noon, {},
		} {
			for _, c := range []Choice{{Everybody: true}, {About: []school.ID{zoe}}} {
				c.Actions, c.Since, c.Most = []Action{"account.code"}, since, 100
				must(t, d, dbtest.Noon, func(tx *db.Tx) error {
					acts, err := log.Chosen(tx, c)
					if n := min(want, 5); len(acts) != n {
						t.Errorf("since %s: %d entries, want %d", since, len(acts), n)
					}
					return err
				})
			}
		}
	}, Schema())
}

// What is journalled about somebody is read by pages, the newest first.
func TestAboutIsReadByPages(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		log := newLog(t)
		for i := range 5 {
			act(t, d, log, dbtest.Noon.Add(time.Duration(i)*time.Minute))
		}
		var seen []time.Time
		for before := school.ID(0); ; {
			var acts []Act
			must(t, d, dbtest.Noon, func(tx *db.Tx) (err error) {
				acts, err = log.About(tx, zoe, []Action{"account.code"}, before, 2)
				return err
			})
			for _, a := range acts {
				seen, before = append(seen, a.At), a.ID
			}
			if len(acts) < 2 {
				break
			}
		}
		if len(seen) != 5 || !seen[0].After(seen[4]) {
			t.Errorf("read %v", seen)
		}
	}, Schema())
}

// Who did something to whom is asked of either of the two, once each, and of
// nobody else.
// What is rare among much is found by its kind, and what somebody did by who they are.
func TestActsAreFoundByKind(t *testing.T) {
	d := dbtest.SQLite(t, Schema())
	must(t, d, dbtest.Noon, func(tx *db.Tx) error {
		for i := range 2000 {
			action := "account.sign-in"
			if i%200 == 0 {
				action = "account.code"
			}
			if _, err := tx.Exec(`INSERT INTO audit_entry (id, at, actor_id, profile, action, object_kind, object_id, subject_id, school_id, request, detail)
				VALUES ($1, $2, 0, '', $3, 'account', 0, $4, 0, '', '{}')`, i+1, db.At(tx.Now), action, i%100); err != nil {
				return err
			}
		}
		if err := tx.Analyze("audit_entry"); err != nil {
			return err
		}
		for and, index := range map[string]string{"": "audit_entry_action", " AND subject_id IN (7)": "audit_entry_subject"} {
			plan, err := db.All(tx, func(row db.Row) (detail string, err error) {
				var id, parent, unused int
				return detail, row.Scan(&id, &parent, &unused, &detail)
			}, `EXPLAIN QUERY PLAN SELECT id, detail FROM audit_entry WHERE id < $1 AND action IN ('account.code')`+and+` ORDER BY id DESC LIMIT $2`, 1<<62, 100)
			if err != nil || !strings.Contains(strings.Join(plan, "\n"), index) {
				t.Errorf("acts%s are found by %v: %v", and, plan, err)
			}
		}
		return nil
	})
}

func TestBetween(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		log := newLog(t)
		const jean, paul = 3, 4
		act(t, d, log, dbtest.Noon)
		act(t, d, log, dbtest.Noon.Add(time.Minute))
		must(t, d, dbtest.Noon, func(tx *db.Tx) error {
			return errors.Join(
				log.Write(tx, Entry{By: By{Actor: jean}, Action: "account.reopen", Kind: "account", Subject: head}),
				log.Write(tx, Entry{By: By{Actor: head}, Action: "account.disable", Kind: "account", Subject: paul}),
			)
		})
		for _, c := range []struct {
			one    school.ID
			others []school.ID
			want   []school.ID
		}{
			{head, []school.ID{zoe, jean, paul}, []school.ID{zoe, jean}},
			{head, []school.ID{jean}, []school.ID{jean}},
			{zoe, []school.ID{head, jean}, []school.ID{head}},
			{jean, []school.ID{zoe}, nil},
			{head, nil, nil},
		} {
			must(t, d, dbtest.Noon, func(tx *db.Tx) error {
				got, err := log.Between(tx, c.one, c.others, "account.code", "account.reopen")
				slices.Sort(got)
				if !slices.Equal(got, c.want) {
					t.Errorf("between %d and %v: %v, want %v", c.one, c.others, got, c.want)
				}
				return err
			})
		}
	}, Schema())
}

// What is written once within a time is written once for each profile by which somebody
// did it: a teacher who looks as the head does it as somebody else.
func TestWriteOnceForEachProfile(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		log := newLog(t)
		written := func() (n int) {
			must(t, d, dbtest.Noon, func(tx *db.Tx) error {
				acts, err := log.Chosen(tx, Choice{Everybody: true, Actions: []Action{"account.look"}, Most: 100})
				n = len(acts)
				return err
			})
			return n
		}
		for i, c := range []struct {
			profile school.Profile
			after   time.Duration
			want    int
		}{
			{school.Teacher, 0, 1}, {school.Teacher, time.Minute, 1}, {school.Head, 2 * time.Minute, 2}, {school.Head, 3 * time.Minute, 2},
			{school.Teacher, 4 * time.Minute, 2}, {school.Teacher, time.Hour + time.Minute, 3},
		} {
			must(t, d, dbtest.Noon.Add(c.after), func(tx *db.Tx) error {
				_, err := log.WriteOnce(tx, Entry{By: By{Actor: head, Profile: c.profile}, Action: "account.look", Kind: "account", Object: zoe, Subject: zoe}, time.Hour)
				return err
			})
			if n := written(); n != c.want {
				t.Errorf("%d: %d entries, want %d", i, n, c.want)
			}
		}
	}, Schema())
}
