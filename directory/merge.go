package directory

import (
	"fmt"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
)

// Merge makes one person of two: a human has decided that both records are
// about kept. Keys, enrolments, memberships, bonds, functions, grants,
// what one is called for and restrictions go to kept; where both say the same thing, kept's stands, but
// restrictions all stay: the stricter holds. Since the keys of both lead to
// kept from then on, no feed splits them; those of gone are compared again.
//
// Who acted (granted_by, recorded_by…) stays as it was written, as
// in the journal: it names the record under which somebody acted.
func Merge(tx *db.Tx, kept, gone school.ID) error {
	if kept == gone {
		return fail.New(fail.Invalid, "nobody is merged with themself")
	}
	for _, id := range []school.ID{kept, gone} {
		if _, err := Persons.One(tx, "id = $1", id); err != nil {
			return err
		}
	}
	if _, err := tx.Exec(`UPDATE directory_key SET hash = 0 WHERE subject_id = $1`, gone); err != nil {
		return err
	}
	for _, move := range []struct{ table, column, tie string }{
		{"directory_key", "subject_id", ""},
		{"directory_enrolment", "person_id", "o.school_id = t.school_id AND o.year = t.year"},
		{"directory_membership", "person_id", "o.class_id = t.class_id AND o.role = t.role"},
		{"directory_bond", "guardian_id", "o.pupil_id = t.pupil_id"},
		{"directory_bond", "pupil_id", "o.guardian_id = t.guardian_id"},
		{"directory_function", "person_id", "o.structure_id = t.structure_id AND o.year = t.year AND o.code = t.code AND o.specialty = t.specialty"},
		{"directory_grant", "person_id", "o.structure_id = t.structure_id AND o.class_id = t.class_id AND o.pupil_id = t.pupil_id AND o.function = t.function"},
		{"directory_grant", "pupil_id", ""},
		{"directory_restriction", "guardian_id", ""},
		{"directory_restriction", "pupil_id", ""},
		{"directory_referent", "person_id", ""},
		{"directory_interim", "person_id", ""},
	} {
		if err := moveRows(tx, move.table, move.column, move.tie, kept, gone); err != nil {
			return err
		}
	}
	if err := moveProposals(tx, kept, gone); err != nil {
		return err
	}
	for _, step := range []struct {
		query string
		args  []any
	}{
		// The elder of the two records is the person's: undoing the delivery
		// of the younger does not remove them.
		{`UPDATE directory_person SET feed_id = (SELECT min(p.feed_id) FROM directory_person p WHERE p.id IN ($1, $2)) WHERE id = $1`,
			[]any{kept, gone}},
		{`UPDATE directory_person SET departed_at = NULL WHERE id = $1 AND EXISTS (
			SELECT 1 FROM directory_key k WHERE k.subject_id = $1 AND k.live)`, []any{kept}},
		{`DELETE FROM directory_person WHERE id = $1`, []any{gone}},
		// One is called once for one thing.
		{`UPDATE directory_referent SET until_at = $2 WHERE person_id = $1 AND ` + NotOver("directory_referent", 2) + ` AND EXISTS (
			SELECT 1 FROM directory_referent o WHERE o.person_id = $1 AND o.structure_id = directory_referent.structure_id
			AND o.role = directory_referent.role AND o.id < directory_referent.id AND ` + NotOver("o", 2) + `)`,
			[]any{kept, db.At(tx.Now)}},
		// Images of earlier merges go with the person when they are erased.
		{`UPDATE directory_merge_image SET kept_id = $1 WHERE kept_id = $2`, []any{kept, gone}},
		{`UPDATE directory_merge SET kept_id = $1 WHERE kept_id = $2`, []any{kept, gone}},
		{`INSERT INTO directory_merge (gone_id, kept_id, merged_at) VALUES ($1, $2, $3)
			ON CONFLICT (gone_id) DO UPDATE SET kept_id = excluded.kept_id`,
			[]any{gone, kept, db.At(tx.Now)}},
	} {
		if _, err := tx.Exec(step.query, step.args...); err != nil {
			return err
		}
	}
	return Void(tx, kept, gone)
}

// moveRows gives the rows of gone to kept. Where both say what tie compares, a
// row of kept that runs stands, until the later of the two ends; where two rows
// would have one key, a row of kept that has ended gives way.
func moveRows(tx *db.Tx, table, column, tie string, kept, gone school.ID) error {
	if tie != "" {
		for _, step := range []string{
			`DELETE FROM %[1]s AS o WHERE o.%[2]s = $1 AND o.until_at <= $3 AND EXISTS (
				SELECT 1 FROM %[1]s t WHERE t.%[2]s = $2 AND t.from_at = o.from_at AND %[3]s)`,
			`UPDATE %[1]s AS o SET until_at = (
				SELECT CASE WHEN count(*) > count(t.until_at) THEN NULL ELSE max(t.until_at) END FROM %[1]s t WHERE t.%[2]s = $2 AND %[3]s)
				WHERE o.%[2]s = $1 AND o.until_at > $3 AND EXISTS (
				SELECT 1 FROM %[1]s t WHERE t.%[2]s = $2 AND %[3]s AND (t.until_at IS NULL OR t.until_at > o.until_at))`,
			`DELETE FROM %[1]s AS t WHERE t.%[2]s = $2 AND EXISTS (
				SELECT 1 FROM %[1]s o WHERE o.%[2]s = $1 AND ` + NotOver("o", 3) + ` AND %[3]s)`,
		} {
			if _, err := tx.Exec(fmt.Sprintf(step, table, column, tie), kept, gone, db.At(tx.Now)); err != nil {
				return err
			}
		}
	}
	_, err := tx.Exec(fmt.Sprintf(`UPDATE %[1]s SET %[2]s = $1 WHERE %[2]s = $2`, table, column), kept, gone)
	return err
}

// moveProposals makes what was proposed about gone be about kept. What was
// decided of either stands.
func moveProposals(tx *db.Tx, kept, gone school.ID) error {
	rows, err := Proposals.All(tx, "person_id = $1 OR other_id = $1", gone)
	if err != nil {
		return err
	}
	for _, row := range rows {
		other := row.Person
		if other == gone {
			other = row.Other
		}
		if other == kept {
			row.Decision, row.Decided = Merged, db.At(tx.Now)
			if err := Proposals.Update(tx, row); err != nil {
				return err
			}
			continue
		}
		if err := Proposals.remove(tx, row); err != nil {
			return err
		}
		row.Person, row.Other = min(kept, other), max(kept, other)
		have, err := proposalOf(tx, kept, other)
		if err != nil && !fail.Is(err, fail.NotFound) {
			return err
		}
		if err == nil && (have.Decision != "" || row.Decision == "") {
			continue
		}
		if err := Proposals.Update(tx, row); err != nil {
			return err
		}
	}
	return nil
}

// Stays gives, of some people, the record that each of them has by now: that which stayed of
// two that were merged, and else their own.
func Stays(tx *db.Tx, people ...school.ID) (map[school.ID]school.ID, error) {
	stays := make(map[school.ID]school.ID, len(people))
	for _, id := range people {
		stays[id] = id
	}
	return stays, tx.Each(func(row db.Row) error {
		var m merged
		err := row.Scan(&m.Gone, &m.Kept)
		stays[m.Gone] = m.Kept
		return err
	}, `SELECT gone_id, kept_id FROM directory_merge WHERE gone_id `+tx.Among(1), db.List(tx, people))
}

// Records are those of somebody: their own, first, and those that a merge took away, under
// which rooms still have what they did before.
func Records(tx *db.Tx, person school.ID) ([]school.ID, error) {
	gone, err := db.All(tx, db.Column[school.ID], `SELECT gone_id FROM directory_merge WHERE kept_id = $1 ORDER BY gone_id`, person)
	return append([]school.ID{person}, gone...), err
}

// PartOf is the query of the records that merges took into those of which a condition says which
// they are: "= $1".
func PartOf(are string) string {
	return `SELECT m.gone_id FROM directory_merge m WHERE m.kept_id ` + are
}

// Stayed is, in a query, the record that stayed of that of a column, where two were merged.
func Stayed(column string) string {
	return `coalesce((SELECT m.kept_id FROM directory_merge m WHERE m.gone_id = ` + column + `), ` + column + `)`
}

// MergeAgain merges whoever was merged and has come back by an undoing.
func MergeAgain(tx *db.Tx) error {
	type pair struct{ kept, gone school.ID }
	back, err := db.All(tx, func(row db.Row) (p pair, err error) {
		return p, row.Scan(&p.kept, &p.gone)
	}, `SELECT m.kept_id, m.gone_id FROM directory_merge m JOIN directory_person g ON g.id = m.gone_id
		JOIN directory_person k ON k.id = m.kept_id ORDER BY m.merged_at`)
	if err != nil {
		return err
	}
	for _, p := range back {
		if err := Merge(tx, p.kept, p.gone); err != nil {
			return err
		}
	}
	return nil
}
