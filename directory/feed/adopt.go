package feed

import (
	"cmp"
	"fmt"
	"slices"

	"preau/core/db"
	"preau/core/school"
	"preau/directory"
	"preau/directory/aaf"
)

// adopt finds the classes of a school that an extraction, or the delivery that
// takes the school over, calls by another key: by their label, else by most of
// their pupils. They keep what was made by hand on them: the teachers whom the
// head attached.
func (w *writer) adopt(c *comparison, g *geography, index classIndex) error {
	orphans := map[school.ID][]*directory.Class{} // open, and not named by their own key
	named := map[classIdentity]bool{}
	for at := range c.classes {
		named[classIdentity{g.ids[at.school], at.kind, at.key}] = true
	}
	for at, class := range index {
		if class.Until.IsZero() && class.Source == c.source.ID && class.Kind == directory.OrdinaryClass && !named[at] {
			orphans[class.School] = append(orphans[class.School], class)
		}
	}
	var newcomers []classRef
	for at := range c.classes {
		id := g.ids[at.school]
		if c.adopts(at.school) && len(orphans[id]) > 0 && at.kind == directory.OrdinaryClass && index[classIdentity{id, at.kind, at.key}] == nil {
			newcomers = append(newcomers, at)
		}
	}
	if len(newcomers) == 0 {
		return nil
	}
	slices.SortFunc(newcomers, func(a, b classRef) int { return cmp.Or(cmp.Compare(a.school, b.school), cmp.Compare(a.key, b.key)) })
	for _, test := range []func(classRef, *directory.Class) (bool, error){
		func(at classRef, class *directory.Class) (bool, error) {
			return class.LabelKey == school.Fold(c.classes[at].Label), nil
		},
		func(at classRef, class *directory.Class) (bool, error) { return w.mostly(c, at, class) },
	} {
		for _, at := range newcomers {
			id := g.ids[at.school]
			identity := classIdentity{id, at.kind, at.key}
			if index[identity] != nil {
				continue
			}
			var found []*directory.Class
			for _, class := range orphans[id] {
				same, err := test(at, class)
				if err != nil {
					return err
				}
				if same {
					found = append(found, class)
				}
			}
			if len(found) != 1 {
				continue
			}
			class := found[0]
			orphans[id] = slices.DeleteFunc(orphans[id], func(other *directory.Class) bool { return other == class })
			delete(index, classIdentity{id, class.Kind, class.SourceKey})
			index[identity] = class
		}
	}
	return nil
}

// adopts tells whether the classes of a school may have changed keys.
func (c *comparison) adopts(at aaf.Key) bool {
	return c.delivery.extraction != nil || c.taken[at].source != 0
}

// mostly tells whether more than half of a class is in another one, and makes
// more than half of it.
func (w *writer) mostly(c *comparison, at classRef, class *directory.Class) (bool, error) {
	members, err := db.All(w.tx(), db.Column[school.ID], `SELECT person_id FROM directory_membership
		WHERE class_id = $1 AND role = $2 AND until_at IS NULL`, class.ID, directory.AsPupil)
	if err != nil {
		return false, fmt.Errorf("reading the pupils of a class: %w", err)
	}
	both, delivered := 0, 0
	for key, one := range c.incomers {
		if !slices.ContainsFunc(one.classes, func(m aaf.Membership) bool { return m.School == at.school && m.Key == at.key }) {
			continue
		}
		delivered++
		if seen := c.seen[aaf.Pupils][key]; seen != nil && slices.Contains(members, seen.subject) {
			both++
		}
	}
	return both*2 > delivered && both*2 > len(members), nil
}
