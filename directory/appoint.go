package directory

import (
	"fmt"
	"time"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
)

// Appointment gives a post that no delivery gives: an ATSEM, an agent of a
// commune, a pilot of an académie. It always has a granter and a reason, and
// it ends by itself.
type Appointment struct {
	// Person is 0 for somebody whom the register does not know: then the
	// names make them. Of who came by hand before, a mail replaces the one that
	// is known.
	Person                 school.ID
	Civility, First, Usual string
	Mail                   string

	Structure school.ID
	Template  string // code of one of [Templates]
	Label     string
	From      time.Time // zero, or past: now
	Until     time.Time // zero: the end of the school year
	By        school.ID // 0: the command line
	// ConfirmedBy is the second of the two who give some posts.
	ConfirmedBy school.ID
	// As is the profile with which By gives the post: it ends no later than
	// what they hold so. Empty: nothing of theirs ends it.
	As     school.Profile
	Reason string
}

// Appoint records an appointment, and gives the person's identifier. Somebody
// who holds the post already holds it until the new day.
//
// Only the operators whom the command line makes have no end: whoever holds
// the machine can make others.
func Appoint(tx *db.Tx, a Appointment) (school.ID, error) {
	a.Label, a.Reason = school.Clean(a.Label), school.Clean(a.Reason)
	post, err := a.post(tx)
	if err != nil {
		return 0, err
	}
	if a.Until, err = termOf(tx.Now, a.Until); err != nil {
		return 0, err
	}
	if err := a.outlives(tx); err != nil {
		return 0, err
	}
	if a.From.Before(tx.Now) {
		a.From = tx.Now
	}
	if post.Profile == school.Operator && a.By == 0 {
		a.Until = time.Time{}
	}
	if a.Person == 0 {
		p := Person{ID: school.NewID(tx.Now)}
		if err := (Identity{Civility: a.Civility, First: a.First, Usual: a.Usual, Mail: a.Mail}).write(&p); err != nil {
			return 0, err
		}
		if err := Persons.Insert(tx, p); err != nil {
			return 0, err
		}
		a.Person = p.ID
	} else if err := a.remail(tx); err != nil {
		return 0, err
	}
	if _, err := tx.Exec(`UPDATE directory_person SET departed_at = NULL WHERE id = $1 AND departed_at IS NOT NULL`, a.Person); err != nil {
		return 0, err
	}
	held, err := Functions.One(tx, `person_id = $2 AND structure_id = $3 AND code = $4 AND source_id = 0 AND `+During(Functions.Name, 1),
		db.At(tx.Now), a.Person, a.Structure, a.Template)
	if fail.Is(err, fail.NotFound) {
		err = Functions.Insert(tx, Function{
			Person: a.Person, Structure: a.Structure, Year: school.YearOf(a.From), Code: post.Code, Specialty: string(post.Care),
			From: db.At(a.From), Until: db.At(a.Until), Profile: post.Profile, Label: a.Label, GrantedBy: a.By, ConfirmedBy: a.ConfirmedBy,
			Reason: a.Reason,
		})
	} else if err == nil {
		held.Until, held.Label, held.Reason = db.At(a.Until), a.Label, a.Reason // whoever prolongs it did not give it
		err = Functions.Update(tx, held)
	}
	if err != nil {
		return 0, err
	}
	return a.Person, touch(tx, a.Person)
}

// remail gives somebody who came by hand the mail that they have now.
func (a Appointment) remail(tx *db.Tx) error {
	a.Mail = school.Clean(a.Mail)
	if a.Mail == "" {
		return nil
	}
	if !school.IsMail(a.Mail) {
		return noMail(a.Mail)
	}
	hand, err := ByHand(tx, a.Person)
	if err == nil && hand {
		_, err = tx.Exec(`UPDATE directory_person SET mail = $2 WHERE id = $1`, a.Person, a.Mail)
	}
	return err
}

// post checks what an appointment gives, and where.
func (a Appointment) post(tx *db.Tx) (Template, error) {
	post, ok := TemplateOf(a.Template)
	if !ok {
		return post, fail.New(fail.Invalid, "nobody is appointed %q", a.Template).Say("directory.post").At("post")
	}
	if post.Twice && !a.byTwo() {
		return post, fail.New(fail.Invalid, "one person alone gives no %s", post.Code).Say("directory.post-twice").At("post")
	}
	if a.Reason == "" {
		return post, fail.New(fail.Invalid, "an appointment without a reason").Say("directory.reasonless").At("reason")
	}
	at, err := StructureByID(tx, a.Structure)
	if err != nil {
		return post, err
	}
	if !post.Fits(at.Kind) || !at.Until.IsZero() {
		return post, fail.New(fail.Invalid, "nobody is %s of a %s", post.Code, at.Kind).Say("directory.post-place").At("post")
	}
	return post, nil
}

// byTwo tells whether two people give the post to a third.
func (a Appointment) byTwo() bool {
	return a.By != 0 && a.ConfirmedBy != 0 && a.By != a.ConfirmedBy && a.Person != a.By && a.Person != a.ConfirmedBy
}

// termOf is when what is given by hand ends: by default with the school year,
// and no later than the next one.
func termOf(now, until time.Time) (time.Time, error) {
	year := school.YearOf(now)
	switch {
	case until.IsZero():
		return year.End(), nil
	case !until.After(now), until.After((year + 1).End()):
		return until, fail.New(fail.Invalid, "a right until %s", until).Say("directory.term").At("until")
	}
	return until, nil
}

// outlives refuses a post that ends after what gives its granter the right to
// give it.
func (a Appointment) outlives(tx *db.Tx) error {
	if a.By == 0 || a.As == "" {
		return nil
	}
	end, err := EndOf(tx, a.By, a.As, a.Structure)
	if err != nil {
		return err
	}
	return outlives(a.Until, end)
}

// outlives refuses what ends after whoever gives it does: never, when that is zero.
func outlives(until, end time.Time) error {
	if end.IsZero() || !until.After(end) {
		return nil
	}
	last := school.LastDay(end).Format("02/01/2006")
	return fail.New(fail.Invalid, "until %s, of a granter who ends %s", until, end).Say("directory.term-granter", last).At("until")
}

// EndOf is when somebody's functions of a profile end that reach a structure,
// the last of them: those there, of an area around it, and of the project. It
// is zero when one has no end, as those of a feed, and fail.NotFound when none
// reaches it.
func EndOf(tx *db.Tx, person school.ID, profile school.Profile, structure school.ID) (time.Time, error) {
	held, err := Functions.allOf(tx, `SELECT `+Functions.columns("f")+` FROM directory_function f WHERE `+holding("$2", "$3", "$4"),
		db.At(tx.Now), person, profile, structure)
	if err != nil {
		return time.Time{}, err
	}
	if len(held) == 0 {
		return time.Time{}, fail.New(fail.NotFound, "%s is no %s that reaches %s", person, profile, structure)
	}
	var last time.Time
	for _, f := range held {
		if f.Until.IsZero() {
			return time.Time{}, nil
		}
		if f.Until.After(last) {
			last = f.Until.Time
		}
	}
	return last, nil
}

// Holds is the condition that somebody holds at the instant $1 a post of a profile
// that reaches a structure, as [EndOf] has it. All three are expressions.
func Holds(person, profile, structure string) string {
	return `EXISTS (SELECT 1 FROM directory_function f WHERE ` + holding(person, profile, structure) + `)`
}

// holding finds the functions f of [Holds].
func holding(person, profile, structure string) string {
	return `f.person_id = ` + person + ` AND f.profile = ` + profile + ` AND ` + During("f", 1) + ` AND (
		f.structure_id IN (SELECT id FROM directory_structure WHERE kind = '` + string(Project) + `')
		OR EXISTS (SELECT 1 FROM directory_structure s WHERE s.id = ` + structure + ` AND ` + fmt.Sprintf(InAreas, "f.structure_id") + `))`
}

// Dismiss ends what somebody was appointed to by hand in a structure, now.
func Dismiss(tx *db.Tx, person, structure school.ID, template string) error {
	held, err := Functions.All(tx, `person_id = $2 AND structure_id = $3 AND code = $4 AND source_id = 0 AND `+During(Functions.Name, 1),
		db.At(tx.Now), person, structure, template)
	if err != nil {
		return err
	}
	if len(held) == 0 {
		return fail.New(fail.NotFound, "%s is no %s of %s by hand", person, template, structure)
	}
	for _, f := range held {
		f.Until = db.At(tx.Now)
		if err := Functions.Update(tx, f); err != nil {
			return err
		}
	}
	return nil
}

// TheProject gives the structure of the whole installation, made when it is
// asked for the first time.
func TheProject(tx *db.Tx) (school.ID, error) {
	s, err := Structures.One(tx, "ref = 'project'")
	if !fail.Is(err, fail.NotFound) {
		return s.ID, err
	}
	s = Structure{ID: school.NewID(tx.Now), Ref: "project", Kind: Project, Name: "Préau", NameKey: "preau", From: db.At(tx.Now)}
	return s.ID, Structures.Insert(tx, s)
}

// StructureByRef finds a structure by what the world calls it:
// "commune:78999", "circonscription…", "academy:025", "uai:0789001K".
func StructureByRef(tx *db.Tx, ref string) (Structure, error) {
	return Structures.One(tx, "ref = $1", ref)
}
