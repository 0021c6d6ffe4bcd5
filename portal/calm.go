package portal

import (
	"preau/core/audience"
	"preau/core/db"
	"preau/core/school"
	"preau/core/web/calm"
	"preau/directory"
)

// Holder tells what somebody holds now with a hat, for a ticket: until a judge begins to
// restrict something of it, if one does.
func Holder(audiences audience.Register) func(*db.Tx, school.ID, school.Profile) (calm.Holder, error) {
	return func(tx *db.Tx, person school.ID, profile school.Profile) (h calm.Holder, err error) {
		held, err := audiences.Held(tx, person)
		if err != nil {
			return h, err
		}
		h.Held = held.As(profile).At(tx.Now)
		if profile != school.Guardian {
			return h, nil
		}
		children, err := directory.ChildrenOf(tx, person)
		if err != nil {
			return h, err
		}
		h.Names = map[school.ID]string{}
		for _, child := range children {
			h.Names[child.ID] = child.First
		}
		h.Until, err = directory.RestrictedFrom(tx, person)
		return h, err
	}
}
