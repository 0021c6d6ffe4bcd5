package register_test

import (
	"net/http"
	"net/url"
	"testing"

	"preau/core/school"
)

// A group made by hand has the pupils and teachers that the head chooses, of
// the school only; a delivery does not touch it.
func TestAGroupCrossesTheClasses(t *testing.T) {
	onBoth(t, func(h *office) {
		at := h.near[0]
		classes, teacher := h.Classes(at), h.Teachers(at)[0]
		a, b := h.Pupils(classes[0].ID)[0], h.Pupils(classes[1].ID)[0]
		v := h.enter(h.Head(at), school.Head)
		groups := "/register/school/" + at.String() + "/groups"
		v.Post(groups, url.Values{"label": {""}}).Wants(http.StatusUnprocessableEntity)
		v.Post(groups, url.Values{"label": {"Chorale d’essai"}}).Wants(http.StatusSeeOther)
		group := h.One(`SELECT id FROM directory_class WHERE label = 'Chorale d’essai'`)
		v.Post(groups, url.Values{"label": {"chorale  d'essai"}}).Wants(http.StatusUnprocessableEntity, "Un groupe de ce nom")
		v.Post(groups, url.Values{"label": {"<b>Chorale</b>"}}).Wants(http.StatusUnprocessableEntity, "au moins une lettre")
		page := "/register/school/" + at.String() + "/group/" + group.String()
		members := func() school.ID {
			return h.One(`SELECT count(*) FROM directory_membership WHERE class_id = $1 AND until_at IS NULL`, group)
		}
		fill := url.Values{"label": {"Chorale"}, "pupil": {a.ID.String(), b.ID.String()}, "teacher": {teacher.String()}}
		v.Post(page, fill).Wants(http.StatusSeeOther)
		v.Get(page).Wants(http.StatusOK, "Chorale", a.Name())
		stranger := h.Pupils(h.Classes(h.near[1])[0].ID)[0].ID
		v.Post(page, url.Values{"label": {"Chorale"}, "pupil": {stranger.String()}}).Wants(http.StatusNotFound)
		secretary, agent := h.Appoint("Odile Secret", school.Admin, at), h.Appoint("Rémi Cantine", school.CareAgent, at)
		for _, other := range []school.ID{secretary, agent, h.Teachers(h.near[1])[0]} {
			v.Post(page, url.Values{"label": {"Chorale"}, "teacher": {other.String()}}).
				Wants(http.StatusUnprocessableEntity, "n’enseigne pas dans cette école", `id="field-teacher-error"`)
		}
		if n := members(); n != 3 {
			t.Errorf("%d members, want 3", n)
		}
		h.later(1)
		if n := members(); n != 3 {
			t.Errorf("%d members after a delivery, want 3", n)
		}
		h.tick()
		v.Post(page, url.Values{"label": {"Chorale"}, "pupil": {a.ID.String()}}).Wants(http.StatusSeeOther)
		if n := members(); n != 1 {
			t.Errorf("%d members, want 1", n)
		}
		v.Post(page+"/close", nil).Wants(http.StatusSeeOther)
		v.Get(page).Wants(http.StatusNotFound)
	})
}
