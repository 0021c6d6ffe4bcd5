package message_test

import (
	"fmt"
	"net/http"
	"net/url"
	"preau/account"
	"preau/core/audit"
	"strings"
	"testing"
	"time"

	"preau/core/db"
	"preau/core/school"
	"preau/directory"
	"preau/test/browser"
	"preau/test/house"
)

func TestMain(m *testing.M) { browser.Main(m) }

// Every screen is right at the width of a telephone and of a desk, in light and in dark.
func TestScreens(t *testing.T) {
	browser.Open(t)
	h := onSQLite(t)
	p := h.people()
	p.teacher.Post("/message/class/"+p.class.String(), url.Values{"to-teacher": {"on"}, "among": {"on"}})
	talk := begin(p.mother, p.childDesk(), says("Le cahier de lecture", "Bonjour,\n\nle cahier est resté à la maison. Faut-il l’apporter demain ?", key(p.cast.teacher, p.cast.pupil)))
	h.Later(60 * 1e9)
	send(p.teacher, talk, says("", "Bonjour,\n\nmerci de votre mot. Demain, c’est parfait."))
	whole := begin(p.teacher, p.classDesk(), url.Values{"to": {"class:" + p.class.String() + ":families"}, "subject": {"Sortie au musée"}, "body": {"Nous partons mardi à 9 h."}})
	send(p.parent, whole, says("", "Nous pouvons accompagner."))
	play := begin(p.pupil, p.classDesk(), says("La récré", "On joue à la corde ?", key(p.cast.mate, 0)))
	_, rest, _ := strings.Cut(p.teacher.Get(talk).Body, talk+"/post/")
	post, _, _ := strings.Cut(rest, "/")
	report := talk + "/post/" + post + "/report"
	p.teacher.Post(report, url.Values{"reason": {"Je préfère que vous le lisiez."}})
	_, rest, _ = strings.Cut(p.head.Get("/message/reports").Body, `href="/message/report/`)
	reported, _, _ := strings.Cut(rest, `"`)
	draft := says("Demain", "Je voulais vous", key(p.cast.teacher, p.cast.pupil))
	draft.Set("act", "draft")
	send(p.mother, p.childDesk(), draft)
	_, rest, _ = strings.Cut(p.mother.Get(talk).Body, talk+"/post/")
	answer, _, _ := strings.Cut(rest, "/")
	folder := p.teacher.Post(talk+"/file", url.Values{"new": {"Rendez-vous"}}).Header.Get("Location")
	later := says("La réunion de jeudi", "Nous nous verrons à 17 h.", key(h.Head(p.at), 0))
	later.Set("day", "2026-12-01")
	withheld := begin(p.other, p.teamDesk(), later)
	h.Write(func(tx *db.Tx) error { return h.Accounts.Withhold(tx, p.cast.other) })
	for name, screen := range map[string]struct {
		house.Visitor
		path string
	}{
		"folder":        {p.teacher, folder},
		"list-parent":   {p.mother, "/message/"},
		"drafts":        {p.mother, "/message/drafts"},
		"write-parent":  {p.mother, p.childDesk()},
		"talk-parent":   {p.mother, talk},
		"group-parent":  {p.mother, whole},
		"report":        {p.mother, talk + "/post/" + answer + "/report"},
		"print":         {p.mother, talk + "/print"},
		"list-teacher":  {p.teacher, "/message/"},
		"choose":        {p.teacher, "/message/new"},
		"withheld":      {p.other, withheld},
		"withheld-list": {p.other, "/message/sent"},
		"write-class":   {p.teacher, p.classDesk()},
		"write-team":    {p.teacher, p.teamDesk()},
		"talk-teacher":  {p.teacher, talk},
		"group-teacher": {p.teacher, whole},
		"class":         {p.teacher, "/message/class/" + p.class.String()},
		"review":        {p.teacher, "/message/review"},
		"home-pupil":    {p.pupil, "/"},
		"list-pupil":    {p.pupil, "/message/sent"},
		"write-pupil":   {p.pupil, p.classDesk()},
		"talk-pupil":    {p.pupil, play},
		"rules":         {p.head, "/message/rules/school/" + p.at.String()},
		"rules-agents":  {h.Enter(h.Appoint("Agent", school.Municipal, h.Above(p.at, directory.Commune)), school.Municipal), "/message/rules/commune/" + h.Above(p.at, directory.Commune).String()},
		"reports":       {p.head, "/message/reports"},
		"reported":      {p.head, "/message/report/" + reported},
	} {
		t.Run(name, func(t *testing.T) {
			v := screen.In(t)
			for _, view := range []browser.View{{Width: browser.Phone}, {Width: browser.Desk, Dark: name == "talk-teacher"}} {
				page := v.Page(view)
				page.Goto(h.URL + screen.path)
				page.Check()
				page.Shot("message-" + name)
			}
		})
	}
}

// So are those where messages are shut, and those of a long conversation.
func TestScreensOfWhatIsShutAndLong(t *testing.T) {
	browser.Open(t)
	h := onSQLite(t)
	p := h.people()
	long := begin(p.mother, p.childDesk(), says("Un long échange", "Premier mot.", key(p.cast.teacher, p.cast.pupil)))
	for range 52 {
		send(p.teacher, long, says("", "Encore un mot.")).Wants(http.StatusSeeOther)
		h.Later(time.Minute)
	}
	_, rest, _ := strings.Cut(p.mother.Get(long).Main(), long+"?before=")
	before, _, _ := strings.Cut(rest, `"`)
	draft := says("Demain", "Je voulais vous dire", key(p.cast.teacher, p.cast.pupil))
	draft.Set("act", "draft")
	aside := p.mother.Get(send(p.mother, p.childDesk(), draft).Header.Get("Location")).Header.Get("Location")
	shots := func(name string, paths ...string) {
		for i, path := range paths {
			t.Run(name, func(t *testing.T) {
				v := p.mother.In(t)
				for _, view := range []browser.View{{Width: browser.Phone}, {Width: browser.Desk}} {
					page := v.Page(view)
					page.Goto(h.URL + path)
					page.Check()
					page.Shot(fmt.Sprintf("message-%s-%d", name, i))
				}
			})
		}
	}
	shots("long", long+"?before="+before, long)
	h.Write(func(tx *db.Tx) error {
		return h.Accounts.SwitchOn(tx, account.Switch{School: p.at, Service: "message", Chosen: true}, audit.By{})
	})
	h.Later(time.Minute)
	shots("shut", "/message/new", aside, long)
}
