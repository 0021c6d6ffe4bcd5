package portal

import (
	"github.com/a-h/templ"

	"preau/account"
	"preau/core/i18n"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
)

// headView is what waits for a head, then their schools.
type headView struct {
	front
	Tasks   []ui.Task
	Schools []headSchool
	Mine    []roomView // the classes that the head teaches
}

// lead says how much waits: what is to be done in the school, and what is to be answered.
func (v headView) lead(say i18n.Printer) string {
	waiting := len(v.Tasks) + len(v.Feed.Expected)
	if waiting == 0 {
		return say.Say("portal.no-task") + "."
	}
	return say.Say("portal.head-lead", waiting)
}

// headSchool is a school as its head sees it.
type headSchool struct {
	account.Counts
	ID   school.ID
	Name string
	// Opened are the accounts that were opened this week.
	Opened int
	Rooms  ui.Table
}

// without tells whether somebody whom the school counts has no account among those
// that are counted.
func (s headSchool) without() bool {
	return s.Figures.Pupils > s.Accounts[account.Pupils].Logins+s.Accounts[account.Pupils].ByDoor || s.Figures.Guardians > s.Accounts[account.Families].Logins ||
		s.Figures.Staff > s.Accounts[account.Staff].Logins
}

func (p *Portal) headHome(r *web.Request) (templ.Component, error) {
	f, err := p.front(r)
	if err != nil {
		return nil, err
	}
	v := headView{front: f}
	if r.Holds(chooseServices) {
		v.Tiles = append(v.Tiles, ui.Tile{Href: cataloguePath, Title: r.Say("portal.catalogue"), Icon: ui.IconSettings})
	}
	counts, err := account.CountSchools(r.Tx, r.Actor.Schools...)
	if err != nil {
		return nil, err
	}
	if v.Schools, err = headSchools(r, counts); err != nil {
		return nil, err
	}
	if p.AwaitsHead != nil {
		if v.Tasks, err = p.AwaitsHead(r, counts); err != nil {
			return nil, err
		}
	}
	if len(r.Actor.Classes) > 0 {
		if v.Mine, err = myRooms(r); err != nil {
			return nil, err
		}
	}
	return headHome(v), nil
}

func headSchools(r *web.Request, counts map[school.ID]account.Counts) ([]headSchool, error) {
	structures, err := directory.StructuresByID(r.Tx, r.Actor.Schools...)
	if err != nil {
		return nil, err
	}
	classes, err := directory.PlainClassesOf(r.Tx, r.Actor.Schools...)
	if err != nil {
		return nil, err
	}
	all, err := rooms(r, classes, false)
	if err != nil {
		return nil, err
	}
	views := make([]headSchool, len(structures))
	for i, s := range structures {
		var mine []roomView
		for _, room := range all {
			if room.Class.School == s.ID {
				mine = append(mine, room)
			}
		}
		opened := 0
		for _, side := range counts[s.ID].Accounts {
			opened += side.Lately
		}
		views[i] = headSchool{counts[s.ID], s.ID, s.Name, opened, roomTable(r.Printer, s.Name, mine, true)}
	}
	return views, nil
}

// sides are whose accounts a head follows, in order.
var sides = []account.Side{account.Families, account.Pupils, account.Staff}
