package feed

import (
	"fmt"
	"slices"
	"strconv"

	"preau/core/db"
	"preau/core/school"
	"preau/directory"
	"preau/directory/aaf"
)

// The reasons of a proposal.
const (
	staffAndGuardian = string(directory.StaffAndGuardian) // in one commune
	guardianTwice    = string(directory.GuardianTwice)
	sameINE          = string(directory.SameINE)
	sameMail         = string(directory.SameMail)
	staffByHand      = string(directory.StaffByHand) // in a school that is taken over
)

// propose looks, among the people whom this delivery brought, for those who
// may be somebody known under another record. Keys do not tell, and names
// alone decide nothing: a human will.
func (a *application) propose() error {
	if a.arrived == 0 {
		return nil
	}
	if err := a.proposeDoubts(); err != nil {
		return err
	}
	if err := a.proposeStaff(); err != nil {
		return err
	}
	if err := a.proposeHand(); err != nil {
		return err
	}
	if a.population == 0 {
		return nil // what follows compares with those who were here before
	}
	pairs, err := a.pairs(`
		SELECT DISTINCT x.id, y.id FROM directory_person x
		JOIN directory_bond b ON b.guardian_id = x.id AND b.until_at IS NULL
		JOIN directory_person c ON c.id = b.pupil_id AND c.feed_id <> $1
		JOIN directory_bond o ON o.pupil_id = c.id AND o.guardian_id <> x.id
		JOIN directory_person y ON y.id = o.guardian_id AND y.sort_key = x.sort_key
		WHERE x.feed_id = $1`)
	if err != nil {
		return err
	}
	return a.recordPairs(guardianTwice, pairs)
}

// carryRestrictions copies a judge's restriction to whoever this delivery
// makes a pupil's guardian and may be the one whom it strikes, come under
// another key: same name, or same link while the bond that it strikes has just
// ended; where ONDE does not say the link, the civility stands for it. It is lifted by a human, never by a delivery.
func (a *application) carryRestrictions() error {
	copies, err := db.All(a.w.tx(), directory.Restrictions.Scan, `
		SELECT DISTINCT r.id, r.pupil_id, b.guardian_id, r.may_not_sign, r.informed_only, r.hide_place, r.no_access,
			r.reference, r.from_at, r.until_at, r.recorded_by, r.recorded_at, r.feed_id
		FROM directory_restriction r
		JOIN directory_bond b ON b.pupil_id = r.pupil_id AND b.feed_id = $1 AND b.until_at IS NULL AND b.guardian_id <> r.guardian_id
		JOIN directory_person n ON n.id = b.guardian_id
		LEFT JOIN directory_person o ON o.id = r.guardian_id
		LEFT JOIN directory_bond e ON e.pupil_id = r.pupil_id AND e.guardian_id = r.guardian_id
		WHERE (r.until_at IS NULL OR r.until_at > $2)
		AND (n.sort_key = o.sort_key OR e.until_at = $2 AND (b.link = e.link AND b.link <> ''
			OR (b.link = '' OR e.link = '') AND (n.civility = o.civility OR n.civility = '' OR o.civility = '')))
		AND NOT EXISTS (SELECT 1 FROM directory_restriction x WHERE x.pupil_id = r.pupil_id AND x.guardian_id = b.guardian_id
			AND x.reference = r.reference AND x.no_access = r.no_access AND x.hide_place = r.hide_place
			AND x.informed_only = r.informed_only AND x.may_not_sign = r.may_not_sign AND (x.until_at IS NULL OR x.until_at > $2))`,
		a.w.feed, a.w.now)
	if err != nil {
		return err
	}
	for _, r := range copies {
		r.ID, r.Feed = school.NewID(a.w.now.Time), a.w.feed
		if err := directory.Restrictions.Insert(a.w.tx(), r); err != nil {
			return err
		}
	}
	return nil
}

// proposeDoubts proposes whom the comparison would not decide about.
func (a *application) proposeDoubts() error {
	for _, d := range a.c.doubts {
		id, ok := a.c.resolve(a.w.now.Time, d.category, d.key)
		if !ok || id == d.person {
			continue
		}
		if err := a.recordPairs(d.reason, [][2]school.ID{{id, d.person}}); err != nil {
			return err
		}
	}
	return nil
}

// proposeStaff proposes the guardians who have the name of a member of the
// staff of a school of the same commune as their child's.
func (a *application) proposeStaff() error {
	staff, fresh := map[string][]school.ID{}, map[string]bool{}
	for _, n := range a.staff {
		name := directory.SortKey(n.Usual, n.First)
		staff[name], fresh[name] = append(staff[name], n.Person), true
	}
	err := a.eachName(aaf.Staffs, func(id school.ID, name string) { staff[name] = append(staff[name], id) })
	if err != nil {
		return err
	}
	var pairs [][2]school.ID
	meet := func(guardian school.ID, name string) {
		for _, id := range staff[name] {
			if id != guardian {
				pairs = append(pairs, [2]school.ID{id, guardian})
			}
		}
	}
	for _, n := range a.others {
		meet(n.Person, directory.SortKey(n.Usual, n.First))
	}
	if len(fresh) > 0 {
		err := a.eachName(aaf.Guardians, func(id school.ID, name string) {
			if fresh[name] {
				meet(id, name)
			}
		})
		if err != nil {
			return err
		}
	}
	near, err := a.near(pairs)
	if err != nil {
		return err
	}
	return a.recordPairs(staffAndGuardian, near)
}

// proposeHand proposes the staff whom a delivery brings to a school that it
// takes over, and who have the name of somebody who was put there by hand: a
// school that ONDE feeds has no other staff.
func (a *application) proposeHand() error {
	if len(a.c.taken) == 0 {
		return nil
	}
	var schools []school.ID
	for _, at := range a.c.taken {
		schools = append(schools, at.school)
	}
	pairs, err := a.pairs(`SELECT DISTINCT x.id, y.id FROM directory_key k JOIN directory_person x ON x.id = k.subject_id
		JOIN directory_person y ON y.sort_key = x.sort_key AND y.id <> x.id
		JOIN directory_function f ON f.person_id = y.id AND f.source_id = 0 AND (f.until_at IS NULL OR f.until_at > ` + strconv.FormatInt(a.w.now.UnixMilli(), 10) + `)
		WHERE k.made_by = $1 AND k.category = 'PersEducNat' AND f.structure_id IN (` + db.In(schools) + `)`)
	if err != nil {
		return err
	}
	return a.recordPairs(staffByHand, pairs)
}

// eachName calls f for every live person of a category who was here before.
func (a *application) eachName(category aaf.Category, f func(id school.ID, name string)) error {
	if a.population == 0 {
		return nil
	}
	people, err := db.All(a.w.tx(), db.Column[school.ID], `SELECT subject_id FROM directory_key
		WHERE source_id = $1 AND category = $2 AND live AND made_by <> $3`, a.c.source.ID, category, a.w.feed)
	if err != nil {
		return err
	}
	for chunk := range slices.Chunk(people, chunkSize) {
		err := a.w.tx().Each(func(row db.Row) error {
			var id school.ID
			var name string
			if err := row.Scan(&id, &name); err != nil {
				return err
			}
			f(id, name)
			return nil
		}, `SELECT id, sort_key FROM directory_person WHERE id IN (`+db.In(chunk)+`)`)
		if err != nil {
			return err
		}
	}
	return nil
}

// near keeps the pairs where the first works in a commune where a child of
// the second goes to school.
func (a *application) near(pairs [][2]school.ID) ([][2]school.ID, error) {
	var staff, guardians []school.ID
	for _, pair := range pairs {
		staff, guardians = append(staff, pair[0]), append(guardians, pair[1])
	}
	communes, err := a.communes()
	if err != nil {
		return nil, err
	}
	posts, err := a.placed(staff, `SELECT person_id, structure_id FROM directory_function WHERE until_at IS NULL AND person_id IN (%s)`)
	if err != nil {
		return nil, err
	}
	brought := a.brought // when nobody was here before, it is all there is
	if a.population > 0 {
		if brought, err = a.placed(guardians, `
			SELECT b.guardian_id, e.school_id FROM directory_bond b
			JOIN directory_enrolment e ON e.person_id = b.pupil_id AND e.until_at IS NULL
			WHERE b.until_at IS NULL AND b.guardian_id IN (%s)`); err != nil {
			return nil, err
		}
	}
	works, brings := within(communes, staff, posts), within(communes, guardians, brought)
	return slices.DeleteFunc(pairs, func(pair [2]school.ID) bool {
		return !slices.ContainsFunc(works[pair[0]], func(id school.ID) bool { return slices.Contains(brings[pair[1]], id) })
	}), nil
}

// communes gives the commune of each structure.
func (a *application) communes() (map[school.ID]school.ID, error) {
	of := map[school.ID]school.ID{}
	return of, a.w.tx().Each(func(row db.Row) error {
		var id, commune school.ID
		if err := row.Scan(&id, &commune); err != nil {
			return err
		}
		of[id] = commune
		return nil
	}, `SELECT w.structure_id, w.ancestor_id FROM directory_within w
		JOIN directory_structure t ON t.id = w.ancestor_id WHERE t.kind = 'commune'`)
}

// placed reads the structures that a query finds for people.
func (a *application) placed(people []school.ID, query string) ([]placed, error) {
	people = slices.Clone(people)
	slices.Sort(people)
	var found []placed
	for chunk := range slices.Chunk(slices.Compact(people), chunkSize) {
		err := a.w.tx().Each(func(row db.Row) error {
			var p placed
			err := row.Scan(&p.person, &p.structure)
			found = append(found, p)
			return err
		}, fmt.Sprintf(query, db.In(chunk)))
		if err != nil {
			return nil, err
		}
	}
	return found, nil
}

// within gives the communes where each of some people is placed.
func within(communes map[school.ID]school.ID, people []school.ID, all []placed) map[school.ID][]school.ID {
	asked := make(map[school.ID]bool, len(people))
	for _, id := range people {
		asked[id] = true
	}
	found := map[school.ID][]school.ID{}
	for _, p := range all {
		if commune, ok := communes[p.structure]; ok && asked[p.person] && !slices.Contains(found[p.person], commune) {
			found[p.person] = append(found[p.person], commune)
		}
	}
	return found
}

func (a *application) pairs(query string) ([][2]school.ID, error) {
	return db.All(a.w.tx(), func(row db.Row) (pair [2]school.ID, err error) {
		return pair, row.Scan(&pair[0], &pair[1])
	}, query, a.w.feed)
}

// recordPairs writes proposals; one that was made, or decided, before stays as
// it is.
func (a *application) recordPairs(reason string, pairs [][2]school.ID) error {
	for _, pair := range pairs {
		if _, err := a.w.tx().Exec(`INSERT INTO directory_proposal (person_id, other_id, reason, made_at, decision, feed_id)
			VALUES ($1, $2, $3, $4, '', $5) ON CONFLICT DO NOTHING`,
			min(pair[0], pair[1]), max(pair[0], pair[1]), reason, a.w.now, a.w.feed); err != nil {
			return err
		}
	}
	return nil
}
