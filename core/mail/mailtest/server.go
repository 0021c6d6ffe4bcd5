package mailtest

import (
	"crypto/tls"
	"errors"
	"io"
	"log"
	"mime"
	"mime/quotedprintable"
	"net"
	netmail "net/mail"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"preau/core/mail"
)

// Mail is a message as the server took it.
type Mail struct {
	From, To string // of the envelope
	Header   netmail.Header
	Subject  string // decoded
	Text     string // decoded, lines ended by \n
	Raw      string
}

// Server takes mail on this machine.
type Server struct {
	// TLS is offered by STARTTLS; nil: it is not.
	TLS *tls.Config
	// User and Password are asked for, unless they are empty.
	User, Password string
	// Refusal answers every recipient, unless it is nil.
	Refusal *smtp.SMTPError

	t        testing.TB
	address  string
	mu       sync.Mutex
	server   *smtp.Server
	listener net.Listener
	taken    []Mail
	sessions int
}

// New opens a server until the end of the test.
func New(t testing.TB) *Server {
	t.Helper()
	s := &Server{t: t, address: "127.0.0.1:0"}
	s.Up()
	t.Cleanup(s.Down)
	return s
}

// At is where the server listens.
func (s *Server) At() mail.Server {
	host, port, err := net.SplitHostPort(s.address)
	if err != nil {
		s.t.Fatal(err)
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		s.t.Fatal(err)
	}
	return mail.Server{Host: host, Port: number}
}

// Address is where the server listens, as one dials it.
func (s *Server) Address() string { return s.address }

// Up opens the server again after [Server.Down], where it was.
func (s *Server) Up() {
	s.t.Helper()
	listener, err := net.Listen("tcp", s.address)
	if err != nil {
		s.t.Fatal(err)
	}
	s.address = listener.Addr().String()
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.sessions++
		return &session{s: s}, nil
	}))
	server.Domain, server.TLSConfig, server.AllowInsecureAuth = "sink.test", s.TLS, s.TLS == nil
	server.ErrorLog = log.New(io.Discard, "", 0)
	s.server, s.listener = server, listener
	go server.Serve(listener)
}

// Down closes the server and its connections; what it took stays.
func (s *Server) Down() {
	_ = s.listener.Close() // which Serve may not have seen yet
	_ = s.server.Close()
}

// Take gives what came since the last time, in order.
func (s *Server) Take() []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	taken := s.taken
	s.taken = nil
	return taken
}

// Sessions counts the conversations that were begun.
func (s *Server) Sessions() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sessions
}

// session is one conversation.
type session struct {
	s    *Server
	in   bool
	mail Mail
}

func (c *session) AuthMechanisms() []string { return []string{sasl.Plain} }

func (c *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != c.s.User || password != c.s.Password {
			return errors.New("no such user")
		}
		c.in = true
		return nil
	}), nil
}

func (c *session) Mail(from string, _ *smtp.MailOptions) error {
	if c.s.User != "" && !c.in {
		return smtp.ErrAuthRequired
	}
	c.mail = Mail{From: from}
	return nil
}

func (c *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if c.s.Refusal != nil {
		return c.s.Refusal
	}
	if c.mail.To != "" {
		return errors.New("a message has one recipient")
	}
	c.mail.To = to
	return nil
}

func (c *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	c.mail.Raw = string(raw)
	message, err := netmail.ReadMessage(strings.NewReader(c.mail.Raw))
	if err != nil {
		return err
	}
	c.mail.Header = message.Header
	if c.mail.Subject, err = new(mime.WordDecoder).DecodeHeader(message.Header.Get("Subject")); err != nil {
		return err
	}
	body := message.Body
	if message.Header.Get("Content-Transfer-Encoding") == "quoted-printable" {
		body = quotedprintable.NewReader(body)
	}
	text, err := io.ReadAll(body)
	if err != nil {
		return err
	}
	c.mail.Text = strings.ReplaceAll(string(text), "\r\n", "\n")
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	c.s.taken = append(c.s.taken, c.mail)
	return nil
}

func (c *session) Reset() { c.mail = Mail{} }

func (c *session) Logout() error { return nil }
