package account

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
)

// Drive is a device that opens the files of its person, with one of their hats, by a password that
// opens nothing else.
type Drive struct {
	ID      school.ID
	Person  school.ID
	Profile school.Profile
	Name    string    // as its person calls it
	Made    time.Time // to which it is known when it was
	Used    time.Time // to a day; zero: never
	From    string    // the network of the last time
}

// NewDrive is a drive that was just made, with its password, which nobody can read again.
type NewDrive struct {
	Drive
	Login    Login
	Password string // "K7QX-M3PZ-9RTB-…"
}

// What a person may have of drives.
const (
	MostDrives   = 10
	MaxDriveName = 40 // letters
)

// drivePassword is how many letters the password of a device has: 24 of 28 are 115 bits.
const drivePassword = 24

// drivers are the profiles that have files of their own, which a device may open.
var drivers = []school.Profile{school.Teacher, school.Head, school.Staff, school.Admin, school.Municipal}

// Drivers are the profiles of those who may have drives: not pupils, nor those who have no files of
// their own.
func Drivers() []school.Profile { return slices.Clone(drivers) }

// driveRate is how many wrong passwords a device may give in a row: one that was taken back goes on
// asking for days, and shuts nobody out.
var driveRate = rate{20, 5 * time.Minute}

// driveDoor is where devices prove for whom they come.
const driveDoor = "drive"

// Drives lists the drives of a person, the last made first.
func Drives(tx *db.Tx, person school.ID) ([]Drive, error) {
	return db.All(tx, scanDrive, `SELECT id, person_id, profile, name, made_at, used_at, used_from FROM account_drive
		WHERE person_id = $1 ORDER BY made_at DESC, id DESC`, person)
}

func scanDrive(row db.Row) (d Drive, err error) {
	var made, used db.Time
	err = row.Scan(&d.ID, &d.Person, &d.Profile, &d.Name, &made, &used, &d.From)
	d.Made, d.Used = made.Time, used.Time
	return d, err
}

// AddDrive makes the password of a device of somebody who is in, for one of their hats.
func (a *Accounts) AddDrive(tx *db.Tx, s Session, profile school.Profile, name string, from Origin) (n NewDrive, err error) {
	if name = school.Clean(name); name == "" || utf8.RuneCountInString(name) > MaxDriveName {
		return n, fail.New(fail.Invalid, "the name of a drive").Say("account.drive-name").At("name")
	}
	hats, err := a.Hats(tx, s.Person)
	if err != nil {
		return n, fmt.Errorf("reading the hats of %d: %w", s.Person, err)
	}
	if !slices.Contains(hats, profile) || !slices.Contains(drivers, profile) || !s.mayWear(profile) {
		return n, fail.New(fail.NotFound, "%d has no drive as %q", s.Person, profile)
	}
	// The account's row is held, so that of two who make the last one at once one is refused.
	if _, err := tx.Exec(`UPDATE account_account SET person_id = person_id WHERE person_id = $1`, s.Person); err != nil {
		return n, err
	}
	count, err := db.One(tx, db.Column[int], `SELECT count(*) FROM account_drive WHERE person_id = $1`, s.Person)
	if err != nil {
		return n, err
	}
	if count >= MostDrives {
		return n, fail.New(fail.Conflict, "%d has %d drives", s.Person, count).Say("account.drive-many", MostDrives).At("name")
	}
	if n.Login, err = loginOf(tx, s.Person); err != nil {
		return n, err
	}
	bare := draw(drivePassword)
	n.Drive = Drive{ID: school.NewID(tx.Now), Person: s.Person, Profile: profile, Name: name, Made: tx.Now}
	n.Password = group(bare, "-")
	if _, err = tx.Exec(`INSERT INTO account_drive (id, person_id, profile, name, secret, made_at, used_from) VALUES ($1, $2, $3, $4, $5, $6, '')`,
		n.ID, n.Person, string(profile), name, a.driveMAC(s.Person, bare), db.At(tx.Now)); err != nil {
		return n, fmt.Errorf("making a drive: %w", err)
	}
	return n, a.journal(tx, s, actDriveAdd, from, nil)
}

// RemoveDrive takes the password of a device back; one that is not theirs is fail.NotFound.
func (a *Accounts) RemoveDrive(tx *db.Tx, s Session, id school.ID, from Origin) error {
	n, err := tx.Exec(`DELETE FROM account_drive WHERE person_id = $1 AND id = $2`, s.Person, id)
	if err == nil && n == 0 {
		return fail.New(fail.NotFound, "no drive %d of %d", id, s.Person)
	}
	if err != nil {
		return err
	}
	return a.journal(tx, s, actDriveRemove, from, nil)
}

// endDrives takes the passwords of all the devices of a person back.
func endDrives(tx *db.Tx, person school.ID) error {
	_, err := tx.Exec(`DELETE FROM account_drive WHERE person_id = $1`, person)
	return err
}

// OpenDrive finds the drive of a login and a password. What opens none is fail.SignIn: nobody's login,
// an account that is closed, a password that was taken back. It only reads.
func (a *Accounts) OpenDrive(tx *db.Tx, typed, password string) (Drive, error) {
	login := ParseLogin(typed)
	person, err := db.One(tx, db.Column[school.ID], `SELECT person_id FROM account_account
		WHERE stem = $1 AND number = $2 AND activated_at IS NOT NULL AND disabled_at IS NULL AND frozen_at IS NULL`, login.Stem, login.Number)
	if err != nil && !fail.Is(err, fail.NotFound) {
		return Drive{}, err
	}
	d, err := db.One(tx, scanDrive, `SELECT id, person_id, profile, name, made_at, used_at, used_from FROM account_drive
		WHERE person_id = $1 AND secret = $2`, person, a.driveMAC(person, bare(password, drivePassword)))
	if fail.Is(err, fail.NotFound) {
		return Drive{}, fail.New(fail.SignIn, "the password opens no drive")
	}
	if err != nil {
		return Drive{}, fmt.Errorf("opening a drive: %w", err)
	}
	if a.Gone != nil {
		gone, err := a.Gone(tx, person)
		if err != nil {
			return Drive{}, err
		}
		if gone {
			return Drive{}, fail.New(fail.SignIn, "%d has left", person)
		}
	}
	return d, nil
}

// UsedDrive is what writes that a drive was used from somewhere; nil where that is written already.
func UsedDrive(tx *db.Tx, d Drive, from Origin) func(*db.Tx) error {
	place := ""
	if from.IP.IsValid() {
		place = networkTold(from)
	}
	day := tx.Now.Truncate(24 * time.Hour)
	if d.From == place && d.Used.Equal(day) {
		return nil
	}
	return func(tx *db.Tx) error {
		_, err := tx.Exec(`UPDATE account_drive SET used_at = $3, used_from = $4 WHERE person_id = $1 AND id = $2`, d.Person, d.ID, db.At(day), place)
		return err
	}
}

// WrongDrive counts a password that opened no drive: too many from one network for one login, or from one address
// for whatever logins, are fail.TooMany, and nothing is written of those beyond. It gives the error to answer.
func (a *Accounts) WrongDrive(ctx context.Context, typed string, from Origin) error {
	login := ParseLogin(typed)
	near := a.throttleNear(driveDoor, login, typed, a.networkMAC(from), driveRate)
	line := throttle{a.attemptKey(driveDoor, lineOf(from.IP)), addressRate, true}
	err := a.DB.Read(ctx, func(tx *db.Tx) error {
		for _, t := range []throttle{near, line} {
			if err := t.full(tx); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	err = a.DB.Write(ctx, func(tx *db.Tx) error {
		if _, err := line.take(tx); err != nil {
			return err
		}
		tries, err := near.take(tx)
		if err != nil || tries < near.burst {
			return err
		}
		person, err := db.One(tx, db.Column[school.ID], `SELECT person_id FROM account_account WHERE stem = $1 AND number = $2`, login.Stem, login.Number)
		if fail.Is(err, fail.NotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		return a.journalBlocked(tx, driveDoor, person, from)
	})
	if err != nil {
		return err
	}
	return fail.New(fail.SignIn, "the password opens no drive")
}

// driveMAC is how the database knows the password of a device: bound to its person.
func (a *Accounts) driveMAC(person school.ID, bare string) []byte {
	return a.Key.MAC("account drive", bytesOf(person), []byte(strings.TrimSpace(bare)))
}
