package directory

import (
	"fmt"
	"slices"
	"time"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
)

// ActingHead is the post of who heads a school until it has a head: two people
// of its commune or of its académie give it, and it ends when a head is named.
const ActingHead = "acting-head"

// InterimWaits is how long what one person proposed waits for a second one.
const InterimWaits = 7 * 24 * time.Hour

// Interim is what somebody proposes: that a school without a head be headed
// by somebody, for a time.
type Interim struct {
	School school.ID
	// Person is 0 for somebody whom the register does not know.
	Person                       school.ID
	Civility, First, Usual, Mail string
	From, Until                  db.Time
	Reason                       string
	ProposedBy                   school.ID
	ProposedAs                   school.Profile
	ProposedAt                   db.Time
}

// Interims is the table of what is proposed.
var Interims = Table[Interim]{
	Name: "directory_interim", Keys: 1,
	Columns: []string{"school_id", "person_id", "civility", "first_name", "usual_name", "mail", "from_at", "until_at", "reason",
		"proposed_by", "proposed_as", "proposed_at"},
	fields: func(i *Interim) []any {
		return []any{&i.School, &i.Person, &i.Civility, &i.First, &i.Usual, &i.Mail, &i.From, &i.Until, &i.Reason,
			&i.ProposedBy, &i.ProposedAs, &i.ProposedAt}
	},
	Made:    func(*Interim) school.ID { return 0 },
	Subject: func(i *Interim) school.ID { return i.Person },
}

// Name is the first name, then the family name.
func (i Interim) Name() string { return Someone{First: i.First, Usual: i.Usual}.Name() }

// Lapses is when it waits no more for a second person.
func (i Interim) Lapses() time.Time { return i.ProposedAt.Add(InterimWaits) }

// Appointment is what it becomes once somebody confirms it. Who is known keeps
// the mail that they have: whoever writes another would get their account.
func (i Interim) Appointment(by school.ID) Appointment {
	mail := i.Mail
	if i.Person != 0 {
		mail = ""
	}
	return Appointment{
		Person: i.Person, Civility: i.Civility, First: i.First, Usual: i.Usual, Mail: mail, Structure: i.School, Template: ActingHead,
		From: i.From.Time, Until: i.Until.Time, By: i.ProposedBy, As: i.ProposedAs, ConfirmedBy: by, Reason: i.Reason,
	}
}

// Headless lists the open schools s that have no head, acting heads apart, and
// that a condition finds, by name: most of them at most. The instant is its $1.
func Headless(tx *db.Tx, most int, where string, args ...any) ([]Structure, error) {
	return Structures.allOf(tx, fmt.Sprintf(`SELECT %s FROM directory_structure s
		WHERE s.kind = 'school' AND s.until_at IS NULL AND NOT EXISTS (SELECT 1 FROM directory_function f WHERE f.structure_id = s.id
			AND f.profile = '%s' AND f.code <> '%s' AND %s) AND %s ORDER BY s.name_key, s.id LIMIT %d`,
		Structures.columns("s"), school.Head, ActingHead, NotOver("f", 1), where, most), args...)
}

// ActingAt lists who heads some schools for a time, now or soon.
func ActingAt(tx *db.Tx, schools ...school.ID) ([]Duty, error) {
	if len(schools) == 0 {
		return nil, nil
	}
	return dutiesWhere(tx, `f.structure_id IN (`+db.In(schools)+`) AND f.code = '`+ActingHead+`' AND `+NotOver("f", 1))
}

// Understood gives what is proposed as it will be recorded: with its dates, and
// with who is meant, if they have the name in the school or head another one of
// the commune. It is fail.Conflict for a school that has a head, acting or not,
// or for which something is proposed.
func (i Interim) Understood(tx *db.Tx) (Interim, error) {
	if err := vacant(tx, i.School); err != nil {
		return i, err
	}
	if _, err := InterimOf(tx, i.School); err == nil {
		return i, fail.New(fail.Conflict, "an acting head of %s is proposed", i.School).Say("directory.interim-proposed")
	} else if !fail.Is(err, fail.NotFound) {
		return i, err
	}
	if err := i.date(tx.Now); err != nil {
		return i, err
	}
	var who Person // as it will be written
	if err := (Identity{Civility: i.Civility, First: i.First, Usual: i.Usual, Mail: i.Mail}).write(&who); err != nil {
		return i, err
	}
	if who.FirstName == "" {
		return i, fail.New(fail.Invalid, "an acting head without a first name").Say("directory.first-name").At("first")
	}
	i.Civility, i.First, i.Usual, i.Mail = who.Civility, who.FirstName, who.UsualName, who.Mail
	if i.Reason = school.Clean(i.Reason); i.Reason == "" {
		return i, fail.New(fail.Invalid, "an interim without a reason").Say("directory.reasonless").At("reason")
	}
	var err error
	if i.Person, err = i.meant(tx, who.SortKey); err != nil {
		return i, err
	}
	return i, i.Appointment(0).outlives(tx)
}

// Propose records a proposal, once it is understood, in the place of one that
// has lapsed.
func Propose(tx *db.Tx, i Interim) error {
	if _, err := Withdraw(tx, i.School); err != nil && !fail.Is(err, fail.NotFound) {
		return err
	}
	i.ProposedAt = db.At(tx.Now)
	return Interims.Insert(tx, i)
}

// vacant refuses a school that has a head, acting or not, now or soon.
func vacant(tx *db.Tx, at school.ID) error {
	taken, err := db.One(tx, db.Column[bool], `SELECT EXISTS (SELECT 1 FROM directory_function f
		WHERE f.structure_id = $2 AND f.profile = '`+string(school.Head)+`' AND `+NotOver("f", 1)+`)`, db.At(tx.Now), at)
	if err == nil && taken {
		err = fail.New(fail.Conflict, "the school %s has a head", at).Say("directory.headed")
	}
	return err
}

// date says when it begins and ends: from now unless it is said, until the end
// of that school year at the latest.
func (i *Interim) date(now time.Time) error {
	if i.From.Before(now) {
		i.From = db.At(now)
	}
	last := school.YearOf(i.From.Time).End()
	if i.Until.IsZero() {
		i.Until = db.At(last)
	}
	switch {
	case i.From.After(now.Add(interimAhead)):
		return fail.New(fail.Invalid, "an interim from %s", i.From).Say("directory.interim-from").At("from")
	case !i.Until.After(i.From.Time), i.Until.After(last):
		return fail.New(fail.Invalid, "an interim from %s until %s", i.From, i.Until).Say("directory.interim-until").At("until")
	}
	return nil
}

// interimAhead is how long before it begins an interim may be proposed.
const interimAhead = 60 * 24 * time.Hour

// meant finds who has the name, its sort key, among those who work in the
// school and the heads of the commune: 0 for nobody. Of two the mail tells.
func (i Interim) meant(tx *db.Tx, name string) (school.ID, error) {
	near, err := Neighbours(tx, i.School)
	if err != nil {
		return 0, err
	}
	people, err := Persons.All(tx, `sort_key = $2 AND departed_at IS NULL AND id IN (SELECT f.person_id FROM directory_function f
		WHERE (f.structure_id = $3 OR f.profile = '`+string(school.Head)+`' AND f.structure_id IN (`+db.In(near)+`)) AND `+During("f", 1)+`)`,
		db.At(tx.Now), name, i.School)
	if err != nil || len(people) == 0 {
		return 0, err
	}
	if len(people) > 1 {
		people = slices.DeleteFunc(people, func(p Person) bool { return i.Mail == "" || p.Mail != i.Mail })
	}
	if len(people) != 1 {
		return 0, fail.New(fail.Invalid, "several have the name of the acting head of %s", i.School).Say("directory.interim-several").At("mail")
	}
	return people[0].ID, nil
}

// InterimOf reads what is proposed for a school: fail.NotFound when nothing is
// that may be confirmed still. It lapses after [InterimWaits], and when its end
// has come, when the school has a head, when who proposed it may not any more,
// and when its names mean somebody else.
func InterimOf(tx *db.Tx, at school.ID) (Interim, error) {
	i, err := Interims.One(tx, `school_id = $1`, at)
	if err != nil {
		return i, err
	}
	over := !i.Lapses().After(tx.Now) || !i.Until.After(tx.Now)
	if err = vacant(tx, at); err == nil {
		err = i.Appointment(0).outlives(tx)
	}
	if err == nil {
		var now school.ID
		now, err = i.meant(tx, SortKey(i.Usual, i.First))
		over = over || now != i.Person
	}
	if over || fail.Is(err, fail.Conflict) || fail.Is(err, fail.Invalid) {
		err = fail.New(fail.NotFound, "what was proposed for %s has lapsed", at)
	}
	return i, err
}

// Proposed lists the schools s for which something is proposed, and that a
// condition finds; [InterimOf] tells whether it holds.
func Proposed(tx *db.Tx, where string, args ...any) ([]school.ID, error) {
	return db.All(tx, db.Column[school.ID], `SELECT i.school_id FROM directory_interim i
		JOIN directory_structure s ON s.id = i.school_id AND s.until_at IS NULL WHERE `+where+` ORDER BY s.name_key, s.id`, args...)
}

// SameHand tells whether one person, operators apart, stands behind two: who is
// both, or gave the posts that they hold or held by hand, or gave theirs to who
// did. Whoever may appoint would be two people alone otherwise, and so would who
// dismisses the one in between.
func SameHand(tx *db.Tx, one, other school.ID) (bool, error) {
	return db.One(tx, db.Column[bool], `WITH RECURSIVE line (whose, id) AS (
			SELECT p.id, p.id FROM directory_person p WHERE p.id IN ($2, $3)
			UNION SELECT line.whose, f.granted_by FROM line
				JOIN directory_function f ON f.person_id = line.id AND f.source_id = 0 AND f.granted_by <> 0)
		SELECT EXISTS (SELECT 1 FROM line a JOIN line b ON b.id = a.id WHERE a.whose = $2 AND b.whose = $3 AND NOT EXISTS (
			SELECT 1 FROM directory_function o WHERE o.person_id = a.id AND o.profile = '`+string(school.Operator)+`' AND `+During("o", 1)+`))`,
		db.At(tx.Now), one, other)
}

// Withdraw ends what is proposed for a school.
func Withdraw(tx *db.Tx, at school.ID) (Interim, error) {
	i, err := Interims.One(tx, `school_id = $1`, at)
	if err != nil {
		return i, err
	}
	return i, Interims.remove(tx, i)
}

// EndInterim ends the interim of a school, now: its head is named, or somebody
// wants it over. It gives who headed it.
func EndInterim(tx *db.Tx, at school.ID) ([]school.ID, error) {
	acting, err := Functions.All(tx, `structure_id = $2 AND code = '`+ActingHead+`' AND `+NotOver(Functions.Name, 1), db.At(tx.Now), at)
	if err != nil {
		return nil, err
	}
	people := make([]school.ID, len(acting))
	for n, f := range acting {
		people[n], f.Until = f.Person, db.At(tx.Now)
		if err := Functions.Update(tx, f); err != nil {
			return nil, err
		}
	}
	return people, nil
}

// InterimsOver lists the functions of acting heads of the schools that have a
// head now.
func InterimsOver(tx *db.Tx) ([]Function, error) {
	return Functions.All(tx, `code = '`+ActingHead+`' AND source_id = 0 AND `+NotOver(Functions.Name, 1)+` AND EXISTS (
		SELECT 1 FROM directory_function h WHERE h.structure_id = directory_function.structure_id
		AND h.profile = '`+string(school.Head)+`' AND h.code <> '`+ActingHead+`' AND `+During("h", 1)+`)`, db.At(tx.Now))
}
