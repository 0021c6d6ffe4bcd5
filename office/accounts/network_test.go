package accounts_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"preau/core/db"
	"preau/core/school"
)

// A head says in one press that they are at the school, and may then have its
// doors open there only. Nobody else does for them, unless they lend it.
func TestTheNetworkOfASchool(t *testing.T) {
	onBoth(t, func(h *office) {
		at := h.near[0]
		theirs := pick(h.T, h.near[1:], func(id school.ID) bool { return h.Head(id) != h.Head(at) })
		head, other, teacher := h.Enter(h.Head(at), school.Head), h.Enter(h.Head(theirs), school.Head), h.Enter(h.Teachers(at)[0], school.Teacher)
		page := "/accounts/school/" + at.String() + "/network"
		kept := func() []school.ID { return h.Some(`SELECT id FROM account_network WHERE school_id = $1`, at) }

		head.Post(page+"/only", nil).Wants(http.StatusConflict, "Retenez d’abord")
		for _, act := range []string{"/keep", "/only", "/anywhere", "/7/forget"} {
			other.Post(page+act, nil).Wants(http.StatusNotFound)
			teacher.Post(page+act, nil).Wants(http.StatusNotFound)
		}
		other.Get(page).Wants(http.StatusNotFound)
		if len(kept()) != 0 {
			h.T.Fatal("a network was kept")
		}
		head.Get(page).Wants(http.StatusOK, "127.0.0.1", "Je suis à l’école")
		lie := head.Form(page+"/keep", url.Values{})
		lie.Header.Set("X-Forwarded-For", "203.0.113.9")
		head.Do(lie).Wants(http.StatusSeeOther)
		head.Get(page).Lacks(http.StatusOK, "203.0.113.9", "Je suis à l’école")
		head.Get(page).Wants(http.StatusOK, "127.0.0.1", h.Who(head.Person).Formal(), "Oublier")

		network := kept()[0].String()
		other.Post("/accounts/school/"+theirs.String()+"/network/"+network+"/forget", nil).Wants(http.StatusNotFound)
		head.Post(page+"/only", nil).Wants(http.StatusSeeOther)
		head.Post(page+"/"+network+"/forget", nil).Wants(http.StatusConflict, "le dernier réseau")
		head.Get(page).Wants(http.StatusOK, "Les ouvrir de partout")
		head.Post(page+"/anywhere", nil).Wants(http.StatusSeeOther)
		head.Post(page+"/"+network+"/forget", nil).Wants(http.StatusSeeOther)
		if len(kept()) != 0 {
			h.T.Error("the network is still there")
		}

		// Nobody has it lent: what it changes is for everybody who is in that network.
		secretary := h.Enter(h.Appoint("secretaire", school.Admin, at), school.Admin)
		class := h.Classes(at)[0].ID
		lent := "/register/structure/" + at.String() + "/lent"
		head.Post(lent, url.Values{"person": {teacher.Person.String()}, "function": {"accounts"}, "over": {class.String()}, "reason": {"rentrée"}}).
			Wants(http.StatusSeeOther)
		teacher.Get(page).Wants(http.StatusNotFound)
		secretary.Get(page).Wants(http.StatusNotFound)
		head.Post(lent, url.Values{"person": {secretary.Person.String()}, "function": {"accounts"}, "reason": {"rentrée"}}).Wants(http.StatusSeeOther)
		secretary.Post(page+"/keep", nil).Wants(http.StatusNotFound)
		secretary.Get("/accounts/").Lacks(http.StatusOK, page)
		if len(kept()) != 0 {
			h.T.Error("the secretary keeps a network")
		}
		other.Get("/accounts/school/"+theirs.String()+"/journal?kind=doors").Lacks(http.StatusOK, "Réseau de l’école retenu")
		head.Get("/accounts/school/"+at.String()+"/journal?kind=doors").Wants(http.StatusOK, "L’école", "Réseau de l’école retenu",
			"Réseau de l’école oublié", "depuis le réseau de l’école seulement", "Portes des classes ouvertes de partout", h.Who(head.Person).Name())
		var acts []string
		h.Read(func(tx *db.Tx) (err error) {
			acts, err = db.All(tx, db.Column[string], `SELECT action FROM audit_entry WHERE school_id = $1 AND action LIKE 'account.network%' ORDER BY id`, at)
			return err
		})
		if got := strings.Join(acts, " "); got != "account.network-keep account.network-only account.network-anywhere account.network-forget" {
			h.T.Errorf("the journal says %s", got)
		}
	})
}

// Saying where the school is, and that its doors open anywhere, wants a proof of
// lately: it says who is let in.
func TestTheNetworkAsksForAProof(t *testing.T) {
	h := onSQLite(t)
	at := h.near[0]
	page := "/accounts/school/" + at.String() + "/network"
	v, secret := h.Enter(h.Head(at), school.Head).Protect()
	v.Post(page+"/keep", nil).Wants(http.StatusSeeOther)
	v.Post(page+"/only", nil).Wants(http.StatusSeeOther)
	kept := h.Some(`SELECT id FROM account_network WHERE school_id = $1`, at)
	v = v.Tired()
	for _, act := range []string{"/keep", "/anywhere"} {
		if reply := v.Post(page+act, nil); reply.Header.Get("Location") != "/second" {
			t.Errorf("%s with an old proof: %d to %q", act, reply.StatusCode, reply.Header.Get("Location"))
		}
	}
	if n := h.One(`SELECT count(*) FROM account_network_only WHERE school_id = $1`, at); n != 1 || len(kept) != 1 {
		t.Errorf("the doors open anywhere after an old proof; %d networks are kept", len(kept))
	}
	v.Prove(secret).Post(page+"/anywhere", nil).Wants(http.StatusSeeOther)
	if h.One(`SELECT count(*) FROM account_network_only WHERE school_id = $1`, at) != 0 {
		t.Error("with a proof, the doors do not open anywhere")
	}
}

// A head reads at home that a door of their school was refused, and that is
// enough of it once they keep the network that they are in.
func TestAHeadHearsOfADoor(t *testing.T) {
	h := onSQLite(t)
	h.withHome()
	at := h.near[0]
	theirs := pick(t, h.near[1:], func(id school.ID) bool { return h.Head(id) != h.Head(at) })
	head, other := h.Enter(h.Head(at), school.Head), h.Enter(h.Head(theirs), school.Head)
	const told = "Une porte de classe est restée fermée"
	h.Write(func(tx *db.Tx) error {
		_, err := tx.Exec(`INSERT INTO account_network_only (school_id, set_by, set_at, refused_at) VALUES ($1, $2, $3, $3)`, at, head.Person, db.At(tx.Now))
		return err
	})
	head.Get("/").Wants(http.StatusOK, told)
	other.Get("/").Lacks(http.StatusOK, told)
	page := "/accounts/school/" + at.String() + "/network"
	head.Get(page).Wants(http.StatusOK, told)
	head.Post(page+"/keep", nil).Wants(http.StatusSeeOther)
	head.Get(page).Lacks(http.StatusOK, told)
	head.Get("/").Lacks(http.StatusOK, told)
}
