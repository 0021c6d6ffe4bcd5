package directory

import (
	"time"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
)

// LikelyIn lists the pairs of a school that [DuplicatesIn] found when it was
// last asked to look and of which nobody has decided since. A school that was
// never looked at is looked at now.
func LikelyIn(tx *db.Tx, at school.ID) ([]Pair, error) {
	_, err := db.One(tx, db.Column[school.ID], `SELECT school_id FROM directory_looked WHERE school_id = $1`, at)
	if fail.Is(err, fail.NotFound) {
		return DuplicatesIn(tx, at)
	}
	if err != nil {
		return nil, err
	}
	return db.All(tx, func(row db.Row) (p Pair, err error) {
		return p, row.Scan(&p.Person, &p.Other, &p.Likeness)
	}, `SELECT l.person_id, l.other_id, l.reason FROM directory_likely l
		JOIN directory_person p ON p.id = l.person_id AND p.departed_at IS NULL
		JOIN directory_person o ON o.id = l.other_id AND o.departed_at IS NULL
		WHERE l.school_id = $1 AND NOT EXISTS (SELECT 1 FROM directory_proposal d
			WHERE d.person_id = l.person_id AND d.other_id = l.other_id AND d.decision <> '')
		ORDER BY l.person_id, l.other_id`, at)
}

// Look looks for the pairs of a school and keeps them for [LikelyIn]: what was
// done in it may have made one.
func Look(tx *db.Tx, at school.ID) error {
	pairs, err := DuplicatesIn(tx, at)
	if err != nil {
		return err
	}
	return KeepLikely(tx, at, pairs)
}

// KeepLikely keeps the pairs that were found in a school.
func KeepLikely(tx *db.Tx, at school.ID, pairs []Pair) error {
	if _, err := tx.Exec(`DELETE FROM directory_likely WHERE school_id = $1`, at); err != nil {
		return err
	}
	_, err := tx.Bulk("directory_likely", []string{"school_id", "person_id", "other_id", "reason"}, func(yield func([]any) bool) {
		for _, p := range pairs {
			if !yield([]any{at, p.Person, p.Other, p.Likeness}) {
				return
			}
		}
	})
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO directory_looked (school_id, looked_at) VALUES ($1, $2)
		ON CONFLICT (school_id) DO UPDATE SET looked_at = excluded.looked_at`, at, db.At(tx.Now))
	return err
}

// NotLookedAt lists open schools that were not looked at since an instant, most
// at most.
func NotLookedAt(tx *db.Tx, since time.Time, most int) ([]school.ID, error) {
	return db.All(tx, db.Column[school.ID], `SELECT s.id FROM directory_structure s WHERE s.kind = 'school' AND s.until_at IS NULL
		AND NOT EXISTS (SELECT 1 FROM directory_looked l WHERE l.school_id = s.id AND l.looked_at >= $1) ORDER BY s.id LIMIT $2`, db.At(since), most)
}
