package removal

import (
	"strings"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
)

// columns are those of a case. Its people are those that they are by now: who settles their own
// case under another record is still the same person.
var columns = `c.id, c.school_id, ` + stays("c.account_id") + `, c.since_at, c.until_at, c.words, c.things, c.changes, c.why, ` + stays("c.asked_by") + `, c.asked_at,
	c.outcome, ` + stays("c.settled_by") + `, c.settled_at, c.answer, c.removed, c.mended, ` + stays("c.undone_by") + `, c.undone_at`

// stays is the record that stayed of that of a column, where two were merged.
func stays(column string) string {
	return `coalesce((SELECT m.kept_id FROM directory_merge m WHERE m.gone_id = ` + column + `), ` + column + `)`
}

func scan(row db.Row) (d dossier, err error) {
	var since, until, asked, settled, undone db.Time
	var things, changes string
	err = row.Scan(&d.ID, &d.School, &d.Account, &since, &until, &d.Words, &things, &changes, &d.Why, &d.AskedBy, &asked,
		&d.Outcome, &d.Settler, &settled, &d.Answer, &d.Removed, &d.Mended, &d.UndoneBy, &undone)
	d.Since, d.Until, d.Asked, d.Settled, d.Undone = since.Time, until.Time, asked.Time, settled.Time, undone.Time
	if err == nil {
		d.Things, err = parted(things)
	}
	if err == nil {
		d.Changes, err = parted(changes)
	}
	return d, err
}

// joined is identifiers as they are stored.
func joined(all []school.ID) string {
	ids := make([]string, len(all))
	for i, id := range all {
		ids[i] = id.String()
	}
	return strings.Join(ids, " ")
}

// parted reads what [joined] wrote.
func parted(text string) (all []school.ID, err error) {
	for field := range strings.FieldsSeq(text) {
		id, err := school.ParseID(field)
		if err != nil {
			return nil, err
		}
		all = append(all, id)
	}
	return all, nil
}

// dossierByID reads one case, or fail.NotFound.
func dossierByID(tx *db.Tx, id school.ID) (dossier, error) {
	return db.One(tx, scan, `SELECT `+columns+` FROM removal_case c WHERE c.id = $1`, id)
}

// dossiers lists the cases c that a condition finds, the last first.
func dossiers(tx *db.Tx, where string, args ...any) ([]dossier, error) {
	return db.All(tx, scan, `SELECT `+columns+` FROM removal_case c WHERE `+where+` ORDER BY c.id DESC`, args...)
}

// insert writes a new case.
func insert(tx *db.Tx, d dossier) error {
	_, err := tx.Exec(`INSERT INTO removal_case (id, school_id, account_id, since_at, until_at, words, things, changes, why, asked_by, asked_at,
			outcome, settled_by, answer, removed, undone_by, evidence)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, '', 0, '', 0, 0, $12)`,
		d.ID, d.School, d.Account, db.At(d.Since), db.At(d.Until), d.Words, joined(d.Things), joined(d.Changes), d.Why, d.AskedBy, db.At(d.Asked), []byte{})
	return err
}

// settle writes what becomes of a case that was something until now. Of two who settle it at
// once, the second is fail.Conflict, and what they did besides is undone: it comes first.
func settle(tx *db.Tx, d dossier, was outcome) error {
	n, err := tx.Exec(`UPDATE removal_case SET outcome = $2, settled_by = $3, settled_at = $4, answer = $5, undone_by = $6, undone_at = $7
		WHERE id = $1 AND outcome = $8`,
		d.ID, string(d.Outcome), d.Settler, db.At(d.Settled), d.Answer, d.UndoneBy, db.At(d.Undone), string(was))
	if err == nil && n == 0 {
		err = fail.New(fail.Conflict, "the case %s is not %q any more", d.ID, was).Say("removal.settled-already")
	}
	return err
}

// keep writes how many things a case removed, and mended, its evidence, and the names of its files.
func keep(tx *db.Tx, d dossier, evidence []byte, files [][]byte) error {
	if _, err := tx.Exec(`UPDATE removal_case SET removed = $2, mended = $3, evidence = $4 WHERE id = $1`, d.ID, d.Removed, d.Mended, evidence); err != nil {
		return err
	}
	for _, file := range files {
		if _, err := tx.Exec(`INSERT INTO removal_file (case_id, file, removed_at) VALUES ($1, $2, $3)`, d.ID, file, db.At(d.Settled)); err != nil {
			return err
		}
	}
	return nil
}

// drop forgets the evidence of a case: what it held is where it was.
func drop(tx *db.Tx, d dossier) error {
	if _, err := tx.Exec(`UPDATE removal_case SET evidence = $2 WHERE id = $1`, d.ID, []byte{}); err != nil {
		return err
	}
	_, err := tx.Exec(`DELETE FROM removal_file WHERE case_id = $1`, d.ID)
	return err
}

// evidenceOf reads the evidence of a case, sealed; empty when nothing is kept.
func evidenceOf(tx *db.Tx, id school.ID) ([]byte, error) {
	return db.One(tx, db.Column[[]byte], `SELECT evidence FROM removal_case WHERE id = $1`, id)
}
