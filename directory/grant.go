package directory

import (
	"cmp"
	"time"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/rights"
	"preau/core/school"
)

// Grant is what a human gives somebody who works in a school, and no delivery
// knows: a class to help in (ATSEM), a pupil to follow (AESH), or a function, of
// the head's or of the commune's. A class to help in is open in school time only.
type Grant struct {
	ID, Person   school.ID
	Lender       school.ID // where whoever gives it holds it: the school unless it says otherwise
	School       school.ID // the lender itself for all its schools, of a function that a commune lends
	Class, Pupil school.ID // one of them; of a function the class, or neither for the whole school
	Function     rights.Function
	From, Until  db.Time
	GrantedBy    school.ID
	Reason       string
}

// The functions that are lent: each is a set of rights that services lend
// together.
const (
	LentAccounts  rights.Function = "accounts"   // hand out their accounts to pupils and to families
	LentFeeds     rights.Function = "feeds"      // keep the register of a school in step, all its classes at once
	LentServices  rights.Function = "services"   // choose the services with which a school works
	LentAlerts    rights.Function = "alerts"     // tell urgent notices, and telephone those whom they do not reach
	LentTeamCodes rights.Function = "team-codes" // see the agents of the périscolaire, and hand out their codes
	LentCareLists rights.Function = "care-lists" // read who is enrolled in every service of the périscolaire
)

// FunctionKey is the key of what a function that is lent is called.
func FunctionKey(f rights.Function) string { return "directory.function-" + string(f) }

// Grants is the table of grants.
var Grants = Table[Grant]{
	Name: "directory_grant", Keys: 1,
	Columns: []string{"id", "person_id", "lender_id", "structure_id", "class_id", "pupil_id", "function", "from_at", "until_at", "granted_by", "reason"},
	fields: func(g *Grant) []any {
		return []any{&g.ID, &g.Person, &g.Lender, &g.School, &g.Class, &g.Pupil, &g.Function, &g.From, &g.Until, &g.GrantedBy, &g.Reason}
	},
	Made:    func(*Grant) school.ID { return 0 },
	Subject: func(g *Grant) school.ID { return g.Person },
}

// GrantTerm is when what is given to a member of a school's staff ends unless
// one says otherwise: with the school year, or with their post there if it ends
// before; and when that post ends, zero when it has no end.
func GrantTerm(tx *db.Tx, at, person school.ID) (term, post time.Time, err error) {
	return Grant{Person: person, Lender: at}.term(tx)
}

// term is [GrantTerm] by the posts that a grant rests on.
func (g Grant) term(tx *db.Tx) (term, post time.Time, err error) {
	posts, err := Functions.allOf(tx, `SELECT `+Functions.columns("f")+` FROM directory_function f
		WHERE f.person_id = $2 AND `+During("f", 1)+` AND `+under("$3", "$4"), db.At(tx.Now), g.Person, g.Lender, g.Function)
	if err != nil {
		return term, post, err
	}
	if len(posts) == 0 {
		return term, post, fail.New(fail.Invalid, "%s is no staff of %s", g.Person, g.Lender).Say("directory.not-in-school").At("class")
	}
	term = school.YearOf(tx.Now).End()
	for _, f := range posts {
		if f.Until.IsZero() {
			return term, time.Time{}, nil
		}
		if f.Until.After(post) {
			post = f.Until.Time
		}
	}
	if post.Before(term) {
		term = post
	}
	return term, post, nil
}

// Give records a grant: until [GrantTerm], unless it says less or somewhat
// more. It is fail.Invalid for whoever is no staff of the lender, for a class or a
// pupil of another school, and beyond the end of their post; fail.NotFound for
// a school that is not the lender's. What somebody has already, they have until
// the new day.
func Give(tx *db.Tx, g Grant, until time.Time) error {
	_, err := g.give(tx, until, time.Time{})
	return err
}

// Lend records a grant as [Give] does, by whoever holds with a profile what they give:
// until they hold it no more at the latest. It gives what was recorded.
func Lend(tx *db.Tx, g Grant, as school.Profile, until time.Time) (Grant, error) {
	g.Lender = cmp.Or(g.Lender, g.School)
	end, err := EndOf(tx, g.GrantedBy, as, g.Lender)
	if err != nil {
		return g, err
	}
	return g.give(tx, until, end)
}

// give is [Give] until the end of the granter's post at the latest; zero: it has none.
func (g Grant) give(tx *db.Tx, until, end time.Time) (Grant, error) {
	if g.Reason = school.Clean(g.Reason); g.Reason == "" {
		return g, fail.New(fail.Invalid, "a grant without a reason").Say("directory.reasonless").At("reason")
	}
	g.Lender = cmp.Or(g.Lender, g.School)
	if err := g.within(tx); err != nil {
		return g, err
	}
	term, post, err := g.term(tx)
	if err != nil {
		return g, err
	}
	if until.IsZero() {
		if until = term; !end.IsZero() && end.Before(term) {
			until = end
		}
	}
	if until, err = termOf(tx.Now, until); err != nil {
		return g, err
	}
	if err := outlives(until, end); err != nil {
		return g, err
	}
	if !post.IsZero() && until.After(post) {
		last := school.LastDay(post).Format("02/01/2006")
		return g, fail.New(fail.Invalid, "a grant beyond a post that ends on %s", post).Say("directory.beyond-post", last).At("until")
	}
	switch {
	case g.Class != 0:
		if _, err := classIn(tx, g.School, g.Class); err != nil {
			return g, err
		}
	case g.Function != "": // of the whole place
	default:
		if _, err := PupilIn(tx, g.School, g.Pupil); err != nil {
			return g, err
		}
	}
	g.From, g.Until = db.At(tx.Now), db.At(until)
	held, err := Grants.One(tx, alike+` AND `+During(Grants.Name, 1), g.alike(tx)...)
	if fail.Is(err, fail.NotFound) {
		g.ID = school.NewID(tx.Now)
		return g, Grants.Insert(tx, g)
	}
	if err != nil {
		return g, err
	}
	g.ID, g.From = held.ID, held.From
	return g, Grants.Update(tx, g)
}

// within refuses a school that is not the lender's.
func (g Grant) within(tx *db.Tx) error {
	if g.School == g.Lender {
		return nil
	}
	_, err := Structures.One(tx, `id = $1 AND kind = '`+string(School)+`' AND until_at IS NULL AND id IN (
		SELECT structure_id FROM directory_within WHERE ancestor_id = $2)`, g.School, g.Lender)
	return err
}

// alike finds what gives the same to the same person, of the same place.
const alike = `person_id = $2 AND lender_id = $3 AND structure_id = $4 AND class_id = $5 AND pupil_id = $6 AND function = $7`

func (g Grant) alike(tx *db.Tx) []any {
	return []any{db.At(tx.Now), g.Person, g.Lender, g.School, g.Class, g.Pupil, g.Function}
}

// TakeBack ends now what was given from a place.
func TakeBack(tx *db.Tx, lender, grant school.ID) (Grant, error) {
	g, err := Grants.One(tx, `id = $2 AND lender_id = $3 AND `+During(Grants.Name, 1), db.At(tx.Now), grant, lender)
	if err != nil {
		return g, err
	}
	if _, err = tx.Exec(`UPDATE directory_grant SET until_at = $1 WHERE `+alike+` AND until_at > $1`, g.alike(tx)...); err != nil {
		return g, err
	}
	return g, Void(tx, g.Person)
}

// under is a condition: in the post f one may be given, by the lender, something
// that is no function when it is empty. A head gives classes and pupils to the
// staff of the school, and lends to all who work there; a commune lends to the
// agents of its schools.
func under(lender, function string) string {
	return `(f.structure_id = ` + lender + ` AND (f.profile = '` + string(school.Staff) + `'
			OR ` + function + ` <> '' AND f.profile IN ('` + string(school.Teacher) + `', '` + string(school.Admin) + `'))
		OR f.profile = '` + string(school.CareAgent) + `' AND f.structure_id IN (SELECT w.structure_id FROM directory_within w WHERE w.ancestor_id = ` + lender + `))`
}

// Borrowers lists, by name, the posts of those to whom a function may be lent
// from a place: who heads the school or acts for the commune holds it already.
func Borrowers(tx *db.Tx, lender school.ID) ([]Duty, error) {
	return dutiesWhere(tx, under("$2", "'any'")+` AND p.departed_at IS NULL AND `+During("f", 1)+` AND NOT EXISTS (
		SELECT 1 FROM directory_function h WHERE h.person_id = f.person_id AND h.structure_id = $2
		AND h.profile IN ('`+string(school.Head)+`', '`+string(school.Municipal)+`') AND `+During("h", 1)+`)`, lender)
}

// running finds the grants g that hold at the instant $1: their holder has a
// post for it still, the school is the lender's still, and the pupil is there.
var running = During("g", 1) + ` AND (g.pupil_id = 0 OR EXISTS (SELECT 1 FROM directory_enrolment e
	WHERE e.person_id = g.pupil_id AND e.school_id = g.structure_id AND ` + During("e", 1) + `))
	AND (g.structure_id = g.lender_id OR EXISTS (SELECT 1 FROM directory_within w
		WHERE w.structure_id = g.structure_id AND w.ancestor_id = g.lender_id))
	AND EXISTS (SELECT 1 FROM directory_function f WHERE f.person_id = g.person_id AND ` + During("f", 1) + ` AND ` + under("g.lender_id", "g.function") + `)`

// Runs is the condition that the grant of which an expression is the identifier
// holds at the instant $1.
func Runs(grant string) string {
	return `EXISTS (SELECT 1 FROM directory_grant g WHERE g.id = ` + grant + ` AND ` + running + `)`
}

// HoldLoan gives when a loan ends, and holds back whoever takes it back at this
// moment, by writing its row, though nothing changes in it. One that is over is
// fail.NotFound.
func HoldLoan(tx *db.Tx, loan school.ID) (time.Time, error) {
	until, err := db.One(tx, db.Column[db.Time], `UPDATE directory_grant SET until_at = until_at
		WHERE id = $2 AND until_at > $1 RETURNING until_at`, db.At(tx.Now), loan)
	return until.Time, err
}

// GrantsOf lists the classes and the pupils that were entrusted to somebody now,
// by the end.
func GrantsOf(tx *db.Tx, person school.ID) ([]Grant, error) {
	return db.All(tx, Grants.Scan, `SELECT `+Grants.columns("g")+` FROM directory_grant g
		WHERE g.person_id = $2 AND g.function = '' AND `+running+` ORDER BY g.until_at, g.id`, db.At(tx.Now), person)
}

// HelpersIn lists, by name, who was entrusted some classes to help in, and still is:
// each once for a class.
func HelpersIn(tx *db.Tx, classes ...school.ID) ([]InClass, error) {
	if len(classes) == 0 {
		return nil, nil
	}
	return db.All(tx, func(row db.Row) (in InClass, err error) { return in, row.Scan(append(in.fields(), &in.Class)...) },
		`SELECT DISTINCT `+someone+`, g.class_id FROM directory_grant g JOIN directory_person p ON p.id = g.person_id
		WHERE g.class_id `+tx.Among(2)+` AND g.function = '' AND `+running+` ORDER BY p.sort_key, p.id`, db.At(tx.Now), db.List(tx, classes))
}

// Loan is a function that was lent, with the names that say it.
type Loan struct {
	Grant
	Who     Someone
	Place   Named  // over which
	Room    string // the class; empty for the whole place
	Granter string
}

// LentFrom lists the functions that were lent from a place and that run now, by
// the end.
func LentFrom(tx *db.Tx, lender school.ID) ([]Loan, error) {
	return loans(tx, `g.lender_id`, lender)
}

// LentTo lists the functions that were lent to somebody, or to each of some, and
// that run now, by the end.
func LentTo(tx *db.Tx, people ...school.ID) ([]Loan, error) {
	if len(people) == 0 {
		return nil, nil
	}
	return loans(tx, `g.person_id`, people...)
}

func loans(tx *db.Tx, column string, ids ...school.ID) ([]Loan, error) {
	return db.All(tx, func(row db.Row) (l Loan, err error) {
		var granter Someone
		fields := append(Grants.fields(&l.Grant), l.Who.fields()...)
		err = row.Scan(append(fields, &l.Place.ID, &l.Place.Name, &l.Place.Kind, &l.Room, &granter.First, &granter.Usual)...)
		l.Granter = granter.Name()
		return l, err
	}, `SELECT `+Grants.columns("g")+`, `+someone+`, s.id, s.name, s.kind, coalesce(c.label, ''), coalesce(b.first_name, ''), coalesce(b.usual_name, '')
		FROM directory_grant g JOIN directory_person p ON p.id = g.person_id
		JOIN directory_structure s ON s.id = g.structure_id
		LEFT JOIN directory_class c ON c.id = g.class_id
		LEFT JOIN directory_person b ON b.id = g.granted_by
		WHERE `+column+` `+tx.Among(2)+` AND g.function <> '' AND `+running+` ORDER BY g.until_at, g.id`, db.At(tx.Now), db.List(tx, ids))
}

// lentTo fills what was lent to somebody for the schools where they have the
// hat: by the school itself or, to an agent of the commune, by what it is within.
func lentTo(tx *db.Tx, a *rights.Actor) error {
	lenders := tx.Among(3)
	switch a.Profile {
	case school.Teacher, school.Staff, school.Admin:
	case school.CareAgent:
		lenders = `IN (SELECT w.ancestor_id FROM directory_within w WHERE w.structure_id ` + lenders + `)`
	default:
		return nil
	}
	return tx.Each(func(row db.Row) error {
		var l rights.Lent
		err := row.Scan(&l.ID, &l.Function, &l.School, &l.Class)
		a.Lent = append(a.Lent, l)
		return err
	}, `SELECT g.id, g.function, s.id, g.class_id FROM directory_grant g
		LEFT JOIN directory_within o ON o.ancestor_id = g.structure_id
		JOIN directory_structure s ON s.id = coalesce(o.structure_id, g.structure_id) AND s.kind = '`+string(School)+`'
		WHERE g.person_id = $2 AND g.function <> '' AND `+running+` AND g.lender_id `+lenders+` ORDER BY g.id, s.id`,
		db.At(tx.Now), a.Person, db.List(tx, a.Schools))
}
