package register_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"preau/account"
	"preau/core/audit"
	"preau/core/db"
	"preau/core/school"
	"preau/directory"
	"preau/test/house"
)

// Nobody is two people by dismissing who stood in between, nor by holding a key of
// the other's account.
func TestNobodyIsTwoPeople(t *testing.T) {
	onBoth(t, func(h *office) {
		at := h.near[0]
		page, team := interimPage(at), "/register/structure/"+h.commune(at).String()
		town, _ := h.halves(at)
		h.vacate(at)
		agent := func(by visitor, name string) (school.ID, visitor) {
			by.Post(team+"/appoint", post("municipal", name)).Wants(http.StatusSeeOther)
			id := h.appointed(name)
			return id, h.enter(id, school.Municipal)
		}
		between, c := agent(town, "INTERMEDIAIRE")
		_, b := agent(c, "SECOND")
		town.Post(page, proposed(stranger)).Wants(http.StatusSeeOther)
		town.Post(team+"/team/"+between.String()+"/dismiss", url.Values{"post": {"municipal"}}).Wants(http.StatusSeeOther)
		h.tick()
		b.Post(page+"/confirm", h.confirming(at)).Wants(http.StatusForbidden)

		colleague := h.Appoint("collegue", school.Municipal, h.commune(at))
		h.Write(func(tx *db.Tx) error {
			_, err := h.Accounts.IssueCode(tx, colleague, audit.By{Actor: town.Person, Request: "test"}, account.SlipLife)
			return err
		})
		h.enter(colleague, school.Municipal).Post(page+"/confirm", h.confirming(at)).Wants(http.StatusForbidden)
		if who := h.acting(at); who != 0 {
			t.Errorf("%s heads the school by one hand", who)
		}
	})
}

// Nor by writing, with a post that a colleague holds already, the mail to which the
// link of a forgotten password goes; the second factor is theirs then, too.
func TestNobodyIsTwoPeopleByAMail(t *testing.T) {
	for name, strict := range map[string]bool{"a password": false, "a second factor": true} {
		t.Run(name, func(t *testing.T) {
			h := onSQLite(t)
			at, outbox := h.near[0], h.Sends()
			town, _ := h.halves(at)
			h.vacate(at)
			colleague := h.Appoint("collegue", school.Municipal, h.commune(at), func(a *directory.Appointment) { a.Usual = "Voisin" })
			if h.Accounts.Strict = strict; strict {
				town.Visitor, _ = town.Protect()
			}
			form := post("municipal", "Voisin")
			form.Set("first", "collegue")
			form.Set("mail", "intrus@exemple.fr")
			form.Set("same", colleague.String())
			town.Post("/register/structure/"+h.commune(at).String()+"/appoint", form).Wants(http.StatusSeeOther)
			if acts := h.Acts(colleague); !slices.Contains(acts, "register.correct") {
				t.Errorf("the journal says %s", acts)
			}
			town.Post(interimPage(at), proposed(stranger)).Wants(http.StatusSeeOther)
			h.forgot("intrus@exemple.fr")
			v := h.opened(colleague, outbox.Link(outbox.New()[0], "/activate"))
			if strict {
				v.Visitor, _ = v.Protect()
			}
			v.Post(interimPage(at)+"/confirm", h.confirming(at)).Wants(http.StatusForbidden)
		})
	}
}

// forgot asks for the link of a forgotten password.
func (h *office) forgot(typed string) {
	h.T.Helper()
	if err := h.Accounts.Forgotten(h.T.Context(), typed, house.From); err != nil {
		h.T.Fatal(err)
	}
}

// opened comes in as somebody with the link of a code.
func (h *office) opened(person school.ID, link string) visitor {
	h.T.Helper()
	login, code, _ := strings.Cut(link, "/")
	in, err := h.Accounts.Activate(h.T.Context(), login, code, house.Password, house.From)
	if err != nil {
		h.T.Fatal(err)
	}
	return visitor{house.Visitor{House: h.House, Person: person, Token: in.Token}}
}

// The key of somebody new goes to the school's own address, on their first day.
func TestTheFirstKeyGoesToTheSchool(t *testing.T) {
	h := onSQLite(t)
	at := h.near[0]
	page := interimPage(at)
	town, pilot := h.halves(at)
	h.vacate(at)
	h.Write(func(tx *db.Tx) error {
		_, err := tx.Exec(`UPDATE directory_structure SET mail = 'ecole@ac-orvalmont.test' WHERE id = $1`, at)
		return err
	})
	outbox := h.Sends()
	form := proposed(stranger)
	form.Set("from", h.DB.Now().In(school.Paris).AddDate(0, 0, 3).Format(time.DateOnly))
	pilot.Post(page, form).Wants(http.StatusSeeOther)
	town.Post(page+"/confirm", h.confirming(at)).Wants(http.StatusSeeOther)
	town.Get(page).Wants(http.StatusOK, "la clé se remet à partir de ce jour-là")
	town.Get(page).Lacks(http.StatusOK, "ecole@ac-orvalmont.test")
	town.Post(page+"/mail", nil).Wants(http.StatusConflict)

	h.Later(72 * time.Hour)
	town = h.reopen(town.Person)
	town.Get(page).Wants(http.StatusOK, "Envoyer à ecole@ac-orvalmont.test")
	town.Get(page).Lacks(http.StatusOK, "Une lettre a déjà été faite")
	town.Post(page+"/mail", nil).Wants(http.StatusSeeOther)
	town.Get(page).Wants(http.StatusOK, "Une lettre a déjà été faite", h.Who(town.Person).Formal())
	came := outbox.New()
	if len(came) != 1 || came[0].To != "ecole@ac-orvalmont.test" || !strings.Contains(came[0].Text, "Mme LAMBERT") {
		t.Fatalf("%+v", came)
	}
	login, code, _ := strings.Cut(outbox.Link(came[0], "/activate"), "/")
	opened, err := h.Accounts.Activate(t.Context(), login, code, house.Password, house.From)
	if err != nil || opened.Profile != school.Head {
		t.Fatalf("%s, %v", opened.Profile, err)
	}
	acting := h.acting(at)
	if acts := h.Acts(acting); !slices.Contains(acts, "account.code") {
		t.Errorf("the journal has %v", acts)
	}
	visitor{house.Visitor{House: h.House, Person: acting, Token: opened.Token}}.Get("/register/school/" + at.String()).Wants(http.StatusOK)
	town.Post(page+"/mail", nil).Wants(http.StatusConflict)

	// Nor is it given again once the account was frozen and lost its password: whoever
	// froze it would be who has the next key.
	h.Write(func(tx *db.Tx) error {
		if err := h.Accounts.ContestFor(tx, acting, audit.By{Actor: town.Person, Request: "test"}); err != nil {
			return err
		}
		return h.Accounts.Reopen(tx, acting, audit.By{Request: "test"})
	})
	h.tick()
	town.Get(page).Wants(http.StatusOK, "Cette personne est déjà venue")
	for _, step := range []string{"/mail", "/letter"} {
		town.Post(page+step, nil).Wants(http.StatusConflict)
	}
	if n := h.One(`SELECT count(*) FROM account_code WHERE person_id = $1`, acting); n != 0 {
		t.Error("a code was made for who came in before")
	}

	// Who is something elsewhere, or a parent of another school, has their key
	// of those who answer for that.
	town.Post(page+"/end", nil).Wants(http.StatusOK, "ne s’annule pas")
	town.Post(page+"/end", url.Values{"confirm": {"1"}}).Wants(http.StatusSeeOther)
	if h.acting(at) != 0 {
		t.Error("it was ended, and goes on")
	}
	neighbour := pick(t, h.near, func(id school.ID) bool { return h.Head(id) != h.Head(at) })
	h.reopen(pilot.Person).Post(page, proposed(h.Who(h.Head(neighbour)))).Wants(http.StatusSeeOther)
	town.Post(page+"/confirm", h.confirming(at)).Wants(http.StatusSeeOther)
	if got := h.acting(at); got != h.Head(neighbour) {
		t.Fatalf("%s heads the school", got)
	}
	town.Post(page+"/letter", nil).Wants(http.StatusForbidden)
	if n := h.One(`SELECT count(*) FROM account_code WHERE person_id = $1`, h.Head(neighbour)); n != 0 {
		t.Error("a code was made")
	}
}

// A first key opens nothing once whoever handed it out is gone.
func TestAFirstKeyEndsWithThePostOfItsGiver(t *testing.T) {
	onBoth(t, func(h *office) {
		at := h.near[0]
		second, pilot := h.halves(at)
		h.vacate(at)
		day := h.DB.Now().Add(36 * time.Hour)
		until := h.Appoint("commune", school.Municipal, h.commune(at), func(a *directory.Appointment) { a.Until = day })
		town := h.enter(until, school.Municipal)
		pilot.Post(interimPage(at), proposed(stranger)).Wants(http.StatusSeeOther)
		second.Post(interimPage(at)+"/confirm", h.confirming(at)).Wants(http.StatusSeeOther)
		h.tick()
		town.Post(interimPage(at)+"/letter", nil).Wants(http.StatusOK)
		key := `SELECT count(*) FROM account_code WHERE person_id = $1 AND made_by = $2 AND expires_at <= $3 AND post = $4`
		if h.One(key, h.acting(at), until, db.At(day), school.Municipal) != 1 {
			t.Error("the key outlives the post of who gave it")
		}
		commune := "/register/structure/" + h.commune(at).String()
		h.enter(h.Operator(), school.Operator).Post(commune+"/team/"+until.String()+"/dismiss", url.Values{"post": {"municipal"}}).Wants(http.StatusSeeOther)
		if h.One(key, h.acting(at), until, db.At(day), school.Municipal) != 0 {
			t.Error("the key outlives the post that is ended")
		}
	})
}

// Nor does the link of a forgotten password stand in for it: one person wrote the
// address. Once the acting head came in, it goes there as to everybody.
func TestTheFirstKeyIsNoForgottenPassword(t *testing.T) {
	h := onSQLite(t)
	at := h.near[0]
	town, pilot := h.halves(at)
	h.vacate(at)
	outbox := h.Sends()
	form := proposed(stranger)
	form.Set("mail", "nadege.lambert@exemple.fr")
	town.Post(interimPage(at), form).Wants(http.StatusSeeOther)
	pilot.Post(interimPage(at)+"/confirm", h.confirming(at)).Wants(http.StatusSeeOther)
	h.tick()
	acting := h.acting(at)
	for _, typed := range []string{"nadege.lambert@exemple.fr", h.Login(acting)} {
		h.forgot(typed)
		if came := outbox.New(); len(came) != 0 {
			t.Errorf("%s: %+v", typed, came)
		}
	}
	h.enter(acting, school.Head)
	outbox.New() // that the account is in use
	h.forgot("nadege.lambert@exemple.fr")
	if came := outbox.New(); len(came) != 1 {
		t.Errorf("%d messages to who came in", len(came))
	}
}
