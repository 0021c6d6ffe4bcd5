package reception_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"preau/core/db"
	"preau/core/i18n"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory/feed"
	"preau/exchange/reception"
	"preau/test/browser"
	"preau/test/house"
)

func TestMain(m *testing.M) { browser.Main(m) }

// visitor is a person with a session of their own.
type visitor struct{ house.Visitor }

// newGate gives a yard whose page is served.
func newGate(t *testing.T) *yard {
	t.Helper()
	y := newYard(t, dbSQLite(t))
	y.Serve(web.Config{Services: []web.Service{y.Service}})
	return y
}

// enter makes somebody with a function, and opens their session.
func (y *yard) enter(first string, profile school.Profile, structure school.ID) visitor {
	y.T.Helper()
	return visitor{y.Enter(y.Appoint(first, profile, structure), profile)}
}

func (y *yard) operator() visitor {
	y.T.Helper()
	return visitor{y.Enter(y.Operator(), school.Operator)}
}

// ask sends a request, and wants a status and texts.
func (v visitor) ask(method, path string, form url.Values, status int, texts ...string) string {
	v.T.Helper()
	var reply house.Reply
	if method == http.MethodGet {
		reply = v.Get(path)
	} else {
		reply = v.Post(path, form)
	}
	reply.Wants(status, texts...)
	return reply.Body
}

// furnish has deliveries applied, held, refused, and an account silent.
func (y *yard) furnish() {
	y.T.Helper()
	sent := newWeek(y.T, 4)
	y.Write(func(tx *db.Tx) error {
		_, err := y.Service.Open(tx, reception.Account{Name: "aaf-nice", Academy: "023", SilenceDays: 1, Schools: []school.UAI{"0060001U"}})
		return err
	})
	y.look()
	y.open(daily, func(a *reception.Account) { a.Schools = uaisOf(y.T, sent.complete[day(0)])[:1] })
	y.put("ENT1D.20261005.tgz", sent.complete[day(0)])
	y.look()
	y.put("ENT1D.20261007.tgz", sent.delta[day(2)])
	y.put("ENT1D.20261006.zip", []byte("not a zip"))
	y.Later(26 * time.Hour)
	y.look()
}

// An operator sees everything and lets go; the pilot of the académie sees
// what is of theirs; the others see nothing.
func TestWhoSeesAndReleases(t *testing.T) {
	h := newGate(t)
	h.furnish()
	held := h.idOf("ENT1D.20261007.tgz")
	release, form := "/reception/arrival/"+held.String()+"/release", url.Values{"reason": {"gap"}}

	academy := h.StructureByRef("academy:096").ID
	pilot := h.enter("dsi", school.Pilot, academy)
	circo := h.One(`SELECT min(id) FROM directory_structure WHERE kind = 'circonscription'`)
	town := h.One(`SELECT min(id) FROM directory_structure WHERE kind = 'commune'`)
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
	operator.ask(http.MethodGet, "/reception/arrival/"+held.String(), nil, http.StatusOK, "Appliquer sans attendre", release)
	if strings.Contains(pilot.ask(http.MethodGet, "/reception/arrival/"+held.String(), nil, http.StatusOK), release) || strings.Contains(operator.ask(http.MethodGet, at, nil, http.StatusOK), "/release") {
		t.Error("let go by a pilot, or of what is applied")
	}
	operator.ask(http.MethodGet, "/reception/", nil, http.StatusOK, "Académie 023, compte aaf-nice", "Plus rien ne vient", "Académie 023", "Appliquer sans attendre", "/register/delivery/")
	for _, wrong := range []url.Values{nil, {"reason": {"departures"}}} {
		operator.ask(http.MethodPost, release, wrong, http.StatusConflict)
	}
	operator.ask(http.MethodPost, "/reception/arrival/12/release", form, http.StatusNotFound)
	operator.ask(http.MethodPost, "/reception/arrival/"+h.idOf("ENT1D.20261005.tgz").String()+"/release", url.Values{"reason": {""}}, http.StatusConflict)
	operator.ask(http.MethodPost, release, form, http.StatusSeeOther)
	operator.ask(http.MethodGet, "/reception/", nil, http.StatusOK, "dans un instant")
	h.look()
	h.wants("ENT1D.20261007.tgz", "applied")
	h.Read(func(tx *db.Tx) error {
		n, err := db.One(tx, db.Column[int], `SELECT count(*) FROM audit_entry WHERE action = 'reception.release' AND object_id = $1 AND actor_id <> 0`, held)
		if n != 1 {
			t.Errorf("%d acts in the journal", n)
		}
		return err
	})
}

// The page tells when nobody watches.
func TestNobodyWatches(t *testing.T) {
	h := newGate(t)
	operator := h.operator()
	operator.ask(http.MethodGet, "/reception/", nil, http.StatusOK, "Ouvrir le premier compte", "preau reception open")
	h.open()
	operator.ask(http.MethodGet, "/reception/", nil, http.StatusOK, "Personne ne relève")
	h.look()
	if strings.Contains(operator.ask(http.MethodGet, "/reception/", nil, http.StatusOK, "Rien n’est encore arrivé"), "Personne ne relève") {
		t.Error("watched, and told not to be")
	}
	h.Later(10 * time.Minute)
	operator.ask(http.MethodGet, "/reception/", nil, http.StatusOK, "Personne ne relève")
}

func TestScreens(t *testing.T) {
	browser.Open(t)
	full, empty := newGate(t), newGate(t)
	full.furnish()
	operator := full.operator()
	for name, v := range map[string]visitor{
		"full": operator, "held": operator, "arrival": full.enter("edith", school.Pilot, full.StructureByRef("academy:096").ID), "empty": empty.operator(),
		"pilot": full.enter("dsi", school.Pilot, full.StructureByRef("academy:096").ID),
	} {
		t.Run(name, func(t *testing.T) {
			for _, view := range []browser.View{{Width: browser.Phone}, {Width: browser.Desk, Dark: name == "pilot"}} {
				p := v.In(t).Page(view)
				path := "/reception/"
				if file := map[string]string{"arrival": "ENT1D.20261005.tgz", "held": "ENT1D.20261007.tgz"}[name]; file != "" {
					path += "arrival/" + full.idOf(file).String()
				}
				p.Goto(v.URL + path)
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
	for _, trouble := range reception.Troubles {
		keys = append(keys, "reception.trouble."+string(trouble))
	}
	for _, key := range keys {
		if !words.Has(key) {
			t.Errorf("no words for %s", key)
		}
	}
}
