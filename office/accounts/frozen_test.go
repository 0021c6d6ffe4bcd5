package accounts_test

import (
	"context"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"preau/account"
	"preau/core/audit"
	"preau/core/db"
	"preau/core/school"
	"preau/test/browser"
	"preau/test/house"
)

// stolen has somebody's account used all over the internet within an hour.
func (h *office) stolen(person school.ID, hat school.Profile) house.Visitor {
	h.T.Helper()
	v := h.Enter(person, hat)
	login := h.Login(person)
	for i, address := range []string{"198.51.100.1", "203.0.113.1", "92.184.1.1", "2001:db8::1"} {
		_, err := h.Accounts.SignIn(h.T.Context(), login, house.Password, account.Origin{IP: netip.MustParseAddr(address), Agent: "Robot", Request: "x"})
		if (err != nil) != (i == 3) {
			h.T.Fatalf("sign-in %d: %v", i, err)
		}
	}
	return v
}

// Whoever may give somebody a code sees that their account was frozen, why, when
// and from where, and opens it again as it was, or without its password; nobody
// else does.
func TestFrozenAccounts(t *testing.T) {
	onBoth(t, func(h *office) {
		t := h.T
		post := h.Sends()
		at := h.near[0]
		elsewhere := pick(t, h.far, func(id school.ID) bool { return h.Head(id) != h.Head(at) })
		class := h.Classes(at)[0].ID
		parent, colleague, pupil := h.guardians(class)[0], h.Teachers(at)[0], h.Pupils(class)[0].ID
		teacher := h.Enter(h.Teachers(at)[1], school.Teacher)
		h.Attach(class, teacher.Person)
		head, operator := h.Enter(h.Head(at), school.Head), h.Enter(h.Operator(), school.Operator)
		other := h.Enter(h.Head(elsewhere), school.Head)
		head.Get("/accounts/frozen").Wants(http.StatusOK, "Aucun compte")
		h.Address(head.Person, "direction@exemple.fr")
		post.New()

		thieves := map[school.ID]house.Visitor{
			parent: h.stolen(parent, school.Guardian), colleague: h.stolen(colleague, school.Teacher), pupil: h.stolen(pupil, school.Pupil),
		}
		told := 0
		for _, m := range post.New() {
			if m.To == "direction@exemple.fr" && strings.Contains(m.Subject, "un compte est mis en sécurité") {
				told++
				if strings.Contains(m.Text, h.Who(parent).Usual) || !strings.Contains(m.Text, "/accounts/frozen") {
					t.Errorf("told %s", m.Text)
				}
			}
		}
		if told != 3 {
			t.Errorf("the head was told %d times", told)
		}
		for who, thief := range thieves {
			thief.Get("/accounts/").Wants(http.StatusSeeOther)
			head.Get("/accounts/frozen").Wants(http.StatusOK, h.Who(who).Name(), "lieux inhabituels", "/accounts/frozen/"+who.String()+"/reopen")
		}
		label := h.Classes(at)[0].Label
		head.Get("/accounts/frozen").Wants(http.StatusOK, "Élève · "+label, "Responsable · "+label, "Enseignement · ", `href="/accounts/"`)
		head.Get("/accounts/").Wants(http.StatusOK, "/accounts/frozen", "3 comptes à rouvrir")
		other.Get("/accounts/").Lacks(http.StatusOK, "à rouvrir")
		operator.Get("/accounts/frozen").Wants(http.StatusOK, h.Who(parent).Name(), "Responsable · "+label+" · "+h.Structure(at).Name)
		operator.Get("/accounts/frozen").Wants(http.StatusOK, "preau admin reopen "+h.Login(parent), "est rouvert par l’école")
		head.Get("/accounts/frozen").Lacks(http.StatusOK, "preau admin")
		other.Get("/accounts/frozen").Lacks(http.StatusOK, h.Who(parent).Name())
		teacher.Get("/accounts/frozen").Wants(http.StatusNotFound)

		for _, path := range []string{"/accounts/frozen/", "/accounts/class/" + class.String() + "/person/"} {
			other.Get(path + parent.String() + "/reopen").Wants(http.StatusNotFound)
			other.Post(path+parent.String()+"/reopen", nil).Wants(http.StatusNotFound)
			teacher.Post(path+parent.String()+"/reopen", url.Values{"how": {"verified"}}).Wants(http.StatusNotFound)
		}
		if reply := operator.Post("/accounts/frozen/"+parent.String()+"/reopen", nil); reply.StatusCode == http.StatusSeeOther {
			t.Error("an operator, who gives a parent no code, opens their account")
		}

		staff := "/accounts/school/" + at.String() + "/staff"
		head.Get(staff).Wants(http.StatusOK, "lieux inhabituels", "Rouvrir")
		head.Get(staff+"/"+colleague.String()+"/reopen").Wants(http.StatusOK, "quatre endroits", "Pour l’assistance", "Réseau 2001:db8::/64", "C’était bien")
		own := "/accounts/class/" + class.String() + "/person/" + pupil.String() + "/reopen"
		teacher.Get(own).Wants(http.StatusOK, "quatre endroits")
		teacher.Post(own, url.Values{"how": {"verified"}}).Wants(http.StatusSeeOther)
		teacher.Post(own, url.Values{"how": {"verified"}}).Wants(http.StatusNotFound)
		enters := func(person school.ID) bool {
			_, err := h.Accounts.SignIn(t.Context(), h.Login(person), house.Password, house.From)
			return err == nil
		}
		if !enters(pupil) || enters(parent) {
			t.Error("the one who was verified, and nobody else, comes in with their password")
		}
		head.Post("/accounts/frozen/"+parent.String()+"/reopen", nil).Wants(http.StatusSeeOther)
		if enters(parent) {
			t.Error("the password that was stolen opens the account")
		}
		h.Enter(parent, school.Guardian)
		head.Get("/accounts/frozen").Wants(http.StatusOK, h.Who(colleague).Name())
		head.Get("/accounts/school/"+at.String()+"/journal.csv?kind=closing").Wants(http.StatusOK, "Compte mis en sécurité par Préau;Préau\r\n")
		for who, want := range map[school.ID]string{pupil: "account.verify", parent: "account.reopen"} {
			if acts := h.Acts(who); !slices.Contains(acts, "account.freeze") || !slices.Contains(acts, want) {
				t.Errorf("journalled: %v", acts)
			}
		}
	})
}

// An act that reaches too many people is undone, its author frozen and signed out,
// and told so; a head who prints everything twice is not.
func TestMassActsOfAnOffice(t *testing.T) {
	onBoth(t, func(h *office) {
		t := h.T
		at := h.near[0]
		classes := h.Classes(at)
		head := h.Enter(h.Head(at), school.Head)
		again := url.Values{"again": {"1"}}
		for range 2 {
			for _, class := range classes {
				page := "/accounts/class/" + class.ID.String()
				head.Post(page+"/letters", again).Wants(http.StatusOK)
				head.Post(page+"/labels", again).Wants(http.StatusOK)
			}
		}
		teacher := h.Enter(h.Teachers(at)[0], school.Teacher)
		class := classes[0].ID
		h.Attach(class, teacher.Person)
		labels := "/accounts/class/" + class.String() + "/labels"
		codes := func() []school.ID {
			return h.Some(`SELECT made_by FROM account_code WHERE made_by = $1`, teacher.Person)
		}
		for tries := 0; ; tries++ {
			before := codes()
			reply := teacher.Post(labels, again)
			if reply.StatusCode == http.StatusOK && tries < 200 {
				continue
			}
			reply.Wants(http.StatusForbidden, "mis en sécurité", "trop de personnes")
			if !slices.Equal(before, codes()) {
				t.Error("the last codes were made")
			}
			break
		}
		teacher.Get("/accounts/").Wants(http.StatusSeeOther)
		head.Get("/accounts/frozen").Wants(http.StatusOK, h.Who(teacher.Person).Name(), "envois en masse")
	})
}

// The passwords of many are erased at once, after a page that says how many:
// never the visitor's, nor of whom they may give no code.
func TestPasswordsOfManyAreErased(t *testing.T) {
	onBoth(t, func(h *office) {
		t := h.T
		at := h.near[0]
		other := h.Enter(h.Head(pick(t, h.near[1:], func(id school.ID) bool { return h.Head(id) != h.Head(at) })), school.Head)
		class := h.Classes(at)[0].ID
		pupils, parents, colleagues := h.Pupils(class), h.guardians(class), h.Teachers(at)
		judged := parents[1]
		for _, p := range pupils {
			if len(h.Some(`SELECT guardian_id FROM directory_bond WHERE pupil_id = $1 AND guardian_id = $2 AND until_at IS NULL`, p.ID, judged)) > 0 {
				hide(h, p.ID, judged)
			}
		}
		head, teacher := h.Enter(h.Head(at), school.Head), h.Enter(colleagues[0], school.Teacher)
		h.Attach(class, teacher.Person)
		in := map[school.ID]house.Visitor{}
		for _, p := range pupils[:3] {
			in[p.ID] = h.Enter(p.ID, school.Pupil)
		}
		for _, p := range []school.ID{parents[0], judged} {
			in[p] = h.Enter(p, school.Guardian)
		}
		isIn := func(p school.ID) bool { _, err := h.resolve(in[p].Token); return err == nil }
		page, whole := "/accounts/class/"+class.String()+"/renew", "/accounts/school/"+at.String()+"/renew"
		id := func(people ...school.ID) url.Values {
			form := url.Values{}
			for _, p := range people {
				form.Add("person", p.String())
			}
			return form
		}
		other.Get(page).Wants(http.StatusNotFound)
		other.Post(page, id(pupils[0].ID)).Wants(http.StatusNotFound)
		other.Post(whole, url.Values{"side": {"pupils"}}).Wants(http.StatusNotFound)
		teacher.Post(whole, url.Values{"side": {"pupils"}}).Wants(http.StatusNotFound)
		head.Post(whole, url.Values{"side": {"everybody"}}).Wants(http.StatusUnprocessableEntity)
		teacher.Get(page).Wants(http.StatusOK, "Effacer pour les 3 comptes activés…", pupils[0].Name())
		teacher.Get(page).Lacks(http.StatusOK, "Familles")
		head.Get(page).Wants(http.StatusOK, "Familles", h.Who(parents[0]).Name())
		teacher.Post(page, nil).Wants(http.StatusOK, "Cochez")
		teacher.Post(page, id(parents[0])).Wants(http.StatusOK, "Cochez") // nobody of theirs

		reply := teacher.Post(page, id(pupils[0].ID, pupils[1].ID))
		reply.Wants(http.StatusOK, "Effacer les mots de passe de 2 comptes", "les images des enfants", "les étiquettes")
		reply.Lacks(http.StatusOK, "les lettres", "Comptes de l’équipe")
		if !isIn(pupils[0].ID) {
			t.Error("erased before it was confirmed")
		}
		form := reply.Hidden("confirm")
		form.Set("confirm", "1")
		teacher.Post(page, form).Wants(http.StatusOK, "2 comptes") // not what was read
		teacher.Post(page, reply.Hidden("confirm")).Wants(http.StatusSeeOther)
		if isIn(pupils[0].ID) || isIn(pupils[1].ID) || !isIn(pupils[2].ID) || !isIn(parents[0]) {
			t.Error("others than those who were ticked are out, or they are in")
		}
		if _, err := h.Accounts.SignIn(context.Background(), h.Login(pupils[0].ID), house.Password, house.From); err == nil {
			t.Error("the password is left")
		}
		head.Post("/accounts/class/"+class.String()+"/labels", nil).Wants(http.StatusOK) // new codes

		for side, then := range map[string]string{"families": "les lettres", "staff": "« Comptes de l’équipe »"} {
			reply := head.Post(whole, url.Values{"side": {side}})
			reply.Wants(http.StatusOK, then)
			reply.Lacks(http.StatusOK, "images", "étiquettes")
			if n, err := strconv.Atoi(reply.Hidden("confirm").Get("confirm")); err != nil || n == 0 {
				t.Errorf("%s: %d", side, n)
			}
			head.Post(whole, reply.Hidden("confirm")).Wants(http.StatusSeeOther)
		}
		if isIn(parents[0]) || !isIn(judged) {
			t.Error("the families: the parent is in, or whom a judge keeps the school from is out")
		}
		if _, err := h.resolve(head.Token); err != nil {
			t.Error("the head is out")
		}
		if _, err := h.resolve(teacher.Token); err == nil {
			t.Error("the staff: the teacher is in")
		}
		if acts := h.Acts(parents[0]); !slices.Contains(acts, "account.renew") {
			t.Errorf("journalled: %v", acts)
		}
	})
}

// What a head sees of an account that was frozen, from their home on.
func TestFrozenScreens(t *testing.T) {
	browser.Open(t)
	h := onSQLite(t)
	h.withHome()
	at := h.near[0]
	class := h.Classes(at)[0].ID
	parent, pupil := h.guardians(class)[0], h.Pupils(class)[0].ID
	head := h.Enter(h.Head(at), school.Head)
	h.stolen(parent, school.Guardian)
	for _, p := range h.Pupils(class)[1:5] {
		h.Enter(p.ID, school.Pupil)
	}
	h.stolen(pupil, school.Pupil)
	path, ours := "/accounts/class/"+class.String(), "/accounts/school/"+at.String()
	head.Get("/").Wants(http.StatusOK, "Comptes mis en sécurité")
	other := h.guardians(class)[1]
	h.Enter(other, school.Guardian)

	// A teacher whose account gave what has served, and a parent who allowed a badge at home.
	teacher, third := h.Teachers(at)[0], h.guardians(class)[2]
	h.Attach(class, teacher)
	h.Enter(teacher, school.Teacher).Post(path+"/door/poster", nil).Wants(http.StatusOK)
	h.Enter(third, school.Guardian)
	child, by := h.One(`SELECT min(pupil_id) FROM directory_bond WHERE guardian_id = $1`, third), audit.By{Actor: teacher, Profile: school.Teacher}
	var code account.Code
	h.Write(func(tx *db.Tx) (err error) {
		if err = h.Accounts.AllowHome(tx, child, audit.By{Actor: third, Profile: school.Guardian}); err != nil {
			return err
		}
		code, err = h.Accounts.IssueSlip(tx, h.Pupils(class)[6].ID, account.Warrant{By: by})
		return err
	})
	if _, err := h.Accounts.Activate(t.Context(), code.Login.String(), code.Text, thiefs, house.From); err != nil {
		t.Fatal(err)
	}
	pictures := map[school.ID]account.Pictures{}
	for _, p := range h.Pupils(class)[7:9] {
		pictures[p.ID] = account.DrawPictures()
	}
	if err := h.Accounts.GivePictures(t.Context(), class, at, by, pictures); err != nil {
		t.Fatal(err)
	}
	h.tick()
	h.stolen(teacher, school.Teacher)
	head.Post(ours+"/opened/"+other.String()+"/contest", nil).Wants(http.StatusSeeOther)
	head.Post(ours+"/switches/on", url.Values{"profile": {"all"}, "reason": {"compte volé"}}).Wants(http.StatusSeeOther)
	operator := h.Enter(h.Operator(), school.Operator)
	for _, view := range []browser.View{{Width: browser.Phone}, {Width: browser.Desk}} {
		p := operator.Page(view)
		p.Goto(h.URL + "/accounts/frozen")
		p.Check()
		p.Shot("breaker-operator")
	}
	for name, address := range map[string]string{
		"home": "/", "frozen": "/accounts/frozen", "class": path, "reopen": "/accounts/frozen/" + parent.String() + "/reopen", "renew": path + "/renew",
		"switches": ours + "/switches", "land": "/accounts/", "shut": ours + "/opened?shut=" + other.String(),
		"reopen-shut": "/accounts/frozen/" + other.String() + "/reopen", "reopen-over": ours + "/staff/" + teacher.String() + "/reopen",
	} {
		for _, view := range []browser.View{{Width: browser.Phone}, {Width: browser.Desk}} {
			p := head.Page(view)
			p.Goto(h.URL + address)
			p.Check()
			p.Shot("breaker-" + name)
			if name == "renew" {
				p.Submit("#all-pupils")
				p.Check()
				p.Shot("breaker-confirm")
				p.Goto(h.URL + address)
				p.Submit("#all-families")
				p.Check()
				p.Shot("breaker-confirm-families")
			}
		}
	}
}

// What a teacher handed out before their account was shut comes back or ends as the head
// answers, where the head is asked; where the teacher shut it, it is said what ends, and
// where it is made again.
func TestWhatEndsIsSaidBeforeItDoes(t *testing.T) {
	onBoth(t, func(h *office) {
		at := h.near[0]
		class := h.Classes(at)[0]
		teacher := h.Teachers(at)[0]
		h.Attach(class.ID, teacher)
		door, reopen := "/accounts/class/"+class.ID.String()+"/door", "/accounts/frozen/"+teacher.String()+"/reopen"
		v := h.Enter(teacher, school.Teacher)
		v.Post(door+"/poster", nil).Wants(http.StatusOK)
		v.Post("/accounts/class/"+class.ID.String()+"/person/"+h.Pupils(class.ID)[0].ID.String()+"/badge", nil).Wants(http.StatusOK)
		h.Enter(teacher, school.Teacher).Post(door+"/tablet", url.Values{"name": {"bleue"}}).Wants(http.StatusSeeOther)
		h.stolen(teacher, school.Teacher)
		head := h.Enter(h.Head(at), school.Head)
		ends := []string{`href="` + door + `"`, "Tablette «\u00a0bleue\u00a0», " + class.Label, "Affiche, " + class.Label, "1 badge d’enfant, "}
		head.Get(reopen).Wants(http.StatusOK, append(ends, "servent de nouveau si c’était la personne")...)
		h.Write(func(tx *db.Tx) error {
			_, err := tx.Exec(`UPDATE account_account SET frozen_why = $1 WHERE person_id = $2`, string(account.Contested), teacher)
			return err
		})
		head.Get(reopen).Wants(http.StatusOK, ends...)
		head.Get(reopen).Lacks(http.StatusOK, "si c’était la personne")
		reply := head.Post(reopen, nil)
		reply.Wants(http.StatusSeeOther)
		if said := strings.Join(reply.Header.Values("Set-Cookie"), " "); !strings.Contains(said, "accounts.reopened-ended") {
			h.T.Errorf("it is not said that things ended: %s", said)
		}
		if n := len(h.doorsOf(class.ID)); n != 0 {
			h.T.Errorf("%d ways in are left", n)
		}
	})
}

// What ends is read at once, on a telephone too.
func TestScreenOfWhatEnds(t *testing.T) {
	browser.Open(t)
	h := onSQLite(t)
	at := h.near[0]
	class, teacher := h.Classes(at)[0].ID, h.Teachers(at)[0]
	h.Attach(class, teacher)
	door := "/accounts/class/" + class.String() + "/door"
	h.Enter(teacher, school.Teacher).Post(door+"/poster", nil)
	h.Enter(teacher, school.Teacher).Post(door+"/tablet", url.Values{"name": {"tablette bleue"}})
	h.stolen(teacher, school.Teacher)
	for _, width := range []int{browser.Phone, browser.Desk} {
		p := h.Enter(h.Head(at), school.Head).Page(browser.View{Width: width})
		p.Goto(h.URL + "/accounts/frozen/" + teacher.String() + "/reopen")
		p.Check()
		p.Shot("accounts-ends")
	}
}
