package register_test

import (
	"net/http"
	"testing"

	"preau/core/school"
)

// The first page leads where there is one place to go, and lets one choose
// where there are several.
func TestLanding(t *testing.T) {
	h := onSQLite(t)
	at := h.near[0]
	classes, teachers := h.Classes(at), h.Teachers(at)
	h.Attach(classes[0].ID, teachers[1])
	for _, class := range classes[:2] {
		h.Attach(class.ID, teachers[2])
	}
	both := h.Appoint("deux", school.Head, at)
	h.Name(both, school.Head, h.far[0])
	academy := h.StructureByRef("academy:" + h.academy()).ID

	for _, c := range []struct {
		who    string
		person school.ID
		hat    school.Profile
		to     string // empty: a page with the texts
		texts  []string
	}{
		{"the head of a school", h.Head(at), school.Head, "/register/school/" + at.String(), nil},
		{"the head of two", both, school.Head, "", []string{at.String(), h.far[0].String(), "Gestion"}},
		{"a teacher with no class", teachers[0], school.Teacher, "", []string{"Aucune classe ne vous est rattachée"}},
		{"a teacher with a class", teachers[1], school.Teacher, "/register/class/" + classes[0].ID.String(), nil},
		{"a teacher with two", teachers[2], school.Teacher, "", []string{classes[0].ID.String(), classes[1].ID.String(), "Mes classes"}},
		{"a pilot", h.Appoint("dsi", school.Pilot, academy), school.Pilot, "/register/deliveries", nil},
		{"an operator", h.Operator(), school.Operator, "/register/deliveries", nil},
	} {
		t.Run(c.who, func(t *testing.T) {
			got := h.enter(c.person, c.hat).In(t).Get("/register/")
			if c.to == "" {
				got.Wants(http.StatusOK, c.texts...)
				return
			}
			got.Wants(http.StatusSeeOther)
			if to := got.Header.Get("Location"); to != c.to {
				t.Errorf("they are led to %s, not %s", to, c.to)
			}
		})
	}
}
