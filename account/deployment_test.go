package account

import (
	"testing"
	"time"

	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/school"
	"preau/directory"
)

// A school is counted now until it was counted once, and then as it was.
func TestDeployments(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		const counted, other = school.ID(10), school.ID(11)
		enrol := func(pupil school.ID) {
			write(t, d, func(tx *db.Tx) error {
				row := directory.Enrolment{Person: pupil, School: counted, Year: 2026, From: db.At(tx.Now), Canteen: true}
				return directory.Enrolments.Insert(tx, row)
			})
		}
		look := func(want int, at time.Time) {
			t.Helper()
			err := d.Read(t.Context(), func(tx *db.Tx) error {
				all, when, err := Deployments(tx, counted, other)
				if got := all[counted]; got.Pupils != want || got.Canteen != want || got.Schools != 1 || all[other].Schools != 1 {
					t.Errorf("%+v, want %d pupils", all, want)
				}
				if !when.Equal(at) {
					t.Errorf("counted at %s, want %s", when, at)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		enrol(1)
		look(1, dbtest.Noon)
		count := func(tx *db.Tx) error {
			fresh, err := CountDeployments(tx, counted)
			if err != nil {
				return err
			}
			return KeepDeployments(tx, fresh)
		}
		write(t, d, count)
		d.Now = func() time.Time { return dbtest.Noon.Add(time.Hour) }
		enrol(2)
		look(1, dbtest.Noon)
		write(t, d, count)
		look(2, dbtest.Noon.Add(time.Hour))
	}, directory.Schema(), Schema())
}
