package feed

import (
	"preau/core/db"
	"preau/core/school"
	"preau/directory/aaf"
)

// findShared finds the people about whom several records are: those whom a
// human merged, or who came under another key. What the first of their
// records makes of them is what the next one must see.
func (a *application) findShared() error {
	a.shared = map[school.ID]bool{}
	people, err := db.All(a.w.tx(), db.Column[school.ID], `SELECT subject_id FROM directory_key
		WHERE category <> $1 GROUP BY subject_id HAVING count(*) > 1`, aaf.Structures)
	for _, id := range people {
		a.shared[id] = false
	}
	return err
}

// afresh gives what the register says of somebody now, when another of their
// records was written before in this delivery; else what was read.
func (a *application) afresh(id school.ID, read *rows) (*rows, error) {
	written, shared := a.shared[id]
	if !shared {
		return read, nil
	}
	a.shared[id] = true
	if !written {
		return read, nil
	}
	if err := a.w.flush(); err != nil {
		return nil, err
	}
	current, err := a.load([]school.ID{id})
	return current[id], err
}
