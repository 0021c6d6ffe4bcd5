package portal

import (
	"github.com/a-h/templ"

	"preau/account"
	"preau/core/i18n"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
	"preau/directory/feed"
)

// headView is what waits for a head, then their schools.
type headView struct {
	Hello   string
	Tasks   []ui.Task
	Schools []headSchool
	Mine    []roomView // the classes that the head teaches
	Tiles   []ui.Tile
}

// lead says how much waits.
func (v headView) lead(say i18n.Printer) string {
	if len(v.Tasks) == 0 {
		return say.Say(say.Lang, "portal.no-task") + "."
	}
	return say.Say(say.Lang, "portal.head-lead", len(v.Tasks))
}

// headSchool is a school as its head sees it.
type headSchool struct {
	ID       school.ID
	Source   school.ID // of the deliveries that feed it
	Name     string
	Figures  directory.Figures
	Accounts map[account.Side]account.Activation
	Rooms    ui.Table
}

func (p *Portal) headHome(r *web.Request) (templ.Component, error) {
	who, err := directory.Get(r.Tx, r.Actor.Person)
	if err != nil {
		return nil, err
	}
	v := headView{Hello: greeted(r, who), Tiles: p.tiles(r)}
	if v.Schools, err = headSchools(r); err != nil {
		return nil, err
	}
	if v.Tasks, err = tasks(r, v.Schools); err != nil {
		return nil, err
	}
	if len(r.Actor.Classes) > 0 {
		if v.Mine, err = myRooms(r); err != nil {
			return nil, err
		}
	}
	return headHome(v), nil
}

func headSchools(r *web.Request) ([]headSchool, error) {
	structures, err := directory.StructuresByID(r.Tx, r.Actor.Schools...)
	if err != nil {
		return nil, err
	}
	figures, err := directory.SchoolFigures(r.Tx, r.Actor.Schools...)
	if err != nil {
		return nil, err
	}
	activations, err := account.Activations(r.Tx, r.Actor.Schools...)
	if err != nil {
		return nil, err
	}
	classes, err := directory.ClassesOf(r.Tx, r.Actor.Schools...)
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
		views[i] = headSchool{
			ID: s.ID, Source: s.Source, Name: s.Name, Figures: figures[s.ID], Accounts: activations[s.ID], Rooms: roomTable(r.Printer, s.Name, mine, true),
		}
	}
	return views, nil
}

// sides are whose accounts a head follows, in order.
var sides = []account.Side{account.Families, account.Pupils, account.Staff}

// left counts the accounts of a school that nobody has activated yet.
func (s headSchool) left() int {
	left := 0
	for _, a := range s.Accounts {
		left += a.Logins - a.Activated
	}
	return left
}

// tasks are what waits for the head, the most pressing first. With several
// schools each says which.
func tasks(r *web.Request, schools []headSchool) ([]ui.Task, error) {
	var list []ui.Task
	holds, err := feed.HoldsWaiting(r.Tx, r.Actor.Schools)
	if err != nil {
		return nil, err
	}
	if len(holds) > 0 {
		people := 0
		for _, hold := range holds {
			people += hold.People
		}
		list = append(list, ui.Task{
			Href: "/register/holds", Icon: ui.IconAlert, Count: people,
			Title: r.Say("portal.task-holds"), Text: r.Say("portal.task-holds-text", people),
		})
	}
	troubles, err := troublesOf(r, schools)
	if err != nil {
		return nil, err
	}
	for _, s := range schools {
		where := ""
		if len(schools) > 1 {
			where = s.Name
		}
		if missing := s.Figures.Classes - s.Figures.Attached; missing > 0 {
			list = append(list, ui.Task{
				Href: "/register/school/" + s.ID.String() + "/teachers", Icon: ui.IconPersonAdd, Count: missing,
				Title: r.Say("portal.task-teachers"), Text: join(where, r.Say("portal.task-teachers-text", missing)),
			})
		}
		if count := troubles[s.ID]; count > 0 {
			list = append(list, ui.Task{
				Href: "/register/school/" + s.ID.String() + "/troubles", Icon: ui.IconClipboard, Count: count,
				Title: r.Say("portal.task-troubles"), Text: join(where, r.Say("portal.task-troubles-text", count)),
			})
		}
		if left := s.left(); left > 0 {
			list = append(list, ui.Task{
				Href: "/register/school/" + s.ID.String(), Icon: ui.IconKey,
				Title: r.Say("portal.task-accounts"), Text: join(where, r.Say("portal.task-accounts-text", left)),
			})
		}
	}
	return list, nil
}

// troublesOf counts what each of the head's schools has to put right of the
// last delivery that feeds it, as its desk does.
func troublesOf(r *web.Request, schools []headSchool) (map[school.ID]int, error) {
	counts := map[school.ID]int{}
	for _, s := range schools {
		_, lines, err := feed.SchoolReport(r.Tx, s.ID, s.Source)
		if err != nil {
			return nil, err
		}
		for _, line := range lines {
			if line.BySchool() {
				counts[s.ID] += line.Count
			}
		}
	}
	return counts, nil
}
