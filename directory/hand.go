package directory

import (
	"slices"
	"time"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
)

// Identity is who somebody is, as a human writes it.
type Identity struct {
	Civility, First, Usual string
	BirthName              string
	Born                   string // of a pupil: "2019-03-04", or empty
	Mail                   string
}

// clean gives who they are in one line each.
func (who Identity) clean() Identity {
	for _, text := range []*string{&who.Civility, &who.First, &who.Usual, &who.BirthName, &who.Mail} {
		*text = school.Clean(*text)
	}
	return who
}

// ByHand tells whether somebody came by hand: no source has a record of them.
func ByHand(tx *db.Tx, person school.ID) (bool, error) {
	kept, err := KeeperOf(tx, person)
	return kept == KeptByHand, err
}

// Keeper is who keeps the record that says who somebody is.
type Keeper string

// The keepers.
const (
	KeptByHand    Keeper = "hand"    // in the register itself: no source has them
	KeptBySchool  Keeper = "school"  // pupils and their guardians
	KeptByAcademy Keeper = "academy" // the staff that the State pays, whatever else they are
)

// KeeperOf tells who keeps the record of somebody, and so who corrects it.
func KeeperOf(tx *db.Tx, person school.ID) (Keeper, error) {
	categories, err := db.All(tx, db.Column[string], `SELECT DISTINCT category FROM directory_key WHERE subject_id = $1 AND live`, person)
	switch {
	case err != nil:
		return "", err
	case len(categories) == 0:
		return KeptByHand, nil
	case slices.Contains(categories, ofStaff):
		return KeptByAcademy, nil
	}
	return KeptBySchool, nil
}

// unfed refuses whom a source tells of: what a human writes of them would be
// undone.
func unfed(tx *db.Tx, person school.ID) error {
	hand, err := ByHand(tx, person)
	if err == nil && !hand {
		err = fail.New(fail.Conflict, "a source tells of %s", person).Say("directory.fed")
	}
	return err
}

// Correct changes who somebody is. Of whom a source tells it is fail.Conflict:
// a correction is made there, and comes with the next delivery.
func Correct(tx *db.Tx, person school.ID, who Identity) error {
	if err := unfed(tx, person); err != nil {
		return err
	}
	p, err := Persons.One(tx, "id = $1", person)
	if err != nil {
		return err
	}
	if err := who.write(&p); err != nil {
		return err
	}
	if err := Persons.Update(tx, p); err != nil {
		return err
	}
	return touch(tx, person)
}

// write fills a person's row.
func (who Identity) write(p *Person) error {
	who = who.clean()
	if who.Usual == "" {
		return fail.New(fail.Invalid, "somebody without a name").Say("directory.nameless").At("name")
	}
	for _, name := range []struct{ text, field string }{{who.First, "first"}, {who.Usual, "name"}, {who.BirthName, "birth-name"}} {
		if name.text != "" && !school.IsName(name.text) {
			return fail.New(fail.Invalid, "nobody is called %.40q", name.text).Say("directory.no-name").At(name.field)
		}
	}
	if who.Mail != "" && !school.IsMail(who.Mail) {
		return noMail(who.Mail)
	}
	p.Civility, p.FirstName, p.UsualName, p.BirthName = who.Civility, who.First, who.Usual, who.BirthName
	p.BirthDate, p.Mail, p.SortKey = who.Born, who.Mail, SortKey(who.Usual, who.First)
	return nil
}

func noMail(text string) error {
	return fail.New(fail.Invalid, "%.40q is no mail address", text).Say("directory.no-mail").At("mail")
}

// Arrival is a pupil whom no delivery has brought yet: the first day at school
// does not wait for the academic directory. No feed touches what is made here;
// when one brings the child, a human says that both are one.
type Arrival struct {
	Identity
	School, Class school.ID
	Level         school.Level
	Cares         []Care // for which the family enrols the child
}

// AddPupil records an arrival, and gives the pupil's identifier.
func AddPupil(tx *db.Tx, a Arrival) (school.ID, error) {
	if err := a.check(tx); err != nil {
		return 0, err
	}
	p := Person{ID: school.NewID(tx.Now)}
	if err := a.write(&p); err != nil {
		return 0, err
	}
	now := db.At(tx.Now)
	known, err := db.One(tx, db.Column[bool], `SELECT EXISTS (SELECT 1 FROM directory_enrolment e
		JOIN directory_person p ON p.id = e.person_id AND p.sort_key = $3 AND p.birth_date = $4
		WHERE e.school_id = $2 AND `+During("e", 1)+`)`, now, a.School, p.SortKey, p.BirthDate)
	if err != nil {
		return 0, err
	}
	if known {
		return 0, fail.New(fail.Invalid, "a pupil of that name and birth date is in school %s", a.School).Say("directory.pupil-known").At("name")
	}
	if err := Persons.Insert(tx, p); err != nil {
		return 0, err
	}
	enrolment := Enrolment{Person: p.ID, School: a.School, Year: school.YearOf(tx.Now), From: now}
	a.enrol(&enrolment)
	if err := Enrolments.Insert(tx, enrolment); err != nil {
		return 0, err
	}
	if err := Memberships.Insert(tx, Membership{Person: p.ID, Class: a.Class, Role: AsPupil, From: now}); err != nil {
		return 0, err
	}
	return p.ID, touch(tx, p.ID)
}

// enrol fills an enrolment.
func (a Arrival) enrol(e *Enrolment) {
	e.LevelCode, e.Level = a.Level.Code, a.Level.Label
	e.MorningCare, e.Canteen = slices.Contains(a.Cares, MorningCare), slices.Contains(a.Cares, Canteen)
	e.EveningCare, e.Study = slices.Contains(a.Cares, EveningCare), slices.Contains(a.Cares, Study)
}

// ArrivalOf reads a pupil who came by hand as they were written.
func ArrivalOf(tx *db.Tx, at, pupil school.ID) (a Arrival, err error) {
	p, err := Persons.One(tx, "id = $1", pupil)
	if err != nil {
		return a, err
	}
	e, err := handEnrolment(tx, at, pupil)
	if err != nil {
		return a, err
	}
	in, err := PupilIn(tx, at, pupil)
	a = Arrival{
		Identity: Identity{Civility: p.Civility, First: p.FirstName, Usual: p.UsualName, BirthName: p.BirthName, Born: p.BirthDate, Mail: p.Mail},
		School:   at, Class: in.Class, Level: school.Level{Code: e.LevelCode, Label: e.Level},
	}
	for care, enrolled := range map[Care]bool{MorningCare: e.MorningCare, Canteen: e.Canteen, EveningCare: e.EveningCare, Study: e.Study} {
		if enrolled {
			a.Cares = append(a.Cares, care)
		}
	}
	return a, err
}

func handEnrolment(tx *db.Tx, at, pupil school.ID) (Enrolment, error) {
	return Enrolments.One(tx, `person_id = $2 AND school_id = $3 AND source_id = 0 AND `+During(Enrolments.Name, 1), db.At(tx.Now), pupil, at)
}

// check refuses a pupil without a first name, of another age than that of a
// child, or in no class of the school.
func (a Arrival) check(tx *db.Tx) error {
	if a.clean().First == "" {
		return fail.New(fail.Invalid, "a pupil without a first name").Say("directory.nameless-child").At("first")
	}
	if err := a.born(tx.Now); err != nil {
		return err
	}
	class, err := classIn(tx, a.School, a.Class)
	if err == nil && class.Kind != OrdinaryClass {
		err = fail.New(fail.NotFound, "%s is no class", a.Class)
	}
	return err
}

// born checks a pupil's birth date: a child of 1 to 15.
func (who Identity) born(now time.Time) error {
	born, err := time.Parse(time.DateOnly, who.Born)
	if who.Born != "" && err != nil {
		return fail.New(fail.Invalid, "a pupil born on %.20q, which is no day", who.Born).Say("directory.no-day").At("born")
	}
	if err != nil || born.After(now.AddDate(-1, 0, 0)) || born.Before(now.AddDate(-15, 0, 0)) {
		return fail.New(fail.Invalid, "a pupil born on %.20q", who.Born).Say("directory.birth-date").At("born")
	}
	return nil
}

// CorrectPupil changes what was written of a pupil who came by hand: who they
// are, their level, their class, what they are enrolled in.
func CorrectPupil(tx *db.Tx, pupil school.ID, a Arrival) error {
	if err := a.check(tx); err != nil {
		return err
	}
	if err := Correct(tx, pupil, a.Identity); err != nil {
		return err
	}
	e, err := handEnrolment(tx, a.School, pupil)
	if err != nil {
		return err
	}
	a.enrol(&e)
	if err := Enrolments.Update(tx, e); err != nil {
		return err
	}
	in, err := PupilIn(tx, a.School, pupil)
	if err != nil || in.Class == a.Class {
		return err
	}
	now := db.At(tx.Now)
	if _, err := tx.Exec(`UPDATE directory_membership SET until_at = $1 WHERE person_id = $2 AND class_id = $3 AND role = 'pupil' AND until_at IS NULL`,
		now, pupil, in.Class); err != nil {
		return err
	}
	if err := Void(tx, pupil); err != nil {
		return err
	}
	return Memberships.Insert(tx, Membership{Person: pupil, Class: a.Class, Role: AsPupil, From: now})
}

// ClosePupil ends, now, what a pupil who came by hand has in a school: they have
// left. When nothing else is left, bonds end too, and the pupil has departed. It
// can be undone: see [ReopenPupil].
func ClosePupil(tx *db.Tx, at, pupil school.ID) error {
	if err := unfed(tx, pupil); err != nil {
		return err
	}
	now := db.At(tx.Now)
	if err := execAll(tx, []string{
		`UPDATE directory_enrolment SET until_at = $1 WHERE person_id = $2 AND school_id = $3 AND until_at IS NULL`,
		`UPDATE directory_membership SET until_at = $1 WHERE person_id = $2 AND until_at IS NULL
			AND class_id IN (SELECT c.id FROM directory_class c WHERE c.school_id = $3)`,
	}, now, pupil, at); err != nil {
		return err
	}
	if err := Void(tx, pupil); err != nil {
		return err
	}
	elsewhere, err := db.One(tx, db.Column[bool], `SELECT EXISTS (SELECT 1 FROM directory_enrolment e
		WHERE e.person_id = $2 AND `+During("e", 1)+`)`, now, pupil)
	if err != nil || elsewhere {
		return err
	}
	return execAll(tx, []string{
		`UPDATE directory_bond SET until_at = $1 WHERE pupil_id = $2 AND until_at IS NULL`,
		`UPDATE directory_person SET departed_at = $1 WHERE id = $2`,
	}, now, pupil)
}

func execAll(tx *db.Tx, steps []string, args ...any) error {
	for _, step := range steps {
		if _, err := tx.Exec(step, args...); err != nil {
			return err
		}
	}
	return nil
}

// closedAt finds when the enrolment of this year of a pupil who came by hand was
// ended lately in a school that they are not in any more.
func closedAt(tx *db.Tx, at, pupil school.ID) (db.Time, error) {
	return db.One(tx, db.Column[db.Time], `SELECT e.until_at FROM directory_enrolment e WHERE e.person_id = $2 AND e.school_id = $3
		AND e.source_id = 0 AND e.year = $5 AND `+overSince("e", 1, 4)+` AND NOT EXISTS (
			SELECT 1 FROM directory_enrolment o WHERE o.person_id = $2 AND o.school_id = $3 AND `+NotOver("o", 1)+`)
		ORDER BY e.until_at DESC LIMIT 1`, db.At(tx.Now), pupil, at, db.At(tx.Now.Add(-endedLately)), school.YearOf(tx.Now))
}

// ClosedPupil reads a pupil who came by hand to a school and was closed there,
// and when; fail.NotFound when there is none.
func ClosedPupil(tx *db.Tx, at, pupil school.ID) (Person, db.Time, error) {
	when, err := closedAt(tx, at, pupil)
	if err != nil {
		return Person{}, when, err
	}
	p, err := Persons.One(tx, `id = $1 AND source_id = 0`, pupil)
	return p, when, err
}

// ClosedIn lists the pupils who came by hand to a school and were closed there
// lately: see [ClosedPupil].
func ClosedIn(tx *db.Tx, at school.ID) ([]Someone, error) {
	return db.All(tx, scanSomeone, `SELECT DISTINCT `+someone+` FROM directory_enrolment e
		JOIN directory_person p ON p.id = e.person_id AND p.source_id = 0
		WHERE e.school_id = $2 AND e.source_id = 0 AND e.year = $4 AND `+overSince("e", 1, 3)+` AND NOT EXISTS (
			SELECT 1 FROM directory_enrolment o WHERE o.person_id = e.person_id AND o.school_id = $2 AND `+NotOver("o", 1)+`)
		ORDER BY p.sort_key, p.id`, db.At(tx.Now), at, db.At(tx.Now.Add(-endedLately)), school.YearOf(tx.Now))
}

// ReopenPupil gives back what [ClosePupil] ended in a school; classes that are
// open still.
func ReopenPupil(tx *db.Tx, at, pupil school.ID) error {
	_, when, err := ClosedPupil(tx, at, pupil)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(`UPDATE directory_membership SET until_at = NULL WHERE person_id = $2 AND until_at = $1
		AND class_id IN (SELECT c.id FROM directory_class c WHERE c.school_id = $3 AND `+NotOver("c", 4)+`)`,
		when, pupil, at, db.At(tx.Now)); err != nil {
		return err
	}
	if _, err := tx.Exec(`UPDATE directory_enrolment SET until_at = NULL WHERE person_id = $2 AND school_id = $3 AND until_at = $1`,
		when, pupil, at); err != nil {
		return err
	}
	if err := execAll(tx, []string{
		`UPDATE directory_bond SET until_at = NULL WHERE pupil_id = $2 AND until_at = $1`,
		`UPDATE directory_person SET departed_at = NULL WHERE id = $2 AND departed_at = $1`,
	}, when, pupil); err != nil {
		return err
	}
	ties, err := tiesOf(tx, pupil)
	if err == nil {
		_, err = strike(tx, 0, ties, every, false)
	}
	if err != nil {
		return err
	}
	return touch(tx, pupil)
}

// NewBond is a bond that a human makes: of a guardian whom the register knows, or
// of somebody new.
type NewBond struct {
	Pupil, Guardian school.ID // Guardian is 0 for somebody new
	Identity
	Link      string // N_LIEN_ELEVE_RESPONSABLE
	Authority bool
}

// AddGuardian makes a bond by hand, and gives the guardian's identifier. It is
// fail.Invalid when they have one already, and when a judge restricts one of
// that name, now or later: a new record would be a way around.
func AddGuardian(tx *db.Tx, t NewBond) (school.ID, error) {
	now := db.At(tx.Now)
	if t.Guardian == 0 {
		p := Person{ID: school.NewID(tx.Now)}
		if err := t.write(&p); err != nil {
			return 0, err
		}
		if err := Persons.Insert(tx, p); err != nil {
			return 0, err
		}
		t.Guardian = p.ID
	}
	already, err := db.One(tx, db.Column[bool], `SELECT EXISTS (SELECT 1 FROM directory_bond b
		WHERE b.pupil_id = $2 AND b.guardian_id = $3 AND `+During("b", 1)+`)`, now, t.Pupil, t.Guardian)
	if err != nil {
		return 0, err
	}
	if already {
		return 0, fail.New(fail.Invalid, "%s is a guardian of %s already", t.Guardian, t.Pupil).Say("directory.bond-known").At("guardian")
	}
	if err := unrestricted(tx, t.Pupil, t.Guardian); err != nil {
		return 0, err
	}
	if err := Bonds.Insert(tx, Bond{Pupil: t.Pupil, Guardian: t.Guardian, From: now, Link: t.Link, Authority: t.Authority}); err != nil {
		return 0, err
	}
	if _, err := Strike(tx, 0, Kinship{t.Pupil, t.Guardian}); err != nil {
		return 0, err
	}
	return t.Guardian, touch(tx, t.Pupil, t.Guardian)
}

// unrestricted is fail.Invalid when a judge restricts another guardian of a pupil
// who may be the same person.
func unrestricted(tx *db.Tx, pupil, guardian school.ID) error {
	c, err := caseOf(tx, []Kinship{{pupil, guardian}})
	if err != nil {
		return err
	}
	for _, r := range c.restrictions {
		if r.Pupil == pupil && r.Guardian != guardian && c.oneAdult(r.Guardian, guardian) {
			return fail.New(fail.Invalid, "a judge restricts somebody of that name").Say("directory.bond-restricted").At("name")
		}
	}
	return nil
}

// UntiedOf lists the guardians whose bond by hand with a pupil was ended lately,
// and who have none.
func UntiedOf(tx *db.Tx, pupil school.ID) ([]Someone, error) {
	return db.All(tx, scanSomeone, `SELECT DISTINCT `+someone+` FROM directory_bond b JOIN directory_person p ON p.id = b.guardian_id
		WHERE b.pupil_id = $2 AND b.source_id = 0 AND `+overSince("b", 1, 3)+` AND NOT EXISTS (
			SELECT 1 FROM directory_bond o WHERE o.pupil_id = b.pupil_id AND o.guardian_id = b.guardian_id AND `+During("o", 1)+`)
		ORDER BY p.sort_key, p.id`, db.At(tx.Now), pupil, db.At(tx.Now.Add(-endedLately)))
}

// TieAgain gives back the last bond by hand of a guardian with a pupil, if it was
// ended lately. It is fail.Invalid as [AddGuardian] is.
func TieAgain(tx *db.Tx, pupil, guardian school.ID) error {
	bonds, err := Bonds.All(tx, `pupil_id = $2 AND guardian_id = $3 AND source_id = 0 AND `+overSince(Bonds.Name, 1, 4)+` ORDER BY until_at DESC LIMIT 1`,
		db.At(tx.Now), pupil, guardian, db.At(tx.Now.Add(-endedLately)))
	if err != nil {
		return err
	}
	if len(bonds) == 0 {
		return fail.New(fail.NotFound, "%s had no bond by hand with %s", guardian, pupil)
	}
	if err := unrestricted(tx, pupil, guardian); err != nil {
		return err
	}
	bonds[0].Until = db.Time{}
	if err := Bonds.Update(tx, bonds[0]); err != nil {
		return err
	}
	if _, err := Strike(tx, 0, Kinship{pupil, guardian}); err != nil {
		return err
	}
	return touch(tx, pupil, guardian)
}

// Untie ends a bond that was made by hand.
func Untie(tx *db.Tx, pupil, guardian school.ID) error {
	b, err := Bonds.One(tx, `pupil_id = $2 AND guardian_id = $3 AND source_id = 0 AND `+During(Bonds.Name, 1), db.At(tx.Now), pupil, guardian)
	if err != nil {
		return err
	}
	b.Until = db.At(tx.Now)
	if err := Bonds.Update(tx, b); err != nil {
		return err
	}
	return touch(tx, pupil, guardian)
}
