package feed

import "preau/directory/aaf"

// Count says what a delivery did to one kind of thing.
type Count struct {
	Added     int `json:"added"`
	Changed   int `json:"changed"`
	Unchanged int `json:"unchanged"`
	Departed  int `json:"departed"`
	Rejected  int `json:"rejected"`
}

// add counts one thing that was written, or not.
func (c *Count) add(did tally) {
	c.Added += did.added
	c.Changed += did.changed
	if !did.any() {
		c.Unchanged++
	}
}

// Counts says what a delivery did.
type Counts struct {
	Schools   Count `json:"schools"`
	Classes   Count `json:"classes"`
	Pupils    Count `json:"pupils"`
	Guardians Count `json:"guardians"`
	Staff     Count `json:"staff"`
	Bonds     Count `json:"bonds"`
}

// of gives the count of a category.
func (c *Counts) of(category aaf.Category) *Count {
	switch category {
	case aaf.Structures:
		return &c.Schools
	case aaf.Staffs:
		return &c.Staff
	case aaf.Pupils:
		return &c.Pupils
	}
	return &c.Guardians
}
