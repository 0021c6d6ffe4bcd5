package file

import (
	"context"
	"io"
	"path"

	"preau/core/db"
	"preau/core/personal"
	"preau/core/school"
)

// Carried lists the files that are somebody's alone, as they take them away: those of their own space, in their
// folders and with their dates, and those of their parts of casiers, each in a folder of its name.
func (s *Service) Carried(tx *db.Tx, person school.ID) (all []personal.Carried, err error) {
	entries, err := db.All(tx, scanEntry, `SELECT `+entryColumns+entryFrom+`WHERE e.owner_id = $1 AND e.bin_id = 0 ORDER BY e.id`, person)
	if err != nil {
		return nil, err
	}
	by := make(map[school.ID]entry, len(entries))
	for _, e := range entries {
		by[e.ID] = e
	}
	for _, e := range entries {
		if e.Folder || e.Holds.Virus != "" {
			continue
		}
		at := e.Name
		for up, there := by[e.Parent]; there; up, there = by[up.Parent] {
			at = path.Join(up.Name, at)
		}
		all = append(all, personal.Carried{Path: at, Modified: e.Changed, Open: func(ctx context.Context) (io.ReadCloser, error) {
			return s.Blobs.Open(ctx, sumOf(e.Holds.held))
		}})
	}
	return all, nil
}
