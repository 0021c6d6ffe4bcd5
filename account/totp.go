package account

import (
	"context"
	"crypto/subtle"
	"encoding/base32"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
)

// The codes of an application: what every application shows without being told
// (RFC 6238 with the values of RFC 4226, and of Google's "Key Uri Format").
const (
	appPeriod     = 30 * time.Second
	appSecretSize = 20 // RFC 4226, 4, R6: 160 bits
	appSkew       = 1  // RFC 6238, 5.2: one step of delay, either way
	appPurpose    = "account app"
)

var appOptions = hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1}

var appEncoding = base32.StdEncoding.WithPadding(base32.NoPadding)

// AppKey is the secret of an application that is about to be added.
type AppKey struct {
	URL   string // otpauth://…, for a QR code
	Typed string // by whoever cannot scan it: groups of four
}

// AppKey gives the secret that a session may add. It follows from the session
// and the master key, and is written nowhere until a code made with it is
// typed: the page may be loaded again, its picture is the same, and the next
// token has another.
func (a *Accounts) AppKey(tx *db.Tx, s Session) (AppKey, error) {
	login, err := loginOf(tx, s.Person)
	if err != nil {
		return AppKey{}, fmt.Errorf("making the secret of an app: %w", err)
	}
	secret := appEncoding.EncodeToString(a.appCandidate(s))
	key := url.URL{
		Scheme: "otpauth", Host: "totp", Path: "/Préau:" + login.String(),
		RawQuery: url.Values{"secret": {secret}, "issuer": {"Préau"}}.Encode(),
	}
	return AppKey{URL: key.String(), Typed: group(secret, " ")}, nil
}

func (a *Accounts) appCandidate(s Session) []byte {
	return a.Key.MAC("account app candidate", s.hash)[:appSecretSize]
}

// AddApp adds the application that was given [Accounts.AppKey], once it shows
// the right code; it replaces the one that the person had, as one who changes
// telephones. A wrong code is counted and refused like any at the second step.
func (a *Accounts) AddApp(ctx context.Context, token, typed string, from Origin) (Added, error) {
	var d door
	var right bool
	var done Added
	err := a.DB.Write(ctx, func(tx *db.Tx) error {
		s, err := Bearer(tx, token)
		if err != nil {
			return err
		}
		if err := a.MayAdd(tx, s); err != nil {
			return err
		}
		if d, err = a.stand(tx, s, secondDoor, from); err != nil {
			return err
		}
		secret := a.appCandidate(s)
		var step int64
		if step, right = appStep(secret, bareDigits(typed), tx.Now); !right {
			return nil
		}
		if err := d.pass(tx); err != nil {
			return err
		}
		if _, err := tx.Exec(`DELETE FROM account_factor WHERE person_id = $1 AND kind = $2`, s.Person, string(App)); err != nil {
			return err
		}
		if err := full(tx, s.Person); err != nil {
			return err
		}
		_, err = tx.Exec(`INSERT INTO account_factor (id, person_id, kind, name, made_at, secret, last_step)
			VALUES ($1, $2, $3, '', $4, $5, $6)`, school.NewID(tx.Now), s.Person, string(App), db.At(tx.Now),
			a.Key.Seal(appPurpose, secret, bytesOf(s.Person)), step)
		if err != nil {
			return err
		}
		done, err = a.added(tx, s, App, from)
		return err
	})
	if err != nil {
		return Added{}, fmt.Errorf("adding an app: %w", err)
	}
	if !right {
		return Added{}, a.refuse(ctx, d, from, wrongApp())
	}
	return done, nil
}

// checkApp tells whether a code is the one that a person's application shows,
// and uses it up: neither it nor one before is taken again (RFC 6238, 5.2).
func (a *Accounts) checkApp(tx *db.Tx, person school.ID, digits string) (bool, error) {
	var id school.ID
	var sealed []byte
	err := tx.Get([]any{&id, &sealed}, `SELECT id, secret FROM account_factor WHERE person_id = $1 AND kind = $2`, person, string(App))
	if fail.Is(err, fail.NotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	secret, err := a.Key.Open(appPurpose, sealed, bytesOf(person))
	if err != nil {
		return false, fmt.Errorf("opening the app of %d: %w", person, err)
	}
	step, right := appStep(secret, digits, tx.Now)
	if !right {
		return false, nil
	}
	n, err := tx.Exec(`UPDATE account_factor SET last_step = $2, used_at = $3 WHERE id = $1 AND last_step < $2`, id, step, db.At(tx.Now))
	return n == 1, err
}

// appStep gives the time step of which digits are the code. Every step that is
// borne is computed, whichever is right.
func appStep(secret []byte, digits string, now time.Time) (step int64, right bool) {
	text := appEncoding.EncodeToString(secret)
	at := now.Unix() / int64(appPeriod/time.Second)
	for s := at - appSkew; s <= at+appSkew; s++ {
		code, err := hotp.GenerateCodeCustom(text, uint64(s), appOptions)
		if err == nil && subtle.ConstantTimeCompare([]byte(code), []byte(digits)) == 1 {
			step, right = s, true
		}
	}
	return step, right
}

// bareDigits reads the code of an application as people type it, in two groups
// or one. What cannot be one gives the empty text.
func bareDigits(typed string) string {
	digits := strings.Map(func(r rune) rune {
		if strings.ContainsRune(" \t\u00a0\u202f", r) {
			return -1
		}
		return r
	}, typed)
	if _, err := strconv.ParseUint(digits, 10, 32); err != nil || len(digits) != int(otp.DigitsSix) {
		return ""
	}
	return digits
}

// wrongApp is the error of whoever installs an application: they have no other way yet.
func wrongApp() error {
	return fail.New(fail.Invalid, "the first code of an application is wrong").Say("account.wrong-app").At("code")
}
