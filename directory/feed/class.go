package feed

import (
	"strings"
	"time"

	"preau/core/db"
	"preau/core/school"
	"preau/directory"
)

// classIndex finds a class of the delivery's year by what the world calls it.
type classIndex map[classIdentity]*directory.Class

type classIdentity struct {
	school school.ID
	kind   directory.ClassKind
	key    string
}

// applyClasses writes the classes and groups that the pupils name.
func (w *writer) applyClasses(c *comparison, g *geography, counts *Counts) (classIndex, error) {
	rows, err := directory.Classes.All(w.tx(), "year = $1", c.year())
	if err != nil {
		return nil, err
	}
	index := classIndex{}
	for i := range rows {
		index[classIdentity{rows[i].School, rows[i].Kind, rows[i].SourceKey}] = &rows[i]
	}
	if err := w.adopt(c, g, index); err != nil {
		return nil, err
	}
	for at, m := range c.classes {
		id, ok := g.ids[at.school]
		if !ok {
			continue // reported with each pupil
		}
		did, err := w.placeClass(c, index, directory.Class{
			School: id, Year: c.year(), Kind: at.kind, SourceKey: at.key,
			Label: tidy(m.Label), TypeCode: m.Type.Code, Type: m.Type.Label,
		})
		if err != nil {
			return nil, err
		}
		if at.kind == directory.OrdinaryClass {
			counts.Classes.Added += did.added
			counts.Classes.Changed += did.changed
		}
	}
	return index, nil
}

func (w *writer) placeClass(c *comparison, index classIndex, want directory.Class) (tally, error) {
	want.LabelKey = school.Fold(want.Label)
	at := classIdentity{want.School, want.Kind, want.SourceKey}
	have := index[at]
	if have == nil {
		want.ID, want.From = school.NewID(w.now.Time), c.start(w.now.Time)
		want.Origin = directory.Origin{Source: c.source.ID, Feed: w.feed}
		index[at] = &want
		return tally{added: 1}, add(w, &w.classes, want)
	}
	want.ID, want.From, want.Origin = have.ID, have.From, have.Origin
	if directory.Classes.Same(have, &want) {
		return tally{}, nil
	}
	before := *have
	*have = want
	did := tally{changed: 1}
	if !before.Until.IsZero() {
		did = tally{added: 1} // it opens again
	}
	return did, replace(w, &w.classes, before, want)
}

// closeClasses ends the classes of the schools that the delivery covers, which
// it does not name any more and where nobody is left.
func (w *writer) closeClasses(c *comparison, covered map[school.ID]bool, g *geography, counts *Counts) error {
	named := map[classIdentity]bool{}
	for at := range c.classes {
		named[classIdentity{g.ids[at.school], at.kind, at.key}] = true
	}
	rows, err := directory.Classes.All(w.tx(), `source_id = $1 AND until_at IS NULL AND NOT EXISTS (
		SELECT 1 FROM directory_membership m WHERE m.class_id = directory_class.id AND m.role = 'pupil' AND m.until_at IS NULL)`,
		c.source.ID)
	if err != nil {
		return err
	}
	for _, row := range rows {
		if named[classIdentity{row.School, row.Kind, row.SourceKey}] && row.Year == c.year() || !covered[row.School] {
			continue
		}
		after := row
		after.Until = w.now
		if err := replace(w, &w.classes, row, after); err != nil {
			return err
		}
		if row.Kind == directory.OrdinaryClass {
			counts.Classes.Departed++
		}
	}
	return nil
}

// start is when what the delivery begins has begun: its day, or now when it
// is fed before.
func (c *comparison) start(now time.Time) db.Time {
	if day := midnight(c.delivery.Date); day.Before(now) {
		return day
	}
	return db.At(now)
}

// tidy makes one space of several: labels are typed by hand.
func tidy(label string) string { return strings.Join(strings.Fields(label), " ") }
