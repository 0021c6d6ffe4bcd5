package alert

import (
	"bytes"
	"cmp"
	"iter"
	"slices"
	"strings"
	"time"

	"preau/core/fail"
	"preau/core/notify"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/sheet"
	"preau/core/web"
	"preau/directory"
)

// callable is for how long after it was told one has the list of whom to telephone: by then
// what became of its messages is forgotten.
const callable = 7 * 24 * time.Hour

// callsView is whom nothing reached, to telephone: first the children of whom nobody
// knows.
type callsView struct {
	alert
	Children []childCalls
	Team     []person
	Missed   int // people
	Now      time.Time
}

// childCalls is a child with those of their guardians whom nothing reached.
type childCalls struct {
	Child     directory.Someone
	Guardians []person
	Known     bool // some guardian of theirs knows
}

// person is one of those to telephone, or who was.
type person struct {
	standing
	Who    directory.Someone
	Child  directory.Someone // for whom; the zero one: for themselves
	Phones []string
	Way    bool   // a message has a way to them
	Own    bool   // of the family of the visitor, who reads no number of theirs here
	ByName string // who telephoned
}

// dial is the address that a telephone dials.
func (p person) dial() string { return "tel:" + strings.ReplaceAll(p.Phones[0], " ", "") }

// leavesFor is how long a notice may take to find its ways to everybody.
const leavesFor = 2 * time.Minute

// leaving tells whether some way may take still what was said at an instant.
func (p person) leaving(said, now time.Time) bool {
	return len(p.Fates) == 0 && p.Way && now.Sub(said) < leavesFor || slices.ContainsFunc(p.Fates, func(f notify.Fate) bool { return f.State == notify.Leaving })
}

// calls shows whom to telephone.
func (s *Service) calls(r *web.Request) (web.Answer, error) {
	v, err := s.toCall(r)
	if err != nil {
		return nil, err
	}
	return web.Page{Title: r.Say("alert.calls"), Body: callsPage(v)}, nil
}

// toCall reads the alert of the path, with whom to telephone.
func (s *Service) toCall(r *web.Request) (v callsView, err error) {
	v.Now = r.Tx.Now
	if v.alert, err = ofPath(r); err != nil {
		return v, err
	}
	if err := r.Can(call, rights.Object{School: v.School, Class: v.Class}); err != nil {
		return v, err
	}
	if v.Now.Sub(v.Last.At) > callable {
		return v, fail.New(fail.NotFound, "%s was told too long ago to telephone", v.ID)
	}
	all, err := s.standings(r, v.alert)
	if err != nil {
		return v, err
	}
	people, err := s.named(r, all)
	if err != nil {
		return v, err
	}
	of := map[school.ID][]person{}
	known := map[school.ID]bool{}
	var children []school.ID
	for _, p := range people {
		for _, child := range p.For {
			known[child] = known[child] || p.informed()
			if p.Opened || p.delivered() {
				continue
			}
			if child == 0 {
				v.Team = append(v.Team, p)
				continue
			}
			if of[child] == nil {
				children = append(children, child)
			}
			of[child] = append(of[child], p)
		}
		if !p.informed() {
			v.Missed++
		}
	}
	pupils, err := directory.SomeByID(r.Tx, children...)
	for _, child := range pupils {
		for i := range of[child.ID] {
			of[child.ID][i].Child = child
		}
		v.Children = append(v.Children, childCalls{child, of[child.ID], known[child.ID]})
	}
	slices.SortStableFunc(v.Children, func(a, b childCalls) int { // of whom nobody knows first
		switch {
		case a.Known == b.Known:
			return 0
		case b.Known:
			return -1
		}
		return 1
	})
	return v, err
}

// named says who some people are and, of those whom nothing reached, whether a message has
// a way to them and the telephones that the register has: of nobody else, and not of the
// visitor's own family.
func (s *Service) named(r *web.Request, all []standing) ([]person, error) {
	var ids, missed []school.ID
	for _, one := range all {
		ids = append(ids, one.Person, one.By)
		if !one.Opened && !one.delivered() {
			missed = append(missed, one.Person)
		}
	}
	known, err := directory.SomeByID(r.Tx, ids...)
	if err != nil {
		return nil, err
	}
	reachable, err := s.Notify.Reachable(r.Tx, missed...)
	if err != nil {
		return nil, err
	}
	family, err := directory.OwnFamily(r.Tx, r.Actor.Person)
	if err != nil {
		return nil, err
	}
	missed = slices.DeleteFunc(missed, func(id school.ID) bool { return slices.Contains(family, id) })
	phones, err := directory.Phones(r.Tx, missed...)
	who := map[school.ID]directory.Someone{}
	for _, one := range known {
		who[one.ID] = one
	}
	people := make([]person, len(all))
	for i, one := range all {
		people[i] = person{standing: one, Who: who[one.Person], Phones: phones[one.Person], Way: reachable[one.Person], Own: slices.Contains(family, one.Person), ByName: who[one.By].Formal()}
	}
	slices.SortStableFunc(people, func(a, b person) int { return cmp.Compare(a.Who.SortKey, b.Who.SortKey) })
	return people, err
}

// called ticks that somebody was told by telephone, or takes it back.
func (s *Service) called(r *web.Request) (web.Answer, error) {
	v, err := s.toCall(r)
	if err != nil {
		return nil, err
	}
	id, err := r.FormID("person")
	if err != nil {
		return nil, err
	}
	mayBe := slices.ContainsFunc(v.Team, func(p person) bool { return p.Person == id })
	for _, c := range v.Children {
		mayBe = mayBe || slices.ContainsFunc(c.Guardians, func(p person) bool { return p.Person == id })
	}
	if !mayBe {
		return nil, fail.New(fail.Conflict, "%s is not to be telephoned for %s", id, v.ID).Say("alert.reached-meanwhile")
	}
	act, notice := actCall, "alert.phoned-noted"
	if r.PostFormValue("undo") != "" {
		act, notice = actUncall, "alert.phoned-undone"
		err = dropPhoned(r.Tx, v.ID, id)
	} else {
		err = notePhoned(r.Tx, v.ID, id, r.Actor.Person)
	}
	if err != nil {
		return nil, err
	}
	e := v.entry(r, act)
	e.Subject = id
	return web.Redirect{To: v.path() + "/calls", Notice: notice}, s.Audit.Write(r.Tx, e)
}

// callsCSV gives the list for a spreadsheet, and journals it.
func (s *Service) callsCSV(r *web.Request) (web.Answer, error) {
	v, err := s.toCall(r)
	if err != nil {
		return nil, err
	}
	if err := s.Audit.Write(r.Tx, v.entry(r, actExportCalls)); err != nil {
		return nil, err
	}
	if err := r.ActsOn(len(v.Children) + len(v.Team)); err != nil {
		return nil, err
	}
	var body bytes.Buffer
	err = sheet.Write(&body, v.rows(r))
	return web.CSV(r.Say("alert.calls-file", v.title(r.Printer)), body.Bytes()), err
}

// rows are the rows of the spreadsheet, its heads first.
func (v callsView) rows(r *web.Request) iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		var heads []string
		for _, column := range []string{"child", "person", "phones", "known", "phoned", "phoned-by"} {
			heads = append(heads, r.Say("alert.column-"+column))
		}
		if !yield(heads) {
			return
		}
		row := func(child string, known bool, p person) bool {
			at, knows := "", r.Say("alert.no")
			if known {
				knows = r.Say("alert.yes")
			}
			if !p.Phoned.IsZero() {
				at = p.Phoned.In(school.Paris).Format("02/01/2006 15:04")
			}
			phones := strings.Join(p.Phones, ", ")
			if p.Own {
				phones = r.Say("alert.own-family")
			}
			return yield([]string{child, p.Who.Name(), phones, knows, at, p.ByName})
		}
		for _, c := range v.Children {
			for _, p := range c.Guardians {
				if !row(c.Child.Name(), c.Known, p) {
					return
				}
			}
		}
		for _, p := range v.Team {
			if !row("", p.informed(), p) {
				return
			}
		}
	}
}
