package register_test

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"testing"

	"preau/core/db"
	"preau/core/school"
	"preau/directory"
)

// held feeds a later delivery from which people are missing, and gives a
// school where that waits for a decision.
func held(h *office) (delivery, at school.ID, people int) {
	h.T.Helper()
	h.tick()
	r := h.later(25)
	if len(r.Held) == 0 {
		h.T.Fatalf("nothing is held: %+v", r.Counts)
	}
	return r.ID, r.Held[0].School, r.Held[0].People
}

func TestDeparturesAreAccepted(t *testing.T) {
	onBoth(t, func(h *office) {
		delivery, at, people := held(h)
		v := h.enter(h.Head(at), school.Head)
		departed := func() school.ID {
			return h.One(`SELECT count(*) FROM directory_person WHERE departed_at IS NOT NULL AND id IN (
				SELECT person_id FROM feed_held WHERE feed_id = $1 AND school_id = $2)`, delivery, at)
		}
		v.Get("/register/school/"+at.String()).Wants(http.StatusOK, "Départs à confirmer")
		v.Get("/register/holds").Wants(http.StatusOK, "appliquer les "+strconv.Itoa(people), "Et si je ne fais rien")
		path := "/register/hold/" + delivery.String() + "/" + at.String() + "/accept"
		v.Get(path).Wants(http.StatusOK, "Appliquer les "+strconv.Itoa(people), "ne s’annule pas d’ici")
		waiting := h.Some(`SELECT person_id FROM feed_held WHERE feed_id = $1 AND school_id = $2`, delivery, at)
		var parts []directory.Part
		h.Read(func(tx *db.Tx) (err error) {
			parts, err = directory.PartsOf(tx, at, waiting...)
			return err
		})
		if len(parts) == 0 {
			h.T.Fatal("those who wait have no part in the school")
		}
		for _, part := range parts {
			if part.Class != "" {
				v.Get(path).Wants(http.StatusOK, part.Class)
			} else if part.Pupil.ID != 0 {
				v.Get(path).Wants(http.StatusOK, "responsable d")
			}
		}

		// Another number than the one that waits is another decision.
		for _, form := range []url.Values{{}, {"people": {strconv.Itoa(people + 1)}}} {
			v.Post(path, form).Wants(http.StatusConflict)
		}
		if departed() != 0 {
			h.T.Fatal("somebody departed without a decision")
		}
		form := url.Values{"people": {strconv.Itoa(people)}}
		v.Post(path, form).Wants(http.StatusSeeOther)
		if n := departed(); int(n) < people {
			h.T.Errorf("%d people departed of %d", n, people)
		}
		v.Post(path, form).Wants(http.StatusConflict, "Ces départs n’attendent plus")
		if h.One(`SELECT count(*) FROM audit_entry WHERE action = 'register.accept-departures' AND school_id = $1 AND actor_id = $2`, at, v.Person) != 1 {
			h.T.Error("the journal does not say who decided")
		}
	})
}

// An operator decides for every school, a head for theirs.
func TestWhoDecides(t *testing.T) {
	h := onSQLite(t)
	delivery, at, people := held(h)
	operator := h.enter(h.Operator(), school.Operator)
	operator.Get("/register/deliveries").Wants(http.StatusOK, "Voir ces départs")
	operator.Get("/register/holds").Wants(http.StatusOK, at.String())
	other := pick(t, slices.Concat(h.near, h.far), func(id school.ID) bool { return id != at && h.Head(id) != h.Head(at) })
	head := h.enter(h.Head(other), school.Head)
	path := "/register/hold/" + delivery.String() + "/" + at.String() + "/accept"
	form := url.Values{"people": {strconv.Itoa(people)}}
	head.Post(path, form).Wants(http.StatusNotFound)
	operator.Post(path, form).Wants(http.StatusSeeOther)
}
