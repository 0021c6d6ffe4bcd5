package directory_test

import (
	"slices"
	"testing"
	"time"

	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/school"
	"preau/directory"
)

// A guardian decides for a pupil unless a judge restricts the bond in anything,
// now, or the human who made it says that it has no authority.
func TestWhoDecidesForAPupil(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		const pupil, delivered, named, grandmother, past, judged, gone school.ID = 1001, 1002, 1003, 1004, 1005, 1006, 1007
		write(t, d, settle)
		write(t, d, func(tx *db.Tx) error {
			now, before := db.At(tx.Now), db.At(tx.Now.Add(-time.Hour))
			for _, one := range []directory.Bond{
				{Guardian: delivered, Said: directory.Said{Origin: directory.Origin{Source: 7}}}, // ONDE does not say who has authority
				{Guardian: named, Authority: true}, {Guardian: grandmother}, {Guardian: past, Authority: true, Until: before},
				{Guardian: judged, Authority: true}, {Guardian: gone, Authority: true},
			} {
				one.Pupil, one.From = pupil, db.At(tx.Now.Add(-2*time.Hour))
				if err := somebody(tx, one.Guardian, "Parent"); err != nil {
					return err
				}
				if err := directory.Bonds.Insert(tx, one); err != nil {
					return err
				}
			}
			if err := somebody(tx, pupil, "Bel"); err != nil {
				return err
			}
			if _, err := tx.Exec(`UPDATE directory_person SET departed_at = $2 WHERE id = $1`, gone, before); err != nil {
				return err
			}
			_, err := directory.Restrict(tx, directory.Restriction{Pupil: pupil, Guardian: judged, InformedOnly: true, Reference: "JAF", From: now})
			return err
		})
		write(t, d, func(tx *db.Tx) error {
			deciders, err := directory.DecidersOf(tx, pupil, delivered)
			slices.Sort(deciders[pupil])
			if len(deciders) != 1 || !slices.Equal(deciders[pupil], []school.ID{delivered, named}) {
				t.Errorf("who decides: %v", deciders)
			}
			for guardian, decides := range map[school.ID]bool{delivered: true, named: true, grandmother: false, past: false, judged: false} {
				wards, err := directory.WardsOf(tx, guardian)
				if err != nil || (len(wards) == 1 && wards[0].ID == pupil) != decides {
					t.Errorf("the wards of %d: %v, %v", guardian, wards, err)
				}
			}
			return err
		})
	}, directory.Schema())
}
