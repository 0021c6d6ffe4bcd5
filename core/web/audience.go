package web

import (
	"preau/core/audience"
	"preau/core/db"
	"preau/core/school"
)

// Audiences tells who holds which audiences.
func (r *Request) Audiences() audience.Register { return r.site.Audiences }

// Held is what the visitor holds with the hat they wear. It is asked once.
func (r *Request) Held() (audience.Holdings, error) {
	if r.held == nil {
		all, err := r.site.Audiences.Held(r.Tx, r.Actor.Person)
		if err != nil {
			return nil, err
		}
		held := all.As(r.Actor.Profile)
		r.held = &held
	}
	return *r.held, nil
}

// Seen notes that the visitor has a thing before their eyes, for each child for whom it is
// addressed to them now, and gives these; none when it is not.
func (r *Request) Seen(thing school.ID) (children []school.ID, err error) {
	held, err := r.Held()
	if err != nil {
		return nil, err
	}
	children, err = held.Current(r.Tx, thing)
	if err != nil || len(children) == 0 {
		return nil, err
	}
	return children, r.Note(func(tx *db.Tx) error {
		for _, child := range children {
			if err := audience.MarkRead(tx, thing, child, r.Actor.Person); err != nil {
				return err
			}
		}
		return nil
	})
}
