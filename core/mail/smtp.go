package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	gomail "github.com/wneessen/go-mail"

	"preau/core/school"
)

// Server is where mail is handed over.
type Server struct {
	Host           string
	Port           int
	TLS            bool   // from the first byte; otherwise by STARTTLS
	User, Password string // none: the server knows this machine
	// Roots are whose certificates are believed; nil: those of the machine.
	Roots *x509.CertPool
	// Dial reaches the server; nil: over TCP. Not for TLS from the first byte.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
}

// ParseServer reads the address of a server, smtps://user@host:465 or
// smtp://user@host:587. The ports are those by default.
func ParseServer(address string) (Server, error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		return Server{}, errors.New("an address such as smtps://user@host:465 or smtp://user@host:587 is expected")
	}
	if _, written := u.User.Password(); written {
		return Server{}, errors.New("the password goes in a file, not in the address: whoever lists the programs of the machine reads it")
	}
	s := Server{Host: u.Hostname(), User: u.User.Username()}
	switch u.Scheme {
	case "smtps":
		s.TLS, s.Port = true, 465 // RFC 8314, 3.3
	case "smtp":
		s.Port = 587
	default:
		return Server{}, fmt.Errorf("%s:// is neither smtps:// nor smtp://", u.Scheme)
	}
	if port := u.Port(); port != "" {
		if s.Port, err = strconv.Atoi(port); err != nil || s.Port < 1 || s.Port > 65535 {
			return Server{}, fmt.Errorf("%s is no port", port)
		}
	}
	return s, nil
}

// here tells whether the server is on this machine, where nobody listens in
// and no certificate names it.
func (s Server) here() bool {
	ip, err := netip.ParseAddr(s.Host)
	return s.Host == "localhost" || err == nil && ip.IsLoopback()
}

// How long a server may take for each exchange, and how long a connection is
// kept for the next message.
const (
	timeout   = 30 * time.Second
	keptAlive = 5 * time.Second
)

// SMTP hands messages over to a server, several on one connection, and those that are urgent on
// another. Off this machine nothing is said, no password and no message, before TLS is up.
type SMTP struct {
	envelope
	ordinary, urgent line
}

// line is a connection to a server, for one message at a time.
type line struct {
	client *gomail.Client

	mu        sync.Mutex
	connected bool
	idle      *time.Timer
}

// NewSMTP makes the way to a server. from is the sender, with or without a
// name; host, that of the public address, is in the identifiers of messages.
func NewSMTP(s Server, from, host string) (*SMTP, error) {
	if _, err := mail.ParseAddress(from); err != nil {
		return nil, fmt.Errorf("the sender %q is no mail address", from)
	}
	options := []gomail.Option{
		gomail.WithPort(s.Port), gomail.WithTimeout(timeout), gomail.WithHELO(host), gomail.WithoutSMTPUTF8(),
		gomail.WithTLSConfig(&tls.Config{ServerName: s.Host, RootCAs: s.Roots, MinVersion: tls.VersionTLS12}),
	}
	switch {
	case s.TLS:
		options = append(options, gomail.WithSSL())
	case s.here():
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS))
	default:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	}
	if s.Dial != nil {
		options = append(options, gomail.WithDialContextFunc(s.Dial))
	}
	if s.User != "" {
		how := gomail.SMTPAuthAutoDiscover
		if s.here() && !s.TLS {
			how = gomail.SMTPAuthPlainNoEnc
		}
		options = append(options, gomail.WithSMTPAuth(how), gomail.WithUsername(s.User), gomail.WithPassword(s.Password))
	}
	way := &SMTP{envelope: envelope{from: from, host: host}}
	for _, l := range []*line{&way.ordinary, &way.urgent} {
		var err error
		if l.client, err = gomail.NewClient(s.Host, options...); err != nil {
			return nil, fmt.Errorf("the mail server: %w", err)
		}
	}
	return way, nil
}

// ReturnTo says where what cannot be delivered comes back: for a message that has a
// [Message.Return], "back@example.fr" is written "back+return@example.fr".
func (s *SMTP) ReturnTo(address string) error {
	if local, _, _ := strings.Cut(address, "@"); !IsAddress(address) || strings.Contains(local, "+") || len(local) > maxBack {
		return fmt.Errorf("%q is no address to which mail comes back", address)
	}
	s.back = address
	return nil
}

// maxBack leaves in the local part of an address, of 64 bytes (RFC 5321, 4.5.3.1.1),
// the place of what a message is known by.
const maxBack = 24

// Send implements [Sender].
func (s *SMTP) Send(ctx context.Context, id school.ID, at time.Time, m Message) error {
	out, err := s.wrap(id, at, m)
	if err != nil {
		return err
	}
	if m.urgent() {
		return plainly(s.urgent.send(ctx, out))
	}
	return plainly(s.ordinary.send(ctx, out))
}

// Close ends the connections, if there are any.
func (s *SMTP) Close() {
	s.ordinary.close()
	s.urgent.close()
}

// send hands a message over. A connection that the server closed meanwhile is opened again, once.
func (l *line) send(ctx context.Context, out *gomail.Msg) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.idle != nil {
		l.idle.Stop()
	}
	kept := l.connected
	err := l.hand(ctx, out)
	if kept && broken(err) {
		err = l.hand(ctx, out)
	}
	if l.connected {
		l.idle = time.AfterFunc(keptAlive, l.close)
	}
	return err
}

// hand sends a message on the connection, which it opens when there is none,
// and closes on an error.
func (l *line) hand(ctx context.Context, out *gomail.Msg) error {
	if !l.connected {
		if err := l.client.DialWithContext(ctx); err != nil {
			return err
		}
		l.connected = true
	}
	err := l.client.Send(out)
	if err == nil {
		return nil
	}
	_ = l.client.Close() // in what state it is, nobody knows
	l.connected = false
	if out.IsDelivered() {
		return nil // what went wrong came after
	}
	return err
}

// close ends the connection, if there is one.
func (l *line) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.connected {
		_ = l.client.Close() // nothing is lost: every message was taken
		l.connected = false
	}
}

// broken tells whether the connection failed, rather than the message.
func broken(err error) bool {
	var failed *gomail.SendError
	return errors.As(err, &failed) && failed.ErrorCode() == 0
}

// plainly says an error of a server without its words, which quote addresses.
// A code that begins with 5 is final (RFC 5321, 4.2.1): sent again, the message
// would be refused again. One that refuses the password or TLS is not about the
// message, and may be mended while it waits.
func plainly(err error) error {
	var failed *gomail.SendError
	if !errors.As(err, &failed) {
		if err != nil {
			err = fmt.Errorf("mail: reaching the server: %w", err)
		}
		return err
	}
	code := failed.ErrorCode()
	said := fmt.Errorf("mail: %s: the server says %d %s", failed.Reason, code, failed.EnhancedStatusCode())
	if code >= 500 && failed.Reason != gomail.ErrSMTPMailFrom {
		// X.7 is of policy (RFC 3463, 3.8): the address is there, and wants nothing of ours.
		return refusal{said, failed.Reason == gomail.ErrSMTPRcptTo && !strings.HasPrefix(failed.EnhancedStatusCode(), "5.7.")}
	}
	return said
}
