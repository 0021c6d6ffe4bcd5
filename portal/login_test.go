package portal_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"preau/account"
	"preau/account/federation"
	"preau/core/audit"
	"preau/core/db"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
	"preau/portal"
	"preau/test/house"
)

func form(pairs ...string) url.Values {
	values := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		values.Set(pairs[i], pairs[i+1])
	}
	return values
}

// anonymous is a page without what differs from one answer to the next.
var anonymous = regexp.MustCompile(`value="[^"]*"`)

func TestSignInRefuses(t *testing.T) {
	h := open(t)
	person := h.guardian()
	login := h.activate(person)
	sleeping := h.pupil(school.CM2) // has a login, no password

	var sleeper string
	h.Write(func(tx *db.Tx) error {
		accounts, err := account.Of(tx, sleeping)
		sleeper = accounts[sleeping].Login.String()
		return err
	})
	pages := map[string]bool{}
	for name, typed := range map[string]string{"wrong password": login, "nobody": "personne.inconnue", "not activated": sleeper, "no login": "<b>"} {
		page := h.post("/login", form("login", typed, "password", "pas du tout le bon"))
		if page.StatusCode != http.StatusUnprocessableEntity || page.session() != "" {
			t.Errorf("%s: %d, session %q", name, page.StatusCode, page.session())
		}
		if typed != "<b>" && !strings.Contains(page.Body, `value="`+typed+`"`) {
			t.Errorf("%s: what was typed is lost", name)
		}
		pages[anonymous.ReplaceAllString(page.Body, "")] = true
	}
	if len(pages) != 1 {
		t.Errorf("%d different pages tell whether a login exists", len(pages))
	}
}

// That an account is closed, or its person gone for good, is told to whoever has its
// password, and to nobody else: not even of one that is frozen, since somebody
// else may have it.
func TestOnlyTheRightPasswordHearsThatAnAccountIsClosed(t *testing.T) {
	onBoth(t, func(h *lobby, _ *house.Post) {
		guardian, head := h.guardian(), h.head()
		gone, closed, frozen := h.plainTeacher(), h.again(guardian, nil), h.again(guardian, nil)
		joined := h.again(guardian, nil)
		logins := map[school.ID]string{}
		for _, person := range []school.ID{guardian, gone, closed, frozen, joined} {
			logins[person] = h.activate(person)
		}
		h.leave(gone)
		h.Later(100 * 24 * time.Hour)
		h.disable(closed)
		h.Write(func(tx *db.Tx) error {
			if err := h.Accounts.ContestFor(tx, frozen, audit.By{Actor: head, Request: "test"}); err != nil {
				return err
			}
			_, err := h.Accounts.Merge(tx, guardian, joined, audit.By{Request: "test"})
			return err
		})
		knock := func(login, password string) reply {
			return h.post("/login", form("login", login, "password", password))
		}
		said := func(page reply) string {
			h.T.Helper()
			if page.Wants(http.StatusUnprocessableEntity); page.session() != "" {
				h.T.Error("a closed account opens")
			}
			return anonymous.ReplaceAllString(page.Main(), "")
		}
		wrong := said(knock("personne.inconnue", good))
		for name, page := range map[string]reply{
			"of an account that is open": knock(logins[guardian], "pas du tout le bon"),
			"of one that is closed":      knock(logins[closed], "pas du tout le bon"),
			"of who is gone":             knock(logins[gone], "pas du tout le bon"),
			"of one that is joined":      knock(logins[joined], "pas du tout le bon"),
			"of one that is frozen":      knock(logins[frozen], "pas du tout le bon"),
			"the right one of a frozen":  knock(logins[frozen], good),
		} {
			if said(page) != wrong {
				h.T.Errorf("the password %s hears something else than that of nobody", name)
			}
		}
		for _, person := range []school.ID{closed, gone} {
			if !strings.Contains(said(knock(logins[person], good)), "ce compte est fermé") {
				h.T.Errorf("%s does not hear that their account is closed", logins[person])
			}
		}
		if !strings.Contains(said(knock(logins[joined], good)), "réuni à un autre") {
			h.T.Error("who joined two accounts does not hear it")
		}
		h.Later(time.Hour)
		for try := 1; try <= 10; try++ { // what is told is a try, as is what is not
			knock(logins[closed], "pas du tout le bon")
		}
		knock(logins[closed], good).Wants(http.StatusTooManyRequests)
	})
}

func TestTheTenthWrongPasswordWaits(t *testing.T) {
	h := open(t)
	login := h.activate(h.guardian())
	for try := 1; try <= 10; try++ {
		page := h.post("/login", form("login", login, "password", "pas du tout le bon"))
		if want := map[bool]int{true: 422, false: 429}[try < 10]; page.StatusCode != want {
			t.Fatalf("try %d: %d, want %d", try, page.StatusCode, want)
		}
		if try < 10 {
			continue
		}
		wait, err := strconv.Atoi(page.Header.Get("Retry-After"))
		if err != nil || wait <= 0 {
			t.Errorf("Retry-After: %q", page.Header.Get("Retry-After"))
		}
		if !strings.Contains(page.Body, strconv.Itoa((wait+59)/60)+" minutes") {
			t.Error("the page does not say how long to wait")
		}
	}
	if page := h.post("/login", form("login", login, "password", good)); page.StatusCode != http.StatusTooManyRequests {
		t.Errorf("the right password then: %d", page.StatusCode)
	}
}

// What others try on a login, or on every login of a school behind one address,
// does not shut out who signed in there before.
func TestTheTriesOfOthersShutNobodyOut(t *testing.T) {
	h := open(t)
	login := h.activate(h.guardian())
	first := h.post("/login", form("login", login, "password", good))
	device := first.device()
	if device == nil || !device.HttpOnly || device.SameSite != http.SameSiteLaxMode || device.Path != "/" || device.MaxAge < 90*24*3600 {
		t.Fatalf("the cookie of a device is %v", device)
	}
	known := func(r *http.Request) { r.AddCookie(device) }
	for range 12 {
		h.post("/login", form("login", login, "password", "pas du tout le bon"))
	}
	h.post("/login", form("login", login, "password", good)).Wants(http.StatusTooManyRequests)
	again := h.post("/login", form("login", login, "password", good), known)
	if again.Wants(http.StatusSeeOther); again.device() == nil || again.device().Value != device.Value {
		t.Errorf("the cookie of a device that is known becomes %v", again.device())
	}
	slip := h.code(h.head())
	for range 12 {
		h.post("/activate", form("login", slip.Login.String(), "code", "2222-3333-4444", "password", good)).Wants(http.StatusUnprocessableEntity)
	}
	h.post("/activate", form("login", slip.Login.String(), "code", slip.Text, "password", good)).Wants(http.StatusSeeOther)
	for n := range 318 {
		h.post("/login", form("login", "personne.inconnue"+strconv.Itoa(n+2), "password", "pas du tout le bon"))
	}
	h.post("/login", form("login", "personne.inconnue", "password", "pas du tout le bon")).Wants(http.StatusTooManyRequests)
	h.post("/login", form("login", slip.Login.String(), "password", good)).Wants(http.StatusSeeOther)
	h.post("/login", form("login", login, "password", good), known).Wants(http.StatusSeeOther)
	if page := h.post("/logout", nil, cookie(again.session()), known); page.device() != nil {
		t.Error("signing out forgets the device")
	}
}

func TestOtherSitesDoNotPost(t *testing.T) {
	h := open(t)
	login, as := h.enter(h.guardian())
	for path, values := range map[string]url.Values{
		"/login":       form("login", login, "password", good),
		"/logout":      {},
		"/lang":        form("lang", "en"),
		"/me/hat":      form("hat", string(school.Head)),
		"/me/password": form("old", good, "password", "quatre chevaux verts chantent"),
	} {
		page := h.post(path, values, as, header("Origin", "https://ailleurs.example"), header("Sec-Fetch-Site", "cross-site"))
		if page.StatusCode != http.StatusForbidden || len(page.Cookies()) > 0 {
			t.Errorf("%s: %d, cookies %v", path, page.StatusCode, page.Cookies())
		}
	}
	if h.get("/", as).StatusCode != http.StatusOK {
		t.Error("another site signed somebody out")
	}
}

func TestSignInLeadsInside(t *testing.T) {
	h := open(t)
	login := h.activate(h.guardian())
	for next, want := range map[string]string{
		"": "/", "/": "/", "/me": "/me", "/register/x?page=2": "/register/x?page=2",
		"https://ailleurs.example/": "/", "//ailleurs.example": "/", `/\ailleurs.example`: "/", "/login": "/", "/logout": "/",
		"javascript:alert(1)": "/", "/a\tb": "/",
	} {
		page := h.post("/login", form("login", strings.ToUpper(login), "password", good, "next", next))
		if page.StatusCode != http.StatusSeeOther || page.Header.Get("Location") != want {
			t.Errorf("next %q leads to %q (%d)", next, page.Header.Get("Location"), page.StatusCode)
		}
		if page.session() == "" {
			t.Errorf("next %q: no session", next)
		}
	}
}

func TestAStrangerIsLedToTheDoor(t *testing.T) {
	h := open(t)
	for path, want := range map[string]string{"/": "/login", "/me": "/login?next=%2Fme", "/me/class": "/login?next=%2Fme%2Fclass"} {
		if page := h.get(path); page.StatusCode != http.StatusSeeOther || page.Header.Get("Location") != want {
			t.Errorf("%s: %d to %q", path, page.StatusCode, page.Header.Get("Location"))
		}
	}
	for _, path := range []string{"/login", "/activate", "/about/legal", "/about/accessibility"} {
		page := h.get(path)
		if page.StatusCode != http.StatusOK || !strings.Contains(page.Body, `href="/about/legal"`) {
			t.Errorf("%s: %d, or the way to the rights is missing", path, page.StatusCode)
		}
	}
	if page := h.get("/login?next=/me"); !strings.Contains(page.Body, `name="next" value="/me"`) {
		t.Error("the door forgets where one was going")
	}
}

func TestSignOut(t *testing.T) {
	h := open(t)
	_, as := h.enter(h.guardian())
	page := h.post("/logout", nil, as)
	if page.StatusCode != http.StatusSeeOther || page.Header.Get("Location") != "/login" || page.Header.Get("Clear-Site-Data") == "" {
		t.Errorf("%d to %q", page.StatusCode, page.Header.Get("Location"))
	}
	if page := h.get("/", as); page.StatusCode != http.StatusSeeOther {
		t.Errorf("the session is still open: %d", page.StatusCode)
	}
	if page := h.post("/logout", nil); page.StatusCode != http.StatusSeeOther {
		t.Errorf("signing out twice: %d", page.StatusCode)
	}
}

// Signing in on a tablet where somebody is in already closes their session.
func TestSignInClosesTheSessionBefore(t *testing.T) {
	h := open(t)
	_, before := h.enter(h.pupil(school.CM2))
	login := h.activate(h.guardian())
	if page := h.post("/login", form("login", login, "password", good), before); page.session() == "" {
		t.Fatal("no session")
	}
	if page := h.get("/", before); page.StatusCode != http.StatusSeeOther {
		t.Errorf("the pupil's session is still open: %d", page.StatusCode)
	}
}

// Whom a judge keeps from all their children has not left: they may know a password,
// and open nothing.
func TestNoHatNoSession(t *testing.T) {
	h := open(t)
	person := h.guardian()
	login, as := h.enter(person)
	h.Write(func(tx *db.Tx) error {
		children, err := directory.ChildrenOf(tx, person)
		for _, child := range children {
			if err == nil {
				_, err = directory.Restrict(tx, directory.Restriction{
					Pupil: child.ID, Guardian: person, NoAccess: true, Reference: "JAF 12", From: db.At(tx.Now),
				})
			}
		}
		return err
	})
	if page := h.get("/", as); page.StatusCode != http.StatusSeeOther {
		t.Errorf("a session without a hat: %d", page.StatusCode)
	}
	page := h.post("/login", form("login", login, "password", good))
	if page.StatusCode != http.StatusForbidden || page.session() != "" || !strings.Contains(page.Body, "plus rien ici") {
		t.Errorf("%d, session %q", page.StatusCode, page.session())
	}
}

// The page of sign-in does without what cannot be read, and tells an operator so.
func TestThePageOfSignInTellsWhatItGoesWithout(t *testing.T) {
	in := fed.SQLite(t)
	table, err := rights.New(portal.Rights)
	if err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	hall := &portal.Portal{
		Accounts: in.Accounts, Log: slog.New(slog.NewTextHandler(&log, nil)),
		Ways: func(context.Context) ([]federation.Way, error) { return nil, errors.New("no ways here") },
	}
	in.Serve(web.Config{Hall: []web.Room{hall}, Rights: table, Frame: hall.Frame})
	in.Write(func(tx *db.Tx) error {
		_, err := tx.Exec(`ALTER TABLE account_network RENAME TO account_elsewhere`)
		return err
	})
	h := &lobby{House: in}
	h.get("/login").Wants(http.StatusOK)
	for _, want := range []string{"no ways here", "account_network"} {
		if !regexp.MustCompile(`level=ERROR .*` + want).MatchString(log.String()) {
			t.Errorf("%q is in no line of\n%s", want, log.String())
		}
	}
}
