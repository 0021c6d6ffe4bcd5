package file

import (
	"preau/core/audience"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
	"slices"
)

// openedTo lists what others opened to the visitor, the last first, each once.
func (s *Service) openedTo(r *web.Request) ([]line, error) {
	held, err := r.Held()
	if err != nil {
		return nil, err
	}
	grants, err := grantsTo(r.Tx, held, mostOpened)
	if err != nil {
		return nil, err
	}
	entries, people, err := aboutGrants(r.Tx, grants)
	if err != nil {
		return nil, err
	}
	kids, err := directory.Siblings(r.Tx, r.Actor.Person, r.Actor.Children...)
	if err != nil {
		return nil, err
	}
	ids := make([]school.ID, len(grants))
	for n, g := range grants {
		ids[n] = g.ID
	}
	to, err := audience.To(r.Tx, ids...)
	if err != nil {
		return nil, err
	}
	var lines []line
	seen := map[school.ID]bool{}
	current := held.At(r.Tx.Now)
	for _, g := range grants {
		if g.Level == mayDrop && len(current.ChildrenOf(to[g.ID], g.Made, r.Tx.Now)) == 0 {
			continue // of a class that one left
		}
		if e, there := entries[g.Entry]; there && e.Bin == 0 && !seen[e.ID] && g.Author != r.Actor.Person {
			seen[e.ID] = true
			l := line{entry: e, From: people[g.Author].Formal(), Drops: g.Level == mayDrop}
			among := held.ChildrenOf(to[g.ID], g.Made, r.Tx.Now)
			for _, kid := range kids {
				if slices.Contains(among, kid.ID) {
					l.Children = append(l.Children, ui.ChildTag{First: kid.First, Accent: r.AccentOf(kid.ID)})
				}
			}
			lines = append(lines, l)
		}
	}
	return lines, covered(r, lines)
}
