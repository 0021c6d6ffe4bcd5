package register_test

import (
	"slices"
	"testing"
	"time"

	"preau/account"
	"preau/core/attach"
	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
	"preau/directory/feed"
	"preau/office/register"
	"preau/test/house"
	"preau/test/village"
)

// office is a house whose village was fed, troubles included, and whose office
// is open.
type office struct {
	*house.House

	near, far []school.ID // schools: those of the first commune, and the others
	absent    []school.ID // today, as whoever minds them is told
}

// fed is the village of every office. Two who leave a school together are held,
// whatever the rest does.
var fed = house.NewVillage(first, feed.Caps{SchoolPeople: 1, AcademyPercent: 50, AcademyPeople: 10_000},
	house.Schemas(), attach.Words, feed.Words, account.Words, register.Words)

// first is the delivery that fed it.
var first = onDay(village.Options{Troubles: true})

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
	h.Serve(web.Config{Services: []web.Service{&register.Service{Accounts: h.Accounts, Audit: h.Audit, Feeder: h.Feeder, Absent: func(*web.Request, rights.Object, ...school.ID) ([]school.ID, error) { return h.absent, nil }}}})
	return h
}

// seed is that of the village.
const seed = 7

// onDay is the complete delivery of a day, with troubles or without.
func onDay(options village.Options) village.Options {
	options.Schools, options.Seed, options.Date = 5, seed, dbtest.Noon.AddDate(0, 0, options.Day-30)
	return options
}

// on feeds the complete delivery of a day.
func (h *office) on(options village.Options) feed.Result {
	h.T.Helper()
	return h.Feed(h.Deliver(onDay(options)))
}

// later feeds the complete delivery of some days later.
func (h *office) later(days int) feed.Result {
	h.T.Helper()
	return h.on(village.Options{Day: days})
}

// tick moves the clock by a minute.
func (h *office) tick() { h.Later(time.Minute) }

// commune is that of a school.
func (h *office) commune(of school.ID) school.ID {
	h.T.Helper()
	return h.Above(of, directory.Commune)
}

// visitor is a person with a session of their own.
type visitor struct{ house.Visitor }

// reply is what a browser got.
type reply = house.Reply

// enter opens a session for a person with a hat on.
func (h *office) enter(person school.ID, hat school.Profile) visitor {
	h.T.Helper()
	return visitor{h.Enter(person, hat)}
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

// academy is the code of the académie that delivered.
func (h *office) academy() (code string) {
	h.T.Helper()
	h.Read(func(tx *db.Tx) error {
		d, err := feed.DeliveryByID(tx, h.Fed.ID)
		code = d.Academy
		return err
	})
	return code
}
