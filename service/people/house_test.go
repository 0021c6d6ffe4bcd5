package people_test

import (
	"html"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"path/filepath"
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
	"preau/service/people"
	"preau/test/village"
)

// house is an installation with a village that was fed, behind a real server.
type house struct {
	t        *testing.T
	d        *db.DB
	accounts *account.Accounts
	site     *web.Site
	url      string

	near, far []school.ID // schools: those of the first commune, and the others
}

var schemas = []db.Schema{directory.Schema(), feed.Schema(), account.Schema(), audit.Schema()}

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
	h := &house{t: t, d: d, accounts: account.New(d, key, audit.New(key), directory.Hats)}
	dir := t.TempDir()
	if _, err := village.Write(dir, village.Options{Schools: 5, Seed: 7, Date: dbtest.Noon.AddDate(0, 0, -30)}); err != nil {
		t.Fatal(err)
	}
	feeder := &feed.Feeder{DB: d, Log: slog.New(slog.DiscardHandler), Caps: feed.DefaultCaps, Newcomers: h.accounts.MakeLogins}
	if _, err := feeder.Feed(t.Context(), dir, feed.Options{}); err != nil {
		t.Fatal(err)
	}
	h.serve()
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

func (h *house) serve() {
	h.t.Helper()
	service := &people.Service{}
	matrix, err := rights.New(service.Rights())
	if err != nil {
		h.t.Fatal(err)
	}
	words, err := i18n.Load(ui.Words, web.Words, people.Words)
	if err != nil {
		h.t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(nil)
	h.url = "http://" + server.Listener.Addr().String()
	h.site, err = web.New(web.Config{
		URL: h.url, DB: h.d, Words: words, Rights: matrix, Doors: doors{h.accounts},
		Hall: []web.Room{hall{}}, Services: []web.Service{service}, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		h.t.Fatal(err)
	}
	server.Config.Handler = h.site
	server.Start()
	h.t.Cleanup(server.Close)
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

// exec changes the register behind its back.
func (h *house) exec(query string, args ...any) {
	h.t.Helper()
	h.write(func(tx *db.Tx) error {
		_, err := tx.Exec(query, args...)
		return err
	})
}

// some reads identifiers.
func (h *house) some(query string, args ...any) (ids []school.ID) {
	h.t.Helper()
	h.read(func(tx *db.Tx) (err error) {
		ids, err = db.All(tx, db.Column[school.ID], query, args...)
		return err
	})
	return ids
}

// one reads one identifier.
func (h *house) one(query string, args ...any) school.ID {
	h.t.Helper()
	ids := h.some(query, args...)
	if len(ids) != 1 {
		h.t.Fatalf("%d found by %s", len(ids), query)
	}
	return ids[0]
}

// who reads a person.
func (h *house) who(person school.ID) (who directory.Someone) {
	h.t.Helper()
	h.read(func(tx *db.Tx) (err error) {
		who, err = directory.Get(tx, person)
		return err
	})
	return who
}

// at reads a school.
func (h *house) at(id school.ID) (at directory.Structure) {
	h.t.Helper()
	h.read(func(tx *db.Tx) (err error) {
		at, err = directory.StructureByID(tx, id)
		return err
	})
	return at
}

// head is the head of a school.
func (h *house) head(of school.ID) school.ID {
	h.t.Helper()
	return h.one(`SELECT min(person_id) FROM directory_function WHERE structure_id = $1 AND profile = $2`, of, school.Head)
}

// teachers are those of a school who do nothing else.
func (h *house) teachers(of school.ID) []school.ID {
	h.t.Helper()
	return h.some(`SELECT person_id FROM directory_function f
		WHERE structure_id = $1 AND profile = $2 AND NOT EXISTS (SELECT 1 FROM directory_function g
			WHERE g.person_id = f.person_id AND (g.profile <> $2 OR g.structure_id <> $1))
		AND NOT EXISTS (SELECT 1 FROM directory_bond b WHERE b.guardian_id = f.person_id)
		GROUP BY person_id ORDER BY person_id`, of, school.Teacher)
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

// attach gives somebody a class.
func (h *house) attach(class, teacher school.ID) {
	h.t.Helper()
	h.write(func(tx *db.Tx) error {
		return directory.Attach(tx, directory.Attachment{Class: class, Teacher: teacher})
	})
}

// onlyChild finds a pupil of a class whose guardian has no other.
func (h *house) onlyChild(class school.ID) (pupil, guardian school.ID) {
	h.t.Helper()
	guardian = h.one(`SELECT min(b.guardian_id) FROM directory_bond b JOIN directory_membership m ON m.person_id = b.pupil_id AND m.class_id = $1
		JOIN directory_person p ON p.id = b.guardian_id AND NOT p.organisation
		WHERE NOT EXISTS (SELECT 1 FROM directory_bond o WHERE o.guardian_id = b.guardian_id AND o.pupil_id <> b.pupil_id)
		AND NOT EXISTS (SELECT 1 FROM directory_function f WHERE f.person_id = b.guardian_id)`, class)
	return h.one(`SELECT pupil_id FROM directory_bond WHERE guardian_id = $1`, guardian), guardian
}

// entrust gives an aide a class to help in.
func (h *house) entrust(class, aide school.ID) {
	h.t.Helper()
	h.write(func(tx *db.Tx) error {
		c, err := directory.ClassByID(tx, class)
		if err != nil {
			return err
		}
		return directory.Give(tx, directory.Grant{Person: aide, School: c.School, Class: class, Reason: "test"}, time.Time{})
	})
}

// restrict records what a judge decided about a bond.
func (h *house) restrict(r directory.Restriction) {
	h.t.Helper()
	h.write(func(tx *db.Tx) error {
		r.Reference, r.From = "JAF 12", db.At(tx.Now)
		return directory.Restrict(tx, r)
	})
}

// appoint makes somebody with a function that no delivery gives.
func (h *house) appoint(name string, profile school.Profile, structure school.ID) (person school.ID) {
	h.t.Helper()
	h.write(func(tx *db.Tx) (err error) {
		person, err = directory.Appoint(tx, directory.Appointment{
			First: name, Usual: "Essai", Structure: structure, Template: village.PostOf(profile), Label: "ATSEM", Mail: name + "@ecole.test", Reason: "test",
		})
		if err != nil {
			return err
		}
		_, err = h.accounts.Add(tx, person, name+".essai")
		return err
	})
	return person
}

// structure finds one by its kind, in the order in which they were made.
func (h *house) structure(kind directory.Kind) school.ID {
	h.t.Helper()
	return h.one(`SELECT min(id) FROM directory_structure WHERE kind = $1`, kind)
}

// project is the structure of the whole installation.
func (h *house) project() (id school.ID) {
	h.t.Helper()
	h.write(func(tx *db.Tx) (err error) {
		id, err = directory.TheProject(tx)
		return err
	})
	return id
}

// visitor is a person with a session of their own.
type visitor struct {
	*house
	person school.ID
	token  string
}

// enter opens a session for a person with a hat on.
func (h *house) enter(person school.ID, hat school.Profile) visitor {
	h.t.Helper()
	from := account.Origin{IP: netip.MustParseAddr("192.0.2.1"), Agent: "test", Request: "test"}
	var code account.Code
	h.write(func(tx *db.Tx) (err error) {
		code, err = h.accounts.IssueCode(tx, person, person, account.SlipLife, "test")
		return err
	})
	opened, err := h.accounts.Activate(h.t.Context(), code.Login.String(), code.Text, "les lapins bleus dansent", from)
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
	t      *testing.T
	path   string
	status int
	header http.Header
	body   string // as people read it
}

func (v visitor) get(path string) reply {
	v.t.Helper()
	r := httptest.NewRequestWithContext(v.t.Context(), http.MethodGet, v.url+path, nil)
	if v.token != "" {
		r.AddCookie(&http.Cookie{Name: "preau", Value: v.token})
	}
	w := httptest.NewRecorder()
	v.site.ServeHTTP(w, r)
	return reply{v.t, path, w.Code, w.Header(), html.UnescapeString(strings.ReplaceAll(w.Body.String(), "<wbr>", ""))}
}

// main is the page without what surrounds it.
func (r reply) main() string {
	_, body, _ := strings.Cut(r.body, "<main")
	body, _, _ = strings.Cut(body, "</main>")
	return body
}

// wants fails the test unless the reply has the status and every text.
func (r reply) wants(status int, texts ...string) {
	r.t.Helper()
	if r.status != status {
		r.t.Errorf("%s: status %d, want %d\n%.3000s", r.path, r.status, status, r.main())
	}
	for _, text := range texts {
		if !strings.Contains(r.body, text) {
			r.t.Errorf("%s: no %q in\n%.3000s", r.path, text, r.main())
		}
	}
}

// lacks fails the test when the page has one of the texts.
func (r reply) lacks(texts ...string) {
	r.t.Helper()
	for _, text := range texts {
		if text == "" || strings.Contains(r.main(), text) {
			r.t.Errorf("%s: %q in\n%.3000s", r.path, text, r.main())
		}
	}
}

// structureIn finds one by its kind, within a transaction.
func (h *house) structureIn(tx *db.Tx, kind directory.Kind) school.ID {
	h.t.Helper()
	id, err := db.One(tx, db.Column[school.ID], `SELECT min(id) FROM directory_structure WHERE kind = $1`, kind)
	if err != nil {
		h.t.Fatal(err)
	}
	return id
}
