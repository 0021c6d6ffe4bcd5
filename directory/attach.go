package directory

import (
	"time"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
)

// Attachment gives a teacher a class. AAF deliveries of the premier degré do
// not say who teaches whom, so the head does, and no feed undoes it.
type Attachment struct {
	Class, Teacher school.ID
	Days           string // "lun mar", when the service is shared by days
	Share          int    // percent, when it is shared otherwise; 0: not said
	By             school.ID
	Until          time.Time // when it ends by itself; zero: with their post in the school
}

// ClassByID reads a class or a group that is open now.
func ClassByID(tx *db.Tx, id school.ID) (Class, error) {
	return Classes.One(tx, `id = $2 AND `+During(Classes.Name, 1), db.At(tx.Now), id)
}

// classIn reads a class or a group of a school that is open now.
func classIn(tx *db.Tx, at, id school.ID) (Class, error) {
	c, err := ClassByID(tx, id)
	if err == nil && c.School != at {
		err = fail.New(fail.NotFound, "no class %s in school %s", id, at)
	}
	return c, err
}

// Attach attaches a teacher to a class, or changes how they share it. It
// returns fail.Invalid when the person has no function in the class's school.
func Attach(tx *db.Tx, a Attachment) error {
	class, err := ClassByID(tx, a.Class)
	if err != nil {
		return err
	}
	works, err := db.One(tx, db.Column[int], `SELECT count(*) FROM directory_function f
		WHERE f.person_id = $2 AND f.structure_id = $3 AND `+During("f", 1), db.At(tx.Now), a.Teacher, class.School)
	if err != nil {
		return err
	}
	if works == 0 {
		return fail.New(fail.Invalid, "person %s has no function in school %s", a.Teacher, class.School).
			Say("directory.not-in-school").At("teacher")
	}
	if a.Share < 0 || a.Share > 100 {
		return fail.New(fail.Invalid, "a share of %d percent", a.Share).Say("directory.share").At("share")
	}
	row, err := Memberships.One(tx, openAttachment, db.At(tx.Now), a.Teacher, a.Class)
	if fail.Is(err, fail.NotFound) {
		return Memberships.Insert(tx, Membership{
			Person: a.Teacher, Class: a.Class, Role: AsTeacher, From: db.At(tx.Now), Until: db.At(a.Until), Days: a.Days, Share: a.Share, GrantedBy: a.By,
		})
	}
	if err != nil {
		return err
	}
	row.Days, row.Share, row.GrantedBy = a.Days, a.Share, a.By
	if !row.Until.IsZero() { // a class that they have for good stays theirs
		row.Until = db.At(a.Until)
	}
	return Memberships.Update(tx, row)
}

// KeepAttached has the classes that somebody was given for some days in a school be
// theirs as long as they have their post there: it was given for longer.
func KeepAttached(tx *db.Tx, at, person school.ID) error {
	_, err := tx.Exec(`UPDATE directory_membership SET until_at = NULL WHERE person_id = $2 AND role = '`+string(AsTeacher)+`' AND source_id = 0
		AND until_at > $1 AND class_id IN (SELECT id FROM directory_class WHERE school_id = $3)`, db.At(tx.Now), person, at)
	return err
}

var openAttachment = `person_id = $2 AND class_id = $3 AND role = 'teacher' AND ` + During(Memberships.Name, 1)

// Detach ends an attachment now.
func Detach(tx *db.Tx, class, teacher, by school.ID) error {
	row, err := Memberships.One(tx, openAttachment, db.At(tx.Now), teacher, class)
	if err != nil {
		return err
	}
	row.Until, row.GrantedBy = db.At(tx.Now), by
	return Memberships.Update(tx, row)
}

// Teaches is the condition that a person teaches a class at the instant $1, both of which
// are SQL.
func Teaches(person, class string) string {
	return `EXISTS (SELECT 1 FROM directory_membership m WHERE m.person_id = ` + person + ` AND m.class_id = ` + class + `
		AND m.role = '` + string(AsTeacher) + `' AND ` + During("m", 1) + `)`
}

// TaughtUntil is when a teacher has a class no more, the last of the days that were
// said; zero when none was, or when they do not teach it.
func TaughtUntil(tx *db.Tx, teacher, class school.ID) (time.Time, error) {
	held, err := Memberships.All(tx, `person_id = $2 AND class_id = $3 AND role = '`+string(AsTeacher)+`' AND `+During(Memberships.Name, 1),
		db.At(tx.Now), teacher, class)
	var last time.Time
	for _, m := range held {
		if m.Until.IsZero() {
			return time.Time{}, err
		}
		if m.Until.After(last) {
			last = m.Until.Time
		}
	}
	return last, err
}
