package portal_test

import (
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"preau/account"
	"preau/core/db"
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
		h.get("/me", as).Wants(http.StatusOK, "Séparer les deux comptes")
		h.Later(29 * 24 * time.Hour)
		login2 := h.post("/login", form("login", login, "password", good))
		as = cookie(login2.session())
		h.post("/me/merge/"+act.String()+"/undo", nil, as).Wants(http.StatusSeeOther)
		if h.people(mine, other) != 2 || h.Login(other) != slip.Login.String() {
			t.Error("they are not two again")
		}
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
			h.get("/me/join", as).Wants(http.StatusOK, "Passez voir la direction")
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
	h.Write(func(tx *db.Tx) error { return h.Accounts.Enable(tx, other, 0, "test") })

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
		h.Write(func(tx *db.Tx) error { return h.Accounts.ContestFor(tx, frozen, head, "test") })
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
		h.Write(func(tx *db.Tx) error { return h.Accounts.Renew(tx, other, 0, "test") })
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
		h.Write(func(tx *db.Tx) error { return h.Accounts.RenewAll(tx, []school.ID{mine}, 0, "test") })
		_, as = h.enter(mine)
		h.post("/me/merge/"+act.String()+"/undo", nil, as).Wants(http.StatusSeeOther)
		h.post("/login", form("login", login, "password", good)).Wants(http.StatusUnprocessableEntity)
		c := h.code(other)
		h.post("/activate", form("login", login, "code", c.Text, "password", good, "again", good)).Wants(http.StatusSeeOther)
	})
}
