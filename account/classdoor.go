package account

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"preau/core/audit"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
	"preau/directory"
)

// ClassDoor is a way into a class for its pupils: the poster of the class, a
// tablet that a teacher enrolled for it, or the badge of one child. It opens
// nothing by itself but the page where a child shows who they are.
type ClassDoor struct {
	ID      school.ID
	Class   school.ID
	School  school.ID // of the class; 0 in most lists
	Child   school.ID // whose badge it is; 0 for a way in of the whole class
	Home    bool      // a badge that a guardian allows from home
	Tablet  bool
	Name    string // of the tablet
	By      school.ID
	Made    time.Time
	Expires time.Time // the end of the school year, or of the post of whoever made it
	// post is the profile, and at the structure, of the post with which the door ends;
	// empty and 0 for one that stays the class's.
	post school.Profile
	at   school.ID
}

// kind is the word of the journal for what the door is.
func (d ClassDoor) kind() string {
	switch {
	case d.Tablet:
		return "tablet"
	case d.Child != 0:
		return "badge"
	}
	return "poster"
}

// opens tells whether the door may open at an instant.
func (d ClassDoor) opens(at time.Time) bool {
	return school.InHours(at) || d.Home && school.InHomeHours(at)
}

// end is when whoever came in by the door on a day must have left.
func (d ClassDoor) end(day time.Time) time.Time {
	if d.Home {
		return school.HomeHoursEnd(day)
	}
	return school.HoursEnd(day)
}

// opening is [standing] of the doors: a tablet that a teacher enrolled is the class's for
// as long as they teach it.
var opening = standing("account_class_door") + ` AND (NOT account_class_door.tablet OR account_class_door.post <> '` + string(school.Teacher) + `' OR ` +
	directory.Teaches("account_class_door.made_by", "account_class_door.class_id") + `)`

// Enrolled is a way into a class that was just made, with its token, which
// exists nowhere else but in the browser.
type Enrolled struct {
	ClassDoor
	Token string
}

// Printed is a poster or a badge as it is printed, once: nobody can read its
// code again.
type Printed struct {
	ClassDoor
	Text string // "K7QX-M3PZ-9RTB"
}

// Link is the local address that the QR code of a poster or a badge holds. The code
// stands after the #, as in [Code.Link]: a path would be in the log of every
// proxy, and in the history of the camera that read it.
func (p Printed) Link() string { return "/class#" + p.Text }

const doorColumns = `id, class_id, coalesce(child_id, 0), tablet, name, made_by, made_at, expires_at, post, coalesce(post_at, 0)`

func scanDoor(row db.Row) (d ClassDoor, err error) {
	var made, expires db.Time
	err = row.Scan(&d.ID, &d.Class, &d.Child, &d.Tablet, &d.Name, &d.By, &made, &expires, &d.post, &d.at)
	d.Made, d.Expires = made.Time, expires.Time
	return d, err
}

// Beside tells whether the poster that somebody hangs by a warrant stays beside this one,
// as that of whoever is there for a time does beside the class's own, and beside that of
// another post.
func (d ClassDoor) Beside(by Warrant) bool { return by.ends() && d.post != by.As }

// HangPoster makes the poster of a class. The one of before opens nothing any
// more, and whoever came in by it is out. That of whoever hangs it by a post that has an
// end takes down none but of such a post: it is beside the class's own, which is there
// when they leave, and who replaces takes nothing of an acting head down.
func (a *Accounts) HangPoster(tx *db.Tx, class, at school.ID, by audit.By) (Printed, error) {
	post, err := ByPost(tx, by, by.Profile, at)
	if err != nil {
		return Printed{}, err
	}
	const before = `class_id = $1 AND NOT tablet AND child_id IS NULL`
	if post.ends() {
		err = shutDoors(tx, before+` AND post = $2`, class, string(post.As))
	} else {
		err = shutDoors(tx, before, class)
	}
	if err != nil {
		return Printed{}, err
	}
	return a.printDoor(tx, ClassDoor{Class: class}, actPoster, at, by)
}

// EnrolTablet makes a device one of a class: it shows the first names of the
// pupils, and the way in stays in it until the end of the school year, or of the post by
// which it was enrolled: that of a teacher, for as long as they teach the class, since it
// may be in their bag.
func (a *Accounts) EnrolTablet(tx *db.Tx, class, at school.ID, by audit.By, name string) (Enrolled, error) {
	t := newToken()
	door, err := a.makeDoor(tx, t, ClassDoor{Class: class, Tablet: true, Name: name}, at, by)
	if err != nil {
		return Enrolled{}, err
	}
	return Enrolled{door, t.text()}, a.journalDoor(tx, door, actTablet, at, by)
}

// printDoor makes a way in by a code on paper.
func (a *Accounts) printDoor(tx *db.Tx, d ClassDoor, action audit.Action, at school.ID, by audit.By) (Printed, error) {
	bare := drawCode()
	door, err := a.makeDoor(tx, a.codeToken(bare), d, at, by)
	if err != nil {
		return Printed{}, err
	}
	return Printed{door, group(bare, "-")}, a.journalDoor(tx, door, action, at, by)
}

// makeDoor makes a way into a class of a school. It ends with the post by which it was
// made, when that has an end, or when it is the tablet of a teacher; the badge that a head prints is the child's for the year.
func (a *Accounts) makeDoor(tx *db.Tx, t token, d ClassDoor, at school.ID, by audit.By) (ClassDoor, error) {
	d.ID, d.By, d.Made, d.Expires = school.NewID(tx.Now), by.Actor, tx.Now, school.YearOf(tx.Now).End()
	var post Warrant
	if d.Child == 0 || by.Profile == school.Teacher {
		var err error
		if post, err = ByPostIn(tx, by, by.Profile, at, d.Class); err != nil {
			return ClassDoor{}, err
		}
		if d.Tablet && by.Profile == school.Teacher {
			post.As, post.At = by.Profile, at
		}
		d.post, d.at = post.As, post.At
		if !post.Until.IsZero() && post.Until.Before(d.Expires) {
			d.Expires = post.Until
		}
	}
	_, err := tx.Exec(`INSERT INTO account_class_door (token, id, class_id, child_id, tablet, name, made_by, made_at, expires_at, post, post_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`, a.doorMAC(t), d.ID, d.Class, orNull(d.Child), d.Tablet, d.Name, d.By,
		db.At(d.Made), db.At(d.Expires), string(d.post), orNull(d.at))
	if err != nil {
		return ClassDoor{}, fmt.Errorf("making a door of class %d: %w", d.Class, err)
	}
	return d, nil
}

// EndDoor takes a poster down, or revokes a tablet of a class or the badge of a
// child; whoever came in by it is out. One that the class does not have is
// fail.NotFound.
func (a *Accounts) EndDoor(tx *db.Tx, class, id, at school.ID, by audit.By) error {
	door, err := db.One(tx, scanDoor, `SELECT `+doorColumns+` FROM account_class_door WHERE id = $1 AND class_id = $2`, id, class)
	if err != nil {
		return fmt.Errorf("ending a door of class %d: %w", class, err)
	}
	if err := shutDoors(tx, `id = $1`, id); err != nil {
		return err
	}
	return a.journalDoor(tx, door, actDoorEnd, at, by)
}

// shutDoors deletes ways in, with the sessions that they opened: a badge opens
// those of its child on the tablets too.
func shutDoors(tx *db.Tx, where string, of ...any) error {
	shut, err := db.All(tx, scanDoor, `DELETE FROM account_class_door WHERE `+where+` RETURNING `+doorColumns, of...)
	if err != nil {
		return err
	}
	for _, d := range shut {
		if _, err := tx.Exec(`DELETE FROM account_session WHERE door_id = $1 OR person_id = $2 AND door_id IS NOT NULL`, d.ID, d.Child); err != nil {
			return err
		}
	}
	return nil
}

// hold holds back whoever ends a way in at this moment, by writing its row,
// though nothing changes in it. It tells whether they were not first.
func hold(tx *db.Tx, door school.ID) (bool, error) {
	n, err := tx.Exec(`UPDATE account_class_door SET name = name WHERE id = $1`, door)
	return n > 0, err
}

// ClassDoors lists the ways into some classes, badges apart: posters first, then
// tablets, the last enrolled first.
func ClassDoors(tx *db.Tx, classes ...school.ID) ([]ClassDoor, error) {
	return db.All(tx, scanDoor, `SELECT `+doorColumns+` FROM account_class_door
		WHERE class_id `+tx.Among(2)+` AND child_id IS NULL AND expires_at > $1 AND `+opening+`
		ORDER BY tablet, made_at DESC, id DESC`, db.At(tx.Now), db.List(tx, classes))
}

// ClassDoor gives the way into a class that a browser keeps. Out of school
// hours it is fail.Forbidden, whatever the browser keeps but a badge that a
// guardian allows from home; in hours, what opens nothing, or no class that
// there is now, is fail.NotFound. One that is shown elsewhere than its school wants
// is fail.Forbidden with [ErrElsewhere] in it.
func (a *Accounts) ClassDoor(tx *db.Tx, token string, from Origin) (ClassDoor, error) {
	door, err := a.readDoor(tx, token)
	if (err == nil || fail.Is(err, fail.NotFound)) && !door.opens(tx.Now) {
		return ClassDoor{}, closed()
	}
	if err == nil {
		err = a.inPlace(tx, door, from)
	}
	if err != nil {
		return ClassDoor{}, err
	}
	return door, nil
}

// readDoor is ClassDoor at any hour, from anywhere.
func (a *Accounts) readDoor(tx *db.Tx, kept string) (ClassDoor, error) {
	t, ok := parseToken(kept)
	if !ok {
		return ClassDoor{}, noDoor()
	}
	door, err := db.One(tx, scanDoor, `SELECT `+doorColumns+` FROM account_class_door WHERE token = $2 AND expires_at > $1 AND `+opening,
		db.At(tx.Now), a.doorMAC(t))
	if fail.Is(err, fail.NotFound) {
		return ClassDoor{}, noDoor()
	}
	if err != nil {
		return ClassDoor{}, fmt.Errorf("reading a door: %w", err)
	}
	classes, err := directory.PlainClassesByID(tx, door.Class)
	switch {
	case err == nil && len(classes) == 0:
		err = noDoor()
	case err == nil:
		door.School = classes[0].School
	}
	if err == nil && door.Child != 0 {
		err = a.readBadge(tx, &door)
	}
	if err != nil {
		return ClassDoor{}, err
	}
	return door, nil
}

func noDoor() error { return fail.New(fail.NotFound, "the token opens no class") }

func closed() error {
	return fail.New(fail.Forbidden, "the doors of classes are shut at this hour").Say("account.class-closed")
}

// Scanned is what was opened by a code shown at the door of a class.
type Scanned struct {
	Token string        // what the browser keeps from now on; empty for a tablet, which stays with its class
	Life  time.Duration // for how long: the rest of the hours of the day
	Child school.ID     // whose badge it was; 0 for a poster
	// Opened is the session of the child whose badge was shown to a tablet of
	// their class; its token is empty elsewhere, where pictures are asked for.
	Opened Opened
}

// Scan takes the code of a poster or of a badge, shown to a browser that keeps a
// way into a class already, or none. On a tablet of the class a badge opens the
// child's session; elsewhere it is a way in behind which the child is alone, and
// shows their pictures.
//
// A wrong code, one of before and, on a tablet, the badge of another class are
// fail.Invalid; by the hundredth from one network it is fail.TooMany. Out of
// hours it is fail.Forbidden, whatever the code but that of a badge that a
// guardian allows from home, on another device than a tablet; and so is one that is
// shown elsewhere than its school wants, as [Accounts.ClassDoor] says.
func (a *Accounts) Scan(ctx context.Context, typed, kept string, from Origin) (s Scanned, err error) {
	t := a.throttlePoster(from)
	var wrong error
	err = a.DB.Write(ctx, func(tx *db.Tx) error {
		tries, err := t.take(tx)
		if err != nil {
			return err
		}
		s, wrong = a.scan(tx, typed, kept, from)
		switch {
		case wrong == nil:
			return t.pass(tx)
		case !fail.Is(wrong, fail.NotFound) && !fail.Is(wrong, fail.Forbidden):
			return wrong
		case tries >= t.burst:
			return a.journalBlocked(tx, "poster", 0, from)
		}
		return nil
	})
	if fail.Is(wrong, fail.NotFound) {
		wrong = fail.New(fail.Invalid, "the code opens nothing here").Say("account.wrong-poster").At("code")
	}
	if err := errors.Join(err, wrong); err != nil {
		return Scanned{}, fmt.Errorf("reading a code at a door: %w", err)
	}
	return s, nil
}

func (a *Accounts) scan(tx *db.Tx, typed, kept string, from Origin) (Scanned, error) {
	here, err := a.readDoor(tx, kept)
	if err != nil && !fail.Is(err, fail.NotFound) {
		return Scanned{}, err
	}
	opens := a.codeToken(bareCode(typed)).text()
	shown, err := a.ClassDoor(tx, opens, from)
	switch {
	case err != nil:
		return Scanned{}, err
	case !here.Tablet:
		return Scanned{Token: opens, Life: shown.end(tx.Now).Sub(tx.Now), Child: shown.Child}, nil
	case !here.opens(tx.Now):
		return Scanned{}, closed()
	case shown.Child == 0:
		return Scanned{}, nil
	case shown.Class != here.Class:
		return Scanned{}, noDoor()
	}
	if err := a.inPlace(tx, here, from); err != nil { // a badge may be for home, a tablet is not
		return Scanned{}, err
	}
	for _, door := range []ClassDoor{here, shown} {
		if there, err := hold(tx, door.ID); err != nil || !there {
			return Scanned{}, errors.Join(err, noDoor())
		}
	}
	opened, err := a.letChildIn(tx, here, shown.Child, "badge", from)
	return Scanned{Child: shown.Child, Opened: opened}, err
}

// codeToken is what a browser keeps of a poster or a badge: it cannot be guessed
// as the code could, on a page that counts no try.
func (a *Accounts) codeToken(bare string) token { return a.Key.MAC("account poster", []byte(bare)) }

// doorMAC is how the database knows a token.
func (a *Accounts) doorMAC(t token) []byte { return a.Key.MAC("account class door", t) }

func (a *Accounts) journalDoor(tx *db.Tx, d ClassDoor, action audit.Action, at school.ID, by audit.By) error {
	detail := audit.Detail{"door": d.ID.String(), "kind": d.kind()}
	if d.Child == 0 {
		detail["whom"] = wholeClass
	}
	return a.Log.Write(tx, audit.Entry{
		By: by, Action: action, Kind: "class", Object: d.Class, School: at,
		Subject: cmp.Or(d.Child, at), Detail: detail,
	})
}
