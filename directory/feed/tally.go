package feed

import (
	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
	"preau/directory/aaf"
)

// cell is what troubles are added up by.
type cell struct {
	school    school.ID
	tool      Tool
	kind      aaf.Kind
	attribute string // of a composite
}

// identity is what makes a trouble of one delivery that of another: the same
// thing wrong in the same record, wherever it stands in the files.
type identity struct {
	kind      aaf.Kind
	category  aaf.Category
	key       aaf.Key
	attribute string
}

// met is how many times a trouble was met, and where.
type met struct {
	cell
	count int
}

// sums are the figures of a cell.
type sums struct{ total, fresh, gone int }

// tallyAll adds up the deliveries of a source that were not yet, the oldest
// first: the one that was just applied, and those of before Préau did.
func tallyAll(tx *db.Tx, source school.ID) error {
	pending, err := db.All(tx, func(row db.Row) (d Delivery, err error) {
		return d, row.Scan(&d.ID, &d.Mode)
	}, `SELECT id, mode FROM feed_delivery WHERE source_id = $1 AND state = $2 AND NOT tallied ORDER BY id`, source, Applied)
	if err != nil {
		return err
	}
	for _, d := range pending {
		d.Source = source
		if err := addUp(tx, d); err != nil {
			return err
		}
	}
	return nil
}

// addUp adds the troubles of one delivery up, and compares those of a complete
// one with the complete one before: a delta says nothing of the records that
// it does not name.
func addUp(tx *db.Tx, d Delivery) error {
	now, err := metIn(tx, d.ID)
	if err != nil {
		return err
	}
	cells := map[cell]sums{}
	add := func(at cell, s sums) {
		have := cells[at]
		cells[at] = sums{have.total + s.total, have.fresh + s.fresh, have.gone + s.gone}
	}
	for _, m := range now {
		add(m.cell, sums{total: m.count})
	}
	before, err := completeBefore(tx, d)
	if err != nil {
		return err
	}
	if before != 0 {
		was, err := metIn(tx, before)
		if err != nil {
			return err
		}
		for trouble, m := range now {
			add(m.cell, sums{fresh: max(0, m.count-was[trouble].count)})
		}
		for trouble, m := range was {
			if gone := m.count - now[trouble].count; gone > 0 {
				add(m.cell, sums{gone: gone})
			}
		}
	}
	_, err = tx.Bulk("feed_tally", []string{"feed_id", "school_id", "tool", "kind", "attribute", "total", "fresh", "gone"},
		func(yield func([]any) bool) {
			for at, s := range cells {
				if !yield([]any{d.ID, at.school, string(at.tool), string(at.kind), at.attribute, s.total, s.fresh, s.gone}) {
					return
				}
			}
		})
	if err != nil {
		return err
	}
	_, err = tx.Exec(`UPDATE feed_delivery SET tallied = TRUE WHERE id = $1`, d.ID)
	return err
}

// completeBefore is the complete delivery that a complete one is compared
// with; 0 when there is none.
func completeBefore(tx *db.Tx, d Delivery) (school.ID, error) {
	if d.Mode != aaf.Complete {
		return 0, nil
	}
	id, err := db.One(tx, db.Column[school.ID], `SELECT id FROM feed_delivery
		WHERE source_id = $1 AND state = $2 AND mode = $3 AND id < $4 ORDER BY id DESC LIMIT 1`, d.Source, Applied, d.Mode, d.ID)
	if fail.Is(err, fail.NotFound) {
		return 0, nil
	}
	return id, err
}

// metIn reads the troubles of a delivery; what the portal dropped of itself is
// none.
func metIn(tx *db.Tx, delivery school.ID) (map[identity]met, error) {
	all := map[identity]met{}
	return all, tx.Each(func(row db.Row) error {
		var l ReportLine
		if err := row.Scan(&l.School, &l.Kind, &l.Category, &l.Key, &l.Attribute, &l.Count); err != nil {
			return err
		}
		at := cell{school: l.School, tool: l.Tool(), kind: l.Kind}
		if l.Kind == aaf.MalformedComposite {
			at.attribute = l.Attribute
		}
		trouble := identity{l.Kind, l.Category, l.Key, l.Attribute}
		all[trouble] = met{at, all[trouble].count + l.Count}
		return nil
	}, `SELECT school_id, kind, category, jointure, attribute, count FROM feed_trouble
		WHERE feed_id = $1 AND kind <> $2 ORDER BY rank`, delivery, aaf.DroppedAttribute)
}

// weigh counts a record as about a structure, the first that it names. A
// guardian names none: see [survey.takePupil].
func (s *survey) weigh(r *aaf.Record) {
	switch {
	case r.Structure != nil:
		s.extent[r.Key]++
	case r.Staff != nil && len(r.Staff.Schools) > 0:
		s.extent[r.Staff.Schools[0]]++
	case r.Staff != nil && len(r.Staff.Functions) > 0: // one who is itinerant
		s.extent[r.Staff.Functions[0].Structure]++
	case r.Pupil != nil && len(r.Pupil.Schools) > 0:
		s.extent[r.Pupil.Schools[0]]++
	}
}

// extents writes how many records of a complete delivery are about each
// school.
func (c *comparison) extents(tx *db.Tx, delivery school.ID) error {
	if c.delivery.Mode != aaf.Complete {
		return nil
	}
	left, about := 0, map[school.ID]int{}
	for _, category := range categories {
		left += len(c.seen[category])
	}
	for key, records := range c.extent {
		if seen := c.seen[aaf.Structures][key]; seen != nil && seen.subject != 0 {
			about[seen.subject] += records
			left -= records
		}
	}
	about[0] = max(0, left) // a record that comes twice is about its school twice
	_, err := tx.Bulk("feed_extent", []string{"feed_id", "school_id", "records"}, func(yield func([]any) bool) {
		for at, records := range about {
			if !yield([]any{delivery, at, records}) {
				return
			}
		}
	})
	return err
}
