package directory

import (
	"maps"
	"slices"
	"time"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
)

// LikelyIn lists the pairs of a school that were likely when it was last
// looked at, and of which nobody has decided since; why they are is not kept. A
// school that was never looked at, or that somebody has touched since, is looked
// at now; what a delivery changed may be a night old.
func LikelyIn(tx *db.Tx, at school.ID) ([]Pair, error) {
	valid, err := db.One(tx, db.Column[bool], `SELECT looked_at > touched_at FROM directory_looked WHERE school_id = $1`, at)
	if fail.Is(err, fail.NotFound) || err == nil && !valid {
		return DuplicatesIn(tx, at)
	}
	if err != nil {
		return nil, err
	}
	return db.All(tx, func(row db.Row) (p Pair, err error) {
		return p, row.Scan(&p.Person, &p.Other)
	}, `SELECT l.person_id, l.other_id FROM directory_likely l
		JOIN directory_person p ON p.id = l.person_id AND p.departed_at IS NULL
		JOIN directory_person o ON o.id = l.other_id AND o.departed_at IS NULL
		WHERE l.school_id = $1 AND NOT EXISTS (SELECT 1 FROM directory_proposal d
			WHERE d.person_id = l.person_id AND d.other_id = l.other_id AND d.decision <> '')
		ORDER BY l.person_id, l.other_id`, at)
}

// touch has duplicates looked for again wherever some people have to do with
// anything: what was done by hand of them may have made one.
func touch(tx *db.Tx, people ...school.ID) error {
	places, err := PlacesOf(tx, people...)
	for _, at := range unique(slices.Concat(slices.Collect(maps.Values(places))...)) {
		if err == nil {
			_, err = tx.Exec(`INSERT INTO directory_looked (school_id, looked_at, touched_at) VALUES ($1, 0, $2)
				ON CONFLICT (school_id) DO UPDATE SET touched_at = excluded.touched_at`, at, db.At(tx.Now))
		}
	}
	return err
}

// KeepLikely keeps the pairs of a school as whoever looked saw them at an
// instant, unless the school was looked at or touched since.
func KeepLikely(tx *db.Tx, at school.ID, pairs []Pair, seen time.Time) error {
	n, err := tx.Exec(`INSERT INTO directory_looked (school_id, looked_at, touched_at) VALUES ($1, $2, 0)
		ON CONFLICT (school_id) DO UPDATE SET looked_at = excluded.looked_at
			WHERE directory_looked.looked_at <= excluded.looked_at AND directory_looked.touched_at < excluded.looked_at`, at, db.At(seen))
	if err != nil || n == 0 {
		return err
	}
	if _, err := tx.Exec(`DELETE FROM directory_likely WHERE school_id = $1`, at); err != nil {
		return err
	}
	_, err = tx.Bulk("directory_likely", []string{"school_id", "person_id", "other_id"}, func(yield func([]any) bool) {
		for _, p := range pairs {
			if !yield([]any{at, p.Person, p.Other}) {
				return
			}
		}
	})
	return err
}

// NotLookedAt lists open schools that were not looked at since an instant, by
// identifier after one: most at most.
func NotLookedAt(tx *db.Tx, since time.Time, after school.ID, most int) ([]school.ID, error) {
	return db.All(tx, db.Column[school.ID], `SELECT s.id FROM directory_structure s
		WHERE s.kind = 'school' AND s.until_at IS NULL AND s.id > $2 AND NOT EXISTS (SELECT 1 FROM directory_looked l
			WHERE l.school_id = s.id AND l.looked_at >= $1 AND l.looked_at > l.touched_at)
		ORDER BY s.id LIMIT $3`, db.At(since), after, most)
}
