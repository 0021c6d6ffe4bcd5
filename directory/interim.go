package directory

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
)

// ActingHead is the post of whoever heads a school until it has a head: two people
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
// that a condition finds, by name, those that nobody heads for a time first: most of
// them at most. The instant is its $1.
func Headless(tx *db.Tx, most int, where string, args ...any) ([]Structure, error) {
	return Structures.allOf(tx, fmt.Sprintf(`SELECT %s FROM directory_structure s
		WHERE s.kind = 'school' AND s.until_at IS NULL AND NOT EXISTS (SELECT 1 FROM directory_function f WHERE f.structure_id = s.id
			AND f.profile = '%s' AND f.code <> '%s' AND %s) AND %s ORDER BY %s, s.name_key, s.id LIMIT %d`,
		Structures.columns("s"), school.Head, ActingHead, NotOver("f", 1), where, headed("s.id"), most), args...)
}

// Vacant lists the open schools s that nobody heads, not even for a time, and that a
// condition finds, but for some: most of them at most. The instant is its $1.
func Vacant(tx *db.Tx, most int, but []school.ID, where string, args ...any) ([]school.ID, error) {
	if len(but) > 0 {
		where += ` AND s.id NOT IN (` + db.In(but) + `)`
	}
	return db.All(tx, db.Column[school.ID], fmt.Sprintf(`SELECT s.id FROM directory_structure s
		WHERE s.kind = 'school' AND s.until_at IS NULL AND NOT %s AND %s ORDER BY s.name_key, s.id LIMIT %d`, headed("s.id"), where, most), args...)
}

// ActingAt lists who heads some schools for a time, now or soon.
func ActingAt(tx *db.Tx, schools ...school.ID) ([]Duty, error) {
	if len(schools) == 0 {
		return nil, nil
	}
	return dutiesWhere(tx, `f.structure_id IN (`+db.In(schools)+`) AND f.code = '`+ActingHead+`' AND `+NotOver("f", 1))
}

// OnlyActs tells whether somebody heads schools for a time, and none for good.
func OnlyActs(tx *db.Tx, person school.ID) (bool, error) {
	return db.One(tx, db.Column[bool], `SELECT coalesce(min(CASE WHEN f.code = '`+ActingHead+`' THEN 1 ELSE 0 END), 0) = 1 FROM directory_function f
		WHERE f.person_id = $2 AND f.profile = '`+string(school.Head)+`' AND `+During("f", 1), db.At(tx.Now), person)
}

// Acts tells whether somebody heads a school for a time, now or soon.
func Acts(tx *db.Tx, person school.ID) (bool, error) {
	return db.One(tx, db.Column[bool], `SELECT EXISTS (SELECT 1 FROM directory_function f
		WHERE f.person_id = $2 AND f.code = '`+ActingHead+`' AND `+NotOver("f", 1)+`)`, db.At(tx.Now), person)
}

// Understood gives what is proposed as it will be recorded: with its dates, and
// with whoever is meant, if they have the name in the school or head another one of
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
	people, err := namesakes(tx, i)
	if err != nil {
		return i, err
	}
	if i.Person, err = i.meant(people[i.School]); err != nil {
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
	taken, err := db.One(tx, db.Column[bool], `SELECT `+headed("$2"), db.At(tx.Now), at)
	if err == nil && taken {
		err = fail.New(fail.Conflict, "the school %s has a head", at).Say("directory.headed")
	}
	return err
}

// headed tells that a structure has a head, acting or not, at the instant $1 or soon.
func headed(structure string) string {
	return `EXISTS (SELECT 1 FROM directory_function h WHERE h.structure_id = ` + structure + ` AND h.profile = '` + string(school.Head) + `' AND ` + NotOver("h", 1) + `)`
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

// meant finds, among people of one name, who is meant: 0 for nobody. Of two the
// mail tells.
func (i Interim) meant(people []Person) (school.ID, error) {
	if len(people) > 1 {
		people = slices.DeleteFunc(slices.Clone(people), func(p Person) bool { return i.Mail == "" || p.Mail != i.Mail })
		if len(people) != 1 {
			return 0, fail.New(fail.Invalid, "several have the name of the acting head of %s", i.School).Say("directory.interim-several").At("mail")
		}
	}
	if len(people) == 0 {
		return 0, nil
	}
	return people[0].ID, nil
}

// namesakes gives, by school, who has the name of its interim among those who work
// there and the heads of the commune.
func namesakes(tx *db.Tx, all ...Interim) (map[school.ID][]Person, error) {
	found := map[school.ID][]Person{}
	if len(all) == 0 {
		return found, nil
	}
	names, schools := map[school.ID]string{}, make([]school.ID, len(all))
	args, places := []any{db.At(tx.Now)}, make([]string, len(all))
	for n, i := range all {
		names[i.School], schools[n] = SortKey(i.Usual, i.First), i.School
		args = append(args, names[i.School])
		places[n] = fmt.Sprintf("$%d", len(args))
	}
	in := db.In(schools)
	return found, tx.Each(func(row db.Row) error {
		var at school.ID
		var p Person
		if err := row.Scan(append([]any{&at}, Persons.fields(&p)...)...); err != nil {
			return err
		}
		if p.SortKey == names[at] {
			found[at] = append(found[at], p)
		}
		return nil
	}, `SELECT DISTINCT near.at, `+Persons.columns("p")+` FROM (
			SELECT s.id AS at, s.id AS id FROM directory_structure s WHERE s.id IN (`+in+`)
			UNION SELECT t.structure_id, w.structure_id FROM directory_within t
				JOIN directory_structure c ON c.id = t.ancestor_id AND c.kind = '`+string(Commune)+`'
				JOIN directory_within w ON w.ancestor_id = c.id WHERE t.structure_id IN (`+in+`)
		) near JOIN directory_function f ON f.structure_id = near.id AND (near.id = near.at OR f.profile = '`+string(school.Head)+`') AND `+During("f", 1)+`
		JOIN directory_person p ON p.id = f.person_id AND p.departed_at IS NULL AND p.sort_key IN (`+strings.Join(places, ", ")+`)`, args...)
}

// InterimOf reads what is proposed for a school, as [Proposed] does: fail.NotFound
// when nothing is that may be confirmed still.
func InterimOf(tx *db.Tx, at school.ID) (Interim, error) {
	all, err := Proposed(tx, "s.id = $2", db.At(tx.Now), at)
	if err != nil {
		return Interim{}, err
	}
	if len(all) == 0 {
		return Interim{}, fail.New(fail.NotFound, "nothing is proposed for %s, or it has lapsed", at)
	}
	return all[0], nil
}

// Proposed lists what is proposed for the schools s that a condition finds, and may
// be confirmed still. It lapses after [InterimWaits], and when its end has come,
// when the school has a head, when who proposed it may not any more, and when its
// names mean somebody else. The instant is its $1.
func Proposed(tx *db.Tx, where string, args ...any) ([]Interim, error) {
	all, err := Interims.allOf(tx, `SELECT `+Interims.columns("i")+` FROM directory_interim i
		JOIN directory_structure s ON s.id = i.school_id AND s.until_at IS NULL
		WHERE i.until_at > $1 AND NOT `+headed("s.id")+` AND EXISTS (
			SELECT 1 FROM directory_function g WHERE g.person_id = i.proposed_by AND g.profile = i.proposed_as AND `+During("g", 1)+`
				AND (g.until_at IS NULL OR g.until_at >= i.until_at)
				AND (g.structure_id IN (SELECT id FROM directory_structure WHERE kind = '`+string(Project)+`')
					OR `+fmt.Sprintf(InAreas, "g.structure_id")+`))
			AND `+where+` ORDER BY s.name_key, s.id`, args...)
	if err != nil {
		return nil, err
	}
	people, err := namesakes(tx, all...)
	return slices.DeleteFunc(all, func(i Interim) bool {
		meant, several := i.meant(people[i.School])
		return several != nil || meant != i.Person || !i.Lapses().After(tx.Now)
	}), err
}

// SameHands tells which of others have one person, operators apart, behind them and
// behind somebody: who is both, or gave the posts that they hold or held by hand,
// or gave theirs to whoever did. Whoever may appoint would be two people alone
// otherwise, and so would who dismisses the one in between.
func SameHands(tx *db.Tx, one school.ID, others ...school.ID) ([]school.ID, error) {
	return db.All(tx, db.Column[school.ID], `WITH RECURSIVE line (whose, id) AS (
			SELECT p.id, p.id FROM directory_person p WHERE p.id IN (`+db.In(append(others, one))+`)
			UNION SELECT line.whose, f.granted_by FROM line
				JOIN directory_function f ON f.person_id = line.id AND f.source_id = 0 AND f.granted_by <> 0)
		SELECT DISTINCT b.whose FROM line a JOIN line b ON b.id = a.id WHERE a.whose = $2 AND b.whose IN (`+db.In(others)+`) AND NOT EXISTS (
			SELECT 1 FROM directory_function o WHERE o.person_id = a.id AND o.profile = '`+string(school.Operator)+`' AND `+During("o", 1)+`)`,
		db.At(tx.Now), one)
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
