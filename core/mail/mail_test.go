package mail_test

import (
	"bytes"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/fail"
	"preau/core/job"
	"preau/core/mail"
	"preau/core/mail/mailtest"
	"preau/core/school"
	"preau/core/seal"
)

// office is an outbox with its queue, and a server that takes its mail.
type office struct {
	*mail.Outbox
	t      *testing.T
	jobs   *job.Queue
	server *mailtest.Server
	log    bytes.Buffer
}

func open(t *testing.T, d *db.DB) *office {
	t.Helper()
	key, err := seal.Open(filepath.Join(t.TempDir(), "key"))
	if err != nil {
		t.Fatal(err)
	}
	o := &office{Outbox: mail.New(d, key), t: t, server: mailtest.New(t)}
	sender, err := mail.NewSMTP(o.server.At(), "Préau <ent@preau.test>", "preau.test")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sender.Close)
	o.Sender = sender
	o.jobs, err = job.New(d, slog.New(slog.NewTextHandler(&o.log, nil)), map[job.Kind]job.Handler{mail.KindSend: o.Send})
	if err != nil {
		t.Fatal(err)
	}
	o.Enqueue = o.jobs.Enqueue
	return o
}

const zoe school.ID = 7

func (o *office) put(m mail.Message) error {
	return o.DB.Write(o.t.Context(), func(tx *db.Tx) error { return o.Put(tx, zoe, m) })
}

// work does the jobs that are due.
func (o *office) work() {
	o.t.Helper()
	for {
		did, err := o.jobs.Do(o.t.Context())
		if err != nil {
			o.t.Fatal(err)
		}
		if !did {
			return
		}
	}
}

func (o *office) later(by time.Duration) {
	now := o.DB.Now().Add(by)
	o.DB.Now = func() time.Time { return now }
}

func (o *office) count(query string) (n int) {
	o.t.Helper()
	if err := o.DB.Read(o.t.Context(), func(tx *db.Tx) (err error) {
		n, err = db.One(tx, db.Column[int], query)
		return err
	}); err != nil {
		o.t.Fatal(err)
	}
	return n
}

func (o *office) waiting() int { return o.count(`SELECT count(*) FROM mail_message`) }

func (o *office) dead() int { return o.count(`SELECT count(*) FROM job_job WHERE dead_at IS NOT NULL`) }

const secret = "https://preau.test/activate#zoe.martin/K7QX-M3PZ-9RTB"

var letter = mail.Message{To: "zoe@exemple.fr", Subject: "Préau : un sujet assez long pour être coupé", Text: "Bonjour,\n\n" + secret + "\n.\nÀ bientôt\n"}

func onBoth(t *testing.T, f func(t *testing.T, o *office)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		d.Now = func() time.Time { return dbtest.Noon }
		f(t, open(t, d))
	}, job.Schema(), mail.Schema())
}

func TestWhatIsNoMessageIsRefused(t *testing.T) {
	onBoth(t, func(t *testing.T, o *office) {
		for name, change := range map[string]func(*mail.Message){
			"two addresses":           func(m *mail.Message) { m.To = "a@exemple.fr, b@exemple.fr" },
			"a header in an address":  func(m *mail.Message) { m.To = "a@exemple.fr\r\nBcc: b@exemple.fr" },
			"a quoted line end":       func(m *mail.Message) { m.To = "\"a\r\nb\"@exemple.fr" },
			"a quoted at":             func(m *mail.Message) { m.To = `"a@b"@exemple.fr` },
			"a command":               func(m *mail.Message) { m.To = "a@exemple.fr> SIZE=1" },
			"a name":                  func(m *mail.Message) { m.To = "Zoé <zoe@exemple.fr>" },
			"no domain":               func(m *mail.Message) { m.To = "root@localhost" },
			"letters beyond ASCII":    func(m *mail.Message) { m.To = "zoé@exemple.fr" },
			"an empty address":        func(m *mail.Message) { m.To = "" },
			"an address without end":  func(m *mail.Message) { m.To = strings.Repeat("a", 300) + "@exemple.fr" },
			"a header in the subject": func(m *mail.Message) { m.Subject = "Bonjour\nBcc: b@exemple.fr" },
			"no subject":              func(m *mail.Message) { m.Subject = "" },
			"no text":                 func(m *mail.Message) { m.Text = " \n" },
		} {
			m := letter
			change(&m)
			if err := o.put(m); !fail.Is(err, fail.Invalid) {
				t.Errorf("%s: %v", name, err)
			}
			if err := o.Sender.Send(t.Context(), 1, dbtest.Noon, m); !fail.Is(err, fail.Invalid) {
				t.Errorf("%s, sent: %v", name, err)
			}
		}
		if o.waiting() != 0 || o.server.Sessions() != 0 {
			t.Error("something was queued, or said to the server")
		}
	})
}

func TestAMessageIsSentOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, o *office) {
		for range 3 {
			if err := o.put(letter); err != nil {
				t.Fatal(err)
			}
		}
		o.work()
		came := o.server.Take()
		if len(came) != 3 || o.waiting() != 0 || o.count(`SELECT count(*) FROM job_job`) != 0 {
			t.Fatalf("%d came, %d wait", len(came), o.waiting())
		}
		if o.server.Sessions() != 1 {
			t.Errorf("three messages took %d conversations", o.server.Sessions())
		}
		m := came[0]
		if m.From != "ent@preau.test" || m.To != letter.To || m.Subject != letter.Subject || strings.TrimSpace(m.Text) != strings.TrimSpace(letter.Text) {
			t.Errorf("%q came", m.Raw)
		}
		for header, want := range map[string]string{
			"Auto-Submitted": "auto-generated", "Content-Type": "text/plain; charset=UTF-8",
			"Date": dbtest.Noon.Format(time.RFC1123Z), "User-Agent": "", "X-Mailer": "", "To": "<" + letter.To + ">",
		} {
			if got := m.Header.Get(header); got != want {
				t.Errorf("%s: %q, want %q", header, got, want)
			}
		}
		id := m.Header.Get("Message-ID")
		if !strings.HasSuffix(id, "@preau.test>") || id == came[1].Header.Get("Message-ID") {
			t.Errorf("Message-ID: %s", id)
		}
	})
}

// What waits is not readable in any table, nor moved from one row to another.
func TestTheQueueIsSealed(t *testing.T) {
	onBoth(t, func(t *testing.T, o *office) {
		if err := o.put(letter); err != nil {
			t.Fatal(err)
		}
		all := ""
		if err := o.DB.Read(t.Context(), func(tx *db.Tx) error {
			var sealed []byte
			var payload string
			err := tx.Get([]any{&sealed, &payload}, `SELECT sealed, (SELECT payload FROM job_job) FROM mail_message`)
			all = string(sealed) + payload
			if rows, err := o.Export(tx, zoe); err != nil || len(rows) != 1 || rows[0].Values["sealed"] != nil {
				t.Errorf("exported: %v, %v", rows, err)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		for _, plain := range []string{secret, "K7QX", letter.To, "Bonjour"} {
			if strings.Contains(all, plain) {
				t.Errorf("%q is in the database", plain)
			}
		}
		if err := o.DB.Write(t.Context(), func(tx *db.Tx) error {
			if _, err := tx.Exec(`UPDATE mail_message SET id = id + 1`); err != nil {
				return err
			}
			_, err := tx.Exec(`UPDATE job_job SET payload = (SELECT CAST(id AS TEXT) FROM mail_message)`)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		o.work()
		if len(o.server.Take()) != 0 || o.waiting() != 0 || o.dead() != 1 {
			t.Error("a message that was moved to another row was sent, or is still there")
		}
	})
}

func TestAFolderKeepsMessages(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "mail")
	folder, err := mail.NewFolder(dir, "preau.example")
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(folder.Send(t.Context(), 1, dbtest.Noon, letter), folder.Send(t.Context(), 1, dbtest.Noon, letter)); err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 1 {
		t.Fatalf("%v, %v", files, err)
	}
	text, err := os.ReadFile(filepath.Join(dir, files[0].Name()))
	if err != nil || !strings.Contains(string(text), "To: <zoe@exemple.fr>") {
		t.Errorf("%s, %v", text, err)
	}
}
