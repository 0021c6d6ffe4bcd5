package portal_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"preau/core/audit"
	"preau/core/db"
	"preau/core/school"
	"preau/directory"
	"preau/test/house"
)

// one gives the only message that came.
func one(post *house.Post, h *lobby) (subject, text string) {
	h.T.Helper()
	came := post.New()
	if len(came) != 1 {
		h.T.Fatalf("%d messages, want 1: %v", len(came), came)
	}
	return came[0].Subject, came[0].Text
}

// What happens to an account is told to its person, and nobody's name is in a
// subject.
func TestPeopleAreTold(t *testing.T) {
	onBoth(t, func(h *lobby, post *house.Post) {
		t := h.T
		person, other := h.couple()
		h.Address(person, "camille@exemple.fr")
		h.Address(other, "")
		const firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
		told := func(want string, parts ...string) {
			t.Helper()
			subject, text := one(post, h)
			if subject != "Préau\u00a0: "+want {
				t.Errorf("told %q, want %q", subject, want)
			}
			for _, part := range append(parts, h.Login(person)) {
				if !strings.Contains(text, part) {
					t.Errorf("%s: no %q in\n%s", want, part, text)
				}
			}
			if strings.Contains(text, "réseau") || strings.Contains(text, "/24") {
				t.Errorf("%s: a parent is told of a network:\n%s", want, text)
			}
			// The device and the hour first; the address last, for whoever helps.
			device, hour, act := strings.Index(text, "Appareil"), strings.Index(text, "Quand"), strings.Index(text, "Ce n’était pas vous")
			if address := strings.Index(text, "adresse internet"); device >= 0 && (device > hour || hour > act || act > address) {
				t.Errorf("%s: told in another order:\n%s", want, text)
			}
		}
		quiet := func(what string) {
			t.Helper()
			if came := post.New(); len(came) > 0 {
				t.Errorf("%s is told: %v", what, came)
			}
		}
		browser := header("User-Agent", firefox)
		first, login := h.code(person), h.Login(person)
		in := h.post("/activate", form("login", login, "code", first.Text, "password", good), browser)
		told("le compte est activé", "Appareil\u00a0: Firefox sur Linux.", "commence par 127.0.0.", "2026", "/contest#")

		known := func(r *http.Request) { r.AddCookie(in.device()) }
		h.post("/login", form("login", login, "password", good), known).Wants(http.StatusSeeOther)
		quiet("a sign-in on the same device")
		h.post("/login", form("login", login, "password", good), browser).Wants(http.StatusSeeOther)
		told("connexion depuis un nouvel appareil", "Firefox sur Linux")
		h.post("/login", form("login", login, "password", "pas du tout le bon")).Wants(http.StatusUnprocessableEntity)
		quiet("a wrong password")

		h.post("/me/password", form("old", good, "password", another), cookie(in.session())).Wants(http.StatusSeeOther)
		told("le mot de passe a changé", "un navigateur inconnu")
		h.Write(func(tx *db.Tx) error {
			c, err := h.Accounts.IssueCode(tx, person, audit.By{Request: "test"}, time.Hour)
			first = c
			return err
		})
		quiet("a code that is handed out")
		h.post("/activate", form("login", login, "code", first.Text, "password", good)).Wants(http.StatusSeeOther)
		told("un code a servi")

		h.disable(person)
		subject, text := one(post, h)
		if !strings.Contains(subject, "fermé") || strings.Contains(text, "/contest#") {
			t.Errorf("%s: %s", subject, text)
		}
		h.Write(func(tx *db.Tx) error { return h.Accounts.Enable(tx, person, audit.By{Request: "test"}) })
		told("le compte est rouvert")

		h.activate(other)
		quiet("what happens to somebody without an address")
		h.Write(func(tx *db.Tx) error {
			_, err := h.Accounts.Merge(tx, person, other, audit.By{Request: "test"})
			return err
		})
		told("deux comptes réunis")
	})
}

func TestContest(t *testing.T) {
	onBoth(t, func(h *lobby, post *house.Post) {
		t := h.T
		person, _ := h.couple()
		login := h.activate(person)
		h.Address(person, "camille@exemple.fr")
		contest := func(token string) reply { return h.post("/contest", form("token", token)) }
		link := func() string {
			h.post("/login", form("login", login, "password", good)).Wants(http.StatusSeeOther)
			_, text := one(post, h)
			_, token, _ := strings.Cut(text, "/contest#")
			token, _, _ = strings.Cut(token, "\n")
			return token
		}
		thief := h.as(person, school.Guardian)
		post.New()
		first, second := link(), link()
		h.get("/contest").Wants(http.StatusOK, "Ce n’était pas vous")
		h.get("/", thief).Wants(http.StatusOK)
		for _, wrong := range []string{"", "2222-3333-4444-5555", first[:len(first)-1], strings.ToLower(first) + "2", login} {
			contest(wrong).Wants(http.StatusUnprocessableEntity, "Préau ne connaît pas ce code")
		}
		h.get("/", thief).Wants(http.StatusOK)

		waiting := h.code(person)
		// Whoever holds the link may not be whom it was sent to.
		var places []string
		h.Read(func(tx *db.Tx) error {
			actor, err := directory.Actor(tx, person, school.Guardian)
			if err != nil {
				return err
			}
			at, err := directory.StructuresByID(tx, actor.Schools...)
			for _, s := range at {
				places = append(places, s.Name)
			}
			return err
		})
		if len(places) == 0 {
			t.Fatal("the children are of no school")
		}
		shut := contest(strings.ToLower(first))
		shut.Wants(http.StatusOK, "Le compte est fermé")
		shut.Lacks(http.StatusOK, places...)
		h.Later(24 * time.Hour)
		for _, used := range []string{first, second} {
			spent := contest(used)
			spent.Wants(http.StatusUnprocessableEntity, "Ce lien ne sert plus", "Il a fini de servir hier")
			spent.Lacks(http.StatusUnprocessableEntity, places...)
		}
		h.Later(-24 * time.Hour)
		h.get("/", thief).Wants(http.StatusSeeOther)
		h.post("/login", form("login", login, "password", good)).Wants(http.StatusUnprocessableEntity)
		h.follow(login+"/"+waiting.Text, another).Wants(http.StatusUnprocessableEntity)
		alerts := 0
		for _, m := range post.New() {
			switch {
			case m.To == "camille@exemple.fr":
				if !strings.Contains(m.Subject, "fermé") {
					t.Errorf("told %q", m.Subject)
				}
			case strings.Contains(m.Subject, "mis en sécurité") && !strings.Contains(m.Text, login):
				alerts++ // whose account it is, the head reads once they are in
			default:
				t.Errorf("told %q", m.Subject)
			}
		}
		if alerts == 0 {
			t.Error("no head was told")
		}
		h.Later(7 * time.Hour)
		h.forgot(login)
		if came := post.New(); len(came) != 0 {
			t.Error("a frozen account gets a link")
		}
		reopen := func() error {
			return h.DB.Write(t.Context(), func(tx *db.Tx) error {
				return h.Accounts.Reopen(tx, person, audit.By{Actor: h.head(), Request: "test"})
			})
		}
		if err := reopen(); err != nil {
			t.Fatal(err)
		}
		contest(first).Wants(http.StatusUnprocessableEntity, "Il a fini de servir", "Tant que l’école ne l’a pas rouvert")
		contest(second).Wants(http.StatusUnprocessableEntity)
		h.post("/login", form("login", login, "password", good)).Wants(http.StatusUnprocessableEntity) // it may be known
		if err := reopen(); err == nil {
			t.Error("an account that is open is opened again")
		}
		h.disable(person)
		if err := reopen(); err == nil {
			t.Error("an account that an operator disabled is opened by the school")
		}
		h.Write(func(tx *db.Tx) error { return h.Accounts.Enable(tx, person, audit.By{Request: "test"}) })
		h.activate(person)
		post.New()
		before := link()
		h.Write(func(tx *db.Tx) error { return h.Accounts.Renew(tx, person, audit.By{Actor: h.head()}) })
		contest(before).Wants(http.StatusUnprocessableEntity, "l’école a mis fin à l’ancien mot de passe")
		h.activate(person)
		post.New()
		late := link()
		h.Later(30 * 24 * time.Hour)
		contest(late).Wants(http.StatusUnprocessableEntity, "Il servait pendant 30 jours", "ouvert comme avant")
		purge := func() {
			h.Write(func(tx *db.Tx) error {
				_, err := h.Accounts.Purge(tx)
				return err
			})
		}
		purge()
		contest(late).Wants(http.StatusUnprocessableEntity, "Ce lien ne sert plus")
		h.Later(61 * 24 * time.Hour)
		purge()
		contest(late).Wants(http.StatusUnprocessableEntity, "Préau ne connaît pas ce code")
	})
}

func TestTokensOfContestAreNotGuessed(t *testing.T) {
	h := open(t)
	for n := range 31 {
		page := h.post("/contest", form("token", fmt.Sprintf("2222-3333-4444-%04d", 5000+n)))
		if want := map[bool]int{true: 422, false: 429}[n < 30]; page.StatusCode != want {
			t.Fatalf("try %d: %d, want %d", n, page.StatusCode, want)
		}
	}
}

// A person reads what happened to their own account, and who did it by what
// they are.
func TestJournal(t *testing.T) {
	h := open(t)
	person, other := h.couple()
	head := h.head()
	in := h.as(person, school.Guardian)
	h.Later(time.Minute)
	h.Write(func(tx *db.Tx) error {
		_, err := h.Accounts.IssueCode(tx, person, audit.By{Actor: head, Request: "test"}, time.Hour)
		return err
	})
	login := h.Login(person)
	h.get("/me", in).Wants(http.StatusOK, "/me/journal")
	h.get("/me/journal", in).Wants(http.StatusOK, "Code remis", "la direction de l’école", "Mot de passe choisi avec un code", "aujourd’hui")
	if page := h.get("/me/journal", in); strings.Contains(page.Main(), h.Who(head).Usual) {
		t.Error("the journal names the head")
	}
	for range 60 {
		h.post("/login", form("login", login, "password", good)).Wants(http.StatusSeeOther)
	}
	first := h.get("/me/journal", in)
	if n := strings.Count(first.Main(), "<tr"); n != 51 { // and the head of the table
		t.Errorf("%d rows on a page", n)
	}
	first.Wants(http.StatusOK, "nouvel appareil", "Plus ancien")
	_, older, _ := strings.Cut(first.Body, "/me/journal?before=")
	older, _, _ = strings.Cut(older, `"`)
	next := h.get("/me/journal?before="+older, in)
	next.Wants(http.StatusOK, "Code remis", "Revenir au plus récent")
	next.Lacks(http.StatusOK, "Plus ancien")
	h.get("/me/journal?before=x", in).Wants(http.StatusOK, "Plus ancien")

	h.get("/me/journal", h.as(other, school.Guardian)).Lacks(http.StatusOK, "nouvel appareil", "la direction")
	h.get("/me/journal").Wants(http.StatusSeeOther)
}
