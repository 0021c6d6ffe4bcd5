package alert

import (
	"slices"
	"time"

	"preau/core/db"
	"preau/core/i18n"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
)

// listView is the notices that the visitor may read.
type listView struct {
	Spots []spot // where they may tell something
	Lines []line // the last first
	Now   time.Time
}

// line is a notice in a list.
type line struct {
	alert
	From string // who tells it
}

// mostListed is how many notices the list has: those of a year or so.
const mostListed = 60

func (s *Service) list(r *web.Request) (web.Answer, error) {
	v := listView{Now: r.Tx.Now}
	where, args, err := mine(r, []any{mostListed})
	if err != nil {
		return nil, err
	}
	all, err := alerts(r.Tx, where, args...)
	if err != nil {
		return nil, err
	}
	from, err := tellers(r.Tx, r.Printer, all)
	if err != nil {
		return nil, err
	}
	for _, a := range all {
		v.Lines = append(v.Lines, line{a, from[a.ID].String()})
	}
	if r.Holds(send) {
		v.Spots, err = spots(r)
	}
	return web.Page{Title: r.Say("alert.title"), Body: listPage(v)}, err
}

// mine is the condition that finds the alerts a that are or were for the visitor, with
// any hat, and those that they keep.
func mine(r *web.Request, args []any) (string, []any, error) {
	held, err := r.HeldWithAny()
	if err != nil {
		return "", nil, err
	}
	seen, args := held.Things(r.Tx, args...)
	own, args := r.Scope(keep, rights.Columns{School: "a.school_id", Class: "a.class_id"}, args...)
	commune, args := r.Scope(keepCommune, rights.Columns{InArea: "a.commune_id IN (%[1]s)"}, args...)
	return `a.id IN (` + seen + ` UNION ALL SELECT a.id FROM alert_alert a WHERE a.commune_id = 0 AND ` + own + ` OR a.commune_id <> 0 AND ` + commune + `)`, args, nil
}

// teller is who tells a notice: a school, or a commune to a school.
type teller struct{ School, Commune string }

// String names both.
func (t teller) String() string { return i18n.Dots(t.School, t.Commune) }

// names are those of the schools and of the communes of some notices.
type names map[school.ID]string

func namesIn(tx *db.Tx, all []alert) (names, error) {
	var places []school.ID
	for _, a := range all {
		places = append(places, a.School, a.Commune)
	}
	known, err := directory.StructuresByID(tx, places...)
	name := names{}
	for _, at := range known {
		name[at.ID] = at.Name
	}
	return name, err
}

// teller is that of a notice.
func (n names) teller(say i18n.Printer, a alert) teller {
	t := teller{School: n[a.School]}
	if a.Commune != 0 {
		t.Commune = say.Say("alert.commune", say.Of(n[a.Commune]))
	}
	return t
}

// tellers are those of some notices, by notice.
func tellers(tx *db.Tx, say i18n.Printer, all []alert) (map[school.ID]teller, error) {
	known, err := namesIn(tx, all)
	from := map[school.ID]teller{}
	for _, a := range all {
		from[a.ID] = known.teller(say, a)
	}
	return from, err
}

// spot is where somebody tells: in a school, or in schools of a commune.
type spot struct {
	directory.Structure
	Commune bool
}

func (s spot) path() string {
	if s.Commune {
		return "/alert/new/commune/" + s.ID.String()
	}
	return "/alert/new/school/" + s.ID.String()
}

// spots are where the visitor may tell something: communes, then schools.
func spots(r *web.Request) (all []spot, err error) {
	known, err := directory.StructuresByID(r.Tx, slices.Concat(r.Actor.Areas, r.Actor.Schools)...)
	for _, at := range known {
		switch {
		case !at.Until.IsZero():
		case at.Kind == directory.Commune && r.Can(keepCommune, rights.Object{Areas: []school.ID{at.ID}}) == nil:
			all = append(all, spot{at, true})
		case at.Kind == directory.School && r.Can(keep, rights.Object{School: at.ID}) == nil:
			all = append(all, spot{at, false})
		}
	}
	return all, err
}
