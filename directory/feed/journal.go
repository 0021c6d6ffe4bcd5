package feed

import (
	"encoding/json"
	"time"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
	"preau/directory/aaf"
)

// journal writes what a delivery did.
func journal(tx *db.Tx, r *Result, c *comparison, o Options) error {
	if err := journalDelivery(tx, r, c.source.ID, c.delivery, o); err != nil {
		return err
	}
	schools, err := schoolsOf(tx, c)
	if err != nil {
		return err
	}
	_, err = tx.Bulk("feed_trouble", []string{"feed_id", "rank", "kind", "action", "file", "record", "line",
		"category", "jointure", "attribute", "count", "school_id"}, func(yield func([]any) bool) {
		for i, t := range c.troubles {
			if !yield([]any{r.ID, i, t.Kind, t.Action, t.File, t.Record, t.Line, t.Category, int64(t.Key), t.Attribute, t.Count, schools[i]}) {
				return
			}
		}
	})
	if err != nil {
		return err
	}
	if err := c.extents(tx, r.ID); err != nil {
		return err
	}
	return tallyAll(tx, c.source.ID)
}

func journalDelivery(tx *db.Tx, r *Result, source school.ID, d *delivery, o Options) error {
	counts, err := json.Marshal(r.Counts)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO feed_delivery
		(id, source_id, name, mode, day, state, refusal, counts, warnings, fed_at, fed_by, millis)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		r.ID, source, r.Name, r.Mode, d.Date.Format(time.DateOnly), r.State, r.Refusal, string(counts),
		r.Warnings, db.At(tx.Now), o.By, int64(r.Seconds*1000))
	return err
}

// journalRefusal writes why a delivery was refused: one trouble, where it is.
// Its source is the one whose files had its prefix, if there is one.
func journalRefusal(tx *db.Tx, r *Result, d *delivery, o Options, why *Refusal) error {
	source, err := db.One(tx, db.Column[school.ID], `SELECT id FROM feed_source WHERE prefix = $1`, d.Prefix)
	if err != nil && !fail.Is(err, fail.NotFound) {
		return err
	}
	if err := journalDelivery(tx, r, source, d, o); err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO feed_trouble
		(feed_id, rank, kind, action, file, record, line, category, jointure, attribute, count, school_id)
		VALUES ($1, 0, $2, 'refused', $3, $4, $5, '', 0, '', 1, 0)`, r.ID, why.Kind, why.File, why.Record, why.Line)
	return err
}

// schoolsOf finds the school that each trouble concerns: the one its record
// names, or the one where the register has the person.
func schoolsOf(tx *db.Tx, c *comparison) ([]school.ID, error) {
	schools := make([]school.ID, len(c.troubles))
	var people []school.ID
	at := map[school.ID][]int{}
	for i, t := range c.troubles {
		seen := c.seen[t.Category][t.Key]
		switch {
		case t.Kind == aaf.UnknownAttribute || t.Kind == aaf.DroppedAttribute:
			// said once for the whole file
		case t.Category == aaf.Structures && seen != nil:
			schools[i] = seen.subject
		case t.school != 0 && c.seen[aaf.Structures][t.school] != nil:
			schools[i] = c.seen[aaf.Structures][t.school].subject
		case seen != nil && seen.subject != 0:
			if at[seen.subject] == nil {
				people = append(people, seen.subject)
			}
			at[seen.subject] = append(at[seen.subject], i)
		}
	}
	return schools, eachSchool(tx, people, func(person, id school.ID) {
		for _, i := range at[person] {
			schools[i] = id
		}
	})
}

// eachSchool calls f with a school of each person: where they are enrolled,
// work, or have a child.
func eachSchool(tx *db.Tx, people []school.ID, f func(person, school school.ID)) error {
	scan := func(row db.Row) error {
		var person, id school.ID
		if err := row.Scan(&person, &id); err != nil {
			return err
		}
		f(person, id)
		return nil
	}
	for len(people) > 0 {
		chunk := people[:min(chunkSize, len(people))]
		people = people[len(chunk):]
		in := db.In(chunk)
		for _, query := range []string{
			`SELECT b.guardian_id, min(e.school_id) FROM directory_bond b JOIN directory_enrolment e ON e.person_id = b.pupil_id
				WHERE b.guardian_id IN (` + in + `) AND e.until_at IS NULL GROUP BY b.guardian_id`,
			`SELECT person_id, min(structure_id) FROM directory_function WHERE person_id IN (` + in + `) AND until_at IS NULL GROUP BY person_id`,
			`SELECT person_id, min(school_id) FROM directory_enrolment WHERE person_id IN (` + in + `) AND until_at IS NULL GROUP BY person_id`,
		} {
			if err := tx.Each(scan, query); err != nil {
				return err
			}
		}
	}
	return nil
}
