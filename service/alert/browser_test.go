package alert_test

import (
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
	h.texting()
	c := h.cast()
	head, parent, teacher := h.Enter(c.head, school.Head), h.Enter(c.parent, school.Guardian), h.Enter(c.teacher, school.Teacher)
	agent := h.Enter(c.agent, school.Municipal)
	h.exec(`UPDATE directory_person SET home_phone = '02 61 91 00 02', mobile_phone = '06 12 34 56 78' WHERE id = $1`, c.father)
	h.Address(c.parent, "mere@famille.test")
	at := newIn(c.school)
	drill := tell(head, at, closed("kind", "evacuation", "drill", "on", "text", "Exercice en cours dans la cour : ne venez pas chercher votre enfant."))
	head.Post(drill+"/end", url.Values{"text": {"Tous les élèves ont regagné leur classe."}})
	notice := tell(head, at, closed("kind", "closed"))
	tell(agent, "/alert/new/commune/"+c.commune.String(), url.Values{
		"kind": {"meal"}, "to": {"families", "team"}, "school": {c.school.String()}, "text": {"Pas de repas chaud ce midi : prévoyez un pique-nique."},
	})
	head.Post(notice+"/amend", url.Values{"text": {"L’école rouvre à 13 h 30. La cantine est fermée aujourd’hui."}})
	h.left()
	class := h.One(`SELECT m.class_id FROM directory_membership m JOIN directory_class k ON k.id = m.class_id AND k.kind = 'class' WHERE m.person_id = $1 AND m.until_at IS NULL`, c.pupil)
	calls := tell(head, at, closed("kind", "transport", "class", class.String(), "text", "Le car du soir ne passe pas.")) + "/calls"
	h.exec(`UPDATE directory_person SET home_phone = '02 61 91 00 03' WHERE id % 3 = 0`)
	h.left()
	head.Post(calls, url.Values{"person": {c.father.String()}})
	for name, screen := range map[string]struct {
		house.Visitor
		path string
	}{
		"home-parent":   {parent, "/"},
		"notice-parent": {parent, notice},
		"list-parent":   {parent, "/alert/"},
		"home-teacher":  {teacher, "/"},
		"home-head":     {head, "/"},
		"list-head":     {head, "/alert/"},
		"write":         {head, at},
		"notice-head":   {head, notice},
		"ended-head":    {head, drill},
		"calls":         {head, calls},
		"calls-school":  {head, notice + "/calls"},
		"amend":         {head, notice + "/amend"},
		"end":           {head, notice + "/end"},
		"list-agent":    {agent, "/alert/"},
		"write-agent":   {agent, "/alert/new/commune/" + c.commune.String()},
	} {
		t.Run(name, func(t *testing.T) {
			v := screen.In(t)
			for _, view := range []browser.View{{Width: browser.Phone}, {Width: browser.Desk, Dark: name == "notice-parent"}} {
				p := v.Page(view)
				p.Goto(h.URL + screen.path)
				p.Check()
				p.Shot("alert-" + name)
				if high := browser.Value[int](p, `document.documentElement.scrollHeight`); name == "calls-school" && high > 6000 {
					t.Errorf("whom to telephone in a school is %d pixels high", high)
				}
				if name != "calls" {
					continue
				}
				if n := p.Sheets(); n > 2 {
					t.Errorf("a class of 41 people is %d sheets of paper", n)
				}
			}
		})
	}
}

// The whole way, as one does it: what is written, read again, changed, and sent.
func TestOneSends(t *testing.T) {
	browser.Open(t)
	h := onSQLite(t)
	c := h.cast()
	head := h.Enter(c.head, school.Head)
	for _, view := range []browser.View{{Width: browser.Phone}, {Width: browser.Desk}} {
		p := head.Page(view)
		p.Goto(h.URL + newIn(c.school))
		p.Click(`input[name="kind"][value="weather"]`)
		p.Click(`textarea[name="text"]`)
		p.Press("Neige : les cars ne passent pas ce soir.")
		p.Submit("#alert")
		p.Check()
		p.Shot("alert-confirm")
	}
}
