package removal

import (
	"testing"

	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/fail"
	"preau/core/school"
	"preau/directory"
)

// Of two who settle a case that each of them saw waiting, one alone does; so of two who undo.
func TestACaseIsSettledOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			c := dossier{ID: school.NewID(tx.Now), Account: 1, Since: tx.Now, Why: "stolen", AskedBy: 2, Asked: tx.Now}
			if err := insert(tx, c); err != nil {
				return err
			}
			for _, step := range []struct {
				was, is outcome
				settled bool
			}{
				{removed, restored, false}, {waiting, removed, true}, {waiting, withdrawn, false}, {waiting, declined, false},
				{removed, restored, true}, {removed, restored, false},
			} {
				c.Outcome = step.is
				if err := settle(tx, c, step.was); step.settled != (err == nil) || err != nil && !fail.Is(err, fail.Conflict) {
					t.Errorf("from %q to %q: %v", step.was, step.is, err)
				}
			}
			left, err := dossierByID(tx, c.ID)
			if left.Outcome != restored {
				t.Errorf("the case is %q", left.Outcome)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}, Schema(), directory.Schema())
}
