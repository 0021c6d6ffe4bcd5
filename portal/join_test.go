package portal_test

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"preau/account"
	"preau/core/audit"
	"preau/core/db"
	"preau/core/i18n"
	"preau/core/school"
	"preau/directory"
	"preau/directory/aaf"
	"preau/directory/feed"
	"preau/test/browser"
	"preau/test/house"
)

// again gives somebody a second record, as the guardian of a child of whom they
// are none yet, or of some children: of their académie, unless a change says of
// whom.
func (h *lobby) again(of school.ID, change func(*directory.Person), children ...school.ID) (other school.ID) {
	h.T.Helper()
	if len(children) == 0 {
		children = h.Some(`SELECT max(e.person_id) FROM directory_enrolment e WHERE e.until_at IS NULL AND NOT EXISTS (
			SELECT 1 FROM directory_bond b JOIN directory_bond o ON o.guardian_id = b.guardian_id
			WHERE b.pupil_id = e.person_id AND o.pupil_id IN (SELECT pupil_id FROM directory_bond WHERE guardian_id = $1))`, of)
	}
	h.Write(func(tx *db.Tx) error {
		row, err := directory.Persons.One(tx, "id = $1", of)
		if err != nil {
			return err
		}
		other = school.NewID(tx.Now)
		row.ID = other
		row.Jointure = int64(other)
		if change != nil {
			change(&row)
			row.SortKey = directory.SortKey(row.UsualName, row.FirstName)
		}
		if err := directory.Persons.Insert(tx, row); err != nil {
			return err
		}
		if row.Source != 0 {
			key := directory.Key{Source: row.Source, Category: string(aaf.Guardians), Jointure: row.Jointure, Subject: other, Live: row.Departed.IsZero()}
			if err := directory.Keys.Insert(tx, key); err != nil {
				return err
			}
		}
		for _, child := range children {
			if err := directory.Bonds.Insert(tx, directory.Bond{Pupil: child, Guardian: other, Link: "10", Authority: true, From: db.At(tx.Now)}); err != nil {
				return err
			}
		}
		_, err = h.Accounts.Welcome(tx, directory.Newcomer{Person: other, First: "Autre", Usual: "Papier"})
		return err
	})
	return other
}

// claim types the slip of another account.
func (h *lobby) claim(c account.Code, as set) reply {
	h.T.Helper()
	return h.post("/me/join", form("login", c.Login.String(), "code", c.Text), as)
}

func (h *lobby) people(ids ...school.ID) school.ID {
	return h.One(`SELECT count(*) FROM directory_person WHERE id IN (` + db.In(ids) + `)`)
}

var digits = regexp.MustCompile(`\b\d{6}\b`)

const askSchool = "parlez-en à l’école"

// A second slip adds its child to the account; the two addresses are told, and
// the person parts the two again.
func TestASecondSlipAddsItsChild(t *testing.T) {
	onBoth(t, func(h *lobby, post *house.Post) {
		t := h.T
		mine := h.guardian()
		h.Address(mine, "moi@exemple.fr")
		login, as := h.enter(mine)
		other := h.again(mine, func(p *directory.Person) { p.Mail = "travail@exemple.fr" })
		child := h.One(`SELECT pupil_id FROM directory_bond WHERE guardian_id = $1`, other)
		slip := h.code(other)
		h.Later(time.Minute)
		post.New()

		h.get("/me", as).Wants(http.StatusOK, "J’ai reçu une autre feuille")
		h.get("/me/join", as).Wants(http.StatusOK, "Identifiant de l’autre compte")
		scanned := form("login", slip.Login.String(), "code", slip.Text)
		h.post("/activate", scanned, as).Wants(http.StatusOK, "Ajouter à mon compte", `action="/me/join"`, slip.Text)
		h.post("/activate", scanned).Lacks(http.StatusOK, "Ajouter à mon compte")
		h.claim(slip, as).Wants(http.StatusSeeOther)
		came := post.New()
		if len(came) != 1 || came[0].To != "travail@exemple.fr" {
			t.Fatalf("the code went to %v", came)
		}
		code := digits.FindString(came[0].Text)
		h.get("/me/join", as).Wants(http.StatusOK, "Six chiffres", "Abandonner")
		if h.people(mine, other) != 2 {
			t.Fatal("they are one before the code was typed")
		}
		h.Later(time.Minute)
		done := h.post("/me/join/code", form("code", code), as)
		if done.Wants(http.StatusSeeOther); h.people(mine, other) != 1 {
			t.Error("they are not one")
		}
		h.get(done.Header.Get("Location"), as).Wants(http.StatusOK, "Famille ", h.Who(child).First, login, "Aller à l’accueil")
		h.get("/", as).Wants(http.StatusOK, "/people/person/"+child.String())
		var told []string
		for _, m := range post.New() {
			if strings.Contains(m.Subject, "deux comptes réunis") && strings.Contains(m.Text, login) {
				told = append(told, m.To)
			}
		}
		if slices.Sort(told); !slices.Equal(told, []string{"moi@exemple.fr", "travail@exemple.fr"}) {
			t.Errorf("told: %v", told)
		}
		if acts := h.Acts(other); !slices.Contains(acts, "account.join-ask") || !slices.Contains(acts, "account.merge") {
			t.Errorf("journalled: %v", acts)
		}
		h.get("/me/journal", as).Wants(http.StatusOK, "Deux comptes réunis", "Demande de réunir deux comptes")
		// The slip is used up.
		h.post("/activate", form("login", slip.Login.String(), "code", slip.Text, "password", good)).Wants(http.StatusUnprocessableEntity)

		act := h.One(`SELECT id FROM directory_merge_act WHERE kept_id = $1`, mine)
		stranger := h.One(`SELECT min(guardian_id) FROM directory_bond b JOIN directory_person p ON p.id = b.guardian_id AND NOT p.organisation WHERE guardian_id <> $1`, mine)
		_, them := h.enter(stranger)
		h.get("/me/merge/"+act.String(), them).Wants(http.StatusNotFound)
		h.post("/me/merge/"+act.String()+"/undo", nil, them).Wants(http.StatusNotFound)
		part := "/me/merge/" + act.String() + "/undo"
		h.get("/me", as).Wants(http.StatusOK, "Séparer les deux comptes", `href="`+part+`"`)
		h.get("/me", as).Lacks(http.StatusOK, `action="`+part+`"`) // it is not done before it is said
		h.get(part, them).Wants(http.StatusNotFound)
		h.Later(29 * 24 * time.Hour)
		login2 := h.post("/login", form("login", login, "password", good))
		as = cookie(login2.session())
		h.get(part, as).Wants(http.StatusOK, login, slip.Login.String(), h.Who(child).First, "nouveau code", `action="`+part+`"`)
		if post.New(); h.people(mine, other) != 1 {
			t.Error("they are two before it was asked for")
		}
		parted := h.post(part, nil, as)
		parted.Wants(http.StatusSeeOther)
		if h.people(mine, other) != 2 || h.Login(other) != slip.Login.String() {
			t.Error("they are not two again")
		}
		told = nil
		for _, m := range post.New() {
			for to, own := range map[string]string{"moi@exemple.fr": login, "travail@exemple.fr": slip.Login.String()} {
				if m.To == to && strings.Contains(m.Subject, "deux comptes séparés") && strings.Contains(m.Text, own+".") {
					told = append(told, m.To)
				}
			}
		}
		if slices.Sort(told); !slices.Equal(told, []string{"moi@exemple.fr", "travail@exemple.fr"}) {
			t.Errorf("told of the parting: %v", told)
		}
		if notice := h.Words.Say(i18n.French, "portal.join-undone"); !strings.Contains(notice, "nouveau code") {
			t.Errorf("the notice is %q", notice)
		}
		h.get(part, as).Wants(http.StatusSeeOther) // signed out
	})
}

// What came with a joining is put on from the page that says it.
func TestAJoiningSaysWhichHatCame(t *testing.T) {
	h := open(t)
	post := h.Sends()
	mine := h.guardian()
	_, as := h.enter(mine)
	other := h.again(mine, func(p *directory.Person) { p.Mail = "travail@exemple.fr" })
	slip := h.code(other)
	h.Later(time.Minute)
	post.New()
	h.claim(slip, as).Wants(http.StatusSeeOther)
	_, text := one(post, h)
	h.Name(other, school.Teacher, h.One(`SELECT min(structure_id) FROM directory_function WHERE profile = 'National_DIR'`))
	done := h.post("/me/join/code", form("code", digits.FindString(text)), as)
	done.Wants(http.StatusSeeOther)
	h.get(done.Header.Get("Location"), as).Wants(http.StatusOK, "Famille ", "Devenir\u00a0: Enseign", `value="`+string(school.Teacher)+`"`)
	h.get("/me", as).Wants(http.StatusOK, done.Header.Get("Location"))
	h.post("/me/hat", form("hat", string(school.Teacher)), as).Wants(http.StatusSeeOther)
}

// Whoever holds the slip of somebody else gets nothing from it here, and is
// journalled.
func TestASlipOfSomebodyElse(t *testing.T) {
	h := open(t)
	post := h.Sends()
	mine := h.guardian()
	me := h.Who(mine)
	_, as := h.enter(mine)
	own := h.One(`SELECT min(pupil_id) FROM directory_bond WHERE guardian_id = $1`, mine)
	restricted := h.again(mine, nil)
	h.Write(func(tx *db.Tx) error {
		_, err := directory.Restrict(tx, directory.Restriction{
			Pupil:    h.One(`SELECT pupil_id FROM directory_bond WHERE guardian_id = $1`, restricted),
			Guardian: restricted, HidePlace: true, Reference: "JAF 12", From: db.At(tx.Now), RecordedBy: 1,
		})
		return err
	})
	apart := h.again(mine, nil)
	h.Write(func(tx *db.Tx) error { return directory.Decide(tx, mine, apart, directory.Apart) })
	head := h.again(mine, nil)
	h.Name(head, school.Head, h.One(`SELECT min(structure_id) FROM directory_function WHERE profile = 'National_DIR'`))
	for name, other := range map[string]school.ID{
		"another name":                 h.again(mine, func(p *directory.Person) { p.FirstName, p.UsualName = "Camille", "Autrenom" }),
		"the spouse":                   h.again(mine, func(p *directory.Person) { p.FirstName = me.First + "e" }),
		"a guardian of the same child": h.again(mine, nil, own),
		"a pupil":                      h.pupil(school.CM2),
		"whom a judge concerns":        restricted,
		"said to be another":           apart,
		"a head":                       head,
	} {
		t.Run(name, func(t *testing.T) {
			h.Address(other, "autre@exemple.fr")
			slip := h.code(other)
			h.Later(10 * time.Second)
			page := h.claim(slip, as)
			page.Wants(http.StatusUnprocessableEntity, askSchool)
			if strings.Contains(page.Main(), h.Who(other).Name()) {
				t.Error("the page names them")
			}
			h.get("/me/join", as).Wants(http.StatusOK, "Identifiant de l’autre compte")
			if came := post.New(); len(came) > 0 {
				t.Errorf("sent: %v", came)
			}
			if acts := h.Acts(other); !slices.Contains(acts, "account.join-refused") {
				t.Errorf("journalled: %v", acts)
			}
			if n := h.One(`SELECT count(*) FROM account_join`); n != 0 {
				t.Error("something waits")
			}
		})
	}
}

// source is a source of a kind.
func (h *lobby) source(kind string) (id school.ID) {
	h.T.Helper()
	h.Write(func(tx *db.Tx) error {
		id = school.NewID(tx.Now)
		_, err := tx.Exec(`INSERT INTO feed_source (id, kind, academy, degree, prefix, revision) VALUES ($1, $2, $3, '1D', '', 0)`, id, kind, id.String())
		return err
	})
	return id
}

// thief has a source say the address of somebody else; 0 is who writes by hand.
func thief(source school.ID) func(*directory.Person) {
	return func(p *directory.Person) { p.Mail, p.Source = "voleur@exemple.fr", source }
}

// A namesake who holds the slip does not have the address that the register has
// for it, nor the face: neither their own address serves, nor one that somebody of
// the school may have written.
func TestANamesakeWithTheSlip(t *testing.T) {
	h := open(t)
	post := h.Sends()
	mine := h.guardian()
	h.Address(mine, "voleur@exemple.fr")
	_, as := h.enter(mine)
	extracted, left := h.again(mine, thief(h.source(feed.FromSchool))), h.again(mine, thief(h.source(feed.FromAcademy)))
	h.Write(func(tx *db.Tx) error {
		if _, err := tx.Exec(`UPDATE directory_key SET live = FALSE WHERE subject_id = $1`, left); err != nil {
			return err
		}
		me := h.Who(mine)
		return directory.Correct(tx, left, directory.Identity{Civility: me.Civility, First: me.First, Usual: me.Usual, Mail: "voleur@exemple.fr"})
	})
	for name, other := range map[string]school.ID{
		"no address":                       h.again(mine, func(p *directory.Person) { p.Mail = "" }),
		"an address typed by hand":         h.again(mine, thief(0)),
		"an address of ONDE":               extracted,
		"corrected, since the record left": left,
	} {
		t.Run(name, func(t *testing.T) {
			slip := h.code(other)
			h.Later(time.Hour) // for tries of its own
			post.New()
			h.claim(slip, as).Wants(http.StatusSeeOther)
			h.get("/me/join", as).Wants(http.StatusOK, "Passez voir la direction de cette école", h.structureOf(other).Name)
			if came := post.New(); len(came) > 0 {
				t.Errorf("sent: %v", came)
			}
			for _, code := range []string{"", "000000", "123456"} {
				h.post("/me/join/code", form("code", code), as).Wants(http.StatusUnprocessableEntity)
			}
			if h.people(mine, other) != 2 {
				t.Error("they are one")
			}
			h.post("/me/join/cancel", nil, as).Wants(http.StatusSeeOther)
			h.post("/me/join/code", form("code", "123456"), as).Wants(http.StatusUnprocessableEntity, "Recommencez")
		})
	}
}

// structureOf is the school of the child of a guardian who has one.
func (h *lobby) structureOf(guardian school.ID) (at directory.Structure) {
	h.T.Helper()
	h.Read(func(tx *db.Tx) (err error) {
		at, err = directory.Structures.One(tx, `id = (SELECT e.school_id FROM directory_enrolment e JOIN directory_bond b ON b.pupil_id = e.person_id
			WHERE b.guardian_id = $1 AND e.until_at IS NULL AND b.until_at IS NULL)`, guardian)
		return err
	})
	return at
}

// Who waits to be seen reads where, until a judge hides it.
func TestWhereAJoiningWaits(t *testing.T) {
	onBoth(t, func(h *lobby, post *house.Post) {
		mine := h.guardian()
		_, as := h.enter(mine)
		other := h.again(mine, func(p *directory.Person) { p.Mail = "" })
		h.claim(h.code(other), as).Wants(http.StatusSeeOther)
		at := h.structureOf(other)
		h.get("/me/join", as).Wants(http.StatusOK, "direction de cette école", at.Name, at.Town)
		h.Write(func(tx *db.Tx) error {
			_, err := directory.Restrict(tx, directory.Restriction{
				Pupil:    h.One(`SELECT pupil_id FROM directory_bond WHERE guardian_id = $1`, other),
				Guardian: other, HidePlace: true, Reference: "JAF 12", From: db.At(tx.Now), RecordedBy: 1,
			})
			return err
		})
		h.get("/me/join", as).Wants(http.StatusOK, "Passez voir la direction de l’école qui vous a donné cette feuille")
		h.get("/me/join", as).Lacks(http.StatusOK, at.Name)
	})
}

// What is typed wrong, used or late opens nothing, and the tenth wrong code ends
// the request.
func TestASlipThatIsUsedOrLate(t *testing.T) {
	h := open(t)
	post := h.Sends()
	mine := h.guardian()
	_, as := h.enter(mine)
	other := h.again(mine, func(p *directory.Person) { p.Mail = "autre@exemple.fr" })
	ask := func() (slip account.Code, code string) {
		t.Helper()
		slip = h.code(other)
		h.Later(time.Minute)
		post.New()
		h.claim(slip, as).Wants(http.StatusSeeOther)
		_, text := one(post, h)
		return slip, digits.FindString(text)
	}
	confirm := func(code string) reply { return h.post("/me/join/code", form("code", code), as) }
	wrong := func(code string) string {
		if code == "000000" {
			return "000001"
		}
		return "000000"
	}

	slip, code := ask()
	h.claim(account.Code{Login: slip.Login, Text: "2222-3333-4444"}, as).Wants(http.StatusUnprocessableEntity)
	h.claim(h.code(mine), as).Wants(http.StatusUnprocessableEntity)

	h.Later(11 * time.Minute)
	confirm(code).Wants(http.StatusUnprocessableEntity, "Recommencez")

	_, code = ask()
	h.code(other) // the school hands out another slip: this one was lost
	h.Write(func(tx *db.Tx) error {
		_, err := tx.Exec(`UPDATE account_code SET made_at = made_at + 1 WHERE person_id = $1`, other)
		return err
	})
	confirm(code).Wants(http.StatusUnprocessableEntity, "Recommencez")

	_, code = ask()
	h.disable(other)
	confirm(code).Wants(http.StatusUnprocessableEntity, "Recommencez")
	h.Write(func(tx *db.Tx) error { return h.Accounts.Enable(tx, other, audit.By{Request: "test"}) })

	h.Later(24 * time.Hour)
	_, as = h.enter(mine)
	_, code = ask()
	for range 9 {
		confirm(wrong(code)).Wants(http.StatusUnprocessableEntity, "Ce n’est pas le code")
	}
	confirm(wrong(code)).Wants(http.StatusUnprocessableEntity)
	confirm(code).Wants(http.StatusTooManyRequests)
	h.Later(61 * time.Minute)
	confirm(code).Wants(http.StatusUnprocessableEntity, "Recommencez")

	h.Later(24 * time.Hour)
	_, as = h.enter(mine)
	slip, code = ask()
	h.Later(time.Second)
	h.follow(slip.Login.String()+"/"+slip.Text, good).Wants(http.StatusSeeOther) // by who it is for
	confirm(code).Wants(http.StatusUnprocessableEntity, "Recommencez")
	h.claim(slip, as).Wants(http.StatusUnprocessableEntity)
	if h.people(mine, other) != 2 {
		t.Error("they are one")
	}
}

// Pupils have one account.
func TestAPupilAddsNoSlip(t *testing.T) {
	h := open(t)
	_, as := h.enter(h.pupil(school.CM2))
	h.get("/me", as).Lacks(http.StatusOK, "/me/join")
	h.get("/me/join", as).Wants(http.StatusNotFound)
	h.claim(h.code(h.guardian()), as).Wants(http.StatusNotFound)
}

// The page of another slip, from the form to the code, and the account after.
func TestAnotherSlipIsForEverybody(t *testing.T) {
	h := open(t)
	post := h.Sends()
	mine := h.guardian()
	v := h.Enter(mine, school.Guardian)
	for i, view := range []browser.View{{Width: browser.Phone}, {Width: browser.Desk}} {
		other := h.again(mine, func(p *directory.Person) { p.Mail = "autre@exemple.fr" })
		unreached := h.again(mine, func(p *directory.Person) { p.Mail = "" })
		slip, another := h.code(other), h.code(unreached)
		h.Later(time.Minute)
		post.New()
		p := v.In(t).Page(view)
		p.Goto(h.URL + "/me/join?open")
		p.Check()
		p.Shot("paper-open")
		fill := func(c account.Code) {
			p.Goto(h.URL + "/me/join")
			p.Check()
			p.Shot("paper")
			p.Fill("login", c.Login.String())
			p.Fill("code", c.Text)
			p.Submit("form#join")
		}
		fill(another)
		p.Check()
		p.Shot("paper-school")
		p.Submit(`form[action="/me/join/cancel"]`)
		fill(slip)
		p.Check()
		p.Shot("paper-code")
		_, text := one(post, h)
		p.Fill("code", digits.FindString(text))
		p.Submit("form#code")
		p.Check()
		p.Shot("paper-joined")
		p.Goto(h.URL + "/me/merge/" + h.One(`SELECT max(id) FROM directory_merge_act WHERE kept_id = $1`, mine).String() + "/undo")
		p.Check()
		p.Shot("paper-part")
		if n := h.One(`SELECT count(*) FROM directory_merge_act WHERE kept_id = $1`, mine); int(n) != i+1 {
			t.Errorf("%d merges", n)
		}
	}
}

// Who parts two accounts after the school gave theirs a new password does not come in
// by the login that had closed with the one of before.
func TestPartingOpensNoPasswordOfBeforeAReset(t *testing.T) {
	onBoth(t, func(h *lobby, post *house.Post) {
		mine := h.guardian()
		_, as := h.enter(mine)
		other := h.again(mine, func(p *directory.Person) { p.Mail = "autre@exemple.fr" })
		login := h.activate(other)
		h.Later(time.Minute)
		post.New()
		h.post("/me/join", form("login", login, "password", good), as).Wants(http.StatusSeeOther)
		_, text := one(post, h)
		h.post("/me/join/code", form("code", digits.FindString(text)), as).Wants(http.StatusSeeOther)
		act := h.One(`SELECT id FROM directory_merge_act WHERE kept_id = $1`, mine)
		h.Later(time.Hour)
		h.Write(func(tx *db.Tx) error {
			return h.Accounts.RenewAll(tx, []school.ID{mine}, audit.By{Request: "test"}, false)
		})
		_, as = h.enter(mine)
		h.post("/me/merge/"+act.String()+"/undo", nil, as).Wants(http.StatusSeeOther)
		h.post("/login", form("login", login, "password", good)).Wants(http.StatusUnprocessableEntity)
		c := h.code(other)
		h.post("/activate", form("login", login, "code", c.Text, "password", good, "again", good)).Wants(http.StatusSeeOther)
	})
}
