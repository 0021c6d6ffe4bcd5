package account

import (
	"preau/core/db"
	"preau/core/school"
)

// SuspectedDoors lists the ways into classes that [Suspected] counts, badges too, by
// class: posters first, then tablets.
func SuspectedDoors(tx *db.Tx, person school.ID) ([]ClassDoor, error) {
	return db.All(tx, scanDoor, `SELECT `+doorColumns+` FROM account_class_door WHERE made_by = $2 AND expires_at > $1
		AND EXISTS (SELECT 1 FROM account_account z WHERE z.person_id = $2 AND `+suspected("account_class_door")+`)
		ORDER BY class_id, tablet, id`, db.At(tx.Now), person)
}
