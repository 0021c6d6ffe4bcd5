package message

import (
	"slices"

	"preau/core/audience"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
)

// kids are the children of the visitor, as their guardian, and what is addressed to them
// for each.
type kids struct {
	named []directory.Someone
	held  audience.Holdings
}

// kids reads them; there are none with another hat.
func (s *Service) kids(r *web.Request) (k kids, err error) {
	if r.Actor.Profile != school.Guardian {
		return k, nil
	}
	if k.named, err = directory.SomeByID(r.Tx, r.Actor.Children...); err != nil {
		return k, err
	}
	k.held, err = r.Held()
	return k, err
}

// of is the only child for whom something is addressed to the visitor: a message to the
// families of a class is about the child whom they have in it.
func (k kids) of(to []audience.Audience) (child directory.Someone) {
	for _, held := range k.held {
		i := slices.IndexFunc(k.named, func(one directory.Someone) bool { return one.ID == held.Child })
		switch {
		case i < 0 || !slices.Contains(to, held.Audience):
		case child.ID != 0 && child.ID != held.Child:
			return directory.Someone{}
		default:
			child = k.named[i]
		}
	}
	return child
}
