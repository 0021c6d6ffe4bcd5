package directory

import (
	"slices"
	"time"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/rights"
	"preau/core/school"
)

// Grant is what a human gives somebody who works in a school, and no delivery
// knows: a class to help in (ATSEM), a pupil to follow (AESH), or a function of
// the head's. A class to help in is open in school time only.
type Grant struct {
	ID, Person, School school.ID
	Class, Pupil       school.ID // one of them; of a function the class, or neither for the whole school
	Function           rights.Function
	From, Until        db.Time
	GrantedBy          school.ID
	Reason             string
}

// Grants is the table of grants.
var Grants = Table[Grant]{
	Name: "directory_grant", Keys: 1,
	Columns: []string{"id", "person_id", "structure_id", "class_id", "pupil_id", "function", "from_at", "until_at", "granted_by", "reason"},
	fields: func(g *Grant) []any {
		return []any{&g.ID, &g.Person, &g.School, &g.Class, &g.Pupil, &g.Function, &g.From, &g.Until, &g.GrantedBy, &g.Reason}
	},
	Made:    func(*Grant) school.ID { return 0 },
	Subject: func(g *Grant) school.ID { return g.Person },
}

// GrantTerm is when what is given to a member of a school's staff ends unless
// one says otherwise: with the school year, or with their post there if it ends
// before; and when that post ends, zero when it has no end.
func GrantTerm(tx *db.Tx, at, person school.ID) (term, post time.Time, err error) {
	return grantTerm(tx, at, person, school.Staff)
}

// grantTerm is [GrantTerm] for who has one of some posts.
func grantTerm(tx *db.Tx, at, person school.ID, profiles ...school.Profile) (term, post time.Time, err error) {
	posts, err := Functions.All(tx, `person_id = $2 AND structure_id = $3 AND `+During(Functions.Name, 1), db.At(tx.Now), person, at)
	if err != nil {
		return term, post, err
	}
	posts = slices.DeleteFunc(posts, func(f Function) bool { return !slices.Contains(profiles, f.Profile) })
	if len(posts) == 0 {
		return term, post, fail.New(fail.Invalid, "%s is no staff of %s", person, at).Say("directory.not-in-school").At("class")
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
// more. It is fail.Invalid for who is no staff of the school, for a class or a
// pupil of another one, and beyond the end of their post. What somebody has
// already, they have until the new day.
func Give(tx *db.Tx, g Grant, until time.Time) error {
	if g.Reason = school.Clean(g.Reason); g.Reason == "" {
		return fail.New(fail.Invalid, "a grant without a reason").Say("directory.reasonless").At("reason")
	}
	term, post, err := grantTerm(tx, g.School, g.Person, g.holders()...)
	if err != nil {
		return err
	}
	if until.IsZero() {
		until = term
	}
	if until, err = termOf(tx.Now, until); err != nil {
		return err
	}
	if !post.IsZero() && until.After(post) {
		last := post.In(school.Paris).AddDate(0, 0, -1).Format("02/01/2006")
		return fail.New(fail.Invalid, "a grant beyond a post that ends on %s", post).Say("directory.beyond-post", last).At("until")
	}
	switch {
	case g.Class != 0:
		if _, err := classIn(tx, g.School, g.Class); err != nil {
			return err
		}
	case g.Function != "": // of the whole school
	default:
		if _, err := PupilIn(tx, g.School, g.Pupil); err != nil {
			return err
		}
	}
	g.From, g.Until = db.At(tx.Now), db.At(until)
	held, err := Grants.One(tx, `person_id = $2 AND structure_id = $3 AND class_id = $4 AND pupil_id = $5 AND function = $6 AND `+During(Grants.Name, 1),
		db.At(tx.Now), g.Person, g.School, g.Class, g.Pupil, g.Function)
	if fail.Is(err, fail.NotFound) {
		g.ID = school.NewID(tx.Now)
		return Grants.Insert(tx, g)
	}
	if err != nil {
		return err
	}
	g.ID, g.From = held.ID, held.From
	return Grants.Update(tx, g)
}

// TakeBack ends a grant of a school now.
func TakeBack(tx *db.Tx, at, grant school.ID) (Grant, error) {
	g, err := Grants.One(tx, `id = $2 AND structure_id = $3 AND `+During(Grants.Name, 1), db.At(tx.Now), grant, at)
	if err != nil {
		return g, err
	}
	_, err = tx.Exec(`UPDATE directory_grant SET until_at = $1 WHERE person_id = $2 AND structure_id = $3 AND class_id = $4 AND pupil_id = $5
		AND function = $6 AND until_at > $1`, db.At(tx.Now), g.Person, at, g.Class, g.Pupil, g.Function)
	return g, err
}

// borrowers are whom a head may lend a function: those who work in the school
// and do not hold it.
var borrowers = []school.Profile{school.Teacher, school.Staff, school.Admin}

// holders are whom a grant may be given to.
func (g Grant) holders() []school.Profile {
	if g.Function != "" {
		return borrowers
	}
	return []school.Profile{school.Staff}
}

// running finds the grants g that hold at the instant $1: their holder works in
// the school still, as what they were given is for, and the pupil is there.
var running = During("g", 1) + ` AND (g.pupil_id = 0 OR EXISTS (SELECT 1 FROM directory_enrolment e
	WHERE e.person_id = g.pupil_id AND e.school_id = g.structure_id AND ` + During("e", 1) + `)) AND EXISTS (SELECT 1 FROM directory_function f
	WHERE f.person_id = g.person_id AND f.structure_id = g.structure_id AND ` + During("f", 1) + `
	AND (f.profile = '` + string(school.Staff) + `' OR g.function <> '' AND f.profile IN ('` + string(school.Teacher) + `', '` + string(school.Admin) + `')))`

// GrantsOf lists the classes and the pupils that were entrusted to somebody now,
// by the end.
func GrantsOf(tx *db.Tx, person school.ID) ([]Grant, error) {
	return db.All(tx, Grants.Scan, `SELECT `+Grants.columns("g")+` FROM directory_grant g
		WHERE g.person_id = $2 AND g.function = '' AND `+running+` ORDER BY g.until_at, g.id`, db.At(tx.Now), person)
}

// LentAt lists the functions that the head of a school has lent and that run
// now, by the end.
func LentAt(tx *db.Tx, at school.ID) ([]Grant, error) {
	return db.All(tx, Grants.Scan, `SELECT `+Grants.columns("g")+` FROM directory_grant g
		WHERE g.structure_id = $2 AND g.function <> '' AND `+running+` ORDER BY g.until_at, g.id`, db.At(tx.Now), at)
}

// lentTo fills what was lent to somebody in the schools where they have the
// hat.
func lentTo(tx *db.Tx, a *rights.Actor) error {
	if !slices.Contains(borrowers, a.Profile) {
		return nil
	}
	return tx.Each(func(row db.Row) error {
		var l rights.Lent
		err := row.Scan(&l.Function, &l.School, &l.Class)
		a.Lent = append(a.Lent, l)
		return err
	}, `SELECT g.function, g.structure_id, g.class_id FROM directory_grant g
		WHERE g.person_id = $2 AND g.function <> '' AND `+running+` AND g.structure_id IN (`+db.In(a.Schools)+`) ORDER BY g.id`,
		db.At(tx.Now), a.Person)
}
