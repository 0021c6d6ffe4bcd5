package liaison_test

import (
	"log/slog"
	"testing"

	"preau/account"
	"preau/core/attach"
	"preau/core/audience"
	"preau/core/blob"
	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/photo"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/web"
	"preau/directory/feed"
	"preau/directory/whom"
	"preau/portal"
	"preau/service/liaison"
	"preau/test/house"
	"preau/test/village"
)

// town is a house whose village was fed, with the carnet and the hall, whose home pages
// tell of it.
type town struct {
	*house.House
	near, far []school.ID // schools: those of the first commune, and the others
	files     blob.Store
}

// fed is the village of every town.
var fed = house.NewVillage(village.Options{Schools: 5, Seed: 7, Date: dbtest.Noon.AddDate(0, 0, -30)},
	feed.DefaultCaps, append(house.Schemas(), liaison.Schema()), account.Words, whom.Words, photo.Words, attach.Words, liaison.Words)

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

func newTown(in *house.House, log ...*slog.Logger) *town {
	in.T.Helper()
	h := &town{House: in}
	h.near, h.far = h.Schools()
	files, err := blob.OpenFolder(h.T.TempDir(), h.Key)
	if err != nil {
		h.T.Fatal(err)
	}
	h.T.Cleanup(func() { files.Close() })
	h.files = files
	tray := &attach.Tray{Album: &photo.Album{Studio: photo.NewStudio(64 << 20), Store: files}, Key: h.Key, Spends: h.Accounts.Spends, Receives: h.Accounts.Receives, Owes: h.Accounts.Owes}
	carnet := &liaison.Service{Tray: tray, Audit: h.Audit, Key: h.Key, Notify: h.Notify()}
	hall := &portal.Portal{
		Accounts: h.Accounts, Feeder: h.Feeder, Absent: carnet.Absent,
	}
	hall.Shows(carnet)
	matrix, err := rights.New(portal.Rights, carnet.Rights())
	if err != nil {
		h.T.Fatal(err)
	}
	config := web.Config{Hall: []web.Room{hall}, Services: []web.Service{carnet}, Rights: matrix, Frame: hall.Frame}
	if len(log) > 0 {
		config.Log = log[0]
	}
	h.Serve(config)
	return h
}

// families are people who may be told apart: a teacher of a class, and two guardians of
// one of its pupils.
type families struct {
	class, teacher, pupil, mother, father school.ID
}

// two finds a class whose teacher has no other, and a pupil of it with two guardians.
func (h *town) two() (f families) {
	h.T.Helper()
	h.Read(func(tx *db.Tx) error {
		return tx.Get([]any{&f.class, &f.pupil, &f.mother, &f.father}, `SELECT m.class_id, m.person_id, min(b.guardian_id), max(b.guardian_id)
			FROM directory_membership m JOIN directory_class c ON c.id = m.class_id AND c.kind = 'class' AND c.school_id = $1
			JOIN directory_bond b ON b.pupil_id = m.person_id JOIN directory_person p ON p.id = b.guardian_id AND NOT p.organisation
			WHERE m.role = 'pupil' AND NOT EXISTS (SELECT 1 FROM directory_function f WHERE f.person_id = b.guardian_id)
			GROUP BY m.class_id, m.person_id HAVING count(DISTINCT b.guardian_id) = 2 ORDER BY m.class_id, m.person_id LIMIT 1`, h.near[0])
	})
	f.teacher = h.Teachers(h.near[0])[0]
	h.Attach(f.class, f.teacher)
	return f
}

// outsider is a guardian of a pupil of another school, and of none of this one.
func (h *town) outsider() school.ID {
	h.T.Helper()
	return h.One(`SELECT min(b.guardian_id) FROM directory_bond b JOIN directory_person p ON p.id = b.guardian_id AND NOT p.organisation
		JOIN directory_enrolment e ON e.person_id = b.pupil_id WHERE e.school_id = $1
		AND NOT EXISTS (SELECT 1 FROM directory_bond o JOIN directory_enrolment f ON f.person_id = o.pupil_id
			WHERE o.guardian_id = b.guardian_id AND f.school_id = $2)
		AND NOT EXISTS (SELECT 1 FROM directory_function f WHERE f.person_id = b.guardian_id)`, h.far[0], h.near[0])
}

// to is the audience of the families of a class, as a form sends it.
func to(class school.ID) string {
	return string(audience.Audience{Place: audience.Class, Of: class, Side: audience.Families}.ID())
}
