package feed

import (
	"slices"
	"strings"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
	"preau/directory"
)

// Hold keeps whoever else would merge some people, and the feeds under way of
// the sources that know them, from what the transaction is about to do: they
// wait, then find that the register has changed. It comes first: what is read
// after it stays true.
func (f *Feeder) Hold(tx *db.Tx, people ...school.ID) error {
	in := db.In(people)
	sources, err := db.All(tx, db.Column[school.ID], `SELECT DISTINCT source_id FROM directory_key
		WHERE subject_id IN (`+in+`) ORDER BY source_id`)
	if err != nil {
		return err
	}
	for _, source := range sources {
		if err := written(tx, source); err != nil {
			return err
		}
	}
	_, err = tx.Exec(`UPDATE directory_person SET jointure = jointure WHERE id IN (` + in + `)`)
	return err
}

// Merge makes one person of two, and keeps what it takes to undo it: see
// [directory.MergeBy]. Departures that wait and images of earlier deliveries
// are about kept from then on.
func (f *Feeder) Merge(tx *db.Tx, kept, gone, by school.ID) (directory.MergeAct, error) {
	if err := f.Hold(tx, kept, gone); err != nil {
		return directory.MergeAct{}, err
	}
	act, err := directory.MergeBy(tx, kept, gone, by)
	if err != nil {
		return act, err
	}
	for _, step := range []string{
		`UPDATE feed_held SET person_id = $1 WHERE person_id = $2`,
		`UPDATE feed_image SET subject_id = $1 WHERE subject_id = $2`,
	} {
		if _, err := tx.Exec(step, kept, gone); err != nil {
			return act, err
		}
	}
	return act, nil
}

// Undoable reads a merge that can be undone, or tells why it cannot: see
// [directory.Undoable]. One cannot, once a delivery that was applied before
// it was undone: what the merge would put back is not what was there.
func (f *Feeder) Undoable(tx *db.Tx, merge school.ID) (*directory.Split, error) {
	s, err := directory.Undoable(tx, merge)
	if err != nil {
		return s, err
	}
	undone, err := db.One(tx, db.Column[int], `SELECT count(*) FROM feed_delivery
		WHERE state = $1 AND fed_at <= $2 AND undone_at >= $2
		AND source_id IN (SELECT source_id FROM directory_key WHERE subject_id = $3)`, Undone, s.Made, s.Kept)
	if err == nil && undone > 0 {
		err = fail.New(fail.Conflict, "a delivery of before merge %s was undone since", merge).Say("feed.unmerge-undone")
	}
	return s, err
}

// Unmerge undoes a merge. Given are the children, of those whom a delivery
// brought meanwhile, who are of the one who was gone.
func (f *Feeder) Unmerge(tx *db.Tx, merge, by school.ID, given ...school.ID) (*directory.Split, error) {
	act, err := directory.MergeActs.One(tx, "id = $1", merge)
	if err != nil {
		return nil, err
	}
	if err := f.Hold(tx, act.Kept); err != nil {
		return nil, err
	}
	s, err := f.Undoable(tx, merge)
	if err != nil {
		return nil, err
	}
	if err := s.Undo(tx, by, given...); err != nil {
		return nil, err
	}
	if err := renameImages(tx, s); err != nil {
		return nil, err
	}
	if _, err := tx.Exec(`UPDATE feed_held SET person_id = $1 WHERE person_id = $2 AND EXISTS (
		SELECT 1 FROM directory_key k JOIN feed_delivery d ON d.source_id = k.source_id
		WHERE d.id = feed_held.feed_id AND k.category = feed_held.category AND k.jointure = feed_held.jointure AND k.subject_id = $1)`,
		s.Gone, s.Kept); err != nil {
		return nil, err
	}
	return s, nil
}

// renameImages makes the images that deliveries kept while the two were one
// those of the one whose row it is: undoing such a delivery would put them
// back otherwise. Images of before the merge name the right one already.
func renameImages(tx *db.Tx, s *directory.Split) error {
	about, err := s.Pupils(tx)
	if err != nil {
		return err
	}
	gone := s.Gone.String() // nothing else in an image has these digits
	var images []image
	for chunk := range slices.Chunk(append(about, s.Kept), chunkSize) {
		some, err := db.All(tx, func(row db.Row) (i image, err error) {
			return i, row.Scan(&i.Feed, &i.Rank, &i.Table, &i.Subject, &i.Before)
		}, `SELECT feed_id, rank, of_table, subject_id, before FROM feed_image
			WHERE subject_id IN (`+db.In(chunk)+`) AND (made_at >= $1 OR before LIKE $2)`,
			s.Made, "%"+gone+"%")
		if err != nil {
			return err
		}
		images = append(images, some...)
	}
	for _, i := range images {
		before, renamed, err := s.Rename(i.Table, []byte(i.Before))
		if err != nil {
			return err
		}
		if i.Subject == s.Kept && strings.Contains(string(before), gone) {
			i.Subject, renamed = s.Gone, true
		}
		if !renamed {
			continue
		}
		if _, err := tx.Exec(`UPDATE feed_image SET before = $1, subject_id = $2 WHERE feed_id = $3 AND rank = $4`,
			string(before), i.Subject, i.Feed, i.Rank); err != nil {
			return err
		}
	}
	return nil
}
