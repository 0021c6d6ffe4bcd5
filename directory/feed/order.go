package feed

import (
	"cmp"
	"context"
	"hash/maphash"
	"maps"

	"preau/core/db"
	"preau/core/school"
	"preau/directory"
	"preau/directory/aaf"
)

// The order in which a delivery is written, in one transaction.

// ofPeople is the tables that have a row or more a person.
var ofPeople = []string{
	directory.Persons.Name, directory.Keys.Name, directory.Enrolments.Name, directory.Memberships.Name,
	directory.Bonds.Name, directory.Functions.Name,
}

// manyNewcomers is how many make the engine count its tables again, where
// they are a tenth of everybody.
const manyNewcomers = 1000

// apply writes the delivery in tx.
func (f *Feeder) apply(ctx context.Context, tx *db.Tx, c *comparison, o Options, result *Result, progress func(int)) error {
	if err := c.source.open(tx, c.delivery.Prefix); err != nil {
		return err
	}
	w := newWriter(tx, result.ID)
	defer w.hand.rest()
	err := f.applyWith(ctx, w, c, o, result, progress)
	// A statement after one that failed says only that the transaction is
	// over: the cause is what the hand met first.
	return cmp.Or(w.hand.failed(), err)
}

func (f *Feeder) applyWith(ctx context.Context, w *writer, c *comparison, o Options, result *Result, progress func(int)) error {
	tx := w.inner
	a := &application{
		w: w, c: c, counts: &result.Counts, leaving: &result.Leaving, start: c.start(tx.Now), year: c.year(), progress: progress,
		seed: maphash.MakeSeed(),
	}
	if f.Newcomers != nil {
		var err error
		if a.welcome, err = f.Newcomers(tx); err != nil {
			return err
		}
	}
	if c.delivery.extraction != nil && o.By != 0 {
		var err error
		if a.family, err = directory.OwnFamily(tx, o.By); err != nil {
			return err
		}
	}
	if err := a.prepare(); err != nil {
		return err
	}
	if err := tx.LoadInto(ofPeople...); err != nil {
		return err
	}
	if err := a.run(ctx, c.delivery); err != nil {
		return err
	}
	if err := tx.Reindex(); err != nil {
		return err
	}
	if a.arrived > max(manyNewcomers, c.population/10) {
		if err := tx.Analyze(ofPeople...); err != nil {
			return err
		}
	}
	var err error
	if result.Held, err = a.departures(f.Caps, o.AcceptDepartures); err != nil {
		return err
	}
	if result.Held == nil {
		result.Held = []Hold{}
	}
	if c.delivery.Mode == aaf.Complete {
		if err := w.closeClasses(c, a.perimeter, a.g, &result.Counts); err != nil {
			return err
		}
		if err := c.fence.close(w, c, &result.Counts); err != nil {
			return err
		}
	}
	if err := w.flush(); err != nil {
		return err
	}
	if _, err := directory.Strike(w.tx(), w.feed, c.opened...); err != nil {
		return err
	}
	if err := a.endInterims(result); err != nil {
		return err
	}
	if err := a.propose(); err != nil {
		return err
	}
	if err := w.flush(); err != nil {
		return err
	}
	if err := a.countUnchanged(); err != nil {
		return err
	}
	for _, t := range c.troubles {
		people := t.Kind == OutsidePerimeter && t.Category != aaf.Structures
		if t.Kind != aaf.DroppedAttribute && !people { // ours to leave out, not theirs to mend
			result.Warnings += t.Count
		}
	}
	return nil
}

// prepare writes the structures and classes, and reads what the people's
// rows will refer to.
func (a *application) prepare() (err error) {
	if err := a.takeOver(); err != nil {
		return err
	}
	if len(a.c.taken) > 0 { // they are the source's now
		if a.c.population, err = a.c.source.population(a.w.tx()); err != nil {
			return err
		}
	}
	a.findShared()
	if a.judged, err = directory.Judged(a.w.tx()); err != nil {
		return err
	}
	a.judged = a.judged || a.c.population > 0 // a judge may be heard meanwhile
	structures := a.w.applyStructures
	if a.c.delivery.extraction != nil {
		structures = a.w.applySchool
	}
	if a.g, err = structures(a.c, a.counts); err != nil {
		return err
	}
	if err := a.w.flush(); err != nil {
		return err
	}
	a.perimeter, a.stages = map[school.ID]bool{}, a.g.stages
	for key := range a.c.structures {
		a.perimeter[a.g.ids[key]] = true
	}
	if around := a.c.fence; around != nil { // of whom the absence is ours
		maps.Copy(a.perimeter, around.left)
	}
	if a.classes, err = a.w.applyClasses(a.c, a.g, a.counts); err != nil {
		return err
	}
	if err := a.w.flush(); err != nil {
		return err
	}
	a.kinds = map[school.ID]directory.ClassKind{} // of every year: a modification may leave places of the last one
	return a.w.tx().Each(func(row db.Row) error {
		var id school.ID
		var kind directory.ClassKind
		err := row.Scan(&id, &kind)
		a.kinds[id] = kind
		return err
	}, `SELECT id, kind FROM directory_class WHERE source_id = $1`, a.c.source.ID)
}

// countUnchanged counts what was there before and stayed as it was.
func (a *application) countUnchanged() error {
	for _, category := range categories[1:] {
		count := a.counts.of(category)
		for _, seen := range a.c.seen[category] {
			if seen.state == unchanged {
				count.Unchanged++
			}
		}
	}
	for _, t := range a.c.troubles {
		if t.Action == aaf.Rejected && t.Kind != NoSchool {
			a.counts.of(t.Category).Rejected += t.Count
		}
	}
	if a.c.delivery.Mode == aaf.Delta {
		return nil // it names who changed: what it does not name is not counted
	}
	live := func(query string, args ...any) (int, error) { return db.One(a.w.tx(), db.Column[int], query, args...) }
	bonds, err := live(`SELECT count(*) FROM directory_bond WHERE source_id = $1 AND until_at IS NULL`, a.c.source.ID)
	if err != nil {
		return err
	}
	a.counts.Bonds.Unchanged = bonds - a.counts.Bonds.Added - a.counts.Bonds.Changed
	classes, err := live(`SELECT count(*) FROM directory_class WHERE source_id = $1 AND kind = 'class' AND until_at IS NULL`, a.c.source.ID)
	if err != nil {
		return err
	}
	a.counts.Classes.Unchanged = classes - a.counts.Classes.Added - a.counts.Classes.Changed
	return nil
}
