package accounts_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"preau/core/school"
	"preau/test/house"
)

// A head lends the accounts of a class to its teacher: the families of that
// class, until the day, and nobody of the staff.
func TestAHeadLendsTheAccountsOfAClass(t *testing.T) {
	onBoth(t, func(h *office) {
		at := h.near[0]
		classes := h.Classes(at)
		mine, other := classes[0].ID, classes[1].ID
		teacher, colleague := h.Teachers(at)[0], h.Teachers(at)[1]
		h.Attach(mine, teacher)
		head, v := h.Enter(h.Head(at), school.Head), h.Enter(teacher, school.Teacher)
		guardian := h.guardian(mine)
		class := func(id school.ID) string { return "/accounts/class/" + id.String() }
		code := class(mine) + "/person/" + guardian.String() + "/code"
		shut := func() {
			h.T.Helper()
			v.Post(class(mine)+"/letters", nil).Wants(http.StatusNotFound)
			v.Get(code).Wants(http.StatusNotFound)
			v.Get(class(mine)).Lacks(http.StatusOK, "Lettres aux familles", h.Who(guardian).Name())
		}
		shut()

		lent := "/register/school/" + at.String() + "/lent"
		v.Get(lent).Wants(http.StatusNotFound)
		v.Post(lent, url.Values{"person": {teacher.String()}, "function": {"accounts"}, "reason": {"x"}}).Wants(http.StatusNotFound)
		for name, form := range map[string]url.Values{
			"nobody":               {"function": {"accounts"}, "reason": {"rentrée"}},
			"somebody of nowhere":  {"person": {guardian.String()}, "function": {"accounts"}, "reason": {"rentrée"}},
			"the head":             {"person": {head.Person.String()}, "function": {"accounts"}, "reason": {"rentrée"}},
			"what is not lent":     {"person": {teacher.String()}, "function": {"judge"}, "reason": {"rentrée"}},
			"no reason":            {"person": {teacher.String()}, "function": {"accounts"}},
			"a class of elsewhere": {"person": {teacher.String()}, "function": {"accounts"}, "reason": {"rentrée"}, "class": {h.Classes(h.far[0])[0].ID.String()}},
			"a day that is past":   {"person": {teacher.String()}, "function": {"accounts"}, "reason": {"rentrée"}, "until": {"2020-01-01"}},
		} {
			if got := head.Post(lent, form); got.StatusCode != http.StatusUnprocessableEntity && got.StatusCode != http.StatusNotFound {
				h.T.Errorf("%s: %d", name, got.StatusCode)
			}
		}
		shut()
		head.Post(lent, url.Values{"person": {teacher.String()}, "function": {"accounts"}, "class": {mine.String()}, "reason": {"rentrée"}}).
			Wants(http.StatusSeeOther)
		head.Get(lent).Wants(http.StatusOK, h.Who(teacher).Name(), classes[0].Label, "rentrée")

		v.Get(class(mine)).Wants(http.StatusOK, "Lettres aux familles")
		v.Post(class(mine)+"/letters", nil).Wants(http.StatusOK)
		v.Get(code).Wants(http.StatusOK)
		v.Get(class(other)).Wants(http.StatusNotFound)
		v.Post(class(other)+"/letters", nil).Wants(http.StatusNotFound)
		v.Get("/accounts/school/" + at.String() + "/staff").Wants(http.StatusNotFound)
		v.Get("/accounts/school/" + at.String() + "/staff/" + colleague.String() + "/code").Wants(http.StatusNotFound)
		// A parent of the class who heads the school, or works there, is the head's.
		for _, profile := range []school.Profile{school.Staff, school.Head} {
			h.Name(guardian, profile, at)
			v.Post(code, nil).Wants(http.StatusForbidden)
		}
		recall := lent + "/" + h.One(`SELECT id FROM directory_grant WHERE function <> ''`).String() + "/recall"
		v.Post(recall, nil).Wants(http.StatusNotFound)
		head.Post(recall, nil).Wants(http.StatusSeeOther)
		shut()

		// The whole school, to somebody who has no class: until their post ends.
		secretary := h.Appoint("secretaire", school.Admin, at)
		office := h.Enter(secretary, school.Admin)
		office.Get("/accounts/").Wants(http.StatusNotFound)
		head.Post(lent, url.Values{"person": {secretary.String()}, "function": {"accounts"}, "reason": {"secrétariat"}}).Wants(http.StatusSeeOther)
		office.Get("/accounts/").Wants(http.StatusOK, classes[0].Label, classes[1].Label)
		office.Post(class(other)+"/letters", nil).Wants(http.StatusOK)
		office.Get(class(h.Classes(h.far[0])[0].ID)).Wants(http.StatusNotFound)
		h.Later(400 * 24 * 3600e9)
		house.Visitor{House: h.House, Person: secretary, Token: office.Token}.Get("/accounts/").Wants(http.StatusSeeOther)
		if acts := strings.Join(h.Acts(teacher), " "); !strings.Contains(acts, "register.lend register.recall") {
			h.T.Errorf("the journal says %s", acts)
		}
	})
}
