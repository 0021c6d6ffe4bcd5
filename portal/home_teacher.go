package portal

import (
	"github.com/a-h/templ"

	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
)

// teacherView is the classes of a teacher.
type teacherView struct {
	Hello string
	Rooms []roomView
	Tiles []ui.Tile
	Lent  []ui.Tile // the functions of the head's that they borrow
}

func (p *Portal) teacherHome(r *web.Request) (templ.Component, error) {
	mine, err := myRooms(r)
	if err != nil {
		return nil, err
	}
	tiles, err := p.waiting(r)
	if err != nil {
		return nil, err
	}
	lent, err := entrusted(r)
	return teacherHome(teacherView{Hello: greeted(r), Rooms: mine, Tiles: tiles, Lent: lent}), err
}

// myRooms are the classes that the visitor teaches, with their pupils.
func myRooms(r *web.Request) ([]roomView, error) {
	classes, err := directory.PlainClassesByID(r.Tx, r.Actor.Classes...)
	if err != nil {
		return nil, err
	}
	return rooms(r, classes, true)
}
