package portal_test

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"preau/core/audit"
	"preau/core/db"
	"preau/core/school"
	"preau/directory"
	"preau/test/browser"
	"preau/test/house"
)

var (
	secretKey = regexp.MustCompile(`[A-Z2-7]{4}( [A-Z2-7]{4}){7}`)
	recovery  = regexp.MustCompile(`[2-9B-Z]{4}-[2-9B-Z]{4}-[2-9B-Z]{4}`)
)

// strict opens the hall of an installation where a second factor is demanded.
func strict(t *testing.T) *lobby {
	t.Helper()
	h := open(t)
	h.Accounts.Strict = true
	return h
}

// protected gives a person a login and an application; the code that it showed
// is used up.
func (h *lobby) protected(person school.ID, hat school.Profile) (login, secret string) {
	h.T.Helper()
	before := h.Accounts.Strict
	h.Accounts.Strict = false
	_, secret = h.Enter(person, hat).Protect()
	h.Accounts.Strict = before
	h.Later(time.Minute)
	return h.Login(person), secret
}

// half types the password of whoever is asked for more.
func (h *lobby) half(login string) set {
	h.T.Helper()
	page := h.post("/login", form("login", login, "password", house.Password))
	if page.Wants(http.StatusSeeOther); page.Header.Get("Location") != "/second" || page.device() != nil {
		h.T.Fatalf("the password leads to %q", page.Header.Get("Location"))
	}
	return cookie(page.session())
}

// A session that knows the password only opens no route of any kind.
func TestAHalfOpenSessionOpensNothing(t *testing.T) {
	h := strict(t)
	login, _ := h.protected(h.head(), school.Head)
	as := h.half(login)
	for _, path := range []string{"/", "/me", "/me/class", "/me/factor/1", "/help", "/help/school/1", "/nowhere", "/register/"} {
		page := h.get(path, as)
		if page.StatusCode != http.StatusSeeOther || !strings.HasPrefix(page.Header.Get("Location"), "/second") || page.session() != "" {
			t.Errorf("%s: %d to %q", path, page.StatusCode, page.Header.Get("Location"))
		}
	}
	for path, values := range map[string]url.Values{
		"/me/password": form("old", good, "password", "quatre chevaux verts chantent"), "/me/recovery": nil, "/me/factor/1/remove": nil,
	} {
		page := h.post(path, values, as)
		if page.StatusCode != http.StatusSeeOther || !strings.HasPrefix(page.Header.Get("Location"), "/second") {
			t.Errorf("%s: %d to %q", path, page.StatusCode, page.Header.Get("Location"))
		}
	}
	// What was typed comes back, to be sent again after the second step.
	h.post("/me/hat", form("hat", string(school.Head)), as).Wants(http.StatusForbidden, `href="/second"`, `name="hat"`)
	h.get("/second/new", as).Wants(http.StatusSeeOther)
	if page := h.get("/second/new/square.svg", as); page.StatusCode != http.StatusSeeOther {
		t.Errorf("a secret to add: %d", page.StatusCode)
	}
	for _, path := range []string{"/second/new/challenge", "/second/new/app", "/second/password"} {
		if page := h.post(path, form("old", good), as); page.StatusCode == http.StatusOK || page.session() != "" {
			t.Errorf("%s: %d", path, page.StatusCode)
		}
	}
	h.get("/second", as).Wants(http.StatusOK, "C’est bien vous", "one-time-code")
	if page := h.get("/second", as); page.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("the step is kept: %q", page.Header.Get("Cache-Control"))
	}
	h.post("/logout", nil, as).Wants(http.StatusSeeOther)
	if page := h.get("/second", as); page.Header.Get("Location") != "/login?next=%2Fsecond" {
		t.Errorf("after leaving: %q", page.Header.Get("Location"))
	}
}

// The second step leads where one was going, under a new token.
func TestTheSecondStep(t *testing.T) {
	h := strict(t)
	login, secret := h.protected(h.head(), school.Head)
	page := h.post("/login", form("login", login, "password", good, "next", "/help"))
	if page.Wants(http.StatusSeeOther); page.Header.Get("Location") != "/second?next=%2Fhelp" {
		t.Fatalf("led to %q", page.Header.Get("Location"))
	}
	as := cookie(page.session())
	h.get("/second?done=1", as).Lacks(http.StatusOK, "Fermez cet onglet")
	said := map[string]bool{}
	for _, code := range []string{"", "000000", "2222-3333-4444", "<b>"} {
		wrong := h.post("/second", form("code", code, "next", "/help"), as)
		wrong.Wants(http.StatusUnprocessableEntity, "Ce code ou cette clé ne va pas", `name="next" value="/help"`)
		said[wrong.Main()] = true
	}
	if len(said) != 1 {
		t.Errorf("%d different refusals", len(said))
	}
	right := h.post("/second", form("code", h.Code(secret), "next", "/help"), as)
	if right.Wants(http.StatusSeeOther); right.Header.Get("Location") != "/help" || right.session() == "" || right.device() == nil {
		t.Fatalf("led to %q", right.Header.Get("Location"))
	}
	h.get("/help", cookie(right.session())).Wants(http.StatusOK)
	h.get("/second?done=1", cookie(right.session())).Wants(http.StatusOK, "Fermez cet onglet") // in a tab beside a form
	if h.get("/help", as).StatusCode != http.StatusSeeOther {
		t.Error("the token of the half-open session opens the portal")
	}
	if again := h.post("/second", form("code", h.Code(secret)), h.half(login)); again.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("the same code again: %d", again.StatusCode)
	}
	acts := h.Acts(h.head())
	if !slices.Contains(acts, "account.prove") || !slices.Contains(acts, "account.factor-add") {
		t.Errorf("the journal says %v", acts)
	}
}

// Who has to have a second factor and has none makes one before anything else.
func TestOneIsMadeAtTheFirstSignIn(t *testing.T) {
	h := strict(t)
	slip := h.code(h.head())
	page := h.post("/activate", form("login", slip.Login.String(), "code", slip.Text, "password", good))
	as := cookie(page.session())
	if page.Wants(http.StatusSeeOther); page.Header.Get("Location") != "/second" {
		t.Fatalf("led to %q", page.Header.Get("Location"))
	}
	if page := h.get("/", as); page.Header.Get("Location") != "/second" {
		t.Errorf("home, before: %d to %q", page.StatusCode, page.Header.Get("Location"))
	}
	if page := h.get("/second", as); page.Header.Get("Location") != "/second/new" {
		t.Fatalf("the step leads to %q", page.Header.Get("Location"))
	}
	made := h.get("/second/new", as)
	made.Wants(http.StatusOK, "Votre rôle ouvre", "Application de codes", `src="/second/new/square.svg"`)
	made.Lacks(http.StatusOK, "Créer une clé d’accès") // an address has no passkeys
	if made.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("a secret is kept: %q", made.Header.Get("Cache-Control"))
	}
	square := h.get("/second/new/square.svg", as)
	square.Wants(http.StatusOK, "<svg")
	if square.Header.Get("Content-Type") != "image/svg+xml" || square.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("the square is %v", square.Header)
	}
	secret := secretKey.FindString(made.Body)
	h.post("/second/new/app", form("code", "000000"), as).Wants(http.StatusUnprocessableEntity, "Ce code ne va pas. Attendez le suivant", secret)
	done := h.post("/second/new/app", form("code", h.Code(secret)), as)
	done.Wants(http.StatusOK, "Vos codes de secours", `href="/"`, `<ol class="codes">`, "data-print")
	if codes := recovery.FindAllString(done.Body, -1); len(codes) != 10 {
		t.Errorf("%d recovery codes", len(codes))
	}
	h.get("/", cookie(done.session())).Wants(http.StatusOK)
	h.get("/", as).Wants(http.StatusSeeOther)
	if page := h.post("/second/new/app", form("code", h.Code(secret)), as); page.session() != "" {
		t.Error("the form sent again opens something")
	}
}

// A head who is a parent too is asked when they put the head's hat on.
func TestTheHatOfAHeadAsks(t *testing.T) {
	h := strict(t)
	person := h.guardian()
	at := h.One(`SELECT min(school_id) FROM directory_class`)
	h.Name(person, school.Head, at)
	login, as := h.enter(person)
	h.get("/", as).Wants(http.StatusOK)
	hat := form("hat", string(school.Head), "to", "/help")
	page := h.post("/me/hat", hat, as)
	if page.Wants(http.StatusSeeOther); !strings.HasPrefix(page.Header.Get("Location"), "/second?hat=National_DIR") {
		t.Fatalf("led to %q", page.Header.Get("Location"))
	}
	there := h.get(page.Header.Get("Location"), as)
	if there.Wants(http.StatusSeeOther); !strings.HasPrefix(there.Header.Get("Location"), "/second/new?hat=National_DIR") {
		t.Fatalf("led to %q", there.Header.Get("Location"))
	}
	made := h.get(there.Header.Get("Location"), as)
	made.Wants(http.StatusOK, `name="hat" value="National_DIR"`, `name="next" value="/help"`)
	secret := secretKey.FindString(made.Body)
	done := h.post("/second/new/app", form("code", h.Code(secret), "hat", string(school.Head), "next", "/help"), as)
	done.Wants(http.StatusOK, "Vos codes de secours", `href="/help"`)
	h.get("/register/", cookie(done.session()))
	if !strings.Contains(h.get("/me", cookie(done.session())).Body, "Directeur") && !strings.Contains(h.get("/me", cookie(done.session())).Body, "Directrice") {
		t.Error("the hat is not on")
	}

	h.Later(time.Minute)
	again := h.post("/login", form("login", login, "password", good))
	if again.Wants(http.StatusSeeOther); again.Header.Get("Location") != "/" {
		t.Errorf("a parent is asked for more: %q", again.Header.Get("Location"))
	}
	as = cookie(again.session())
	h.post("/me/hat", hat, as).Wants(http.StatusSeeOther)
	h.get("/second?hat=National_DIR&next=%2Fhelp", as).Wants(http.StatusOK, "C’est bien vous")
	h.post("/second", form("code", "000000", "hat", string(school.Head)), as).Wants(http.StatusUnprocessableEntity)
	// A hat that one does not have is not put on by the way.
	h.post("/second", form("code", h.Code(secret), "hat", string(school.Operator)), as).Wants(http.StatusNotFound)
}

// What one may do to one's own factors, and only lately proved.
func TestMyFactors(t *testing.T) {
	h := strict(t)
	person := h.plainTeacher()
	v := h.Enter(person, school.Teacher)
	v.Get("/me").Wants(http.StatusOK, "Rien de plus que votre mot de passe", "Protéger votre compte")
	v, secret := v.Protect()
	v.Get("/me").Wants(http.StatusOK, "Application de codes", "10 codes de secours", "Ajouter un moyen")
	id := h.One(`SELECT id FROM account_factor WHERE person_id = $1`, person).String()
	v.Get("/me/factor/"+id).Wants(http.StatusOK, "Changer le nom")
	v.Post("/me/factor/"+id+"/name", form("name", " ")).Wants(http.StatusUnprocessableEntity, "Donnez un nom")
	v.Post("/me/factor/"+id+"/name", form("name", "Mon téléphone")).Wants(http.StatusSeeOther)
	v.Get("/me").Wants(http.StatusOK, "Mon téléphone")
	other := h.Enter(h.guardian(), school.Guardian)
	for _, path := range []string{"/name", "/remove"} {
		other.Post("/me/factor/"+id+path, form("name", "à moi")).Wants(http.StatusNotFound)
	}
	other.Get("/me/factor/" + id).Wants(http.StatusNotFound)
	other.Post("/me/recovery", nil).Wants(http.StatusNotFound)

	// A session that proved too long ago, posting straight.
	v = v.Tired()
	for _, path := range []string{"/me/factor/" + id + "/remove", "/me/recovery"} {
		page := v.Post(path, nil)
		if page.Wants(http.StatusSeeOther); page.Header.Get("Location") != "/second" {
			t.Errorf("%s leads to %q", path, page.Header.Get("Location"))
		}
	}
	v.Post("/me/factor/"+id+"/name", form("name", "Autre")).Wants(http.StatusForbidden, "Confirmez d’abord", `value="Autre"`)
	if page := v.Get("/second/new?next=%2Fme"); !strings.HasPrefix(page.Header.Get("Location"), "/second?next=%2Fsecond%2Fnew") {
		t.Errorf("adding leads to %q", page.Header.Get("Location"))
	}
	v.Get("/me").Wants(http.StatusOK, "Mon téléphone", "10 codes de secours")
	v = v.Prove(secret)
	codes := v.Post("/me/recovery", nil)
	codes.Wants(http.StatusOK, "affichés qu’une fois")
	if len(recovery.FindAllString(codes.Body, -1)) != 10 {
		t.Error("no ten codes")
	}
	v.Post("/me/factor/"+id+"/remove", nil).Wants(http.StatusSeeOther)
	v.Get("/me").Wants(http.StatusOK, "Rien de plus que votre mot de passe")

	// The last one of whoever has to keep one.
	lead := h.head()
	_, secret = h.protected(lead, school.Head)
	opened, err := h.Accounts.SignIn(t.Context(), h.Login(lead), good, house.From)
	if err != nil || !opened.Half {
		t.Fatalf("%+v, %v", opened, err)
	}
	w := house.Visitor{House: h.House, Person: lead, Token: opened.Token}.Prove(secret)
	id = h.One(`SELECT id FROM account_factor WHERE person_id = $1`, lead).String()
	w.Get("/me/factor/"+id).Lacks(http.StatusOK, "/remove")
	w.Post("/me/factor/"+id+"/remove", nil).Wants(http.StatusConflict, "votre dernier moyen")

	small := h.Enter(h.pupil(school.CM2), school.Pupil)
	small.Get("/me").Lacks(http.StatusOK, "/second/new")
	small.Get("/second/new").Wants(http.StatusNotFound)
}

// Who has no second factor proves again with the password before they make one.
func TestAddingTakesThePassword(t *testing.T) {
	h := open(t)
	v := h.Enter(h.guardian(), school.Guardian).Tired()
	page := v.Get("/second/new?next=%2Fme")
	if page.Wants(http.StatusSeeOther); page.Header.Get("Location") != "/second?next=%2Fsecond%2Fnew%3Fnext%3D%252Fme" {
		t.Fatalf("led to %q", page.Header.Get("Location"))
	}
	v.Get(page.Header.Get("Location")).Wants(http.StatusOK, "tapez encore une fois votre mot de passe")
	v.Post("/second/password", form("old", "pas du tout le bon")).Wants(http.StatusUnprocessableEntity)
	right := reply{v.Post("/second/password", form("old", house.Password, "next", "/second/new"))}
	right.Wants(http.StatusSeeOther)
	h.get("/second/new", cookie(right.session())).Wants(http.StatusOK, "Application de codes")
}

// A strict house does not let anybody in by the way of a reset: who lost what
// they had makes another.
func TestAfterAReset(t *testing.T) {
	h := strict(t)
	login, _ := h.protected(h.head(), school.Head)
	as := h.half(login)
	h.Write(func(tx *db.Tx) error {
		return h.Accounts.ResetFactors(tx, h.head(), audit.By{Actor: 1, Request: "test"})
	})
	if page := h.get("/second", as); page.Header.Get("Location") != "/login?next=%2Fsecond" {
		t.Errorf("a session of before: %q", page.Header.Get("Location"))
	}
	if page := h.get("/second", h.half(login)); page.Header.Get("Location") != "/second/new" {
		t.Errorf("led to %q", page.Header.Get("Location"))
	}
}

// The recovery codes are read, copied and printed from a telephone as from a desk.
func TestRecoveryScreens(t *testing.T) {
	browser.Open(t)
	h := open(t)
	v, _ := h.Enter(h.plainTeacher(), school.Teacher).Protect()
	for _, view := range []browser.View{{Width: browser.Phone}, {Width: browser.Desk}} {
		p := v.Page(view)
		p.Goto(h.URL + "/me")
		p.Submit(`form[action="/me/recovery"]`)
		p.Check()
		p.Shot("recovery")
	}
}

// Where a second factor is not demanded, those whose role reaches many people are
// invited to make one, and nobody else is; who has one is left in peace.
func TestWhoIsInvitedToProtect(t *testing.T) {
	fed.Each(t, func(t *testing.T, of *house.House) {
		h := openOn(of)
		const invited = `href="/second/new"`
		head := h.head()
		for _, c := range []struct {
			who  school.ID
			hat  school.Profile
			want bool
		}{
			{h.pupil(school.CM2), school.Pupil, false},
			{h.guardian(), school.Guardian, false},
			{h.plainTeacher(), school.Teacher, false},
			{h.appoint(school.Staff, directory.School, "Atsem"), school.Staff, false},
			{h.appoint(school.CareAgent, directory.School, "Castel"), school.CareAgent, false},
			{h.appoint(school.Partner, directory.Project, "Canope"), school.Partner, false},
			{head, school.Head, true},
			{h.appoint(school.Municipal, directory.Commune, "Marchand"), school.Municipal, true},
			{h.appoint(school.Pilot, directory.Academy, "Delorme"), school.Pilot, true},
			{h.appoint(school.Tech, directory.Project, "Tellier"), school.Tech, true},
			{h.appoint(school.Operator, directory.Project, "Garnier"), school.Operator, true},
		} {
			if shown := strings.Contains(h.home(c.who, c.hat), invited); shown != c.want {
				t.Errorf("on the home page of %s: %v", c.hat, shown)
			}
			shown := strings.Contains(said(h.get("/me", h.as(c.who, c.hat)).Body), "Protéger votre compte")
			if shown != (c.hat != school.Pupil) {
				t.Errorf("on the account of %s: %v", c.hat, shown)
			}
		}
		login, secret := h.protected(head, school.Head)
		in := h.post("/second", form("code", h.Code(secret)), h.half(login))
		h.get("/", cookie(in.session())).Lacks(http.StatusOK, invited)
	})
}

// A passkey is made for a name: whoever sees the portal at a number is told where
// else it is, or that there is nowhere.
func TestAPasskeyNeedsAName(t *testing.T) {
	for name, said := range map[string]struct{ named, number string }{
		"localhost": {"data-passkey", `href="http://localhost:`},
		"127.0.0.1": {"Prenez l’application", "Prenez l’application"},
	} {
		h := openAs(name, fed.SQLite(t))
		_, as := h.enter(h.head())
		port := h.URL[strings.LastIndex(h.URL, ":"):]
		at := func(host string) set { return func(r *http.Request) { r.Host = host + port } }
		h.get("/second/new", as, at(name)).Wants(http.StatusOK, said.named)
		page := h.get("/second/new", as, at("127.0.0.1"))
		page.Wants(http.StatusOK, said.number)
		page.Lacks(http.StatusOK, "data-passkey")
	}
}
