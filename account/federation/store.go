package federation

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"time"

	"preau/account"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
)

// sealing is the purpose of each secret; see [seal.Key.Seal].
const (
	sealedSecret   = "federation secret"
	sealedKey      = "federation key"
	sealedVerifier = "federation verifier"
)

// keep writes a provider, in the place of the one of its name.
func (s *Service) keep(tx *db.Tx, p Provider) error {
	s.ways.Forget(tx)
	if p.Secret != "" {
		p.sealed, p.Secret = s.Key.Seal(sealedSecret, []byte(p.Secret), []byte(p.Name)), ""
	}
	if p.sealed == nil {
		p.sealed = []byte{}
	}
	declared, err := json.Marshal(p)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO federation_provider (name, declared, secret, document, valid_until, refreshed_at, trouble)
		VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (name) DO UPDATE SET declared = excluded.declared,
			secret = excluded.secret, document = excluded.document, valid_until = excluded.valid_until,
			refreshed_at = excluded.refreshed_at, trouble = excluded.trouble`,
		p.Name, string(declared), p.sealed, p.document, db.At(p.ValidUntil), db.At(p.Refreshed), p.Trouble)
	return err
}

const providerColumns = `declared, secret, document, valid_until, refreshed_at, trouble`

func scanProvider(row db.Row) (p Provider, err error) {
	var declared string
	var until, refreshed db.Time
	if err := row.Scan(&declared, &p.sealed, &p.document, &until, &refreshed, &p.Trouble); err != nil {
		return p, err
	}
	p.ValidUntil, p.Refreshed = until.Time, refreshed.Time
	return p, json.Unmarshal([]byte(declared), &p)
}

// Providers lists those that are declared, for families first.
func Providers(tx *db.Tx) ([]Provider, error) {
	all, err := db.All(tx, scanProvider, `SELECT `+providerColumns+` FROM federation_provider ORDER BY name`)
	var sorted []Provider
	for _, people := range []People{Families, Agents} {
		for _, p := range all {
			if p.For == people {
				sorted = append(sorted, p)
			}
		}
	}
	return sorted, err
}

// ProviderNamed reads one, or is fail.NotFound.
func ProviderNamed(tx *db.Tx, name string) (Provider, error) {
	return db.One(tx, scanProvider, `SELECT `+providerColumns+` FROM federation_provider WHERE name = $1`, name)
}

// Remove forgets a provider: who left for it is not taken back, and whom it found
// does not come in.
func (s *Service) Remove(tx *db.Tx, name string) error {
	s.ways.Forget(tx)
	n, err := tx.Exec(`DELETE FROM federation_provider WHERE name = $1`, name)
	if err == nil && n == 0 {
		err = fail.New(fail.NotFound, "no provider is called %q", name)
	}
	for _, table := range []string{"federation_try", "federation_found"} {
		if err == nil {
			_, err = tx.Exec(`DELETE FROM `+table+` WHERE provider = $1`, name)
		}
	}
	return err
}

// errand is a try to come in by a provider.
type errand struct {
	Provider string
	Browser  []byte // SHA-256 of what the browser keeps
	Request  string // ID of the AuthnRequest (SAML), nonce (OIDC)
	Verifier string // of PKCE
	Next     string
}

// hashed is how the database knows a token of ours.
func hashed(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

// begin writes a try down under what the provider will give back.
func (s *Service) begin(tx *db.Tx, relay string, e errand, from account.Origin) error {
	if err := s.Accounts.CountDeparture(tx, from); err != nil {
		return err
	}
	verifier := []byte{}
	if e.Verifier != "" {
		verifier = s.Key.Seal(sealedVerifier, []byte(e.Verifier), hashed(relay))
	}
	_, err := tx.Exec(`INSERT INTO federation_try (relay, browser, provider, request, verifier, next, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`, hashed(relay), e.Browser, e.Provider, e.Request, verifier, e.Next, db.At(tx.Now.Add(tryLife)))
	return err
}

// take gives the try of what a provider gave back, and uses it up: of two
// answers at once, on any nodes, one finds it. None is fail.Forbidden.
func (s *Service) take(tx *db.Tx, relay string) (e errand, err error) {
	var verifier []byte
	if len(relay) != len(secret()) {
		return e, refused("what came back is none of ours")
	}
	err = tx.Get([]any{&e.Provider, &e.Browser, &e.Request, &verifier, &e.Next},
		`DELETE FROM federation_try WHERE relay = $1 AND expires_at > $2 RETURNING provider, browser, request, verifier, next`,
		hashed(relay), db.At(tx.Now))
	if fail.Is(err, fail.NotFound) {
		return e, refused("nobody left with what came back, or too long ago")
	}
	if err != nil || len(verifier) == 0 {
		return e, err
	}
	plain, err := s.Key.Open(sealedVerifier, verifier, hashed(relay))
	e.Verifier = string(plain)
	return e, err
}

// refused is an answer that opens nothing. The words are for the log; people
// hear one sentence, whatever was wrong.
func refused(format string, args ...any) error {
	return fail.New(fail.Forbidden, format, args...).Say("federation.refused")
}

// see notes an assertion, and refuses one that was taken already.
func see(tx *db.Tx, issuer, id string, until time.Time) error {
	n, err := tx.Exec(`INSERT INTO federation_seen (assertion, expires_at) VALUES ($1, $2) ON CONFLICT (assertion) DO NOTHING`,
		hashed(issuer+"\x00"+id), db.At(until))
	if err == nil && n == 0 {
		err = refused("the assertion was taken already")
	}
	return err
}

// found is whom an answer names, until they come in.
type found struct {
	Person   school.ID
	Provider string
	Next     string
	Back     string
}

// find writes whom an answer names, in the place of whoever the browser had.
func find(tx *db.Tx, browser []byte, people []found) error {
	if _, err := tx.Exec(`DELETE FROM federation_found WHERE browser = $1`, browser); err != nil {
		return err
	}
	for _, f := range people {
		_, err := tx.Exec(`INSERT INTO federation_found (browser, person_id, provider, next, back, expires_at)
			VALUES ($1, $2, $3, $4, $5, $6)`, browser, f.Person, f.Provider, f.Next, f.Back, db.At(tx.Now.Add(foundLife)))
		if err != nil {
			return err
		}
	}
	return nil
}

func scanFound(row db.Row) (f found, err error) {
	return f, row.Scan(&f.Person, &f.Provider, &f.Next, &f.Back)
}

// foundBy lists whom the browser may come in as.
func foundBy(tx *db.Tx, browser []byte) ([]found, error) {
	return db.All(tx, scanFound, `SELECT person_id, provider, next, back FROM federation_found
		WHERE browser = $1 AND expires_at > $2 ORDER BY person_id`, browser, db.At(tx.Now))
}

// useFound forgets whom a browser was found as; of two who come in at once, one
// finds them.
func useFound(tx *db.Tx, browser []byte, person school.ID) error {
	n, err := tx.Exec(`DELETE FROM federation_found WHERE browser = $1 AND person_id = $2 AND expires_at > $3`, browser, person, db.At(tx.Now))
	if err != nil {
		return err
	}
	if n == 0 {
		return refused("the browser was not found as %d", person)
	}
	_, err = tx.Exec(`DELETE FROM federation_found WHERE browser = $1`, browser)
	return err
}

// enterAs notes which provider opened a session.
func enterAs(tx *db.Tx, session school.ID, f found) error {
	_, err := tx.Exec(`INSERT INTO federation_entry (session_id, person_id, provider, back, entered_at) VALUES ($1, $2, $3, $4, $5)`,
		session, f.Person, f.Provider, f.Back, db.At(tx.Now))
	if err != nil {
		return fmt.Errorf("noting who opened a session: %w", err)
	}
	return nil
}
