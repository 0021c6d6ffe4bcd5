package feed

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"preau/core/db"
	"preau/core/school"
	"preau/directory"
	"preau/directory/aaf"
)

// Perimeter is what a delivery may speak of: one académie, and some of its
// schools. What it says of others is left out before anything is written, and
// told; what the register has of them from the same source departs with the
// next complete delivery.
type Perimeter struct {
	Academy string              // as [school.AcademyCode] gives it
	Schools map[school.UAI]bool // schools and offices; nil: all of the académie's
}

// admits refuses the delivery of another académie.
func (p *Perimeter) admits(source Source) error {
	if p == nil || p.Academy == source.Academy {
		return nil
	}
	return &Refusal{Kind: OtherAcademy, Reason: fmt.Sprintf("this delivery is of the académie %s, and %s is expected", source.Academy, p.Academy)}
}

// Outside is a structure of the delivery that is not in the perimeter.
type Outside struct {
	UAI    school.UAI `json:"school"`
	Pupils int        `json:"pupils"`
	Staff  int        `json:"staff"`
}

// fence keeps out of a survey what is not in the perimeter. A nil fence keeps
// nothing out.
type fence struct {
	*Perimeter
	inside map[aaf.Key]bool // of each structure that the register or the delivery knows
	opened map[aaf.Key]bool // those of them that the project opened: no pupil is elsewhere
	barred map[aaf.Key]*barred
	pupils map[aaf.Key]bool // kept out
	named  map[aaf.Key]bool // guardians, by pupils who are in
	unsaid map[gone]bool    // modifications that do not say where
	people map[aaf.Category]int
	// known are the structures of the register; left, those of them that are out
	// and whose people leave with a complete delivery.
	known map[aaf.Key]school.ID
	left  map[school.ID]bool
}

// barred is a structure that is kept out.
type barred struct {
	Outside
	place place
}

// fence reads which structures of the register are in the perimeter: a delta
// may name them without bringing them.
func (f *Feeder) fence(ctx context.Context, p *Perimeter) (*fence, error) {
	if p == nil || p.Schools == nil {
		return nil, nil
	}
	around := &fence{
		Perimeter: p, inside: map[aaf.Key]bool{}, opened: map[aaf.Key]bool{}, barred: map[aaf.Key]*barred{},
		known: map[aaf.Key]school.ID{}, left: map[school.ID]bool{},
		pupils: map[aaf.Key]bool{}, named: map[aaf.Key]bool{}, unsaid: map[gone]bool{}, people: map[aaf.Category]int{},
	}
	err := f.DB.Read(ctx, func(tx *db.Tx) error {
		return tx.Each(func(row db.Row) error {
			var key aaf.Key
			var id school.ID
			var uai school.UAI
			var kind directory.Kind
			var ours bool
			err := row.Scan(&key, &id, &uai, &kind, &ours)
			around.opened[key] = p.Schools[uai]
			around.inside[key] = kind != directory.School || p.Schools[uai]
			if ours {
				around.known[key] = id
			}
			if ours && !around.inside[key] {
				around.left[id] = true
			}
			return err
		}, `SELECT k.jointure, s.id, s.uai, s.kind, s.source_id = o.id FROM directory_key k JOIN feed_source o ON o.id = k.source_id
			JOIN directory_structure s ON s.id = k.subject_id
			WHERE o.kind = 'aaf' AND o.academy = $1 AND k.category = $2`, p.Academy, aaf.Structures)
	})
	return around, err
}

// passes are the readings of a survey, each of some categories: what is
// referred to comes before what refers to it.
func (f *fence) passes() [][]aaf.Category {
	if f == nil {
		return [][]aaf.Category{{aaf.Structures, aaf.Staffs, aaf.Guardians}, {aaf.Pupils}}
	}
	return [][]aaf.Category{{aaf.Structures}, {aaf.Staffs, aaf.Guardians}, {aaf.Pupils}}
}

// enclose sorts the structures of the delivery, once all are read: those that
// the project opened, the offices that these are within, and the others.
func (f *fence) enclose(s *survey) {
	if f == nil {
		return
	}
	above := map[aaf.Key]bool{}
	for _, at := range s.structures {
		if f.Schools[at.UAI] {
			above[at.Circonscription] = true
		}
	}
	for key, at := range s.structures {
		f.opened[key] = f.Schools[at.UAI]
		f.inside[key] = f.opened[key] || above[key] && structureKind(at) != directory.School
		if id := f.known[key]; f.inside[key] {
			delete(f.left, id)
		} else {
			if id != 0 {
				f.left[id] = true
			}
			f.barred[key] = &barred{Outside: Outside{UAI: at.UAI}, place: s.seen[aaf.Structures][key].place}
			delete(s.structures, key)
			delete(s.seen[aaf.Structures], key)
		}
	}
}

// bars tells whether a structure is known to be out.
func (f *fence) bars(key aaf.Key) bool {
	if f == nil {
		return false
	}
	in, known := f.inside[key]
	return known && !in
}

// keepsOut tells whether a record is of structures that are all out. In a
// delta somebody who is known leaves with it.
func (f *fence) keepsOut(s *survey, r *aaf.Record, here place) bool {
	if f == nil || r.Op == aaf.Delete || r.Pupil == nil && r.Staff == nil {
		return false
	}
	at, said := places(r)
	if !said {
		f.unsaid[gone{r.Category, r.Key}] = true
	}
	if !said || f.holds(at, r.Category, s.delivery.Mode) {
		if r.Pupil != nil {
			for _, authority := range r.Pupil.Guardians {
				f.named[authority.Guardian] = true
			}
		}
		return false
	}
	f.people[r.Category]++
	if r.Pupil != nil {
		f.pupils[r.Key] = true
	}
	if i := slices.IndexFunc(at, func(key aaf.Key) bool { return f.barred[key] != nil }); i >= 0 && r.Pupil != nil {
		f.barred[at[i]].Pupils++
	} else if i >= 0 {
		f.barred[at[i]].Staff++
	}
	if s.delivery.Mode == aaf.Delta && s.seen[r.Category][r.Key] == nil {
		s.seen[r.Category][r.Key] = &sighting{hash: s.salt(r.Hash), state: deleted, barred: true, place: here}
	}
	return true
}

// places lists the structures that a pupil or a member of the staff is of. A
// modification may not say.
func places(r *aaf.Record) (at []aaf.Key, said bool) {
	if r.Pupil != nil {
		return r.Pupil.Schools, r.Has("ENTPersonStructRattach")
	}
	at = slices.Concat(r.Staff.Schools, r.Staff.Directs)
	for _, f := range r.Staff.Functions {
		at = append(at, f.Structure)
	}
	return at, r.Op != aaf.Modify || r.Has("ENTPersonStructRattach") || r.Has("ENTPersonFonctions")
}

// holds tells whether one of some structures is in, and opened for a pupil. One that nobody knows is
// an error of a complete delivery, reported as ever; a delta names it because
// it is of another project.
func (f *fence) holds(at []aaf.Key, category aaf.Category, mode aaf.Mode) bool {
	return slices.ContainsFunc(at, func(key aaf.Key) bool {
		in, known := f.inside[key]
		if category == aaf.Pupils {
			in = f.opened[key]
		}
		return in || !known && mode == aaf.Complete
	})
}

// release forgets the guardians of a complete delivery whom no pupil inside
// names, and the pupils outside whom guardians name.
func (f *fence) release(s *survey) {
	if f == nil {
		return
	}
	if s.delivery.Mode == aaf.Complete {
		for key, seen := range s.seen[aaf.Guardians] {
			if !f.named[key] && seen.state != rejected {
				delete(s.seen[aaf.Guardians], key)
				f.people[aaf.Guardians]++
			}
		}
	}
	s.wards = slices.DeleteFunc(s.wards, func(l link) bool {
		return f.pupils[l.to] || s.seen[aaf.Guardians][l.from] == nil
	})
}

// spare forgets, in a delta, the people outside who have no place inside either:
// a modification of theirs is none of ours, and they stay as they are. Those
// who had one have left it.
func (f *fence) spare(tx *db.Tx, c *comparison) error {
	if f == nil || c.delivery.Mode == aaf.Complete {
		return nil
	}
	keyOf := map[school.ID]gone{}
	for _, category := range []aaf.Category{aaf.Pupils, aaf.Staffs} {
		for key, seen := range c.seen[category] {
			if seen.barred && seen.subject != 0 {
				keyOf[seen.subject] = gone{category, key}
			}
		}
	}
	people := slices.Sorted(maps.Keys(keyOf))
	for chunk := range slices.Chunk(people, chunkSize) {
		in := db.In(chunk)
		err := tx.Each(func(row db.Row) error {
			var person school.ID
			var uai school.UAI
			var kind directory.Kind
			err := row.Scan(&person, &uai, &kind)
			if kind != directory.School || f.Schools[uai] {
				delete(keyOf, person) // they leave
			}
			return err
		}, `SELECT e.person_id, s.uai, s.kind FROM directory_enrolment e JOIN directory_structure s ON s.id = e.school_id
				WHERE e.person_id IN (`+in+`) AND e.source_id = $1 AND e.until_at IS NULL
			UNION SELECT f.person_id, s.uai, s.kind FROM directory_function f JOIN directory_structure s ON s.id = f.structure_id
				WHERE f.person_id IN (`+in+`) AND f.source_id = $1 AND f.until_at IS NULL`, c.source.ID)
		if err != nil {
			return err
		}
	}
	spared := map[gone]bool{}
	for _, key := range keyOf {
		spared[key] = true
		delete(c.seen[key.category], key.key)
	}
	for category, absent := range c.absent {
		c.absent[category] = slices.DeleteFunc(absent, func(a absentee) bool { return spared[gone{category, a.key}] })
	}
	return nil
}

// evict has a complete delivery compare again those who are inside and have a
// place outside as well: they lose it. Those who have no other are absent.
func (f *fence) evict(tx *db.Tx, c *comparison) error {
	if f == nil || c.delivery.Mode == aaf.Delta || len(f.left) == 0 {
		return nil
	}
	maps.DeleteFunc(c.elsewhere[aaf.Structures], func(_ aaf.Key, id school.ID) bool { return f.left[id] })
	there := map[school.ID]bool{}
	for chunk := range slices.Chunk(slices.Sorted(maps.Keys(f.left)), chunkSize) {
		in := db.In(chunk)
		some, err := db.All(tx, db.Column[school.ID], `SELECT person_id FROM directory_enrolment
				WHERE school_id IN (`+in+`) AND source_id = $1 AND until_at IS NULL
			UNION SELECT person_id FROM directory_function
				WHERE structure_id IN (`+in+`) AND source_id = $1 AND until_at IS NULL`, c.source.ID)
		if err != nil {
			return err
		}
		for _, person := range some {
			there[person] = true
		}
	}
	for _, category := range []aaf.Category{aaf.Pupils, aaf.Staffs} {
		for _, seen := range c.seen[category] {
			if seen.state == unchanged && there[seen.subject] {
				seen.state = changed
			}
		}
	}
	return nil
}

// close closes the schools outside where nobody is left, by whatever hand they
// came.
func (f *fence) close(w *writer, c *comparison, counts *Counts) error {
	if f == nil || c.delivery.Mode == aaf.Delta || len(f.left) == 0 {
		return nil
	}
	empty := `kind = 'school' AND until_at IS NULL
		AND NOT EXISTS (SELECT 1 FROM directory_enrolment e WHERE e.school_id = directory_structure.id AND e.until_at IS NULL)
		AND NOT EXISTS (SELECT 1 FROM directory_function f WHERE f.structure_id = directory_structure.id
			AND (f.until_at IS NULL OR f.until_at > ` + strconv.FormatInt(w.now.UnixMilli(), 10) + `))`
	for chunk := range slices.Chunk(slices.Sorted(maps.Keys(f.left)), chunkSize) {
		rows, err := directory.Structures.Among(w.tx(), "id", chunk, empty)
		if err != nil {
			return err
		}
		for _, row := range rows {
			after := row
			after.Until = w.now
			if err := replace(w, &w.structures, row, after); err != nil {
				return err
			}
			counts.Schools.Departed++
		}
	}
	return nil
}

// strangers forgets the people of a delta whom neither the register nor a
// pupil inside knows.
func (f *fence) strangers(c *comparison) {
	if f == nil || c.delivery.Mode == aaf.Complete {
		return
	}
	ofKnown := map[aaf.Key]bool{}
	for _, l := range c.wards {
		if _, known := c.elsewhere[aaf.Pupils][l.to]; known {
			ofKnown[l.from] = true
		}
	}
	for _, category := range categories[1:] {
		for key, seen := range c.seen[category] {
			switch {
			case seen.subject != 0 || seen.state == rejected:
			case seen.state == deleted:
				delete(c.seen[category], key) // of no account here
			case f.unsaid[gone{category, key}], category == aaf.Guardians && !f.named[key] && !ofKnown[key]:
				delete(c.seen[category], key)
				f.people[category]++
			}
		}
	}
	c.wards = slices.DeleteFunc(c.wards, func(l link) bool { return c.seen[aaf.Guardians][l.from] == nil })
}

// report tells what was kept out: each structure, and how many people.
func (f *fence) report(s *survey) {
	if f == nil {
		return
	}
	for _, key := range slices.Sorted(maps.Keys(f.barred)) {
		at := f.barred[key].place
		s.keep(trouble{Trouble: aaf.Trouble{
			Kind: OutsidePerimeter, Action: aaf.Rejected, File: s.delivery.Files[at.file].Name, Record: int(at.record),
			Category: aaf.Structures, Key: key, Attribute: "ENTStructureUAI", Count: 1,
		}})
	}
	for _, category := range categories[1:] {
		if n := f.people[category]; n > 0 {
			s.keep(trouble{Trouble: aaf.Trouble{Kind: OutsidePerimeter, Action: aaf.Rejected, Category: category, Count: n}})
		}
	}
}

// outside lists the structures that were kept out, by UAI.
func (f *fence) outside() (list []Outside) {
	if f == nil {
		return nil
	}
	for _, one := range f.barred {
		list = append(list, one.Outside)
	}
	slices.SortFunc(list, func(a, b Outside) int { return cmp.Compare(a.UAI, b.UAI) })
	return list
}
