package portal

import (
	"github.com/a-h/templ"

	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
)

// staffView is the school of somebody who works there without teaching: its
// classes and the team, and no pupil.
type staffView struct {
	Hello   string
	Schools []staffSchool
	Tiles   []ui.Tile
}

type staffSchool struct {
	Where string // the school, when there are several
	Rooms ui.Table
	Team  []ui.PersonLine
}

func (p *Portal) staffHome(r *web.Request) (templ.Component, error) {
	who, err := directory.Get(r.Tx, r.Actor.Person)
	if err != nil {
		return nil, err
	}
	v := staffView{Hello: greeted(r, who), Tiles: p.tiles(r)}
	structures, err := directory.StructuresByID(r.Tx, r.Actor.Schools...)
	if err != nil {
		return nil, err
	}
	for _, s := range structures {
		one := staffSchool{}
		if len(structures) > 1 {
			one.Where = s.Name
		}
		if one.Team, err = team(r, s.ID); err != nil {
			return nil, err
		}
		classes, err := directory.ClassesOf(r.Tx, s.ID)
		if err != nil {
			return nil, err
		}
		taught, err := rooms(r, classes, false)
		if err != nil {
			return nil, err
		}
		one.Rooms = roomTable(r.Printer, s.Name, taught, false)
		v.Schools = append(v.Schools, one)
	}
	return staffHome(v), nil
}
