package file_test

import (
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"preau/account"
	"preau/core/blob"
	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/job"
	"preau/core/notify"
	"preau/core/photo"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
	"preau/directory/feed"
	"preau/directory/whom"
	"preau/portal"
	"preau/service/file"
	"preau/test/house"
	"preau/test/village"
)

// town is a house whose village was fed, with files and the hall.
type town struct {
	*house.House
	files *file.Service
	jobs  *job.Queue

	school, class, other            school.ID // a school, a class of it, and another one
	teacher, nextTeacher, head      school.ID // the teacher of the class, one of another class, the head
	pupil, classmate, stranger      school.ID // two pupils of the class, and one of the other
	parent, otherParent, farTeacher school.ID // of the pupil; of the stranger; who teaches in another school
	agent                           school.ID // of the commune
}

// fed is the village of every town.
var fed = house.NewVillage(village.Options{Schools: 5, Seed: 7, Date: dbtest.Noon.AddDate(0, 0, -30)},
	feed.DefaultCaps, append(house.Schemas(), file.Schema()), whom.Words, photo.Words, notify.Words, account.Words, file.Words)

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
	files, err := blob.OpenFolder(h.T.TempDir(), h.Key)
	if err != nil {
		h.T.Fatal(err)
	}
	h.T.Cleanup(func() { files.Close() })
	h.files = &file.Service{DB: h.DB, Blobs: files, Album: &photo.Album{Studio: photo.NewStudio(64 << 20), Store: files}, Audit: h.Audit}
	if h.jobs, err = job.New(h.DB, slog.New(slog.DiscardHandler), map[job.Kind]job.Handler{file.KindLook: h.files.LookInto}); err != nil {
		h.T.Fatal(err)
	}
	h.files.Enqueue = h.jobs.Enqueue
	hall := &portal.Portal{Accounts: h.Accounts, Feeder: h.Feeder}
	hall.Shows(h.files)
	matrix, err := rights.New(portal.Rights, h.files.Rights())
	if err != nil {
		h.T.Fatal(err)
	}
	h.Serve(web.Config{Hall: []web.Room{hall}, Services: []web.Service{h.files}, Rights: matrix, Frame: hall.Frame})
	h.people()
	return h
}

// people finds who is on the stage of the tests.
func (h *town) people() {
	h.T.Helper()
	near, far := h.Schools()
	h.school = near[0]
	h.head = h.Head(h.school)
	classes, teachers := h.Classes(h.school), h.Teachers(h.school)
	h.class, h.other = classes[0].ID, classes[1].ID
	h.teacher, h.nextTeacher = teachers[0], teachers[1]
	h.Attach(h.class, h.teacher)
	h.Attach(h.other, h.nextTeacher)
	h.farTeacher = h.Teachers(far[0])[0]
	h.pupil, h.parent = h.childIn(h.class, h.other)
	h.stranger, h.otherParent = h.childIn(h.other, h.class)
	h.classmate = h.One(`SELECT min(m.person_id) FROM directory_membership m WHERE m.class_id = $1 AND m.role = 'pupil' AND m.person_id <> $2`, h.class, h.pupil)
	h.agent = h.Appoint("Mairie", school.Municipal, h.Above(h.school, directory.Commune))
}

// childIn is a pupil of a class, with a guardian who has no child in another one.
func (h *town) childIn(class, not school.ID) (pupil, guardian school.ID) {
	h.T.Helper()
	pupil = h.One(`SELECT min(m.person_id) FROM directory_membership m JOIN directory_bond b ON b.pupil_id = m.person_id JOIN directory_person g ON g.id = b.guardian_id AND NOT g.organisation
		WHERE m.class_id = $1 AND m.role = 'pupil' AND NOT EXISTS (SELECT 1 FROM directory_bond c JOIN directory_membership n ON n.person_id = c.pupil_id WHERE c.guardian_id = b.guardian_id AND n.class_id = $2)
		AND NOT EXISTS (SELECT 1 FROM directory_function f WHERE f.person_id = b.guardian_id)`, class, not)
	guardian = h.One(`SELECT min(b.guardian_id) FROM directory_bond b JOIN directory_person g ON g.id = b.guardian_id AND NOT g.organisation WHERE b.pupil_id = $1
		AND NOT EXISTS (SELECT 1 FROM directory_bond c JOIN directory_membership n ON n.person_id = c.pupil_id WHERE c.guardian_id = b.guardian_id AND n.class_id = $2)`, pupil, not)
	return pupil, guardian
}

// mine is the top of somebody's own space.
func mine(person school.ID) string { return "/file/in/person-" + person.String() }

// ofClass is the top of the space of a class.
func ofClass(class school.ID) string { return "/file/in/class-" + class.String() }

// send puts a file in a folder.
func send(v house.Visitor, in, name, text string) house.Reply {
	v.T.Helper()
	return v.SendFiles(in+"/files", nil, house.Upload{Field: "file", Name: name, Content: []byte(text)})
}

// puts puts a file in a folder, and gives its page.
func puts(v house.Visitor, in, name, text string) string {
	v.T.Helper()
	if sent := send(v, in, name, text); sent.StatusCode != http.StatusSeeOther {
		v.T.Fatalf("%s is put in %s: %d\n%s", name, in, sent.StatusCode, sent.Main())
	}
	return find(v, in, name)
}

// find is the page of what has a name in a folder.
func find(v house.Visitor, in, name string) string {
	v.T.Helper()
	for _, part := range strings.Split(v.Get(in).Text(), `class="kept"`)[1:] {
		part, _, _ = strings.Cut(part, "</a>")
		if bare, _, _ := strings.Cut(name, "."); strings.Contains(part, ">"+name+"<") || strings.Contains(part, ">"+bare+"<") { // a child sees no ending
			_, href, _ := strings.Cut(part, `href="`)
			href, _, _ = strings.Cut(href, `"`)
			return href
		}
	}
	v.T.Fatalf("no %s in %s", name, in)
	return ""
}

// makes makes a folder, and gives its page.
func makes(v house.Visitor, in, name string) string {
	v.T.Helper()
	made := v.Post(in+"/folder", url.Values{"name": {name}})
	if made.StatusCode != http.StatusSeeOther {
		v.T.Fatalf("%s is made in %s: %d\n%s", name, in, made.StatusCode, made.Main())
	}
	return made.Header.Get("Location")
}

// opens opens an entry to some circles of a class.
func opens(v house.Visitor, entry string, class school.ID, level string, circles ...string) {
	v.T.Helper()
	v.Post(entry+"/share/class/"+class.String(), url.Values{"to": circles, "level": {level}}).Wants(http.StatusSeeOther)
}

// taken is what a file holds.
func taken(v house.Visitor, entry string) house.Reply {
	v.T.Helper()
	return v.Get(strings.Replace(entry, "/file/in/", "/file/get/", 1))
}

// spot is the last element of the page of an entry.
func spot(entry string) string { return entry[strings.LastIndexByte(entry, '/')+1:] }

// formTo is the address of the first form of a page that has something in it.
func formTo(page house.Reply, with string) string {
	page.T.Helper()
	for _, part := range strings.Split(page.Text(), `action="`)[1:] {
		if action, _, _ := strings.Cut(part, `"`); strings.Contains(action, with) {
			return action
		}
	}
	page.T.Fatalf("no form to %s", with)
	return ""
}

// endOf is the address that ends a share of a page.
func endOf(page house.Reply) string { return formTo(page, "/share/end/") }

// uses checks how many bytes of somebody's own are kept.
func (h *town) uses(person school.ID, bytes int) {
	h.T.Helper()
	var used, counted int
	h.Read(func(tx *db.Tx) error {
		return tx.Get([]any{&used, &counted}, `SELECT s.used, (SELECT COALESCE(SUM(v.size), 0) FROM file_version v JOIN file_entry e ON e.id = v.entry_id WHERE e.space_id = s.id)
			FROM file_space s WHERE s.kind = 'person' AND s.of_id = $1`, person)
	})
	if used != bytes || counted != bytes {
		h.T.Errorf("%d bytes are counted, %d are there; want %d", used, counted, bytes)
	}
}
