package accounts_test

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

// Every screen is right at the width of a telephone and of a desk.
func TestScreens(t *testing.T) {
	browser.Open(t)
	h := onSQLite(t)
	at := h.near[0]
	class, teacher := h.Classes(at)[0].ID, h.Teachers(at)[0]
	h.Attach(class, teacher)
	pupil := h.Pupils(class)[0].ID
	asHead, asTeacher := h.Enter(h.Head(at), school.Head), h.Enter(teacher, school.Teacher)
	h.Enter(pupil, school.Pupil)
	guardian := h.guardian(class)
	h.Enter(guardian, school.Guardian)
	asHead.Post("/accounts/school/"+at.String()+"/switches/on", url.Values{"profile": {string(school.Pupil)}, "reason": {"compte volé"}})
	asTeacher.Post("/accounts/class/"+class.String()+"/person/"+pupil.String()+"/badge", nil)
	asHead.Post("/accounts/school/"+at.String()+"/network/keep", nil)
	asHead.Post("/accounts/school/"+at.String()+"/network/only", nil)
	h.Write(func(tx *db.Tx) error {
		_, err := tx.Exec(`UPDATE account_network_only SET refused_at = $1`, db.At(tx.Now))
		return err
	})
	operator := h.Enter(h.Operator(), school.Operator)
	schoolPath, classPath := "/accounts/school/"+at.String(), "/accounts/class/"+class.String()
	for name, screen := range map[string]struct {
		house.Visitor
		path string
	}{
		"land":          {asHead, "/accounts/"},
		"land-operator": {operator, "/accounts/"},
		"staff":         {asHead, schoolPath + "/staff"},
		"class-head":    {asHead, classPath},
		"class-teacher": {asTeacher, classPath},
		"door":          {asTeacher, classPath + "/door"},
		"pictures":      {asTeacher, classPath + "/person/" + pupil.String() + "/pictures"},
		"ask-code":      {asHead, classPath + "/person/" + pupil.String() + "/code"},
		"opened":        {asHead, schoolPath + "/opened"},
		"contest":       {asHead, schoolPath + "/opened/" + guardian.String() + "/contest"},
		"journal":       {asHead, schoolPath + "/journal"},
		"urgent":        {asHead, schoolPath + "/journal?kind=urgent"},
		"nobody":        {operator, "/accounts/journal?who=personne.ici"},
		"switches":      {asHead, schoolPath + "/switches"},
		"network":       {asHead, schoolPath + "/network"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, view := range []browser.View{{Width: browser.Phone}, {Width: browser.Desk, Dark: name == "land"}} {
				p := screen.In(t).Page(view)
				p.Goto(h.URL + screen.path)
				p.Check()
				p.Shot("accounts-" + name)
				if name == "switches" {
					p.Submit("#sign-out")
					p.Check()
					p.Shot("accounts-sign-out")
				}
			}
		})
	}
}

// A class of maternelle has its door on its page.
func TestScreenOfASmallClass(t *testing.T) {
	browser.Open(t)
	h := onSQLite(t)
	at, class := h.small()
	head := h.Enter(h.Head(at), school.Head)
	for _, width := range []int{browser.Phone, browser.Desk} {
		p := head.Page(browser.View{Width: width})
		p.Goto(h.URL + "/accounts/class/" + class.String())
		p.Check()
		p.Shot("accounts-class-small")
	}
}

// small is a class of maternelle, with its school.
func (h *office) small() (at, class school.ID) {
	for _, at := range append(h.near, h.far...) {
		for _, class := range h.Classes(at) {
			if strings.HasPrefix(class.Levels, "PS") {
				return at, class.ID
			}
		}
	}
	h.T.Fatal("no class of maternelle")
	return 0, 0
}

// The three pictures that were given are on one line, on a telephone too.
func TestThePicturesGivenAreOnOneLine(t *testing.T) {
	browser.Open(t)
	h := onSQLite(t)
	class := h.Classes(h.near[0])[0].ID
	for _, width := range []int{browser.Phone, browser.Desk} {
		p := h.Enter(h.Head(h.near[0]), school.Head).Page(browser.View{Width: width})
		p.Goto(h.URL + "/accounts/class/" + class.String() + "/person/" + h.Pupils(class)[0].ID.String() + "/pictures")
		for i, picture := range []string{"boat", "flower", "sun"} {
			p.Eval(`document.querySelectorAll("#choose select")[` + string(rune('0'+i)) + `].value = "` + picture + `"`)
		}
		p.Submit("#choose")
		p.Check()
		p.Shot("accounts-pictures-given")
		lines := browser.Value[int](p, `new Set([...document.querySelectorAll(".secret .picture")].map((e) => Math.round(e.getBoundingClientRect().top))).size`)
		if lines != 1 {
			t.Errorf("at %d px the pictures are on %d lines", width, lines)
		}
	}
}

// What is offered where mail leaves: the codes of a class by mail, and the
// accounts that their people had shut.
func TestScreensOfMail(t *testing.T) {
	browser.Open(t)
	h := onSQLite(t)
	post := h.Sends()
	at := h.near[0]
	class := h.Classes(at)[0].ID
	parent, colleague := h.guardians(class)[0], h.Teachers(at)[0]
	for who, hat := range map[school.ID]school.Profile{parent: school.Guardian, colleague: school.Teacher} {
		h.Address(who, "p"+who.String()+"@exemple.fr")
		h.Enter(who, hat)
		if _, err := h.Accounts.Contest(t.Context(), post.Link(post.New()[0], "/contest"), house.From); err != nil {
			t.Fatal(err)
		}
		post.New()
	}
	head := h.Enter(h.Head(at), school.Head)
	for name, path := range map[string]string{
		"class-mail": "/accounts/class/" + class.String(), "staff-contested": "/accounts/school/" + at.String() + "/staff",
	} {
		for _, view := range []browser.View{{Width: browser.Phone}, {Width: browser.Desk}} {
			p := head.Page(view)
			p.Goto(h.URL + path)
			p.Check()
			p.Shot("accounts-" + name)
		}
	}
}

// A name as long as they come is no wider than a telephone.
func TestLongNames(t *testing.T) {
	browser.Open(t)
	h := onSQLite(t)
	at := h.near[0]
	class := h.Classes(at)[0].ID
	long := strings.Repeat("Wolfeschlegelsteinhausenbergerdorff", 2)
	h.Write(func(tx *db.Tx) error {
		_, err := tx.Exec(`UPDATE directory_person SET usual_name = $1 WHERE id IN ($2, $3)`, long, h.Teachers(at)[0], h.Pupils(class)[0].ID)
		if err == nil {
			_, err = tx.Exec(`UPDATE directory_class SET label = $1 WHERE id = $2`, long, class)
		}
		return err
	})
	p := h.Enter(h.Head(at), school.Head).Page(browser.View{Width: browser.Phone})
	for _, page := range []string{"/accounts/", "/accounts/school/" + at.String() + "/staff", "/accounts/class/" + class.String()} {
		p.Goto(h.URL + page)
		p.Fits()
	}
}

// A head hands a code out without any script, on a page as good as the others.
func TestWithoutScript(t *testing.T) {
	browser.Open(t)
	h := onSQLite(t)
	at := h.near[0]
	v := h.Enter(h.Head(at), school.Head)
	for _, view := range []browser.View{{Width: browser.Phone, NoScript: true}, {Width: browser.Desk}} {
		p := v.Page(view)
		p.Goto(h.URL + "/accounts/class/" + h.Classes(at)[0].ID.String() + "?show=waiting")
		p.Submit(".person-action form")
		if text := p.Text("main"); !printed.MatchString(text) {
			t.Error("no code was made")
		}
		if !view.NoScript {
			p.Check()
		}
		p.Shot("accounts-code")
	}
}

// Who prints hears that it is done, and sees what has changed, on the page where
// they are.
func TestAPrintIsSaid(t *testing.T) {
	browser.Open(t)
	h := onSQLite(t)
	at := h.near[0]
	class := h.Classes(at)[0].ID
	p := h.Enter(h.Head(at), school.Head).In(t).Page(browser.View{Width: browser.Phone})
	p.Goto(h.URL + "/accounts/class/" + class.String())
	if before := p.Text("main"); strings.Contains(before, "Code remis") {
		t.Fatal("somebody has a code already")
	}
	p.Submit("#labels")
	if after := p.Text("main"); !strings.Contains(after, "Le fichier est prêt") || !strings.Contains(after, "Code remis") {
		t.Errorf("after the labels: %s", after)
	}
	p.Check()
}
