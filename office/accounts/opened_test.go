package accounts_test

import (
	"net/http"
	"net/url"
	"slices"
	"testing"
	"time"

	"preau/account"
	"preau/core/audit"
	"preau/core/db"
	"preau/core/school"
	"preau/directory"
	"preau/test/house"
)

// A head sees whose account was opened, by what, and shuts the one that is not the
// right person's, after a page that names it: who is in is out, and a code is handed
// out again.
func TestOpenedAccountsAreToldToTheSchool(t *testing.T) {
	onBoth(t, func(h *office) {
		t := h.T
		at := h.near[0]
		class := h.Classes(at)[0]
		pupil := h.Pupils(class.ID)[0]
		parent := h.guardian(class.ID)
		colleague := h.Teachers(at)[0]
		head := h.Enter(h.Head(at), school.Head)
		path := "/accounts/school/" + at.String() + "/opened"
		head.Get(path).Lacks(http.StatusOK, h.Who(parent).Name())
		thief := h.Enter(parent, school.Guardian)
		h.Enter(pupil.ID, school.Pupil)
		h.Enter(colleague, school.Teacher)
		shut := path + "/" + parent.String() + "/contest"
		head.Get(path).Wants(http.StatusOK, h.Who(parent).Name(), "responsable d", class.Label, "Ouvert avec la feuille", shut,
			pupil.Name(), h.Who(colleague).Name(), "Équipe de l’école")
		head.Get("/accounts/").Wants(http.StatusOK, "Les derniers comptes ouverts")

		neighbour := pick(t, slices.Concat(h.near[1:], h.far), func(id school.ID) bool { return h.Head(id) != h.Head(at) })
		for _, v := range []house.Visitor{thief, h.Enter(colleague, school.Teacher), h.Enter(h.Head(neighbour), school.Head)} {
			v.Get(path).Wants(http.StatusNotFound)
			v.Get(shut).Wants(http.StatusNotFound)
			v.Post(shut, nil).Wants(http.StatusNotFound)
		}
		// Whom the school does not have, who opened nothing, and oneself.
		elsewhere := h.Appoint("ailleurs", school.Staff, neighbour)
		h.Enter(elsewhere, school.Staff)
		for _, id := range []school.ID{elsewhere, h.Pupils(class.ID)[1].ID} {
			head.Get(path + "/" + id.String() + "/contest").Wants(http.StatusNotFound)
			head.Post(path+"/"+id.String()+"/contest", nil).Wants(http.StatusNotFound)
		}
		head.Get(path + "/" + head.Person.String() + "/contest").Wants(http.StatusForbidden)
		head.Post(path+"/"+head.Person.String()+"/contest", nil).Wants(http.StatusForbidden)

		head.Get(shut).Wants(http.StatusOK, "Fermer le compte d", h.Who(parent).Name(), "Fermer ce compte")
		if _, err := h.resolve(thief.Token); err != nil {
			t.Error("shut before it was confirmed")
		}
		head.Get(path+"?shut="+parent.String()).Lacks(http.StatusOK, "est fermé")
		reply := head.Post(shut, nil)
		reply.Wants(http.StatusSeeOther)
		head.Get(reply.Header.Get("Location")).Wants(http.StatusOK, "Le compte d", h.Who(parent).Name()+" est fermé")
		if _, err := h.resolve(thief.Token); err == nil {
			t.Error("who was in is in still")
		}
		if _, err := h.Accounts.SignIn(t.Context(), h.Login(parent), house.Password, house.From); err == nil {
			t.Error("the password of the wrong person opens it still")
		}
		if acts := h.Acts(parent); !slices.Contains(acts, "account.contest-school") {
			t.Errorf("journalled: %v", acts)
		}
		head.Get(path).Wants(http.StatusOK, "Fermé par l’école", "Rouvrir et remettre un code")
		person := "/accounts/class/" + class.ID.String() + "/person/" + parent.String()
		why := head.Get(person + "/reopen")
		why.Wants(http.StatusOK, "L’école a fermé ce compte")
		why.Lacks(http.StatusOK, "a répondu à un message", "C’était bien", "si c’était elle")
		head.Post(person+"/reopen", url.Values{"how": {"verified"}}).Wants(http.StatusNotFound)
		head.Post(person+"/reopen", nil).Wants(http.StatusSeeOther)
		head.Post(person+"/code", nil).Wants(http.StatusOK)

		h.Later(31 * 24 * time.Hour)
		h.Enter(h.Head(at), school.Head).Get(path).Lacks(http.StatusOK, pupil.Name())
	})
}

// Every account that was opened may be shut or opened again by whoever sees it, or the
// list says why not: nobody presses what is then refused.
func TestWhyAnOpenedAccountStays(t *testing.T) {
	onBoth(t, func(h *office) {
		at := h.near[0]
		pupils, parents := h.Pupils(h.Classes(at)[0].ID), h.guardians(h.Classes(at)[0].ID)
		head := h.Enter(h.Head(at), school.Head)
		child, stranger, agent, closed := pupils[0].ID, pupils[1].ID, parents[0], pupils[2].ID
		for _, id := range []school.ID{child, stranger, closed} {
			h.Enter(id, school.Pupil)
		}
		h.Enter(agent, school.Guardian)
		h.Name(agent, school.Municipal, h.Above(at, directory.Commune))
		h.Write(func(tx *db.Tx) error {
			if err := h.Accounts.Disable(tx, closed, audit.By{Actor: head.Person, Request: "test"}); err != nil {
				return err
			}
			return directory.Bonds.Insert(tx, directory.Bond{Pupil: child, Guardian: head.Person, Link: "10", Authority: true, From: db.At(tx.Now)})
		})
		path := "/accounts/school/" + at.String() + "/opened"
		shut := func(id school.ID) string { return path + "/" + id.String() + "/contest" }
		list := head.Get(path)
		list.Wants(http.StatusOK, "C’est votre compte", "C’est votre famille", "Seuls les exploitants", "Compte fermé", shut(stranger))
		list.Lacks(http.StatusOK, shut(head.Person), shut(child), shut(agent), shut(closed))
		for _, id := range []school.ID{head.Person, child, agent} {
			head.Get(shut(id)).Wants(http.StatusForbidden)
			head.Post(shut(id), nil).Wants(http.StatusForbidden)
		}
	})
}

// An account that was opened long ago is on no list, and is shut all the same by whoever knows
// that somebody else has its password.
func TestAnAccountOpenedLongAgoIsShut(t *testing.T) {
	onBoth(t, func(h *office) {
		at := h.near[0]
		parent := h.guardian(h.Classes(at)[0].ID)
		h.Enter(parent, school.Guardian)
		h.Later(60 * 24 * time.Hour)
		head := h.Enter(h.Head(at), school.Head)
		path := "/accounts/school/" + at.String() + "/opened"
		shut := path + "/" + parent.String() + "/contest"
		head.Get(path).Lacks(http.StatusOK, shut)
		head.Get(shut).Wants(http.StatusOK, "Fermer ce compte")
		head.Post(shut, nil).Wants(http.StatusSeeOther)
		h.Read(func(tx *db.Tx) error {
			accounts, err := account.Of(tx, parent)
			if accounts[parent].Disabled.IsZero() {
				h.T.Error("the account is open")
			}
			return err
		})
	})
}

// By what an account was opened is noted once; the page of a class counts who
// holds a code, who came in, and who comes no more.
func TestTheThreeFiguresOfAClass(t *testing.T) {
	h := onSQLite(t)
	at := h.near[0]
	class := h.Classes(at)[0]
	pupils := h.Pupils(class.ID)
	h.Enter(pupils[0].ID, school.Pupil)
	h.Enter(pupils[1].ID, school.Pupil)
	h.Enter(pupils[0].ID, school.Pupil) // with another code
	parent := h.guardian(class.ID)
	h.Write(func(tx *db.Tx) error {
		_, err := h.Accounts.EnterFederated(tx, parent, []school.Profile{school.Guardian}, house.From)
		return err
	})
	h.Read(func(tx *db.Tx) error {
		accounts, err := account.Of(tx, parent, pupils[0].ID, pupils[2].ID)
		for id, want := range map[school.ID]account.Way{parent: account.ByFederation, pupils[0].ID: account.BySlip, pupils[2].ID: ""} {
			if got := accounts[id].OpenedBy; got != want {
				t.Errorf("opened by %q, want %q", got, want)
			}
		}
		return err
	})
	h.Later(50 * 24 * time.Hour)
	if _, err := h.Accounts.SignIn(t.Context(), h.Login(pupils[0].ID), house.Password, house.From); err != nil {
		t.Fatal(err)
	}
	h.Later(20 * 24 * time.Hour)
	head := h.Enter(h.Head(at), school.Head)
	head.Post("/accounts/class/"+class.ID.String()+"/person/"+pupils[2].ID.String()+"/code", nil).Wants(http.StatusOK)
	path := "/accounts/class/" + class.ID.String()
	head.Get(path).Wants(http.StatusOK, "Codes remis, pas encore utilisés", "Sans visite depuis 60 jours", "Dernière visite")
	idle := head.Get(path + "?show=idle")
	idle.Wants(http.StatusOK, pupils[1].Name(), h.Who(parent).Name())
	idle.Lacks(http.StatusOK, pupils[0].Name(), pupils[2].Name())
}
