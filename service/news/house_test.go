package news_test

import (
	"net/http"
	"net/url"
	"testing"

	"preau/account"
	"preau/core/attach"
	"preau/core/blob"
	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/notify"
	"preau/core/photo"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
	"preau/directory/feed"
	"preau/directory/whom"
	"preau/portal"
	"preau/service/news"
	"preau/test/house"
	"preau/test/village"
)

// town is a house whose village was fed, with the news and the hall, whose home pages
// tell of them.
type town struct {
	*house.House
	near, far []school.ID // schools: those of the first commune, and the others
}

// fed is the village of every town.
var fed = house.NewVillage(village.Options{Schools: 5, Seed: 7, Date: dbtest.Noon.AddDate(0, 0, -30)},
	feed.DefaultCaps, append(house.Schemas(), news.Schema()), whom.Words, photo.Words, attach.Words, notify.Words, account.Words, news.Words)

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
	files, err := blob.OpenFolder(h.T.TempDir(), h.Key)
	if err != nil {
		h.T.Fatal(err)
	}
	h.T.Cleanup(func() { files.Close() })
	tray := &attach.Tray{Album: &photo.Album{Studio: photo.NewStudio(64 << 20), Store: files}, Key: h.Key}
	board := &news.Service{Tray: tray, Audit: h.Audit}
	hall := &portal.Portal{
		Accounts: h.Accounts, Feeder: h.Feeder,
	}
	hall.Shows(board)
	matrix, err := rights.New(portal.Rights, board.Rights())
	if err != nil {
		h.T.Fatal(err)
	}
	h.Serve(web.Config{Hall: []web.Room{hall}, Services: []web.Service{board}, Rights: matrix, Frame: hall.Frame})
	return h
}

// cast are people of one school and of its neighbours, who may be told apart.
type cast struct {
	school, commune                school.ID
	head, teacher, parent, pupil   school.ID
	otherHead, otherParent         school.ID // of a school of another commune
	agent, otherAgent              school.ID // of the commune, and of another one
	nextHead, nextParent, nextDoor school.ID // of another school of the commune
}

func (h *town) cast() (c cast) {
	h.T.Helper()
	c.school, c.nextDoor = h.near[0], h.near[1]
	c.head, c.otherHead, c.nextHead = h.Head(c.school), h.Head(h.far[0]), h.Head(c.nextDoor)
	c.teacher = h.One(`SELECT min(f.person_id) FROM directory_function f WHERE f.structure_id = $1 AND f.profile = $2 AND f.until_at IS NULL
		AND NOT EXISTS (SELECT 1 FROM directory_function g WHERE g.person_id = f.person_id AND g.profile <> f.profile)`, c.school, school.Teacher)
	c.commune = h.Above(c.school, directory.Commune)
	c.agent = h.Appoint("Mairie", school.Municipal, c.commune)
	c.otherAgent = h.Appoint("Voisine", school.Municipal, h.Above(h.far[0], directory.Commune))
	c.parent, c.pupil = h.parent(c.school)
	c.otherParent, _ = h.parent(h.far[0])
	c.nextParent, _ = h.parent(c.nextDoor)
	return c
}

// parent is a guardian of a pupil of one school and of no other, and that pupil.
func (h *town) parent(at school.ID) (guardian, pupil school.ID) {
	h.T.Helper()
	h.Read(func(tx *db.Tx) error {
		return tx.Get([]any{&guardian, &pupil}, `SELECT b.guardian_id, b.pupil_id FROM directory_bond b JOIN directory_person p ON p.id = b.guardian_id AND NOT p.organisation
			JOIN directory_enrolment e ON e.person_id = b.pupil_id WHERE e.school_id = $1
			AND NOT EXISTS (SELECT 1 FROM directory_bond o JOIN directory_enrolment f ON f.person_id = o.pupil_id
				WHERE o.guardian_id = b.guardian_id AND f.school_id <> $1)
			AND NOT EXISTS (SELECT 1 FROM directory_function f WHERE f.person_id = b.guardian_id)
			ORDER BY b.guardian_id, b.pupil_id LIMIT 1`, at)
	})
	return guardian, pupil
}

// purge is what happens each night.
func (h *town) purge() {
	h.T.Helper()
	h.Write(func(tx *db.Tx) error {
		_, err := news.Holdings.Purge(tx)
		return err
	})
}

// feast is news of a feast, for everybody.
func feast(change ...string) url.Values {
	form := url.Values{"to": {"families", "pupils", "team"}, "title": {"Fête de l’école"}, "body": {"Venez en famille."}}
	for i := 0; i < len(change); i += 2 {
		form[change[i]] = []string{change[i+1]}
	}
	return form
}

// send sends a form that may have photos.
func send(v house.Visitor, path string, form url.Values, photos ...[]byte) house.Reply {
	v.T.Helper()
	return v.Send(path, form, "photo", photos...)
}

// publish has somebody publish an item in a school, and gives its address.
// Who does not lead the school says that they mean the whole of it.
func publish(v house.Visitor, at school.ID, form url.Values, photos ...[]byte) (path string) {
	v.T.Helper()
	form.Set("whole", "on")
	return published(v, "/news/new/school/"+at.String(), form, photos...)
}

func published(v house.Visitor, to string, form url.Values, photos ...[]byte) (path string) {
	v.T.Helper()
	sent := send(v, to, form, photos...)
	if path = sent.Header.Get("Location"); sent.StatusCode != http.StatusSeeOther {
		v.T.Fatalf("published: %d, to %q\n%s", sent.StatusCode, path, sent.Text())
	}
	return path
}

// label is that of a class of a school.
func (h *town) label(at, class school.ID) string {
	h.T.Helper()
	for _, one := range h.Classes(at) {
		if one.ID == class {
			return one.Label
		}
	}
	h.T.Fatalf("%s has no class %s", at, class)
	return ""
}
