package account

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"preau/core/audit"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/notify"
	"preau/core/school"
	"preau/directory"
)

// Session is somebody who is in, with one hat on. It holds nothing of the
// register: what the person may do is read at each request.
type Session struct {
	ID      school.ID // for the person's own list, and the journal
	Person  school.ID
	Profile school.Profile // the hat worn; empty for whoever has none
	IP      string         // of the sign-in
	Agent   string         // browser of the sign-in
	Created time.Time      // the sign-in
	Seen    time.Time      // to a few minutes
	Expires time.Time      // unless it is seen again
	// Half tells that the second step is still to come: the session opens
	// nothing else.
	Half bool
	// Proved is the last proof of who it is: by the second factor of whoever has
	// one, else by the password; zero when the second factor was not asked for.
	Proved time.Time
	Factor bool // the person has a second factor
	// Password tells that they have a password: who comes in by a provider alone has
	// none.
	Password bool
	// Door is the way into a class by which a child came in, and Until when the
	// session ends then, whatever is done; zero for every other session.
	Door  school.ID
	Until time.Time
	// May are the only hats that it may wear: those that the identity provider
	// which opened it speaks for; nil for whoever gave a password.
	May []school.Profile
	// Shared tells that it was opened on a device that several people use.
	Shared bool

	hash []byte // SHA-256 of the token
}

// Opened is a session that was just opened or renewed, with its token, which
// exists nowhere else.
type Opened struct {
	Session
	Token string
	// Device is what the browser keeps for [DeviceLife], so that this login is
	// known there; empty when nobody has just signed in, and on a shared device.
	Device string
}

// Limits is how long a session lasts without being seen, and at most.
type Limits struct{ Idle, Absolute time.Duration }

// FamilyLife is how long a session lasts at most where it lasts longest.
const FamilyLife = 90 * 24 * time.Hour

// Sessions are short where the register or a class is at stake, or the
// machine is shared; long for families, on their own telephones.
var (
	limits = map[school.Profile]Limits{
		school.Guardian: {14 * 24 * time.Hour, FamilyLife},
		school.Teacher:  {4 * time.Hour, 14 * time.Hour},
		school.Head:     {2 * time.Hour, 14 * time.Hour},
		school.Staff:    {2 * time.Hour, 14 * time.Hour},
	}
	shortest = Limits{1 * time.Hour, 12 * time.Hour} // of every other profile, and of whoever has none
)

// limitsOf gives the limits of a session with a hat.
func limitsOf(profile school.Profile) Limits {
	if l, ok := limits[profile]; ok {
		return l
	}
	return shortest
}

// classIdle is how long the session of a child lasts unseen that was opened at
// the door of a class: the next child is waiting for the tablet.
const classIdle = 10 * time.Minute

// expiry is when a session ends that was seen then.
func expiry(s Session, seen time.Time) time.Time {
	l := limitsOf(s.Profile)
	idle, absolute := seen.Add(l.Idle), s.Created.Add(l.Absolute)
	switch {
	case s.Door != 0:
		idle, absolute = seen.Add(classIdle), s.Until
	case s.Shared:
		idle, absolute = seen.Add(sharedLimits.Idle), s.Created.Add(sharedLimits.Absolute)
	}
	if idle.Before(absolute) {
		return idle
	}
	return absolute
}

// maxAgent is how much of a browser's name is kept, in bytes.
const maxAgent = 200

const sessionColumns = `s.id, s.person_id, s.profile, s.ip, s.agent, s.created_at, s.seen_at, s.expires_at, s.half, s.proved_at,
	EXISTS (SELECT 1 FROM account_factor f WHERE f.person_id = s.person_id), a.password <> '', s.token, coalesce(s.door_id, 0), s.until_at, s.hats, s.shared`

// ofAccounts are the sessions s with the account a of each.
const ofAccounts = ` FROM account_session s JOIN account_account a ON a.person_id = s.person_id `

func scanSession(row db.Row) (s Session, err error) {
	var created, seen, expires, proved, until db.Time
	var may string
	err = row.Scan(&s.ID, &s.Person, &s.Profile, &s.IP, &s.Agent, &created, &seen, &expires, &s.Half, &proved, &s.Factor, &s.Password, &s.hash,
		&s.Door, &until, &may, &s.Shared)
	for _, hat := range strings.Fields(may) {
		s.May = append(s.May, school.Profile(hat))
	}
	s.Created, s.Seen, s.Expires, s.Proved, s.Until = created.Time, seen.Time, expires.Time, proved.Time, until.Time
	return s, err
}

// Resolve gives the session of a token, or fail.SignIn when it opens none:
// unknown, closed, expired, half open, or of an account that is disabled. It
// only reads: that the session was seen is written down later, see
// [Accounts.Run].
func (a *Accounts) Resolve(tx *db.Tx, token string) (Session, error) {
	s, err := Bearer(tx, token)
	if err != nil {
		return Session{}, err
	}
	if s.Half {
		return Session{}, fail.New(fail.SignIn, "the session is half open: %w", ErrSecondStep)
	}
	a.seen.note(s, tx.Now)
	return s, nil
}

// Bearer is Resolve for the second step and for leaving: a session that is half
// open is given too. Nothing else may ask for it.
func Bearer(tx *db.Tx, token string) (Session, error) {
	t, ok := parseToken(token)
	if !ok {
		return Session{}, noSession()
	}
	s, err := db.One(tx, scanSession, `SELECT `+sessionColumns+ofAccounts+`
		WHERE s.token = $1 AND s.expires_at > $2 AND a.disabled_at IS NULL`, t.hash(), db.At(tx.Now))
	if fail.Is(err, fail.NotFound) {
		return Session{}, noSession()
	}
	if err != nil {
		return Session{}, fmt.Errorf("resolving a session: %w", err)
	}
	return s, nil
}

func noSession() error { return fail.New(fail.SignIn, "the token opens no session") }

// open writes a session under a new token.
func open(tx *db.Tx, s Session) (Opened, error) {
	t := newToken()
	s.hash, s.Seen = t.hash(), tx.Now
	s.Expires = expiry(s, s.Seen)
	if s.Half {
		s.Expires = s.Created.Add(halfLife)
	}
	var door any // NULL for whoever came in by themselves
	if s.Door != 0 {
		door = s.Door
	}
	may := make([]string, len(s.May))
	for i, hat := range s.May {
		may[i] = string(hat)
	}
	_, err := tx.Exec(`INSERT INTO account_session (token, id, person_id, profile, ip, agent, created_at, seen_at, expires_at, half, proved_at,
		door_id, until_at, hats, shared) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`, s.hash, s.ID, s.Person,
		string(s.Profile), s.IP, s.Agent, db.At(s.Created), db.At(s.Seen), db.At(s.Expires), s.Half, db.At(s.Proved), door, db.At(s.Until),
		strings.Join(may, " "), s.Shared)
	if err != nil {
		return Opened{}, fmt.Errorf("opening a session: %w", err)
	}
	return Opened{Session: s, Token: t.text()}, nil
}

// rotate gives a session that changes a new token: the old one opens nothing
// any more. The row stays, so that whoever closes the sessions of the person at
// this moment closes it too.
func rotate(tx *db.Tx, s Session) (Opened, error) {
	before, t := s.hash, newToken()
	s.hash, s.Seen = t.hash(), tx.Now
	s.Expires = expiry(s, s.Seen)
	n, err := tx.Exec(`UPDATE account_session SET token = $2, profile = $3, seen_at = $4, expires_at = $5, half = $6, proved_at = $7,
		challenge = '', challenge_at = NULL WHERE token = $1`,
		before, s.hash, string(s.Profile), db.At(s.Seen), db.At(s.Expires), s.Half, db.At(s.Proved))
	if err != nil {
		return Opened{}, fmt.Errorf("renewing a session: %w", err)
	}
	if n == 0 { // changed at the same time elsewhere
		return Opened{}, noSession()
	}
	return Opened{Session: s, Token: t.text()}, nil
}

// enter opens the session of a person who knows the password or held the code,
// with the first of their hats. Where the second step is asked for, it is half
// open, and the device is no more known than before.
func (a *Accounts) enter(tx *db.Tx, person school.ID, action audit.Action, from Origin) (Opened, error) {
	return a.enterWith(tx, person, nil, action, from)
}

// enterWith opens the session of a person with the first of their hats, of some
// hats only unless may is nil.
func (a *Accounts) enterWith(tx *db.Tx, person school.ID, may []school.Profile, action audit.Action, from Origin) (Opened, error) {
	hats, err := a.Hats(tx, person)
	if err != nil {
		return Opened{}, fmt.Errorf("reading the hats of %d: %w", person, err)
	}
	s := Session{ID: school.NewID(tx.Now), Person: person, IP: from.address(), Agent: from.browser(), Created: tx.Now, May: may}
	if i := slices.IndexFunc(hats, s.mayWear); i >= 0 {
		s.Profile = hats[i]
	}
	if s.Factor, err = HasFactor(tx, person); err != nil {
		return Opened{}, err
	}
	sharing, err := a.sharingOf(tx, person, from)
	if err != nil {
		return Opened{}, err
	}
	s.Shared = sharing != Own
	s.Half = a.asks(hats, s.Profile, s.Factor)
	if !s.Half && !s.Factor && may == nil { // a provider may have been open in the browser for hours
		s.Proved = tx.Now
	}
	var far []byte
	var known acquaintance
	if action == actSignIn || action == actFederated {
		if known, err = a.acquaintanceOf(tx, person, from); err != nil {
			return Opened{}, err
		}
		far = a.farFrom(known, from)
		if err := unusual(tx, person, far, from); err != nil {
			return Opened{}, err
		}
	}
	opened, err := open(tx, s)
	if err != nil {
		return Opened{}, err
	}
	if err := noteSeen(tx, person, tx.Now); err != nil {
		return Opened{}, err
	}
	if _, err := a.noteMailbox(tx, person); err != nil {
		return Opened{}, err
	}
	if s.Half {
		return opened, a.journal(tx, s, action, from, audit.Detail{"step": "first"})
	}
	var detail audit.Detail
	if action == actSignIn || action == actFederated {
		if detail, err = a.noteNewDevice(tx, s, known, from); err != nil {
			return Opened{}, err
		}
	}
	if opened.Device, err = a.remember(tx, s, far, from); err != nil {
		return Opened{}, err
	}
	if err := noteSpoken(tx, s, from); err != nil {
		return Opened{}, err
	}
	return opened, a.journal(tx, s, action, from, detail)
}

// noteNewDevice tells somebody that they came in on a device where they never
// were; the journal says it too.
func (a *Accounts) noteNewDevice(tx *db.Tx, s Session, known acquaintance, from Origin) (audit.Detail, error) {
	if !known.newDevice() || s.Shared && known.shared { // a shared device keeps nothing: its network is what is known of it
		return nil, nil
	}
	return audit.Detail{"device": "new"}, a.announce(tx, s.Person, onNewDevice, from)
}

// mayWear tells whether the session may wear a hat.
func (s Session) mayWear(hat school.Profile) bool { return s.May == nil || slices.Contains(s.May, hat) }

// Switch puts another of the person's hats on, under a new token: the old
// one opens nothing any more. A hat that the person does not have is
// fail.NotFound; one that would not have stayed in, unseen, since this session
// was opened is fail.SignIn: a telephone that has been in since this morning
// does not open the head's office, a session that pictures opened, nothing but a
// pupil's pages, nor one that an identity provider opened what that one does not
// speak for. One that asks for the second step, which this session has not
// passed, is fail.SignIn with [ErrSecondStep] in it.
func (a *Accounts) Switch(tx *db.Tx, token string, to school.Profile, from Origin) (Opened, error) {
	s, err := a.Resolve(tx, token)
	if err != nil {
		return Opened{}, err
	}
	hats, err := a.Hats(tx, s.Person)
	if err != nil {
		return Opened{}, fmt.Errorf("reading the hats of %d: %w", s.Person, err)
	}
	if !slices.Contains(hats, to) {
		return Opened{}, fail.New(fail.NotFound, "%d does not have the hat asked for", s.Person)
	}
	if !s.mayWear(to) {
		return Opened{}, fail.New(fail.SignIn, "the session was not opened for %s", to).Say("account.sign-in-again")
	}
	worn := s.Profile
	s.Profile = to
	if tx.Now.Sub(s.Created) > limitsOf(to).Idle || !expiry(s, tx.Now).After(tx.Now) || s.Door != 0 && to != worn {
		return Opened{}, fail.New(fail.SignIn, "the session is too old, or too little, for %s", to).Say("account.sign-in-again")
	}
	if a.asks(hats, to, s.Factor) && (!s.Factor || s.Proved.IsZero()) {
		return Opened{}, fail.New(fail.SignIn, "%s asks %d for a second factor: %w", to, s.Person, ErrSecondStep)
	}
	opened, err := rotate(tx, s)
	if err != nil {
		return Opened{}, err
	}
	return opened, a.journal(tx, s, actSwitch, from, nil)
}

// SignOut closes the session of a token. One that is closed already is no
// error.
func (a *Accounts) SignOut(tx *db.Tx, token string, from Origin) error {
	s, err := Bearer(tx, token)
	if fail.Is(err, fail.SignIn) {
		return nil
	}
	if err != nil {
		return err
	}
	if _, err := tx.Exec(`DELETE FROM account_session WHERE token = $1`, s.hash); err != nil {
		return err
	}
	if err := signedOut(tx, s.ID); err != nil {
		return err
	}
	return a.journal(tx, s, actSignOut, from, nil)
}

// Sessions lists the open sessions of a person, the last seen first.
func Sessions(tx *db.Tx, person school.ID) ([]Session, error) {
	return db.All(tx, scanSession, `SELECT `+sessionColumns+ofAccounts+`
		WHERE s.person_id = $1 AND s.expires_at > $2 ORDER BY s.seen_at DESC, s.id DESC`, person, db.At(tx.Now))
}

// Close closes another session of somebody who is in; one that is not theirs is
// fail.NotFound.
func (a *Accounts) Close(tx *db.Tx, by Session, id school.ID, from Origin) error {
	n, err := tx.Exec(`DELETE FROM account_session WHERE person_id = $1 AND id = $2`, by.Person, id)
	if err == nil && n == 0 {
		return fail.New(fail.NotFound, "no session %d of %d", id, by.Person)
	}
	if err == nil {
		err = signedOut(tx, id)
	}
	if err != nil {
		return err
	}
	return a.journal(tx, by, actCloseSession, from, nil)
}

// CloseOthers closes every session of somebody who is in but this one.
func (a *Accounts) CloseOthers(tx *db.Tx, by Session, from Origin) error {
	if err := closeAll(tx, by.Person, by.ID); err != nil {
		return err
	}
	return a.journal(tx, by, actCloseOthers, from, nil)
}

// closeAll closes the sessions of a person, but the one with the identifier
// except; 0 closes all, and takes the passwords of their devices back.
func closeAll(tx *db.Tx, person, except school.ID) error {
	if _, err := tx.Exec(`DELETE FROM account_session WHERE person_id = $1 AND id <> $2`, person, except); err != nil {
		return err
	}
	if except == 0 { // nothing of the person is in any more
		if err := endDrives(tx, person); err != nil {
			return err
		}
	}
	if err := directory.Void(tx, person); err != nil {
		return err
	}
	return notify.SignedOutBut(tx, person, except)
}

// signedOut tells that some sessions are over: no notification goes to their devices, and
// nothing that was given to them is worth anything.
func signedOut(tx *db.Tx, sessions ...school.ID) error {
	if err := directory.Void(tx, sessions...); err != nil {
		return err
	}
	return notify.SignedOut(tx, sessions...)
}
