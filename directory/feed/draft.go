package feed

import (
	"encoding/json"
	"fmt"
	"time"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
	"preau/directory/onde"
)

// Draft is the extractions of a school whose preview somebody has seen, and
// that wait to be applied.
type Draft struct {
	School, By school.ID
	Accept     bool   // departures, whatever their number
	Counts     Counts // what the preview showed
	Files      []onde.File
}

// draftDays is how long a draft waits.
const draftDays = 1

const draftPurpose = "feed draft"

// SaveDraft keeps a draft, sealed, in the place of an earlier one of the same
// person for the school, and gives its identifier.
func (f *Feeder) SaveDraft(tx *db.Tx, d Draft) (school.ID, error) {
	if _, err := tx.Exec(`DELETE FROM feed_draft WHERE school_id = $1 AND by_id = $2`, d.School, d.By); err != nil {
		return 0, err
	}
	id := school.NewID(tx.Now)
	files, err := json.Marshal(d.Files)
	if err != nil {
		return 0, fmt.Errorf("writing a draft: %w", err)
	}
	counts, err := json.Marshal(d.Counts)
	if err != nil {
		return 0, fmt.Errorf("writing a draft: %w", err)
	}
	_, err = tx.Exec(`INSERT INTO feed_draft (id, school_id, by_id, made_at, accept, counts, sealed) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		id, d.School, d.By, db.At(tx.Now), d.Accept, string(counts), f.Key.Seal(draftPurpose, files, []byte(id.String())))
	return id, err
}

// DraftByID reads the draft that somebody made for a school; fail.NotFound
// once it was applied, replaced or is over.
func (f *Feeder) DraftByID(tx *db.Tx, id, at, by school.ID) (Draft, error) {
	d := Draft{School: at, By: by}
	var counts string
	var sealed []byte
	err := tx.Get([]any{&d.Accept, &counts, &sealed}, `SELECT accept, counts, sealed FROM feed_draft
		WHERE id = $1 AND school_id = $2 AND by_id = $3 AND made_at > $4`, id, at, by, db.At(tx.Now.Add(-draftDays*24*time.Hour)))
	if fail.Is(err, fail.NotFound) {
		return d, fail.New(fail.NotFound, "no draft %s of %s in %s", id, by, at)
	}
	if err != nil {
		return d, err
	}
	files, err := f.Key.Open(draftPurpose, sealed, []byte(id.String()))
	if err != nil {
		return d, err
	}
	if err := json.Unmarshal(files, &d.Files); err != nil {
		return d, fmt.Errorf("reading a draft: %w", err)
	}
	if err := json.Unmarshal([]byte(counts), &d.Counts); err != nil {
		return d, fmt.Errorf("reading a draft: %w", err)
	}
	return d, nil
}

// DropDraft forgets a draft.
func (f *Feeder) DropDraft(tx *db.Tx, id school.ID) error {
	_, err := tx.Exec(`DELETE FROM feed_draft WHERE id = $1`, id)
	return err
}
