package feed_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/school"
	"preau/directory"
	"preau/directory/aaf"
	"preau/directory/feed"
)

func TestUndo(t *testing.T) {
	both(t, func(t *testing.T, d *db.DB) {
		f := feeder(d)
		first := take(t, f, lilas("20260901").write(t), feed.Options{})
		claire, anne, zoe := id(t, d, aaf.Staffs, 3001), id(t, d, aaf.Guardians, 2002), id(t, d, aaf.Pupils, 1001)
		class := actor(t, d, zoe, school.Pupil).Classes[0]
		change(t, d, func(tx *db.Tx) error {
			return directory.Attach(tx, directory.Attachment{Class: class, Teacher: claire, By: 1})
		})
		before := snapshot(t, d)
		next := lilas("20260902")
		next.records["Eleve"][0] = record{"add", 1001, pupilAttrs(1001, "Zoé Martin", "111111111AA", 413, "73002$CM2", "1121$CP", "2001$20")}
		next.records["PersEducNat"] = next.records["PersEducNat"][1:]
		next.pupil(1004, "Léo Petit", "111111111DD", 412, "73009$CE2", "1123$CE2", "2999$10").guardian(2999, "Lou Petit", "1004")
		r := take(t, f, next.write(t), feed.Options{})
		if r.Pupils.Added != 1 || r.Pupils.Changed != 2 || r.Staff.Departed != 1 {
			t.Fatalf("%+v", r.Counts)
		}
		leo := id(t, d, aaf.Pupils, 1004)
		if got := actor(t, d, claire, school.Teacher); len(got.Classes) != 0 {
			t.Errorf("Claire left and holds %+v", got)
		}
		if err := f.Undo(t.Context(), first.ID); !refusedFor(err, feed.NotLast) {
			t.Errorf("undoing what is not the last: %v", err)
		}
		if err := f.Undo(t.Context(), r.ID); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(before, snapshot(t, d)); diff != "" {
			t.Error(diff)
		}
		if got := actor(t, d, claire, school.Teacher); !slices.Contains(got.Classes, class) {
			t.Errorf("the attachment made by hand is lost: %+v", got)
		}
		if err := f.Undo(t.Context(), r.ID); !refusedFor(err, feed.NothingToUndo) {
			t.Errorf("undone twice: %v", err)
		}
		// Fed again, the same people find their identifiers.
		again := take(t, f, next.write(t), feed.Options{})
		if diff := cmp.Diff(r.Counts, again.Counts); diff != "" {
			t.Errorf("fed again after the undoing: %s", diff)
		}
		if id(t, d, aaf.Pupils, 1004) != leo {
			t.Error("Léo is somebody else")
		}
		// A restriction and the attachment stand on what the first delivery
		// made; undoing it leaves them, and they find it again.
		change(t, d, func(tx *db.Tx) error {
			return directory.Restrictions.Insert(tx, directory.Restriction{
				ID: school.NewID(tx.Now), Pupil: zoe, Guardian: anne, NoAccess: true, From: db.At(dbtest.Noon), RecordedBy: 1, RecordedAt: db.At(dbtest.Noon),
			})
		})
		for _, id := range []school.ID{again.ID, first.ID} {
			if err := f.Undo(t.Context(), id); err != nil {
				t.Fatal(err)
			}
		}
		read(t, d, func(tx *db.Tx) error {
			stats, err := directory.Count(tx)
			if stats != (directory.Stats{}) {
				t.Errorf("left in the register: %+v", stats)
			}
			return err
		})
		take(t, f, lilas("20260901").write(t), feed.Options{})
		if got := actor(t, d, claire, school.Teacher); !slices.Contains(got.Classes, class) {
			t.Errorf("the attachment does not find its class again: %+v", got)
		}
		if got := actor(t, d, anne, school.Guardian); slices.Contains(got.Children, zoe) {
			t.Errorf("the restriction does not find its bond again: %+v", got)
		}
		read(t, d, func(tx *db.Tx) error { // nothing tells that her other child came before the decision
			_, err := directory.Restrictions.One(tx, "pupil_id <> $1 AND guardian_id = $2 AND carried", zoe, anne)
			return err
		})
	})
}

func refusedFor(err error, kind aaf.RefusalKind) bool {
	var refusal *feed.Refusal
	return errors.As(err, &refusal) && refusal.Kind == kind
}
