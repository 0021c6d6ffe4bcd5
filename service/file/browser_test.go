package file_test

import (
	"net/http"
	"net/url"
	"testing"

	"preau/core/school"
	"preau/test/browser"
	"preau/test/house"
)

func TestMain(m *testing.M) { browser.Main(m) }

// Every screen is right at the width of a telephone and of a desk, in light and in dark.
func TestScreens(t *testing.T) {
	browser.Open(t)
	h := onSQLite(t)
	teacher, head, parent := h.Enter(h.teacher, school.Teacher), h.Enter(h.head, school.Head), h.Enter(h.parent, school.Guardian)
	pupil, agent := h.Enter(h.pupil, school.Pupil), h.Enter(h.agent, school.Municipal)
	photos := makes(teacher, ofClass(h.class), "La sortie au moulin")
	teacher.SendFiles(photos+"/files", nil, house.Upload{Field: "file", Name: "Le moulin.jpg", Content: house.Shot(t, 1200, 800)}).Wants(http.StatusSeeOther)
	text := puts(teacher, photos, "Liste du matériel.txt", "une gourde\nun chapeau")
	teacher.SendFiles(text+"/again", nil, house.Upload{Field: "file", Name: "a.txt", Content: []byte("une gourde\nun chapeau\nun goûter")}).Wants(http.StatusSeeOther)
	opens(teacher, photos, h.class, "read", "families", "pupils")
	tray := makes(teacher, ofClass(h.class), "À rendre")
	opens(teacher, tray, h.class, "drop", "pupils")
	puts(pupil, tray, "mon dessin.txt", "un dessin")
	own := puts(teacher, mine(h.teacher), "Brouillon.txt", "rien")
	gone := puts(teacher, mine(h.teacher), "Vieux.txt", "rien")
	teacher.Post(gone+"/bin", nil).Wants(http.StatusSeeOther)
	teacher.Post(own+"/star", url.Values{"star": {"1"}}).Wants(http.StatusSeeOther)
	for name, screen := range map[string]struct {
		house.Visitor
		path string
	}{
		"home-teacher":  {teacher, "/file/"},
		"class":         {teacher, ofClass(h.class)},
		"folder":        {teacher, photos},
		"tray":          {teacher, tray},
		"file":          {teacher, text},
		"photo":         {teacher, find(teacher, photos, "Le moulin.jpg")},
		"move":          {teacher, text + "/move"},
		"move-to":       {teacher, text + "/move?to=" + spot(ofClass(h.class))},
		"share":         {teacher, photos + "/share"},
		"share-class":   {teacher, photos + "/share/class/" + h.class.String()},
		"hand":          {teacher, own + "/hand"},
		"bin":           {teacher, mine(h.teacher) + "/bin"},
		"search":        {teacher, "/file/search?q=liste"},
		"empty":         {head, mine(h.head)},
		"home-head":     {head, "/file/"},
		"home-agent":    {agent, "/file/"},
		"home-parent":   {parent, "/file/"},
		"folder-parent": {parent, photos},
		"file-parent":   {parent, text},
		"home-little":   {pupil, "/file/"},
		"folder-little": {pupil, photos},
		"tray-little":   {pupil, tray},
		"photo-little":  {pupil, find(pupil, photos, "Le moulin.jpg")},
		"own-little":    {pupil, mine(h.pupil)},
	} {
		t.Run(name, func(t *testing.T) {
			v := screen.In(t)
			for _, view := range []browser.View{{Width: browser.Phone}, {Width: browser.Desk, Dark: name == "folder"}} {
				p := v.Page(view)
				p.Goto(h.URL + screen.path)
				p.Check()
				p.Shot("file-" + name)
			}
		})
	}
}

// The page of a folder is walked with the keyboard from its top to its end.
func TestAFolderIsWalkedWithTheKeyboard(t *testing.T) {
	browser.Open(t)
	h := onSQLite(t)
	teacher := h.Enter(h.teacher, school.Teacher)
	folder := makes(teacher, mine(h.teacher), "Projets")
	puts(teacher, folder, "a.txt", "a")
	p := teacher.Page(browser.View{})
	p.Goto(h.URL + folder)
	if stops := p.Walk(); len(stops) < 8 {
		t.Errorf("%d stops", len(stops))
	}
}
