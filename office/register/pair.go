package register

import (
	"cmp"
	"slices"
	"time"

	"preau/account"
	"preau/core/fail"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
	"preau/directory/place"
)

// ground is where duplicates are decided: in a school or, for those who run
// the installation, anywhere.
type ground struct{ School directory.Structure }

// groundOf reads the ground of the path, for those whose right reaches it.
func groundOf(r *web.Request, right rights.Right) (g ground, err error) {
	if r.PathValue("school") == "" {
		return g, r.Can(right, rights.Whole)
	}
	g.School, err = place.School(r, right)
	return g, err
}

func (g ground) everywhere() bool { return g.School.ID == 0 }

// The addresses of a ground.
func (g ground) path() string {
	if g.everywhere() {
		return "/register"
	}
	return schoolPath(g.School.ID)
}

func (g ground) listPath() string { return g.path() + "/duplicates" }

func (g ground) pairPath(one, other school.ID) string {
	return g.path() + "/duplicate/" + one.String() + "/" + other.String()
}

func (g ground) mergePath(merge school.ID) string { return g.path() + "/merge/" + merge.String() }

// page is a page about a ground.
func (g ground) page(page web.Page) web.Page {
	if g.everywhere() {
		return page
	}
	return place.Page(g.School, page)
}

// known is what the register and account say of some people.
type known struct {
	Dossiers map[school.ID]*directory.Dossier
	Accounts map[school.ID]account.Account
	Names    map[school.ID]directory.Someone // theirs, and those of whom they are tied to
	Classes  map[school.ID]directory.Class
	Places   map[school.ID]directory.Structure
	Within   map[school.ID][]school.ID // where each has to do with
	Now      time.Time
}

// know reads what is known of some people.
func (s *Service) know(r *web.Request, people ...school.ID) (k known, err error) {
	k.Now = r.Tx.Now
	if k.Dossiers, err = directory.Dossiers(r.Tx, people...); err != nil {
		return k, err
	}
	if k.Accounts, err = account.Of(r.Tx, people...); err != nil {
		return k, err
	}
	if k.Within, err = directory.PlacesOf(r.Tx, people...); err != nil {
		return k, err
	}
	return k, k.name(r)
}

// name reads the names of whom and what the dossiers are tied to.
func (k *known) name(r *web.Request) error {
	var people, classes, places []school.ID
	for id, d := range k.Dossiers {
		people = append(people, id)
		for _, b := range d.Bonds {
			people = append(people, b.Pupil)
		}
		for _, b := range d.Guardians {
			people = append(people, b.Guardian)
		}
		for _, restriction := range d.Restrictions {
			people = append(people, restriction.Pupil, restriction.Guardian)
		}
		for _, m := range d.Memberships {
			classes = append(classes, m.Class)
		}
		for _, e := range d.Enrolments {
			places = append(places, e.School)
		}
		for _, f := range d.Functions {
			places = append(places, f.Structure)
		}
		places = append(places, k.Within[id]...)
	}
	k.Names, k.Classes, k.Places = map[school.ID]directory.Someone{}, map[school.ID]directory.Class{}, map[school.ID]directory.Structure{}
	for some := range slices.Chunk(distinct(people), 500) {
		found, err := directory.SomeByID(r.Tx, some...)
		if err != nil {
			return err
		}
		for _, one := range found {
			k.Names[one.ID] = one
		}
	}
	for some := range slices.Chunk(distinct(classes), 500) {
		found, err := directory.Classes.Among(r.Tx, "id", some, "")
		if err != nil {
			return err
		}
		for _, one := range found {
			k.Classes[one.ID] = one
		}
	}
	structures, err := directory.StructuresByID(r.Tx, distinct(places)...)
	for _, one := range structures {
		k.Places[one.ID] = one
	}
	return err
}

func distinct(ids []school.ID) []school.ID {
	slices.Sort(ids)
	return slices.Compact(ids)
}

// within tells whether somebody has to do with the visitor's schools only:
// a head decides of nobody else.
func (k known) within(r *web.Request, g ground, person school.ID) bool {
	if g.everywhere() || r.Can(mergePeople, rights.Whole) == nil {
		return true
	}
	places := k.Within[person]
	return len(places) > 0 && !slices.ContainsFunc(places, func(at school.ID) bool { return !slices.Contains(r.Actor.Schools, at) })
}

// sees tells whether the visitor may see a pair: both are in the register and
// wholly within their reach, and one at least is of the school.
func (k known) sees(r *web.Request, g ground, one, other school.ID) bool {
	if k.Dossiers[one] == nil || k.Dossiers[other] == nil || !k.within(r, g, one) || !k.within(r, g, other) {
		return false
	}
	return g.everywhere() || slices.Contains(k.Within[one], g.School.ID) || slices.Contains(k.Within[other], g.School.ID)
}

// refusal is the key of why the visitor does not decide that two records are
// one person; empty when they may. Those who run the installation decide of
// what a head would too easily mistake: two INE, two birth dates, and whoever
// heads a school, whose account is worth a school.
func refusal(r *web.Request, one, other *directory.Dossier) (string, error) {
	own, err := directory.SameFamily(r.Tx, r.Actor.Person, one.Person.ID, other.Person.ID)
	if err != nil {
		return "", err
	}
	if own {
		return "register.merge-own", nil
	}
	var why *fail.Error
	if err := directory.CanBeOne(one, other); err != nil {
		if why = asFail(err); why == nil {
			return "", err
		}
		return why.Key, nil
	}
	if r.Can(mergePeople, rights.Whole) == nil {
		return "", nil
	}
	return beyondHeads(r, one, other), nil
}

// beyondHeads is the key of why no head decides of two records, wherever they
// are; empty when one may.
func beyondHeads(r *web.Request, one, other *directory.Dossier) string {
	a, b := one.Person, other.Person
	switch {
	case a.INE != "" && b.INE != "" && a.INE != b.INE:
		return "register.merge-ine"
	case a.BirthDate != "" && b.BirthDate != "" && a.BirthDate != b.BirthDate:
		return "register.merge-born"
	case heads(r, one) || heads(r, other):
		return "register.merge-head"
	}
	return ""
}

// heads tells whether somebody heads a school, or will.
func heads(r *web.Request, d *directory.Dossier) bool {
	return slices.ContainsFunc(d.Functions, func(f directory.Function) bool {
		return f.Profile == school.Head && (f.Until.IsZero() || f.Until.After(r.Tx.Now))
	})
}

// pairView is two records, the one that would stay first.
type pairView struct {
	ground
	known
	Kept, Gone school.ID
	Likeness   directory.Likeness
	Refusal    string // key of why the visitor does not merge them; empty
	// What a merge would do, when the visitor is asked.
	Login   account.Choice
	Carried []directory.Restriction
}

// order puts the record that stays first: who is here before who has left,
// an account in use before one that never was, then the elder.
func (k known) order(one, other school.ID) (kept, gone school.ID) {
	weigh := func(id school.ID) int {
		weight := 0
		if !k.Dossiers[id].Person.Departed.IsZero() {
			weight += 2
		}
		if a, has := k.Accounts[id]; !has || a.Activated.IsZero() {
			weight++
		}
		return weight
	}
	if cmp.Or(cmp.Compare(weigh(one), weigh(other)), cmp.Compare(one, other)) <= 0 {
		return one, other
	}
	return other, one
}

func pathPair(r *web.Request) (one, other school.ID, err error) {
	if one, err = r.PathID("one"); err == nil {
		other, err = r.PathID("other")
	}
	return one, other, err
}

// heldPair reads the pair of the path for a decision: nobody else changes the two
// from here on.
func (s *Service) heldPair(r *web.Request) (v pairView, err error) {
	if _, err := groundOf(r, mergePeople); err != nil {
		return v, err
	}
	one, other, err := pathPair(r)
	if err != nil {
		return v, err
	}
	if err := s.Feeder.Hold(r.Tx, one, other); err != nil {
		return v, err
	}
	return s.pairOf(r)
}

// pairOf reads the pair of the path.
func (s *Service) pairOf(r *web.Request) (v pairView, err error) {
	if v.ground, err = groundOf(r, mergePeople); err != nil {
		return v, err
	}
	one, other, err := pathPair(r)
	if err != nil {
		return v, err
	}
	if v.known, err = s.know(r, one, other); err != nil {
		return v, err
	}
	if one == other || !v.sees(r, v.ground, one, other) {
		return v, fail.New(fail.NotFound, "%s and %s are no pair for %s", one, other, r.Actor.Person)
	}
	if likely, err := s.likely(r, v.ground, one, other); err != nil || !likely {
		return v, cmp.Or(err, error(fail.New(fail.NotFound, "nothing says that %s and %s may be one", one, other)))
	}
	v.Kept, v.Gone = v.order(one, other)
	if v.Refusal, err = refusal(r, v.Dossiers[v.Kept], v.Dossiers[v.Gone]); err != nil {
		return v, err
	}
	if v.Login, err = account.Choose(r.Tx, v.Kept, v.Gone); err != nil {
		return v, err
	}
	v.Carried, err = directory.Carried(r.Tx, v.Kept, v.Gone)
	return v, err
}

// likely tells whether something says that two people may be one: a head
// decides of nobody else. Those who run the installation are told by others.
func (s *Service) likely(r *web.Request, g ground, one, other school.ID) (bool, error) {
	if r.Can(mergePeople, rights.Whole) == nil {
		return true, nil
	}
	pairs, err := directory.DuplicatesIn(r.Tx, g.School.ID)
	if err != nil {
		return false, err
	}
	if slices.ContainsFunc(pairs, func(p directory.Pair) bool { return p.Person == min(one, other) && p.Other == max(one, other) }) {
		return true, nil
	}
	return directory.Decided(r.Tx, one, other)
}
