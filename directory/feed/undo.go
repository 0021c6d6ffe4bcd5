package feed

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
	"preau/directory"
)

// Images are kept this long; past it a delivery can no longer be undone.
const keepImages = 30 * 24 * time.Hour

// Undo makes the register what it was before the last applied delivery. What
// was made by hand since stays, with merges, restrictions, logins and
// activations; keys stay too, so that the same people, when they come back,
// find what was theirs.
func (f *Feeder) Undo(ctx context.Context, id school.ID) error {
	release, err := f.DB.Lock(ctx, "feed")
	if fail.Is(err, fail.Conflict) {
		return &Refusal{Kind: Busy, Reason: "a feed is under way; wait for its end"}
	}
	if err != nil {
		return err
	}
	defer release()
	return f.DB.Write(ctx, func(tx *db.Tx) error {
		if err := undo(tx, id); err != nil {
			return err
		}
		if err := f.changed(tx); err != nil {
			return err
		}
		return f.note(tx, actUndo, id, 0)
	})
}

func undo(tx *db.Tx, id school.ID) error {
	d, err := DeliveryByID(tx, id)
	if err != nil {
		return err
	}
	last, err := LastApplied(tx)
	if err != nil && !fail.Is(err, fail.NotFound) {
		return err
	}
	switch {
	case d.State != Applied:
		return &Refusal{Kind: NothingToUndo, Reason: fmt.Sprintf("delivery %s is %s: there is nothing to undo", id, d.State)}
	case last.ID != id:
		return &Refusal{Kind: NotLast, Reason: fmt.Sprintf("delivery %s was applied after: undo it first", last.ID)}
	case tx.Now.Sub(d.FedAt) > keepImages:
		return &Refusal{Kind: NoImages, Reason: "what the delivery overwrote is kept 30 days, which are over"}
	}
	if err := written(tx, d.Source); err != nil {
		return err
	}
	if err := strikeAgain(tx, id); err != nil {
		return err
	}
	if err := removeMade(tx, id); err != nil {
		return err
	}
	if err := putBack(tx, id); err != nil {
		return err
	}
	if err := directory.MergeAgain(tx); err != nil {
		return err
	}
	for _, step := range []string{
		// Whatever the delivery said is compared again next time.
		`UPDATE directory_key SET hash = 0 WHERE feed_id = $1`,
		`UPDATE directory_key SET live = FALSE WHERE made_by = $1`,
		`DELETE FROM directory_proposal WHERE feed_id = $1 AND decided_at IS NULL`,
		`DELETE FROM feed_image WHERE feed_id = $1`,
		`DELETE FROM feed_held WHERE feed_id = $1`,
		`DELETE FROM feed_hold WHERE feed_id = $1`,
	} {
		if _, err := tx.Exec(step, id); err != nil {
			return err
		}
	}
	if _, err = tx.Exec(`UPDATE feed_delivery SET state = $1, undone_at = $2 WHERE id = $3`, Undone, db.At(tx.Now), id); err != nil {
		return err
	}
	return directory.Void(tx, 0)
}

// strikeAgain strikes the bonds that the undoing of a delivery opens again, while
// the records that it brought are there to be compared with: a judge's decision
// may have been recorded on one of those.
func strikeAgain(tx *db.Tx, id school.ID) error {
	images, err := db.All(tx, db.Column[string], `SELECT before FROM feed_image WHERE feed_id = $1 AND of_table = $2`, id, directory.Bonds.Name)
	if err != nil {
		return err
	}
	var ties []directory.Kinship
	for _, text := range images {
		var bond struct {
			Pupil    school.ID `json:"pupil_id"`
			Guardian school.ID `json:"guardian_id"`
			Until    db.Time   `json:"until_at"`
		}
		if err := json.Unmarshal([]byte(text), &bond); err != nil {
			return err
		}
		open, err := db.One(tx, db.Column[bool], `SELECT EXISTS (SELECT 1 FROM directory_bond WHERE pupil_id = $1 AND guardian_id = $2 AND until_at IS NULL)`,
			bond.Pupil, bond.Guardian)
		if err != nil {
			return err
		}
		if bond.Until.IsZero() && !open {
			ties = append(ties, directory.Kinship{Pupil: bond.Pupil, Guardian: bond.Guardian})
		}
	}
	_, err = directory.Strike(tx, 0, ties...)
	return err
}

// removeMade removes the rows that a delivery made. Structures and classes
// on which something made by hand stands are closed instead, and open again
// when a delivery brings them back.
func removeMade(tx *db.Tx, id school.ID) error {
	for _, step := range []string{
		`DELETE FROM directory_function WHERE feed_id = $1`,
		`DELETE FROM directory_bond WHERE feed_id = $1`,
		`DELETE FROM directory_membership WHERE feed_id = $1`,
		`DELETE FROM directory_enrolment WHERE feed_id = $1`,
		`DELETE FROM directory_restriction WHERE feed_id = $1`,
		`DELETE FROM directory_person WHERE feed_id = $1`,
		`DELETE FROM directory_class WHERE feed_id = $1 AND NOT EXISTS (
			SELECT 1 FROM directory_membership m WHERE m.class_id = directory_class.id) AND NOT EXISTS (
			SELECT 1 FROM directory_grant g WHERE g.class_id = directory_class.id)`,
		`UPDATE directory_class SET until_at = from_at WHERE feed_id = $1`,
		`DELETE FROM directory_structure WHERE feed_id = $1 AND NOT EXISTS (
			SELECT 1 FROM directory_function f WHERE f.structure_id = directory_structure.id) AND NOT EXISTS (
			SELECT 1 FROM directory_class c WHERE c.school_id = directory_structure.id) AND NOT EXISTS (
			SELECT 1 FROM directory_referent r WHERE r.structure_id = directory_structure.id) AND NOT EXISTS (
			SELECT 1 FROM directory_grant g WHERE g.structure_id = directory_structure.id)`,
		`UPDATE directory_structure SET until_at = from_at WHERE feed_id = $1`,
		`DELETE FROM directory_within WHERE feed_id = $1`,
	} {
		if _, err := tx.Exec(step, id); err != nil {
			return err
		}
	}
	return nil
}

// putBack writes the rows that a delivery overwrote as they were, the last
// first.
func putBack(tx *db.Tx, id school.ID) error {
	images, err := db.All(tx, func(row db.Row) (i image, err error) {
		return i, row.Scan(&i.Table, &i.Before)
	}, `SELECT of_table, before FROM feed_image WHERE feed_id = $1 ORDER BY rank DESC`, id)
	if err != nil {
		return err
	}
	for _, i := range images {
		if err := directory.PutBack(tx, i.Table, []byte(i.Before)); err != nil {
			return err
		}
	}
	return nil
}
