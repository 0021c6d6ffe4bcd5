package register_test

import (
	"html"
	"net/http"
	"net/url"
	"testing"

	"preau/core/db"
	"preau/core/school"
	"preau/directory"
)

func child(class directory.ClassView, name string) url.Values {
	return url.Values{
		"civility": {"Mme"}, "first": {"Anouk"}, "name": {name}, "born": {"2019-03-04"},
		"class": {class.ID.String()}, "level": {school.GS.Code}, "care": {"canteen"},
	}
}

// A child who arrives is in the class at once, with a family; no later
// delivery changes it, and leaving can be undone.
func TestAChildArrivesBeforeTheDirectoryKnows(t *testing.T) {
	onBoth(t, func(h *house) {
		at := h.near[0]
		class := h.classes(at)[0]
		v := h.enter(h.head(at), school.Head)
		arrival := "/register/school/" + at.String() + "/arrival"
		for field, wrong := range map[string]string{
			"civility": "", "first": "", "name": "", "born": "1980-01-01", "class": "", "level": "6e",
		} {
			form := child(class, "ARRIVANTE")
			form.Set(field, wrong)
			v.post(arrival, form).wants(t, http.StatusUnprocessableEntity, "field-error")
		}
		elsewhere := child(h.classes(h.near[1])[0], "ARRIVANTE")
		v.post(arrival, elsewhere).wants(t, http.StatusNotFound)
		if n := h.one(`SELECT count(*) FROM directory_person WHERE usual_name = 'ARRIVANTE'`); n != 0 {
			t.Fatalf("%d arrived of forms that were wrong", n)
		}
		v.post(arrival, child(class, "ARRIVANTE")).wants(t, http.StatusSeeOther)
		pupil := h.appointed("ARRIVANTE")
		page := "/register/school/" + at.String() + "/pupil/" + pupil.String()
		v.get(page).wants(t, http.StatusOK, "Ajout à la main", html.EscapeString(class.Label))

		mother := url.Values{"link": {"10"}, "authority": {"on"}, "civility": {"Mme"}, "first": {"Ève"}, "name": {"ARRIVANTE-MERE"}}
		v.post(page+"/guardian", url.Values{"first": {"Ève"}, "name": {"X"}}).wants(t, http.StatusUnprocessableEntity)
		v.post(page+"/guardian", mother).wants(t, http.StatusSeeOther)
		guardian := h.appointed("ARRIVANTE-MERE")
		v.get(page).wants(t, http.StatusOK, "ARRIVANTE-MERE", "Mère")
		// Of another pupil of the school, never oneself, never of another school.
		_, other := h.onlyChild(at)
		known := url.Values{"link": {"20"}, "guardian": {other.String()}}
		v.post(page+"/guardian", known).wants(t, http.StatusSeeOther)
		v.post(page+"/guardian", known).wants(t, http.StatusUnprocessableEntity)
		v.post(page+"/guardian", url.Values{"link": {"20"}, "guardian": {v.person.String()}}).wants(t, http.StatusNotFound)
		v.post(page+"/untie", url.Values{"guardian": {other.String()}}).wants(t, http.StatusSeeOther)

		h.later(1)
		parent := h.enter(guardian, school.Guardian)
		sees := func() bool {
			var children []directory.Child
			h.read(func(tx *db.Tx) (err error) {
				children, err = directory.ChildrenOf(tx, parent.person)
				return err
			})
			return len(children) == 1 && children[0].ID == pupil && children[0].Class == class.ID
		}
		if !sees() {
			t.Error("a later delivery changed what was made by hand")
		}
		v.post(arrival, child(class, "ARRIVANTE")).wants(t, http.StatusUnprocessableEntity, "déjà dans l’école")
		if n := h.one(`SELECT count(*) FROM directory_enrolment WHERE person_id = $1 AND canteen`, pupil); n != 1 {
			t.Error("the canteen does not know the child")
		}
		h.tick()
		next := h.classes(at)[1]
		v.post(page+"/correct", child(next, "ARRIVÉE")).wants(t, http.StatusSeeOther)
		v.get(page).wants(t, http.StatusOK, "ARRIVÉE", html.EscapeString(next.Label))
		h.tick()
		v.post(page+"/correct", child(class, "ARRIVÉE")).wants(t, http.StatusSeeOther)
		h.tick()
		v.post(page+"/close", nil).wants(t, http.StatusSeeOther)
		if sees() {
			t.Error("the child has left, and the parent has the school still")
		}
		v.get(page).wants(t, http.StatusOK, "Rouvrir")
		v.post(page+"/reopen", nil).wants(t, http.StatusSeeOther)
		if !sees() {
			t.Error("reopening gives not everything back")
		}
		v.post(page+"/reopen", nil).wants(t, http.StatusNotFound)
	})
}

// Who a delivery brings is corrected at the source, and leaves with it.
func TestAFedPupilIsNotChangedByHand(t *testing.T) {
	h := onSQLite(t)
	at := h.near[0]
	fed := h.pupils(h.classes(at)[0].ID)[0].ID
	v := h.enter(h.head(at), school.Head)
	page := "/register/school/" + at.String() + "/pupil/" + fed.String()
	v.post(page+"/correct", child(h.classes(at)[0], "AUTRE")).wants(t, http.StatusConflict)
	v.post(page+"/close", nil).wants(t, http.StatusConflict)
	guardian := h.one(`SELECT min(guardian_id) FROM directory_bond WHERE pupil_id = $1 AND until_at IS NULL`, fed)
	v.post(page+"/untie", url.Values{"guardian": {guardian.String()}}).wants(t, http.StatusNotFound)
}

// A new record is no way around a judge.
func TestAGuardianUnderADecisionIsNotAddedAgain(t *testing.T) {
	onBoth(t, func(h *house) {
		at := h.near[0]
		pupil, guardian := h.onlyChild(at)
		v := h.enter(h.head(at), school.Head)
		page := "/register/school/" + at.String() + "/pupil/" + pupil.String()
		v.post(page+"/restrict", url.Values{"restrict": {guardian.String()}, "effect": {"no-access"}, "reference": {"JAF 12"}}).wants(t, http.StatusSeeOther)
		who := h.someone(guardian)
		form := url.Values{"link": {"10"}, "first": {who.First}, "name": {who.Usual}, "civility": {"Mme"}}
		v.post(page+"/guardian", form).wants(t, http.StatusUnprocessableEntity, "décision de justice")
		if n := h.one(`SELECT count(*) FROM directory_person WHERE sort_key = $1`, who.SortKey); n != 1 {
			t.Errorf("%d people of that name", n)
		}
	})
}
