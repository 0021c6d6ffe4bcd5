package register

import (
	"context"

	"preau/account"
	"preau/core/i18n"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
)

// tasks lists what waits for a head, the urgent first; what is done stays,
// marked.
func tasks(ctx context.Context, v deskView) []ui.Task {
	path := schoolPath(v.School.ID)
	without := v.Counts.Classes - v.Counts.Attached
	staff := v.Counts.Accounts[account.Staff]
	waiting := staff.Logins - staff.Activated
	var list []ui.Task
	if v.Whole && v.Counts.Classes > 0 {
		list = append(list, ui.Task{
			Href: path + "/teachers", Icon: ui.IconPersonAdd, Count: without, Done: without == 0,
			Title: i18n.Say(ctx, "register.teachers"), Text: countText(ctx, "register.without-teacher", without, "register.all-taught"),
		})
	}
	list = append(list, ui.Task{
		Href: path + "/troubles", Icon: ui.IconAlert, Count: v.Troubles, Done: v.Troubles == 0,
		Title: i18n.Say(ctx, "register.troubles"), Text: countText(ctx, "register.troubles-count", v.Troubles, "register.no-trouble"),
	})
	if v.Whole {
		list = append(list, ui.Task{
			Href: "/accounts/school/" + v.School.ID.String() + "/staff", Icon: ui.IconKey, Count: waiting, Done: waiting == 0,
			Title: i18n.Say(ctx, "register.staff"), Text: countText(ctx, "register.to-activate", waiting, "register.all-in"),
		})
	}
	if v.Duplicates > 0 {
		list = append(list, ui.Task{
			Href: path + "/duplicates", Icon: ui.IconClass, Count: v.Duplicates,
			Title: i18n.Say(ctx, "register.duplicates"), Text: i18n.Say(ctx, "register.duplicates-count", v.Duplicates),
		})
	}
	if v.Joinings > 0 {
		list = append([]ui.Task{{
			Href: path + "/duplicates", Icon: ui.IconPersonCheck, Count: v.Joinings,
			Title: i18n.Say(ctx, "register.joining"), Text: i18n.Say(ctx, "register.joining-task", v.Joinings),
		}}, list...)
	}
	if v.Carried > 0 {
		list = append([]ui.Task{{
			Href: path + "/carried", Icon: ui.IconShield, Count: v.Carried,
			Title: i18n.Say(ctx, "register.to-confirm"), Text: i18n.Say(ctx, "register.to-confirm-task", v.Carried),
		}}, list...)
	}
	if task := ondeTask(ctx, v); v.Onde && task.Done {
		list = append(list, task)
	} else if v.Onde {
		list = append([]ui.Task{task}, list...)
	}
	people := 0
	for _, hold := range v.Holds {
		people += hold.People
	}
	if people > 0 {
		list = append([]ui.Task{{
			Href: "/register/holds", Icon: ui.IconStop, Count: people,
			Title: i18n.Say(ctx, "register.holds"), Text: i18n.Say(ctx, "register.holds-task", people),
		}}, list...)
	}
	return list
}

// AwaitsHead is what waits for a head at the desks of their schools, for their
// home page, which has counted them. With several schools each says which.
func (s *Service) AwaitsHead(r *web.Request, counts map[school.ID]account.Counts) ([]ui.Task, error) {
	schools, err := directory.StructuresByID(r.Tx, r.Actor.Schools...)
	if err != nil {
		return nil, err
	}
	var waiting []ui.Task
	for _, at := range schools {
		view, err := readDesk(r, at, counts[at.ID])
		if err != nil {
			return nil, err
		}
		for _, t := range tasks(r.Context(), view) {
			if t.Done {
				continue
			}
			if len(schools) > 1 {
				t.Text = i18n.Dots(at.Name, t.Text)
			}
			waiting = append(waiting, t)
		}
	}
	return waiting, nil
}

// countText says how many things wait, or that none does.
func countText(ctx context.Context, key string, count int, none string) string {
	if count == 0 {
		return i18n.Say(ctx, none)
	}
	return i18n.Say(ctx, key, count)
}

// handTiles are what a head does that no delivery brings.
func handTiles(ctx context.Context, at directory.Structure) []ui.Tile {
	path := schoolPath(at.ID)
	return []ui.Tile{
		{Href: teamPath(at.ID), Title: i18n.Say(ctx, "register.team"), Subtitle: i18n.Say(ctx, "register.team-tile"), Icon: ui.IconPersonCheck},
		{Href: passPath(at), Title: i18n.Say(ctx, "register.pass"), Subtitle: i18n.Say(ctx, "register.pass-tile"), Icon: ui.IconPersonAdd},
		{Href: lentPath(at.ID), Title: i18n.Say(ctx, "register.lent"), Subtitle: i18n.Say(ctx, "register.lent-tile"), Icon: ui.IconPersonCheck},
		{Href: path + "/groups", Title: i18n.Say(ctx, "register.groups"), Subtitle: i18n.Say(ctx, "register.groups-tile"), Icon: ui.IconPupils},
		{Href: rpiPath(at.ID), Title: i18n.Say(ctx, "register.rpi"), Subtitle: i18n.Say(ctx, "register.rpi-tile"), Icon: ui.IconSchool},
		{Href: "/services/" + at.ID.String(), Title: i18n.Say(ctx, "register.services"), Subtitle: i18n.Say(ctx, "register.services-tile"), Icon: ui.IconSettings},
		{Href: path + "/arrival", Title: i18n.Say(ctx, "register.arrival"), Subtitle: i18n.Say(ctx, "register.arrival-tile"), Icon: ui.IconPersonAdd},
	}
}
