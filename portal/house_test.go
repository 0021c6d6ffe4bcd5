package portal_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"preau/account"
	"preau/core/audit"
	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/i18n"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/seal"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
	"preau/directory/feed"
	"preau/portal"
	"preau/test/browser"
	"preau/test/village"
)

func TestMain(m *testing.M) { browser.Main(m) }

// good is everybody's password.
const good = "les lapins bleus dansent"

// house is the hall of a village, behind a real server.
type house struct {
	t        *testing.T
	url      string
	db       *db.DB
	accounts *account.Accounts
}

// doors is how app finds who holds a session.
type doors struct{ *account.Accounts }

func (d doors) Visitor(tx *db.Tx, token string) (web.Visitor, error) {
	session, err := d.Resolve(tx, token)
	if err != nil {
		return web.Visitor{}, err
	}
	return portal.Visitor(tx, session.Person, session.Profile)
}

// schemas are the tables that the hall's people and places are in.
func schemas() []db.Schema {
	return []db.Schema{directory.Schema(), feed.Schema(), account.Schema(), audit.Schema()}
}

// open feeds a village of three schools and opens its hall.
func open(t *testing.T) *house {
	t.Helper()
	return openOn(t, dbtest.SQLite(t, schemas()...))
}

func openOn(t *testing.T, d *db.DB) *house {
	t.Helper()
	key, err := seal.Open(filepath.Join(t.TempDir(), "key"))
	if err != nil {
		t.Fatal(err)
	}
	h := &house{t: t, db: d, accounts: account.New(d, key, audit.New(key), directory.Hats)}
	h.feed()
	words, err := i18n.Load(web.Words, ui.Words, directory.Words, account.Words, portal.Words)
	if err != nil {
		t.Fatal(err)
	}
	matrix, err := rights.New(portal.Rights)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(nil)
	h.url = "http://" + server.Listener.Addr().String()
	hall := &portal.Portal{DB: d, Accounts: h.accounts, Audiences: directory.Audiences{}, Demo: true}
	site, err := web.New(web.Config{
		URL: h.url, DB: d, Words: words, Rights: matrix, Doors: doors{h.accounts}, Hall: []web.Room{hall},
		Frame: hall.Frame, Log: slog.New(slog.NewTextHandler(testWriter{t}, &slog.HandlerOptions{Level: slog.LevelError})), Demo: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = site
	server.Start()
	t.Cleanup(server.Close)
	return h
}

// testWriter shows what the site logs beside the test.
type testWriter struct{ t *testing.T }

func (w testWriter) Write(b []byte) (int, error) {
	w.t.Log(strings.TrimSpace(string(b)))
	return len(b), nil
}

func (h *house) feed() {
	h.t.Helper()
	dir := h.t.TempDir()
	_, err := village.Write(dir, village.Options{Schools: 3, Seed: 1, Date: time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC), Troubles: true})
	if err != nil {
		h.t.Fatal(err)
	}
	f := &feed.Feeder{DB: h.db, Caps: feed.DefaultCaps, Log: slog.New(slog.DiscardHandler),
		Newcomers: h.accounts.MakeLogins}
	if _, err := f.Feed(h.t.Context(), dir, feed.Options{}); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) write(f func(*db.Tx) error) {
	h.t.Helper()
	if err := h.db.Write(h.t.Context(), f); err != nil {
		h.t.Fatal(err)
	}
}

// find gives the first identifier that a query finds.
func (h *house) find(query string, args ...any) (id school.ID) {
	h.t.Helper()
	h.write(func(tx *db.Tx) (err error) {
		id, err = db.One(tx, db.Column[school.ID], query, args...)
		return err
	})
	return id
}

func (h *house) texts(query string, args ...any) (list []string) {
	h.t.Helper()
	h.write(func(tx *db.Tx) (err error) {
		list, err = db.All(tx, db.Column[string], query, args...)
		return err
	})
	return list
}

func (h *house) someone(id school.ID) (who directory.Someone) {
	h.t.Helper()
	h.write(func(tx *db.Tx) (err error) {
		who, err = directory.Get(tx, id)
		return err
	})
	return who
}

// The people of the village that the tests need.
func (h *house) pupil(level school.Level) school.ID {
	h.t.Helper()
	return h.find(`SELECT e.person_id FROM directory_enrolment e
		JOIN directory_membership m ON m.person_id = e.person_id AND m.role = 'pupil'
		JOIN directory_class c ON c.id = m.class_id AND c.kind = 'class'
		WHERE e.level_code = $1 ORDER BY e.person_id LIMIT 1`, level.Code)
}

// guardian gives the guardian who has the most children.
func (h *house) guardian() school.ID {
	h.t.Helper()
	return h.find(`SELECT b.guardian_id FROM directory_bond b
		JOIN directory_person p ON p.id = b.guardian_id AND NOT p.organisation
		GROUP BY b.guardian_id ORDER BY count(*) DESC, b.guardian_id LIMIT 1`)
}

func (h *house) head() school.ID {
	h.t.Helper()
	return h.find(`SELECT f.person_id FROM directory_function f JOIN directory_structure s ON s.id = f.structure_id
		WHERE f.profile = 'National_DIR' ORDER BY s.uai, f.person_id LIMIT 1`)
}

// plainTeacher gives a teacher of the head's school who has no other hat.
func (h *house) plainTeacher() school.ID {
	h.t.Helper()
	return h.find(`SELECT min(f.person_id) FROM directory_function f WHERE f.profile = 'National_ENS'
		AND f.structure_id = (SELECT min(g.structure_id) FROM directory_function g WHERE g.person_id = $1 AND g.profile = 'National_DIR')
		AND NOT EXISTS (SELECT 1 FROM directory_function o WHERE o.person_id = f.person_id AND o.profile <> 'National_ENS')`, h.head())
}

// merged makes one person of a guardian and a teacher.
func (h *house) merged(teacher school.ID) school.ID {
	h.t.Helper()
	guardian := h.guardian()
	h.write(func(tx *db.Tx) error { return directory.Merge(tx, guardian, teacher) })
	return guardian
}

// attach gives a teacher the class of a pupil.
func (h *house) attach(teacher, class school.ID) {
	h.t.Helper()
	h.write(func(tx *db.Tx) error {
		return directory.Attach(tx, directory.Attachment{Class: class, Teacher: teacher})
	})
}

// classIn gives the first class of the school where somebody works.
func (h *house) classIn(worker school.ID) school.ID {
	h.t.Helper()
	return h.find(`SELECT c.id FROM directory_class c WHERE c.kind = 'class' AND c.school_id IN
		(SELECT structure_id FROM directory_function WHERE person_id = $1) ORDER BY c.label_key, c.id LIMIT 1`, worker)
}

// appoint makes an agent, with a login.
func (h *house) appoint(profile school.Profile, kind directory.Kind, usual string) (id school.ID) {
	h.t.Helper()
	h.write(func(tx *db.Tx) error {
		at, err := directory.TheProject(tx)
		if kind != directory.Project && err == nil {
			var s directory.Structure
			s, err = directory.Structures.One(tx, "kind = $1 ORDER BY id LIMIT 1", kind)
			at = s.ID
		}
		if err != nil {
			return err
		}
		id, err = directory.Appoint(tx, directory.Appointment{
			Civility: "Mme", First: "Agathe", Usual: usual, Structure: at, Template: village.PostOf(profile), Reason: "test",
		})
		if err != nil {
			return err
		}
		_, err = h.accounts.Add(tx, id, "agathe."+strings.ToLower(usual))
		return err
	})
	return id
}

// entrusted makes a member of the staff who helps in a class, and follows one
// of its pupils.
func (h *house) entrusted(usual string) (id school.ID) {
	h.t.Helper()
	id = h.appoint(school.Staff, directory.School, usual)
	h.write(func(tx *db.Tx) error {
		at, err := directory.PostsOf(tx, id)
		if err != nil {
			return err
		}
		classes, err := directory.ClassesOf(tx, at[0].Structure)
		if err != nil {
			return err
		}
		pupils, err := directory.PupilsIn(tx, classes[0].ID)
		if err != nil {
			return err
		}
		g := directory.Grant{Person: id, School: at[0].Structure, Class: classes[0].ID, Reason: "test"}
		if err := directory.Give(tx, g, time.Time{}); err != nil {
			return err
		}
		g.Class, g.Pupil = 0, pupils[0].ID
		return directory.Give(tx, g, time.Time{})
	})
	return id
}

var desk = account.Origin{IP: netip.MustParseAddr("127.0.0.1"), Agent: "Browser", Request: "desk"}

// code hands a person a code.
func (h *house) code(person school.ID) (c account.Code) {
	h.t.Helper()
	h.write(func(tx *db.Tx) (err error) {
		c, err = h.accounts.IssueCode(tx, person, 0, account.SlipLife, "test")
		return err
	})
	return c
}

// activate gives a person the password good, and tells their login.
func (h *house) activate(person school.ID) string {
	h.t.Helper()
	login, _ := h.enter(person)
	return login
}

// enter gives a person the password good, and a session.
func (h *house) enter(person school.ID) (login string, as set) {
	h.t.Helper()
	c := h.code(person)
	opened, err := h.accounts.Activate(h.t.Context(), c.Login.String(), c.Text, good, desk)
	if err != nil {
		h.t.Fatal(err)
	}
	return c.Login.String(), cookie(opened.Token)
}

// as gives the person's session with a hat on.
func (h *house) as(person school.ID, profile school.Profile) set {
	h.t.Helper()
	c := h.code(person)
	opened, err := h.accounts.Activate(h.t.Context(), c.Login.String(), c.Text, good, desk)
	if err != nil {
		h.t.Fatal(err)
	}
	if opened.Profile != profile {
		h.write(func(tx *db.Tx) error {
			opened, err = h.accounts.Switch(tx, opened.Token, profile, desk)
			return err
		})
	}
	return cookie(opened.Token)
}

// someoneIn is who signs in to look at a page.
type someoneIn struct{ name, login string }

// everyone gives a person of each profile, able to sign in; a class has its
// teacher, and a teacher has none yet.
func (h *house) everyone() []someoneIn {
	h.t.Helper()
	head := h.head()
	taught, class := h.plainTeacher(), h.classIn(head)
	newcomer := h.find(`SELECT max(f.person_id) FROM directory_function f WHERE f.profile = 'National_ENS'
		AND NOT EXISTS (SELECT 1 FROM directory_function o WHERE o.person_id = f.person_id AND o.profile <> 'National_ENS')`)
	another := h.find(`SELECT min(person_id) FROM directory_function WHERE profile = 'National_ENS' AND person_id NOT IN ($1, $2)`, taught, newcomer)
	h.attach(taught, class)
	everyone := []someoneIn{
		{"small", h.activate(h.pupil(school.PS))},
		{"early", h.activate(h.pupil(school.CP))},
		{"pupil", h.activate(h.pupil(school.CM2))},
		{"guardian", h.activate(h.guardian())},
		{"teacher", h.activate(taught)},
		{"teacher-new", h.activate(newcomer)},
		{"head", h.activate(head)},
		{"staff", h.activate(h.appoint(school.Staff, directory.School, "Atsem"))},
		{"municipal", h.activate(h.appoint(school.Municipal, directory.Commune, "Marchand"))},
		{"pilot", h.activate(h.appoint(school.Pilot, directory.Academy, "Delorme"))},
		{"entrusted", h.activate(h.entrusted("Lambert"))},
		{"secretary", h.activate(h.appoint(school.Admin, directory.School, "Prunier"))},
		{"care-agent", h.activate(h.appoint(school.CareAgent, directory.School, "Castel"))},
		{"technician", h.activate(h.appoint(school.Tech, directory.Project, "Tellier"))},
		{"partner", h.activate(h.appoint(school.Partner, directory.Project, "Canope"))},
		{"operator", h.activate(h.appoint(school.Operator, directory.Project, "Garnier"))},
	}
	return append(everyone, someoneIn{"merged", h.activate(h.merged(another))}) // a guardian who teaches
}

// reply is what a browser got.
type reply struct {
	*http.Response
	body string
}

// session is the cookie that opens a session, if one was set.
func (r reply) session() string {
	for _, c := range r.Cookies() {
		if c.Name == "preau" {
			return c.Value
		}
	}
	return ""
}

// set changes a request before it leaves.
type set func(*http.Request)

func cookie(token string) set {
	return func(r *http.Request) { r.AddCookie(&http.Cookie{Name: "preau", Value: token}) }
}

func header(name, value string) set { return func(r *http.Request) { r.Header.Set(name, value) } }

var client = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

func (h *house) do(method, path string, body io.Reader, sets ...set) reply {
	h.t.Helper()
	r, err := http.NewRequestWithContext(h.t.Context(), method, h.url+path, body)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, set := range sets {
		set(r)
	}
	response, err := client.Do(r)
	if err != nil {
		h.t.Fatal(err)
	}
	defer response.Body.Close()
	got, err := io.ReadAll(response.Body)
	if err != nil {
		h.t.Fatal(err)
	}
	return reply{response, string(got)}
}

func (h *house) get(path string, sets ...set) reply {
	h.t.Helper()
	return h.do(http.MethodGet, path, nil, sets...)
}

func (h *house) post(path string, form url.Values, sets ...set) reply {
	h.t.Helper()
	sets = append([]set{header("Content-Type", "application/x-www-form-urlencoded")}, sets...)
	return h.do(http.MethodPost, path, strings.NewReader(form.Encode()), sets...)
}

// home is the home page of a person with a hat on.
func (h *house) home(person school.ID, profile school.Profile) string {
	h.t.Helper()
	page := h.get("/", h.as(person, profile))
	if page.StatusCode != http.StatusOK {
		h.t.Fatalf("the home page of a %s is a %d: %s", profile, page.StatusCode, page.body)
	}
	return page.body
}
