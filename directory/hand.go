package directory

import (
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

// ByHand tells whether somebody came by hand: no source has a record of them.
func ByHand(tx *db.Tx, person school.ID) (bool, error) {
	fed, err := db.One(tx, db.Column[bool], `SELECT EXISTS (SELECT 1 FROM directory_key WHERE subject_id = $1 AND live)`, person)
	return !fed, err
}

// Correct changes who somebody is. Of whom a source tells it is fail.Conflict:
// a correction is made there, and comes with the next delivery.
func Correct(tx *db.Tx, person school.ID, who Identity) error {
	hand, err := ByHand(tx, person)
	if err != nil {
		return err
	}
	if !hand {
		return fail.New(fail.Conflict, "a source tells of %s", person).Say("directory.fed")
	}
	p, err := Persons.One(tx, "id = $1", person)
	if err != nil {
		return err
	}
	if err := who.write(&p); err != nil {
		return err
	}
	return Persons.Update(tx, p)
}

// write fills a person's row.
func (who Identity) write(p *Person) error {
	if who.Usual == "" {
		return fail.New(fail.Invalid, "somebody without a name").Say("directory.nameless").At("name")
	}
	p.Civility, p.FirstName, p.UsualName, p.BirthName = who.Civility, who.First, who.Usual, who.BirthName
	p.BirthDate, p.Mail, p.SortKey = who.Born, who.Mail, SortKey(who.Usual, who.First)
	return nil
}
