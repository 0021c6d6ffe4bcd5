package news

import (
	"math"

	"preau/core/db"
	"preau/core/past"
	"preau/core/school"
)

// Withhold takes away what some people, by their records, wrote to appear later, as their account
// is shut: whoever had it may have written that. It does not appear, whatever becomes of the
// account; its author, or the head, puts it back.
func Withhold(tx *db.Tx, authors ...school.ID) error {
	waiting, err := items(tx, `i.author_id `+tx.Among(2)+` AND i.published_at > $3 AND i.removed_at IS NULL`, "i.id", math.MaxInt32, db.List(tx, authors), db.At(tx.Now))
	if err != nil {
		return err
	}
	for _, i := range waiting {
		if err := past.Keep(tx, Holdings.Tables, past.Change{Room: "news", Thing: i.ID, School: i.School, Act: past.Removed}); err != nil {
			return err
		}
		i.Removed, i.Front = tx.Now, false
		if err := put(tx, i); err != nil {
			return err
		}
	}
	return nil
}
