package reception_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"preau/account"
	"preau/core/audit"
	"preau/core/db"
	"preau/core/i18n"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
	"preau/directory/feed"
	"preau/exchange/reception"
	"preau/test/browser"
	"preau/test/village"
)

func TestMain(m *testing.M) { browser.Main(m) }

// house is a yard whose page is served.
type house struct {
	*yard
	accounts *account.Accounts
	url      string
}

func newHouse(t *testing.T, d *db.DB) *house {
	t.Helper()
	h := &house{yard: newYard(t, d)}
	h.accounts = account.New(d, h.key, audit.New(h.key), directory.Hats)
	matrix, err := rights.New(h.Rights())
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(nil)
	h.url = "http://" + server.Listener.Addr().String()
	site, err := web.New(web.Config{
		URL: h.url, DB: d, Words: h.Words, Rights: matrix, Doors: doors{h.accounts},
		Hall: []web.Room{hall{}}, Services: []web.Service{h.Service}, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = site
	server.Start()
	t.Cleanup(server.Close)
	return h
}

// doors resolves the real sessions to what the register says of their
// person.
type doors struct{ accounts *account.Accounts }

func (d doors) Visitor(tx *db.Tx, token string) (web.Visitor, error) {
	session, err := d.accounts.Resolve(tx, token)
	if err != nil {
		return web.Visitor{}, err
	}
	actor, err := directory.Actor(tx, session.Person, session.Profile)
	if err != nil {
		return web.Visitor{}, err
	}
	who, err := directory.Get(tx, session.Person)
	return web.Visitor{Actor: actor, Name: who.Name()}, err
}

// hall is a page of sign-in whose password is the token of a session that is
// open already.
type hall struct{}

func (hall) Mount(m *web.Mux) {
	m.PublicGet("/login", "one signs in there", func(*web.Request) (web.Answer, error) {
		return web.Page{Title: "Connexion", Body: templ.Raw(`<h1>Connexion</h1><form method="post">
			<label>Identifiant <input name="login"></label><label>Mot de passe <input name="password"></label>
			<button>Entrer</button></form>`)}, nil
	})
	m.PublicPost("/login", "one signs in there", func(r *web.Request) (web.Answer, error) {
		r.SetSession(r.PostFormValue("password"), time.Time{})
		return web.Redirect{To: "/login"}, nil
	})
}

const password = "les lapins bleus dansent"

// visitor is a person with a session of their own.
type visitor struct {
	*house
	token string
}

// enter makes somebody with a function, and opens their session.
func (h *house) enter(first string, profile school.Profile, structure school.ID) visitor {
	h.t.Helper()
	var code account.Code
	h.write(func(tx *db.Tx) error {
		person, err := directory.Appoint(tx, directory.Appointment{
			First: first, Usual: "Essai", Structure: structure, Template: village.PostOf(profile), Reason: "test",
		})
		if err != nil {
			return err
		}
		if _, err = h.accounts.Add(tx, person, first+".essai"); err != nil {
			return err
		}
		code, err = h.accounts.IssueCode(tx, person, person, account.SlipLife, "test")
		return err
	})
	from := account.Origin{IP: netip.MustParseAddr("192.0.2.1"), Agent: "test", Request: "test"}
	opened, err := h.accounts.Activate(h.t.Context(), code.Login.String(), code.Text, password, from)
	if err != nil {
		h.t.Fatal(err)
	}
	return visitor{h, opened.Token}
}

func (h *house) operator() visitor {
	h.t.Helper()
	var project school.ID
	h.write(func(tx *db.Tx) (err error) {
		project, err = directory.TheProject(tx)
		return err
	})
	return h.enter("opera", school.Operator, project)
}

func (h *house) structure(ref string) (id school.ID) {
	h.t.Helper()
	h.read(func(tx *db.Tx) error {
		s, err := directory.StructureByRef(tx, ref)
		id = s.ID
		return err
	})
	return id
}

var client = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

// ask sends a request, and wants a status and texts.
func (v visitor) ask(method, path string, form url.Values, status int, texts ...string) string {
	v.t.Helper()
	r, err := http.NewRequestWithContext(v.t.Context(), method, v.url+path, strings.NewReader(form.Encode()))
	if err != nil {
		v.t.Fatal(err)
	}
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	r.AddCookie(&http.Cookie{Name: "preau", Value: v.token})
	response, err := client.Do(r)
	if err != nil {
		v.t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	if response.StatusCode != status {
		v.t.Errorf("%s %s: status %d, want %d", method, path, response.StatusCode, status)
	}
	for _, text := range texts {
		if !strings.Contains(string(body), text) {
			v.t.Errorf("%s %s: no %q in\n%s", method, path, text, body)
		}
	}
	return string(body)
}

// furnish has deliveries applied, held, refused, and an account silent.
func (h *house) furnish() {
	h.t.Helper()
	sent := newWeek(h.t, 4)
	h.write(func(tx *db.Tx) error {
		_, err := h.Service.Open(tx, reception.Account{Name: "aaf-nice", Academy: "023", SilenceDays: 1, Schools: []school.UAI{"0060001A"}})
		return err
	})
	h.look()
	h.open(daily, func(a *reception.Account) { a.Schools = uaisOf(h.t, sent.complete[day(0)])[:1] })
	h.put("ENT1D.20261005.tgz", sent.complete[day(0)])
	h.look()
	h.put("ENT1D.20261007.tgz", sent.delta[day(2)])
	h.put("ENT1D.20261006.zip", []byte("not a zip"))
	h.later(26 * time.Hour)
	h.look()
}

// An operator sees everything and lets go; the pilot of the académie sees
// what is of theirs; the others see nothing.
func TestWhoSeesAndReleases(t *testing.T) {
	h := newHouse(t, dbSQLite(t))
	h.furnish()
	held := h.idOf("ENT1D.20261007.tgz")
	release, form := "/reception/arrival/"+held.String()+"/release", url.Values{"reason": {"gap"}}

	academy := h.structure("academy:096")
	pilot := h.enter("dsi", school.Pilot, academy)
	var circo school.ID
	h.read(func(tx *db.Tx) (err error) {
		circo, err = db.One(tx, db.Column[school.ID], `SELECT min(id) FROM directory_structure WHERE kind = 'circonscription'`)
		return err
	})
	var town school.ID
	h.read(func(tx *db.Tx) (err error) {
		town, err = db.One(tx, db.Column[school.ID], `SELECT min(id) FROM directory_structure WHERE kind = 'commune'`)
		return err
	})
	inspector := h.enter("ien", school.Pilot, circo)
	agent := h.enter("cantine", school.Municipal, town)

	agent.ask(http.MethodGet, "/reception/", nil, http.StatusNotFound)
	at := "/reception/arrival/" + h.idOf("ENT1D.20261005.tgz").String()
	for _, v := range []visitor{agent, inspector} {
		v.ask(http.MethodGet, at, nil, http.StatusNotFound)
	}
	left := uaisOf(t, newWeek(t, 1).complete[day(0)])[1]
	pilot.ask(http.MethodGet, at, nil, http.StatusOK, "Laissés de côté", string(left), "Chiffrés, puis détruits")
	for _, v := range []visitor{agent, pilot, inspector} {
		v.ask(http.MethodPost, release, form, http.StatusNotFound)
	}
	if body := inspector.ask(http.MethodGet, "/reception/", nil, http.StatusOK, "Aucune académie ne dépose"); strings.Contains(body, "ENT1D") || strings.Contains(body, "preau reception") {
		t.Error("an inspector sees the académie's deliveries")
	}
	body := pilot.ask(http.MethodGet, "/reception/", nil, http.StatusOK, "ENT1D.20261005.tgz", "Une livraison manque avant celle-ci", "En quarantaine")
	if strings.Contains(body, "aaf-nice") || strings.Contains(body, "release") {
		t.Error("a pilot sees another académie, or may let go")
	}

	operator := h.operator()
	operator.ask(http.MethodGet, "/reception/", nil, http.StatusOK, "aaf-nice", "Plus rien ne vient", "Académie 023", "Appliquer sans attendre", "/register/delivery/")
	for _, wrong := range []url.Values{nil, {"reason": {"departures"}}} {
		operator.ask(http.MethodPost, release, wrong, http.StatusConflict)
	}
	operator.ask(http.MethodPost, "/reception/arrival/12/release", form, http.StatusNotFound)
	operator.ask(http.MethodPost, "/reception/arrival/"+h.idOf("ENT1D.20261005.tgz").String()+"/release", url.Values{"reason": {""}}, http.StatusConflict)
	operator.ask(http.MethodPost, release, form, http.StatusSeeOther)
	operator.ask(http.MethodGet, "/reception/", nil, http.StatusOK, "dans un instant")
	h.look()
	h.wants("ENT1D.20261007.tgz", "applied")
	h.read(func(tx *db.Tx) error {
		n, err := db.One(tx, db.Column[int], `SELECT count(*) FROM audit_entry WHERE action = 'reception.release' AND object_id = $1 AND actor_id <> 0`, held)
		if n != 1 {
			t.Errorf("%d acts in the journal", n)
		}
		return err
	})
}

// The page tells when nobody watches.
func TestNobodyWatches(t *testing.T) {
	h := newHouse(t, dbSQLite(t))
	operator := h.operator()
	operator.ask(http.MethodGet, "/reception/", nil, http.StatusOK, "Ouvrir le premier compte", "preau reception open")
	h.open()
	operator.ask(http.MethodGet, "/reception/", nil, http.StatusOK, "Personne ne relève")
	h.look()
	if strings.Contains(operator.ask(http.MethodGet, "/reception/", nil, http.StatusOK, "Rien n’est encore arrivé"), "Personne ne relève") {
		t.Error("watched, and told not to be")
	}
	h.later(10 * time.Minute)
	operator.ask(http.MethodGet, "/reception/", nil, http.StatusOK, "Personne ne relève")
}

func TestScreens(t *testing.T) {
	browser.Open(t)
	full, empty := newHouse(t, dbSQLite(t)), newHouse(t, dbSQLite(t))
	full.furnish()
	for name, v := range map[string]visitor{
		"full": full.operator(), "arrival": full.enter("edith", school.Pilot, full.structure("academy:096")), "empty": empty.operator(),
		"pilot": full.enter("dsi", school.Pilot, full.structure("academy:096")),
	} {
		t.Run(name, func(t *testing.T) {
			for _, view := range []browser.View{{Width: browser.Phone}, {Width: browser.Desk, Dark: name == "pilot"}} {
				p := browser.Open(t).Page(t, view)
				p.Login(v.url, "moi", v.token)
				path := "/reception/"
				if name == "arrival" {
					path += "arrival/" + v.idOf("ENT1D.20261005.tgz").String()
				}
				p.Goto(v.url + path)
				p.Check()
				p.Shot("reception-" + name)
			}
		})
	}
}

// Every state and every reason has its words.
func TestNoWordIsMissing(t *testing.T) {
	words, err := i18n.Load(ui.Words, feed.Words, reception.Words)
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, state := range reception.States {
		keys = append(keys, "reception.state."+string(state), "reception.state-text."+string(state))
	}
	for _, reason := range reception.Reasons {
		keys = append(keys, "reception.reason."+string(reason), "reception.remedy."+string(reason))
	}
	for _, key := range keys {
		if !words.Has(key) {
			t.Errorf("no words for %s", key)
		}
	}
}
