package account

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"preau/core/audit"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
	"preau/core/ui"
	"preau/directory"
)

// PicturesEach is how many pictures make the secret of a child.
const PicturesEach = 3

// Pictures is the secret of a child who does not write yet: three of
// [ui.Secrets], in order, the same one twice if they like, but never three
// times, which is seen over a shoulder and tried first. There are 1,716 of
// them, which is no secret for whoever may try: what protects it is that it counts
// only behind the door of the child's class, in school hours, a few tries at a
// time, and that it opens no more than a pupil has.
type Pictures [PicturesEach]ui.Pictogram

// OneAlone tells whether the three are the same picture: nobody is given them,
// and who was given them before that was refused still comes in.
func (p Pictures) OneAlone() bool { return p == Pictures{p[0], p[0], p[0]} }

// ParsePictures reads pictures as a form sends them, [Pictures.OneAlone] or not.
func ParsePictures(named []string) (p Pictures, ok bool) {
	if len(named) != PicturesEach {
		return p, false
	}
	for i, name := range named {
		p[i] = ui.Pictogram(name)
		if !slices.Contains(ui.Secrets, p[i]) {
			return Pictures{}, false
		}
	}
	return p, true
}

// DrawPictures draws a secret, each one as likely.
func DrawPictures() (p Pictures) {
	for p.OneAlone() {
		for i, side := range dice(PicturesEach, len(ui.Secrets)) {
			p[i] = ui.Secrets[side]
		}
	}
	return p
}

// sealed is what is hashed of a secret: bound to the child, and under the
// master key, since 1,716 hashes are made in a minute by whoever has the database
// alone.
func (a *Accounts) sealed(child school.ID, p Pictures) string {
	text := make([]string, PicturesEach)
	for i, one := range p {
		text[i] = string(one)
	}
	return string(a.Key.MAC("account pictures", bytesOf(child), []byte(strings.Join(text, " "))))
}

// GivePictures gives children of a class their secrets, in the place of those
// that they had: their sessions opened at the door of a class end, and their
// wrong tries are forgotten. Only who is a pupil and nothing else has one:
// anybody else among them is fail.NotFound, and nobody gets any. Three times the
// same picture are fail.Invalid.
func (a *Accounts) GivePictures(ctx context.Context, class, at school.ID, by audit.By, secrets map[school.ID]Pictures) error {
	hashes := make(map[school.ID]string, len(secrets))
	for child, p := range secrets {
		if p.OneAlone() {
			return fail.New(fail.Invalid, "three times one picture")
		}
		hash, err := a.passwords.Hash(ctx, a.sealed(child, p))
		if err != nil {
			return fmt.Errorf("giving pictures: %w", err)
		}
		hashes[child] = hash
	}
	err := a.DB.Write(ctx, func(tx *db.Tx) error {
		children := slices.Sorted(maps.Keys(hashes)) // two who print one class take turns
		if err := a.mayHavePictures(tx, class, children...); err != nil {
			return err
		}
		for _, child := range children {
			if err := a.setPictures(tx, class, child, by.Actor, hashes[child]); err != nil {
				return err
			}
			if err := a.journalAccount(tx, audit.Entry{By: by, Action: actPictures, Subject: child, School: at}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("giving pictures: %w", err)
	}
	return nil
}

func (a *Accounts) setPictures(tx *db.Tx, class, child, by school.ID, hash string) error {
	_, err := tx.Exec(`INSERT INTO account_pictures (person_id, secret, set_by, set_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (person_id) DO UPDATE SET secret = excluded.secret, set_by = excluded.set_by, set_at = excluded.set_at`,
		child, hash, by, db.At(tx.Now))
	if err != nil {
		return err
	}
	if _, err := tx.Exec(`DELETE FROM account_session WHERE person_id = $1 AND door_id IS NOT NULL`, child); err != nil {
		return err
	}
	return a.forgetChild(tx, class, child)
}

// mayHavePictures refuses, as it refuses who does not exist, whoever is not a
// pupil of the class, is something else too, or has no account that is open.
func (a *Accounts) mayHavePictures(tx *db.Tx, class school.ID, children ...school.ID) error {
	pupils, err := directory.PupilsIn(tx, class)
	if err != nil {
		return err
	}
	only, err := directory.OnlyPupils(tx, children...)
	if err != nil {
		return err
	}
	accounts, err := Of(tx, children...)
	if err != nil {
		return err
	}
	for _, child := range children {
		in := slices.ContainsFunc(pupils, func(p directory.InClass) bool { return p.ID == child })
		if one, has := accounts[child]; !in || !only[child] || !has || !one.Disabled.IsZero() {
			return fail.New(fail.NotFound, "%d is no child of class %d who may have pictures", child, class)
		}
	}
	return nil
}

// endPictures takes the secret of a child back.
func endPictures(tx *db.Tx, child school.ID) error {
	_, err := tx.Exec(`DELETE FROM account_pictures WHERE person_id = $1`, child)
	return err
}

// Pictured tells which of some children have pictures, and since when.
func Pictured(tx *db.Tx, children ...school.ID) (map[school.ID]time.Time, error) {
	since, err := ofEach(tx, children, func(row db.Row) (child school.ID, since time.Time, err error) {
		var at db.Time
		err = row.Scan(&child, &at)
		return child, at.Time, err
	}, `SELECT person_id, set_at FROM account_pictures WHERE person_id IN (%s)`)
	if err != nil {
		return nil, fmt.Errorf("reading who has pictures: %w", err)
	}
	return since, nil
}

// atClass is a try at the door of a class.
type atClass struct {
	door   ClassDoor
	hash   string // of the child's pictures; empty when they may have none
	counts []throttle
	spent  time.Duration // as in [door]
}

// EnterClass opens the session of a child who shows their pictures behind the
// door of their class. It is a pupil's session with an end of its own: unseen
// for ten minutes, or with the school hours; from home, with those of home.
//
// Wrong pictures, somebody who is no pupil of the class, or not only a pupil, or
// who has no pictures, are one refusal (fail.Invalid) after the same work. After
// too many it is fail.TooMany: of a child, of a door, of an address. What the
// browser keeps opens a door or not as [Accounts.ClassDoor] says.
func (a *Accounts) EnterClass(ctx context.Context, token string, child school.ID, shown Pictures, from Origin) (Opened, error) {
	leave, err := a.come(from)
	if err != nil {
		return Opened{}, fmt.Errorf("entering a class: %w", err)
	}
	defer leave()
	var try atClass
	err = a.atDoor(ctx, func(tx *db.Tx) (err error) {
		try, err = a.approachClass(tx, token, child, from)
		return err
	})
	if err != nil {
		return Opened{}, fmt.Errorf("entering a class: %w", err)
	}
	right, err := a.passwords.Verify(ctx, try.hash, a.sealed(child, shown))
	if err != nil {
		back := a.DB.Write(context.WithoutCancel(ctx), func(tx *db.Tx) error { return uncount(tx, try.counts, throttle.giveBack) })
		return Opened{}, fmt.Errorf("entering a class: %w", errors.Join(err, back))
	}
	if !right {
		return Opened{}, a.refuseChild(ctx, try, child, from)
	}
	var opened Opened
	err = a.atDoor(ctx, func(tx *db.Tx) (err error) {
		if there, err := hold(tx, try.door.ID); err != nil || !there {
			return errors.Join(err, wrongPictures())
		}
		// A guardian may have taken back meanwhile what they allowed.
		if try.door, err = a.ClassDoor(tx, token, from); err != nil {
			return err
		}
		// Written, though nothing changes, as in hold.
		if n, err := tx.Exec(`UPDATE account_pictures SET secret = secret WHERE person_id = $1 AND secret = $2`, child, try.hash); err != nil || n == 0 {
			return errors.Join(err, wrongPictures())
		}
		if err := uncount(tx, try.counts, throttle.pass); err != nil {
			return err
		}
		opened, err = a.letChildIn(tx, try.door, child, "pictures", from)
		return err
	})
	if err != nil {
		return Opened{}, fmt.Errorf("entering a class: %w", err)
	}
	return opened, nil
}

// approachClass reads the door and the child, and counts a try before it is
// made: of the address, of the door, then of the child in this class, so that
// nobody is shut out from the door of another one.
func (a *Accounts) approachClass(tx *db.Tx, token string, child school.ID, from Origin) (try atClass, err error) {
	if try.door, err = a.ClassDoor(tx, token, from); err != nil {
		return try, err
	}
	for _, t := range []throttle{a.throttleSchool(from.IP), a.throttleDoor(try.door.ID), a.throttleChild(try.door.Class, child, try.door.Tablet)} {
		tries, err := t.take(tx)
		if err != nil {
			return try, err
		}
		if try.counts = append(try.counts, t); tries >= t.burst {
			try.spent = max(try.spent, t.every)
		}
	}
	if try.door.Child != 0 && try.door.Child != child { // behind a badge there is nobody else
		return try, nil
	}
	err = a.mayHavePictures(tx, try.door.Class, child)
	if err == nil {
		try.hash, err = db.One(tx, db.Column[string], `SELECT secret FROM account_pictures WHERE person_id = $1`, child)
	}
	if fail.Is(err, fail.NotFound) {
		err = nil // the hash of nobody is as long to compare
	}
	return try, err
}

// letChildIn opens the session of a child who showed, at a door, their pictures
// or their badge.
func (a *Accounts) letChildIn(tx *db.Tx, door ClassDoor, child school.ID, shown string, from Origin) (Opened, error) {
	s := Session{
		ID: school.NewID(tx.Now), Person: child, Profile: school.Pupil, IP: from.address(), Agent: from.browser(), Created: tx.Now,
		Door: door.ID, Until: door.end(tx.Now),
	}
	opened, err := open(tx, s)
	if err != nil {
		return Opened{}, err
	}
	detail := audit.Detail{"door": door.ID.String(), "kind": door.kind(), "shown": shown}
	if !school.InHours(tx.Now) {
		detail["kind"] = "home"
	}
	return opened, a.journal(tx, s, actClassIn, from, detail)
}

// refuseChild is the answer to wrong pictures. The last one that is borne is
// journalled.
func (a *Accounts) refuseChild(ctx context.Context, try atClass, child school.ID, from Origin) error {
	if try.spent == 0 {
		return wrongPictures()
	}
	subject := child
	if try.hash == "" { // anybody may be named there
		subject = 0
	}
	err := a.atDoor(ctx, func(tx *db.Tx) error { return a.journalBlocked(tx, "class", subject, from) })
	if err != nil {
		return err
	}
	return tooMany(try.spent)
}

func wrongPictures() error {
	return fail.New(fail.Invalid, "the pictures are wrong").Say("account.wrong-pictures")
}

// uncount gives tries back, one way or another.
func uncount(tx *db.Tx, counts []throttle, how func(throttle, *db.Tx) error) error {
	for _, t := range counts {
		if err := how(t, tx); err != nil {
			return err
		}
	}
	return nil
}

// Waiting tells which children of a class wait after too many wrong tries.
func (a *Accounts) Waiting(tx *db.Tx, class school.ID, children ...school.ID) (map[school.ID]bool, error) {
	waiting := map[school.ID]bool{}
	whose := make(map[string]school.ID, len(children))
	for some := range slices.Chunk(children, perLookup) {
		args := make([]any, 0, 2*len(some)+1)
		for _, child := range some {
			for _, tablet := range []bool{true, false} {
				key := a.throttleChild(class, child, tablet).key
				args, whose[string(key)] = append(args, key), child
			}
		}
		keys := len(args)
		args = append(args, tx.Now.UnixMilli()+int64(childRate.burst-1)*childRate.every.Milliseconds())
		err := tx.Each(func(row db.Row) error {
			var key []byte
			err := row.Scan(&key)
			waiting[whose[string(key)]] = true
			return err
		}, fmt.Sprintf(`SELECT key FROM account_attempt WHERE key IN (%s) AND free_at > $%d`, places(keys), len(args)), args...)
		if err != nil {
			return nil, fmt.Errorf("reading who waits: %w", err)
		}
	}
	return waiting, nil
}

// Unblock forgets the wrong tries of a child of a class.
func (a *Accounts) Unblock(tx *db.Tx, class, child, at school.ID, by audit.By) error {
	if err := a.forgetChild(tx, class, child); err != nil {
		return err
	}
	return a.journalAccount(tx, audit.Entry{By: by, Action: actUnblock, Subject: child, School: at})
}
