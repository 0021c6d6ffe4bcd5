package account

import (
	"encoding/json"
	"fmt"

	"preau/core/db"
	"preau/core/school"
)

// carried is what a merge gives from the record that goes to the one that stays, since
// it stands with whoever holds a post, or decides for a child, and the register carries
// both, and with whoever answers for it when their account is shut: what was handed out, and
// the children to whom the badge at home was allowed.
type carried struct {
	Codes []school.ID `json:"codes,omitempty"` // by whom they are for
	Doors []school.ID `json:"doors,omitempty"`
	Homes []school.ID `json:"homes,omitempty"` // by the child
}

// carry moves it, and notes it in the row of the merge.
func carry(tx *db.Tx, kept, gone school.ID) error {
	var c carried
	for _, move := range []struct {
		into  *[]school.ID
		query string
	}{
		{&c.Codes, `UPDATE account_code SET made_by = $1 WHERE made_by = $2 RETURNING person_id`},
		{&c.Doors, `UPDATE account_class_door SET made_by = $1 WHERE made_by = $2 RETURNING id`},
		{&c.Homes, `UPDATE account_home SET allowed_by = $1 WHERE allowed_by = $2 RETURNING person_id`},
	} {
		var err error
		if *move.into, err = db.All(tx, db.Column[school.ID], move.query, kept, gone); err != nil {
			return fmt.Errorf("carrying what %d handed out: %w", gone, err)
		}
	}
	text, err := json.Marshal(c)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`UPDATE account_merge SET carried = $1 WHERE gone_id = $2`, string(text), gone)
	return err
}

// carryBack gives back what a merge of that instant carried, but what was made since in
// its place.
func carryBack(tx *db.Tx, kept, gone school.ID, text string, merged db.Time) error {
	if text == "" { // a merge of before any was noted
		return nil
	}
	var c carried
	if err := json.Unmarshal([]byte(text), &c); err != nil {
		return fmt.Errorf("reading what the merge of %d carried: %w", gone, err)
	}
	for _, move := range []struct {
		ids   []school.ID
		query string
	}{
		{c.Codes, `UPDATE account_code SET made_by = $1 WHERE made_by = $2 AND made_at <= $3 AND person_id IN (%s)`},
		{c.Doors, `UPDATE account_class_door SET made_by = $1 WHERE made_by = $2 AND made_at <= $3 AND id IN (%s)`},
		{c.Homes, `UPDATE account_home SET allowed_by = $1 WHERE allowed_by = $2 AND allowed_at <= $3 AND person_id IN (%s)`},
	} {
		if len(move.ids) == 0 {
			continue
		}
		if _, err := tx.Exec(fmt.Sprintf(move.query, db.In(move.ids)), gone, kept, merged); err != nil {
			return fmt.Errorf("giving back what %d handed out: %w", gone, err)
		}
	}
	return nil
}
