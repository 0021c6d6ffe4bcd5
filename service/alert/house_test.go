package alert_test

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"preau/account"
	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/job"
	"preau/core/mail"
	"preau/core/mail/mailtest"
	"preau/core/notify"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
	"preau/directory/feed"
	"preau/directory/whom"
	"preau/portal"
	"preau/service/alert"
	"preau/test/house"
	"preau/test/village"
)

// town is a house whose village was fed, with urgent notices and the hall, a mail server and
// a gateway of text messages: real ones.
type town struct {
	*house.House
	near, far []school.ID // schools: those of the first commune, and the others
	post      *mailtest.Server
	jobs      *job.Queue
	texts     []string // numbers and texts that the gateway took
	notify    *notify.Service
}

// fed is the village of every town.
var fed = house.NewVillage(village.Options{Schools: 5, Seed: 7, Date: dbtest.Noon.AddDate(0, 0, -30)},
	feed.DefaultCaps, append(house.Schemas(), alert.Schema()), whom.Words, notify.Words, alert.Words)

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

func newTown(in *house.House, change ...func(*web.Config)) *town {
	t := in.T
	t.Helper()
	h := &town{House: in, post: mailtest.New(t), notify: notify.New(in.DB, in.Key)}
	h.near, h.far = h.Schools()
	// Nobody can be reached but those to whom a test gives a way.
	h.exec(`UPDATE directory_person SET mail = '', home_phone = '', mobile_phone = '', work_phone = ''`)
	n, outbox := h.notify, mail.New(in.DB, in.Key)
	sender, err := mail.NewSMTP(h.post.At(), "Préau <ent@preau.test>", "preau.test")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sender.Close)
	h.jobs, err = job.New(in.DB, slog.New(slog.DiscardHandler), map[job.Kind]job.Handler{
		mail.KindUrgent: outbox.Send, notify.KindPushUrgent: n.SendPush, notify.KindUrgent: n.TellUrgent, notify.KindSMS: n.SendTexts,
	})
	if err != nil {
		t.Fatal(err)
	}
	outbox.Sender, outbox.Enqueue, outbox.Returned, outbox.Settled, outbox.Waits = sender, h.jobs.Enqueue, n.Returned, n.Settled, n.Waits
	board := &alert.Service{Notify: n, Audit: in.Audit}
	n.Words, n.Outbox, n.Enqueue, n.URL, n.Notice, n.Mobiles = in.Words, outbox, h.jobs.Enqueue, "https://ent.preau.test", board.Notice, directory.Mobiles
	n.Audiences, n.Hats, n.Boxes, n.Log = directory.Audiences{}, directory.Hats, account.Reachable, slog.New(slog.DiscardHandler)
	n.People, n.InUse = account.UsedBy, account.IsUsed
	hall := &portal.Portal{
		Accounts: h.Accounts, Feeder: h.Feeder, Notify: n, Running: board.Running,
	}
	hall.Shows(board)
	n.Tellers, n.Rooms = hall.Tellers, []notify.Room{notify.RoomOf(board.Card(), board)}
	matrix, err := rights.New(portal.Rights, board.Rights())
	if err == nil {
		err = web.Lend(matrix, board)
	}
	if err != nil {
		t.Fatal(err)
	}
	config := web.Config{
		Hall: []web.Room{hall}, Services: []web.Service{board}, Rights: matrix, Frame: hall.Frame,
	}
	for _, f := range change {
		f(&config)
	}
	h.Serve(config)
	return h
}

// texting has text messages leave by a real gateway over TLS.
func (h *town) texting() {
	h.T.Helper()
	server := httptest.NewTLSServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		var batch struct {
			Messages []struct{ Phone, Text string }
		}
		if err == nil {
			err = json.Unmarshal(body, &batch)
		}
		if err != nil {
			h.T.Error(err)
		}
		for _, m := range batch.Messages {
			h.texts = append(h.texts, m.Phone+" "+m.Text)
		}
	}))
	h.T.Cleanup(server.Close)
	gateway, err := notify.NewGateway(server.URL, []byte(strings.Repeat("k", 32)))
	if err != nil {
		h.T.Fatal(err)
	}
	gateway.Client = server.Client()
	h.notify.Gateway = gateway
}

// left does the jobs that are due, and gives the mail that the server took.
func (h *town) left() []mailtest.Mail {
	h.T.Helper()
	for {
		did, err := h.jobs.Do(h.T.Context())
		if err != nil {
			h.T.Fatal(err)
		}
		if !did {
			return h.post.Take()
		}
	}
}

// at moves the clock to an instant of Paris.
func (h *town) at(text string) {
	h.T.Helper()
	now, err := time.ParseInLocation("2006-01-02 15:04", text, school.Paris)
	if err != nil {
		h.T.Fatal(err)
	}
	h.DB.Now = func() time.Time { return now }
}

func (h *town) exec(query string, args ...any) {
	h.T.Helper()
	h.Write(func(tx *db.Tx) error {
		_, err := tx.Exec(query, args...)
		return err
	})
}

// cast are people of one school and of its neighbours, who may be told apart.
type cast struct {
	school, nextDoor, commune school.ID
	head, otherHead, teacher  school.ID // otherHead is of another commune
	agent, otherAgent         school.ID
	parent, father, pupil     school.ID // two guardians of one pupil
	otherParent, nextParent   school.ID
}

func (h *town) cast() (c cast) {
	h.T.Helper()
	c.school, c.nextDoor = h.near[0], h.near[1]
	c.head, c.otherHead = h.Head(c.school), h.Head(h.far[0])
	c.teacher = h.One(`SELECT min(f.person_id) FROM directory_function f WHERE f.structure_id = $1 AND f.profile = $2 AND f.until_at IS NULL
		AND NOT EXISTS (SELECT 1 FROM directory_function g WHERE g.person_id = f.person_id AND g.profile <> f.profile)`, c.school, school.Teacher)
	c.commune = h.Above(c.school, directory.Commune)
	c.agent = h.Appoint("Mairie", school.Municipal, c.commune)
	c.otherAgent = h.Appoint("Voisine", school.Municipal, h.Above(h.far[0], directory.Commune))
	c.parent, c.father, c.pupil = h.parents(c.school)
	c.otherParent, _, _ = h.parents(h.far[0])
	c.nextParent, _, _ = h.parents(c.nextDoor)
	return c
}

// parents are the two guardians of a pupil of one school, who have no other child.
func (h *town) parents(at school.ID) (one, other, pupil school.ID) {
	h.T.Helper()
	h.Read(func(tx *db.Tx) error {
		return tx.Get([]any{&one, &other, &pupil}, `SELECT min(b.guardian_id), max(b.guardian_id), b.pupil_id FROM directory_bond b
			JOIN directory_person p ON p.id = b.guardian_id AND NOT p.organisation JOIN directory_enrolment e ON e.person_id = b.pupil_id
			WHERE e.school_id = $1 AND b.until_at IS NULL AND NOT EXISTS (SELECT 1 FROM directory_bond o WHERE o.guardian_id = b.guardian_id AND o.pupil_id <> b.pupil_id)
			AND NOT EXISTS (SELECT 1 FROM directory_function f WHERE f.person_id = b.guardian_id)
			AND NOT EXISTS (SELECT 1 FROM directory_restriction r WHERE r.pupil_id = b.pupil_id)
			GROUP BY b.pupil_id HAVING count(DISTINCT b.guardian_id) = 2 ORDER BY b.pupil_id LIMIT 1`, at)
	})
	return one, other, pupil
}

// closed is a notice that the school is shut.
func closed(change ...string) url.Values {
	form := url.Values{"kind": {"closed"}, "to": {"families", "team"}, "text": {"L’école est fermée ce matin : la chaudière est en panne."}}
	for i := 0; i < len(change); i += 2 {
		form[change[i]] = []string{change[i+1]}
	}
	return form
}

// tell has somebody tell a notice, once they have read whom it reaches, and gives its
// address.
func tell(v house.Visitor, to string, form url.Values) (path string) {
	v.T.Helper()
	asked := v.Post(to, form)
	asked.Wants(http.StatusOK)
	sure := asked.Hidden("confirm")
	sure.Set("confirm", "1")
	sent := v.Post(to, sure)
	if path = sent.Header.Get("Location"); sent.StatusCode != http.StatusSeeOther || !strings.HasPrefix(path, "/alert/notice/") {
		v.T.Fatalf("told: %d, to %q\n%s", sent.StatusCode, path, sent.Text())
	}
	return path
}

func newIn(at school.ID) string { return "/alert/new/school/" + at.String() }

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
