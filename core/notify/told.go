package notify

import (
	"time"

	"preau/core/db"
	"preau/core/school"
)

// mark is until when somebody was told of a room: what was published, and which last
// days they were reminded of.
type mark struct{ published, due time.Time }

// marks are those of a person by a channel, by room; "" is that of all of them.
type marks map[string]mark

func marksOf(tx *db.Tx, person school.ID, channel Channel) (marks, error) {
	of := marks{}
	return of, tx.Each(func(row db.Row) error {
		var room string
		var published, due db.Time
		err := row.Scan(&room, &published, &due)
		of[room] = mark{published.Time, due.Time}
		return err
	}, `SELECT room, published_at, due_at FROM notify_told WHERE person_id = $1 AND channel = $2`, person, channel)
}

// of gives the mark of a room.
func (m marks) of(room string) mark {
	own, all := m[room], m[""]
	if all.published.After(own.published) {
		own.published = all.published
	}
	if all.due.After(own.due) {
		own.due = all.due
	}
	return own
}

// told moves the mark of a room, forward only.
func told(tx *db.Tx, person school.ID, channel Channel, room string, published, due time.Time) error {
	_, err := tx.Exec(`INSERT INTO notify_told (person_id, channel, room, published_at, due_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (person_id, channel, room) DO UPDATE SET
			published_at = CASE WHEN excluded.published_at IS NULL OR notify_told.published_at >= excluded.published_at THEN notify_told.published_at ELSE excluded.published_at END,
			due_at = CASE WHEN excluded.due_at IS NULL OR notify_told.due_at >= excluded.due_at THEN notify_told.due_at ELSE excluded.due_at END`,
		person, channel, room, db.At(published), db.At(due))
	return err
}
