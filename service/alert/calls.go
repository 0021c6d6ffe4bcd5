package alert

import (
	"bytes"
	"cmp"
	"iter"
	"net/url"
	"slices"
	"strings"
	"time"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/sheet"
	"preau/core/web"
	"preau/directory"
)

// callable is for how long after it was told one has the list of whom to telephone: by then
// what became of its messages is forgotten.
const callable = 7 * 24 * time.Hour

// callsView is whom nothing reached, to telephone: first for the children of whom nobody
// knows.
type callsView struct {
	alert
	Parts   []callsPart // of families; the last one, who has no telephone
	Team    []person
	Leaving []person // a message is on its way to them
	Phoned  []person
	Open    string // the class that is not folded: see [callsClass.key]; or [unfold]
	Now     time.Time
}

// fewCalls is up to how many people are listed unfolded.
const fewCalls = 8

// ofTeam is the key of the team, among those of classes, and unfold that of everybody.
const (
	ofTeam = "team"
	unfold = "all"
)

// callsPart is the families to telephone, class by class.
type callsPart struct {
	Title   string // key
	Classes []callsClass
}

// callsClass is those of one class. A parent of several children is there once, in the
// class of the first.
type callsClass struct {
	ID     school.ID // 0: of no class
	Label  string
	People []person
}

// key names a class in an address.
func (c callsClass) key() string { return c.ID.String() }

// person is one of those to telephone, or who was.
type person struct {
	standing
	Who      directory.Someone
	Children []child // for whom; none: for themselves
	Phones   []string
	Own      bool   // of the family of the visitor, who reads no number of theirs here
	Known    bool   // of each of the children, somebody knows
	ByName   string // who telephoned
}

// child is a child for whom one telephones, and their class.
type child struct {
	directory.Someone
	ClassID school.ID
	Class   string
	rank    int // of the class
}

// toReach lists those whom nothing reached, in the order of the page.
func (v callsView) toReach() (all []person) {
	for _, part := range v.Parts {
		for _, class := range part.Classes {
			all = append(all, class.People...)
		}
	}
	return append(all, v.Team...)
}

// everybody lists all of them, in the order of the page.
func (v callsView) everybody() []person { return slices.Concat(v.toReach(), v.Leaving, v.Phoned) }

// opens tells whether a class, or the team, is not folded.
func (v callsView) opens(key string) bool {
	return v.whole() || key == v.Open || len(v.toReach()) <= fewCalls
}

// whole tells whether nothing is folded.
func (v callsView) whole() bool { return v.Open == unfold }

// foldable tells whether some of those whom nothing reached are folded, or were.
func (v callsView) foldable() bool { return len(v.toReach()) > fewCalls }

// backTo is what is not folded once a call to somebody of a class is ticked.
func (v callsView) backTo(key string) string {
	if v.whole() {
		return unfold
	}
	return key
}

// again is the address of the list as it is seen.
func (v callsView) again() string {
	to := v.path() + "/calls"
	if v.Open != "" {
		to += "?" + url.Values{"open": {v.Open}}.Encode()
	}
	return to
}

// dial is the address that a telephone dials.
func (p person) dial() string { return "tel:" + strings.ReplaceAll(p.Phones[0], " ", "") }

// calls shows whom to telephone.
func (s *Service) calls(r *web.Request) (web.Answer, error) {
	v, err := s.toCall(r)
	if err != nil {
		return nil, err
	}
	return web.Page{Title: r.Say("alert.calls"), Body: callsPage(v)}, s.looks(r, v)
}

// looks notes that the visitor reads whom to telephone: once an hour, and they act then on all
// whom the list has.
func (s *Service) looks(r *web.Request, v callsView) error {
	e, people := v.entry(r, actLookCalls), len(v.everybody())
	return r.Note(func(tx *db.Tx) error {
		fresh, err := s.Audit.WriteOnce(tx, e, time.Hour)
		if err != nil || !fresh {
			return err
		}
		return r.ActsOn(people)
	})
}

// toCall reads the alert of the path, with whom to telephone.
func (s *Service) toCall(r *web.Request) (v callsView, err error) {
	v.Now, v.Open = r.Tx.Now, r.FormValue("open")
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
	pupils, err := s.pupils(r, v.alert, people)
	if err != nil {
		return v, err
	}
	known := map[school.ID]bool{}
	for _, p := range people {
		for _, id := range p.For {
			known[id] = known[id] || p.informed()
		}
	}
	var families []person
	for _, p := range people {
		state := p.state(v.Last.At, v.Now)
		if state == byItself {
			continue
		}
		p.Known = true
		for _, id := range p.For {
			if one, there := pupils[id]; there {
				p.Children, p.Known = append(p.Children, one), p.Known && known[id]
			}
		}
		slices.SortFunc(p.Children, child.compare)
		switch {
		case state == byPhone:
			v.Phoned = append(v.Phoned, p)
		case state == onItsWay:
			v.Leaving = append(v.Leaving, p)
		case len(p.Children) == 0:
			v.Team = append(v.Team, p)
		default:
			families = append(families, p)
		}
	}
	slices.SortStableFunc(families, func(a, b person) int { return a.Children[0].compare(b.Children[0]) })
	v.Parts = []callsPart{{Title: "alert.nobody-knows"}, {Title: "alert.another-knows"}, {Title: "alert.without-phone"}}
	for _, p := range families {
		switch {
		case len(p.Phones) == 0 && !p.Own:
			v.Parts[2].add(p)
		case p.Known:
			v.Parts[1].add(p)
		default:
			v.Parts[0].add(p)
		}
	}
	return v, nil
}

// compare orders children by class, then by name.
func (c child) compare(o child) int {
	return cmp.Or(cmp.Compare(c.rank, o.rank), cmp.Compare(c.SortKey, o.SortKey), cmp.Compare(c.ID, o.ID))
}

// add adds somebody to the last class, or to a new one.
func (part *callsPart) add(p person) {
	first := p.Children[0]
	if n := len(part.Classes); n == 0 || part.Classes[n-1].ID != first.ClassID {
		part.Classes = append(part.Classes, callsClass{ID: first.ClassID, Label: first.Class})
	}
	last := &part.Classes[len(part.Classes)-1]
	last.People = append(last.People, p)
}

// pupils are the children for whom some people are told an alert, each with their class in
// its school.
func (s *Service) pupils(r *web.Request, a alert, people []person) (map[school.ID]child, error) {
	var ids []school.ID
	for _, p := range people {
		ids = append(ids, p.For...)
	}
	known, err := directory.SomeByID(r.Tx, ids...)
	if err != nil {
		return nil, err
	}
	classes, err := directory.PlainClassesOf(r.Tx, a.School)
	if err != nil {
		return nil, err
	}
	of := map[school.ID]child{}
	for _, one := range known {
		of[one.ID] = child{Someone: one, rank: len(classes)}
	}
	within, err := directory.PupilsIn(r.Tx, directory.ClassIDs(classes)...)
	for _, pupil := range within {
		if one, there := of[pupil.ID]; there {
			one.rank = slices.IndexFunc(classes, func(c directory.ClassView) bool { return c.ID == pupil.Class })
			one.ClassID, one.Class = classes[one.rank].ID, classes[one.rank].Label
			of[pupil.ID] = one
		}
	}
	return of, err
}

// named says who some people are and, of those whom nothing reached, the telephones that the
// register has: of nobody else, and not of the visitor's own family.
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
		people[i] = person{standing: one, Who: who[one.Person], Phones: phones[one.Person], Own: slices.Contains(family, one.Person), ByName: who[one.By].Formal()}
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
	if !slices.ContainsFunc(v.everybody(), func(p person) bool { return p.Person == id }) {
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
	return web.Redirect{To: v.again(), Notice: notice}, s.Audit.Write(r.Tx, e)
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
	if err := r.ActsOn(len(v.everybody())); err != nil {
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
		for _, column := range []string{"class", "child", "person", "phones", "known", "phoned", "phoned-by"} {
			heads = append(heads, r.Say("alert.column-"+column))
		}
		if !yield(heads) {
			return
		}
		for _, p := range v.everybody() {
			var classes, children []string
			for _, one := range p.Children {
				children = append(children, one.Name())
				if !slices.Contains(classes, one.Class) {
					classes = append(classes, one.Class)
				}
			}
			at, knows := "", r.Say("alert.no")
			if p.Known && (len(p.Children) > 0 || p.informed()) {
				knows = r.Say("alert.yes")
			}
			if !p.Phoned.IsZero() {
				at = p.Phoned.In(school.Paris).Format("02/01/2006 15:04")
			}
			phones := strings.Join(p.Phones, ", ")
			if p.Own {
				phones = r.Say("alert.own-family")
			}
			if !yield([]string{strings.Join(classes, ", "), strings.Join(children, ", "), p.Who.Name(), phones, knows, at, p.ByName}) {
				return
			}
		}
	}
}
