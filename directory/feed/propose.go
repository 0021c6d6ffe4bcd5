package feed

import (
	"preau/core/db"
	"preau/core/school"
	"preau/directory"
)

// The reasons of a proposal.
const (
	staffAndGuardian = "staff-and-guardian" // one name, in one commune
	guardianTwice    = "guardian-twice"     // one name, two records, one child
)

// propose looks, among the people whom this delivery brought, for those who
// may be somebody known under another record. Keys do not tell, and names
// alone decide nothing: a human will.
func (a *application) propose() error {
	if len(a.newcomers) == 0 {
		return nil
	}
	for reason, query := range map[string]string{
		staffAndGuardian: `
			SELECT DISTINCT s.id, g.id FROM directory_person s
			JOIN directory_function f ON f.person_id = s.id AND f.until_at IS NULL
			JOIN directory_within ws ON ws.structure_id = f.structure_id
			JOIN directory_structure t ON t.id = ws.ancestor_id AND t.kind = 'commune'
			JOIN directory_within wg ON wg.ancestor_id = t.id
			JOIN directory_enrolment e ON e.school_id = wg.structure_id AND e.until_at IS NULL
			JOIN directory_bond b ON b.pupil_id = e.person_id AND b.until_at IS NULL
			JOIN directory_person g ON g.id = b.guardian_id AND g.sort_key = s.sort_key AND g.id <> s.id
			WHERE s.feed_id = $1 OR g.feed_id = $1`,
		guardianTwice: `
			SELECT DISTINCT x.id, y.id FROM directory_person x
			JOIN directory_bond bx ON bx.guardian_id = x.id AND bx.until_at IS NULL
			JOIN directory_bond by_ ON by_.pupil_id = bx.pupil_id AND by_.until_at IS NULL AND by_.guardian_id <> x.id
			JOIN directory_person y ON y.id = by_.guardian_id AND y.sort_key = x.sort_key
			WHERE x.feed_id = $1`,
	} {
		if err := a.proposeAll(reason, query); err != nil {
			return err
		}
	}
	return nil
}

func (a *application) proposeAll(reason, query string) error {
	pairs, err := db.All(a.w.tx, func(row db.Row) (p directory.Proposal, err error) {
		return p, row.Scan(&p.Person, &p.Other)
	}, query, a.w.feed)
	if err != nil {
		return err
	}
	made := map[[2]school.ID]bool{}
	for _, p := range pairs {
		if p.Person > p.Other {
			p.Person, p.Other = p.Other, p.Person
		}
		if pair := [2]school.ID{p.Person, p.Other}; made[pair] {
			continue
		} else {
			made[pair] = true
		}
		if _, err := a.w.tx.Exec(`INSERT INTO directory_proposal (person_id, other_id, reason, made_at, decision, feed_id)
			VALUES ($1, $2, $3, $4, '', $5) ON CONFLICT DO NOTHING`, p.Person, p.Other, reason, db.At(a.w.tx.Now), a.w.feed); err != nil {
			return err
		}
	}
	return nil
}
