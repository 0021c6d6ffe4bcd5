package people_test

import (
	"testing"
	"time"

	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
	"preau/directory/feed"
	"preau/service/people"
	"preau/test/house"
	"preau/test/village"
)

// town is a house whose village was fed, and whose directory is open.
type town struct {
	*house.House

	near, far []school.ID // schools: those of the first commune, and the others
}

type (
	visitor = house.Visitor
	reply   = house.Reply
)

// fed is the village of every town.
var fed = house.NewVillage(village.Options{Schools: 5, Seed: 7, Date: dbtest.Noon.AddDate(0, 0, -30)},
	feed.DefaultCaps, house.Schemas(), people.Words)

// onSQLite gives a town on a database of its own.
func onSQLite(t *testing.T) *town {
	t.Helper()
	return newTown(fed.SQLite(t))
}

// onBoth runs a test in a town on each database.
func onBoth(t *testing.T, f func(*town)) {
	t.Helper()
	fed.Each(t, func(_ *testing.T, h *house.House) { f(newTown(h)) })
}

func newTown(in *house.House) *town {
	in.T.Helper()
	h := &town{House: in}
	h.near, h.far = h.Schools()
	h.Serve(web.Config{Services: []web.Service{&people.Service{Audit: h.Audit}}})
	return h
}

// exec changes the register behind its back.
func (h *town) exec(query string, args ...any) {
	h.T.Helper()
	h.Write(func(tx *db.Tx) error {
		_, err := tx.Exec(query, args...)
		return err
	})
}

// onlyChild finds a pupil of a class whose guardian has no other.
func (h *town) onlyChild(class school.ID) (pupil, guardian school.ID) {
	h.T.Helper()
	guardian = h.One(`SELECT min(b.guardian_id) FROM directory_bond b JOIN directory_membership m ON m.person_id = b.pupil_id AND m.class_id = $1
		JOIN directory_person p ON p.id = b.guardian_id AND NOT p.organisation
		WHERE NOT EXISTS (SELECT 1 FROM directory_bond o WHERE o.guardian_id = b.guardian_id AND o.pupil_id <> b.pupil_id)
		AND NOT EXISTS (SELECT 1 FROM directory_function f WHERE f.person_id = b.guardian_id)`, class)
	return h.One(`SELECT pupil_id FROM directory_bond WHERE guardian_id = $1`, guardian), guardian
}

// entrust gives an aide a class to help in.
func (h *town) entrust(class, aide school.ID) {
	h.T.Helper()
	h.Write(func(tx *db.Tx) error {
		c, err := directory.ClassByID(tx, class)
		if err != nil {
			return err
		}
		return directory.Give(tx, directory.Grant{Person: aide, School: c.School, Class: class, Reason: "test"}, time.Time{})
	})
}

// restrict records what a judge decided about a bond.
func (h *town) restrict(r directory.Restriction) {
	h.T.Helper()
	h.Write(func(tx *db.Tx) error {
		r.Reference, r.From = "JAF 12", db.At(tx.Now)
		_, err := directory.Restrict(tx, r)
		return err
	})
}

// appoint makes somebody whose function has a label, and who has a mail.
func (h *town) appoint(name string, profile school.Profile, structure school.ID) (person school.ID) {
	h.T.Helper()
	return h.Appoint(name, profile, structure, func(a *directory.Appointment) { a.Label, a.Mail = "ATSEM", name+"@ecole.test" })
}

// structure finds one by its kind, in the order in which they were made.
func (h *town) structure(kind directory.Kind) school.ID {
	h.T.Helper()
	return h.One(`SELECT min(id) FROM directory_structure WHERE kind = $1`, kind)
}

// structureIn finds one by its kind, within a transaction.
func (h *town) structureIn(tx *db.Tx, kind directory.Kind) school.ID {
	h.T.Helper()
	id, err := db.One(tx, db.Column[school.ID], `SELECT min(id) FROM directory_structure WHERE kind = $1`, kind)
	if err != nil {
		h.T.Fatal(err)
	}
	return id
}
