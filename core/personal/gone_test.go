package personal_test

import (
	"slices"
	"testing"

	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/personal"
	"preau/core/school"
)

// What a thing was is put back though a table of it is no more; an archive that has such a table is
// refused.
func TestATableThatIsNoMore(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		says := slices.Clone(pets)
		for i := range says {
			says[i].Says = true
		}
		in(t, d, func(tx *db.Tx) error {
			sow(t, tx)
			was, err := says.Said(tx, zoe)
			if err != nil {
				return err
			}
			gone := personal.Row{Table: "pet_gone", Values: map[string]any{"id": int64(zoe)}}
			if _, err := says.Swap(tx, []school.ID{zoe}, append(was, gone)); err != nil {
				return err
			}
			if now, err := says.Said(tx, zoe); err != nil || len(now) != len(was) {
				t.Errorf("%d rows are back of %d: %v", len(now), len(was), err)
			}
			if err := says.Restore(tx, gone); err == nil {
				t.Error("an archive with a table that is no more is taken")
			}
			return nil
		})
	}, schema)
}
