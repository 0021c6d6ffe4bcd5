package audit

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"time"

	"preau/core/db"
	"preau/core/school"
)

// Act is an entry as the person whom it is about reads it.
type Act struct {
	ID     school.ID
	At     time.Time
	Actor  school.ID // 0: a visitor, or the program
	Action Action
	Detail Detail
}

// About lists the entries about a person, of these actions, the newest first:
// those before an identifier, unless it is 0, and as many as limit at most.
func (l *Log) About(tx *db.Tx, person school.ID, actions []Action, before school.ID, limit int) ([]Act, error) {
	if before == 0 {
		before = math.MaxInt64
	}
	args := []any{person, before, limit}
	places := make([]string, len(actions))
	for i, action := range actions {
		args = append(args, string(action))
		places[i] = fmt.Sprintf("$%d", len(args))
	}
	acts, err := db.All(tx, func(row db.Row) (a Act, err error) {
		var at db.Time
		var detail string
		err = row.Scan(&a.ID, &at, &a.Actor, &a.Action, &detail)
		a.At = at.Time
		if err == nil {
			err = json.Unmarshal([]byte(detail), &a.Detail)
		}
		return a, err
	}, `SELECT id, at, actor_id, action, detail FROM audit_entry WHERE subject_id = $1 AND id < $2
		AND action IN (`+strings.Join(places, ", ")+`) ORDER BY id DESC LIMIT $3`, args...)
	if err != nil {
		return nil, fmt.Errorf("reading what is journalled about %d: %w", person, err)
	}
	return acts, nil
}
