package photo

import (
	"fmt"

	"preau/core/db"
	"preau/core/personal"
	"preau/core/school"
)

// Wall is the table of a room in which photos hang on its things, in their order. Its
// columns are that of the things, and rank, whole, preview, width, height, preview_width
// and preview_height.
type Wall struct{ Table, Thing string }

// Of lists the photos of some things, by thing.
func (w Wall) Of(tx *db.Tx, things ...school.ID) (map[school.ID][]Kept, error) {
	of := map[school.ID][]Kept{}
	return of, tx.Each(func(row db.Row) error {
		var thing school.ID
		var k Kept
		err := row.Scan(&thing, &k.Whole, &k.Preview, &k.Width, &k.Height, &k.PreviewWidth, &k.PreviewHeight)
		of[thing] = append(of[thing], k)
		return err
	}, fmt.Sprintf(`SELECT %[2]s, whole, preview, width, height, preview_width, preview_height FROM %[1]s
		WHERE %[2]s `+tx.Among(1)+` ORDER BY %[2]s, rank`, w.Table, w.Thing), db.List(tx, things))
}

// Hang gives a thing its photos, and takes away those that it had.
func (w Wall) Hang(tx *db.Tx, thing school.ID, photos []Kept) error {
	if err := w.Clear(tx, thing); err != nil {
		return err
	}
	for i, k := range photos {
		_, err := tx.Exec(fmt.Sprintf(`INSERT INTO %s (%s, rank, whole, preview, width, height, preview_width, preview_height)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, w.Table, w.Thing), thing, i+1, k.Whole, k.Preview, k.Width, k.Height, k.PreviewWidth, k.PreviewHeight)
		if err != nil {
			return err
		}
	}
	return nil
}

// Clear takes the photos of things away.
func (w Wall) Clear(tx *db.Tx, things ...school.ID) error {
	_, err := tx.Exec(`DELETE FROM `+w.Table+` WHERE `+w.Thing+` `+tx.Among(1), db.List(tx, things))
	return err
}

// Declared is the table, as a room declares it, with a condition that finds the rows of the
// school $1, and who is given its photos: they go with their things.
func (w Wall) Declared(ofSchool string, to ...personal.Recipient) personal.Table {
	return personal.Table{
		Name:       w.Table,
		Personal:   map[string]personal.Category{"whole": personal.Content, "preview": personal.Content},
		Plain:      []string{w.Thing, "rank", "width", "height", "preview_width", "preview_height"},
		Files:      []string{"whole", "preview"},
		Things:     []string{w.Thing},
		Says:       true,
		School:     ofSchool,
		Purpose:    personal.Portal,
		Recipients: to,
	}
}
