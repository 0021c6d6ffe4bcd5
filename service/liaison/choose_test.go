package liaison_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"preau/core/school"
	"preau/directory"
	"preau/test/browser"
)

// slip is a name with a letter that changed places with the next one.
func slip(name string) string {
	letters := []rune(name)
	letters[1], letters[2] = letters[2], letters[1]
	return string(letters)
}

// A head finds the family of a child by a name that is badly written, and opens the form with
// that family chosen; of another school there is nobody.
func TestAFamilyIsLookedFor(t *testing.T) {
	onBoth(t, func(h *town) {
		head := h.Enter(h.Head(h.near[0]), school.Head)
		pupils := h.Pupils(h.Classes(h.near[0])[0].ID)
		child := pupils[slices.IndexFunc(pupils, func(p directory.InClass) bool { return len([]rune(p.Usual)) > 5 })]
		open := fmt.Sprintf("/liaison/new/class/%s?family=%s", child.Class, child.ID)
		head.Get("/liaison/new?q="+url.QueryEscape(child.First+" "+slip(child.Usual))).Wants(http.StatusOK, child.Name(), open)
		head.Get(open).Wants(http.StatusOK, fmt.Sprintf(`value="%s" checked`, child.ID), "La famille", "de 1 enfant")
		stranger := h.Pupils(h.Classes(h.far[0])[0].ID)[0]
		head.Get("/liaison/new?q="+url.QueryEscape(stranger.Name())).Lacks(http.StatusOK, stranger.ID.String())
		head.Get("/liaison/new?q=zzzz").Wants(http.StatusOK, "Personne ne porte ce nom ici")
	})
}

// A form says who would read it by what is chosen in it, and only to whoever may write there.
func TestAFormSaysWhoReads(t *testing.T) {
	onBoth(t, func(h *town) {
		f := h.two()
		teacher, mother := h.Enter(f.teacher, school.Teacher), h.Enter(f.mother, school.Guardian)
		form := "/liaison/new/class/" + f.class.String()
		teacher.Get(form).Wants(http.StatusOK, "Qui le lira", "Voir qui le lira")
		one := teacher.Get(form + "?who&family=" + f.pupil.String())
		one.Wants(http.StatusOK, h.Who(f.pupil).First, "2 parents de 1 enfant")
		if strings.Contains(one.Text(), "<") {
			t.Errorf("the sentence is a page: %.80q", one.Text())
		}
		teacher.Get(form+"?who&to="+to(f.class)).Wants(http.StatusOK, fmt.Sprintf("de %d enfants", len(h.Pupils(f.class))))
		teacher.Get(form+"?who").Wants(http.StatusOK, "Choisissez pour qui")
		teacher.Get(form + "?who&to=" + to(h.Classes(h.far[0])[0].ID)).Wants(http.StatusNotFound)
		mother.Get(form + "?who&to=" + to(f.class)).Wants(http.StatusNotFound)
		h.Enter(h.Teachers(h.near[0])[1], school.Teacher).Get(form + "?who&to=" + to(f.class)).Wants(http.StatusNotFound)
		looks := send(teacher, form, url.Values{"family": {f.pupil.String()}, "title": {"Piscine"}, "act": {"who"}})
		looks.Wants(http.StatusOK, "2 parents de 1 enfant", `value="Piscine"`)
		if n := h.One(`SELECT count(*) FROM liaison_word`); n != 0 {
			t.Errorf("%d words were published by looking", n)
		}
	})
}

// Those whom one wrote to last are one touch away: before the form where one writes in
// several places, in the form where one writes in one.
func TestTheSameFamiliesAgain(t *testing.T) {
	onBoth(t, func(h *town) {
		f := h.two()
		teacher, head := h.Enter(f.teacher, school.Teacher), h.Enter(h.Head(h.near[0]), school.Head)
		mate := h.Pupils(f.class)[0].ID
		if mate == f.pupil {
			mate = h.Pupils(f.class)[1].ID
		}
		two := url.Values{"family": {f.pupil.String(), mate.String()}, "title": {"Goûter"}, "body": {"Lundi."}}
		form := "/liaison/new/class/" + f.class.String()
		value := fmt.Sprintf("family:%s,family:%s", min(f.pupil, mate), max(f.pupil, mate))
		teacher.Get(form).Lacks(http.StatusOK, value)
		publish(teacher, f.class, two)
		teacher.Get(form).Wants(http.StatusOK, value)
		publish(teacher, f.class, url.Values{"to": {value}, "title": {"Encore"}, "body": {"Mardi."}})
		if n := h.One(`SELECT count(*) FROM audience_address a JOIN liaison_word w ON w.id = a.thing_id WHERE w.title = 'Encore' AND a.subject_id IN ($1, $2)`, f.pupil, mate); n != 2 {
			t.Errorf("the same families again are %d", n)
		}
		head.Get("/liaison/new").Lacks(http.StatusOK, "Dernièrement")
		publish(head, f.class, two)
		publish(head, f.class, outing(f.class))
		door := head.Get("/liaison/new")
		door.Wants(http.StatusOK, "Dernièrement", "to="+url.QueryEscape(to(f.class)), "family="+f.pupil.String())
		teacher.Get("/liaison/new").Wants(http.StatusSeeOther)
	})
}

// The sentence follows the choice as it is made, and a button says it where no script runs.
func TestTheSentenceFollowsTheChoice(t *testing.T) {
	browser.Open(t)
	h := onSQLite(t)
	f := h.two()
	teacher, head := h.Enter(f.teacher, school.Teacher), h.Enter(h.Head(h.near[0]), school.Head)
	publish(head, f.class, outing(f.class))
	publish(head, f.class, url.Values{"family": {f.pupil.String()}, "title": {"Goûter"}, "body": {"Lundi."}})
	for _, width := range []int{browser.Phone, browser.Desk} {
		p := teacher.Page(browser.View{Width: width})
		p.Goto(h.URL + "/liaison/new/class/" + f.class.String())
		p.Check()
		if before := p.Text("[data-said]"); !strings.Contains(before, "Les familles de") {
			t.Errorf("it says first %q", before)
		}
		p.Click("#word .disclosure summary")
		p.Click(fmt.Sprintf(`[name=family][value="%s"]`, f.pupil))
		p.Until(`document.querySelector("[data-said]").textContent.includes("2 parents de 1 enfant")`)
		p.Shot("picker-some")
		door := head.Page(browser.View{Width: width})
		door.Goto(h.URL + "/liaison/new")
		door.Check()
		door.Shot("picker-door")
		door.Goto(h.URL + "/liaison/new?q=" + url.QueryEscape(slip(h.Who(f.pupil).Usual)))
		door.Check()
		door.Shot("picker-found")
	}
	p := teacher.Page(browser.View{Width: browser.Phone, NoScript: true})
	p.Goto(h.URL + "/liaison/new/class/" + f.class.String() + "?family=" + f.pupil.String())
	p.Follow(`[name=act][value=who]`)
	p.Shot("picker-button")
	if said := p.Text("[data-said]"); !strings.Contains(said, "2 parents de 1 enfant") {
		t.Errorf("the button says %q", said)
	}
}
