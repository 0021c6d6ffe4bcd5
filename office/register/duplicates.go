package register

import (
	"errors"
	"slices"
	"time"

	"preau/core/fail"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
)

// mostPairs is how many pairs a page shows.
const mostPairs = 50

// duplicatesView is the likely duplicates of a ground, and what was decided
// of others.
type duplicatesView struct {
	ground
	Joinings  []joiningLine
	Pairs     []pairView
	More      bool // there are others
	Elsewhere int  // pairs that concern another school too
	Apart     []apartView
	Merges    []mergeLine
	Now       time.Time
}

// apartView is a pair that somebody said to be two people.
type apartView struct {
	One, Other directory.Someone
}

// mergeLine is a merge that can be undone.
type mergeLine struct {
	directory.MergeAct
	Who directory.Someone
}

// duplicates lists the likely duplicates of a school, or those that no head
// decides of.
func (s *Service) duplicates(r *web.Request) (web.Answer, error) {
	g, err := groundOf(r, viewDuplicates)
	if err != nil {
		return nil, err
	}
	view := duplicatesView{ground: g, Now: r.Tx.Now}
	if err := s.findPairs(r, &view); err != nil {
		return nil, err
	}
	if view.Merges, err = s.mergesOf(r, g); err != nil {
		return nil, err
	}
	if !g.everywhere() {
		if err := s.findApart(r, &view); err != nil {
			return nil, err
		}
		if view.Joinings, err = s.joinings(r, g.School); err != nil {
			return nil, err
		}
	}
	return g.page(web.Page{Title: r.Say("register.duplicates"), Body: duplicatesPage(view)}), nil
}

// findPairs fills the pairs of the ground.
func (s *Service) findPairs(r *web.Request, view *duplicatesView) error {
	pairs, err := pairsOf(r, view.ground)
	if err != nil {
		return err
	}
	if view.More = len(pairs) >= mostLooked; view.More {
		pairs = pairs[:mostLooked]
	}
	k, err := s.know(r, peopleOf(pairs)...)
	if err != nil {
		return err
	}
	for _, pair := range pairs {
		if !k.sees(r, view.ground, pair.Person, pair.Other) {
			if k.Dossiers[pair.Person] != nil && k.Dossiers[pair.Other] != nil {
				view.Elsewhere++
			}
			continue
		}
		v := pairView{ground: view.ground, known: k, Likeness: pair.Likeness}
		v.Kept, v.Gone = k.order(pair.Person, pair.Other)
		if view.everywhere() && !k.forOperators(v.Kept, v.Gone, r) {
			continue
		}
		if len(view.Pairs) == mostPairs {
			view.More = true
			break
		}
		if v.Refusal, err = refusal(r, k.Dossiers[v.Kept], k.Dossiers[v.Gone]); err != nil {
			return err
		}
		view.Pairs = append(view.Pairs, v)
	}
	return nil
}

// mostLooked is how many pairs are looked at for one page: those that the
// visitor does not decide of are left out of it.
const mostLooked = 400

func pairsOf(r *web.Request, g ground) ([]directory.Pair, error) {
	if g.everywhere() {
		return directory.DuplicatesAnywhere(r.Tx, mostLooked)
	}
	return directory.DuplicatesIn(r.Tx, g.School.ID)
}

func peopleOf(pairs []directory.Pair) []school.ID {
	var people []school.ID
	for _, pair := range pairs {
		people = append(people, pair.Person, pair.Other)
	}
	return distinct(people)
}

// forOperators tells whether no head decides of a pair: it crosses schools,
// or is one of those that a head may not merge.
func (k known) forOperators(one, other school.ID, r *web.Request) bool {
	places := distinct(slices.Concat(k.Within[one], k.Within[other]))
	return len(places) != 1 || beyondHeads(r, k.Dossiers[one], k.Dossiers[other]) != ""
}

// countDuplicates counts the pairs of a school that its head sees: the desk
// asks at each visit, and no dossier is read for it.
func countDuplicates(r *web.Request, at directory.Structure) (int, error) {
	pairs, err := directory.LikelyIn(r.Tx, at.ID)
	if err != nil || len(pairs) == 0 {
		return 0, err
	}
	within, err := directory.PlacesOf(r.Tx, peopleOf(pairs)...)
	if err != nil {
		return 0, err
	}
	k, count := known{Within: within}, 0
	for _, pair := range pairs {
		if k.within(r, ground{at}, pair.Person) && k.within(r, ground{at}, pair.Other) {
			count++
		}
	}
	return count, nil
}

// findApart fills the pairs of the school that were said to be two people.
func (s *Service) findApart(r *web.Request, view *duplicatesView) error {
	people, err := directory.PeopleOf(r.Tx, view.School.ID)
	if err != nil {
		return err
	}
	pairs, err := directory.ApartIn(r.Tx, people...)
	if err != nil || len(pairs) == 0 {
		return err
	}
	pairs = pairs[:min(len(pairs), mostPairs)]
	k, err := s.know(r, peopleOf(pairs)...)
	if err != nil {
		return err
	}
	for _, pair := range pairs {
		if k.sees(r, view.ground, pair.Person, pair.Other) {
			view.Apart = append(view.Apart, apartView{k.Names[pair.Person], k.Names[pair.Other]})
		}
	}
	return nil
}

// apartPeople remembers that a pair is two people: nothing proposes it again.
func (s *Service) apartPeople(r *web.Request) (web.Answer, error) {
	v, err := s.heldPair(r)
	if err != nil {
		return nil, err
	}
	if v.Refusal == "register.merge-own" {
		return nil, fail.New(fail.Conflict, "%s is of the family", r.Actor.Person).Say(v.Refusal)
	}
	if err := directory.Decide(r.Tx, v.Kept, v.Gone, directory.Apart); err != nil {
		return nil, err
	}
	err = s.journal(r, auditOf(v.ground, actApart, v.Kept, v.Gone))
	return web.Redirect{To: v.listPath(), Notice: "register.said-apart"}, err
}

// mergesOf lists the merges of a ground that can still be undone.
func (s *Service) mergesOf(r *web.Request, g ground) ([]mergeLine, error) {
	acts, err := directory.MergesSince(r.Tx)
	if err != nil || len(acts) == 0 {
		return nil, err
	}
	people := make([]school.ID, len(acts))
	for i, act := range acts {
		people[i] = act.Kept
	}
	within, err := directory.PlacesOf(r.Tx, distinct(slices.Clone(people))...)
	if err != nil {
		return nil, err
	}
	names, err := directory.SomeByID(r.Tx, people...)
	if err != nil {
		return nil, err
	}
	k := known{Within: within}
	var lines []mergeLine
	for _, act := range acts {
		i := slices.IndexFunc(names, func(s directory.Someone) bool { return s.ID == act.Kept })
		ours := g.everywhere() || slices.Contains(within[act.Kept], g.School.ID)
		if i >= 0 && ours && k.within(r, g, act.Kept) && len(lines) < mostPairs {
			lines = append(lines, mergeLine{act, names[i]})
		}
	}
	return lines, nil
}

// asFail gives an error that says something to people.
func asFail(err error) *fail.Error {
	var e *fail.Error
	if errors.As(err, &e) && e.Key != "" {
		return e
	}
	return nil
}
