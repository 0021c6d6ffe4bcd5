package liaison

import (
	"slices"
	"strconv"

	"preau/core/audience"
	"preau/core/fail"
	"preau/core/school"
	"preau/core/web"
)

// voice gives what a guardian answered aloud for a child, or had before they changed it: to themself, and to whoever follows
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
	if !may {
		return nil, fail.New(fail.NotFound, "what %s said about %s is not for %s", person, child, r.Actor.Person)
	}
	if until := r.URL.Query().Get("until"); until != "" {
		at, err := strconv.ParseInt(until, 10, 64)
		if err != nil {
			return nil, fail.New(fail.NotFound, "no former answer until %q", until)
		}
		voice, err := formerVoice(r.Tx, w.ID, whose{child, person}, at)
		if err != nil {
			return nil, err
		}
		return s.Tray.Play(r, voice)
	}
	answers, err := answersBy(r.Tx, w.ID, person, child)
	if err == nil && len(answers) == 0 {
		err = fail.New(fail.NotFound, "%s said nothing about %s", person, child)
	}
	if err != nil {
		return nil, err
	}
	return s.Tray.Play(r, answers[0].Voice)
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
