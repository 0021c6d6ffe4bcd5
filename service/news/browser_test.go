package news_test

import (
	"net/url"
	"strings"
	"testing"

	"preau/core/db"
	"preau/core/school"
	"preau/test/browser"
	"preau/test/house"
)

func TestMain(m *testing.M) { browser.Main(m) }

// reader is a pupil of the commune, of a cycle.
func (h *town) reader(cycle int) (pupil school.ID) {
	h.T.Helper()
	h.Read(func(tx *db.Tx) error {
		return tx.Each(func(row db.Row) error {
			var id school.ID
			var level string
			err := row.Scan(&id, &level)
			if (school.Level{Code: level}).Cycle() == cycle {
				pupil = id
			}
			return err
		}, `SELECT person_id, coalesce(level_code, '') FROM directory_enrolment WHERE school_id IN ($1, $2) ORDER BY person_id`, h.near[0], h.near[1])
	})
	return pupil
}

// Every screen is right at the width of a telephone and of a desk, in light and in dark.
func TestScreens(t *testing.T) {
	browser.Open(t)
	h := onSQLite(t)
	c := h.cast()
	head, parent, agent := h.Enter(c.head, school.Head), h.Enter(c.parent, school.Guardian), h.Enter(c.agent, school.Municipal)
	pupil, little := h.Enter(h.reader(2), school.Pupil), h.Enter(h.reader(1), school.Pupil)
	elsewhere := publish(h.Enter(c.nextHead, school.Head), c.nextDoor, feast("event_day", "2026-10-09", "event_hour", "17:30", "event_place", "La cour"), house.Shot(t, 1200, 800))
	page := "/news/page/" + c.school.String()
	head.Post(page, url.Values{"open": {"1"}})
	publish(head, c.school, feast("title", "La cour a de nouveaux arbres", "body", "Trois érables ont été plantés près du préau. Les élèves les arroseront à tour de rôle."), house.Shot(t, 1200, 800))
	publish(head, c.school, feast("title", "Semaine du goût", "event_day", "2026-10-12", "event_last", "2026-10-16", "event_place", "La cantine", "public", "on"))
	waits := publish(head, c.school, feast("title", "Photos de classe", "publish_day", "2026-10-08", "publish_hour", "7:30"))
	published(agent, "/news/new/commune/"+c.commune.String(), feast("title", "Travaux rue des Écoles"))
	item := publish(head, c.school, feast("event_day", "2026-10-09", "event_hour", "17:30", "event_place", "La cour", "front", "1", "public", "on", "faceless", "on",
		"body", "Chants des classes, jeux et gâteaux.\n\n- les portes ouvrent à 17 h\n- apportez un gâteau si vous le pouvez"), house.Shot(t, 1200, 800), house.Shot(t, 800, 1200))
	gone := publish(head, c.school, feast("title", "Annonce en double"))
	head.Post(gone+"/remove", nil)
	withheld := publish(h.Enter(c.teacher, school.Teacher), c.school, feast("title", "La chorale", "publish_day", "2026-10-08"))
	h.Write(func(tx *db.Tx) error { return h.Accounts.Withhold(tx, c.teacher) })
	for name, screen := range map[string]struct {
		house.Visitor
		path string
	}{
		"list-parent":   {parent, "/news/"},
		"withheld":      {head, withheld},
		"withheld-list": {head, "/news/"},
		"withheld-edit": {head, withheld + "/amend"},
		"item-parent":   {parent, item},
		"home-parent":   {parent, "/"},
		"list-pupil":    {pupil, "/news/"},
		"item-pupil":    {pupil, elsewhere},
		"list-little":   {little, "/news/"},
		"item-little":   {little, item},
		"home-little":   {little, "/"},
		"list-head":     {head, "/news/"},
		"item-head":     {head, item},
		"item-waits":    {head, waits},
		"item-removed":  {head, gone},
		"write":         {head, "/news/new/school/" + c.school.String()},
		"amend":         {head, item + "/amend"},
		"removed":       {head, "/news/removed"},
		"past":          {head, "/news/past"},
		"page":          {head, page},
		"choose-agent":  {agent, "/news/new"},
		"list-agent":    {agent, "/news/"},
		"write-commune": {agent, "/news/new/commune/" + c.commune.String()},
		"public":        {house.Visitor{House: h.House}, "/news/public/" + strings.ToLower(string(h.Structure(c.school).UAI))},
	} {
		t.Run(name, func(t *testing.T) {
			v := screen.In(t)
			for _, view := range []browser.View{{Width: browser.Phone}, {Width: browser.Desk, Dark: name == "item-parent"}} {
				p := v.Page(view)
				p.Goto(h.URL + screen.path)
				p.Check()
				p.Shot("news-" + name)
			}
		})
	}
}

// A child who does not read has a picture first, and hears what is told by the ear of every page, or
// by the button.
func TestALittleOneHearsTheNews(t *testing.T) {
	browser.Open(t)
	h := onSQLite(t)
	c := h.cast()
	item := publish(h.Enter(c.head, school.Head), c.school, feast("title", "Les arbres", "body", "Trois érables ont été plantés."))
	p := h.Enter(h.reader(1), school.Pupil).Page(browser.View{Width: browser.Phone})
	p.Voice()
	p.Goto(h.URL + item)
	p.Check()
	p.Shot("news-little-plain")
	if !browser.Value[bool](p, `document.querySelector(".illustration .picture").getBoundingClientRect().top < document.querySelector("[data-aloud]").getBoundingClientRect().top`) {
		t.Error("the picture is not first")
	}
	for _, ear := range []string{"[data-speak]", "[data-listen]"} {
		p.Eval(`window.said = []`)
		p.Click(ear)
		if said := strings.Join(p.Said(), "\n"); !strings.Contains(said, "Les arbres") || !strings.Contains(said, "Trois érables ont été plantés.") {
			t.Errorf("%s says %q", ear, said)
		}
	}
}
