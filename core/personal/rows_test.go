package personal_test

import (
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/fail"
	"preau/core/personal"
	"preau/core/school"
)

var schema = db.Schema{Name: "pet", Files: os.DirFS("testdata")}

var pets = personal.Tables{
	{
		Name: "pet_person", Subjects: []string{"id"}, School: "school_id = $1", Things: []string{"id"},
		Personal: map[string]personal.Category{"name": personal.Identity, "kind": personal.Schooling},
		Plain:    []string{"id", "school_id"},
		Purpose:  personal.Portal, Recipients: []personal.Recipient{personal.Heads},
	},
	{
		Name: "pet_bond", Subjects: []string{"pupil_id", "guardian_id"}, Secret: []string{"seal"}, Things: []string{"pupil_id"},
		School:    "pupil_id IN (SELECT id FROM pet_person WHERE school_id = $1)",
		Plain:     []string{"pupil_id", "guardian_id", "seal", "seen_at"},
		Retention: personal.Retention{From: "seen_at", Days: 30},
	},
}

const (
	zoe, mother, stranger = 1, 2, 3
	lilas, elsewhere      = 10, 11
)

func sow(t *testing.T, tx *db.Tx) {
	t.Helper()
	for _, p := range [][]any{{zoe, "Zoé", lilas, true}, {mother, "Claude", lilas, false}, {stranger, "Max", elsewhere, false}} {
		if _, err := tx.Exec(`INSERT INTO pet_person (id, name, school_id, kind) VALUES ($1, $2, $3, $4)`, p...); err != nil {
			t.Fatal(err)
		}
	}
	_, err := tx.Exec(`INSERT INTO pet_bond (pupil_id, guardian_id, seal, seen_at) VALUES ($1, $2, $3, $4)`,
		zoe, mother, []byte{0, 200}, db.At(tx.Now))
	if err != nil {
		t.Fatal(err)
	}
}

func in(t *testing.T, d *db.DB, f func(*db.Tx) error) {
	t.Helper()
	if err := d.Write(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

func archive(t *testing.T, tx *db.Tx) (rows []personal.Row) {
	t.Helper()
	if err := pets.Archive(tx, lilas, func(row personal.Row) error {
		rows = append(rows, row)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return rows
}

func TestExportThenErase(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		in(t, d, func(tx *db.Tx) error {
			sow(t, tx)
			for person, want := range map[school.ID]int{0: 0, zoe: 2, mother: 2, stranger: 1} {
				if rows, err := pets.Export(tx, person); err != nil || len(rows) != want {
					t.Errorf("person %d has %d rows, want %d, %v", person, len(rows), want, err)
				}
			}
			rows, err := pets.Export(tx, mother)
			if err != nil {
				return err
			}
			for _, row := range rows {
				if _, out := row.Values["seal"]; out {
					t.Errorf("%s is exported with its secret", row.Table)
				}
			}
			if err := pets.Erase(tx, zoe); err != nil {
				return err
			}
			if rows, err := pets.Export(tx, zoe); err != nil || len(rows) != 0 {
				t.Errorf("after the erasure: %v, %v", rows, err)
			}
			rows, err = pets.Export(tx, mother)
			if len(rows) != 1 {
				t.Errorf("the mother has %d rows left, want her own", len(rows))
			}
			return err
		})
	}, schema)
}

func TestArchiveThenRestore(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		in(t, d, func(tx *db.Tx) error {
			sow(t, tx)
			before := archive(t, tx)
			if len(before) != 3 {
				t.Errorf("%d rows in the archive, want 3", len(before))
			}
			if err := pets.Erase(tx, zoe); err != nil {
				return err
			}
			for range 2 { // the second time finds everything there
				for _, row := range before {
					if err := pets.Restore(tx, row); err != nil {
						return err
					}
				}
			}
			if diff := cmp.Diff(index(before), index(archive(t, tx))); diff != "" {
				t.Error(diff)
			}
			if err := pets.Restore(tx, personal.Row{Table: "other"}); !fail.Is(err, fail.Invalid) {
				t.Errorf("a row of a table that is not ours: %v", err)
			}
			return nil
		})
	}, schema)
}

// What is removed with a thing is its row and what is part of it, and nothing else; put back,
// it is what it was.
func TestRemoveThenRestore(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		in(t, d, func(tx *db.Tx) error {
			sow(t, tx)
			before := archive(t, tx)
			if none, err := pets.Remove(tx); err != nil || len(none) != 0 {
				t.Errorf("of nothing, %d rows are removed: %v", len(none), err)
			}
			removed, err := pets.Remove(tx, zoe)
			if err != nil {
				return err
			}
			left := archive(t, tx)
			if len(removed) != 2 || len(left) != 1 || left[0].Values["id"] != int64(mother) {
				t.Errorf("%d rows are removed, left are %v", len(removed), left)
			}
			for _, row := range removed {
				if err := pets.Restore(tx, row); err != nil {
					return err
				}
			}
			if diff := cmp.Diff(index(before), index(archive(t, tx))); diff != "" {
				t.Error(diff)
			}
			return nil
		})
	}, schema)
}

// What was taken before its table had a column comes back with what new rows have there.
func TestRestoreOfBeforeAColumn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		in(t, d, func(tx *db.Tx) error {
			sow(t, tx)
			rows, err := pets.Remove(tx, zoe)
			if err != nil {
				return err
			}
			delete(rows[0].Values, "kind")
			for _, row := range rows {
				if err := pets.Restore(tx, row); err != nil {
					return err
				}
			}
			back, err := db.One(tx, db.Column[bool], `SELECT kind FROM pet_person WHERE id = $1`, zoe)
			if !back {
				t.Error("the column does not have its default")
			}
			return err
		})
	}, schema)
}

func TestPurge(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		in(t, d, func(tx *db.Tx) error {
			sow(t, tx)
			term := 30 * 24 * time.Hour
			tx.Now = tx.Now.Add(term)
			if n, err := pets.Purge(tx); n != 0 || err != nil {
				t.Errorf("at the term: %d rows purged, %v", n, err)
			}
			tx.Now = tx.Now.Add(time.Second)
			n, err := pets.Purge(tx)
			if n != 1 {
				t.Errorf("past the term: %d rows purged", n)
			}
			return err
		})
	}, schema)
}

// index sorts rows out by their table and values, whatever their order.
func index(rows []personal.Row) map[string]personal.Row {
	sorted := map[string]personal.Row{}
	for _, row := range rows {
		sorted[fmt.Sprint(row.Table, row.Values["id"], row.Values["pupil_id"])] = row
	}
	return sorted
}

// What names a column that is not there, or leaves something unsaid, is refused before it is asked.
func TestCheck(t *testing.T) {
	if err := pets.Check(); err != nil {
		t.Error(err)
	}
	for name, wrong := range map[string]func(*personal.Table){
		"a subject": func(p *personal.Table) { p.Subjects = []string{"nobody"} },
		"an author": func(p *personal.Table) { p.Authors = []string{"nobody"} },
		"a key":     func(p *personal.Table) { p.Keys = []string{"nothing"} },
		"a secret":  func(p *personal.Table) { p.Secret = []string{"nothing"} },
		"a file":    func(p *personal.Table) { p.Files = []string{"nothing"} },
		"a thing":   func(p *personal.Table) { p.Things = []string{"nothing"} },
		"a term":    func(p *personal.Table) { p.Retention.From = "never" },
		"a second term": func(p *personal.Table) {
			p.Retention, p.Sooner = personal.Retention{From: "id"}, personal.Retention{From: "never"}
		},
		"a second term alone": func(p *personal.Table) { p.Retention, p.Sooner = personal.Retention{}, personal.Retention{From: "id"} },
		"a column twice":      func(p *personal.Table) { p.Plain = append(slices.Clone(p.Plain), p.Plain[0]) },
		"personal data of no purpose": func(p *personal.Table) {
			p.Personal, p.Purpose = map[string]personal.Category{"name": personal.Identity}, ""
		},
	} {
		table := pets[0]
		wrong(&table)
		if err := (personal.Tables{table}).Check(); err == nil {
			t.Errorf("%s that is not right is not refused", name)
		}
	}
}

// Whatever is past its term goes some at a time.
func TestPurgeSomeAtATime(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		in(t, d, func(tx *db.Tx) error {
			sow(t, tx)
			for i := range personal.PurgedAtOnce + 2 {
				if _, err := tx.Exec(`INSERT INTO pet_person (id, name, school_id, kind) VALUES ($1, 'x', $2, TRUE)`, 100+i, lilas); err != nil {
					return err
				}
				if _, err := tx.Exec(`INSERT INTO pet_bond (pupil_id, guardian_id, seal, seen_at) VALUES ($1, $2, $3, $4)`, 100+i, mother, []byte{1}, i); err != nil {
					return err
				}
			}
			for _, want := range []int64{personal.PurgedAtOnce, 2, 0} {
				n, err := pets.Purge(tx)
				if err != nil {
					return err
				}
				if n != want {
					t.Errorf("%d rows are purged, want %d", n, want)
				}
			}
			return nil
		})
	}, schema)
}

// A thing that is past its term goes with what is part of it, one that was taken off sooner.
func TestOldThings(t *testing.T) {
	dated := slices.Clone(pets)
	dated[0].Retention, dated[0].Sooner = personal.Retention{From: "id", Days: 30}, personal.Retention{From: "school_id", Days: 3}
	dated[1].Retention = personal.Retention{}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		in(t, d, func(tx *db.Tx) error {
			day := func(days int) int64 { return tx.Now.AddDate(0, 0, -days).UnixMilli() }
			for _, p := range [][2]int64{{day(31), day(0)}, {day(29), day(0)}, {day(28), day(4)}} {
				if _, err := tx.Exec(`INSERT INTO pet_person (id, name, school_id, kind) VALUES ($1, 'x', $2, TRUE)`, p[0], p[1]); err != nil {
					return err
				}
				if _, err := tx.Exec(`INSERT INTO pet_bond (pupil_id, guardian_id, seal, seen_at) VALUES ($1, $1, $2, 0)`, p[0], []byte{1}); err != nil {
					return err
				}
			}
			n, err := dated.Purge(tx)
			if err != nil {
				return err
			}
			left, err := db.All(tx, db.Column[int64], `SELECT b.pupil_id FROM pet_bond b UNION ALL SELECT id FROM pet_person`)
			if n != 2 || !slices.Equal(left, []int64{day(29), day(29)}) {
				t.Errorf("%d things are gone, left are %v", n, left)
			}
			return err
		})
	}, schema)
}
