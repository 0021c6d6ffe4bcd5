package register_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"preau/core/db"
	"preau/core/school"
	"preau/directory"
)

// A head records that a judge takes all access to a child from a parent: it
// holds at the next request, through the next delivery, until the head ends it.
func TestAHeadRestrictsABond(t *testing.T) {
	onBoth(t, func(h *office) {
		at := h.near[0]
		pupil, guardian := h.onlyChild(at)
		page := "/register/school/" + at.String() + "/pupil/" + pupil.String()
		head := h.enter(h.Head(at), school.Head)
		sees := func(want bool) {
			t.Helper()
			h.Read(func(tx *db.Tx) error {
				hats, err := directory.Hats(tx, guardian)
				if slices.Contains(hats, school.Guardian) != want {
					t.Errorf("hats %v, want a guardian's: %v", hats, want)
				}
				return err
			})
		}
		child := h.enter(pupil, school.Pupil)
		head.Get(page).Wants(http.StatusOK, "Sa famille", "Noter une décision de justice")
		form := url.Values{"restrict": {guardian.String()}, "effect": {"no-access", "may-not-sign"}, "reference": {"JAF d’Orvalmont, 12 mars 2026"}}
		if got := head.Post(page+"/restrict", form); got.StatusCode != http.StatusSeeOther {
			t.Fatalf("%d", got.StatusCode)
		}
		sees(false)
		child.Get("/people/").Wants(http.StatusSeeOther) // to sign in, with a new code
		head.Get(page).Wants(http.StatusOK, "JAF d’Orvalmont, 12 mars 2026", "N’a plus accès à cet enfant", "Ne signe pas pour l’enfant")
		h.later(1)
		sees(false)
		id := h.One(`SELECT id FROM directory_restriction WHERE pupil_id = $1`, pupil)
		if got := head.Post(page+"/lift", url.Values{"restriction": {id.String()}}); got.StatusCode != http.StatusSeeOther {
			t.Fatalf("%d", got.StatusCode)
		}
		sees(true)
		head.Post(page+"/lift", url.Values{"restriction": {id.String()}}).Wants(http.StatusNotFound)
	})
}

// A form that is not right keeps what was typed and says what to do.
func TestARestrictionIsWhole(t *testing.T) {
	h := onSQLite(t)
	at := h.near[0]
	pupil, guardian := h.onlyChild(at)
	page := "/register/school/" + at.String() + "/pupil/" + pupil.String()
	head := h.enter(h.Head(at), school.Head)
	for sentence, change := range map[string]url.Values{
		"Choisissez au moins une chose":                    {"effect": nil},
		"Écrivez de quoi retrouver":                        {"reference": {" "}},
		"La fin vient avant":                               {"from": {"2026-09-02"}, "until": {"2026-09-01"}},
		"n’existe pas":                                     {"until": {"demain"}},
		"C’est trop long":                                  {"reference": {strings.Repeat("é", 81)}},
		`aria-describedby="reference-` + guardian.String(): {"reference": nil},
	} {
		form := url.Values{"restrict": {guardian.String()}, "effect": {"hide-place"}, "reference": {"JAF 12"}}
		for name, values := range change {
			form[name] = values
		}
		got := head.Post(page+"/restrict", form)
		got.Wants(http.StatusUnprocessableEntity, sentence)
	}
	stranger := h.One(`SELECT max(guardian_id) FROM directory_bond WHERE pupil_id <> $1 AND guardian_id <> $2`, pupil, guardian)
	head.Post(page+"/restrict", url.Values{"restrict": {stranger.String()}, "effect": {"no-access"}, "reference": {"JAF 12"}}).Wants(http.StatusNotFound)
	if n := h.One(`SELECT count(*) FROM directory_restriction`); n != 0 {
		t.Errorf("%d were recorded", n)
	}
}

// Nobody decides about their own family.
func TestAHeadDoesNotRestrictTheirOwnFamily(t *testing.T) {
	h := onSQLite(t)
	at := h.near[0]
	pupil, guardian := h.onlyChild(at)
	head := h.Head(at)
	h.Write(func(tx *db.Tx) error {
		return directory.Bonds.Insert(tx, directory.Bond{Pupil: pupil, Guardian: head, From: db.At(tx.Now), Link: "20", Authority: true})
	})
	page := "/register/school/" + at.String() + "/pupil/" + pupil.String()
	as := h.enter(head, school.Head)
	as.Get(page).Wants(http.StatusOK, "C’est votre famille")
	as.Post(page+"/restrict", url.Values{"restrict": {guardian.String()}, "effect": {"no-access"}, "reference": {"JAF 12"}}).Wants(http.StatusConflict)
}

// onlyChild finds a pupil of a school whose guardian has no other.
func (h *office) onlyChild(at school.ID) (pupil, guardian school.ID) {
	h.T.Helper()
	guardian = h.One(`SELECT min(b.guardian_id) FROM directory_bond b JOIN directory_enrolment e ON e.person_id = b.pupil_id AND e.school_id = $1
		JOIN directory_person p ON p.id = b.guardian_id AND NOT p.organisation
		WHERE NOT EXISTS (SELECT 1 FROM directory_bond o WHERE o.guardian_id = b.guardian_id AND o.pupil_id <> b.pupil_id)
		AND NOT EXISTS (SELECT 1 FROM directory_enrolment f WHERE f.person_id = b.pupil_id AND f.school_id <> e.school_id)`, at)
	return h.One(`SELECT min(pupil_id) FROM directory_bond WHERE guardian_id = $1`, guardian), guardian
}

// Of the forms of a page, the one that is not right is shown again, and no other
// takes what was typed in it.
func TestAFormKeepsToItself(t *testing.T) {
	h := onSQLite(t)
	at := h.near[0]
	class := h.Classes(at)[0]
	head := h.enter(h.Head(at), school.Head)
	form := url.Values{
		"civility": {"Mme"}, "first": {"Zélie"}, "name": {"Arrivée"}, "born": {"2019-05-06"}, "class": {class.ID.String()},
		"level": {school.GS.Code},
	}
	arrived := head.Post("/register/school/"+at.String()+"/arrival", form)
	arrived.Wants(http.StatusSeeOther)
	page := arrived.Header.Get("Location")
	head.Post(page+"/guardian", url.Values{"link": {"20"}, "name": {""}, "first": {"Parent"}, "mail": {"d"}}).
		Wants(http.StatusUnprocessableEntity, `value="Parent"`, `value="Arrivée"`, `value="Zélie"`)
	head.Post(page+"/correct", url.Values{"civility": {"Mme"}, "first": {"Corrigée"}, "name": {"Arrivée"}, "born": {"2031-05-06"}}).
		Wants(http.StatusUnprocessableEntity, `value="Corrigée"`)
	known := h.One(`SELECT min(b.guardian_id) FROM directory_bond b JOIN directory_enrolment e ON e.person_id = b.pupil_id AND e.school_id = $1
		JOIN directory_person p ON p.id = b.guardian_id AND NOT p.organisation`, at)
	head.Post(page+"/guardian", url.Values{"link": {"20"}, "guardian": {known.String()}, "name": {"Contradiction"}}).
		Wants(http.StatusUnprocessableEntity, "gardez l’un ou l’autre")
	head.Post(page+"/guardian", url.Values{"link": {"20"}, "guardian": {known.String()}}).Wants(http.StatusSeeOther)
	head.Post(page+"/close", url.Values{}).Wants(http.StatusSeeOther)
	head.Get("/register/school/"+at.String()+"/arrival").Wants(http.StatusOK, "Fiches fermées depuis peu", "Zélie Arrivée")
}

// A decision that was carried over waits for the head, who confirms it.
func TestAHeadConfirmsWhatWasCarriedOver(t *testing.T) {
	onBoth(t, func(h *office) {
		at := h.near[0]
		pupil, guardian := h.onlyChild(at)
		h.twin(guardian)
		page := "/register/school/" + at.String() + "/pupil/" + pupil.String()
		head := h.enter(h.Head(at), school.Head)
		head.Post(page+"/restrict", url.Values{"restrict": {guardian.String()}, "effect": {"no-access"}, "reference": {"JAF 12"}}).Wants(http.StatusSeeOther)
		head.Get("/register/school/"+at.String()).Wants(http.StatusOK, "Décisions de justice à confirmer")
		head.Get("/register/school/"+at.String()+"/carried").Wants(http.StatusOK, page)
		head.Get(page).Wants(http.StatusOK, "Reportée ici depuis une autre fiche", "C’est bien cette famille")
		carried := h.One(`SELECT id FROM directory_restriction WHERE carried`)
		head.Post(page+"/confirm", url.Values{"restriction": {carried.String()}}).Wants(http.StatusSeeOther)
		head.Get(page).Lacks(http.StatusOK, "Reportée ici depuis une autre fiche")
		head.Get("/register/school/"+at.String()).Lacks(http.StatusOK, "Décisions de justice à confirmer")
		head.Post(page+"/confirm", url.Values{"restriction": {carried.String()}}).Wants(http.StatusNotFound)
	})
}
