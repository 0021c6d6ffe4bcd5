package register_test

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"testing"

	"preau/core/school"
)

// held feeds a later delivery from which people are missing, and gives a
// school where that waits for a decision.
func held(h *house) (delivery, at school.ID, people int) {
	h.t.Helper()
	h.tick()
	r := h.later(25)
	if len(r.Held) == 0 {
		h.t.Fatalf("nothing is held: %+v", r.Counts)
	}
	return r.ID, r.Held[0].School, r.Held[0].People
}

func TestDeparturesAreAccepted(t *testing.T) {
	onBoth(t, func(h *house) {
		delivery, at, people := held(h)
		v := h.enter(h.head(at), school.Head)
		departed := func() school.ID {
			return h.one(`SELECT count(*) FROM directory_person WHERE departed_at IS NOT NULL AND id IN (
				SELECT person_id FROM feed_held WHERE feed_id = $1 AND school_id = $2)`, delivery, at)
		}
		v.get("/register/school/"+at.String()).wants(h.t, http.StatusOK, "Départs à confirmer")
		v.get("/register/holds").wants(h.t, http.StatusOK, "appliquer les "+strconv.Itoa(people), "Et si je ne fais rien")
		path := "/register/hold/" + delivery.String() + "/" + at.String() + "/accept"

		// Another number than the one that waits is another decision.
		for _, form := range []url.Values{{}, {"people": {strconv.Itoa(people + 1)}}} {
			v.post(path, form).wants(h.t, http.StatusConflict)
		}
		if departed() != 0 {
			h.t.Fatal("somebody departed without a decision")
		}
		form := url.Values{"people": {strconv.Itoa(people)}}
		v.post(path, form).wants(h.t, http.StatusSeeOther)
		if n := departed(); int(n) < people {
			h.t.Errorf("%d people departed of %d", n, people)
		}
		v.post(path, form).wants(h.t, http.StatusConflict, "Ces départs n’attendent plus")
		if h.one(`SELECT count(*) FROM audit_entry WHERE action = 'register.accept-departures' AND school_id = $1 AND actor_id = $2`, at, v.person) != 1 {
			h.t.Error("the journal does not say who decided")
		}
	})
}

// An operator decides for every school, a head for theirs.
func TestWhoDecides(t *testing.T) {
	h := onSQLite(t)
	delivery, at, people := held(h)
	operator := h.enter(h.operator(), school.Operator)
	operator.get("/register/deliveries").wants(t, http.StatusOK, "Voir ces départs")
	operator.get("/register/holds").wants(t, http.StatusOK, at.String())
	other := pick(t, slices.Concat(h.near, h.far), func(id school.ID) bool { return id != at && h.head(id) != h.head(at) })
	head := h.enter(h.head(other), school.Head)
	path := "/register/hold/" + delivery.String() + "/" + at.String() + "/accept"
	form := url.Values{"people": {strconv.Itoa(people)}}
	head.post(path, form).wants(t, http.StatusNotFound)
	operator.post(path, form).wants(t, http.StatusSeeOther)
}
