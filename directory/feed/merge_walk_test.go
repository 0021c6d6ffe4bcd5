package feed_test

import (
	"flag"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"preau/core/db"
	"preau/core/school"
	"preau/directory/aaf"
	"preau/directory/feed"
)

// TestAnyWalkThroughAMerge merges two people whom nothing says to be one, lets
// deliveries come and be undone, undoes the merge, and compares the register
// with one that never knew of it.
func TestAnyWalkThroughAMerge(t *testing.T) {
	if checks := flag.Lookup("rapid.checks"); checks.Value.String() == checks.DefValue {
		if err := flag.Set(checks.Name, "25"); err != nil {
			t.Fatal(err)
		}
	}
	walked := 0
	rapid.Check(t, func(r *rapid.T) {
		d := walkDB(t)
		f := feeder(d)
		o := feed.Options{AcceptDepartures: true}
		at := draw(r)
		take(t, f, at.whole("20260901").write(t), o)
		category := rapid.SampledFrom([]aaf.Category{aaf.Pupils, aaf.Guardians, aaf.Staffs}).Draw(r, "category")
		var known []school.ID
		read(t, d, func(tx *db.Tx) (err error) {
			known, err = db.All(tx, db.Column[school.ID], `SELECT subject_id FROM directory_key WHERE category = $1 ORDER BY jointure`, category)
			return err
		})
		if len(known) < 2 {
			return
		}
		kept := rapid.SampledFrom(known).Draw(r, "kept")
		gone := rapid.SampledFrom(slices.DeleteFunc(slices.Clone(known), func(id school.ID) bool { return id == kept })).Draw(r, "gone")
		tick(d)
		act := merge(t, d, kept, gone)
		tick(d)
		for i := range rapid.IntRange(0, 3).Draw(r, "days") {
			date := fmt.Sprintf("202609%02d", i+2)
			next := draw(r)
			dir := next.whole(date).write(t)
			if rapid.Bool().Draw(r, "delta") {
				dir = next.since(at, date).write(t)
			}
			fed := take(t, f, dir, o)
			tick(d)
			if rapid.Bool().Draw(r, "undo") {
				if err := f.Undo(t.Context(), fed.ID); err != nil {
					r.Fatal(err)
				}
				tick(d)
				take(t, f, dir, o)
				tick(d)
			}
			at = next
		}
		if err := unmerge(t, d, act); err != nil {
			r.Fatal(err)
		}
		walked++
		tick(d)
		take(t, f, at.whole("20260910").write(t), o)
		alone := walkDB(t)
		take(t, feeder(alone), at.whole("20260910").write(t), o)
		if diff := cmp.Diff(seen(t, alone), seen(t, d)); diff != "" {
			r.Fatalf("(- without the merge, + after its undoing):\n%s", diff)
		}
		before := register(t, d)
		tick(d)
		take(t, f, at.whole("20260910").write(t), o)
		if diff := cmp.Diff(before, register(t, d)); diff != "" {
			r.Fatalf("the same delivery again changes:\n%s", diff)
		}
	})
	if walked == 0 {
		t.Error("no merge was undone")
	}
}
