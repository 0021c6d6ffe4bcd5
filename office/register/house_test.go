package register_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

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
	"preau/office/register"
	"preau/test/village"
)

// house is an installation with a village that was fed, troubles included,
// behind a real server.
type house struct {
	t        *testing.T
	d        *db.DB
	accounts *account.Accounts
	feeder   *feed.Feeder
	words    *i18n.Catalogue
	site     *web.Site
	url      string
	delivery string // folder of the first delivery
	fed      feed.Result

	near, far []school.ID // schools: those of the first commune, and the others
}

var schemas = []db.Schema{directory.Schema(), feed.Schema(), account.Schema(), audit.Schema()}

const (
	schools = 5
	seed    = 7
)

// onSQLite gives a house on a database of its own.
func onSQLite(t *testing.T) *house {
	t.Helper()
	return newHouse(t, dbtest.SQLite(t, schemas...))
}

// onBoth runs a test in a house on each database.
func onBoth(t *testing.T, f func(*house)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { f(newHouse(t, d)) }, schemas...)
}

func newHouse(t *testing.T, d *db.DB) *house {
	t.Helper()
	key, err := seal.Open(filepath.Join(t.TempDir(), "key"))
	if err != nil {
		t.Fatal(err)
	}
	h := &house{t: t, d: d, delivery: t.TempDir()}
	log := audit.New(key)
	h.accounts = account.New(d, key, log, directory.Hats)
	h.feeder = &feed.Feeder{
		DB: d, Log: slog.New(slog.DiscardHandler), Key: key, Newcomers: h.accounts.MakeLogins,
		// Two who leave a school together are held, whatever the rest does.
		Caps: feed.Caps{SchoolPeople: 1, AcademyPercent: 50, AcademyPeople: 10_000},
	}
	options := village.Options{Schools: schools, Seed: seed, Date: dbtest.Noon.AddDate(0, 0, -30), Troubles: true}
	if _, err := village.Write(h.delivery, options); err != nil {
		t.Fatal(err)
	}
	h.fed = h.feed(h.delivery)
	if h.words, err = i18n.Load(ui.Words, web.Words, directory.Words, feed.Words, account.Words, register.Words); err != nil {
		t.Fatal(err)
	}
	h.serve(&register.Service{Accounts: h.accounts, Audit: log, Feeder: h.feeder})
	h.read(func(tx *db.Tx) error {
		all, err := directory.Structures.All(tx, "kind = 'school' ORDER BY uai")
		for _, s := range all {
			if s.Town == all[0].Town {
				h.near = append(h.near, s.ID)
			} else {
				h.far = append(h.far, s.ID)
			}
		}
		return err
	})
	return h
}

func (h *house) serve(office *register.Service) {
	h.t.Helper()
	matrix, err := rights.New(office.Rights())
	if err != nil {
		h.t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(nil)
	h.url = "http://" + server.Listener.Addr().String()
	h.site, err = web.New(web.Config{
		URL: h.url, DB: h.d, Words: h.words, Rights: matrix, Doors: doors{h.accounts},
		Hall: []web.Room{hall{}}, Services: []web.Service{office}, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		h.t.Fatal(err)
	}
	server.Config.Handler = h.site
	server.Start()
	h.t.Cleanup(server.Close)
}

func (h *house) feed(path string) feed.Result {
	h.t.Helper()
	results, err := h.feeder.Feed(h.t.Context(), path, feed.Options{})
	if err != nil {
		h.t.Fatal(err)
	}
	return results[len(results)-1]
}

// later feeds the complete delivery of some days later.
func (h *house) later(days int) feed.Result {
	h.t.Helper()
	return h.on(village.Options{Day: days})
}

// on feeds the complete delivery of a day, with troubles or without.
func (h *house) on(options village.Options) feed.Result {
	h.t.Helper()
	dir := h.t.TempDir()
	options.Schools, options.Seed, options.Date = schools, seed, dbtest.Noon.AddDate(0, 0, options.Day-30)
	if _, err := village.Write(dir, options); err != nil {
		h.t.Fatal(err)
	}
	return h.feed(dir)
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

// hall is a page of sign-in whose password is the token of a session that
// is open already.
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

func (h *house) read(f func(*db.Tx) error) {
	h.t.Helper()
	if err := h.d.Read(h.t.Context(), f); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) write(f func(*db.Tx) error) {
	h.t.Helper()
	if err := h.d.Write(h.t.Context(), f); err != nil {
		h.t.Fatal(err)
	}
}

// tick moves the clock by a minute.
func (h *house) tick() {
	now := h.d.Now().Add(time.Minute)
	h.d.Now = func() time.Time { return now }
}

// one reads one identifier.
func (h *house) one(query string, args ...any) (id school.ID) {
	h.t.Helper()
	h.read(func(tx *db.Tx) (err error) {
		id, err = db.One(tx, db.Column[school.ID], query, args...)
		return err
	})
	return id
}

// head is the head of a school.
func (h *house) head(of school.ID) school.ID {
	h.t.Helper()
	return h.one(`SELECT min(person_id) FROM directory_function WHERE structure_id = $1 AND profile = $2`, of, school.Head)
}

// teachers are those of a school who head none.
func (h *house) teachers(of school.ID) (people []school.ID) {
	h.t.Helper()
	h.read(func(tx *db.Tx) (err error) {
		people, err = db.All(tx, db.Column[school.ID], `SELECT person_id FROM directory_function f
			WHERE structure_id = $1 AND profile = $2 AND NOT EXISTS (SELECT 1 FROM directory_function g
				WHERE g.person_id = f.person_id AND (g.profile <> $2 OR g.structure_id <> $1))
			GROUP BY person_id ORDER BY person_id`, of, school.Teacher)
		return err
	})
	return people
}

// classes are those of a school, by label.
func (h *house) classes(of school.ID) (views []directory.ClassView) {
	h.t.Helper()
	h.read(func(tx *db.Tx) (err error) {
		views, err = directory.ClassesOf(tx, of)
		return err
	})
	return views
}

// pupils are those of a class, by name.
func (h *house) pupils(class school.ID) (pupils []directory.InClass) {
	h.t.Helper()
	h.read(func(tx *db.Tx) (err error) {
		pupils, err = directory.PupilsIn(tx, class)
		return err
	})
	return pupils
}

// attach gives a teacher a class.
func (h *house) attach(class, teacher school.ID) {
	h.t.Helper()
	h.write(func(tx *db.Tx) error {
		return directory.Attach(tx, directory.Attachment{Class: class, Teacher: teacher})
	})
}

// appoint makes somebody with a function that no delivery gives.
func (h *house) appoint(name string, profile school.Profile, structure school.ID) (person school.ID) {
	h.t.Helper()
	h.write(func(tx *db.Tx) (err error) {
		person, err = directory.Appoint(tx, directory.Appointment{
			First: name, Usual: "Essai", Structure: structure, Template: village.PostOf(profile), Reason: "test",
		})
		if err != nil {
			return err
		}
		_, err = h.accounts.Add(tx, person, name+".essai")
		return err
	})
	return person
}

// operator is somebody who runs the installation.
func (h *house) operator() (person school.ID) {
	h.t.Helper()
	return h.appoint("opera", school.Operator, h.project())
}

// project is the whole installation.
func (h *house) project() (project school.ID) {
	h.t.Helper()
	h.write(func(tx *db.Tx) (err error) {
		project, err = directory.TheProject(tx)
		return err
	})
	return project
}

// structure finds one by what the world calls it.
func (h *house) structure(ref string) (s directory.Structure) {
	h.t.Helper()
	h.read(func(tx *db.Tx) (err error) {
		s, err = directory.StructureByRef(tx, ref)
		return err
	})
	return s
}

// structureByID reads a structure.
func (h *house) structureByID(id school.ID) (s directory.Structure) {
	h.t.Helper()
	h.read(func(tx *db.Tx) (err error) {
		s, err = directory.StructureByID(tx, id)
		return err
	})
	return s
}

// commune is that of a school.
func (h *house) commune(of school.ID) (id school.ID) {
	h.t.Helper()
	h.read(func(tx *db.Tx) error {
		above, err := directory.Above(tx, of)
		for _, s := range above {
			if s.Kind == directory.Commune {
				id = s.ID
			}
		}
		return err
	})
	return id
}

const password = "les lapins bleus dansent"

// from is where the sessions of tests are opened.
var from = account.Origin{IP: netip.MustParseAddr("192.0.2.1"), Agent: "test", Request: "test"}

// visitor is a person with a session of their own.
type visitor struct {
	*house
	person school.ID
	token  string
}

// enter opens a session for a person with a hat on; what they do is theirs
// to answer for.
func (h *house) enter(person school.ID, hat school.Profile) visitor {
	h.t.Helper()
	var code account.Code
	h.write(func(tx *db.Tx) (err error) {
		code, err = h.accounts.IssueCode(tx, person, person, account.SlipLife, "test")
		return err
	})
	opened, err := h.accounts.Activate(h.t.Context(), code.Login.String(), code.Text, password, from)
	if err != nil {
		h.t.Fatal(err)
	}
	if opened.Profile != hat {
		h.write(func(tx *db.Tx) (err error) {
			opened, err = h.accounts.Switch(tx, opened.Token, hat, from)
			return err
		})
	}
	return visitor{h, person, opened.Token}
}

// reply is what a browser got.
type reply struct {
	*http.Response
	body string
}

var client = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

func (v visitor) do(r *http.Request) reply {
	v.t.Helper()
	if v.token != "" {
		r.AddCookie(&http.Cookie{Name: "preau", Value: v.token})
	}
	response, err := client.Do(r)
	if err != nil {
		v.t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	return reply{response, strings.ReplaceAll(string(body), "<wbr>", "")}
}

func (v visitor) get(path string) reply {
	v.t.Helper()
	r, err := http.NewRequestWithContext(v.t.Context(), http.MethodGet, v.url+path, nil)
	if err != nil {
		v.t.Fatal(err)
	}
	return v.do(r)
}

func (v visitor) post(path string, form url.Values) reply {
	v.t.Helper()
	return v.do(v.form(path, form))
}

func (v visitor) form(path string, form url.Values) *http.Request {
	v.t.Helper()
	r, err := http.NewRequestWithContext(v.t.Context(), http.MethodPost, v.url+path, strings.NewReader(form.Encode()))
	if err != nil {
		v.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r
}

// wants fails the test unless the reply has the status and every text.
func (r reply) wants(t *testing.T, status int, texts ...string) {
	t.Helper()
	if r.StatusCode != status {
		t.Errorf("%s %s: status %d, want %d\n%s", r.Request.Method, r.Request.URL.Path, r.StatusCode, status, head(r.body))
	}
	for _, text := range texts {
		if !strings.Contains(r.body, text) {
			t.Errorf("%s %s: no %q in\n%s", r.Request.Method, r.Request.URL.Path, text, head(r.body))
		}
	}
}

func head(body string) string { return body[:min(len(body), 3000)] }

// acts are the actions that the journal holds about somebody.
func (h *house) acts(subject school.ID) (acts []string) {
	h.t.Helper()
	h.read(func(tx *db.Tx) (err error) {
		acts, err = db.All(tx, db.Column[string], `SELECT action FROM audit_entry WHERE subject_id = $1 ORDER BY id`, subject)
		return err
	})
	return acts
}

// pick is the first school of a list that passes a test.
func pick(t *testing.T, ids []school.ID, want func(school.ID) bool) school.ID {
	t.Helper()
	i := slices.IndexFunc(ids, want)
	if i < 0 {
		t.Fatal("the village has no such school")
	}
	return ids[i]
}

// name gives somebody one function more.
func (h *house) name(person school.ID, profile school.Profile, structure school.ID) {
	h.t.Helper()
	h.write(func(tx *db.Tx) error {
		_, err := directory.Appoint(tx, directory.Appointment{Person: person, Structure: structure, Template: village.PostOf(profile), Reason: "test"})
		return err
	})
}

// academy is the code of the académie that delivered.
func (h *house) academy() (code string) {
	h.t.Helper()
	h.read(func(tx *db.Tx) error {
		d, err := feed.DeliveryByID(tx, h.fed.ID)
		code = d.Academy
		return err
	})
	return code
}
