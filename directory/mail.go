package directory

import (
	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
)

// WorkMail is the mail of somebody of a staff at work, as the record of the
// staff or whoever appointed them says it; empty when there is none. A
// teacher who is also a parent may have only a parent's record: that mail is
// the family's.
func WorkMail(tx *db.Tx, person school.ID) (string, error) {
	mail, err := db.One(tx, db.Column[string], `SELECT p.mail FROM directory_person p WHERE p.id = $1 AND `+ofWork, person)
	if fail.Is(err, fail.NotFound) {
		return "", nil
	}
	return mail, err
}

// ofWork tells that the mail of a person p is the one at work.
const ofWork = `(p.source_id = 0 OR EXISTS (SELECT 1 FROM directory_key k WHERE k.subject_id = p.id
	AND k.source_id = p.source_id AND k.jointure = p.jointure AND k.category = 'PersEducNat'))`
