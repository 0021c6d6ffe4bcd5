package register_test

import (
	"net/http"
	"net/url"
	"testing"

	"preau/core/audience"
	"preau/core/db"
	"preau/core/school"
	"preau/directory"
)

// The heads of two schools make an RPI: it has a school once its head says so, and no longer;
// a delivery does not touch it.
func TestTwoSchoolsMakeAnRPI(t *testing.T) {
	onBoth(t, func(h *office) {
		h.Write(func(tx *db.Tx) error { // what the village's delivery says of its own
			_, err := tx.Exec(`DELETE FROM directory_within WHERE ancestor_id IN (SELECT id FROM directory_structure WHERE kind = 'rpi')`)
			return err
		})
		one, two := h.near[0], h.near[1]
		first, second := h.enter(h.Head(one), school.Head), h.enter(h.Head(two), school.Head)
		mine, theirs := "/register/school/"+one.String()+"/rpi", "/register/school/"+two.String()+"/rpi"
		first.Get("/register/school/"+one.String()).Wants(http.StatusOK, mine)
		first.Post(mine, url.Values{"name": {"–"}}).Wants(http.StatusUnprocessableEntity, "un nom qui se lise")
		first.Post(mine, url.Values{"name": {"Clairpré – Vertbuis"}}).Wants(http.StatusSeeOther)
		rpi := h.One(`SELECT id FROM directory_structure WHERE kind = 'rpi' AND source_id = 0`)
		pupils := func(place audience.Place, of school.ID) (n audience.Number) {
			h.Read(func(tx *db.Tx) (err error) {
				n, err = directory.Audiences{}.Count(tx, audience.Audience{Place: place, Of: of, Side: audience.Pupils})
				return err
			})
			return n
		}
		alone := func() bool { return pupils(audience.RPI, rpi) == pupils(audience.School, one) }
		var uai string
		h.Read(func(tx *db.Tx) error {
			return tx.Get([]any{&uai}, `SELECT uai FROM directory_structure WHERE id = $1`, two)
		})
		ask := mine + "/" + rpi.String() + "/ask"
		first.Post(ask, url.Values{"uai": {"0000000X"}}).Wants(http.StatusUnprocessableEntity, "Aucune école")
		first.Post(mine+"/"+rpi.String()+"/join", nil).Wants(http.StatusNotFound)
		second.Post(theirs+"/"+rpi.String()+"/join", nil).Wants(http.StatusNotFound)
		second.Post(theirs+"/"+rpi.String()+"/ask", url.Values{"uai": {uai}}).Wants(http.StatusNotFound)
		second.Get(mine).Wants(http.StatusNotFound)
		first.Post(ask, url.Values{"uai": {" " + uai}}).Wants(http.StatusSeeOther)
		first.Get(mine).Wants(http.StatusOK, "attend la réponse")
		if !alone() {
			t.Error("a school that was asked is reached before its head said yes")
		}
		second.Get(theirs).Wants(http.StatusOK, "Clairpré – Vertbuis vous demande")
		second.Post(theirs+"/"+rpi.String()+"/join", nil).Wants(http.StatusSeeOther)
		h.later(1)
		if n, want := pupils(audience.RPI, rpi).Children, pupils(audience.School, one).Children+pupils(audience.School, two).Children; n != want {
			t.Errorf("the RPI has %d pupils, its schools %d", n, want)
		}
		second.Post(theirs, url.Values{"name": {"Un autre"}}).Wants(http.StatusConflict, "déjà dans le regroupement")
		first.Post(ask, url.Values{"uai": {uai}}).Wants(http.StatusUnprocessableEntity, "déjà dans le regroupement")
		second.Post(theirs+"/"+rpi.String()+"/leave", nil).Wants(http.StatusSeeOther)
		if !alone() {
			t.Error("a school that left is reached still")
		}
		first.Post(mine+"/"+rpi.String()+"/leave", nil).Wants(http.StatusSeeOther)
		first.Get(mine).Lacks(http.StatusOK, "Clairpré – Vertbuis</h2>")
		if n := h.One(`SELECT count(*) FROM audit_entry WHERE action LIKE 'register.%-rpi'`); n != 5 {
			t.Errorf("%d acts are journalled, want 5", n)
		}
	})
}
