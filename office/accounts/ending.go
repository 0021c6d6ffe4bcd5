package accounts

import (
	"slices"

	"preau/account"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
)

// ending is what was handed out with a frozen account shortly before it was, and ends
// when the account is opened for its person alone.
type ending struct {
	Doors []endingDoor // of the classes whose door the visitor opens
	Other int          // of other classes
	Codes int
}

// endingDoor is a poster or a tablet of a class, or some badges of its children.
type endingDoor struct {
	account.ClassDoor
	Label  string // of the class
	Badges int
}

// count is how many of them there are.
func (e ending) count() int {
	n := e.Other + e.Codes + len(e.Doors)
	for _, d := range e.Doors {
		n += max(d.Badges-1, 0)
	}
	return n
}

// endingOf reads what ends when the account of somebody is opened for them alone.
func endingOf(r *web.Request, person school.ID) (e ending, err error) {
	all, err := account.Suspected(r.Tx, person)
	if err != nil || all == 0 {
		return e, err
	}
	doors, err := account.SuspectedDoors(r.Tx, person)
	if err != nil {
		return e, err
	}
	e.Codes = all - len(doors)
	var ids []school.ID
	for _, d := range doors {
		ids = append(ids, d.Class)
	}
	classes, err := directory.PlainClassesByID(r.Tx, slices.Compact(ids)...)
	if err != nil {
		return e, err
	}
	for _, d := range doors {
		i := slices.IndexFunc(classes, func(c directory.ClassView) bool { return c.ID == d.Class })
		if i < 0 || r.Can(openDoor, rights.Object{School: classes[i].School, Class: d.Class}) != nil {
			e.Other++
			continue
		}
		if d.Child != 0 {
			if j := slices.IndexFunc(e.Doors, func(o endingDoor) bool { return o.Class == d.Class && o.Badges > 0 }); j >= 0 {
				e.Doors[j].Badges++
				continue
			}
			e.Doors = append(e.Doors, endingDoor{ClassDoor: d, Label: classes[i].Label, Badges: 1})
			continue
		}
		e.Doors = append(e.Doors, endingDoor{ClassDoor: d, Label: classes[i].Label})
	}
	return e, nil
}
