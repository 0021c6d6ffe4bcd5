package register_test

import (
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
	onBoth(t, func(h *office) {
		at := h.near[0]
		class := h.Classes(at)[0]
		v := h.enter(h.Head(at), school.Head)
		arrival := "/register/school/" + at.String() + "/arrival"
		for field, wrong := range map[string]string{
			"civility": "", "first": "", "name": "", "born": "1980-01-01", "class": "", "level": "6e",
		} {
			form := child(class, "ARRIVANTE")
			form.Set(field, wrong)
			v.Post(arrival, form).Wants(http.StatusUnprocessableEntity, "field-error")
		}
		for field, wrong := range map[string]map[string]string{
			"born":  {"2019-02-31": "Cette date n’existe pas", "31/02/2019": "Cette date n’existe pas", "0019-03-04": "L’année 19 n’est", "": "pas celle d’un élève"},
			"first": {"<script>": "avec des lettres", "😀": "avec des lettres", "R2D2": "avec des lettres"},
			"name":  {"12": "avec des lettres", "-": "avec des lettres"},
			"mail":  {"zoe@ecole": "adresse électronique"},
		} {
			for text, want := range wrong {
				form := child(class, "ARRIVANTE")
				form.Set(field, text)
				v.Post(arrival, form).Wants(http.StatusUnprocessableEntity, want)
			}
		}
		elsewhere := child(h.Classes(h.near[1])[0], "ARRIVANTE")
		v.Post(arrival, elsewhere).Wants(http.StatusNotFound)
		if n := h.One(`SELECT count(*) FROM directory_person WHERE usual_name = 'ARRIVANTE'`); n != 0 {
			t.Fatalf("%d arrived of forms that were wrong", n)
		}
		v.Post(arrival, child(class, "ARRIVANTE")).Wants(http.StatusSeeOther)
		pupil := h.appointed("ARRIVANTE")
		page := "/register/school/" + at.String() + "/pupil/" + pupil.String()
		v.Get(page).Wants(http.StatusOK, "Ajout à la main", class.Label)

		mother := url.Values{"link": {"10"}, "authority": {"on"}, "civility": {"Mme"}, "first": {"Ève"}, "name": {"ARRIVANTE-MERE"}}
		v.Post(page+"/guardian", url.Values{"first": {"Ève"}, "name": {"X"}}).Wants(http.StatusUnprocessableEntity)
		v.Post(page+"/guardian", mother).Wants(http.StatusSeeOther)
		guardian := h.appointed("ARRIVANTE-MERE")
		v.Get(page).Wants(http.StatusOK, "ARRIVANTE-MERE", "Mère")
		// Of another pupil of the school, never oneself, never of another school.
		_, other := h.onlyChild(at)
		known := url.Values{"link": {"20"}, "guardian": {other.String()}}
		v.Post(page+"/guardian", known).Wants(http.StatusSeeOther)
		v.Post(page+"/guardian", known).Wants(http.StatusUnprocessableEntity)
		v.Post(page+"/guardian", url.Values{"link": {"20"}, "guardian": {v.Person.String()}}).Wants(http.StatusNotFound)
		v.Post(page+"/untie", url.Values{"guardian": {other.String()}}).Wants(http.StatusSeeOther)

		h.later(1)
		parent := h.enter(guardian, school.Guardian)
		sees := func() bool {
			var children []directory.Child
			h.Read(func(tx *db.Tx) (err error) {
				children, err = directory.ChildrenOf(tx, parent.Person)
				return err
			})
			return len(children) == 1 && children[0].ID == pupil && children[0].Class == class.ID
		}
		if !sees() {
			t.Error("a later delivery changed what was made by hand")
		}
		v.Post(arrival, child(class, "ARRIVANTE")).Wants(http.StatusUnprocessableEntity, "déjà dans l’école")
		if n := h.One(`SELECT count(*) FROM directory_enrolment WHERE person_id = $1 AND canteen`, pupil); n != 1 {
			t.Error("the canteen does not know the child")
		}
		h.tick()
		next := h.Classes(at)[1]
		v.Post(page+"/correct", child(next, "ARRIVÉE")).Wants(http.StatusSeeOther)
		v.Get(page).Wants(http.StatusOK, "ARRIVÉE", next.Label)
		h.tick()
		v.Post(page+"/correct", child(class, "ARRIVÉE")).Wants(http.StatusSeeOther)
		h.tick()
		v.Post(page+"/close", nil).Wants(http.StatusSeeOther)
		if sees() {
			t.Error("the child has left, and the parent has the school still")
		}
		v.Get(page).Wants(http.StatusOK, "Rouvrir")
		v.Post(page+"/reopen", nil).Wants(http.StatusSeeOther)
		if !sees() {
			t.Error("reopening gives not everything back")
		}
		v.Post(page+"/reopen", nil).Wants(http.StatusNotFound)
	})
}

// Who a delivery brings is corrected at the source, and leaves with it.
func TestAFedPupilIsNotChangedByHand(t *testing.T) {
	h := onSQLite(t)
	at := h.near[0]
	fed := h.Pupils(h.Classes(at)[0].ID)[0].ID
	v := h.enter(h.Head(at), school.Head)
	page := "/register/school/" + at.String() + "/pupil/" + fed.String()
	v.Post(page+"/correct", child(h.Classes(at)[0], "AUTRE")).Wants(http.StatusConflict)
	v.Post(page+"/close", nil).Wants(http.StatusConflict)
	guardian := h.One(`SELECT min(guardian_id) FROM directory_bond WHERE pupil_id = $1 AND until_at IS NULL`, fed)
	v.Post(page+"/untie", url.Values{"guardian": {guardian.String()}}).Wants(http.StatusNotFound)
}

// A new record is no way around a judge.
func TestAGuardianUnderADecisionIsNotAddedAgain(t *testing.T) {
	onBoth(t, func(h *office) {
		at := h.near[0]
		pupil, guardian := h.onlyChild(at)
		v := h.enter(h.Head(at), school.Head)
		page := "/register/school/" + at.String() + "/pupil/" + pupil.String()
		v.Post(page+"/restrict", url.Values{"restrict": {guardian.String()}, "effect": {"no-access"}, "reference": {"JAF 12"}}).Wants(http.StatusSeeOther)
		who := h.Who(guardian)
		form := url.Values{"link": {"10"}, "first": {who.First}, "name": {who.Usual}, "civility": {"Mme"}}
		v.Post(page+"/guardian", form).Wants(http.StatusUnprocessableEntity, "décision de justice")
		if n := h.One(`SELECT count(*) FROM directory_person WHERE sort_key = $1`, who.SortKey); n != 1 {
			t.Errorf("%d people of that name", n)
		}
	})
}
