package web

import (
	"fmt"
	"slices"

	"preau/core/audience"
	"preau/core/db"
	"preau/core/school"
)

// Audiences tells who holds which audiences.
func (r *Request) Audiences() audience.Register { return r.site.Audiences }

// Held is what the visitor holds with the hat they wear.
func (r *Request) Held() (audience.Holdings, error) {
	held, err := r.HeldWithAny()
	return held.As(r.Actor.Profile), err
}

// HeldWithAny is what the visitor holds with any of their hats. It is asked once.
func (r *Request) HeldWithAny() (audience.Holdings, error) {
	if r.held == nil {
		held, err := r.site.Audiences.Held(r.Tx, r.Actor.Person)
		if err != nil {
			return nil, err
		}
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
	return children, r.NoteSeen(func(tx *db.Tx) error {
		for _, child := range children {
			if err := audience.MarkRead(tx, thing, child, r.Actor.Person); err != nil {
				return err
			}
		}
		return nil
	})
}

// Publish addresses a thing, for the first time or again, and counts that the visitor acts on
// whom it reaches: see [Request.ActsOn]. What reaches a home is one act for each child,
// whoever reads it there. Only a [Withholder] publishes what leaves later.
func (r *Request) Publish(a audience.Address) error {
	if a.Published.After(r.Tx.Now) && !r.site.withholds[a.Room] {
		return fmt.Errorf("web: %s publishes %s to leave later, and could not keep it back", a.Room, a.Thing)
	}
	if err := audience.Publish(r.Tx, a); err != nil {
		return err
	}
	others := slices.DeleteFunc(slices.Clone(a.Audiences), func(to audience.Audience) bool {
		return to.Place == audience.Person && to.Of == r.Actor.Person
	})
	if len(others) == 0 {
		return nil
	}
	n, err := r.Audiences().Count(r.Tx, others...)
	if err != nil {
		return err
	}
	if n.Children > 0 {
		return r.ActsOn(n.Children)
	}
	return r.ActsOn(n.People)
}
