package feed

import (
	"context"
	"errors"
	"slices"
	"strings"

	"preau/core/db"
	"preau/core/school"
	"preau/directory"
	"preau/directory/aaf"
)

// When an académie delivers a school that ONDE fed, it takes the school over
// with its people. What ONDE said becomes what the académie says, under the
// keys that ONDE's rows had; whoever a record of the delivery is recognised as
// then comes under a new key, and whoever is left is absent, like anybody else.
// ADR 16 has the reasons.

// fedSchool is a school that ONDE feeds.
type fedSchool struct {
	school, source school.ID
	revision       int64 // of the source, when it was read
}

// fedByOnde lists the schools that ONDE feeds, by their UAI. They are asked
// for by source: asked for at once, PostgreSQL reads the keys of everybody.
func fedByOnde(tx *db.Tx) (map[school.UAI]fedSchool, error) {
	fed := map[school.UAI]fedSchool{}
	sources, err := db.All(tx, db.Column[school.ID], `SELECT id FROM feed_source WHERE kind = $1`, FromSchool)
	for chunk := range slices.Chunk(sources, chunkSize) {
		err = errors.Join(err, tx.Each(func(row db.Row) error {
			var uai school.UAI
			var one fedSchool
			err := row.Scan(&uai, &one.school, &one.source, &one.revision)
			fed[uai] = one
			return err
		}, `SELECT t.uai, t.id, s.id, s.revision FROM feed_source s
			JOIN directory_key k ON k.source_id = s.id AND k.category = $1 AND k.live
			JOIN directory_structure t ON t.id = k.subject_id WHERE s.id IN (`+db.In(chunk)+`)`, aaf.Structures))
	}
	return fed, err
}

// incomer is what a pupil of a school that is taken over, or of an extraction,
// is recognised by.
type incomer struct {
	birth, usual, first string // folded
	day                 string
	ine                 school.INE
	schools             []aaf.Key
	guardians           []aaf.Key
	classes             []aaf.Membership
}

// takeIncomer keeps a pupil of a school that is taken over.
func (s *survey) takeIncomer(r *aaf.Record) {
	p := r.Pupil
	if s.delivery.extraction == nil && !slices.ContainsFunc(p.Schools, func(key aaf.Key) bool { return s.taken[key].source != 0 }) {
		return
	}
	one := incomer{
		birth: school.Fold(p.Birth), usual: school.Fold(p.Usual), first: school.Fold(p.First), day: isoDay(p.BirthDate),
		ine: school.INE(strings.Clone(string(p.INE))), schools: slices.Clone(p.Schools),
	}
	for _, g := range p.Guardians {
		one.guardians = append(one.guardians, g.Guardian)
	}
	for _, m := range p.Classes {
		one.classes = append(one.classes, cloneMembership(m))
	}
	s.incomers[r.Key] = one
}

// meetAdults reads the guardians again for the names of those whom the pupils
// of a school that is taken over name.
func (s *survey) meetAdults(ctx context.Context) error {
	if len(s.taken) == 0 {
		return nil
	}
	wanted := map[aaf.Key]bool{}
	for _, one := range s.incomers {
		for _, key := range one.guardians {
			wanted[key] = true
		}
	}
	_, err := s.delivery.Read(ctx, func(f aaf.File) bool { return f.Category == aaf.Guardians }, func(batch []aaf.Record) error {
		for i := range batch {
			if g := batch[i].Guardian; g != nil && wanted[batch[i].Key] {
				s.adults[batch[i].Key] = aaf.Name{Birth: school.Fold(g.Birth), Usual: school.Fold(g.Usual), First: school.Fold(g.First)}
			}
		}
		return nil
	}, nil)
	return err
}

// takes tells whether the delivery takes over what a source feeds.
func (c *comparison) takes(source school.ID) bool {
	for _, at := range c.taken {
		if at.source == source {
			return true
		}
	}
	return false
}

// takeOver recognises the people of the schools that the delivery takes over:
// pupils by their INE, which was looked for already, or by names and date of
// birth in that school; guardians by names and by a child who was recognised.
func (c *comparison) takeOver(tx *db.Tx) error {
	for key, at := range c.taken {
		uai, err := db.One(tx, db.Column[string], `SELECT academy FROM feed_source WHERE id = $1`, at.source)
		if err != nil {
			return err
		}
		who, err := peopleOf(tx, FromSchool, uai)
		if err != nil {
			return err
		}
		c.takePupils(key, who)
		c.takeGuardians(who)
		c.moveKeys(who)
	}
	return nil
}

func (c *comparison) takePupils(at aaf.Key, who *people) {
	type row struct {
		recognised
		incomer
		seen *sighting
	}
	here := map[school.ID]bool{}
	var rows []*row
	for key, one := range c.incomers {
		seen := c.seen[aaf.Pupils][key]
		switch {
		case seen == nil || !slices.Contains(one.schools, at):
		case seen.subject != 0:
			here[seen.subject] = true
		case seen.state == added:
			rows = append(rows, &row{incomer: one, seen: seen})
		}
	}
	for _, one := range who.pupils {
		one.claimed = here[one.ID]
	}
	pair(rows, func(r *row) *recognised { return &r.recognised }, who.pupils, func(r *row, a *acquaintance) bool {
		return a.live && r.day != "" && r.day == a.BirthDate && r.first == a.first &&
			(r.birth == a.birth || r.usual == a.birth || r.usual == a.usual) &&
			(r.ine == "" || a.INE == "" || r.ine == a.INE)
	})
	for _, r := range rows {
		if r.as != nil {
			r.seen.subject, r.seen.state = r.as.ID, matched
		}
	}
}

func (c *comparison) takeGuardians(who *people) {
	type row struct {
		recognised
		aaf.Name
		seen     *sighting
		children []school.ID // who were recognised
	}
	known := map[school.ID]bool{}
	for _, p := range who.pupils {
		known[p.ID] = true
	}
	byKey := map[aaf.Key]*row{}
	var rows []*row
	for key, one := range c.incomers {
		seen := c.seen[aaf.Pupils][key]
		if seen == nil || !known[seen.subject] {
			continue
		}
		child := seen.subject
		for _, guardian := range one.guardians {
			seen, name := c.seen[aaf.Guardians][guardian], c.adults[guardian]
			if seen == nil || seen.state != added || name.Usual == "" {
				continue
			}
			if byKey[guardian] == nil {
				byKey[guardian] = &row{Name: name, seen: seen}
				rows = append(rows, byKey[guardian])
			}
			byKey[guardian].children = append(byKey[guardian].children, child)
		}
	}
	pair(rows, func(r *row) *recognised { return &r.recognised }, who.guardians, func(r *row, a *acquaintance) bool {
		if !a.live || r.First != a.first || r.Usual != a.usual && r.Usual != a.birth && (r.Birth == "" || r.Birth != a.birth) {
			return false
		}
		return slices.ContainsFunc(a.bonds, func(b directory.Bond) bool { return b.Until.IsZero() && slices.Contains(r.children, b.Pupil) })
	})
	for _, r := range rows {
		if r.as != nil {
			r.seen.subject, r.seen.state = r.as.ID, matched
		}
	}
}

// moveKeys counts the keys of a school's people among those that the delivery
// does not hold. A delta says nothing of those whom it does not name.
func (c *comparison) moveKeys(who *people) {
	for category, list := range map[aaf.Category][]*acquaintance{aaf.Pupils: who.pupils, aaf.Guardians: who.guardians} {
		named := map[school.ID]bool{}
		for _, seen := range c.seen[category] {
			named[seen.subject] = true
		}
		for _, one := range list {
			if !one.live {
				continue
			}
			c.moves[one.ID] = true
			if c.delivery.Mode == aaf.Delta && !named[one.ID] {
				continue
			}
			for _, key := range one.living {
				c.absent[category] = append(c.absent[category], absentee{key, one.ID})
			}
		}
	}
}

// takeOver makes what ONDE said of the schools that are taken over what the
// delivery's source says, under the same keys.
func (a *application) takeOver() error {
	for _, at := range a.c.taken {
		n, err := a.w.tx().Exec(`UPDATE feed_source SET revision = revision + 1 WHERE id = $1 AND revision = $2`, at.source, at.revision)
		if err != nil {
			return err
		}
		if n == 0 {
			return &Refusal{Kind: Busy, Reason: "a school that is taken over was written while the delivery was compared; feed it again"}
		}
		if _, err := a.w.tx().Exec(`UPDATE feed_hold SET state = $1 WHERE state = $2 AND feed_id IN (
			SELECT id FROM feed_delivery WHERE source_id = $3)`, holdSuperseded, holdWaiting, at.source); err != nil {
			return err
		}
		if err := a.takeKeys(at.source); err != nil {
			return err
		}
		if err := a.takeRows(at.source); err != nil {
			return err
		}
	}
	return a.w.flush()
}

func (a *application) takeKeys(from school.ID) error {
	keys, err := directory.Keys.All(a.w.tx(), "source_id = $1 AND live", from)
	if err != nil {
		return err
	}
	for chunk := range slices.Chunk(keys, chunkSize) {
		ours, err := a.takenBefore(chunk)
		if err != nil {
			return err
		}
		for _, key := range chunk {
			if err := a.takeKey(key, ours); err != nil {
				return err
			}
		}
	}
	return nil
}

// takeKey makes a key of another source one of the delivery's.
func (a *application) takeKey(key directory.Key, ours map[gone]directory.Key) error {
	if err := a.closeKey(key); err != nil {
		return err
	}
	if aaf.Category(key.Category) == aaf.Structures {
		return nil // the delivery has its own
	}
	before, again := ours[gone{aaf.Category(key.Category), aaf.Key(key.Jointure)}]
	key.Source, key.Hash, key.Feed, key.MadeBy = a.c.source.ID, 0, a.w.feed, a.w.feed
	if !again {
		return add(a.w, &a.w.keys, key)
	}
	key.MadeBy = before.MadeBy
	return replace(a.w, &a.w.keys, before, key)
}

// takenBefore reads which of some keys of another source the delivery's has too: it
// took the school over before, and that was undone.
func (a *application) takenBefore(keys []directory.Key) (map[gone]directory.Key, error) {
	called := map[string][]int64{}
	for _, key := range keys {
		called[key.Category] = append(called[key.Category], key.Jointure)
	}
	ours := map[gone]directory.Key{}
	for category, jointures := range called {
		rows, err := directory.Keys.All(a.w.tx(), `source_id = $1 AND category = $2 AND jointure IN (`+db.In(jointures)+`)`,
			a.c.source.ID, category)
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			ours[gone{aaf.Category(row.Category), aaf.Key(row.Jointure)}] = row
		}
	}
	return ours, nil
}

// takeRows takes over the rows that are open; those that have ended keep who
// said them.
func (a *application) takeRows(from school.ID) error {
	w, by := a.w, a.c.source.ID
	for _, take := range []func() error{
		func() error {
			return retell(w, &w.persons, "departed_at", from, func(p *directory.Person) { p.Source = by })
		},
		func() error {
			return retell(w, &w.enrolments, "until_at", from, func(e *directory.Enrolment) { e.Source = by })
		},
		func() error {
			return retell(w, &w.memberships, "until_at", from, func(m *directory.Membership) { m.Source = by })
		},
		func() error { return retell(w, &w.bonds, "until_at", from, func(b *directory.Bond) { b.Source = by }) },
		func() error {
			return retell(w, &w.classes, "until_at", from, func(c *directory.Class) { c.Source = by })
		},
	} {
		if err := take(); err != nil {
			return err
		}
	}
	return nil
}

// retell writes the rows that a source says, and whose end is not known, as
// another source says them.
func retell[R any](w *writer, b *buffer[R], end string, from school.ID, give func(*R)) error {
	rows, err := b.table.All(w.tx(), "source_id = $1 AND "+end+" IS NULL", from)
	if err != nil {
		return err
	}
	for _, row := range rows {
		after := row
		give(&after)
		if err := replace(w, b, row, after); err != nil {
			return err
		}
	}
	return nil
}
