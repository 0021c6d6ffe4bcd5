package liaison

import (
	"preau/core/audience"
	"preau/core/web"
	"preau/directory"
)

// reads is what the visitor reads words by: what they hold or, who helps in classes, what the
// families of these hold together. What is said to the family of one child alone, and what
// families answer and tell, is not for whoever helps.
func reads(r *web.Request) (audience.Holdings, error) {
	if !r.Holds(see) {
		return r.Held()
	}
	levels, err := directory.LevelsOf(r.Tx, r.Actor.Classes...)
	var held audience.Holdings
	for _, class := range r.Actor.Classes {
		all := audience.Audience{Place: audience.Class, Of: class, Side: audience.Families}
		held = append(held, audience.Held{Audience: all}, audience.Held{Audience: audience.Audience{Place: audience.Group, Of: class, Side: audience.Families}})
		for _, level := range levels[class] {
			all.Level = level.Code
			held = append(held, audience.Held{Audience: all})
		}
	}
	return held, err
}
