package directory_test

import (
	"testing"
	"time"

	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/school"
	"preau/directory"
)

// What a teacher does where they have a pass and no post of their own is done as a
// replacement, as long as it lasts; their own post elsewhere is not.
func TestReplacements(t *testing.T) {
	const own, replaced, person = school.ID(11), school.ID(12), school.ID(7)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		write(t, d, func(tx *db.Tx) error {
			if err := directory.Persons.Insert(tx, directory.Person{ID: person}); err != nil {
				return err
			}
			for _, at := range []school.ID{own, replaced} {
				s := directory.Structure{ID: at, Kind: directory.School, Ref: at.String(), Name: "Les Lilas", From: db.At(tx.Now)}
				if err := directory.Structures.Insert(tx, s); err != nil {
					return err
				}
			}
			pass := directory.Function{Person: person, Structure: replaced, Code: "replacement", Profile: school.Teacher,
				From: db.At(tx.Now), Until: db.At(tx.Now.Add(24 * time.Hour))}
			if err := directory.Functions.Insert(tx, pass); err != nil {
				return err
			}
			wants := func(when string, at school.ID, want bool) {
				t.Helper()
				if got, err := directory.Replaces(tx, person, at); got != want || err != nil {
					t.Errorf("%s, in %s: %v, %v", when, at, got, err)
				}
			}
			wants("with a pass", replaced, true)
			wants("with a pass", 0, true)
			wants("with a pass", own, false)
			post := directory.Function{Person: person, Structure: own, Code: "ENS", Profile: school.Teacher, From: db.At(tx.Now)}
			if err := directory.Functions.Insert(tx, post); err != nil {
				return err
			}
			wants("with a post elsewhere", replaced, true)
			wants("with a post elsewhere", own, false)
			wants("with a post elsewhere", 0, false)
			post.Structure = replaced
			if err := directory.Functions.Insert(tx, post); err != nil {
				return err
			}
			wants("with a post there", replaced, false)
			made, err := directory.ReplacementsBy(tx, person)
			if err != nil || len(made) != 1 || !made[0].Until.Equal(pass.Until.Time) {
				t.Errorf("%+v, %v", made, err)
			}
			tx.Now = tx.Now.Add(24 * time.Hour)
			wants("after the last day", replaced, false)
			return nil
		})
	}, directory.Schema())
}
