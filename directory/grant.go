package directory

import (
	"time"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
)

// Grant is what a human gives a member of a school's staff, and no delivery
// knows: a class to help in (ATSEM), or a pupil to follow (AESH). A class is
// open to them in school time only.
type Grant struct {
	ID, Person, School school.ID
	Class, Pupil       school.ID // one of them; the other is 0
	From, Until        db.Time
	GrantedBy          school.ID
	Reason             string
}

// Grants is the table of grants.
var Grants = Table[Grant]{
	Name: "directory_grant", Keys: 1,
	Columns: []string{"id", "person_id", "structure_id", "class_id", "pupil_id", "from_at", "until_at", "granted_by", "reason"},
	fields: func(g *Grant) []any {
		return []any{&g.ID, &g.Person, &g.School, &g.Class, &g.Pupil, &g.From, &g.Until, &g.GrantedBy, &g.Reason}
	},
	Made:    func(*Grant) school.ID { return 0 },
	Subject: func(g *Grant) school.ID { return g.Person },
}

// GrantTerm is when what is given to a member of a school's staff ends unless
// one says otherwise: with the school year, or with their post there if it ends
// before; and when that post ends, zero when it has no end.
func GrantTerm(tx *db.Tx, at, person school.ID) (term, post time.Time, err error) {
	posts, err := Functions.All(tx, `person_id = $2 AND structure_id = $3 AND profile = $4 AND `+During(Functions.Name, 1),
		db.At(tx.Now), person, at, school.Staff)
	if err != nil {
		return term, post, err
	}
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
	term, post, err := GrantTerm(tx, g.School, g.Person)
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
	if g.Class != 0 {
		if _, err := classIn(tx, g.School, g.Class); err != nil {
			return err
		}
	} else if _, err := PupilIn(tx, g.School, g.Pupil); err != nil {
		return err
	}
	g.From, g.Until = db.At(tx.Now), db.At(until)
	held, err := Grants.One(tx, `person_id = $2 AND structure_id = $3 AND class_id = $4 AND pupil_id = $5 AND `+During(Grants.Name, 1),
		db.At(tx.Now), g.Person, g.School, g.Class, g.Pupil)
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
		AND until_at > $1`, db.At(tx.Now), g.Person, at, g.Class, g.Pupil)
	return g, err
}

// running finds the grants g that hold at the instant $1: their holder is
// staff of the school still, and the pupil is there.
var running = During("g", 1) + ` AND (g.pupil_id = 0 OR EXISTS (SELECT 1 FROM directory_enrolment e
	WHERE e.person_id = g.pupil_id AND e.school_id = g.structure_id AND ` + During("e", 1) + `)) AND EXISTS (SELECT 1 FROM directory_function f
	WHERE f.person_id = g.person_id AND f.structure_id = g.structure_id AND f.profile = '` + string(school.Staff) + `' AND ` + During("f", 1) + `)`

// GrantsOf lists what somebody was given and holds now, by its end.
func GrantsOf(tx *db.Tx, person school.ID) ([]Grant, error) {
	return db.All(tx, Grants.Scan, `SELECT `+Grants.columns("g")+` FROM directory_grant g
		WHERE g.person_id = $2 AND `+running+` ORDER BY g.until_at, g.id`, db.At(tx.Now), person)
}
