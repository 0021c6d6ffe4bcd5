package register_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/charmap"

	"preau/core/db"
	"preau/core/school"
	"preau/directory"
	"preau/directory/feed"
	"preau/test/browser"
	"preau/test/village"
)

func TestMain(m *testing.M) { browser.Main(m) }

// Every screen is right at the width of a telephone and of a desk, in light
// and in dark.
func TestScreens(t *testing.T) {
	browser.Open(t)
	h := onSQLite(t)
	delivery, at, _ := held(h)
	classes := h.Classes(at)
	class, teachers := classes[0].ID, h.Teachers(at)
	h.Attach(class, teachers[0])
	pupil := h.Pupils(class)[0].ID
	asHead, asTeacher := h.enter(h.Head(at), school.Head), h.enter(teachers[0], school.Teacher)
	h.enter(pupil, school.Pupil)
	pilot := h.enter(h.Appoint("dsi", school.Pilot, h.StructureByRef("academy:"+h.academy()).ID), school.Pilot)
	operator := h.enter(h.Operator(), school.Operator)
	agent := h.enter(h.Appoint("cantine", school.Municipal, h.commune(at)), school.Municipal)

	replacing := h.Appoint("remplace", school.Teacher, at, func(a *directory.Appointment) {
		a.Template, a.By, a.Until = "replacement", asHead.Person, h.DB.Now().AddDate(0, 0, 6)
	})
	h.Attach(class, replacing)
	asATSEM := h.enter(h.Appoint("atsem", school.Staff, at), school.Staff)
	colleague := "/register/structure/" + at.String() + "/team/" + asATSEM.Person.String()
	var group school.ID
	h.Write(func(tx *db.Tx) (err error) {
		g := directory.Grant{Person: asATSEM.Person, School: at, GrantedBy: asHead.Person, Reason: "Petite section"}
		g.Class = class
		if err := directory.Give(tx, g, time.Time{}); err != nil {
			return err
		}
		g.Class, g.Pupil = 0, pupil
		if err := directory.Give(tx, g, time.Time{}); err != nil {
			return err
		}
		group, err = directory.MakeGroup(tx, at, "Chorale du jeudi")
		return err
	})

	h.Write(func(tx *db.Tx) error {
		return directory.Give(tx, directory.Grant{
			Person: teachers[0], School: at, Class: class, Function: "accounts", GrantedBy: asHead.Person, Reason: "Rentrée",
		}, time.Time{})
	})
	academy := h.StructureByRef("academy:" + h.academy()).ID
	named := h.add(at, directory.DigitalReferent, "Camille Durand")
	h.add(academy, directory.InformationServices, "Plateforme d’assistance")

	schoolPath, classPath := "/register/school/"+at.String(), "/register/class/"+class.String()
	child, parent := h.onlyChild(at)
	pair, near := "/duplicate/"+parent.String()+"/"+h.twin(parent).String(), "/register/school/"+h.near[0].String()
	h.Write(func(tx *db.Tx) error { // and of the parent's other record
		_, err := directory.Restrict(tx, directory.Restriction{
			Pupil: child, Guardian: parent, HidePlace: true, Reference: "TJ Orvalmont 26/118", From: db.At(tx.Now), RecordedBy: asHead.Person,
		})
		return err
	})
	h.mergeSome(h.near[0], parent)
	merge := near + "/merge/" + h.One(`SELECT max(id) FROM directory_merge_act`).String()
	asNear := asHead
	if h.Head(h.near[0]) != asHead.Person { // a second sign-in would close the first
		asNear = h.enter(h.Head(h.near[0]), school.Head)
	}
	report := "/register/delivery/" + h.Fed.ID.String()
	for name, screen := range map[string]struct {
		visitor
		path string
	}{
		"desk":             {asHead, schoolPath},
		"teachers":         {asHead, schoolPath + "/teachers"},
		"troubles":         {asHead, schoolPath + "/troubles"},
		"holds":            {asHead, "/register/holds"},
		"ask-accept":       {asHead, "/register/hold/" + delivery.String() + "/" + at.String() + "/accept"},
		"carried":          {asHead, schoolPath + "/carried"},
		"judged":           {asHead, schoolPath + "/pupil/" + child.String()},
		"class-head":       {asHead, classPath},
		"pass":             {asHead, schoolPath + "/pass"},
		"lent":             {asHead, "/register/structure/" + at.String() + "/lent"},
		"lent-town":        {agent, "/register/structure/" + h.commune(at).String() + "/lent"},
		"pupil":            {asHead, schoolPath + "/pupil/" + pupil.String()},
		"team":             {asHead, "/register/structure/" + at.String() + "/team"},
		"team-town":        {agent, "/register/structure/" + h.commune(at).String() + "/team"},
		"colleague":        {asHead, colleague},
		"teams":            {operator, "/register/teams"},
		"roll":             {operator, "/register/roll"},
		"arrival":          {asHead, schoolPath + "/arrival"},
		"groups":           {asHead, schoolPath + "/groups"},
		"group":            {asHead, schoolPath + "/group/" + group.String()},
		"followed":         {asATSEM, "/register/followed/" + pupil.String()},
		"duplicates":       {asNear, near + "/duplicates"},
		"duplicates-all":   {operator, "/register/duplicates"},
		"no-duplicate":     {asHead, schoolPath + "/duplicates"},
		"ask-merge":        {asHead, schoolPath + pair},
		"merged":           {asNear, merge},
		"referents":        {operator, "/register/referents"},
		"referents-found":  {pilot, "/register/referents?q=ecole"},
		"referents-head":   {asHead, referents(at)},
		"referents-pilot":  {pilot, referents(academy)},
		"referent-ask":     {asHead, referents(at) + "/referent-numerique"},
		"referent":         {asHead, "/register/structure/" + at.String() + "/referent/" + named.ID.String()},
		"care":             {agent, schoolPath + "/care/canteen"},
		"class-teacher":    {asTeacher, classPath},
		"deliveries":       {operator, "/register/deliveries"},
		"report":           {operator, report},
		"report-filtered":  {operator, report + "?kind=duplicate-ine"},
		"report-pilot":     {pilot, "/register/delivery/" + delivery.String()},
		"deliveries-pilot": {pilot, "/register/deliveries"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, view := range []browser.View{{Width: browser.Phone}, {Width: browser.Desk, Dark: name == "desk" || name == "report"}} {
				p := screen.In(t).Page(view)
				p.Goto(h.URL + screen.path)
				p.Check()
				p.Shot("register-" + name)
			}
		})
	}
	t.Run("homonym", func(t *testing.T) {
		for _, view := range []browser.View{{Width: browser.Phone}, {Width: browser.Desk}} {
			p := asHead.In(t).Page(view)
			p.Goto(h.URL + "/register/structure/" + at.String() + "/team")
			p.Click("main details > summary")
			p.Choose(`select[name="post"]`, 2)
			p.Fill("first", "atsem")
			p.Fill("name", "Essai")
			p.Fill("reason", "arrêté")
			p.Submit(`form[action$="/appoint"]`)
			if asked := browser.Value[int](p, `document.querySelectorAll('[name="same"]').length`); asked != 2 {
				t.Errorf("%d answers to choose from", asked)
			}
			p.Axe()
			p.Fits()
			p.Shot("register-homonym")
		}
	})
	t.Run("class-print", func(t *testing.T) {
		p := asTeacher.In(t).Page(browser.View{Print: true})
		p.Goto(h.URL + classPath)
		p.Shot("register-class")
	})
}

// A name as long as a form takes, without a space, is no wider than a telephone.
func TestLongNamesFit(t *testing.T) {
	browser.Open(t)
	h := onSQLite(t)
	at := h.near[0]
	class := h.Classes(at)[0]
	long := strings.Repeat("Abcdefghi", 6) + "Abcd"
	h.Write(func(tx *db.Tx) error {
		_, err := tx.Exec(`UPDATE directory_person SET usual_name = $1 WHERE id IN ($2, $3, $4)`,
			long, h.Teachers(at)[0], h.Head(at), h.Pupils(class.ID)[0].ID)
		if err == nil {
			_, err = tx.Exec(`UPDATE directory_class SET label = $1 WHERE id = $2`, long, class.ID)
		}
		return err
	})
	h.Attach(class.ID, h.Teachers(at)[0])
	v := h.enter(h.Head(at), school.Head)
	p := v.Page(browser.View{Width: browser.Phone})
	path := "/register/school/" + at.String()
	for _, page := range []string{
		path, path + "/teachers", path + "/pupil/" + h.Pupils(class.ID)[0].ID.String(), path + "/arrival", path + "/groups",
		"/register/structure/" + at.String() + "/team", "/register/class/" + class.ID.String(),
	} {
		p.Goto(h.URL + page)
		p.Eval(`document.querySelectorAll("main details").forEach((d) => d.open = true)`)
		p.Fits()
	}
}

// The rectorat's page is right when troubles last, come and go, whole and of
// one circonscription.
func TestConformityScreens(t *testing.T) {
	browser.Open(t)
	h := onSQLite(t)
	for day, troubles := range []bool{true, false, true} {
		h.tick()
		h.on(village.Options{Day: day, Troubles: troubles})
	}
	ours, _ := h.split()
	pilot := h.enter(h.Appoint("dsi", school.Pilot, h.StructureByRef("academy:"+h.academy()).ID), school.Pilot)
	operator := h.enter(h.Operator(), school.Operator)
	for name, screen := range map[string]struct {
		visitor
		path string
	}{
		"conformity":       {operator, "/register/conformity"},
		"conformity-pilot": {pilot, "/register/conformity"},
		"conformity-area":  {pilot, "/register/conformity?area=" + ours.String()},
	} {
		for _, view := range []browser.View{{Width: browser.Phone}, {Width: browser.Desk}, {Width: browser.Desk, Dark: true}} {
			p := screen.Page(view)
			p.Goto(h.URL + screen.path)
			p.Check()
			p.Shot("register-" + name)
		}
	}
}

// A head attaches a teacher without any script.
func TestWithoutScript(t *testing.T) {
	browser.Open(t)
	h := onSQLite(t)
	at := h.near[0]
	v := h.enter(h.Head(at), school.Head)
	page := h.URL + "/register/school/" + at.String() + "/teachers"
	p := v.Page(browser.View{Width: browser.Phone, NoScript: true})
	p.Goto(page)
	p.Submit("#suggestions")
	if got := p.URL(); got != page {
		t.Errorf("attaching leads to %s", got)
	}
	if text := p.Text("main"); !strings.Contains(text, "Ajout à la main") {
		t.Error("nobody was attached")
	}
}

// What a form answers is a page as good as the others.
func TestAnswers(t *testing.T) {
	browser.Open(t)
	h := onSQLite(t)
	at := h.near[0]
	pupil, _ := h.onlyChild(at)
	v := h.enter(h.Head(at), school.Head)
	for _, view := range []browser.View{{Width: browser.Phone}, {Width: browser.Desk}} {
		p := v.Page(view)
		for name, answer := range map[string]struct{ page, form string }{
			"troubles": {"/register/school/" + at.String() + "/troubles", ""},
			"wrong":    {"/register/school/" + at.String() + "/teachers", `form[action$="/attach"]`},
			"appoint":  {"/register/structure/" + at.String() + "/team", `form[action$="/appoint"]`},
			"arrive":   {"/register/school/" + at.String() + "/arrival", `form[action$="/arrival"]`},
			"tie":      {"/register/school/" + at.String() + "/pupil/" + pupil.String(), `form[action$="/guardian"]`},
			"referent": {referents(at) + "/referent-numerique", `main form`},
			"restrict": {"/register/school/" + at.String() + "/pupil/" + pupil.String(), `form[action$="/restrict"]`},
		} {
			p.Goto(h.URL + answer.page)
			p.Eval(`document.querySelectorAll("main details").forEach((d) => d.open = true)`)
			p.Eval(`document.querySelectorAll("form").forEach((f) => f.noValidate = true)`)
			if answer.form != "" {
				p.Submit(answer.form)
			}
			p.Axe()
			p.Fits()
			p.Shot("register-answer-" + name)
		}
	}
}

// The page where a head drops extractions, its preview and its refusals.
func TestOndeScreens(t *testing.T) {
	browser.Open(t)
	h := onSQLite(t)
	pupils, guardians := extracted(t)
	at := h.extract(pupils, guardians)
	v := h.enter(h.Appoint("ada", school.Head, at), school.Head)
	path := h.URL + "/register/school/" + at.String()
	fewer := bytes.Replace(without(pupils, 1, 2), []byte(";CP;"), []byte(";ULIS;"), 2)
	moved := bytes.Replace(guardians, []byte("@"), []byte("-neuf@"), 9)
	for _, view := range []browser.View{{Width: browser.Phone}, {Width: browser.Desk}, {Width: browser.Desk, Dark: true}} {
		p := v.Page(view)
		p.Goto(path)
		p.Check()
		p.Shot("register-onde-desk")
		for name, files := range map[string][][]byte{
			"page": nil, "preview": {fewer, moved}, "refused": {guardians}, "cut": {without(pupils, 1, bytes.Count(pupils, []byte("\r\n"))-2)},
		} {
			h.Feeder.Caps = feed.DefaultCaps
			p.Goto(path + "/onde")
			if files != nil {
				texts := make([]string, len(files))
				for i, file := range files {
					text, err := charmap.ISO8859_15.NewDecoder().Bytes(file)
					if err != nil {
						t.Fatal(err)
					}
					texts[i] = string(text)
				}
				list, err := json.Marshal(texts)
				if err != nil {
					t.Fatal(err)
				}
				p.Eval(fmt.Sprintf(`const t = new DataTransfer(); for (const text of %s) t.items.add(new File([text], "CSVExtraction.csv")); document.querySelector("input[type=file]").files = t.files`, list))
				p.Submit("#onde")
				p.Eval(`document.querySelectorAll("main details").forEach((d) => d.open = true)`)
			}
			p.Axe()
			p.Fits()
			p.Shot("register-onde-" + name)
		}
	}
}
