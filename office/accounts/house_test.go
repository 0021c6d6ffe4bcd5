package accounts_test

import (
	"slices"
	"testing"
	"time"

	"preau/account"
	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
	"preau/directory/feed"
	"preau/office/accounts"
	"preau/office/register"
	"preau/portal"
	"preau/test/house"
	"preau/test/village"
)

// office is a house whose village was fed, with the office of accounts beside
// the one of the register, which says who answers for whom.
type office struct {
	*house.House
	// near are the schools of the first commune, an élémentaire, a maternelle, then a
	// primaire, and far the others.
	near, far []school.ID
}

// fed is the village of every office.
var fed = house.NewVillage(village.Options{Schools: 5, Seed: 7, Date: dbtest.Noon.AddDate(0, 0, -30)},
	feed.DefaultCaps, house.Schemas(), feed.Words, account.Words, register.Words, accounts.Words)

// onSQLite gives an office on a database of its own.
func onSQLite(t *testing.T) *office {
	t.Helper()
	return newOffice(fed.SQLite(t))
}

// onBoth runs a test in an office on each database.
func onBoth(t *testing.T, f func(*office)) {
	t.Helper()
	fed.Each(t, func(_ *testing.T, h *house.House) { f(newOffice(h)) })
}

func newOffice(in *house.House) *office {
	in.T.Helper()
	h := &office{House: in}
	h.near, h.far = h.Schools()
	h.near[0], h.near[1] = h.near[1], h.near[0]
	of := &register.Service{Accounts: h.Accounts, Audit: h.Audit, Feeder: h.Feeder}
	h.Serve(web.Config{Services: []web.Service{
		of, &accounts.Service{Accounts: h.Accounts, Refuse: register.RefuseCodes, Colleague: of.Colleague},
	}})
	return h
}

// withHome serves the office again with the hall, whose home pages say what waits.
func (h *office) withHome() {
	h.T.Helper()
	of := &register.Service{Accounts: h.Accounts, Audit: h.Audit, Feeder: h.Feeder}
	keys := &accounts.Service{Accounts: h.Accounts, Refuse: register.RefuseCodes, Colleague: of.Colleague}
	hall := &portal.Portal{Accounts: h.Accounts, Awaits: keys.Awaits, AwaitsHead: func(r *web.Request, counts map[school.ID]account.Counts) ([]ui.Task, error) {
		tasks, err := keys.Awaits(r)
		if err != nil {
			return nil, err
		}
		more, err := of.AwaitsHead(r, counts)
		return append(tasks, more...), err
	}}
	matrix, err := rights.New(portal.Rights, of.Rights(), keys.Rights())
	if err != nil {
		h.T.Fatal(err)
	}
	h.Serve(web.Config{Hall: []web.Room{hall}, Services: []web.Service{of, keys}, Rights: matrix, Frame: hall.Frame})
}

// tick moves the clock by a minute.
func (h *office) tick() { h.Later(time.Minute) }

// academy is the académie that delivers the village.
func (h *office) academy() school.ID {
	h.T.Helper()
	return h.Above(h.near[0], directory.Academy)
}

// guardian is the first guardian of a pupil of a class who is a person.
func (h *office) guardian(class school.ID) school.ID {
	h.T.Helper()
	return h.One(`SELECT min(b.guardian_id) FROM directory_bond b JOIN directory_membership m ON m.person_id = b.pupil_id
		JOIN directory_person p ON p.id = b.guardian_id
		WHERE m.class_id = $1 AND NOT p.organisation AND b.until_at IS NULL`, class)
}

// pick is the first school of a list that passes a test.
func pick(t *testing.T, ids []school.ID, want func(school.ID) bool) school.ID {
	t.Helper()
	i := slices.IndexFunc(ids, want)
	if i < 0 {
		t.Fatal("the village has no such school")
	}
	return ids[i]
}

// resolve tells whose session a token opens.
func (h *office) resolve(token string) (s account.Session, err error) {
	err = h.DB.Read(h.T.Context(), func(tx *db.Tx) (err error) {
		s, err = h.Accounts.Resolve(tx, token)
		return err
	})
	return s, err
}

// hide has a judge hide the place of a pupil from a guardian.
func hide(h *office, pupil, guardian school.ID) {
	h.T.Helper()
	h.Write(func(tx *db.Tx) error {
		_, err := directory.Restrict(tx, directory.Restriction{
			Pupil: pupil, Guardian: guardian, HidePlace: true, Reference: "JAF 12", From: db.At(tx.Now), RecordedBy: 1,
		})
		return err
	})
}
