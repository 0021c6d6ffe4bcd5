package portal_test

import (
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"preau/account"
	"preau/core/audit"
	"preau/core/db"
	"preau/core/mail/mailtest"
	"preau/core/school"
	"preau/test/house"
)

// onBoth runs a test in a hall on each database, from which mail leaves.
func onBoth(t *testing.T, f func(*lobby, *house.Post)) {
	t.Helper()
	fed.Each(t, func(t *testing.T, in *house.House) {
		h := openOn(in)
		f(h, h.Sends())
	})
}

func (h *lobby) forgot(who string) reply { return h.post("/forgotten", form("who", who)) }

// follow chooses a password with a link of activation, "login/code".
func (h *lobby) follow(link, password string) reply {
	login, code, _ := strings.Cut(link, "/")
	return h.post("/activate", form("login", login, "code", code, "password", password))
}

// couple is two guardians who are nothing else.
func (h *lobby) couple() (one, other school.ID) {
	h.T.Helper()
	ids := h.Some(`SELECT DISTINCT b.guardian_id FROM directory_bond b JOIN directory_person p ON p.id = b.guardian_id AND NOT p.organisation
		WHERE b.until_at IS NULL AND NOT EXISTS (SELECT 1 FROM directory_function f WHERE f.person_id = p.id) ORDER BY b.guardian_id LIMIT 2`)
	return ids[0], ids[1]
}

func (h *lobby) disable(person school.ID) {
	h.T.Helper()
	h.Write(func(tx *db.Tx) error { return h.Accounts.Disable(tx, person, audit.By{Request: "test"}) })
}

const another = "quatre chevaux verts chantent"

func TestWithoutMailNothingIsOffered(t *testing.T) {
	h := open(t)
	h.get("/login").Lacks(http.StatusOK, "/forgotten", "oublié")
	h.get("/forgotten").Wants(http.StatusNotFound)
	h.forgot(h.Login(h.guardian())).Wants(http.StatusNotFound)
	h.activate(h.guardian())
	if n := h.One(`SELECT count(*) FROM mail_message`) + h.One(`SELECT count(*) FROM job_job`); n != 0 {
		t.Errorf("%d messages or jobs wait", n)
	}
}

// Whoever is asked about, somebody or nobody, the page and what is written are
// the same; who may be written to gets a message, nobody else.
func TestForgottenTellsNothing(t *testing.T) {
	onBoth(t, func(h *lobby, post *house.Post) {
		t := h.T
		reached, mute := h.couple()
		h.activate(reached)
		h.Address(reached, "Camille@exemple.fr")
		h.activate(mute)
		h.Address(mute, "")
		pupil := h.pupil(school.CM2)
		h.Address(pupil, "enfant@exemple.fr")
		shut := h.plainTeacher()
		h.Address(shut, "prof@ac-exemple.fr")
		h.disable(shut)
		sly := h.head()
		h.Address(sly, "a@exemple.fr\r\nBcc: b@exemple.fr")
		post.New()

		written := func() [3]school.ID {
			return [3]school.ID{
				h.One(`SELECT count(*) FROM job_job`), h.One(`SELECT count(*) FROM account_attempt`), h.One(`SELECT count(*) FROM mail_message`),
			}
		}
		h.forgot("personne.premiere")
		post.New()
		pages := map[string]string{}
		for _, who := range []string{
			h.Login(reached), h.Login(mute), h.Login(pupil), h.Login(shut), h.Login(sly), "personne.inconnue", "<b>", strings.Repeat("a", 5000),
			"camille@EXEMPLE.fr", "enfant@exemple.fr", "prof@ac-exemple.fr", "personne@exemple.fr", "camille@exemple.fr\r\nBcc: b@exemple.fr", "%@%",
		} {
			before := written()
			page := h.forgot(who)
			page.Wants(http.StatusOK, "Regardez vos messages")
			pages[page.Body] = who
			if after := written(); after != [3]school.ID{before[0] + 1, before[1] + 1, before[2]} {
				t.Errorf("%.40q writes %v after %v", who, after, before)
			}
		}
		if len(pages) != 1 {
			t.Errorf("%d different pages tell whether a login exists: %q", len(pages), pages)
		}
		var to []string
		for _, m := range post.New() {
			to = append(to, m.To)
		}
		if fmt.Sprint(to) != "[Camille@exemple.fr Camille@exemple.fr]" {
			t.Errorf("written to: %q", to)
		}
		h.forgot(" ").Wants(http.StatusUnprocessableEntity, "Écrivez votre identifiant")
	})
}

func TestALinkByMail(t *testing.T) {
	onBoth(t, func(h *lobby, post *house.Post) {
		t := h.T
		person, _ := h.couple()
		login := h.activate(person)
		h.Address(person, "camille@exemple.fr")
		link := func() string {
			h.forgot(login)
			came := post.New()
			if len(came) != 1 {
				t.Fatalf("%d messages", len(came))
			}
			m := came[0]
			if strings.Contains(m.Subject, login) || m.To != "camille@exemple.fr" || m.From != "ent@preau.test" {
				t.Errorf("%+v", m)
			}
			return post.Link(m, "/activate")
		}
		first := link()
		second := link() // which replaces it
		h.follow(first, another).Wants(http.StatusUnprocessableEntity)
		h.Later(29 * time.Minute)
		h.follow(second, another).Wants(http.StatusSeeOther)
		h.follow(second, another).Wants(http.StatusUnprocessableEntity)
		h.post("/login", form("login", login, "password", good)).Wants(http.StatusUnprocessableEntity)
		h.post("/login", form("login", login, "password", another)).Wants(http.StatusSeeOther)
		post.New()

		h.Later(7 * time.Hour)
		late := link()
		h.Later(31 * time.Minute)
		h.follow(late, good).Wants(http.StatusUnprocessableEntity)
		shut := link()
		h.disable(person)
		h.follow(shut, good).Wants(http.StatusUnprocessableEntity)
	})
}

// speaks is a browser that was asked for a language.
func speaks(lang string) set {
	return func(r *http.Request) { r.AddCookie(&http.Cookie{Name: "preau-lang", Value: lang}) }
}

// A parent who asks for a password from a page in Arabic is answered in Arabic, and is told in
// it what happens to their account from then on, wherever it happens; what they chose once
// signed in comes first.
func TestTheLanguageOfAccountMails(t *testing.T) {
	onBoth(t, func(h *lobby, post *house.Post) {
		t := h.T
		h.Accounts.Mail.Chosen = h.notify.Chosen
		person, _ := h.couple()
		login := h.activate(person)
		h.Address(person, "camille@exemple.fr")
		post.New()
		one := func(what string, wants ...string) mailtest.Mail {
			t.Helper()
			came := post.New()
			if len(came) != 1 {
				t.Fatalf("%s: %d messages", what, len(came))
			}
			for _, want := range wants {
				if !strings.Contains(came[0].Text+came[0].Subject, want) {
					t.Errorf("%s does not say %q:\n%s\n%s", what, want, came[0].Subject, came[0].Text)
				}
			}
			return came[0]
		}
		h.post("/forgotten", form("who", login), speaks("ar"))
		m := one("the link", "اختاروا كلمة مرور جديدة", "مرحبًا", login)
		if strings.Contains(m.Text, "Bonjour") || strings.Contains(m.Text, "http") && strings.Contains(m.Text, "\u2066http") {
			t.Errorf("it is not all in Arabic, or its link has a mark in it:\n%s", m.Text)
		}
		link, code, _ := strings.Cut(post.Link(m, "/activate"), "/")
		h.post("/activate", form("login", link, "code", code, "password", another), speaks("ar")).Wants(http.StatusSeeOther)
		one("what happened", "استُعمل رمز", "متى:")
		h.disable(person)
		one("what another did", "أُغلق الحساب")
		h.Write(func(tx *db.Tx) error { return h.Accounts.Enable(tx, person, audit.By{Request: "test"}) })
		one("and undid", "أُعيد فتح الحساب")
		h.post("/login", form("login", login, "password", another), speaks("fr"), func(r *http.Request) { r.Header.Set("User-Agent", "another") }).Wants(http.StatusSeeOther)
		one("a sign-in of another browser, told in the language of before", "دخول من جهاز جديد")
		as := h.as(person, school.Guardian)
		post.New()
		h.post("/lang", form("lang", "uk"), as).Wants(http.StatusSeeOther)
		h.Later(7 * time.Hour)
		h.post("/forgotten", form("who", login), speaks("ar"))
		one("what they chose", "Добрий день")
		h.disable(person)
		one("what they chose, again", "Добрий день")
	})
}

// A stranger's question does not end the code that the school printed; a
// password ends both.
func TestALinkAndALetterStandSideBySide(t *testing.T) {
	onBoth(t, func(h *lobby, post *house.Post) {
		person, _ := h.couple() // who never came in
		h.Address(person, "camille@exemple.fr")
		for _, byLetter := range []bool{true, false} {
			letter := h.code(person)
			h.Later(7 * time.Hour)
			h.forgot(letter.Login.String())
			link := post.Link(post.New()[0], "/activate")
			slip := letter.Login.String() + "/" + letter.Text
			use, other := link, slip
			if byLetter {
				use, other = slip, link
			}
			h.follow(use, good).Wants(http.StatusSeeOther)
			h.follow(other, another).Wants(http.StatusUnprocessableEntity)
			post.New()
		}
	})
}

// Of two people who share an address, a login says which; the address, both.
func TestTwoOfOneAddress(t *testing.T) {
	onBoth(t, func(h *lobby, post *house.Post) {
		t := h.T
		one, other := h.couple()
		for _, person := range []school.ID{one, other} {
			h.activate(person)
			h.Address(person, "famille@exemple.fr")
		}
		h.forgot(h.Login(one))
		came := post.New()
		if len(came) != 1 || !strings.Contains(came[0].Text, h.Login(one)) || strings.Contains(came[0].Text, "#"+h.Login(other)+"/") {
			t.Fatalf("%+v", came)
		}
		h.forgot("Famille@exemple.fr")
		came = post.New()
		if len(came) != 1 || !strings.Contains(came[0].Text, "Plusieurs comptes") {
			t.Fatalf("%+v", came)
		}
		for _, person := range []school.ID{one, other} {
			login := h.Login(person)
			_, code, found := strings.Cut(came[0].Text, "/activate#"+login+"/")
			if !found {
				t.Fatalf("no link of %s in %s", login, came[0].Text)
			}
			code, _, _ = strings.Cut(code, "\n")
			h.follow(h.Login(one+other-person)+"/"+code, another).Wants(http.StatusUnprocessableEntity)
			h.follow(login+"/"+code, another).Wants(http.StatusSeeOther)
		}
	})
}

func TestForgottenIsThrottled(t *testing.T) {
	h := open(t)
	post := h.Sends()
	person, _ := h.couple()
	login := h.activate(person)
	h.Address(person, "camille@exemple.fr")
	for range 5 {
		h.forgot(login).Wants(http.StatusOK)
	}
	h.forgot(strings.ToUpper(login)).Wants(http.StatusTooManyRequests)
	for n := range 56 {
		who := h.forgot(fmt.Sprintf("personne%d@exemple.fr", n))
		if want := map[bool]int{true: 200, false: 429}[n < 55]; who.StatusCode != want {
			t.Fatalf("question %d from an address: %d, want %d", n, who.StatusCode, want)
		}
	}
	if came := post.New(); len(came) != 4 {
		t.Errorf("5 questions make %d messages", len(came))
	}
	// Many networks are no way around.
	for n := range 20 {
		from := account.Origin{IP: netip.AddrFrom4([4]byte{203, 0, byte(n), 1}), Request: "test"}
		for _, who := range []string{login, "camille@exemple.fr"} {
			if err := h.Accounts.Forgotten(t.Context(), who, from); err != nil {
				t.Fatal(err)
			}
		}
	}
	if came := post.New(); len(came) != 0 {
		t.Errorf("a flood makes %d messages more", len(came))
	}
	// What happens to the account is told all the same, and who asks from a
	// device of theirs gets a link.
	in := h.post("/login", form("login", login, "password", good))
	in.Wants(http.StatusSeeOther)
	known := func(r *http.Request) { r.AddCookie(in.device()) }
	h.post("/me/password", form("old", good, "password", another), cookie(in.session()))
	h.Later(time.Hour)
	h.post("/forgotten", form("who", login), known)
	subjects := map[string]int{}
	for _, m := range post.New() {
		subjects[m.Subject]++
	}
	if subjects["Préau\u00a0: choisissez un nouveau mot de passe"] != 1 || subjects["Préau\u00a0: le mot de passe a changé"] != 1 {
		t.Errorf("%v", subjects)
	}
}

// Neither the question nor the link is in the database in the clear, while the
// server is down or after.
func TestNoLinkIsInTheDatabase(t *testing.T) {
	onBoth(t, func(h *lobby, post *house.Post) {
		t := h.T
		person, _ := h.couple()
		login := h.activate(person)
		h.Address(person, "camille@exemple.fr")
		held := func() string {
			var all strings.Builder
			h.Read(func(tx *db.Tx) error {
				for _, query := range []string{
					`SELECT payload, error, kind FROM job_job`, `SELECT sealed, '', '' FROM mail_message`,
					`SELECT code, kind, hats FROM account_code`, `SELECT token, '', '' FROM account_contest`, `SELECT detail, request, action FROM audit_entry`,
				} {
					if err := tx.Each(func(row db.Row) error {
						var cells [3][]byte
						err := row.Scan(&cells[0], &cells[1], &cells[2])
						fmt.Fprintf(&all, "%s %s %s\n", cells[0], cells[1], cells[2])
						return err
					}, query); err != nil {
						return err
					}
				}
				return nil
			})
			return all.String()
		}
		post.Down()
		h.forgot(login)
		asked := held()
		post.Work() // the question is answered, the message cannot leave
		waits := held()
		if n := h.One(`SELECT count(*) FROM mail_message`); n != 1 {
			t.Fatalf("%d messages wait", n)
		}
		post.Up()
		h.Later(5 * time.Minute)
		link := post.Link(post.New()[0], "/activate")
		_, code, _ := strings.Cut(link, "/")
		for when, all := range map[string]string{"asked": asked, "waiting": waits, "sent": held()} {
			for _, plain := range []string{code, strings.ReplaceAll(code, "-", ""), "camille@exemple.fr", login} {
				if strings.Contains(all, plain) {
					t.Errorf("%s: %q is in the database", when, plain)
				}
			}
		}
		if n := h.One(`SELECT count(*) FROM mail_message`); n != 0 {
			t.Errorf("%d messages are kept once sent", n)
		}
		h.follow(link, another).Wants(http.StatusSeeOther)
	})
}

func TestOtherSitesAskNothing(t *testing.T) {
	h := open(t)
	h.Sends()
	for path, values := range map[string]url.Values{"/forgotten": form("who", "camille.durand"), "/contest": form("token", "2222-3333-4444-5555")} {
		h.post(path, values, header("Origin", "https://ailleurs.example"), header("Sec-Fetch-Site", "cross-site")).Wants(http.StatusForbidden)
	}
}

// Whoever changes the address of somebody else does not have their account: the one
// before is told, with the link that shuts the account, and no link leaves for the
// new one for three days.
func TestAnotherAddressSettles(t *testing.T) {
	fed.Each(t, func(t *testing.T, in *house.House) {
		h := openOn(in)
		post := h.Sends()
		person, _ := h.couple()
		h.Address(person, "camille@exemple.fr")
		login := h.activate(person)
		post.New()
		h.Address(person, "voleur@exemple.fr")
		for range 2 {
			h.forgot(login)
			h.Later(time.Hour)
		}
		told := post.New()
		if len(told) != 1 || told[0].To != "camille@exemple.fr" || !strings.Contains(told[0].Text, "/contest#") {
			t.Fatalf("told: %+v", told)
		}
		h.Later(72 * time.Hour)
		h.forgot(login)
		if told := post.New(); len(told) != 1 || told[0].To != "voleur@exemple.fr" || !strings.Contains(told[0].Text, "/activate#") {
			t.Errorf("after three days: %+v", told)
		}

		// Who comes in finds out too, and is told where they were.
		h.Address(person, "camille@exemple.fr")
		h.post("/login", form("login", login, "password", good)).Wants(http.StatusSeeOther)
		if told := post.New(); !slices.ContainsFunc(told, func(m mailtest.Mail) bool { return m.To == "voleur@exemple.fr" }) {
			t.Errorf("told: %+v", told)
		}
	})
}

// Nor does whoever writes the first address of somebody whose account is in use: it
// settles like another, whoever asks, and even when its person comes in meanwhile.
func TestTheFirstAddressOfAnAccountInUseSettles(t *testing.T) {
	onBoth(t, func(h *lobby, post *house.Post) {
		person, _ := h.couple()
		h.Address(person, "")
		login := h.activate(person)
		h.Later(25 * time.Hour)
		h.Address(person, "voleur@exemple.fr")
		h.post("/login", form("login", login, "password", good)).Wants(http.StatusSeeOther)
		post.New()
		for range 2 {
			h.forgot("voleur@exemple.fr").Wants(http.StatusOK)
			if told := post.New(); len(told) != 0 {
				t.Fatalf("told: %+v", told)
			}
			h.Later(time.Hour)
		}
		h.Later(72 * time.Hour)
		h.forgot("voleur@exemple.fr")
		if told := post.New(); len(told) != 1 || !strings.Contains(told[0].Text, "/activate#") {
			t.Errorf("after three days: %+v", told)
		}
	})
}

// The address that comes the day an account is opened is its person's.
func TestTheFirstAddressOfANewAccountServes(t *testing.T) {
	onBoth(t, func(h *lobby, post *house.Post) {
		person, _ := h.couple()
		h.Address(person, "")
		h.activate(person)
		h.Later(time.Hour)
		h.Address(person, "camille@exemple.fr")
		h.forgot("camille@exemple.fr")
		if told := post.New(); len(told) != 1 || !strings.Contains(told[0].Text, "/activate#") {
			t.Errorf("told: %+v", told)
		}
	})
}
