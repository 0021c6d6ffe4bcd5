package message_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"preau/account"
	"preau/core/attach"
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
	"preau/service/message"
	"preau/test/house"
	"preau/test/village"
)

// town is a house whose village was fed, with the messagerie and the hall.
type town struct {
	*house.House
	near, far []school.ID // schools: those of the first commune, and the others
}

// fed is the village of every town.
var fed = house.NewVillage(village.Options{Schools: 5, Seed: 7, Date: dbtest.Noon.AddDate(0, 0, -30)},
	feed.DefaultCaps, append(house.Schemas(), message.Schema()), whom.Words, photo.Words, attach.Words, account.Words, message.Words)

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
	tray := &attach.Tray{Album: &photo.Album{Studio: photo.NewStudio(64 << 20), Store: files}, Key: h.Key, Spends: h.Accounts.Spends, Receives: h.Accounts.Receives, Owes: h.Accounts.Owes}
	mail := &message.Service{Tray: tray, Audit: h.Audit}
	hall := &portal.Portal{
		Accounts: h.Accounts, Feeder: h.Feeder,
	}
	hall.Shows(mail)
	matrix, err := rights.New(portal.Rights, mail.Rights())
	if err != nil {
		h.T.Fatal(err)
	}
	h.Serve(web.Config{Hall: []web.Room{hall}, Services: []web.Service{mail}, Rights: matrix, Frame: hall.Frame})
	return h
}

// cast are people who may be told apart: a class whose pupils read, its teacher, another
// teacher of the school, a pupil with two guardians, a mate, and a guardian of the mate.
type cast struct {
	at, class, teacher, other, pupil, mother, father, mate, parent, stranger school.ID
}

// cast finds them.
func (h *town) cast() (c cast) {
	h.T.Helper()
	h.Read(func(tx *db.Tx) error {
		return tx.Get([]any{&c.at, &c.class, &c.pupil, &c.mother, &c.father}, `SELECT c.school_id, m.class_id, m.person_id, min(b.guardian_id), max(b.guardian_id)
			FROM directory_membership m JOIN directory_class c ON c.id = m.class_id AND c.kind = 'class'
				AND EXISTS (SELECT 1 FROM directory_function f WHERE f.structure_id = c.school_id AND f.profile = $1)
			JOIN directory_enrolment e ON e.person_id = m.person_id AND e.level_code >= '1123'
			JOIN directory_bond b ON b.pupil_id = m.person_id JOIN directory_person p ON p.id = b.guardian_id AND NOT p.organisation
			WHERE m.role = 'pupil' AND NOT EXISTS (SELECT 1 FROM directory_function f WHERE f.person_id = b.guardian_id)
			AND NOT EXISTS (SELECT 1 FROM directory_bond o JOIN directory_membership n ON n.person_id = o.pupil_id AND n.class_id = m.class_id
				WHERE o.guardian_id = b.guardian_id AND o.pupil_id <> m.person_id)
			GROUP BY c.school_id, m.class_id, m.person_id HAVING count(DISTINCT b.guardian_id) = 2 ORDER BY m.class_id, m.person_id LIMIT 1`, school.Head)
	})
	teachers := h.Teachers(c.at)
	c.teacher, c.other = teachers[0], teachers[1]
	h.Attach(c.class, c.teacher)
	h.Read(func(tx *db.Tx) error {
		return tx.Get([]any{&c.mate, &c.parent}, `SELECT m.person_id, min(b.guardian_id) FROM directory_membership m
			JOIN directory_bond b ON b.pupil_id = m.person_id JOIN directory_person p ON p.id = b.guardian_id AND NOT p.organisation
			WHERE m.role = 'pupil' AND m.class_id = $1 AND b.guardian_id NOT IN ($2, $3)
			AND NOT EXISTS (SELECT 1 FROM directory_bond o WHERE o.pupil_id = m.person_id AND o.guardian_id IN ($2, $3))
			AND NOT EXISTS (SELECT 1 FROM directory_function f WHERE f.person_id = b.guardian_id)
			GROUP BY m.person_id ORDER BY m.person_id LIMIT 1`, c.class, c.mother, c.father)
	})
	c.stranger = h.One(`SELECT min(b.guardian_id) FROM directory_bond b JOIN directory_person p ON p.id = b.guardian_id AND NOT p.organisation
		JOIN directory_enrolment e ON e.person_id = b.pupil_id WHERE e.school_id <> $1
		AND NOT EXISTS (SELECT 1 FROM directory_bond o JOIN directory_enrolment f ON f.person_id = o.pupil_id WHERE o.guardian_id = b.guardian_id AND f.school_id = $1)
		AND NOT EXISTS (SELECT 1 FROM directory_function f WHERE f.person_id = b.guardian_id)`, c.at)
	return c
}

// otherGuardian is a guardian of none of the children of some people, who works in no school: a record
// with which one of theirs may be merged.
func (h *town) otherGuardian(people ...school.ID) school.ID {
	h.T.Helper()
	var kept school.ID
	h.Read(func(tx *db.Tx) error {
		return tx.Get([]any{&kept}, `SELECT min(b.guardian_id) FROM directory_bond b JOIN directory_person p ON p.id = b.guardian_id AND NOT p.organisation
			WHERE NOT EXISTS (SELECT 1 FROM directory_bond o JOIN directory_bond n ON n.pupil_id = o.pupil_id WHERE o.guardian_id = b.guardian_id AND n.guardian_id `+tx.Among(1)+`)
			AND NOT EXISTS (SELECT 1 FROM directory_merge m WHERE m.kept_id = b.guardian_id)
			AND NOT EXISTS (SELECT 1 FROM directory_function f WHERE f.person_id = b.guardian_id)`, db.List(tx, people))
	})
	return kept
}

// people are those of a cast, signed in.
type people struct {
	cast
	teacher, other, mother, father, parent, stranger, pupil, mate, head house.Visitor
}

func (h *town) people() (p people) {
	c := h.cast()
	return people{
		cast: c, teacher: h.Enter(c.teacher, school.Teacher), other: h.Enter(c.other, school.Teacher),
		mother: h.Enter(c.mother, school.Guardian), father: h.Enter(c.father, school.Guardian), parent: h.Enter(c.parent, school.Guardian),
		stranger: h.Enter(c.stranger, school.Guardian), pupil: h.Enter(c.pupil, school.Pupil), mate: h.Enter(c.mate, school.Pupil), head: h.Enter(h.Head(c.at), school.Head),
	}
}

// key is a person in a form, about a child; 0: about none.
func key(person, child school.ID) string { return person.String() + "-" + child.String() }

// says is a message.
func says(subject, body string, to ...string) url.Values {
	return url.Values{"subject": {subject}, "body": {body}, "person": to}
}

// send sends a form that may have photos.
func send(v house.Visitor, path string, form url.Values, photos ...[]byte) house.Reply {
	v.T.Helper()
	return v.Send(path, form, "photo", photos...)
}

// begin sends a new message, and gives the address of its conversation.
func begin(v house.Visitor, path string, form url.Values, photos ...[]byte) string {
	v.T.Helper()
	sent := send(v, path, form, photos...)
	to := sent.Header.Get("Location")
	if sent.StatusCode != http.StatusSeeOther || !strings.HasPrefix(to, "/message/thread/") {
		v.T.Fatalf("sent: %d, to %q\n%s", sent.StatusCode, to, sent.Main())
	}
	return to
}

// desk are the addresses where people of a cast write.
func (c cast) classDesk() string { return "/message/new/class/" + c.class.String() }
func (c cast) childDesk() string { return "/message/new/child/" + c.pupil.String() }
func (c cast) teamDesk() string  { return "/message/new/team/" + c.at.String() }
