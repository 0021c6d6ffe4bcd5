package portal

import (
	"slices"

	"github.com/a-h/templ"

	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
)

// teacherView is the classes of a teacher.
type teacherView struct {
	front
	Rooms []roomView
	Lent  []ui.Tile // the functions of the head's that they borrow
}

func (p *Portal) teacherHome(r *web.Request) (templ.Component, error) {
	mine, err := myRooms(r)
	if err != nil {
		return nil, err
	}
	lent, err := entrusted(r)
	if err != nil {
		return nil, err
	}
	f, err := p.front(r)
	r.Keep(f.Feed.Version, slices.Sorted(slices.Values(r.Actor.Classes)))
	return teacherHome(teacherView{front: f, Rooms: mine, Lent: lent}), err
}

// myRooms are the classes that the visitor teaches, with their pupils.
func myRooms(r *web.Request) ([]roomView, error) {
	classes, err := directory.PlainClassesByID(r.Tx, r.Actor.Classes...)
	if err != nil {
		return nil, err
	}
	return rooms(r, classes, true)
}
