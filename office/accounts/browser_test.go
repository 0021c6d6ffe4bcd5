package accounts_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"preau/account"
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

// small is a class of maternelle, with its school, and reading one of children who
// write.
func (h *office) small() (at, class school.ID)   { return h.classOf("PS") }
func (h *office) reading() (at, class school.ID) { return h.classOf("CE2") }

func (h *office) classOf(level string) (at, class school.ID) {
	h.T.Helper()
	for _, at := range append(h.near, h.far...) {
		for _, class := range h.Classes(at) {
			if strings.HasPrefix(class.Levels, level) {
				return at, class.ID
			}
		}
	}
	h.T.Fatalf("no class of %s", level)
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
			p.Eval(`document.querySelectorAll("#choose fieldset")[` + string(rune('0'+i)) + `].querySelector("[value=` + picture + `]").click()`)
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
	at, class := h.reading()
	v := h.Enter(h.Head(at), school.Head)
	for _, view := range []browser.View{{Width: browser.Phone, NoScript: true}, {Width: browser.Desk}} {
		p := v.Page(view)
		p.Goto(h.URL + "/accounts/class/" + class.String() + "?show=waiting")
		p.Submit(".person-action form")
		if text := p.Text("main"); !codePattern.MatchString(text) {
			t.Error("no code was made")
		}
		if !view.NoScript {
			p.Check()
		}
		p.Shot("accounts-code")
	}
}

// From their home page a teacher gives a child other pictures, or another code, in
// two clicks; the poster of the class is two from its page. What is given is shown at
// once.
func TestATeacherResetsInTwoClicks(t *testing.T) {
	browser.Open(t)
	h := onSQLite(t)
	h.withHome()
	type class struct{ at, id school.ID }
	var small, reading class
	small.at, small.id = h.small()
	reading.at, reading.id = h.reading()
	for _, c := range []struct {
		name   string
		class  class
		hat    school.Profile // in which the pupil came in before
		act    string         // the end of the address
		poster string         // what is pressed before the poster can be
		shown  func(*browser.Page) bool
	}{
		{"pictures", small, "", "/pictures", ".disclosure:has([action$='/door/poster']) > summary", func(p *browser.Page) bool {
			return browser.Value[int](p, `document.querySelectorAll(".secret .picture").length`) == account.PicturesEach
		}},
		{"code", reading, school.Pupil, "/code", "", func(p *browser.Page) bool { return codePattern.MatchString(p.Text("main")) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			teacher, pupil := h.Teachers(c.class.at)[0], h.Pupils(c.class.id)[0].ID
			h.Attach(c.class.id, teacher)
			v := h.Enter(teacher, school.Teacher)
			page := "/accounts/class/" + c.class.id.String()
			if c.hat != "" {
				h.Enter(pupil, c.hat) // they have a password, which the code changes
			} else {
				v.Post(page+"/person/"+pupil.String()+c.act, nil).Wants(http.StatusOK) // and pictures, which others replace
			}
			for _, width := range []int{browser.Phone, browser.Desk} {
				p := v.In(t).Page(browser.View{Width: width})
				p.CountActs()
				p.Goto(h.URL + "/")
				p.Shot("accounts-home-" + c.name)
				p.Follow(`main a[href="` + page + `"]`)
				p.Shot("accounts-rows-" + c.name)
				p.Follow(`.person-action form[action$="` + pupil.String() + c.act + `"] button`)
				if !c.shown(p) {
					t.Errorf("at %d px nothing was given: %s", width, p.Text("main"))
				}
				if acts := p.Acts(); acts.Total() != 2 || acts.Typed > 0 {
					t.Errorf("at %d px it takes %+v", width, acts)
				}
				p.Check()
				p.Shot("accounts-given-" + c.name)

				p.Goto(h.URL + page)
				before := p.Acts().Total()
				if c.poster != "" {
					p.Click(c.poster)
				} else {
					p.Follow(`main a[href="` + page + `/door"]`)
				}
				p.Submit(`[action="` + page + `/door/poster"]`)
				if text := p.Text("main"); !strings.Contains(text, "Le fichier est prêt") {
					t.Errorf("at %d px no poster was printed: %s", width, text)
				}
				if n := p.Acts().Total() - before; n != 2 {
					t.Errorf("at %d px a poster takes %d acts", width, n)
				}
			}
		})
	}
}

// What is folded under a child's line opens, and is as good as the rest.
func TestALineUnfolds(t *testing.T) {
	browser.Open(t)
	h := onSQLite(t)
	at, class := h.small()
	for _, width := range []int{browser.Phone, browser.Desk} {
		p := h.Enter(h.Head(at), school.Head).Page(browser.View{Width: width})
		p.Goto(h.URL + "/accounts/class/" + class.String())
		p.Click(".person-more > summary")
		if text := p.Text(".person-more[open]"); !strings.Contains(text, "Imprimer son badge") || !strings.Contains(text, "Donner un code") {
			t.Errorf("at %d px a line unfolds %s", width, text)
		}
		p.Check()
		p.Shot("accounts-unfolded")
		low := browser.Value[int](p, `Math.max(...[...document.querySelectorAll(".roll > .person:not(:has([open]))")].map((e) => e.offsetHeight))`)
		if most := map[int]int{browser.Phone: 120, browser.Desk: 80}[width]; low > most {
			t.Errorf("at %d px a line is %d px high", width, low)
		}
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
