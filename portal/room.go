package portal

import (
	"strings"

	"preau/core/i18n"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
	"preau/directory/place"
)

// roomView is a class with its people.
type roomView struct {
	Class    directory.ClassView
	Label    string
	Teachers []string // "Mme Bernard"
	Pupils   []directory.InClass
	Animals  map[school.ID]ui.Pictogram // of the pupils
	Linked   bool                       // the visitor may open the page of each pupil
	Keys     bool                       // and hands out its accounts
}

// The rights of other rooms that open the pages to which the hall leads. A right
// that its room gives up opens nothing here.
const (
	seeChild rights.Right = "people.see-child"
	seePupil rights.Right = "people.see-pupil"
	giveKeys rights.Right = "accounts.issue"
)

// personPath is the page of somebody in the directory.
func personPath(id school.ID) string { return "/people/person/" + id.String() }

// rooms gives the classes with their teachers, and with their pupils if they
// are asked for: two queries whatever the number of classes. Groups come with
// their pupils, and are left out of the classes of a school.
func rooms(r *web.Request, classes []directory.ClassView, pupils bool) ([]roomView, error) {
	var views []roomView
	var ids []school.ID
	at := map[school.ID]int{}
	for _, class := range classes {
		if class.Kind != directory.OrdinaryClass && !pupils {
			continue
		}
		at[class.ID] = len(views)
		ids = append(ids, class.ID)
		views = append(views, roomView{Class: class, Label: tidy(class.Label)})
	}
	teachers, err := directory.TeachersIn(r.Tx, ids...)
	if err != nil {
		return nil, err
	}
	for _, t := range teachers {
		v := &views[at[t.Class]]
		v.Teachers = append(v.Teachers, t.Formal())
	}
	if !pupils {
		return views, nil
	}
	all, err := directory.PupilsIn(r.Tx, ids...)
	if err != nil {
		return nil, err
	}
	animals := place.Animals(all)
	for i := range views {
		room := place.Object(views[i].Class)
		views[i].Animals, views[i].Linked, views[i].Keys = animals, r.Can(seePupil, room) == nil, r.Can(giveKeys, room) == nil
	}
	for _, pupil := range all {
		v := &views[at[pupil.Class]]
		v.Pupils = append(v.Pupils, pupil)
	}
	return views, nil
}

// href is the page of the class, for those who teach in it or lead it.
func (v roomView) href() string { return "/register/class/" + v.Class.ID.String() }

// keysPath is where its accounts are handed out.
func (v roomView) keysPath() string { return "/accounts/class/" + v.Class.ID.String() }

// shownFaces is how many pupils of a class a home page shows at once.
const shownFaces = 12

// faces is a class ready for photographs, as its teacher sees it, each leading
// to the pupil, or to the class. The level is told where there are several.
func (v roomView) faces() []ui.Face {
	levels := map[string]bool{}
	for _, pupil := range v.Pupils {
		levels[pupil.Level] = true
	}
	delete(levels, "")
	several := len(levels) > 1
	faces := make([]ui.Face, len(v.Pupils))
	for i, pupil := range v.Pupils {
		faces[i] = ui.Face{
			First: pupil.First, Last: pupil.Usual, Href: v.href(),
			Picture: animalOf(v.Animals, pupil.ID), Accent: accentOf(pupil.ID),
		}
		if v.Linked {
			faces[i].Href = personPath(pupil.ID)
		}
		if several {
			faces[i].Note = pupil.Level
		}
	}
	return faces
}

// roomTable is the classes of a school and who teaches them; linked to their
// pages, for whoever may open them.
func roomTable(say i18n.Printer, at string, rooms []roomView, linked bool) ui.Table {
	table := ui.Table{
		Caption: say.Say("portal.classes-of", at), CaptionHidden: true,
		Columns: []ui.Column{
			{Label: say.Say("portal.class")}, {Label: say.Say("portal.pupils"), Numeric: true},
			{Label: say.Say("portal.teachers")},
		},
		Empty: ui.Empty{
			Icon: ui.IconClass, Title: say.Say("portal.no-classes"), Text: say.Say("portal.no-pupil-text"),
		},
	}
	for _, room := range rooms {
		row := ui.Row{ui.Text(room.Label), ui.Number(room.Class.Pupils)}
		if linked {
			row[0] = ui.Anchor{Href: room.href(), Label: room.Label}
		}
		if len(room.Teachers) == 0 {
			row = append(row, ui.Tag{Label: say.Say("portal.no-teacher"), Kind: ui.Warning})
		} else {
			row = append(row, ui.Text(strings.Join(room.Teachers, ", ")))
		}
		table.Rows = append(table.Rows, row)
	}
	return table
}
