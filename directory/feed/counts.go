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

// changes tells whether anything was done.
func (c *Counts) changes() bool {
	for _, one := range []Count{c.Schools, c.Classes, c.Pupils, c.Guardians, c.Staff, c.Bonds} {
		if one.Added+one.Changed+one.Departed > 0 {
			return true
		}
	}
	return false
}
