package register_test

import (
	"testing"

	"preau/core/school"
	"preau/test/browser"
)

func TestMain(m *testing.M) { browser.Main(m) }

// page opens a tab with the visitor's session.
func (v visitor) page(view browser.View) *browser.Page {
	v.t.Helper()
	p := browser.Open(v.t).Page(v.t, view)
	p.Goto(v.url + "/login")
	p.Eval(`document.cookie = "preau=` + v.token + `; path=/"`)
	return p
}

// Every screen is right at the width of a telephone and of a desk, in light
// and in dark.
func TestScreens(t *testing.T) {
	browser.Open(t)
	h := onSQLite(t)
	delivery, at, _ := held(h)
	classes := h.classes(at)
	class, teachers := classes[0].ID, h.teachers(at)
	h.attach(class, teachers[0])
	pupil := h.pupils(class)[0].ID
	asHead, asTeacher := h.enter(h.head(at), school.Head), h.enter(teachers[0], school.Teacher)
	h.enter(pupil, school.Pupil)
	pilot := h.enter(h.appoint("dsi", school.Pilot, h.structure("academy:"+h.academy()).ID), school.Pilot)
	operator := h.enter(h.operator(), school.Operator)

	schoolPath, classPath := "/register/school/"+at.String(), "/register/class/"+class.String()
	report := "/register/delivery/" + h.fed.ID.String()
	for name, screen := range map[string]struct {
		visitor
		path string
	}{
		"desk":             {asHead, schoolPath},
		"teachers":         {asHead, schoolPath + "/teachers"},
		"troubles":         {asHead, schoolPath + "/troubles"},
		"staff":            {asHead, schoolPath + "/staff"},
		"holds":            {asHead, "/register/holds"},
		"class-head":       {asHead, classPath},
		"accounts-head":    {asHead, classPath + "/accounts"},
		"ask-code":         {asHead, classPath + "/person/" + pupil.String() + "/code"},
		"class-teacher":    {asTeacher, classPath},
		"accounts-teacher": {asTeacher, classPath + "/accounts"},
		"deliveries":       {operator, "/register/deliveries"},
		"report":           {operator, report},
		"report-filtered":  {operator, report + "?kind=duplicate-ine"},
		"report-pilot":     {pilot, "/register/delivery/" + delivery.String()},
		"deliveries-pilot": {pilot, "/register/deliveries"},
	} {
		t.Run(name, func(t *testing.T) {
			screen.house = &house{}
			*screen.house = *h
			screen.house.t = t
			for _, view := range []browser.View{{Width: browser.Phone}, {Width: browser.Desk}, {Width: browser.Phone, Dark: true}} {
				p := screen.page(view)
				p.Goto(h.url + screen.path)
				p.Check()
				p.Shot("register-" + name)
			}
		})
	}
	t.Run("class-print", func(t *testing.T) {
		p := asTeacher.page(browser.View{Print: true})
		p.Goto(h.url + classPath)
		p.Shot("register-class")
	})
}

// A head attaches a teacher and hands a code out without any script.
func TestWithoutScript(t *testing.T) {
	browser.Open(t)
	h := onSQLite(t)
	at := h.near[0]
	class := h.classes(at)[0]
	v := h.enter(h.head(at), school.Head)
	for _, view := range []browser.View{{Width: browser.Phone}, {Width: browser.Desk, NoScript: true}} {
		scripted := view
		scripted.NoScript = false
		p := v.page(scripted)
		p.Goto(h.url + "/register/school/" + at.String() + "/teachers")
		p.Check()
		p.Submit("#suggestions")
		p.Check()
		p.Shot("register-attached")
		p.Goto(h.url + "/register/class/" + class.ID.String() + "/accounts?show=waiting")
		p.Submit(".person-action form")
		p.Check()
		p.Shot("register-code")
		break
	}
}
