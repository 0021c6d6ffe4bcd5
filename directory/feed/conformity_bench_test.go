package feed

import (
	"fmt"
	"iter"
	"path/filepath"
	"testing"

	"preau/core/db"
	"preau/directory"
	"preau/directory/aaf"
)

// BenchmarkConformity reads what the rectorat's page shows, of an académie of
// 3,500 schools after sixty complete deliveries with troubles of five kinds in
// each school.
func BenchmarkConformity(b *testing.B) {
	const schools, areas, deliveries = 3_500, 135, 60
	d, err := db.Open(b.Context(), filepath.Join(b.TempDir(), "preau.db"))
	if err != nil {
		b.Fatal(err)
	}
	defer d.Close()
	if err := d.Migrate(b.Context(), directory.Schema(), Schema()); err != nil {
		b.Fatal(err)
	}
	err = d.Write(b.Context(), func(tx *db.Tx) error {
		for _, table := range []struct {
			name    string
			columns []string
			rows    iter.Seq[[]any]
		}{
			{"directory_structure", []string{"id", "ref", "kind", "from_at"}, func(yield func([]any) bool) {
				for i := range schools {
					yield([]any{1000 + i, fmt.Sprint("school:", i), "school", 0})
				}
			}},
			{"directory_within", []string{"structure_id", "ancestor_id"}, func(yield func([]any) bool) {
				for i := range schools {
					yield([]any{1000 + i, 10 + i%areas})
				}
			}},
			{"feed_delivery", []string{"id", "source_id", "name", "mode", "day", "state", "refusal", "counts", "warnings", "fed_at", "fed_by",
				"millis", "tallied"}, func(yield func([]any) bool) {
				for i := range deliveries {
					yield([]any{1 + i, 5, "", string(aaf.Complete), "2026-09-01", string(Applied), "", "{}", 0, 0, 0, 0, true})
				}
			}},
			{"feed_tally", []string{"feed_id", "school_id", "tool", "kind", "attribute", "total", "fresh", "gone"}, func(yield func([]any) bool) {
				for i := range deliveries * schools * len(Tools) {
					yield([]any{1 + i/len(Tools)/schools, 1000 + i/len(Tools)%schools, string(Tools[i%len(Tools)]), "missing-name", "", 2, 1, 1})
				}
			}},
			{"feed_extent", []string{"feed_id", "school_id", "records"}, func(yield func([]any) bool) {
				for i := range deliveries * schools {
					yield([]any{1 + i/schools, 1000 + i%schools, 400})
				}
			}},
		} {
			if _, err := tx.Bulk(table.name, table.columns, table.rows); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	for name, reach := range map[string]Reach{"whole": nil, "circonscription": {{10}}} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				err := d.Read(b.Context(), func(tx *db.Tx) error {
					if list, err := Conformities(tx, 5, aaf.Complete, reach, 12); err != nil || len(list) != 12 {
						return fmt.Errorf("%d deliveries: %w", len(list), err)
					}
					if _, err := SchoolConformities(tx, deliveries, reach); err != nil {
						return err
					}
					_, err := KindTallies(tx, deliveries, reach)
					return err
				})
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
