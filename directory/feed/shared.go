package feed

import (
	"slices"

	"preau/core/school"
)

// findShared finds the people about whom the delivery has several records to
// write: those whom a human merged, or who came under another key. What the
// first of their records makes of them is what the next one must see.
func (a *application) findShared() {
	var people []school.ID
	for _, category := range categories[1:] {
		for _, seen := range a.c.seen[category] {
			switch seen.state {
			case matched, changed, returning:
				people = append(people, seen.subject)
			}
		}
	}
	slices.Sort(people)
	a.shared = map[school.ID]bool{}
	for i := 1; i < len(people); i++ {
		if people[i] == people[i-1] {
			a.shared[people[i]] = false
		}
	}
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
