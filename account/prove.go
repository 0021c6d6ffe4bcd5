package account

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"preau/core/audit"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
)

// ErrSecondStep is within the fail.SignIn of what waits for the second step, of
// somebody whose password is known to be right.
var ErrSecondStep = errors.New("the second step comes first")

// ProofLife is how long a proof counts for what asks for one again.
const ProofLife = 10 * time.Minute

// Fresh tells whether the person of a session proved who they are lately.
func (s Session) Fresh(now time.Time) bool { return now.Sub(s.Proved) <= ProofLife }

// Reproves tells whether the person of a session proves who they are again before
// what asks for it: with their second factor, or with the password where they have
// none and work in or over schools, whose people are at stake. Nobody else types it
// for their own children, and a provider answers for whoever has no password.
func (s Session) Reproves(now time.Time) bool {
	return !s.Fresh(now) && (s.Factor || s.Password && !slices.Contains(atHome, s.Profile))
}

// atHome are the hats of those for whom nobody else's people are at stake.
var atHome = []school.Profile{school.Pupil, school.Guardian, school.Departed}

// halfLife is how long the second step is waited for: the time to install an
// application, the first time.
const halfLife = 30 * time.Minute

// ProveCode passes the second step with a code: the one that an application
// shows, or one of recovery. It gives the session a new token; a session that
// was half open is whole from then on.
//
// Whatever is wrong, of whoever has a factor of that kind or none, is one
// refusal (fail.Invalid); after too many it is fail.TooMany.
func (a *Accounts) ProveCode(ctx context.Context, token, typed string, from Origin) (Opened, error) {
	return a.prove(ctx, token, from, func(tx *db.Tx, s Session) (string, error) {
		if right, err := a.checkApp(tx, s.Person, bareDigits(typed)); right || err != nil {
			return string(App), err
		}
		if right, err := a.useRecovery(tx, s.Person, bareCode(typed)); right || err != nil {
			return "recovery", err
		}
		return "", nil
	})
}

// prove counts a try, and passes the second step when check names what was
// proved with. A wrong try leaves what check wrote, and is counted.
func (a *Accounts) prove(ctx context.Context, token string, from Origin, check func(*db.Tx, Session) (with string, err error)) (Opened, error) {
	var d door
	var with string
	var opened Opened
	err := a.DB.Write(ctx, func(tx *db.Tx) error {
		s, err := Bearer(tx, token)
		if err != nil {
			return err
		}
		if d, err = a.stand(tx, s, secondDoor, from); err != nil {
			return err
		}
		if with, err = check(tx, s); err != nil || with == "" {
			return err
		}
		if err := d.pass(tx); err != nil {
			return err
		}
		if opened, err = a.whole(tx, s, from); err != nil {
			return err
		}
		return a.journal(tx, opened.Session, actProve, from, audit.Detail{"with": with})
	})
	if err != nil {
		return Opened{}, fmt.Errorf("proving: %w", err)
	}
	if with == "" {
		return Opened{}, a.refuse(ctx, d, from, wrongSecond())
	}
	return opened, nil
}

// ProvePassword proves again who is in with the password, for whoever has no second
// factor yet. Where there is one, the password is no proof: fail.NotFound.
func (a *Accounts) ProvePassword(ctx context.Context, token, password string, from Origin) (Opened, error) {
	var d door
	err := a.DB.Write(ctx, func(tx *db.Tx) error {
		s, err := a.Resolve(tx, token)
		if err != nil {
			return err
		}
		if s.Factor {
			return fail.New(fail.NotFound, "%d has a second factor", s.Person)
		}
		d, err = a.stand(tx, s, changeDoor, from)
		return err
	})
	if err != nil {
		return Opened{}, fmt.Errorf("proving: %w", err)
	}
	right, err := a.knock(ctx, d, password)
	if err != nil {
		return Opened{}, fmt.Errorf("proving: %w", err)
	}
	if !right {
		return Opened{}, a.refuse(ctx, d, from, wrongOld())
	}
	var opened Opened
	err = a.DB.Write(ctx, func(tx *db.Tx) error {
		s, err := a.Resolve(tx, token) // a password that was changed meanwhile closed it
		if err != nil {
			return err
		}
		if s.Factor {
			return fail.New(fail.NotFound, "%d has a second factor", s.Person)
		}
		if err := d.pass(tx); err != nil {
			return err
		}
		if opened, err = a.whole(tx, s, from); err != nil {
			return err
		}
		return a.journal(tx, opened.Session, actProve, from, audit.Detail{"with": "password"})
	})
	if err != nil {
		return Opened{}, fmt.Errorf("proving: %w", err)
	}
	return opened, nil
}

// whole gives a session that has just proved itself a new token. On the device
// of a sign-in that ends there, the login is known from then on.
func (a *Accounts) whole(tx *db.Tx, s Session, from Origin) (Opened, error) {
	first := s.Half
	s.Half, s.Proved = false, tx.Now
	opened, err := rotate(tx, s)
	if err != nil || !first {
		return opened, err
	}
	known, err := a.acquaintanceOf(tx, s.Person, from)
	if err != nil {
		return Opened{}, err
	}
	if _, err := a.noteNewDevice(tx, s, known, from); err != nil {
		return Opened{}, err
	}
	if opened.Device, err = a.remember(tx, s, nil, from); err != nil {
		return Opened{}, err
	}
	return opened, noteSpoken(tx, s, from)
}

// stand counts a try at a door of somebody whose session is known.
func (a *Accounts) stand(tx *db.Tx, s Session, name string, from Origin) (door, error) {
	login, err := loginOf(tx, s.Person)
	if err != nil {
		return door{}, err
	}
	return a.approach(tx, name, login.String(), from)
}

func wrongSecond() error {
	return fail.New(fail.Invalid, "the second step is wrong").Say("account.wrong-second").At("code")
}
