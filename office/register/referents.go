package register

import (
	"slices"
	"strings"
	"time"

	"preau/core/fail"
	"preau/core/i18n"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
	"preau/directory/place"
)

// referentsView is where one chooses the place whose référents one keeps.
type referentsView struct {
	Areas []directory.Named
	Own   bool // and there is nothing else to look for
	Words string
	Found []directory.Named
	More  bool // there are others
}

// mostScopes is how many places a page lists.
const mostScopes = 50

// referents lets one choose a place, or leads to the only one.
func (s *Service) referents(r *web.Request) (web.Answer, error) {
	if !r.Holds(keepAnyReferent) {
		return ownPlaces(r)
	}
	view := referentsView{Words: strings.TrimSpace(r.URL.Query().Get("q"))}
	where, args := r.Scope(keepAnyReferent, place.Columns)
	var err error
	if view.Areas, err = directory.AreasWhere(r.Tx, where, args...); err != nil {
		return nil, err
	}
	if view.Found, err = directory.StructuresNamed(r.Tx, view.Words, "s.kind <> 'office' AND "+where, args...); err != nil {
		return nil, err
	}
	if len(view.Found) > mostScopes {
		view.Found, view.More = view.Found[:mostScopes], true
	}
	return web.Page{Title: r.Say("register.referents"), Body: referentsPage(view), Finds: true}, nil
}

// ownPlaces are the schools of a head and the communes of an agent.
func ownPlaces(r *web.Request) (web.Answer, error) {
	structures, err := directory.StructuresByID(r.Tx, slices.Concat(r.Actor.Schools, r.Actor.Areas)...)
	if err != nil {
		return nil, err
	}
	view := referentsView{Own: true}
	for _, s := range structures {
		if len(rolesToKeep(r, s)) > 0 {
			view.Areas = append(view.Areas, directory.Named{Place: directory.Place{ID: s.ID, Name: s.Name, UAI: s.UAI}, Kind: s.Kind, Town: s.Town})
		}
	}
	if len(view.Areas) == 1 {
		return web.Redirect{To: referentsPath(view.Areas[0].ID)}, nil
	}
	return web.Page{Title: r.Say("register.referents"), Body: referentsPage(view)}, nil
}

// rolesToKeep are those that the visitor keeps of their own school or commune.
func rolesToKeep(r *web.Request, at directory.Structure) []directory.ReferentRole {
	var own directory.ReferentRole
	switch {
	case at.Kind == directory.School && r.Can(keepSchoolReferent, rights.Object{School: at.ID}) == nil:
		own = directory.DigitalReferent
	case at.Kind != directory.School && r.Can(keepCommuneReferent, rights.Object{Areas: []school.ID{at.ID}}) == nil:
		own = directory.LocalAuthority
	}
	return slices.DeleteFunc(directory.ReferentRolesOf(at.Kind), func(role directory.ReferentRole) bool { return role != own })
}

// kept is the structure of the path, with the roles that the visitor keeps
// there: one at least, or the structure does not exist for them.
type kept struct {
	directory.Structure
	Roles []directory.ReferentRole
}

func keptOf(r *web.Request) (kept, error) {
	id, err := r.PathID("structure")
	if err != nil {
		return kept{}, err
	}
	at, err := place.Structure(r, keepAnyReferent, id)
	if err == nil {
		return kept{at, directory.ReferentRolesOf(at.Kind)}, nil
	}
	if !fail.Is(err, fail.NotFound) {
		return kept{}, err
	}
	if at, err = directory.Structures.One(r.Tx, "id = $1 AND until_at IS NULL", id); err != nil {
		return kept{}, err
	}
	roles := rolesToKeep(r, at)
	if len(roles) == 0 {
		return kept{}, fail.New(fail.NotFound, "%s keeps no référent of %s", r.Actor.Person, id)
	}
	return kept{at, roles}, nil
}

// has tells whether the visitor keeps who holds a role there.
func (k kept) has(role directory.ReferentRole) bool { return slices.Contains(k.Roles, role) }

// page is one about the place, in its colour if it is a school.
func (k kept) page(page web.Page) web.Page {
	if k.Kind == directory.School {
		return place.Page(k.Structure, page)
	}
	page.School = k.Name
	return page
}

// referentsOfView is who is recorded in one place, role by role.
type referentsOfView struct {
	At    kept
	Roles []roleView
	Past  []directory.Called // who may be taken back
	Now   time.Time
}

type roleView struct {
	Role   directory.ReferentRole
	Called []directory.Called
	Keep   bool
}

// nobody tells whether no role has anybody.
func (v referentsOfView) nobody() bool {
	return !slices.ContainsFunc(v.Roles, func(role roleView) bool { return len(role.Called) > 0 })
}

// referentsOf shows who is recorded in one place.
func (s *Service) referentsOf(r *web.Request) (web.Answer, error) {
	at, err := keptOf(r)
	if err != nil {
		return nil, err
	}
	all, err := directory.ReferentsOf(r.Tx, at.ID)
	if err != nil {
		return nil, err
	}
	view := referentsOfView{At: at, Now: r.Tx.Now}
	for _, role := range directory.ReferentRolesOf(at.Kind) {
		one := roleView{Role: role, Keep: at.has(role)}
		for _, c := range all {
			switch over := !c.Until.IsZero() && !c.Until.After(r.Tx.Now); {
			case c.Role != role:
			case !over:
				one.Called = append(one.Called, c)
			case one.Keep && c.Who != "":
				view.Past = append(view.Past, c)
			}
		}
		if one.Keep || len(one.Called) > 0 {
			view.Roles = append(view.Roles, one)
		}
	}
	return at.page(web.Page{Title: i18n.Dots(r.Say("register.referents"), at.Kind.Told(at.Name)), Body: referentsOfPage(view)}), nil
}

// The addresses of référents.
func referentsPath(structure school.ID) string {
	return "/register/structure/" + structure.String() + "/referents"
}

func rolePath(structure school.ID, role directory.ReferentRole) string {
	return referentsPath(structure) + "/" + string(role)
}

func referentPath(c directory.Referent) string {
	return "/register/structure/" + c.Structure.String() + "/referent/" + c.ID.String()
}

// kindIcons are the drawings of places.
var kindIcons = map[directory.Kind]ui.Icon{
	directory.School: ui.IconSchool, directory.Commune: ui.IconTown, directory.RPI: ui.IconSchool, directory.Project: ui.IconSupport,
}
