package portal_test

import (
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"preau/account"
	"preau/core/audit"
	"preau/core/db"
	"preau/core/notify"
	"preau/core/personal"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
	"preau/directory/feed"
	"preau/office/register"
	"preau/portal"
	"preau/service/people"
	"preau/test/browser"
	"preau/test/house"
	"preau/test/village"
)

func TestMain(m *testing.M) { browser.Main(m) }

// good is everybody's password.
const good = house.Password

// lobby is a house whose hall is the real one.
type lobby struct {
	*house.House
	notify *notify.Service
}

// fed is the village of every hall, of three schools.
var fed = house.NewVillage(village.Options{Schools: 3, Seed: 1, Date: time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC), Troubles: true},
	feed.DefaultCaps, house.Schemas(), account.Words, feed.Words, register.Words, people.Words, personal.Words, notify.Words)

// open opens the hall of a village on SQLite.
func open(t *testing.T) *lobby {
	t.Helper()
	return openOn(fed.SQLite(t))
}

func openOn(in *house.House) *lobby {
	in.T.Helper()
	return openAs("127.0.0.1", in)
}

// openAs opens it under a name of this machine.
func openAs(name string, in *house.House, more ...personal.Steward) *lobby {
	in.T.Helper()
	t, h := in.T, &lobby{in, notifies(in)}
	office := &register.Service{Audit: h.Audit}
	matrix, err := rights.New(portal.Rights, office.Rights(), new(people.Service).Rights())
	if err != nil {
		t.Fatal(err)
	}
	hall := &portal.Portal{Accounts: h.Accounts, Feeder: h.Feeder, Notify: h.notify, Demo: true, Tellers: map[string]web.Teller{"shelf": shelf{}}, AwaitsHead: office.AwaitsHead, AwaitsInterim: office.AwaitsInterim,
		Stewards: append([]personal.Steward{h.Accounts, h.Audit, directory.Holdings}, more...)}
	h.ServeAs(name, web.Config{Rights: matrix, Hall: []web.Room{hall}, Services: []web.Service{&people.Service{Audit: h.Audit}}, Frame: hall.Frame, Demo: true})
	return h
}

func (h *lobby) texts(query string, args ...any) (list []string) {
	h.T.Helper()
	h.Write(func(tx *db.Tx) (err error) {
		list, err = db.All(tx, db.Column[string], query, args...)
		return err
	})
	return list
}

// The people of the village that the tests need.
func (h *lobby) pupil(level school.Level) school.ID {
	h.T.Helper()
	return h.One(`SELECT e.person_id FROM directory_enrolment e
		JOIN directory_membership m ON m.person_id = e.person_id AND m.role = 'pupil'
		JOIN directory_class c ON c.id = m.class_id AND c.kind = 'class'
		WHERE e.level_code = $1 ORDER BY e.person_id LIMIT 1`, level.Code)
}

// guardian gives the guardian who has the most children.
func (h *lobby) guardian() school.ID {
	h.T.Helper()
	return h.One(`SELECT b.guardian_id FROM directory_bond b
		JOIN directory_person p ON p.id = b.guardian_id AND NOT p.organisation
		GROUP BY b.guardian_id ORDER BY count(*) DESC, b.guardian_id LIMIT 1`)
}

func (h *lobby) head() school.ID {
	h.T.Helper()
	return h.One(`SELECT f.person_id FROM directory_function f JOIN directory_structure s ON s.id = f.structure_id
		WHERE f.profile = 'National_DIR' ORDER BY s.uai, f.person_id LIMIT 1`)
}

// plainTeacher gives a teacher of the head's school who has no other hat.
func (h *lobby) plainTeacher() school.ID {
	h.T.Helper()
	return h.One(`SELECT min(f.person_id) FROM directory_function f WHERE f.profile = 'National_ENS'
		AND f.structure_id = (SELECT min(g.structure_id) FROM directory_function g WHERE g.person_id = $1 AND g.profile = 'National_DIR')
		AND NOT EXISTS (SELECT 1 FROM directory_function o WHERE o.person_id = f.person_id AND o.profile <> 'National_ENS')`, h.head())
}

// merged makes one person of a guardian and a teacher.
func (h *lobby) merged(teacher school.ID) school.ID {
	h.T.Helper()
	guardian := h.guardian()
	h.Write(func(tx *db.Tx) error { return directory.Merge(tx, guardian, teacher) })
	return guardian
}

// classIn gives the first class of the school where somebody works.
func (h *lobby) classIn(worker school.ID) school.ID {
	h.T.Helper()
	return h.One(`SELECT c.id FROM directory_class c WHERE c.kind = 'class' AND c.school_id IN
		(SELECT structure_id FROM directory_function WHERE person_id = $1) ORDER BY c.label_key, c.id LIMIT 1`, worker)
}

// appoint makes an agent, with a login.
func (h *lobby) appoint(profile school.Profile, kind directory.Kind, usual string) (id school.ID) {
	h.T.Helper()
	h.Write(func(tx *db.Tx) error {
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
		_, err = h.Accounts.Add(tx, id, "agathe."+strings.ToLower(usual))
		return err
	})
	return id
}

// entrusted makes a member of the staff who helps in a class, and follows one
// of its pupils.
func (h *lobby) entrusted(usual string) (id school.ID) {
	h.T.Helper()
	id = h.appoint(school.Staff, directory.School, usual)
	h.Write(func(tx *db.Tx) error {
		at, err := directory.PostsOf(tx, id)
		if err != nil {
			return err
		}
		classes, err := directory.ClassesOf(tx, at[id][0].Structure)
		if err != nil {
			return err
		}
		pupils, err := directory.PupilsIn(tx, classes[0].ID)
		if err != nil {
			return err
		}
		g := directory.Grant{Person: id, School: at[id][0].Structure, Class: classes[0].ID, Reason: "test"}
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
func (h *lobby) code(person school.ID) (c account.Code) {
	h.T.Helper()
	h.Write(func(tx *db.Tx) (err error) {
		c, err = h.Accounts.IssueCode(tx, person, audit.By{Request: "test"}, account.SlipLife)
		return err
	})
	return c
}

// activate gives a person the password good, and tells their login.
func (h *lobby) activate(person school.ID) string {
	h.T.Helper()
	login, _ := h.enter(person)
	return login
}

// enter gives a person the password good, and a session.
func (h *lobby) enter(person school.ID) (login string, as set) {
	h.T.Helper()
	c := h.code(person)
	opened, err := h.Accounts.Activate(h.T.Context(), c.Login.String(), c.Text, good, desk)
	if err != nil {
		h.T.Fatal(err)
	}
	return c.Login.String(), cookie(opened.Token)
}

// as gives the person's session with a hat on.
func (h *lobby) as(person school.ID, profile school.Profile) set {
	h.T.Helper()
	return cookie(h.Enter(person, profile).Token)
}

// someoneIn is who signs in to look at a page.
type someoneIn struct{ name, login string }

// everyone gives a person of each profile, able to sign in; a class has its
// teacher, and a teacher has none yet.
func (h *lobby) everyone() []someoneIn {
	h.T.Helper()
	head := h.head()
	taught, class := h.plainTeacher(), h.classIn(head)
	newcomer := h.One(`SELECT max(f.person_id) FROM directory_function f WHERE f.profile = 'National_ENS'
		AND NOT EXISTS (SELECT 1 FROM directory_function o WHERE o.person_id = f.person_id AND o.profile <> 'National_ENS')`)
	another := h.One(`SELECT min(person_id) FROM directory_function WHERE profile = 'National_ENS' AND person_id NOT IN ($1, $2)`, taught, newcomer)
	h.Attach(class, taught)
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
type reply struct{ house.Reply }

// session is the cookie that opens a session, if one was set.
func (r reply) session() string {
	for _, c := range r.Cookies() {
		if c.Name == "preau" {
			return c.Value
		}
	}
	return ""
}

// device is the cookie that a device keeps, if one was set.
func (r reply) device() *http.Cookie {
	for _, c := range r.Cookies() {
		if c.Name == "preau-device" {
			return c
		}
	}
	return nil
}

// set changes a request before it leaves.
type set func(*http.Request)

func cookie(token string) set {
	return func(r *http.Request) { r.AddCookie(&http.Cookie{Name: "preau", Value: token}) }
}

func header(name, value string) set { return func(r *http.Request) { r.Header.Set(name, value) } }

func (h *lobby) do(method, path string, body io.Reader, sets ...set) reply {
	h.T.Helper()
	r, err := http.NewRequestWithContext(h.T.Context(), method, h.URL+path, body)
	if err != nil {
		h.T.Fatal(err)
	}
	for _, set := range sets {
		set(r)
	}
	return reply{h.Do(r)}
}

func (h *lobby) get(path string, sets ...set) reply {
	h.T.Helper()
	return h.do(http.MethodGet, path, nil, sets...)
}

func (h *lobby) post(path string, form url.Values, sets ...set) reply {
	h.T.Helper()
	sets = append([]set{header("Content-Type", "application/x-www-form-urlencoded")}, sets...)
	return h.do(http.MethodPost, path, strings.NewReader(form.Encode()), sets...)
}

// home is the home page of a person with a hat on.
func (h *lobby) home(person school.ID, profile school.Profile) string {
	h.T.Helper()
	page := h.get("/", h.as(person, profile))
	if page.StatusCode != http.StatusOK {
		h.T.Fatalf("the home page of a %s is a %d: %s", profile, page.StatusCode, page.Body)
	}
	return page.Body
}
