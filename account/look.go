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

// ListedFor is how long an account stays in the list of those that were opened lately.
const ListedFor = 30 * 24 * time.Hour

// listDetail is the detail of a look at that list.
const listDetail = "list"

// LookAtOpened journals that the visitor looked at the list of the accounts of one side
// of a school that were opened lately.
func (a *Accounts) LookAtOpened(r *web.Request, side Side, at school.ID) error {
	return a.look(r, audit.Entry{Kind: "structure", Object: at, Subject: at, School: at, Detail: audit.Detail{"whom": string(side), listDetail: "opened"}})
}

// atOpened tells whether a look was at that list: those at families and at pupils all
// were, before it was written.
func atOpened(look audit.Act) bool {
	whom := Side(look.Detail["whom"])
	return look.Detail[listDetail] != "" || whom == Families || whom == Pupils
}

func (a *Accounts) look(r *web.Request, e audit.Entry) error {
	e.By, e.Action = r.By(), actLook
	return r.Note(func(tx *db.Tx) error {
		_, err := a.Log.WriteOnce(tx, e, lookLasts)
		return err
	})
}

// Looks lists the times when somebody looked at the accounts of where a person is, the
// newest first, before one of them unless it is 0: none of before they were there, nor
// at a list where they were not.
func (a *Accounts) Looks(tx *db.Tx, person, before school.ID, most int) ([]audit.Act, error) {
	rooms, err := directory.RoomsOf(tx, person)
	if err != nil {
		return nil, fmt.Errorf("reading where %d is: %w", person, err)
	}
	openings, err := a.openings(tx, person)
	if err != nil {
		return nil, err
	}
	unlisted := func(look audit.Act) bool {
		return atOpened(look) && !slices.ContainsFunc(openings, func(at time.Time) bool {
			return !at.After(look.At) && look.At.Sub(at) <= ListedFor
		})
	}
	var looks []audit.Act
	for _, room := range rooms {
		whom := wholeClass
		if room.Class == 0 {
			whom = string(sideOf(room.Profile))
		}
		c := audit.Choice{
			About: []school.ID{room.School}, On: []school.ID{cmp.Or(room.Class, room.School)}, Actions: []audit.Action{actLook},
			Whom: whom, Since: room.From, Before: before, Most: most,
		}
		for told := 0; told < most; {
			found, err := a.Log.Chosen(tx, c)
			if err != nil {
				return nil, err
			}
			n := len(found)
			if n > 0 {
				c.Before = found[n-1].ID
			}
			found = slices.DeleteFunc(found, unlisted)
			looks, told = append(looks, found...), told+len(found)
			if n < most {
				break
			}
		}
	}
	slices.SortFunc(looks, func(a, b audit.Act) int { return cmp.Compare(b.ID, a.ID) })
	looks = slices.CompactFunc(looks, func(a, b audit.Act) bool { return a.ID == b.ID }) // two children of one class
	return looks[:min(len(looks), most)], nil
}

// mostOpenings is how many times at most an account was opened, of those that are read.
const mostOpenings = 50

// openings are the times when the account of a person was opened, as the journal knows
// and as it stands.
func (a *Accounts) openings(tx *db.Tx, person school.ID) (times []time.Time, err error) {
	acts, err := a.Log.About(tx, person, []audit.Action{actActivate}, 0, mostOpenings)
	if err != nil {
		return nil, err
	}
	for _, act := range acts {
		times = append(times, act.At)
	}
	accounts, err := Of(tx, person)
	if at := accounts[person].Activated; err == nil && !at.IsZero() {
		times = append(times, at)
	}
	return times, err
}

// sideOf is the side of a school of whoever has a profile there.
func sideOf(profile school.Profile) Side {
	switch profile {
	case school.Pupil:
		return Pupils
	case school.Guardian:
		return Families
	}
	return Staff
}
