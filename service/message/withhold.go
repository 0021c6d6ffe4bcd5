package message

import (
	"preau/core/audience"
	"preau/core/db"
	"preau/core/school"
)

// Withhold keeps back what some people, by their records, wrote to be sent later, as their
// account is shut: whoever had it may have written that. It never leaves by itself any more, whatever
// becomes of the account. Its author reads that it did not, and takes it back to send it.
func Withhold(tx *db.Tx, authors ...school.ID) error {
	kept, err := db.All(tx, db.Column[school.ID], `UPDATE message_thread SET kept_at = $2
		WHERE author_id `+tx.Among(1)+` AND begun_at > $2 AND kept_at IS NULL RETURNING id`, db.List(tx, authors), db.At(tx.Now))
	if err != nil {
		return err
	}
	return audience.KeepBack(tx, kept...)
}

// countWithheld counts what somebody wrote that was kept back, and that they did not put away.
func countWithheld(tx *db.Tx, person school.ID) (int, error) {
	return db.One(tx, db.Column[int], `SELECT count(*) FROM message_thread t WHERE t.author_id = $1 AND t.kept_at IS NOT NULL
		AND NOT EXISTS (SELECT 1 FROM message_shelf h WHERE h.thread_id = t.id AND h.person_id = $1)`, person)
}
