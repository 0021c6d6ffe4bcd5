package account

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"preau/core/audit"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
)

// FactorKind is a sort of second factor.
type FactorKind string

// The kinds.
const (
	Passkey FactorKind = "passkey" // WebAuthn: a telephone, a computer, a key
	App     FactorKind = "app"     // an application that shows a code every thirty seconds
)

// Factor is what somebody proves who they are with, beside their password.
type Factor struct {
	ID   school.ID
	Kind FactorKind
	Name string // that the person gave it; may be empty
	Made time.Time
	Used time.Time // the last proof; zero: none
}

// demanding are the hats that a strict installation opens to a second factor
// only: each reaches the people of a whole school, of several, or of all.
var demanding = []school.Profile{school.Head, school.Municipal, school.Pilot, school.Tech, school.Operator}

// demands tells whether a hat is put on with a second factor only.
func (a *Accounts) demands(hat school.Profile) bool {
	return a.Strict && slices.Contains(demanding, hat)
}

// Demands tells whether somebody with these hats has to keep a second factor.
func (a *Accounts) Demands(hats ...school.Profile) bool { return slices.ContainsFunc(hats, a.demands) }

// Invites tells whether who has put on a hat is invited to keep a second factor:
// where the installation is not strict, and would demand it if it were.
func (a *Accounts) Invites(hat school.Profile) bool {
	return !a.Strict && slices.Contains(demanding, hat)
}

// asks tells whether the second step stands before a hat, of somebody who has
// a second factor or not.
//
// A hat that demands it has it, at sign-in or at the switch to it, once a
// session. The other hats of the same person do not: a head reads the homework
// of their own child as any parent does. Somebody whom no hat obliges, and who
// made a second factor all the same, is asked at each sign-in: that is what
// they made it for.
func (a *Accounts) asks(hats []school.Profile, hat school.Profile, has bool) bool {
	return a.demands(hat) || has && !a.Demands(hats...)
}

// MayHaveFactor tells whether people with these hats are offered a second
// factor: every adult who is something here. Children have enough with a password,
// and no telephone.
func MayHaveFactor(hats ...school.Profile) bool {
	return !slices.Contains(hats, school.Pupil) && !slices.Contains(hats, school.Departed)
}

// FactorsOf lists those of a person, the oldest first.
func FactorsOf(tx *db.Tx, person school.ID) ([]Factor, error) {
	return db.All(tx, func(row db.Row) (f Factor, err error) {
		var made, used db.Time
		err = row.Scan(&f.ID, &f.Kind, &f.Name, &made, &used)
		f.Made, f.Used = made.Time, used.Time
		return f, err
	}, `SELECT id, kind, name, made_at, used_at FROM account_factor WHERE person_id = $1 ORDER BY made_at, id`, person)
}

// HasFactor tells whether a person has a second factor.
func HasFactor(tx *db.Tx, person school.ID) (bool, error) {
	return db.One(tx, db.Column[bool], `SELECT EXISTS (SELECT 1 FROM account_factor WHERE person_id = $1)`, person)
}

// maxFactors is how many factors one person keeps: nobody has more devices at
// hand.
const maxFactors = 10

// MayAdd refuses a session that may not add a factor. One that is half open
// adds the first: its person has to have one, and the password is all that they
// can prove. As soon as they have one, it is asked for before another is added:
// a password that was stolen adds nothing.
func (a *Accounts) MayAdd(tx *db.Tx, s Session) error {
	hats, err := a.Hats(tx, s.Person)
	if err != nil {
		return err
	}
	if !MayHaveFactor(hats...) {
		return fail.New(fail.NotFound, "%d is a pupil", s.Person)
	}
	if s.Half {
		if s.Factor {
			return fail.New(fail.SignIn, "a half-open session of %d adds a factor: %w", s.Person, ErrSecondStep)
		}
		return nil
	}
	if !s.Fresh(tx.Now) {
		return fail.New(fail.SignIn, "%d proved who they are too long ago: %w", s.Person, ErrSecondStep)
	}
	return nil
}

// Added is a factor that was just made, with the session that it renewed and,
// for the first one, recovery codes, which are shown this once.
type Added struct {
	Opened
	Codes []string
}

// added ends the making of a factor. The session has proved itself and gets a
// new token. The first factor comes with recovery codes, and closes the
// person's other sessions, which never gave it.
func (a *Accounts) added(tx *db.Tx, s Session, kind FactorKind, from Origin) (done Added, err error) {
	if !s.Factor {
		if done.Codes, err = a.drawRecovery(tx, s.Person); err != nil {
			return Added{}, err
		}
		if err := closeAll(tx, s.Person, s.ID); err != nil {
			return Added{}, err
		}
	}
	if done.Opened, err = a.whole(tx, s, from); err != nil {
		return Added{}, err
	}
	if err := a.announce(tx, s.Person, factorAdded, from); err != nil {
		return Added{}, err
	}
	return done, a.journal(tx, done.Session, actFactorAdd, from, audit.Detail{"kind": string(kind)})
}

// full refuses one factor more than a person keeps.
func full(tx *db.Tx, person school.ID) error {
	n, err := db.One(tx, db.Column[int], `SELECT count(*) FROM account_factor WHERE person_id = $1`, person)
	if err == nil && n >= maxFactors {
		return fail.New(fail.Conflict, "%d has %d factors", person, n).Say("account.factors-full")
	}
	return err
}

// MaxFactorName is how many characters the name of a factor may have.
const MaxFactorName = 40

// RenameFactor gives one of a person's factors a name; one that is not theirs is
// fail.NotFound.
func (a *Accounts) RenameFactor(tx *db.Tx, s Session, id school.ID, name string, from Origin) error {
	if name = strings.TrimSpace(name); name == "" || utf8.RuneCountInString(name) > MaxFactorName {
		return wrongName()
	}
	n, err := tx.Exec(`UPDATE account_factor SET name = $3 WHERE person_id = $1 AND id = $2`, s.Person, id, name)
	if err != nil {
		return err
	}
	if n == 0 {
		return NoFactor(s.Person, id)
	}
	return a.journal(tx, s, actFactorRename, from, nil)
}

// RemoveFactor takes one of a person's factors away. The last one of somebody
// who has to have one is fail.Conflict; that of anybody else takes the recovery
// codes with it.
func (a *Accounts) RemoveFactor(tx *db.Tx, s Session, id school.ID, from Origin) error {
	// The account's row is held, so that of two who remove the last two at
	// once one is refused.
	if _, err := tx.Exec(`UPDATE account_account SET person_id = person_id WHERE person_id = $1`, s.Person); err != nil {
		return err
	}
	factors, err := FactorsOf(tx, s.Person)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(factors, func(f Factor) bool { return f.ID == id })
	if i < 0 {
		return NoFactor(s.Person, id)
	}
	if len(factors) == 1 {
		hats, err := a.Hats(tx, s.Person)
		if err != nil {
			return err
		}
		if a.Demands(hats...) {
			return fail.New(fail.Conflict, "%d has to keep a second factor", s.Person).Say("account.last-factor")
		}
		if err := endRecovery(tx, s.Person); err != nil {
			return err
		}
	}
	if _, err := tx.Exec(`DELETE FROM account_factor WHERE person_id = $1 AND id = $2`, s.Person, id); err != nil {
		return err
	}
	if err := a.announce(tx, s.Person, factorRemoved, from); err != nil {
		return err
	}
	return a.journal(tx, s, actFactorRemove, from, audit.Detail{"kind": string(factors[i].Kind)})
}

// ResetFactors takes every factor of a person away, with their recovery codes,
// because they lost what they had. Their sessions end and their devices are
// forgotten: what was lost may be in somebody's hands. The password stays, and is
// all that they have until they make a new factor. Who has none is
// fail.NotFound.
func (a *Accounts) ResetFactors(tx *db.Tx, person school.ID, by audit.By) error {
	n, err := tx.Exec(`DELETE FROM account_factor WHERE person_id = $1`, person)
	if err != nil {
		return err
	}
	if n == 0 {
		return fail.New(fail.NotFound, "%d has no second factor", person)
	}
	if err := endRecovery(tx, person); err != nil {
		return err
	}
	if err := forgetDevices(tx, person); err != nil {
		return err
	}
	if err := closeAll(tx, person, 0); err != nil {
		return err
	}
	if err := a.announce(tx, person, factorsReset, Origin{Request: by.Request}); err != nil {
		return err
	}
	return a.journalAccount(tx, audit.Entry{By: by, Action: ActFactorReset, Subject: person})
}

// crossFactors gives each of two people the factors of the other, whose login
// they now have.
func (a *Accounts) crossFactors(tx *db.Tx, one, other school.ID) error {
	for _, step := range [][2]school.ID{{one, -one}, {other, one}, {-one, other}} {
		if _, err := a.giveFactors(tx, step[0], step[1], ``); err != nil {
			return err
		}
	}
	return nil
}

// giveFactors gives somebody the factors of somebody else, or those that a
// condition finds, and tells which they were. A secret is sealed for its person,
// and is sealed again. Recovery codes are HMACs, which nobody can make again: they
// stay, and open nothing of whom they are not of.
func (a *Accounts) giveFactors(tx *db.Tx, from, to school.ID, where string) ([]school.ID, error) {
	type factor struct {
		id     school.ID
		secret []byte
	}
	given, err := db.All(tx, func(row db.Row) (f factor, err error) {
		err = row.Scan(&f.id, &f.secret)
		return f, err
	}, `SELECT id, secret FROM account_factor WHERE person_id = $1`+where+` ORDER BY id`, from)
	if err != nil {
		return nil, err
	}
	ids := make([]school.ID, len(given))
	for i, f := range given {
		ids[i] = f.id
		if _, err := tx.Exec(`UPDATE account_factor SET person_id = $2 WHERE id = $1`, f.id, to); err != nil {
			return nil, err
		}
		if len(f.secret) == 0 { // a passkey
			continue
		}
		secret, err := a.Key.Open(appPurpose, f.secret, bytesOf(from))
		if err != nil {
			return nil, fmt.Errorf("sealing the app of %d again: %w", from, err)
		}
		if _, err := tx.Exec(`UPDATE account_factor SET secret = $2 WHERE id = $1`, f.id, a.Key.Seal(appPurpose, secret, bytesOf(to))); err != nil {
			return nil, err
		}
	}
	return ids, nil
}

func wrongName() error {
	return fail.New(fail.Invalid, "no name for a factor").Say("account.factor-name", MaxFactorName).At("name")
}

// NoFactor is the error of a factor that is not the person's.
func NoFactor(person, id school.ID) error {
	return fail.New(fail.NotFound, "no factor %d of %d", id, person)
}
