package message_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"preau/core/audience"
)

// Whoever one may write to is found by a name that is badly written, and nobody else is;
// the form then opens with them chosen, and says so.
func TestSomebodyIsLookedFor(t *testing.T) {
	onBoth(t, func(h *town) {
		p := h.people()
		other := h.Who(p.cast.other)
		longest := slices.MaxFunc(strings.Fields(other.Name()), func(a, b string) int { return len(a) - len(b) })
		letters := []rune(longest)
		letters[1], letters[2] = letters[2], letters[1]
		open := fmt.Sprintf("%s?person=%s", p.teamDesk(), key(p.cast.other, 0))
		p.teacher.Get("/message/new?q="+url.QueryEscape(strings.Replace(other.Name(), longest, string(letters), 1))).Wants(http.StatusOK, other.Name(), open)
		p.teacher.Get(open).Wants(http.StatusOK, fmt.Sprintf(`value="%s" checked`, key(p.cast.other, 0)), other.Formal())
		p.teacher.Get("/message/new?q="+url.QueryEscape(h.Who(p.cast.stranger).Name())).Lacks(http.StatusOK, p.cast.stranger.String())
		p.teacher.Get(p.classDesk()+"?who&person="+key(p.cast.mother, p.cast.pupil)).Wants(http.StatusOK, h.Who(p.cast.mother).Formal(), "1 personne")
		p.teacher.Get(p.classDesk()+"?who&person="+key(p.cast.stranger, 0)).Lacks(http.StatusOK, h.Who(p.cast.stranger).Usual)
		p.mother.Get(p.childDesk()+"?who&person="+key(p.cast.teacher, p.cast.pupil)).Wants(http.StatusOK, h.Who(p.cast.teacher).Formal())
		p.mother.Get(p.classDesk() + "?who").Wants(http.StatusNotFound)
	})
}

// Where one may also write to one person, a group is written to by whoever chose it, and whom one
// wrote to last is one touch away.
func TestAGroupIsChosen(t *testing.T) {
	onBoth(t, func(h *town) {
		p := h.people()
		families := string(audience.Audience{Place: audience.Class, Of: p.class, Side: audience.Families}.ID())
		p.teacher.Get(p.classDesk()).Wants(http.StatusOK, "Choisissez pour qui", families)
		p.teacher.Get(p.classDesk()).Lacks(http.StatusOK, fmt.Sprintf(`value="%s" checked`, families))
		send(p.teacher, p.classDesk(), url.Values{"subject": {"Sortie"}, "body": {"Mardi."}}).Wants(http.StatusUnprocessableEntity)
		begin(p.teacher, p.classDesk(), url.Values{"to": {families}, "subject": {"Sortie"}, "body": {"Mardi."}})
		begin(p.teacher, p.teamDesk(), says("Le goûter", "Qui vient ?", key(p.cast.other, 0)))
		p.teacher.Get("/message/new").Wants(http.StatusOK, "Dernièrement", p.classDesk()+"?to="+url.QueryEscape(families), p.teamDesk()+"?person="+key(p.cast.other, 0))
	})
}

// What a pupil opens has nothing to look for.
func TestAPupilIsAskedNoName(t *testing.T) {
	onBoth(t, func(h *town) {
		p := h.people()
		p.teacher.Post("/message/class/"+p.class.String(), url.Values{"among": {"on"}})
		page := p.pupil.Get(p.classDesk())
		page.Wants(http.StatusOK)
		page.Lacks(http.StatusOK, "data-readers")
	})
}

// A head who teaches a child is offered to the parent once, as both.
func TestAHeadWhoTeachesIsOfferedOnce(t *testing.T) {
	onBoth(t, func(h *town) {
		p := h.people()
		head := h.Head(p.at)
		h.Attach(p.class, head)
		page := p.mother.Get(p.childDesk())
		page.Wants(http.StatusOK, h.Who(head).Formal(), "Enseign")
		if n := strings.Count(page.Main(), fmt.Sprintf(`value="%s"`, key(head, p.cast.pupil))); n != 1 {
			t.Errorf("the head is offered %d times", n)
		}
		if main := page.Text(); !strings.Contains(main, "Enseignante · Directrice") && !strings.Contains(main, "Enseignant · Directeur") {
			t.Error("it does not say that they are both")
		}
		begin(p.mother, p.childDesk(), says("Bonjour", "Un mot", key(head, p.cast.pupil)))
		p.head.Get("/message/").Wants(http.StatusOK, "Bonjour")
	})
}
