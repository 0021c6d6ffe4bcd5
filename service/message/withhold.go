package message

import (
	"fmt"

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

// withheldOf is the condition that a conversation t was kept back, and that the person $me who
// wrote it did not put it away.
func withheldOf(me int) string {
	return fmt.Sprintf(`t.author_id = $%d AND t.kept_at IS NOT NULL AND NOT `, me) +
		db.Probe(fmt.Sprintf(`SELECT 1 FROM message_shelf h WHERE h.thread_id = t.id AND h.person_id = $%d`, me))
}
