package audience

import (
	"slices"
	"time"

	"preau/core/db"
	"preau/core/school"
)

// Held is an audience that somebody holds, for a child of theirs or for
// themselves, from an instant to another.
type Held struct {
	Audience
	// Child is the pupil who makes them hold it: themselves, or whose guardian
	// they are. 0 for staff, and for [Person].
	Child       school.ID
	From, Until time.Time // Until is zero: it has no end that is known
}

// At tells whether it is held at an instant.
func (h Held) At(at time.Time) bool {
	return !h.From.After(at) && (h.Until.IsZero() || h.Until.After(at))
}

// Holdings is what somebody holds, now or before: see [Register].
type Holdings []Held

// At is what is held at an instant.
func (h Holdings) At(at time.Time) Holdings {
	return slices.DeleteFunc(slices.Clone(h), func(one Held) bool { return !one.At(at) })
}

// IDs lists the audiences, each once, sorted.
func (h Holdings) IDs() []ID {
	ids := make([]ID, len(h))
	for i, one := range h {
		ids[i] = one.ID()
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// For lists the children for whom something is held, each once, sorted: 0 for oneself.
func (h Holdings) For() []school.ID {
	children := make([]school.ID, len(h))
	for i, one := range h {
		children[i] = one.Child
	}
	slices.Sort(children)
	return slices.Compact(children)
}

// Reached is somebody whom an audience reaches, and the pupil for whom it does;
// 0 as in [Held].
type Reached struct{ Person, Child school.ID }

// Number is how many people audiences reach, each once, and for how many pupils.
type Number struct{ People, Children int }

// Register tells who holds which audiences. directory implements it.
type Register interface {
	// Held lists the audiences that a person holds or held until the clock of tx,
	// by bonds, memberships and functions. A guardian whose access a judge has
	// withdrawn at that instant holds nothing of the child's, and never did; nor
	// does who has departed.
	Held(tx *db.Tx, person school.ID) (Holdings, error)
	// Reach lists whom audiences reach at the clock of tx, each once for each child, by
	// child. An organisation, which never comes in, is not among them.
	Reach(tx *db.Tx, audiences ...Audience) ([]Reached, error)
	// Count counts them, whatever their number.
	Count(tx *db.Tx, audiences ...Audience) (Number, error)
}
