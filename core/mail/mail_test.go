package mail_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"log/slog"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

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
func (o *office) dead() int    { return o.count(`SELECT count(*) FROM job_job WHERE dead_at IS NOT NULL`) }

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

func TestAServerThatIsDownIsTriedAgainForADay(t *testing.T) {
	onBoth(t, func(t *testing.T, o *office) {
		if err := o.put(letter); err != nil {
			t.Fatal(err)
		}
		o.work() // and the conversation is kept
		if len(o.server.Take()) != 1 {
			t.Fatal("nothing came while it was up")
		}
		o.server.Down()
		if err := o.put(letter); err != nil {
			t.Fatal(err)
		}
		for range 30 { // more than a job is tried
			o.work()
			o.later(30 * time.Minute)
		}
		if o.waiting() != 1 || o.dead() != 0 {
			t.Fatalf("after 15 hours %d wait, %d dead", o.waiting(), o.dead())
		}
		o.server.Up()
		o.later(2 * time.Hour)
		o.work()
		if came := o.server.Take(); len(came) != 1 || o.waiting() != 0 {
			t.Fatalf("up again: %d came, %d wait", len(came), o.waiting())
		}
		o.server.Down()
		if err := o.put(letter); err != nil {
			t.Fatal(err)
		}
		for range 14 {
			o.work()
			o.later(2 * time.Hour)
		}
		if o.waiting() != 0 || o.dead() != 1 {
			t.Errorf("after a day %d wait, %d dead", o.waiting(), o.dead())
		}
		if strings.Contains(o.log.String(), letter.To) {
			t.Error("the log names an address")
		}
	})
}

// Dead at once: what the server will never take, and what came too late.
func TestWhatIsOfNoUseIsErased(t *testing.T) {
	onBoth(t, func(t *testing.T, o *office) {
		for name, c := range map[string]struct {
			code        int
			waits, dead int
		}{
			"no such mailbox": {550, 0, 1},
			"a full one":      {452, 1, 0},
		} {
			o.server.Refusal = &smtp.SMTPError{Code: c.code, EnhancedCode: smtp.EnhancedCode{c.code / 100, 1, 1}, Message: "<" + letter.To + "> is not here"}
			if err := o.put(letter); err != nil {
				t.Fatal(err)
			}
			o.work()
			if o.waiting() != c.waits || o.dead() != c.dead {
				t.Errorf("%s: %d wait, %d dead", name, o.waiting(), o.dead())
			}
			if strings.Contains(o.log.String(), letter.To) || o.count(`SELECT count(*) FROM job_job WHERE error LIKE '%exemple%'`) != 0 {
				t.Errorf("%s: the log or the job names an address", name)
			}
			if err := o.DB.Write(t.Context(), func(tx *db.Tx) error {
				_, err := tx.Exec(`DELETE FROM job_job`)
				if err == nil {
					_, err = tx.Exec(`DELETE FROM mail_message`)
				}
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
		o.server.Refusal = nil
		late := letter
		late.Until = dbtest.Noon.Add(time.Hour)
		if err := o.put(late); err != nil {
			t.Fatal(err)
		}
		o.later(2 * time.Hour)
		o.work()
		if len(o.server.Take()) != 0 || o.waiting() != 0 {
			t.Error("a message that was of no more use was sent, or kept")
		}
		if err := o.put(letter); err != nil {
			t.Fatal(err)
		}
		o.Sender = nil
		o.work()
		o.later(3 * 24 * time.Hour)
		if err := o.DB.Write(t.Context(), func(tx *db.Tx) error {
			_, err := o.Purge(tx)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if o.waiting() != 0 {
			t.Error("what nothing sends is kept for ever")
		}
	})
}

// What a message tells in full is written again as it leaves, or not at all.
func TestWhatLeavesIsWrittenAgain(t *testing.T) {
	onBoth(t, func(t *testing.T, o *office) {
		full := letter
		full.Things = []school.ID{1, 2}
		o.Again = func(_ *db.Tx, person school.ID, m mail.Message) (mail.Message, bool, error) {
			if person != zoe || len(m.Things) != 2 {
				t.Errorf("it is asked of %s, of %d things", person, len(m.Things))
			}
			m.Text = "Un seul reste.\n"
			return m, true, nil
		}
		if err := errors.Join(o.put(full), o.put(letter)); err != nil {
			t.Fatal(err)
		}
		o.work()
		if came := o.server.Take(); len(came) != 2 || came[0].Text != "Un seul reste.\n" || came[1].Text == came[0].Text {
			t.Errorf("%d came: %v", len(came), came)
		}
		o.Again = func(_ *db.Tx, _ school.ID, m mail.Message) (mail.Message, bool, error) { return m, false, nil }
		if err := o.put(full); err != nil {
			t.Fatal(err)
		}
		o.work()
		if len(o.server.Take()) != 0 || o.waiting() != 0 || o.dead() != 0 {
			t.Errorf("of nothing, %d wait, %d are dead", o.waiting(), o.dead())
		}
	})
}

// certificate makes one for a name, and who believes it.
func certificate(t *testing.T, name string) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), DNSNames: []string{name}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(leaf)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
}

// Off this machine neither a password nor a message is said before TLS is up,
// with a certificate that is believed.
func TestNothingIsSaidInTheClear(t *testing.T) {
	mine, roots := certificate(t, "mail.test")
	_, others := certificate(t, "mail.test")
	for name, c := range map[string]struct {
		offered  bool
		host     string
		roots    *x509.CertPool
		user     string
		password string
		want     bool
	}{
		"TLS and the right password": {true, "mail.test", roots, "préau", "secret", true},
		"no TLS":                     {false, "mail.test", roots, "préau", "secret", false},
		"another's certificate":      {true, "mail.test", others, "préau", "secret", false},
		"another name":               {true, "other.test", roots, "préau", "secret", false},
		"a wrong password":           {true, "mail.test", roots, "préau", "faux", false},
		"no password":                {true, "mail.test", roots, "", "", false},
	} {
		t.Run(name, func(t *testing.T) {
			server := mailtest.New(t)
			server.Down()
			server.User, server.Password = "préau", "secret"
			if c.offered {
				server.TLS = &tls.Config{Certificates: []tls.Certificate{mine}}
			}
			server.Up()
			var said bytes.Buffer
			to := mail.Server{Host: c.host, Port: 587, User: c.user, Password: c.password, Roots: c.roots}
			to.Dial = func(ctx context.Context, network, _ string) (net.Conn, error) {
				conn, err := new(net.Dialer).DialContext(ctx, network, server.Address())
				return &heard{conn, &said}, err
			}
			sender, err := mail.NewSMTP(to, "ent@preau.test", "preau.test")
			if err != nil {
				t.Fatal(err)
			}
			defer sender.Close()
			err = sender.Send(t.Context(), 1, dbtest.Noon, letter)
			if (err == nil) != c.want || len(server.Take()) != map[bool]int{true: 1}[c.want] {
				t.Errorf("sent: %v", err)
			}
			if mail.Refused(err) {
				t.Error("a server that may be mended refuses a message for good")
			}
			for _, clear := range []string{"AUTH", "MAIL", letter.To, "Bonjour"} {
				if strings.Contains(said.String(), clear) {
					t.Errorf("%q was said in the clear", clear)
				}
			}
		})
	}
}

// heard is a connection whose words are kept.
type heard struct {
	net.Conn
	said *bytes.Buffer
}

func (h *heard) Write(b []byte) (int, error) {
	h.said.Write(b)
	return h.Conn.Write(b)
}

func TestParseServer(t *testing.T) {
	for address, want := range map[string]mail.Server{
		"smtps://ent@mail.exemple.fr":      {Host: "mail.exemple.fr", Port: 465, TLS: true, User: "ent"},
		"smtp://mail.exemple.fr":           {Host: "mail.exemple.fr", Port: 587},
		"smtp://127.0.0.1:25":              {Host: "127.0.0.1", Port: 25},
		"smtp://a%40b.fr@mail.exemple.fr/": {Host: "mail.exemple.fr", Port: 587, User: "a@b.fr"},
	} {
		if got, err := mail.ParseServer(address); err != nil || got.Host != want.Host || got.Port != want.Port || got.TLS != want.TLS || got.User != want.User {
			t.Errorf("%s: %+v, %v", address, got, err)
		}
	}
	for _, address := range []string{"", "mail.exemple.fr", "http://mail.exemple.fr", "smtp://", "smtp://mail.exemple.fr:0", "smtp://mail.exemple.fr:x", "smtp://a:b@mail.exemple.fr", "smtp://mail.exemple.fr/x", "smtp://mail.exemple.fr?x=1"} {
		if got, err := mail.ParseServer(address); err == nil {
			t.Errorf("%q is taken for %+v", address, got)
		}
	}
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

// An urgent message waits neither for the connection of the others nor for their jobs.
func TestAnUrgentMessageHasAConnectionOfItsOwn(t *testing.T) {
	server := mailtest.New(t)
	held, freed := make(chan struct{}), make(chan struct{})
	first := true
	to := mail.Server{Host: "localhost", Port: 25, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		if first {
			first = false
			close(held)
			<-freed
		}
		return new(net.Dialer).DialContext(ctx, network, server.Address())
	}}
	sender, err := mail.NewSMTP(to, "ent@preau.test", "preau.test")
	if err != nil {
		t.Fatal(err)
	}
	defer sender.Close()
	slow := make(chan error)
	go func() { slow <- sender.Send(t.Context(), 1, dbtest.Noon, letter) }()
	<-held
	notice := letter
	notice.Subject, notice.About = "École fermée", 7
	if err := sender.Send(t.Context(), 2, dbtest.Noon, notice); err != nil {
		t.Fatal(err)
	}
	if took := server.Take(); len(took) != 1 || took[0].Subject != notice.Subject {
		t.Errorf("the server took %v", took)
	}
	close(freed)
	if err := <-slow; err != nil || len(server.Take()) != 1 {
		t.Errorf("the other one: %v", err)
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		var kinds []job.Kind
		o.Enqueue = func(_ *db.Tx, kind job.Kind, _ any, _ time.Time, _ string) error {
			kinds = append(kinds, kind)
			return nil
		}
		if err := d.Write(t.Context(), func(tx *db.Tx) error { return errors.Join(o.Put(tx, 1, letter), o.Put(tx, 1, notice)) }); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(kinds, []job.Kind{mail.KindSend, mail.KindUrgent}) {
			t.Errorf("the jobs %v", kinds)
		}
	}, mail.Schema(), job.Schema())
}
