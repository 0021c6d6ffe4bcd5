package register

import (
	"strings"

	"preau/core/web"
	"preau/directory"
	"preau/directory/place"
)

// teamsView is the structures whose teams the visitor keeps.
type teamsView struct {
	Words    string
	Found    []directory.Named
	More     bool
	Search   bool // there are too many to show them all
	Roll     bool
	Interims bool                  // the visitor may propose acting heads
	Lenders  []directory.Structure // the communes from which the visitor lends
}

// shownTeams is how many structures are listed before one has to search.
const shownTeams = 30

// teams lists the structures whose teams the visitor keeps: the head's
// schools, the commune and its schools, what is within the pilot's area, or
// everything.
func (s *Service) teams(r *web.Request) (web.Answer, error) {
	view := teamsView{Words: strings.TrimSpace(r.URL.Query().Get("q")), Roll: r.Holds(enterRoll), Interims: r.Holds(nameInterim)}
	var err error
	if view.Found, view.More, err = teamsKept(r, view.Words); err != nil {
		return nil, err
	}
	if len(view.Found) == 1 && view.Words == "" {
		return web.Redirect{To: teamPath(view.Found[0].ID)}, nil
	}
	view.Search = view.More || view.Words != ""
	if r.Holds(lend) {
		if view.Lenders, err = directory.StructuresByID(r.Tx, r.Actor.Areas...); err != nil {
			return nil, err
		}
	}
	return web.Page{Title: r.Say("register.teams"), Body: teamsPage(view), Finds: true}, nil
}

// teamsKept lists the first structures whose teams the visitor keeps, and tells
// whether there are more.
func teamsKept(r *web.Request, words string) (found []directory.Named, more bool, err error) {
	where, args := r.Scope(viewTeam, place.Columns)
	found, err = directory.StructuresWhere(r.Tx, words, "s.kind IN ("+kindsOf(r)+") AND "+where, args...)
	return found[:min(len(found), shownTeams)], len(found) > shownTeams, err
}

// kindsOf lists, for a condition, the kinds of structures where the visitor
// appoints people: schools, for whoever borrows the codes of their agents.
func kindsOf(r *web.Request) string {
	kinds := []string{"'" + string(directory.School) + "'"}
	if len(r.Actor.Lent) == 0 {
		kinds = nil
	}
	for _, post := range directory.Templates {
		if r.Holds(giving[post.Profile]) {
			for _, kind := range post.At {
				kinds = append(kinds, "'"+string(kind)+"'")
			}
		}
	}
	return strings.Join(kinds, ", ")
}
