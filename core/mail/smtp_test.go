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
	"math/big"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/job"
	"preau/core/mail"
	"preau/core/mail/mailtest"
)

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
