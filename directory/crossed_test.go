package directory_test

import (
	"slices"
	"testing"
	"time"

	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/fail"
	"preau/core/school"
	"preau/directory"
)

// merged merges two people now.
func merged(t *testing.T, d *db.DB, kept, gone school.ID) (act directory.MergeAct) {
	t.Helper()
	write(t, d, func(tx *db.Tx) (err error) {
		act, err = directory.MergeBy(tx, kept, gone, 0)
		return err
	})
	return act
}

// split undoes a merge now.
func split(t *testing.T, d *db.DB, act directory.MergeAct) {
	t.Helper()
	write(t, d, func(tx *db.Tx) error {
		s, err := directory.Undoable(tx, act.ID)
		if err != nil {
			return err
		}
		return s.Undo(tx, 0)
	})
}

// A family that is there twice is merged twice; undoing the first merge names
// the parent as they are called since the second.
func TestUndoingNamesWhomALaterMergeKept(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		write(t, d, settle)
		write(t, d, func(tx *db.Tx) error {
			for _, id := range []school.ID{911, 912, 921, 922} {
				if err := somebody(tx, id, "Martin"); err != nil {
					return err
				}
			}
			for _, id := range []school.ID{911, 912} {
				from := db.At(tx.Now.Add(-time.Duration(id) * time.Hour))
				if err := directory.Enrolments.Insert(tx, directory.Enrolment{Person: id, School: lilas, Year: school.YearOf(tx.Now), From: from}); err != nil {
					return err
				}
				if err := directory.Bonds.Insert(tx, directory.Bond{Pupil: id, Guardian: 921, From: from, Authority: true}); err != nil {
					return err
				}
			}
			return nil
		})
		pupils := merged(t, d, 911, 912)
		later(d, 1)
		merged(t, d, 922, 921)
		later(d, 2)
		split(t, d, pupils)
		write(t, d, func(tx *db.Tx) error {
			for _, pupil := range []school.ID{911, 912} {
				kin, err := directory.KinOf(tx, pupil)
				if err != nil {
					return err
				}
				if len(kin) != 1 || kin[0].ID != 922 {
					t.Errorf("the guardians of %s are %+v", pupil, kin)
				}
			}
			return nil
		})
	}, directory.Schema())
}

// Two posts that are one are ended at once, and last as long as the longer.
func TestOnePostIsLeftOfTwo(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		write(t, d, settle)
		appoint := func(until time.Time) (who school.ID) {
			write(t, d, func(tx *db.Tx) (err error) {
				who, err = directory.Appoint(tx, directory.Appointment{Usual: "Martin", Structure: lilas, Template: "atsem", Reason: "r", Until: until})
				return err
			})
			return who
		}
		short := appoint(dbtest.Noon.AddDate(0, 1, 0))
		later(d, 1)
		long := appoint(time.Time{})
		later(d, 2)
		merged(t, d, short, long)
		write(t, d, func(tx *db.Tx) error {
			duties, err := directory.DutiesOf(tx, short)
			if err != nil {
				return err
			}
			if len(duties) != 1 || !duties[0].Until.Equal(school.YearOf(dbtest.Noon).End()) {
				t.Errorf("the duties are %+v", duties)
			}
			if err := directory.Dismiss(tx, short, lilas, "atsem"); err != nil {
				return err
			}
			hats, err := directory.Hats(tx, short)
			if !slices.Equal(hats, []school.Profile{school.Departed}) {
				t.Errorf("once dismissed: %v", hats)
			}
			return err
		})
	}, directory.Schema())
}

// Nothing of somebody stays once they are erased, merged through another or not.
func TestErasingTakesEarlierMergesAlong(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		write(t, d, settle)
		write(t, d, func(tx *db.Tx) error {
			for _, id := range []school.ID{931, 932, 933} {
				if err := somebody(tx, id, "Secret"); err != nil {
					return err
				}
			}
			return nil
		})
		merged(t, d, 932, 933)
		later(d, 1)
		merged(t, d, 931, 932)
		write(t, d, func(tx *db.Tx) error {
			if err := directory.Holdings.Erase(tx, 931); err != nil {
				return err
			}
			left, err := db.One(tx, db.Column[int], `SELECT count(*) FROM directory_merge_image`)
			if left != 0 {
				t.Errorf("%d images are left", left)
			}
			return err
		})
	}, directory.Schema())
}

// One is called once for one thing, and after the undoing by whom it was.
func TestReferentsFollowAMergeAndItsUndoing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		write(t, d, settle)
		write(t, d, func(tx *db.Tx) error {
			for _, id := range []school.ID{901, 902} {
				if err := somebody(tx, id, "Martin"); err != nil {
					return err
				}
				if err := employ(tx, db.Time{}, id); err != nil {
					return err
				}
				r := directory.Referent{Structure: lilas, Role: directory.DigitalReferent, Person: id, Mail: "b@exemple.test"}
				if _, err := directory.AddReferent(tx, r); err != nil {
					return err
				}
			}
			return nil
		})
		called := func() (people []school.ID) {
			write(t, d, func(tx *db.Tx) error {
				all, err := directory.CalledFor(tx, false, lilas)
				for _, c := range all {
					people = append(people, c.Person)
				}
				return err
			})
			return people
		}
		act := merged(t, d, 901, 902)
		if got := called(); len(got) != 1 || got[0] != 901 {
			t.Errorf("merged: %v are called", got)
		}
		later(d, 1)
		split(t, d, act)
		if got := called(); len(got) != 2 {
			t.Errorf("split: %v are called", got)
		}
	}, directory.Schema())
}

// What was refused stays as it was.
func TestNobodyIsMergedWithThemself(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		write(t, d, settle)
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			if err := somebody(tx, 941, "Seul"); err != nil {
				return err
			}
			_, err := directory.MergeBy(tx, 941, 941, 0)
			return err
		})
		if !fail.Is(err, fail.Conflict) {
			t.Errorf("%v", err)
		}
	}, directory.Schema())
}
