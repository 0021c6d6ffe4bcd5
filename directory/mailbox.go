package directory

import (
	"strings"

	"preau/core/db"
	"preau/core/school"
)

// Mailboxes gives the addresses at which people are written to about their
// account: the one at work of whoever works in a school or above, that of their
// family's record for guardians. Pupils have none, nor have organisations and
// those who are nothing any more.
func Mailboxes(tx *db.Tx, people ...school.ID) (map[school.ID]string, error) {
	boxes := make(map[school.ID]string, len(people))
	return boxes, tx.Each(func(row db.Row) error {
		var person school.ID
		var mail string
		err := row.Scan(&person, &mail)
		boxes[person] = mail
		return err
	}, `SELECT p.id, p.mail FROM directory_person p WHERE p.id `+tx.Among(2)+` AND `+written, db.At(tx.Now), db.List(tx, people))
}

// AtMailbox lists the people who are written to at an address, in whatever
// letters: a few, as a family has.
func AtMailbox(tx *db.Tx, address string) ([]school.ID, error) {
	return db.All(tx, db.Column[school.ID], `SELECT p.id FROM directory_person p
		WHERE lower(p.mail) = $2 AND `+written+` ORDER BY p.id LIMIT 10`, db.At(tx.Now), strings.ToLower(address))
}

// written finds who is written to among people p, at the instant $1. A teacher
// who is also a parent may have only a parent's record: that mail is the
// family's, and says nothing of the teacher's account; see [WorkMail].
var written = `p.mail <> '' AND NOT p.organisation AND (p.departed_at IS NULL OR p.departed_at > $1)
	AND NOT EXISTS (SELECT 1 FROM directory_enrolment e WHERE e.person_id = p.id AND ` + During("e", 1) + `)
	AND CASE WHEN EXISTS (SELECT 1 FROM directory_function f WHERE f.person_id = p.id AND ` + During("f", 1) + `)
		THEN ` + ofWork + `
		ELSE EXISTS (SELECT 1 FROM directory_bond b WHERE b.guardian_id = p.id AND ` + During("b", 1) + ` AND NOT EXISTS (` + barred + `)) END`
