package account

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
)

// challengeLife is how long a passkey may take to answer.
const challengeLife = 5 * time.Minute

// PasskeysAt tells whether a portal at a public address can have passkeys: they
// are made for a name, which an IP address is not (WebAuthn, 5.1.2).
func PasskeysAt(site string) bool {
	u, err := url.Parse(site)
	if err != nil {
		return false
	}
	_, err = netip.ParseAddr(u.Hostname())
	return err != nil && u.Hostname() != ""
}

// relyingParty is the portal at its public address, as authenticators know it.
// The browser is asked for no attestation: which make of key somebody has is
// nothing to us. The person is verified (a finger, a PIN) where the device can;
// the password has been given before.
func relyingParty(site string) (*webauthn.WebAuthn, error) {
	if !PasskeysAt(site) {
		return nil, fail.New(fail.NotFound, "%s has no passkeys", site)
	}
	u, err := url.Parse(site)
	if err != nil {
		return nil, err
	}
	return webauthn.New(&webauthn.Config{
		RPID: u.Hostname(), RPDisplayName: "Préau", RPOrigins: []string{site},
		AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			ResidentKey: protocol.ResidentKeyRequirementDiscouraged, UserVerification: protocol.VerificationPreferred,
		},
	})
}

// holder is somebody as the library asks about them.
type holder struct {
	handle []byte
	login  string
	keys   []webauthn.Credential
}

// WebAuthnID implements webauthn.User.
func (h holder) WebAuthnID() []byte { return h.handle }

// WebAuthnName implements webauthn.User.
func (h holder) WebAuthnName() string { return h.login }

// WebAuthnDisplayName implements webauthn.User.
func (h holder) WebAuthnDisplayName() string { return h.login }

// WebAuthnCredentials implements webauthn.User.
func (h holder) WebAuthnCredentials() []webauthn.Credential { return h.keys }

// passkey is one of a person's, with the row that holds it.
type passkey struct {
	id     school.ID
	handle []byte
	webauthn.Credential
}

func passkeysOf(tx *db.Tx, person school.ID) ([]passkey, error) {
	return db.All(tx, func(row db.Row) (k passkey, err error) {
		var transports string
		var signs int64
		err = row.Scan(&k.id, &k.handle, &k.ID, &k.PublicKey, &signs, &k.Flags.BackupEligible, &transports)
		k.Authenticator.SignCount = uint32(signs)
		for _, transport := range strings.Fields(transports) {
			k.Transport = append(k.Transport, protocol.AuthenticatorTransport(transport))
		}
		return k, err
	}, `SELECT id, handle, credential, public_key, signs, synced, transports FROM account_factor
		WHERE person_id = $1 AND kind = $2 ORDER BY id`, person, string(Passkey))
}

func credentials(keys []passkey) (list webauthn.Credentials) {
	for _, k := range keys {
		list = append(list, k.Credential)
	}
	return list
}

// OfferPasskey gives what a browser makes a new passkey from
// (PublicKeyCredentialCreationOptions, in JSON).
func (a *Accounts) OfferPasskey(ctx context.Context, token, site string) (options any, err error) {
	rp, err := relyingParty(site)
	if err != nil {
		return nil, err
	}
	err = a.DB.Write(ctx, func(tx *db.Tx) error {
		s, err := Bearer(tx, token)
		if err != nil {
			return err
		}
		if err := a.MayAdd(tx, s); err != nil {
			return err
		}
		if err := full(tx, s.Person); err != nil {
			return err
		}
		login, err := loginOf(tx, s.Person)
		if err != nil {
			return err
		}
		keys, err := passkeysOf(tx, s.Person)
		if err != nil {
			return err
		}
		creation, ceremony, err := rp.BeginRegistration(holder{handle: a.handle(s.Person), login: login.String()},
			webauthn.WithExclusions(credentials(keys).CredentialDescriptors()))
		if err != nil {
			return err
		}
		options = creation
		return putChallenge(tx, s, ceremony.Challenge)
	})
	if err != nil {
		return nil, fmt.Errorf("offering a passkey: %w", err)
	}
	return options, nil
}

// AddPasskey adds the passkey that a browser made from [Accounts.OfferPasskey].
// What does not answer it is fail.Invalid.
func (a *Accounts) AddPasskey(ctx context.Context, token, site, name string, answer []byte, from Origin) (Added, error) {
	rp, err := relyingParty(site)
	if err != nil {
		return Added{}, err
	}
	if name = strings.TrimSpace(name); utf8.RuneCountInString(name) > MaxFactorName {
		return Added{}, wrongName()
	}
	made, err := protocol.ParseCredentialCreationResponseBytes(answer)
	if err != nil {
		return Added{}, wrongPasskey(err)
	}
	var done Added
	err = a.DB.Write(ctx, func(tx *db.Tx) error {
		s, err := Bearer(tx, token)
		if err != nil {
			return err
		}
		if err := a.MayAdd(tx, s); err != nil {
			return err
		}
		if err := full(tx, s.Person); err != nil {
			return err
		}
		challenge, err := takeChallenge(tx, s)
		if err != nil {
			return err
		}
		handle := a.handle(s.Person)
		key, err := rp.CreateCredential(holder{handle: handle}, webauthn.SessionData{
			Challenge: challenge, RelyingPartyID: rp.Config.RPID, UserID: handle,
			UserVerification: protocol.VerificationPreferred, CredParams: webauthn.CredentialParametersDefault(),
		}, made)
		if err != nil {
			return wrongPasskey(err)
		}
		var transports []string
		for _, transport := range key.Transport {
			transports = append(transports, string(transport))
		}
		n, err := tx.Exec(`INSERT INTO account_factor
			(id, person_id, kind, name, made_at, credential, handle, public_key, signs, synced, transports)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING`,
			school.NewID(tx.Now), s.Person, string(Passkey), name, db.At(tx.Now),
			key.ID, handle, key.PublicKey, int64(key.Authenticator.SignCount), key.Flags.BackupEligible, cut(strings.Join(transports, " "), maxTransports))
		if err != nil {
			return err
		}
		if n == 0 { // somebody has it (WebAuthn, 7.1, step 26)
			return wrongPasskey(errors.New("the credential is known already"))
		}
		done, err = a.added(tx, s, Passkey, from)
		return err
	})
	if err != nil {
		return Added{}, fmt.Errorf("adding a passkey: %w", err)
	}
	return done, nil
}

// maxTransports is how much of what an authenticator says of its ways is kept.
const maxTransports = 100

// AskPasskey gives what a browser has one of the person's passkeys sign
// (PublicKeyCredentialRequestOptions, in JSON). Who has none is fail.NotFound.
func (a *Accounts) AskPasskey(ctx context.Context, token, site string) (options any, err error) {
	rp, err := relyingParty(site)
	if err != nil {
		return nil, err
	}
	err = a.DB.Write(ctx, func(tx *db.Tx) error {
		s, err := Bearer(tx, token)
		if err != nil {
			return err
		}
		keys, err := passkeysOf(tx, s.Person)
		if err != nil {
			return err
		}
		if len(keys) == 0 {
			return fail.New(fail.NotFound, "%d has no passkey", s.Person)
		}
		assertion, ceremony, err := rp.BeginLogin(holder{handle: keys[0].handle, keys: credentials(keys)})
		if err != nil {
			return err
		}
		options = assertion
		return putChallenge(tx, s, ceremony.Challenge)
	})
	if err != nil {
		return nil, fmt.Errorf("asking for a passkey: %w", err)
	}
	return options, nil
}

// ProvePasskey passes the second step with what a passkey signed; it is refused
// like a wrong code.
func (a *Accounts) ProvePasskey(ctx context.Context, token, site string, answer []byte, from Origin) (Opened, error) {
	rp, err := relyingParty(site)
	if err != nil {
		return Opened{}, err
	}
	signed, malformed := protocol.ParseCredentialRequestResponseBytes(answer)
	return a.prove(ctx, token, from, func(tx *db.Tx, s Session) (string, error) {
		challenge, err := takeChallenge(tx, s)
		if err != nil || challenge == "" || malformed != nil {
			return "", err
		}
		keys, err := passkeysOf(tx, s.Person)
		if err != nil {
			return "", err
		}
		i := slices.IndexFunc(keys, func(k passkey) bool { return bytes.Equal(k.ID, signed.RawID) })
		if i < 0 {
			return "", nil // of nobody, or of somebody else
		}
		used, err := rp.ValidateLogin(holder{handle: keys[i].handle, keys: []webauthn.Credential{keys[i].Credential}}, webauthn.SessionData{
			Challenge: challenge, RelyingPartyID: rp.Config.RPID, UserID: keys[i].handle,
			AllowedCredentialIDs: [][]byte{keys[i].ID}, UserVerification: protocol.VerificationPreferred,
		}, signed)
		if err != nil || used.Authenticator.CloneWarning { // WebAuthn, 7.2, step 22: two authenticators have one key
			return "", nil
		}
		_, err = tx.Exec(`UPDATE account_factor SET signs = $2, used_at = $3 WHERE id = $1`,
			keys[i].id, int64(used.Authenticator.SignCount), db.At(tx.Now))
		return string(Passkey), err
	})
}

// handle is what authenticators know a person by: it says nothing of them
// (WebAuthn, 14.6.1).
func (a *Accounts) handle(person school.ID) []byte {
	return a.Key.MAC("account passkey", bytesOf(person))
}

// putChallenge writes what the browser of a session is asked to sign.
func putChallenge(tx *db.Tx, s Session, challenge string) error {
	_, err := tx.Exec(`UPDATE account_session SET challenge = $2, challenge_at = $3 WHERE token = $1`, s.hash, challenge, db.At(tx.Now))
	return err
}

// takeChallenge gives what the browser of a session was asked to sign, once:
// an answer that is sent again finds none, and neither does one that took too
// long.
func takeChallenge(tx *db.Tx, s Session) (challenge string, err error) {
	var asked db.Time
	err = tx.Get([]any{&challenge, &asked}, `SELECT challenge, challenge_at FROM account_session WHERE token = $1`, s.hash)
	if err != nil || challenge == "" {
		return "", err
	}
	n, err := tx.Exec(`UPDATE account_session SET challenge = '' WHERE token = $1 AND challenge = $2`, s.hash, challenge)
	if err != nil || n == 0 || tx.Now.Sub(asked.Time) > challengeLife {
		return "", err
	}
	return challenge, nil
}

func wrongPasskey(cause error) error {
	return fail.New(fail.Invalid, "no such passkey can be made: %w", cause).Say("account.wrong-passkey")
}
