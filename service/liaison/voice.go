package liaison

import (
	"slices"

	"preau/core/audience"
	"preau/core/fail"
	"preau/core/school"
	"preau/core/web"
)

// voice gives what a guardian answered aloud for a child, or had before they changed it: to themself, and to who follows
// the word, as long as it reaches them.
func (s *Service) voice(r *web.Request) (web.Answer, error) {
	w, err := s.shown(r)
	if err != nil {
		return nil, err
	}
	child, err := r.PathID("child")
	if err != nil {
		return nil, err
	}
	person, err := r.PathID("person")
	if err != nil {
		return nil, err
	}
	may, err := s.mayHear(r, w, child, person)
	if err != nil {
		return nil, err
	}
	if until := r.URL.Query().Get("until"); until != "" {
		formers, err := formersTo(r.Tx, w.ID)
		if err != nil {
			return nil, err
		}
		for _, one := range formersOf(formers, child, person) {
			if may && one.key() == until {
				return s.Tray.Play(r, one.Voice)
			}
		}
		return nil, fail.New(fail.NotFound, "what %s said about %s until %s is not for %s", person, child, until, r.Actor.Person)
	}
	answers, err := answersTo(r.Tx, w.ID)
	if err != nil {
		return nil, err
	}
	for _, one := range answers {
		if may && one.Child == child && one.Person == person {
			return s.Tray.Play(r, one.Voice)
		}
	}
	return nil, fail.New(fail.NotFound, "what %s said about %s is not for %s", person, child, r.Actor.Person)
}

// mayHear tells whether the visitor reads what somebody answered to a word for a child.
func (s *Service) mayHear(r *web.Request, w word, child, person school.ID) (bool, error) {
	if s.can(r, follow, w) != nil {
		held, err := r.Held()
		if err != nil {
			return false, err
		}
		children, err := held.Children(r.Tx, w.ID)
		return person == r.Actor.Person && slices.Contains(children, child), err
	}
	to, err := s.followedTo(r, w)
	if err != nil {
		return false, err
	}
	reached, err := r.Audiences().Reach(r.Tx, to...)
	return slices.Contains(reached, audience.Reached{Person: person, Child: child}), err
}

// voicePath is where what somebody answered aloud for a child is.
func (w word) voicePath(child, person school.ID) string {
	return w.path() + "/voice/" + child.String() + "/" + person.String()
}

// formerPath is where what somebody answered aloud before they changed it is.
func (w word) formerPath(f former) string {
	return w.voicePath(f.Child, f.Person) + "?until=" + f.key()
}
