package account

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"preau/core/audit"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
	"preau/directory"
)

// ClassDoor is a way into a class for its pupils: the poster of the class, or a
// tablet that a teacher enrolled for it. It opens nothing by itself but the
// page where a child shows who they are.
type ClassDoor struct {
	ID      school.ID
	Class   school.ID
	Tablet  bool
	Name    string // of the tablet
	By      school.ID
	Made    time.Time
	Expires time.Time // the end of the school year
}

// kind is the word of the journal for what the door is.
func (d ClassDoor) kind() string {
	if d.Tablet {
		return "tablet"
	}
	return "poster"
}

// Enrolled is a way into a class that was just made, with its token, which
// exists nowhere else but in the browser.
type Enrolled struct {
	ClassDoor
	Token string
}

// Poster is the poster of a class as it is printed, once: nobody can read its
// code again.
type Poster struct {
	ClassDoor
	Text string // "K7QX-M3PZ-9RTB"
}

// Link is the local address that the QR code of a poster holds. The code
// stands after the #, as in [Code.Link]: a path would be in the log of every
// proxy, and in the history of the camera that read it.
func (p Poster) Link() string { return "/class#" + p.Text }

const doorColumns = `id, class_id, tablet, name, made_by, made_at, expires_at`

func scanDoor(row db.Row) (d ClassDoor, err error) {
	var made, expires db.Time
	err = row.Scan(&d.ID, &d.Class, &d.Tablet, &d.Name, &d.By, &made, &expires)
	d.Made, d.Expires = made.Time, expires.Time
	return d, err
}

// HangPoster makes the poster of a class. The one of before opens nothing any
// more, and whoever came in by it is out.
func (a *Accounts) HangPoster(tx *db.Tx, class, at, by school.ID, request string) (Poster, error) {
	before, err := db.All(tx, scanDoor, `SELECT `+doorColumns+` FROM account_class_door WHERE class_id = $1 AND NOT tablet`, class)
	if err != nil {
		return Poster{}, err
	}
	for _, old := range before {
		if err := shutDoor(tx, old.ID); err != nil {
			return Poster{}, err
		}
	}
	bare := drawCode()
	door, err := a.makeDoor(tx, a.posterToken(bare), ClassDoor{Class: class, By: by})
	if err != nil {
		return Poster{}, err
	}
	return Poster{door, group(bare)}, a.journalDoor(tx, door, "account.poster", at, by, request)
}

// EnrolTablet makes a device one of a class: it shows the first names of the
// pupils, and the way in stays in it until the end of the school year.
func (a *Accounts) EnrolTablet(tx *db.Tx, class, at, by school.ID, name, request string) (Enrolled, error) {
	raw := random(tokenSize)
	door, err := a.makeDoor(tx, raw, ClassDoor{Class: class, Tablet: true, Name: name, By: by})
	if err != nil {
		return Enrolled{}, err
	}
	return Enrolled{door, base64.RawURLEncoding.EncodeToString(raw)}, a.journalDoor(tx, door, "account.tablet", at, by, request)
}

func (a *Accounts) makeDoor(tx *db.Tx, raw []byte, d ClassDoor) (ClassDoor, error) {
	d.ID, d.Made, d.Expires = school.NewID(tx.Now), tx.Now, school.YearOf(tx.Now).End()
	if err := endsWithPost(tx, &d); err != nil {
		return ClassDoor{}, err
	}
	_, err := tx.Exec(`INSERT INTO account_class_door (token, id, class_id, tablet, name, made_by, made_at, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, a.doorMAC(raw), d.ID, d.Class, d.Tablet, d.Name, d.By, db.At(d.Made), db.At(d.Expires))
	if err != nil {
		return ClassDoor{}, fmt.Errorf("making a door of class %d: %w", d.Class, err)
	}
	return d, nil
}

// endsWithPost ends a door with the post of who makes it, when that has an end
// sooner: a replacement leaves none behind.
func endsWithPost(tx *db.Tx, d *ClassDoor) error {
	end, err := db.One(tx, db.Column[db.Time], `SELECT CASE WHEN count(*) > count(f.until_at) THEN NULL ELSE max(f.until_at) END
		FROM directory_class c JOIN directory_function f ON f.structure_id = c.school_id
		WHERE c.id = $2 AND f.person_id = $3 AND f.profile IN ($4, $5) AND `+directory.During("f", 1),
		db.At(tx.Now), d.Class, d.By, string(school.Teacher), string(school.Head))
	if err == nil && !end.IsZero() && end.Before(d.Expires) {
		d.Expires = end.Time
	}
	return err
}

// EndDoor takes a poster down or revokes a tablet of a class; whoever came in
// by it is out. One that the class does not have is fail.NotFound.
func (a *Accounts) EndDoor(tx *db.Tx, class, id, at, by school.ID, request string) error {
	door, err := db.One(tx, scanDoor, `SELECT `+doorColumns+` FROM account_class_door WHERE id = $1 AND class_id = $2`, id, class)
	if err != nil {
		return fmt.Errorf("ending a door of class %d: %w", class, err)
	}
	if err := shutDoor(tx, id); err != nil {
		return err
	}
	return a.journalDoor(tx, door, "account.door-end", at, by, request)
}

// shutDoor deletes a way in, with the sessions that it opened.
func shutDoor(tx *db.Tx, id school.ID) error {
	if _, err := tx.Exec(`DELETE FROM account_class_door WHERE id = $1`, id); err != nil {
		return err
	}
	_, err := tx.Exec(`DELETE FROM account_session WHERE door_id = $1`, id)
	return err
}

// ClassDoors lists the ways into a class, the poster first, then the tablets,
// the last enrolled first.
func ClassDoors(tx *db.Tx, class school.ID) ([]ClassDoor, error) {
	return db.All(tx, scanDoor, `SELECT `+doorColumns+` FROM account_class_door
		WHERE class_id = $1 AND expires_at > $2 ORDER BY tablet, made_at DESC, id DESC`, class, db.At(tx.Now))
}

// ClassDoor gives the way into a class that a browser keeps. Out of school
// hours it is fail.Forbidden, whatever the browser keeps; in hours, what opens
// nothing, or no class that there is now, is fail.NotFound.
func (a *Accounts) ClassDoor(tx *db.Tx, token string) (ClassDoor, error) {
	if !school.InHours(tx.Now) {
		return ClassDoor{}, fail.New(fail.Forbidden, "the doors of classes are shut at this hour").Say("account.class-closed")
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(raw) != tokenSize {
		return ClassDoor{}, noDoor()
	}
	door, err := db.One(tx, scanDoor, `SELECT `+doorColumns+` FROM account_class_door WHERE token = $1 AND expires_at > $2`,
		a.doorMAC(raw), db.At(tx.Now))
	if fail.Is(err, fail.NotFound) {
		return ClassDoor{}, noDoor()
	}
	if err != nil {
		return ClassDoor{}, fmt.Errorf("reading a door: %w", err)
	}
	classes, err := directory.ClassesByID(tx, door.Class)
	if err == nil && len(classes) == 0 {
		err = noDoor()
	}
	return door, err
}

func noDoor() error { return fail.New(fail.NotFound, "the token opens no class") }

// ScanPoster gives the token that a browser keeps once it has shown the code
// of a poster, and for how long: the rest of the school hours of the day. A wrong
// code and one of before are fail.Invalid; by the hundredth from one network it
// is fail.TooMany. Out of hours it is fail.Forbidden, whatever the code.
func (a *Accounts) ScanPoster(ctx context.Context, typed string, from Origin) (token string, life time.Duration, err error) {
	t := a.throttlePoster(from)
	var wrong error
	err = a.DB.Write(ctx, func(tx *db.Tx) error {
		life = school.HoursEnd(tx.Now).Sub(tx.Now)
		tries, err := t.take(tx)
		if err != nil {
			return err
		}
		raw := a.posterToken(bareCode(typed))
		token = base64.RawURLEncoding.EncodeToString(raw)
		_, wrong = a.ClassDoor(tx, token)
		switch {
		case wrong == nil:
			return t.pass(tx)
		case fail.Is(wrong, fail.Forbidden):
			return t.giveBack(tx)
		case !fail.Is(wrong, fail.NotFound):
			return wrong
		case tries >= t.burst:
			return a.journalBlocked(tx, "poster", 0, from)
		}
		return nil
	})
	if fail.Is(wrong, fail.NotFound) {
		wrong = fail.New(fail.Invalid, "the code is of no poster").Say("account.wrong-poster").At("code")
	}
	if err := errors.Join(err, wrong); err != nil {
		return "", 0, fmt.Errorf("reading a poster: %w", err)
	}
	return token, life, nil
}

// posterToken is what a browser keeps of a poster: it cannot be guessed as the
// code could, on a page that counts no try.
func (a *Accounts) posterToken(bare string) []byte { return a.Key.MAC("account poster", []byte(bare)) }

// doorMAC is how the database knows a token.
func (a *Accounts) doorMAC(raw []byte) []byte { return a.Key.MAC("account class door", raw) }

func (a *Accounts) journalDoor(tx *db.Tx, d ClassDoor, action audit.Action, at, by school.ID, request string) error {
	return a.Log.Write(tx, audit.Entry{
		Actor: by, Action: action, Kind: "class", Object: d.Class, School: at, Request: request,
		Detail: audit.Detail{"door": d.ID.String(), "kind": d.kind()},
	})
}

// journalBlocked journals the last wrong try that is borne at a door.
func (a *Accounts) journalBlocked(tx *db.Tx, door string, subject school.ID, from Origin) error {
	return a.Log.Write(tx, audit.Entry{
		Action: "account.blocked", Kind: "account", Subject: subject, Request: from.Request, Detail: audit.Detail{"door": door},
	})
}
