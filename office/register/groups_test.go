package register_test

import (
	"html"
	"net/http"
	"net/url"
	"testing"

	"preau/core/school"
)

// A group made by hand has the pupils and teachers that the head chooses, of
// the school only; a delivery does not touch it.
func TestAGroupCrossesTheClasses(t *testing.T) {
	onBoth(t, func(h *house) {
		at := h.near[0]
		classes, teacher := h.classes(at), h.teachers(at)[0]
		a, b := h.pupils(classes[0].ID)[0], h.pupils(classes[1].ID)[0]
		v := h.enter(h.head(at), school.Head)
		groups := "/register/school/" + at.String() + "/groups"
		v.post(groups, url.Values{"label": {""}}).wants(t, http.StatusUnprocessableEntity)
		v.post(groups, url.Values{"label": {"Chorale d’essai"}}).wants(t, http.StatusSeeOther)
		group := h.one(`SELECT id FROM directory_class WHERE label = 'Chorale d’essai'`)
		page := "/register/school/" + at.String() + "/group/" + group.String()
		members := func() school.ID {
			return h.one(`SELECT count(*) FROM directory_membership WHERE class_id = $1 AND until_at IS NULL`, group)
		}
		fill := url.Values{"label": {"Chorale"}, "pupil": {a.ID.String(), b.ID.String()}, "teacher": {teacher.String()}}
		v.post(page, fill).wants(t, http.StatusSeeOther)
		v.get(page).wants(t, http.StatusOK, "Chorale", html.EscapeString(a.Name()))
		stranger := h.pupils(h.classes(h.near[1])[0].ID)[0].ID
		v.post(page, url.Values{"label": {"Chorale"}, "pupil": {stranger.String()}}).wants(t, http.StatusNotFound)
		if n := members(); n != 3 {
			t.Errorf("%d members, want 3", n)
		}
		h.later(1)
		if n := members(); n != 3 {
			t.Errorf("%d members after a delivery, want 3", n)
		}
		h.tick()
		v.post(page, url.Values{"label": {"Chorale"}, "pupil": {a.ID.String()}}).wants(t, http.StatusSeeOther)
		if n := members(); n != 1 {
			t.Errorf("%d members, want 1", n)
		}
		v.post(page+"/close", nil).wants(t, http.StatusSeeOther)
		v.get(page).wants(t, http.StatusNotFound)
	})
}
