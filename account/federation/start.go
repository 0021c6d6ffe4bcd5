package federation

import (
	"context"
	"crypto/rand"
	"time"

	"preau/account"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/web"
)

// Way is a way in, a provider as the page of sign-in shows it.
type Way struct {
	Path  string // where one leaves for it
	Label string
	For   People
}

// waysEvery is how old what a node shows of the providers may be.
const waysEvery = 10 * time.Second

// Ways lists the providers by which one may come in now, or could a moment ago:
// the page of sign-in asks for no transaction where a crowd comes.
func (s *Service) Ways(ctx context.Context) ([]Way, error) {
	return s.ways.Get(s.DB.Now(), waysEvery, func() (ways []Way, err error) {
		err = s.DB.Read(ctx, func(tx *db.Tx) error {
			all, err := Providers(tx)
			for _, p := range all {
				if p.Open(tx.Now) {
					ways = append(ways, Way{"/login/" + string(p.Protocol) + "/" + p.Name, p.Label, p.For})
				}
			}
			return err
		})
		return ways, err
	})
}

// asked reads the provider of the path.
func (s *Service) asked(r *web.Request, by Protocol) (p Provider, err error) {
	err = s.DB.Read(r.Context(), func(tx *db.Tx) error {
		p, err = voucher(tx, r.PathValue("idp"))
		if err == nil && (p.Protocol != by || !p.Open(tx.Now)) {
			err = gone("%s does not vouch now, or not so", p.Name)
		}
		return err
	})
	return p, err
}

// voucher reads a provider for whoever comes in by it: one that was removed since they
// saw its button is fail.Forbidden, and says what to do.
func voucher(tx *db.Tx, name string) (Provider, error) {
	p, err := ProviderNamed(tx, name)
	if fail.Is(err, fail.NotFound) {
		err = gone("the provider %q is not there", name)
	}
	return p, err
}

func gone(format string, args ...any) error {
	return fail.New(fail.Forbidden, format, args...).Say("federation.gone")
}

// secret makes a token that nobody guesses: 130 bits, 26 characters, well under
// the 80 of a RelayState (SAML Bindings §3.4.3).
func secret() string { return rand.Text() }

// leave writes the try down, and has the browser keep what tells that it was
// this one: a new token each time, as whoever sat there before may know theirs.
func (s *Service) leave(r *web.Request, relay string, e errand, to string) (web.Answer, error) {
	token := secret()
	e.Browser, e.Next = hashed(token), r.Next()
	err := s.DB.Write(r.Context(), func(tx *db.Tx) error { return s.begin(tx, relay, e, account.OriginOf(r)) })
	if err != nil {
		return nil, err
	}
	r.SetErrand(token, tryLife+foundLife)
	return web.Away{To: to}, nil
}
