package feed

import (
	"fmt"
	"hash/maphash"
	"maps"
	"slices"

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
	if a.c.population == 0 {
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

// called is somebody with the digest of their name. Two names of a million and
// a half have one digest once in ten million deliveries, and then they are only
// proposed.
type called struct {
	person school.ID
	name   uint64
}

// call gives somebody of whom the sort key is known.
func (a *application) call(person school.ID, sortKey string) called {
	return called{person, maphash.String(a.seed, sortKey)}
}

// post is who of one name works in one commune.
type post struct {
	name    uint64
	commune school.ID
}

// proposeStaff proposes the guardians who have the name of a member of the
// staff of a school of the same commune as their child's, when one of the two
// has just come.
func (a *application) proposeStaff() error {
	communes, err := a.communes()
	if err != nil {
		return err
	}
	staff, before := slices.Clone(a.staff), map[school.ID]bool{}
	if err := a.eachStaff(func(one called) { staff, before[one.person] = append(staff, one), true }); err != nil {
		return err
	}
	posts, err := a.posts(staff, communes)
	if err != nil {
		return err
	}
	names, near := map[uint64]bool{}, map[school.ID]bool{} // near: the communes of the staff who have just come
	for at, people := range posts {
		names[at.name] = true
		if slices.ContainsFunc(people, func(id school.ID) bool { return !before[id] }) {
			near[at.commune] = true
		}
	}
	guardians := map[school.ID]uint64{} // who have just come with the name of one of the staff
	for _, one := range a.guardians {
		if names[one.name] {
			guardians[one.person] = one.name
		}
	}
	var pairs [][2]school.ID
	meet := func(p placed, name uint64, known bool) {
		for _, id := range posts[post{name, communes[p.structure]}] {
			if id != p.person && !(known && before[id]) {
				pairs = append(pairs, [2]school.ID{id, p.person})
			}
		}
	}
	if err := a.eachBrought(guardians, func(p placed) { meet(p, guardians[p.person], false) }); err != nil {
		return err
	}
	if a.c.population > 0 {
		var schools []school.ID
		for structure, commune := range communes {
			if near[commune] {
				schools = append(schools, structure)
			}
		}
		err := a.eachGuardian(schools, func(p placed, name string) {
			_, fresh := guardians[p.person]
			meet(p, maphash.String(a.seed, name), !fresh)
		})
		if err != nil {
			return err
		}
	}
	slices.SortFunc(pairs, func(x, y [2]school.ID) int { return slices.Compare(x[:], y[:]) })
	return a.recordPairs(staffAndGuardian, slices.Compact(pairs))
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
		JOIN directory_function f ON f.person_id = y.id AND f.source_id = 0 AND `+directory.NotOver("f", 2)+`
		WHERE k.made_by = $1 AND k.category = 'PersEducNat' AND f.structure_id IN (`+db.In(schools)+`)`, a.w.now)
	if err != nil {
		return err
	}
	return a.recordPairs(staffByHand, pairs)
}

// posts tells who of each name works in each commune.
func (a *application) posts(staff []called, communes map[school.ID]school.ID) (map[post][]school.ID, error) {
	names := make(map[school.ID]uint64, len(staff))
	for _, one := range staff {
		names[one.person] = one.name
	}
	posts := map[post][]school.ID{}
	return posts, a.eachPlaced(slices.Sorted(maps.Keys(names)), func(p placed) {
		commune, ok := communes[p.structure]
		at := post{names[p.person], commune}
		if ok && !slices.Contains(posts[at], p.person) {
			posts[at] = append(posts[at], p.person)
		}
	}, `SELECT person_id, structure_id FROM directory_function WHERE until_at IS NULL AND person_id IN (%s)`)
}

// eachBrought calls f for the schools of the children of some guardians: when
// nobody was here before, what was kept is all there is.
func (a *application) eachBrought(guardians map[school.ID]uint64, f func(placed)) error {
	if a.c.population > 0 {
		return a.eachPlaced(slices.Sorted(maps.Keys(guardians)), f, `
			SELECT b.guardian_id, e.school_id FROM directory_bond b
			JOIN directory_enrolment e ON e.person_id = b.pupil_id AND e.until_at IS NULL
			WHERE b.until_at IS NULL AND b.guardian_id IN (%s)`)
	}
	for _, p := range a.brought {
		if _, asked := guardians[p.person]; asked {
			f(p)
		}
	}
	return nil
}

// eachStaff calls f for every live member of a staff who was here before.
func (a *application) eachStaff(f func(called)) error {
	if a.c.population == 0 {
		return nil
	}
	people, err := db.All(a.w.tx(), db.Column[school.ID], `SELECT subject_id FROM directory_key
		WHERE source_id = $1 AND category = $2 AND live AND made_by <> $3`, a.c.source.ID, aaf.Staffs, a.w.feed)
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
			f(a.call(id, name))
			return nil
		}, `SELECT id, sort_key FROM directory_person WHERE id IN (`+db.In(chunk)+`)`)
		if err != nil {
			return err
		}
	}
	return nil
}

// eachGuardian calls f for the guardians of the pupils of some schools.
func (a *application) eachGuardian(schools []school.ID, f func(at placed, name string)) error {
	slices.Sort(schools)
	for chunk := range slices.Chunk(schools, chunkSize) {
		err := a.w.tx().Each(func(row db.Row) error {
			var at placed
			var name string
			if err := row.Scan(&at.person, &at.structure, &name); err != nil {
				return err
			}
			f(at, name)
			return nil
		}, `SELECT p.id, e.school_id, p.sort_key FROM directory_enrolment e
			JOIN directory_bond b ON b.pupil_id = e.person_id AND b.until_at IS NULL
			JOIN directory_person p ON p.id = b.guardian_id
			WHERE e.until_at IS NULL AND e.school_id IN (`+db.In(chunk)+`)`)
		if err != nil {
			return err
		}
	}
	return nil
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

// eachPlaced calls f for the structures that a query finds for people.
func (a *application) eachPlaced(people []school.ID, f func(placed), query string) error {
	for chunk := range slices.Chunk(people, chunkSize) {
		err := a.w.tx().Each(func(row db.Row) error {
			var p placed
			if err := row.Scan(&p.person, &p.structure); err != nil {
				return err
			}
			f(p)
			return nil
		}, fmt.Sprintf(query, db.In(chunk)))
		if err != nil {
			return err
		}
	}
	return nil
}

// pairs reads those that a query finds; $1 is the delivery.
func (a *application) pairs(query string, args ...any) ([][2]school.ID, error) {
	return db.All(a.w.tx(), func(row db.Row) (pair [2]school.ID, err error) {
		return pair, row.Scan(&pair[0], &pair[1])
	}, query, append([]any{a.w.feed}, args...)...)
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
