package portal

import (
	"slices"

	"preau/core/i18n"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
)

// lentAt is where each function that may be lent leads. The lists of the
// périscolaire are on the home page itself.
var lentAt = map[rights.Function]ui.Tile{
	directory.LentAccounts:  {Href: "/accounts/", Icon: ui.IconKey},
	directory.LentFeeds:     {Href: "/register/", Icon: ui.IconOffice},
	directory.LentServices:  {Href: cataloguePath, Icon: ui.IconTiles},
	directory.LentAlerts:    {Href: "/alert/", Icon: ui.IconStop},
	directory.LentTeamCodes: {Href: "/register/teams", Icon: ui.IconKey},
	directory.LentCareLists: {Href: "#care", Icon: ui.IconMeal},
}

// Leads tells whether the home page leads to what a function opens.
func Leads(function rights.Function) bool {
	_, leads := lentAt[function]
	return leads
}

// entrusted are the functions that were lent to the visitor under the hat that
// they wear: each says over what and until when, and leads to its page.
func entrusted(r *web.Request) (tiles []ui.Tile, err error) {
	lent, err := directory.LentTo(r.Tx, r.Actor.Person)
	for _, l := range lent {
		if !worn(r.Actor, l) {
			continue
		}
		tile := lentAt[l.Function]
		tile.Title = r.Say(directory.FunctionKey(l.Function))
		tile.Subtitle = i18n.Dots(lentOver(r, l), r.Say("portal.lent-until", r.Printer.Date(school.LastDay(l.Until.Time))))
		tiles = append(tiles, tile)
	}
	return tiles, err
}

// worn tells whether a loan goes with the hat of an actor.
func worn(a rights.Actor, l directory.Loan) bool {
	return slices.ContainsFunc(a.Lent, func(held rights.Lent) bool {
		return held.Function == l.Function && held.Class == l.Class && (held.School == l.School || l.Place.Kind != directory.School)
	})
}

// lentOver says over what a function was lent: a class, a school, or all those
// of a commune.
func lentOver(r *web.Request, l directory.Loan) string {
	switch {
	case l.Room != "":
		return join(tidy(l.Room), l.Place.Name)
	case l.Place.Kind != directory.School:
		return r.Say("portal.lent-everywhere", l.Place.Name)
	}
	return l.Place.Name
}

// careLent counts who is enrolled in the schools whose lists were lent to the
// visitor: it has no row when there are none.
func careLent(r *web.Request) (ui.Table, error) {
	var ids []school.ID
	for _, l := range r.Actor.Lent {
		if l.Function == directory.LentCareLists {
			ids = append(ids, l.School)
		}
	}
	structures, err := directory.StructuresByID(r.Tx, ids...)
	if err != nil || len(structures) == 0 {
		return ui.Table{}, err
	}
	figures, err := directory.SchoolFigures(r.Tx, ids...)
	places := make([]directory.Place, len(structures))
	for i, s := range structures {
		places[i] = directory.Place{ID: s.ID, Name: s.Name, UAI: s.UAI}
	}
	return careTable(r, places, figures), err
}
