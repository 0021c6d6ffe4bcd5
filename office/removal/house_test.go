package removal_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"preau/account"
	"preau/core/attach"
	"preau/core/audience"
	"preau/core/blob"
	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/job"
	"preau/core/mail"
	"preau/core/notify"
	"preau/core/past"
	"preau/core/personal"
	"preau/core/photo"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/search"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
	"preau/directory/feed"
	"preau/directory/whom"
	"preau/office/removal"
	"preau/portal"
	"preau/service/alert"
	"preau/service/liaison"
	"preau/service/message"
	"preau/service/news"
	"preau/test/house"
	"preau/test/village"
)

// town is a house whose village was fed, with the office, the services by which people write,
// and the hall.
type town struct {
	*house.House
	near, far []school.ID // schools: those of the first commune, and the others
	office    *removal.Service
	files     *blob.Folder
	tables    personal.Tables // of the services
}

// fed is the village of every town.
var fed = house.NewVillage(village.Options{Schools: 5, Seed: 7, Date: dbtest.Noon.AddDate(0, 0, -30)}, feed.DefaultCaps,
	append(house.Schemas(), liaison.Schema(), message.Schema(), news.Schema(), alert.Schema(), removal.Schema()),
	account.Words, whom.Words, notify.Words, photo.Words, attach.Words, liaison.Words, message.Words, news.Words, alert.Words, removal.Words)

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

// newTown gives a town; a change is of how it is served.
func newTown(in *house.House, change ...func(*web.Config)) *town {
	in.T.Helper()
	h := &town{House: in}
	h.near, h.far = h.Schools()
	var err error
	if h.files, err = blob.OpenFolder(h.T.TempDir(), h.Key); err != nil {
		h.T.Fatal(err)
	}
	h.T.Cleanup(func() { h.files.Close() })
	tray := &attach.Tray{Album: &photo.Album{Studio: photo.NewStudio(64 << 20), Store: h.files}, Key: h.Key}
	carnet := &liaison.Service{Tray: tray, Audit: h.Audit, Key: h.Key, Notify: h.Notify()}
	talks := &message.Service{Tray: tray, Audit: h.Audit}
	board := &news.Service{Tray: tray, Audit: h.Audit}
	n := notify.New(in.DB, in.Key)
	bell := &alert.Service{Notify: n, Audit: h.Audit}
	jobs, err := job.New(in.DB, slog.New(slog.DiscardHandler), map[job.Kind]job.Handler{notify.KindUrgent: func(context.Context, job.Job) error { return nil }})
	if err != nil {
		h.T.Fatal(err)
	}
	n.Words, n.Outbox, n.Enqueue, n.Notice, n.Mobiles = in.Words, mail.New(in.DB, in.Key), jobs.Enqueue, bell.Notice, directory.Mobiles
	n.Audiences, n.Hats, n.Boxes, n.People, n.InUse = directory.Audiences{}, directory.Hats, account.Reachable, account.UsedBy, account.IsUsed
	rooms := []web.Service{carnet, talks, board, bell}
	h.tables = slices.Concat(liaison.Holdings.Holdings(), message.Holdings.Holdings(), news.Holdings.Holdings(), alert.Holdings.Holdings(), audience.Records, search.Holdings)
	h.office = &removal.Service{Rooms: rooms, Tables: slices.Concat(h.tables, past.Holdings, removal.Holdings), Key: h.Key, Audit: h.Audit, Withhold: h.Accounts.WithholdShut}
	hall := &portal.Portal{
		Accounts: h.Accounts, Feeder: h.Feeder, Awaits: h.office.Awaits, Running: bell.Running,
		AwaitsHead: func(r *web.Request, _ map[school.ID]account.Counts) ([]ui.Task, error) { return h.office.Awaits(r) },
	}
	hall.Shows(rooms...)
	services := append(rooms, h.office)
	tables := []rights.Table{portal.Rights}
	for _, s := range services {
		tables = append(tables, s.Rights())
	}
	matrix, err := rights.New(tables...)
	if err != nil {
		h.T.Fatal(err)
	}
	config := web.Config{Hall: []web.Room{hall}, Services: services, Rights: matrix, Frame: hall.Frame}
	for _, f := range change {
		f(&config)
	}
	h.Serve(config)
	return h
}

// scene is a school where the account of a teacher was stolen, and wrote to a family.
type scene struct {
	*town
	at, class, thief, pupil, mother, father                school.ID
	word, talk, lost, item                                 string // where what it sent is read: lost is a conversation in which nobody else spoke
	asTeacher, asMother, asFather, head, farHead, operator house.Visitor
}

// settled is a school with a teacher, of whom nothing was stolen yet, and a family.
func (h *town) settled() (s scene) {
	h.T.Helper()
	s.town, s.at = h, h.near[0]
	h.Read(func(tx *db.Tx) error {
		return tx.Get([]any{&s.class, &s.pupil, &s.mother, &s.father}, `SELECT m.class_id, m.person_id, min(b.guardian_id), max(b.guardian_id)
			FROM directory_membership m JOIN directory_class c ON c.id = m.class_id AND c.kind = 'class' AND c.school_id = $1
			JOIN directory_bond b ON b.pupil_id = m.person_id JOIN directory_person p ON p.id = b.guardian_id AND NOT p.organisation
			WHERE m.role = 'pupil' AND NOT EXISTS (SELECT 1 FROM directory_function f WHERE f.person_id = b.guardian_id)
			GROUP BY m.class_id, m.person_id HAVING count(DISTINCT b.guardian_id) = 2 ORDER BY m.class_id, m.person_id LIMIT 1`, s.at)
	})
	s.thief = h.Teachers(s.at)[0]
	h.Attach(s.class, s.thief)
	s.asTeacher, s.asMother, s.asFather = h.Enter(s.thief, school.Teacher), h.Enter(s.mother, school.Guardian), h.Enter(s.father, school.Guardian)
	s.head, s.farHead, s.operator = h.Enter(h.Head(s.at), school.Head), h.Enter(h.Head(h.far[0]), school.Head), h.Enter(h.Operator(), school.Operator)
	return s
}

// steal has a teacher's account write, and a mother answer.
func (h *town) steal() scene {
	h.T.Helper()
	s := h.settled()
	families := string(audience.Audience{Place: audience.Class, Of: s.class, Side: audience.Families}.ID())
	word := s.sends("/liaison/new/class/"+s.class.String(), url.Values{
		"to": {families}, "title": {"Payez la sortie ici"}, "body": {"Cliquez sur arnaque.example."}, "asks": {"yes-no"}, "each": {"family"}, "category": {"outing"}, "due": {"2026-10-09"},
	}, shot(h.T, 40))
	s.word, _ = strings.CutSuffix(word, "/follow")
	s.asMother.Get(s.word).Wants(http.StatusOK, "Cliquez sur")
	s.asMother.Post(s.word+"/answer", url.Values{"child": {s.pupil.String()}, "answer": {"yes"}}).Wants(http.StatusSeeOther)
	desk := "/message/new/class/" + s.class.String()
	s.talk = s.sends(desk, url.Values{"subject": {"Votre mot de passe"}, "body": {"Envoyez-le vite."}, "person": {s.mother.String() + "-" + s.pupil.String()}}, shot(h.T, 50))
	s.lost = s.sends(desk, url.Values{"subject": {"Urgent"}, "body": {"Appelez ce numéro."}, "person": {s.father.String() + "-" + s.pupil.String()}})
	h.Later(60e9)
	send(s.asMother, s.talk, url.Values{"body": {"Qui êtes-vous ?"}}).Wants(http.StatusSeeOther)
	h.Later(60e9)
	send(s.asTeacher, s.talk, url.Values{"body": {"La maîtresse, vite."}}).Wants(http.StatusSeeOther)
	s.asMother.Get(s.talk).Wants(http.StatusOK, "La maîtresse, vite")
	s.asMother.Post(s.talk+"/archive", nil).Wants(http.StatusSeeOther)
	s.item = s.sends("/news/new/school/"+s.at.String(), url.Values{"to": {"families"}, "title": {"Gagnez un vélo"}, "body": {"Donnez votre carte."}}, shot(h.T, 60))
	h.Later(60e9)
	return s
}

// sends sends a form as the stolen account, and gives where it leads.
func (s scene) sends(path string, form url.Values, photos ...[]byte) string {
	s.T.Helper()
	form.Set("whole", "on") // of news: they mean the whole school
	sent := send(s.asTeacher, path, form, photos...)
	if sent.StatusCode != http.StatusSeeOther {
		s.T.Fatalf("%s answers %d\n%s", path, sent.StatusCode, sent.Main())
	}
	return sent.Header.Get("Location")
}

// send sends a form that may carry photos.
func send(v house.Visitor, path string, form url.Values, photos ...[]byte) house.Reply {
	v.T.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for name, values := range form {
		for _, value := range values {
			if err := w.WriteField(name, value); err != nil {
				v.T.Fatal(err)
			}
		}
	}
	for _, photo := range photos {
		part, err := w.CreateFormFile("photo", "IMG_0001.jpg")
		if err != nil {
			v.T.Fatal(err)
		}
		if _, err := part.Write(photo); err != nil {
			v.T.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		v.T.Fatal(err)
	}
	r := v.Form(path, nil)
	r.Body, r.ContentLength = io.NopCloser(&body), int64(body.Len())
	r.Header.Set("Content-Type", w.FormDataContentType())
	return v.Do(r)
}

// shot is a picture of its own for each side.
func shot(t *testing.T, side int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, side, side)), nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// path is where what the stolen account sent in its school is looked for.
func (s scene) path() string {
	return "/removal/school/" + s.at.String() + "/person/" + s.thief.String()
}

var boxes = regexp.MustCompile(`name="thing"\s+value="(\d+)"`)

// found lists the things that a page offers to tick.
func found(page house.Reply) (things []string) {
	for _, box := range boxes.FindAllStringSubmatch(page.Body, -1) {
		things = append(things, box[1])
	}
	return things
}

// asked has somebody ask that all that the account sent be taken back, and gives the case.
func (s scene) asked(by house.Visitor) string {
	s.T.Helper()
	sent := by.Post(s.path(), url.Values{"thing": found(by.Get(s.path())), "why": {"Le compte a été volé ce matin."}})
	if sent.StatusCode != http.StatusSeeOther {
		s.T.Fatalf("asked: %d\n%s", sent.StatusCode, sent.Main())
	}
	return sent.Header.Get("Location")
}

// backs has one person ask that a case be put back, and a second one agree.
func (s scene) backs(first, second house.Visitor, kase string) {
	s.T.Helper()
	first.Post(kase+"/undo", nil).Wants(http.StatusSeeOther)
	second.Post(kase+"/restore", nil).Wants(http.StatusSeeOther)
}

// evidence is how many bytes are kept of all cases.
func (h *town) evidence() school.ID {
	h.T.Helper()
	return h.One(`SELECT coalesce(sum(length(evidence)), 0) FROM removal_part`)
}

// outcome is what became of the only case.
func (s scene) outcome() (is string) {
	s.T.Helper()
	s.Read(func(tx *db.Tx) error { return tx.Get([]any{&is}, `SELECT outcome FROM removal_case`) })
	return is
}

// stored is all that the services keep, a line a row.
func (h *town) stored() (lines []string) {
	h.T.Helper()
	h.Read(func(tx *db.Tx) error {
		for _, table := range h.tables {
			columns := table.Columns()
			err := tx.Each(func(row db.Row) error {
				values, into := make([]any, len(columns)), make([]any, len(columns))
				for i := range values {
					into[i] = &values[i]
				}
				err := row.Scan(into...)
				lines = append(lines, fmt.Sprintf("%s %v %v", table.Name, columns, values))
				return err
			}, `SELECT `+strings.Join(columns, ", ")+` FROM `+table.Name)
			if err != nil {
				return err
			}
		}
		return nil
	})
	slices.Sort(lines)
	return lines
}
