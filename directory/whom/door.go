package whom

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"preau/core/audience"
	"preau/core/i18n"
	"preau/core/school"
	"preau/core/search"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
)

// Target is whom one addresses by a form: whoever is chosen there, or those who are
// chosen already.
type Target struct {
	Path        string     // of the form
	Answer      url.Values // with which it opens; none: one chooses there
	Name, About string
	Icon        ui.Icon
	To          []audience.Audience // whom the answer means
}

func (t Target) href() string {
	if len(t.Answer) == 0 {
		return t.Path
	}
	return t.Path + "?" + t.Answer.Encode()
}

// Door is the page before a form: whom one addressed lately, whom one looks for, and where
// one may write.
type Door struct {
	Path          string
	Search        search.Query
	Places        []Target // where one chooses whom to address
	Lately, Found []Target
	Looks         bool // there are others than the places to look for
}

// What a door shows at most.
const mostLately, mostFound = 3, 12

// Open makes the page at a path: places have tiles, and among them and the others one looks
// by name; published is what the visitor published last, the latest first.
func Open(r *web.Request, path string, places, others []Target, published []school.ID) (d Door, err error) {
	d = Door{Path: path, Search: search.Read(r.URL.Query().Get("q")), Places: places, Looks: len(others) > 0}
	if !d.Search.Empty() {
		all := slices.Concat(others, places)
		texts := make([]string, len(all))
		for i, t := range all {
			texts[i] = t.Name + " " + t.About
		}
		for _, i := range d.Search.Pick(texts) {
			if len(d.Found) < mostFound {
				d.Found = append(d.Found, all[i])
			}
		}
		return d, nil
	}
	lately, err := lately(r, published)
	if err != nil {
		return d, err
	}
	for _, to := range lately {
		t, offered := again(others, to)
		if !offered || len(d.Lately) == mostLately {
			continue
		}
		if t.Name, err = Names(r, to...); err != nil {
			return d, err
		}
		d.Lately = append(d.Lately, t)
	}
	return d, nil
}

// again finds the form that addresses some audiences again: all of them, and no other.
func again(targets []Target, to []audience.Audience) (Target, bool) {
	forms, reached := map[string]Target{}, map[string]map[audience.Audience]bool{}
	for _, t := range targets {
		if len(t.To) == 0 || slices.ContainsFunc(t.To, func(a audience.Audience) bool { return !slices.Contains(to, a) }) {
			continue
		}
		form, known := forms[t.Path]
		if !known {
			form, reached[t.Path] = Target{Path: t.Path, Answer: url.Values{}, About: t.About, Icon: t.Icon}, map[audience.Audience]bool{}
			forms[t.Path] = form
		}
		for _, a := range t.To {
			reached[t.Path][a] = true
		}
		for field, values := range t.Answer {
			form.Answer[field] = append(form.Answer[field], values...)
		}
	}
	for _, path := range slices.Sorted(maps.Keys(forms)) {
		if len(reached[path]) == len(to) {
			return forms[path], true
		}
	}
	return Target{}, false
}

// lately lists whom the visitor addressed by some things, each of those audiences once.
func lately(r *web.Request, published []school.ID) (all [][]audience.Audience, err error) {
	of, err := audience.To(r.Tx, published...)
	known := map[string]bool{}
	for _, thing := range published {
		to := slices.DeleteFunc(of[thing], func(a audience.Audience) bool {
			return a == audience.Audience{Place: audience.Person, Of: r.Actor.Person}
		})
		if key := joined(to); len(to) > 0 && !known[key] {
			known[key] = true
			all = append(all, to)
		}
	}
	return all, err
}

// joined is some audiences as one answer of a form.
func joined(to []audience.Audience) string {
	ids := make([]string, len(to))
	for i, a := range to {
		ids[i] = string(a.ID())
	}
	return strings.Join(ids, ",")
}

// Targets lists the places of which the families may be addressed, then those families:
// of each place and each of its levels, and of each pupil. path is that of a place's form.
func Targets(r *web.Request, places []Place, path func(Place) string) (at, families []Target, err error) {
	of := map[school.ID]Place{}
	for _, p := range places {
		if p.Class.ID != 0 {
			of[p.Class.ID] = p
		}
	}
	classes := slices.Collect(maps.Keys(of))
	levels, err := directory.LevelsOf(r.Tx, classes...)
	if err != nil {
		return nil, nil, err
	}
	for _, p := range places {
		t := Target{Path: path(p), Name: p.Name(), Icon: ui.IconClass}
		if p.Class.ID == 0 {
			t.Name, t.About, t.Icon = r.Say("whom.whole-school"), p.School.Name, ui.IconSchool
		} else {
			t.About = r.Say("whom.children", p.Class.Pupils)
		}
		at = append(at, t)
		for _, w := range p.families(r, levels[p.Class.ID]) {
			families = append(families, Target{Path: t.Path, Answer: url.Values{fieldTo: {w.Value}}, Name: w.Label, About: p.School.Name, Icon: t.Icon, To: w.To})
		}
	}
	pupils, err := directory.PupilsIn(r.Tx, classes...)
	// A pupil is looked for in the class first, then in groups.
	slices.SortStableFunc(pupils, func(a, b directory.InClass) int {
		return strings.Compare(string(of[a.Class].Class.Kind), string(of[b.Class].Class.Kind))
	})
	seen := map[string]bool{}
	for _, pupil := range pupils {
		p := of[pupil.Class]
		if key := fmt.Sprint(pupil.ID, p.School.ID); !seen[key] {
			seen[key] = true
			families = append(families, Target{
				Path: path(p), Answer: url.Values{fieldFamily: {pupil.ID.String()}}, Name: r.Say("whom.family", i18n.Of(r.Context(), pupil.Name())), About: p.Name(), Icon: ui.IconPerson,
				To: []audience.Audience{{Place: audience.Family, Of: pupil.ID}},
			})
		}
	}
	return at, families, err
}

// Circled are the circles of a place, each as it is addressed from the form of a target.
func Circled(r *web.Request, t Target, place audience.Place, of school.ID) (all []Target) {
	at := t.Name
	for _, c := range circles {
		t.Name, t.About = first(r.Say("whom.circle-"+string(c.Circle))), at
		t.Answer, t.To = Circles(c.Circle), Around(place, of, c.Circle)
		all = append(all, t)
	}
	return all
}
