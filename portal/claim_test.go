package portal_test

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"preau/core/audit"
	"preau/core/db"
	"preau/core/school"
	"preau/directory"
	"preau/test/house"
)

// An account in use is joined with its password, which a slip does not replace,
// and with the code that its address gets.
func TestAnAccountInUseIsNotTakenOverByASlip(t *testing.T) {
	h := open(t)
	post := h.Sends()
	mine := h.guardian()
	_, as := h.enter(mine)
	other := h.again(mine, func(p *directory.Person) { p.Mail = "autre@exemple.fr" })
	_, theirs := h.enter(other)
	slip := h.code(other)
	h.Later(time.Minute)
	post.New()
	h.claim(slip, as).Wants(http.StatusUnprocessableEntity, "La feuille ne suffit plus", "Mot de passe de l’autre compte")
	with := func(password string) reply {
		return h.post("/me/join", form("login", slip.Login.String(), "code", slip.Text, "password", password), as)
	}
	with("").Wants(http.StatusUnprocessableEntity, "Tapez l’identifiant et le mot de passe")
	with("ce n’est pas celui-là").Wants(http.StatusUnprocessableEntity)
	h.get("/", theirs).Wants(http.StatusOK)
	with(good).Wants(http.StatusSeeOther)
	_, text := one(post, h)
	h.post("/me/join/code", form("code", digits.FindString(text)), as).Wants(http.StatusSeeOther)
	if h.people(mine, other) != 1 {
		t.Error("they are not one")
	}
	h.get("/", theirs).Wants(http.StatusSeeOther)
}

// Who is in learns here of no password that it is right: a login that nobody has,
// a wrong password and an account that is not joined hear one answer.
func TestAJoiningProvesNoPassword(t *testing.T) {
	onBoth(t, func(h *lobby, _ *house.Post) {
		mine := h.guardian()
		_, as := h.enter(mine)
		other, restricted := h.again(mine, nil), h.again(mine, nil)
		closed, frozen, protected := h.again(mine, nil), h.again(mine, nil), h.again(mine, nil)
		h.Write(func(tx *db.Tx) error {
			_, err := directory.Restrict(tx, directory.Restriction{
				Pupil:    h.One(`SELECT pupil_id FROM directory_bond WHERE guardian_id = $1`, restricted),
				Guardian: restricted, HidePlace: true, Reference: "JAF 12", From: db.At(tx.Now), RecordedBy: 1,
			})
			return err
		})
		head := h.head()
		logins := map[school.ID]string{}
		for _, person := range []school.ID{other, restricted, closed, frozen, head} {
			logins[person] = h.activate(person)
		}
		logins[protected], _ = h.protected(protected, school.Guardian)
		h.disable(closed)
		h.Write(func(tx *db.Tx) error {
			return h.Accounts.ContestFor(tx, frozen, audit.By{Actor: head, Request: "test"})
		})
		pages := map[string]string{}
		for name, c := range map[string][2]string{
			"a login that nobody has":      {"personne.inconnue", good},
			"a wrong password":             {logins[other], "pas du tout le bon"},
			"the wrong password of a head": {logins[head], "pas du tout le bon"},
			"the right one of a head":      {logins[head], good},
			"of whom a judge concerns":     {logins[restricted], good},
			"of an account that is closed": {logins[closed], good},
			"of one that is frozen":        {logins[frozen], good},
			"of one with a second factor":  {logins[protected], house.Password},
		} {
			page := h.post("/me/join", form("login", c[0], "password", c[1]), as)
			page.Wants(http.StatusUnprocessableEntity, "Rien n’est réuni", askSchool, `value="`+c[0]+`"`)
			pages[anonymous.ReplaceAllString(page.Body, "")] = name
		}
		if len(pages) != 1 {
			h.T.Errorf("they hear %d answers: %v", len(pages), slices.Collect(maps.Values(pages)))
		}
		for _, person := range []school.ID{head, closed} {
			if acts := h.Acts(person); !slices.Contains(acts, "account.join-refused") {
				h.T.Errorf("who has the right password and no right is not journalled: %v", acts)
			}
		}
		if n := h.One(`SELECT count(*) FROM account_join`); n != 0 {
			h.T.Error("something waits")
		}
	})
}

// Nor does their own journal, or what they take with them, tell who is in which
// password is right: a refused claim is one line of it, whatever was typed.
func TestTheJournalOfWhoClaimsProvesNoPassword(t *testing.T) {
	onBoth(t, func(h *lobby, _ *house.Post) {
		mine := h.guardian()
		_, as := h.enter(mine)
		head, closed, protected, other := h.head(), h.again(mine, nil), h.again(mine, nil), h.again(mine, nil)
		theirs, shut, open := h.activate(head), h.activate(closed), h.activate(other)
		second, _ := h.protected(protected, school.Guardian)
		h.disable(closed)
		lines := func() int {
			return strings.Count(h.get("/me/journal", as).Main(), "Demande de réunir deux comptes, refusée")
		}
		told := func() school.ID {
			return h.One(`SELECT count(*) FROM audit_entry WHERE actor_id = $1 OR subject_id = $1 OR object_id = $1`, mine)
		}
		for name, c := range map[string][2]string{
			"a login that nobody has":               {"personne.inconnue", good},
			"a wrong password":                      {open, "pas du tout le bon"},
			"the wrong one of a head":               {theirs, "pas du tout le bon"},
			"the right one of a head":               {theirs, good},
			"the wrong one of a closed account":     {shut, "pas du tout le bon"},
			"the right one of a closed account":     {shut, good},
			"the wrong one, before a second factor": {second, "pas du tout le bon"},
			"the right one, before a second factor": {second, house.Password},
		} {
			read, held := lines(), told()
			h.post("/me/join", form("login", c[0], "password", c[1]), as).Wants(http.StatusUnprocessableEntity)
			if n, m := lines()-read, told()-held; n != 1 || m != 1 {
				h.T.Errorf("%s: %d lines more to read, %d held, want one", name, n, m)
			}
		}
		for _, person := range []school.ID{head, closed, protected} {
			if acts := h.Acts(person); !slices.Contains(acts, "account.join-refused") {
				h.T.Errorf("whose password is known is not journalled: %v", acts)
			}
		}
		if acts := h.Acts(other); slices.Contains(acts, "account.join-refused") {
			h.T.Error("whose password is not known is told that it is")
		}
	})
}

// Whose password was typed by somebody else reads so, and is written to: never at an
// address that the one who typed it reads too.
func TestWhosePasswordIsKnownIsTold(t *testing.T) {
	onBoth(t, func(h *lobby, post *house.Post) {
		mine := h.guardian()
		h.Address(mine, "moi@exemple.fr")
		_, as := h.enter(mine)
		other := h.again(mine, func(p *directory.Person) {
			p.FirstName, p.UsualName, p.Mail = "Camille", "Autrenom", "autre@exemple.fr"
		})
		shared := h.again(mine, func(p *directory.Person) { p.FirstName, p.UsualName, p.Mail = "Camille", "Autrenom", "Moi@exemple.fr" })
		login, theirs := h.enter(other)
		box := h.activate(shared)
		h.Later(time.Minute)
		post.New()
		claim := func(login, password string) {
			h.post("/me/join", form("login", login, "password", password), as).Wants(http.StatusUnprocessableEntity)
		}
		claim(login, "pas du tout le bon")
		claim(box, good)
		if came := post.New(); len(came) > 0 {
			h.T.Errorf("sent: %v", came)
		}
		claim(login, good)
		came := post.New()
		if len(came) != 1 || came[0].To != "autre@exemple.fr" || came[0].Subject != "Préau\u00a0: votre mot de passe est connu" ||
			!strings.Contains(came[0].Text, login) || !strings.Contains(came[0].Text, "/contest#") {
			h.T.Errorf("sent: %v", came)
		}
		page := h.get("/me/journal", theirs)
		page.Wants(http.StatusOK, "Demande de réunir deux comptes, refusée</td>", ">quelqu’un d’autre</td>")
		page.Lacks(http.StatusOK, ">l’école</td>")
	})
}

// An account with a second factor is left to the school, whatever is shown of it, and
// one that has got it since it was claimed.
func TestASecondFactorIsNotJoined(t *testing.T) {
	onBoth(t, func(h *lobby, post *house.Post) {
		mine := h.guardian()
		_, as := h.enter(mine)
		other := h.again(mine, func(p *directory.Person) { p.Mail = "autre@exemple.fr" })
		h.protected(other, school.Guardian)
		h.Write(func(tx *db.Tx) error { return h.Accounts.Renew(tx, other, audit.By{Request: "test"}) })
		slip := h.code(other)
		h.Later(time.Minute)
		post.New()
		h.claim(slip, as).Wants(http.StatusUnprocessableEntity, askSchool)
		if came := post.New(); len(came) > 0 {
			h.T.Errorf("sent: %v", came)
		}

		later := h.again(mine, func(p *directory.Person) { p.Mail = "autre@exemple.fr" })
		login := h.activate(later)
		h.Later(time.Minute)
		post.New()
		h.post("/me/join", form("login", login, "password", good), as).Wants(http.StatusSeeOther)
		_, text := one(post, h)
		opened, err := h.Accounts.SignIn(h.T.Context(), login, good, desk)
		if err != nil {
			h.T.Fatal(err)
		}
		house.Visitor{House: h.House, Person: later, Token: opened.Token}.Protect()
		h.post("/me/join/code", form("code", digits.FindString(text)), as).Wants(http.StatusUnprocessableEntity, "Recommencez")
		if h.people(mine, other, later) != 3 {
			h.T.Error("they are one")
		}
	})
}

// A claim is a try at the door of sign-in, and what shuts one shuts the other.
func TestAJoiningIsATryAtTheDoor(t *testing.T) {
	h := open(t)
	mine := h.guardian()
	_, as := h.enter(mine)
	head, other := h.head(), h.again(mine, nil)
	theirs, twin := h.activate(head), h.activate(other)
	claim := func(login, password string) reply {
		return h.post("/me/join", form("login", login, "password", password), as)
	}
	for n := range 9 { // the right one, which is refused, is no better than a wrong one
		claim(theirs, []string{good, "pas du tout le bon"}[n%2]).Wants(http.StatusUnprocessableEntity)
	}
	h.post("/login", form("login", theirs, "password", "pas du tout le bon")).Wants(http.StatusTooManyRequests)
	h.post("/login", form("login", theirs, "password", good)).Wants(http.StatusTooManyRequests)
	for range 10 {
		h.post("/login", form("login", twin, "password", "pas du tout le bon"))
	}
	claim(twin, good).Wants(http.StatusTooManyRequests)
}
