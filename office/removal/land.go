package removal

import (
	"math"
	"strings"
	"time"

	"preau/account"
	"preau/core/fail"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
)

// landView is where one finds whose account was stolen, with what was asked before.
type landView struct {
	Looked string // a name that was typed
	Found  []foundLine
	More   bool // there are others of that name
	Whole  bool // the visitor may look everywhere
	Cases  []dossier
	Older  string // where the cases before these are
	Names  map[school.ID]string
	Me     school.ID
	Now    time.Time
}

// foundLine is somebody whose account it may be.
type foundLine struct {
	Who          directory.Someone
	Detail, Href string
}

// mostFound is how many people a search by name shows.
const mostFound = 20

// land finds people by name, and lists the cases that the visitor reaches.
func (s *Service) land(r *web.Request) (web.Answer, error) {
	v := landView{Looked: r.URL.Query().Get("q"), Whole: r.Holds(everywhere), Me: r.Actor.Person, Now: r.Tx.Now}
	err := v.find(r)
	if err == nil {
		err = v.list(r)
	}
	if err == nil {
		v.Names, err = namesOf(r.Tx, v.Cases...)
	}
	return web.Page{Title: r.Say("removal.title"), Body: landPage(v), Finds: true}, err
}

// sight is whom the visitor may choose: whoever is in a school that their right reaches.
func sight(r *web.Request) directory.Sight {
	gate := func(columns rights.Columns, args ...any) (string, []any) { return r.Scope(remove, columns, args...) }
	return directory.Sight{Pupils: gate, Guardians: gate, Staff: gate}
}

// find looks for the people of the name that was typed, once in each school of theirs; who
// may look everywhere finds them once, and somebody by their login too.
func (v *landView) find(r *web.Request) error {
	found, more, err := directory.Find(r.Tx, sight(r), v.Looked, mostFound)
	v.More = more
	if err != nil {
		return err
	}
	traits, err := traitsOf(r, found...)
	for _, who := range found {
		ties := map[school.ID][]directory.Tie{} // by school
		var schools []school.ID
		for _, tie := range who.Ties {
			at := tie.School
			if v.Whole {
				at = 0
			}
			if ties[at] == nil {
				schools = append(schools, at)
			}
			ties[at] = append(ties[at], tie)
		}
		for _, at := range schools {
			v.Found = append(v.Found, foundLine{Who: who.Someone, Detail: traits.says(r, who.ID, ties[at]), Href: searchPath(at, who.ID)})
		}
	}
	if err != nil || !v.Whole || len(v.Found) > 0 || v.Looked == "" {
		return err
	}
	return v.findLogin(r)
}

// findLogin finds somebody who is in no school: an agent, by their login.
func (v *landView) findLogin(r *web.Request) error {
	person, err := account.Person(r.Tx, v.Looked)
	if fail.Is(err, fail.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	known, err := directory.SomeByID(r.Tx, person)
	for _, who := range known {
		v.Found = append(v.Found, foundLine{Who: who, Detail: v.Looked, Href: searchPath(0, who.ID)})
	}
	return err
}

// roleKey is the key of what somebody is in a school.
func roleKey(profile school.Profile) string {
	switch profile {
	case school.Pupil:
		return "removal.pupil"
	case school.Guardian:
		return "removal.guardian"
	}
	return directory.ProfileKey(profile, "", false)
}

// mostCases is how many cases a page lists, and a home page tells of.
const mostCases = 30

// list reads a page of cases.
func (v *landView) list(r *web.Request) (err error) {
	before, err := school.ParseID(r.URL.Query().Get("before"))
	if err != nil { // from the last on
		before = math.MaxInt64
	}
	if v.Cases, err = reached(r, mostCases+1, "c.id < $1", before); err == nil && len(v.Cases) > mostCases {
		v.Cases = v.Cases[:mostCases]
		v.Older = landPath + "?before=" + v.Cases[mostCases-1].ID.String()
	}
	return err
}

// reached lists the cases that the visitor's right reaches and that a condition finds, a number of
// them at most.
func reached(r *web.Request, most int, where string, args ...any) ([]dossier, error) {
	gate, args := r.Scope(remove, rights.Columns{School: "c.school_id"}, args...)
	return dossiers(r.Tx, most, where+" AND "+gate, args...)
}

// Awaits is the cases that wait for the visitor, for their home page: to agree, or to have what is
// left of one be done.
func (s *Service) Awaits(r *web.Request) ([]ui.Task, error) {
	if !r.Holds(remove) {
		return nil, nil
	}
	open := []string{string(waiting), string(removing), string(undoing), string(restoring)}
	var waits []dossier
	for before := school.ID(math.MaxInt64); len(waits) < mostCases; {
		some, err := reached(r, mostCases, "c.id < $1 AND c.outcome IN ('"+strings.Join(open, "', '")+"')", before)
		if err != nil {
			return nil, err
		}
		for _, d := range some {
			before = d.ID
			if d.awaits(r.Actor.Person) { // not those that wait for somebody else
				waits = append(waits, d)
			}
		}
		if len(some) < mostCases {
			break
		}
	}
	names, err := namesOf(r.Tx, waits...)
	tasks := make([]ui.Task, len(waits))
	for i, d := range waits {
		tasks[i] = d.task(r, names)
	}
	return tasks, err
}

// task is what a case asks for, on a home page.
func (d dossier) task(r *web.Request, names map[school.ID]string) ui.Task {
	by := func(id school.ID) string { return name(r.Context(), names, id) }
	t := ui.Task{Href: d.path(), Icon: ui.IconShield, Title: r.Say("removal.task", r.Printer.Of(by(d.Account)))}
	switch d.Outcome {
	case undoing:
		t.Title = r.Say("removal.task-back", r.Printer.Of(by(d.Account)))
		t.Text = r.Say("removal.task-text", by(d.UndoneBy), r.Printer.Moment(d.Undone, r.Tx.Now))
	case removing, restoring:
		t.Text = r.Say("removal.task-goes-on")
	default:
		t.Text = r.Say("removal.task-text", by(d.AskedBy), r.Printer.Moment(d.Asked, r.Tx.Now))
	}
	return t
}
