package account

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"preau/core/audit"
	"preau/core/db"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
)

// lookLasts is how long who looks at the same accounts again still looks.
const lookLasts = time.Hour

// Look journals that the visitor looked at the account of a person of a school.
func (a *Accounts) Look(r *web.Request, person, at school.ID) error {
	return a.look(r, audit.Entry{Kind: "account", Object: person, Subject: person, School: at})
}

// LookAtClass journals that the visitor looked at the accounts of a class.
func (a *Accounts) LookAtClass(r *web.Request, class, at school.ID) error {
	return a.look(r, audit.Entry{Kind: "class", Object: class, Subject: at, School: at, Detail: audit.Detail{"whom": wholeClass}})
}

// LookAtSide journals that the visitor looked at the accounts of one side of a school.
func (a *Accounts) LookAtSide(r *web.Request, side Side, at school.ID) error {
	return a.look(r, audit.Entry{Kind: "structure", Object: at, Subject: at, School: at, Detail: audit.Detail{"whom": string(side)}})
}

func (a *Accounts) look(r *web.Request, e audit.Entry) error {
	e.By, e.Action = r.By(), actLook
	return r.Note(func(tx *db.Tx) error { return a.Log.WriteOnce(tx, e, lookLasts) })
}

// Looks lists the times when somebody looked at the accounts of where a person is, the
// newest first, before one of them unless it is 0: none of before they were there.
func (a *Accounts) Looks(tx *db.Tx, person, before school.ID, most int) ([]audit.Act, error) {
	rooms, err := directory.RoomsOf(tx, person)
	if err != nil {
		return nil, fmt.Errorf("reading where %d is: %w", person, err)
	}
	var looks []audit.Act
	for _, room := range rooms {
		whom := wholeClass
		if room.Class == 0 {
			whom = string(sideOf(room.Profile))
		}
		found, err := a.Log.Chosen(tx, audit.Choice{
			About: []school.ID{room.School}, On: []school.ID{cmp.Or(room.Class, room.School)}, Actions: []audit.Action{actLook},
			Whom: whom, Since: room.From, Before: before, Most: most,
		})
		if err != nil {
			return nil, err
		}
		looks = append(looks, found...)
	}
	slices.SortFunc(looks, func(a, b audit.Act) int { return cmp.Compare(b.ID, a.ID) })
	looks = slices.CompactFunc(looks, func(a, b audit.Act) bool { return a.ID == b.ID }) // two children of one class
	return looks[:min(len(looks), most)], nil
}

// sideOf is the side of a school of who has a profile there.
func sideOf(profile school.Profile) Side {
	switch profile {
	case school.Pupil:
		return Pupils
	case school.Guardian:
		return Families
	}
	return Staff
}
