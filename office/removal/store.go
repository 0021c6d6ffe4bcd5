package removal

import (
	"fmt"
	"strings"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
	"preau/directory"
)

// columns are those of a case. Its people are those that they are by now: who settles their own
// case under another record is still the same person.
var columns = `c.id, c.school_id, ` + directory.Stayed("c.account_id") + `, c.since_at, c.until_at, c.words, c.things, c.changes, c.why, ` + directory.Stayed("c.asked_by") + `, c.asked_at,
	c.outcome, ` + directory.Stayed("c.settled_by") + `, c.settled_at, c.answer, c.removed, c.mended, ` + directory.Stayed("c.undone_by") + `, c.undone_at,
	` + directory.Stayed("c.restored_by") + `, c.restored_at, c.portion`

func scan(row db.Row) (d dossier, err error) {
	var since, until, asked, settled, undone, restored db.Time
	var things, changes string
	err = row.Scan(&d.ID, &d.School, &d.Account, &since, &until, &d.Words, &things, &changes, &d.Why, &d.AskedBy, &asked,
		&d.Outcome, &d.Settler, &settled, &d.Answer, &d.Removed, &d.Mended, &d.UndoneBy, &undone, &d.RestoredBy, &restored, &d.Portion)
	d.Since, d.Until, d.Asked, d.Settled, d.Undone = since.Time, until.Time, asked.Time, settled.Time, undone.Time
	d.Restored = restored.Time
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

// dossiers lists the cases c that a condition finds, the last first, a number of them at most.
func dossiers(tx *db.Tx, most int, where string, args ...any) ([]dossier, error) {
	return db.All(tx, scan, fmt.Sprintf(`SELECT %s FROM removal_case c WHERE %s ORDER BY c.id DESC LIMIT $%d`, columns, where, len(args)+1), append(args, most)...)
}

// insert writes a new case.
func insert(tx *db.Tx, d dossier) error {
	_, err := tx.Exec(`INSERT INTO removal_case (id, school_id, account_id, since_at, until_at, words, things, changes, why, asked_by, asked_at,
			outcome, settled_by, answer, removed, undone_by, portion)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, '', 0, '', 0, 0, $12)`,
		d.ID, d.School, d.Account, db.At(d.Since), db.At(d.Until), d.Words, joined(d.Things), joined(d.Changes), d.Why, d.AskedBy, db.At(d.Asked), d.Portion)
	return err
}

// settle writes what becomes of a case that was something until now. Of two who settle it at
// once, the second is fail.Conflict, and what they did besides is undone: it comes first.
func settle(tx *db.Tx, d dossier, was outcome) error {
	n, err := tx.Exec(`UPDATE removal_case SET outcome = $2, settled_by = $3, settled_at = $4, answer = $5, undone_by = $6, undone_at = $7, restored_by = $8, restored_at = $9
		WHERE id = $1 AND outcome = $10`,
		d.ID, string(d.Outcome), d.Settler, db.At(d.Settled), d.Answer, d.UndoneBy, db.At(d.Undone), d.RestoredBy, db.At(d.Restored), string(was))
	if err == nil && n == 0 {
		err = fail.New(fail.Conflict, "the case %s is not %q any more", d.ID, was).Say("removal.settled-already")
	}
	return err
}

// piece is one of the parts in which a case is removed, or put back, as it is kept: sealed.
type piece struct {
	part     int
	evidence []byte
}

func scanPiece(row db.Row) (p piece, err error) { return p, row.Scan(&p.part, &p.evidence) }

// piecesOf lists those of a case, in their order.
func piecesOf(tx *db.Tx, id school.ID) ([]piece, error) {
	return db.All(tx, scanPiece, `SELECT part, evidence FROM removal_part WHERE case_id = $1 ORDER BY part`, id)
}

// countPieces counts those of a case, and those that were put back.
func countPieces(tx *db.Tx, id school.ID) (taken, put int, err error) {
	return taken, put, tx.Get([]any{&taken, &put}, `SELECT count(*), count(put_at) FROM removal_part WHERE case_id = $1`, id)
}

// lastPiece is the last of a case that was not put back; fail.NotFound: all were.
func lastPiece(tx *db.Tx, id school.ID) (piece, error) {
	return db.One(tx, scanPiece, `SELECT part, evidence FROM removal_part WHERE case_id = $1 AND put_at IS NULL ORDER BY part DESC LIMIT 1`, id)
}

// keep writes a piece of a case, the names of its files, and how many things went with it, and
// were mended.
func keep(tx *db.Tx, d dossier, p piece, files [][]byte, removed, mended int) error {
	if _, err := tx.Exec(`INSERT INTO removal_part (case_id, part, evidence, taken_at) VALUES ($1, $2, $3, $4)`, d.ID, p.part, p.evidence, db.At(tx.Now)); err != nil {
		return err
	}
	for _, file := range files {
		if _, err := tx.Exec(`INSERT INTO removal_file (case_id, file, removed_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, d.ID, file, db.At(tx.Now)); err != nil {
			return err
		}
	}
	_, err := tx.Exec(`UPDATE removal_case SET removed = removed + $2, mended = mended + $3 WHERE id = $1`, d.ID, removed, mended)
	return err
}

// put notes that a piece of a case is back. Its evidence stays until its term.
func put(tx *db.Tx, id school.ID, part int) error {
	_, err := tx.Exec(`UPDATE removal_part SET put_at = $3 WHERE case_id = $1 AND part = $2`, id, part, db.At(tx.Now))
	return err
}
