package directory_test

import (
	"testing"
	"time"

	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/fail"
	"preau/core/school"
	"preau/directory"
)

// A judge's decision is about people: recorded on one of their records, it holds
// on every other, in any school.
func TestADecisionHoldsOnEveryRecord(t *testing.T) {
	const zoe, sameZoe, tom, paul, samePaul, anne school.ID = 1001, 1002, 1003, 2001, 2002, 2003
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		write(t, d, settle)
		write(t, d, func(tx *db.Tx) error {
			for _, p := range []directory.Person{
				{ID: zoe, FirstName: "Zoé", UsualName: "Martin", BirthDate: "2019-03-04"},
				{ID: sameZoe, FirstName: "Zoe Marie", UsualName: "Durand", BirthDate: "2019-03-04"},
				{ID: tom, FirstName: "Tom", UsualName: "Martin", BirthDate: "2016-05-06"},
				{ID: paul, Civility: "M.", FirstName: "Paul", UsualName: "Martin"},
				{ID: samePaul, Civility: "M.", FirstName: "Martin", UsualName: "Paul"},
				{ID: anne, Civility: "Mme", FirstName: "Pauline", UsualName: "Martin"},
			} {
				p.SortKey = directory.SortKey(p.UsualName, p.FirstName)
				if err := directory.Persons.Insert(tx, p); err != nil {
					return err
				}
			}
			for _, of := range []directory.Kinship{{zoe, paul}, {zoe, samePaul}, {zoe, anne}, {sameZoe, samePaul}, {sameZoe, anne}, {tom, paul}, {tom, anne}} {
				if err := directory.Bonds.Insert(tx, directory.Bond{Pupil: of.Pupil, Guardian: of.Guardian, From: db.At(tx.Now.Add(-time.Hour))}); err != nil {
					return err
				}
			}
			return nil
		})
		var copies []directory.Restriction
		decision := directory.Restriction{Pupil: zoe, Guardian: paul, NoAccess: true, Reference: "JAF 12", From: db.At(d.Now())}
		write(t, d, func(tx *db.Tx) error {
			recorded, err := directory.Restrict(tx, decision)
			for i, want := range []directory.Kinship{{zoe, paul}, {zoe, samePaul}, {sameZoe, samePaul}} {
				if len(recorded) != 3 || (directory.Kinship{Pupil: recorded[i].Pupil, Guardian: recorded[i].Guardian}) != want || recorded[i].Carried != (i > 0) {
					t.Fatalf("%d: want %v of %+v", i, want, recorded)
				}
			}
			copies = recorded
			return err
		})
		for _, wrong := range []func(*directory.Restriction){
			func(*directory.Restriction) {}, // the same again
			func(r *directory.Restriction) {
				r.From, r.Until = db.At(d.Now().Add(-48*time.Hour)), db.At(d.Now().Add(-24*time.Hour))
			},
		} {
			again := decision
			wrong(&again)
			write(t, d, func(tx *db.Tx) error {
				if _, err := directory.Restrict(tx, again); !fail.Is(err, fail.Invalid) {
					t.Errorf("%+v: %v", again, err)
				}
				return nil
			})
		}
		// What a head ended is not carried over again by another decision, and one
		// that runs longer is another.
		later(d, 1)
		write(t, d, func(tx *db.Tx) error {
			if _, err := directory.Lift(tx, zoe, copies[1].ID); err != nil {
				return err
			}
			for _, r := range []directory.Restriction{
				{Pupil: zoe, Guardian: anne, MayNotSign: true, Reference: "JAF 13", From: db.At(tx.Now), Until: db.At(tx.Now.AddDate(0, 1, 0))},
				{Pupil: zoe, Guardian: anne, MayNotSign: true, Reference: "JAF 13", From: db.At(tx.Now), Until: db.At(tx.Now.AddDate(0, 2, 0))},
			} {
				recorded, err := directory.Restrict(tx, r)
				if err != nil || len(recorded) != 2 || recorded[1].Pupil != sameZoe || recorded[1].Guardian != anne {
					t.Errorf("%+v: %v", recorded, err)
				}
			}
			left, err := directory.Restrictions.All(tx, "pupil_id = $1 AND guardian_id = $2 AND until_at IS NULL", zoe, samePaul)
			if len(left) != 0 {
				t.Errorf("what was ended is back: %+v", left)
			}
			return err
		})
		// A brother whom the father reached before is left to the head; one who
		// is tied since is not.
		const lou school.ID = 1004
		write(t, d, func(tx *db.Tx) error {
			if err := directory.Persons.Insert(tx, directory.Person{ID: lou, FirstName: "Lou", UsualName: "Martin", SortKey: "martin lou", BirthDate: "2022-01-02"}); err != nil {
				return err
			}
			for _, guardian := range []school.ID{anne, paul} {
				if _, err := directory.AddGuardian(tx, directory.NewBond{Pupil: lou, Guardian: guardian}); err != nil {
					return err
				}
			}
			carried, err := directory.Restrictions.All(tx, "pupil_id IN ($1, $2) AND carried", tom, lou)
			if len(carried) != 1 || carried[0].Pupil != lou || carried[0].Guardian != paul {
				t.Errorf("%+v", carried)
			}
			if _, err := directory.Confirm(tx, lou, carried[0].ID); err != nil {
				return err
			}
			if _, err := directory.Confirm(tx, lou, carried[0].ID); !fail.Is(err, fail.NotFound) {
				t.Errorf("confirmed twice: %v", err)
			}
			return err
		})
	}, directory.Schema())
}
