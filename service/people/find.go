package people

import (
	"net/url"
	"slices"
	"strings"

	"preau/core/i18n"
	"preau/core/school"
	"preau/core/search"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
	"preau/directory/place"
)

// most is how many people, classes or schools a page of results lists.
const most = 50

// findView is what was looked for, and what was found.
type findView struct {
	Lead, Field string // what is found here, and what to write
	Words       string
	People      []directory.Seen
	MorePeople  bool
	Marks       directory.Marks // what tells pupils of one class apart whom one name finds
	Classes     []classTile
	MoreClasses bool
	Schools     []directory.Named
	Count       int  // of the schools found
	Teams       bool // the visitor keeps teams that are not looked up here
	Several     bool // the visitor sees several schools: each thing says where it is
}

// nothing tells that nobody and nothing has the words.
func (v findView) nothing() bool {
	return v.Words != "" && len(v.People)+len(v.Classes)+len(v.Schools) == 0
}

// classTile is a class among others, with where it leads, if anywhere.
type classTile struct {
	directory.ClassView
	Href, SchoolName string
	Teachers         []string
}

// find looks for people, classes and schools. Without words it shows who is
// near, and the classes and schools where they are few.
func (s *Service) find(r *web.Request) (web.Answer, error) {
	v := findView{Words: strings.TrimSpace(r.URL.Query().Get("q")), Lead: r.Say("people.lead-" + string(r.Actor.Profile))}
	v.Several, v.Teams = len(r.Actor.Schools) != 1, r.Holds(officeTeam) && !r.Holds(seeClass)
	switch {
	case r.Holds(seeMate):
		v.Field = r.Say("people.field-mate")
	case r.Holds(seeClass):
		v.Field = r.Say("people.field-class")
	default:
		v.Field = r.Say("people.field-school")
	}
	if err := v.look(r, most); err != nil {
		return nil, err
	}
	if v.Words == "" && v.Count > most {
		v.Schools = nil // their number alone
	}
	return web.Page{Title: r.Say("people.title"), Body: findPage(v), Finds: true}, nil
}

// look finds so many people, classes and schools at most.
func (v *findView) look(r *web.Request, most int) (err error) {
	if err := v.findPeople(r, most); err != nil {
		return err
	}
	if err := v.findClasses(r, most); err != nil {
		return err
	}
	if v.Schools, v.Count, err = directory.FindSchools(r.Tx, gate(r, seeSchool), v.Words, most); err != nil {
		return err
	}
	if v.nothing() {
		if err := v.findMeant(r, most); err != nil {
			return err
		}
	}
	return v.tellApart(r)
}

// tellApart finds what tells the pupils apart who were found by one name: their birthdays, to whoever
// reads these.
func (v *findView) tellApart(r *web.Request) (err error) {
	if !r.Holds(seePupil) {
		return nil
	}
	named := map[string][]school.ID{}
	for _, one := range v.People {
		if slices.ContainsFunc(one.Ties, func(t directory.Tie) bool { return t.As == school.Pupil && t.Class != 0 }) {
			named[one.Name()] = append(named[one.Name()], one.ID)
		}
	}
	var twins []school.ID
	for _, ids := range named {
		if len(ids) > 1 {
			twins = append(twins, ids...)
		}
	}
	if r.Holds(seeBirth) {
		v.Marks, err = directory.MarksOf(r.Tx, r.Printer, twins...)
	} else {
		v.Marks, err = place.TellApartByAnimal(r, twins...)
	}
	return err
}

// mostNames is among how many people one may look by a name that is badly written.
const mostNames = 5000

// findMeant finds those whom the visitor may have meant by a name that is nobody's: near
// them, or in their sight. Whoever is not changes nothing of whom it finds.
func (v *findView) findMeant(r *web.Request, most int) error {
	near, err := circle(r)
	if err != nil {
		return err
	}
	others, err := directory.Nameable(r.Tx, sight(r), mostNames)
	if err != nil {
		return err
	}
	var names []string
	for _, one := range near {
		names = append(names, one.SortKey)
	}
	for _, one := range others {
		names = append(names, one.SortKey)
	}
	var ids []school.ID
	for _, i := range search.Read(v.Words).Pick(names) {
		if i < len(near) {
			v.People = append(v.People, near[i])
		} else {
			ids = append(ids, others[i-len(near)].ID)
		}
	}
	left := max(0, most-len(v.People))
	v.MorePeople = len(ids) > left
	ids = ids[:min(len(ids), left)]
	seen, err := directory.SeeSome(r.Tx, sight(r), ids...)
	for _, id := range ids {
		v.People = append(v.People, seen[id])
	}
	return err
}

// Find implements [web.Finder]: people first, then classes, then schools.
func (s *Service) Find(r *web.Request, q search.Query) (web.Findings, error) {
	v := findView{Words: q.Typed(), Several: len(r.Actor.Schools) != 1}
	if err := v.look(r, web.MostFound); err != nil {
		return web.Findings{}, err
	}
	var f web.Findings
	for _, one := range v.People {
		f.Found = append(f.Found, web.Found{
			Title: one.Name(), Text: i18n.Dots(whatSomebodyIs(r.Context(), one, v.Several), v.Marks[one.ID]), Href: personPath(one.ID), Icon: ui.IconPerson,
		})
	}
	for _, c := range v.Classes {
		f.Found = append(f.Found, web.Found{Title: tidy(c.Label), Text: classWords(c, v.Several), Href: c.Href, Icon: ui.IconClass})
	}
	for _, p := range v.Schools {
		f.Found = append(f.Found, web.Found{Title: p.Name, Text: schoolWords(p), Href: schoolPath(p.ID), Icon: ui.IconSchool})
	}
	if v.MorePeople || v.MoreClasses || v.Count > web.MostFound || len(f.Found) > web.MostFound {
		f.All = "/people/?q=" + url.QueryEscape(q.Typed())
	}
	f.Found = f.Found[:min(len(f.Found), web.MostFound)]
	return f, nil
}

// findPeople finds those who are near first, then the others by name.
func (v *findView) findPeople(r *web.Request, most int) error {
	near, err := circle(r)
	if err != nil {
		return err
	}
	for _, one := range near {
		if one.Named(v.Words) {
			v.People = append(v.People, one)
		}
	}
	others, more, err := directory.Find(r.Tx, sight(r), v.Words, most)
	v.People, v.MorePeople = append(v.People, others...), more
	if len(v.People) > most {
		v.People, v.MorePeople = v.People[:most], true
	}
	return err
}

func (v *findView) findClasses(r *web.Request, most int) error {
	classes, err := directory.FindClasses(r.Tx, gate(r, seeClass), v.Words)
	if err != nil {
		return err
	}
	if len(classes) > most {
		classes, v.MoreClasses = classes[:most], true
	}
	v.Classes, err = classTiles(r, classes)
	return err
}

// classTiles gives classes their teachers, and the list that each leads to, for
// whoever has it: the others lead nowhere.
func classTiles(r *web.Request, classes []directory.ClassView) ([]classTile, error) {
	tiles := make([]classTile, len(classes))
	ids, at := make([]school.ID, len(classes)), map[school.ID]*classTile{}
	var schools []school.ID
	for i, class := range classes {
		tiles[i] = classTile{ClassView: class}
		if r.Can(listClass, place.Object(class)) == nil {
			tiles[i].Href = classPath(class.ID)
		}
		ids[i], at[class.ID] = class.ID, &tiles[i]
		schools = append(schools, class.School)
	}
	teachers, err := directory.TeachersIn(r.Tx, ids...)
	if err != nil {
		return nil, err
	}
	for _, t := range teachers {
		at[t.Class].Teachers = append(at[t.Class].Teachers, t.Formal())
	}
	structures, err := directory.StructuresByID(r.Tx, schools...)
	for _, structure := range structures {
		for i := range tiles {
			if tiles[i].School == structure.ID {
				tiles[i].SchoolName = structure.Name
			}
		}
	}
	return tiles, err
}
