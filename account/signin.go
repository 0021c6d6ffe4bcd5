package account

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"preau/account/secret"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
)

// SignIn opens a session for whoever types a login and its password; half open where
// the second step is asked for.
//
// A login that nobody has, an account that is not activated or is closed, and a
// wrong password are one refusal (fail.Invalid) after the same work; only the right
// password of an account that is closed hears that it is. After
// too many wrong ones, whether anybody has the login or not, it is fail.TooMany:
// of a login from one network, of a login from everywhere, of an address. A
// device that the login signed in on has tries of its own, whatever happens
// elsewhere. When too many people sign in at once it is fail.Unavailable and a
// [Crowd], and not counted as a try.
func (a *Accounts) SignIn(ctx context.Context, typed, password string, from Origin) (Opened, error) {
	leave, err := a.come(from)
	if err != nil {
		return Opened{}, fmt.Errorf("signing in: %w", err)
	}
	defer leave()
	var d door
	err = a.atDoor(ctx, func(tx *db.Tx) (err error) {
		d, err = a.approach(tx, passwordDoor, typed, from)
		return err
	})
	if err != nil {
		return Opened{}, fmt.Errorf("signing in: %w", err)
	}
	right, err := a.knock(ctx, d, password)
	if err != nil {
		return Opened{}, fmt.Errorf("signing in: %w", err)
	}
	if !right || d.crowded != nil && !d.usual {
		return Opened{}, a.refuse(ctx, d, from, wrongPassword())
	}
	if d.closed != 0 {
		return Opened{}, a.tellClosed(ctx, d, from)
	}
	hash := d.hash
	if a.passwords.Stale(hash) {
		if hash, err = a.passwords.Hash(ctx, secret.Normal(password)); err != nil {
			return Opened{}, fmt.Errorf("signing in: %w", err)
		}
	}
	var opened Opened
	err = a.atDoor(ctx, func(tx *db.Tx) (err error) {
		// The row is written even when nothing changes: it holds back who
		// disables the account or changes its password at this moment, and
		// finds out if they were first.
		n, err := tx.Exec(`UPDATE account_account SET password = $2
			WHERE person_id = $1 AND password = $3 AND disabled_at IS NULL`, d.person, hash, d.hash)
		if err != nil {
			return err
		}
		if n == 0 {
			return wrongPassword()
		}
		if err := a.admit(tx, d, from); err != nil {
			return err
		}
		opened, err = a.enter(tx, d.person, actSignIn, from)
		return err
	})
	if err != nil {
		return Opened{}, fmt.Errorf("signing in: %w", a.Settle(ctx, err))
	}
	return opened, nil
}

// admit takes the right password of whoever does not spray them: their tries are
// uncounted, and it is remembered that they came in from there.
func (a *Accounts) admit(tx *db.Tx, d door, from Origin) error {
	if err := sprayed(tx, d, from); err != nil {
		return err
	}
	if err := d.pass(tx); err != nil {
		return err
	}
	return a.knockOf(d.person, from).remember(tx, true)
}

func wrongPassword() error {
	return fail.New(fail.Invalid, "the login or the password is wrong").Say("account.wrong-password").At("password")
}

// tellClosed is what hears who has typed the right password of an account that is
// closed. Somebody else may know that of one that is frozen, which says nothing;
// nor does any to whoever sprays passwords.
func (a *Accounts) tellClosed(ctx context.Context, d door, from Origin) error {
	why := "account.closed"
	err := a.DB.Read(ctx, func(tx *db.Tx) error {
		if err := sprayed(tx, d, from); err != nil {
			return err
		}
		joined, err := db.One(tx, db.Column[bool], `SELECT EXISTS (SELECT 1 FROM account_merge WHERE gone_id = $1)`, d.closed)
		if joined {
			why = "account.closed-joined"
		}
		return err
	})
	if fail.Is(err, fail.Invalid) {
		return a.refuse(ctx, d, from, wrongPassword())
	}
	if err != nil {
		return fmt.Errorf("signing in: %w", err)
	}
	return fail.New(fail.Invalid, "the account of %d is closed", d.closed).Say(why).At("password")
}

// knock compares a password with the one of the account. A try that could
// not be made is not counted.
func (a *Accounts) knock(ctx context.Context, d door, password string) (bool, error) {
	long := len(password) > secret.MaxBytes
	if long {
		password = "" // as much work as for any other
	}
	right, err := a.passwords.Verify(ctx, d.hash, secret.Normal(password))
	if err != nil {
		back := a.DB.Write(context.WithoutCancel(ctx), d.turnBack)
		return false, errors.Join(err, back)
	}
	right = right && !long
	if right || d.knock.place == nil {
		return right, nil
	}
	// Not before: those who wait in a crowd are no tries in vain.
	return false, a.atDoor(ctx, func(tx *db.Tx) error { return d.knock.remember(tx, false) })
}

// The doors where one proves who one is.
const (
	passwordDoor = "password"
	changeDoor   = "change" // of whoever is in already
	codeDoor     = "code"
	secondDoor   = "second" // of whoever knows the password
)

// door is one way to prove who one is, and what is known of the login that
// was typed at it.
type door struct {
	name   string
	login  Login
	person school.ID // whose login it is; 0 for nobody
	hash   string    // of the password; empty when there is none
	// closed is whose login it was, at the door where that is told to whoever has the
	// right password: nobody comes in.
	closed school.ID
	counts []throttle // that this try is counted in
	// spent is how long one waits when this is the last wrong try that is
	// borne; 0 while there are more.
	spent time.Duration
	// crowded is the error of an address that has too many wrong tries, of
	// whatever logins; usual tells that the login signed in from there before.
	// Then the right password passes, and everything else hears the same.
	crowded error
	usual   bool
	known   bool // the login signed in on the device before
	// knock is what is remembered of a try on a device that is not the person's;
	// the zero one elsewhere.
	knock knocked
}

// approach reads the account and counts a try at a door before it is made. A
// login that nobody has, or has any more, is counted like any other. Every
// transaction here takes rows in one order, the account, the address, the login
// from everywhere, from one place: none waits for one that waits for it.
func (a *Accounts) approach(tx *db.Tx, name, typed string, from Origin) (d door, err error) {
	d.name, d.login = name, ParseLogin(typed)
	var closed bool
	err = tx.Get([]any{&d.person, &d.hash, &closed}, `SELECT person_id, password, disabled_at IS NOT NULL FROM account_account
		WHERE stem = $1 AND number = $2 AND frozen_at IS NULL`, d.login.Stem, d.login.Number)
	if err != nil && !fail.Is(err, fail.NotFound) {
		return d, err
	}
	if a.Gone != nil && d.person != 0 && !closed {
		if closed, err = a.Gone(tx, d.person); err != nil {
			return d, err
		}
	}
	if closed {
		d.person, d.closed = 0, d.person
		if name != passwordDoor {
			d.closed, d.hash = 0, ""
		}
	}
	counts, err := a.counts(tx, &d, typed, from)
	if err != nil {
		return d, err
	}
	for _, t := range counts {
		tries, err := t.take(tx)
		if err != nil {
			return d, err
		}
		if d.counts = append(d.counts, t); tries >= t.burst {
			d.spent = max(d.spent, t.every)
		}
	}
	if name == passwordDoor && !d.known && d.crowded == nil {
		whose := d.person
		if d.hash == "" || d.usual || d.closed != 0 { // a login that nobody has is mistyped, and who was there before mistypes
			whose = 0
		}
		d.knock = a.knockOf(whose, from)
	}
	return d, nil
}

// counts lists the throttles of a try, but that of its address, which shuts
// nobody's door by itself.
func (a *Accounts) counts(tx *db.Tx, d *door, typed string, from Origin) (all []throttle, err error) {
	switch d.name {
	case changeDoor:
		return []throttle{a.throttleNear(d.name, d.login, typed, nil, nearRate)}, nil
	case codeDoor:
		return []throttle{a.throttleNear(d.name, d.login, typed, a.networkMAC(from), codeRate)}, nil
	}
	known, err := a.acquaintanceOf(tx, d.person, from)
	if err != nil {
		return nil, err
	}
	if d.known, d.usual = known.device, known.network; d.known {
		near := nearRate
		if d.name == secondDoor {
			near = secondRate
		}
		return []throttle{a.throttleNear(d.name, d.login, typed, []byte(from.Device), near)}, nil
	}
	if d.name == secondDoor {
		return []throttle{a.throttleNear(d.name, d.login, typed, nil, secondRate)}, nil
	}
	address := a.throttleAddress(from.IP)
	_, err = address.take(tx)
	switch {
	case fail.Is(err, fail.TooMany):
		d.crowded = err
	case err != nil:
		return nil, err
	default:
		d.counts = append(d.counts, address)
	}
	return []throttle{
		a.throttleLogin(d.name, d.login, typed),
		a.throttleNear(d.name, d.login, typed, a.networkMAC(from), nearRate),
	}, nil
}

// pass uncounts the tries of whoever has proved who they are. Those of others stay.
func (d door) pass(tx *db.Tx) error {
	for _, t := range d.counts {
		if err := t.pass(tx); err != nil {
			return err
		}
	}
	return nil
}

// turnBack uncounts a try that could not be made.
func (d door) turnBack(tx *db.Tx) error {
	for _, t := range d.counts {
		if err := t.giveBack(tx); err != nil {
			return err
		}
	}
	return nil
}

// refuse is the answer to a wrong try. The last one that is borne is
// journalled.
func (a *Accounts) refuse(ctx context.Context, d door, from Origin, wrong error) error {
	if d.spent == 0 {
		return cmp.Or(d.crowded, wrong)
	}
	err := a.atDoor(ctx, func(tx *db.Tx) error { return a.journalBlocked(tx, d.name, d.person, from) })
	if err != nil {
		return err
	}
	return tooMany(d.spent)
}
