package app

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"preau/account"
	"preau/core/audit"
	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/school"
	"preau/core/web/calm"
	"preau/directory"
	"preau/service/liaison"
)

// calmStage is a stage whose clock moves, with a parent and a word to the class of a child
// of theirs.
type calmStage struct {
	stage
	t      *testing.T
	d      *db.DB
	parent school.ID
	child  directory.Child
	ticket *http.Cookie
}

// calmly prepares a stage on a database, with a word that the node knows.
func calmly(t *testing.T, d *db.DB) *calmStage {
	t.Helper()
	s := &calmStage{stage: sweep(t, d), t: t, d: d}
	s.write(func(tx *db.Tx) error {
		session, err := s.h.Accounts.Resolve(tx, s.people[school.Guardian])
		if err != nil {
			return err
		}
		s.parent = session.Person
		children, err := directory.ChildrenOf(tx, s.parent)
		if err != nil {
			return err
		}
		s.child = children[0]
		return liaison.Sample(tx, s.child.School, s.child.Class, s.parent)
	})
	s.later(time.Minute) // what was fed is known to the node, and voids what was given before
	s.later(time.Minute)
	s.takeTicket()
	return s
}

func (s *calmStage) write(f func(*db.Tx) error) {
	s.t.Helper()
	if err := s.d.Write(s.t.Context(), f); err != nil {
		s.t.Fatal(err)
	}
}

// later moves the clock, and has the node read the words of the day.
func (s *calmStage) later(by time.Duration) {
	s.t.Helper()
	now := s.d.Now().Add(by)
	s.d.Now = func() time.Time { return now }
	if err := s.site.Calm.Refresh(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
}

// takeTicket has the parent look at their home page, as a browser with a ticket does.
func (s *calmStage) takeTicket() {
	s.t.Helper()
	w := s.look("/", s.people[school.Guardian], nil)
	if w.Code != http.StatusOK {
		s.t.Fatalf("the home page: %d", w.Code)
	}
	s.ticket = nil
	for _, c := range w.Result().Cookies() {
		if c.Name == "preau-ticket" {
			s.ticket = c
		}
	}
	if s.ticket == nil || s.ticket.Value == "" || !s.ticket.HttpOnly || s.ticket.SameSite != http.SameSiteLaxMode {
		s.t.Fatalf("the ticket is %+v", s.ticket)
	}
}

// look asks for a page as a browser does.
func (s *calmStage) look(path, token string, ticket *http.Cookie, change ...func(*http.Request)) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, "http://127.0.0.1:8080"+path, nil)
	r.Header.Set("Accept", "text/html,application/xhtml+xml")
	return s.do(r, token, ticket, change...)
}

func (s *calmStage) do(r *http.Request, token string, ticket *http.Cookie, change ...func(*http.Request)) *httptest.ResponseRecorder {
	if token != "" {
		r.AddCookie(&http.Cookie{Name: "preau", Value: token})
	}
	if ticket != nil {
		r.AddCookie(&http.Cookie{Name: ticket.Name, Value: ticket.Value})
	}
	for _, f := range change {
		f(r)
	}
	w := httptest.NewRecorder()
	s.site.ServeHTTP(w, r)
	return w
}

const calmTitle, aWord = "Préau tourne au ralenti", "Sortie au musée"

// TestWordsAreReadWithoutTheDatabase stops a real PostgreSQL: who has a ticket reads their
// words and nobody else's, everybody else none; nothing is written, nothing typed is lost;
// and all is as before once it is back.
func TestWordsAreReadWithoutTheDatabase(t *testing.T) {
	own := dbtest.NewOwn(t)
	s := calmly(t, own.Open())
	parent, teacher := s.people[school.Guardian], s.people[school.Teacher]
	own.Stop()

	began := time.Now()
	page := s.look("/me", parent, s.ticket)
	if body := page.Body.String(); page.Code != http.StatusOK || page.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("%d %v", page.Code, page.Header())
	} else {
		for _, want := range []string{calmTitle, aWord, s.child.First, "aujourd’hui à 12", "À signer", "Musée de la ville", `href="/me"`} {
			if !strings.Contains(body, want) {
				t.Errorf("the page lacks %q:\n%s", want, body)
			}
		}
	}
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("it took %s", took)
	}
	if !s.site.Calm.Away() {
		t.Error("the node does not know")
	}
	other := *s.ticket
	other.Value = strings.ToUpper(other.Value)
	for name, got := range map[string]*httptest.ResponseRecorder{
		"no ticket":               s.look("/", parent, nil),
		"a ticket and no session": s.look("/", "", s.ticket),
		"another's ticket":        s.look("/", teacher, s.ticket),
		"a forged ticket":         s.look("/", parent, &other),
		"an address of nothing":   s.look("/no/such/page", "", nil),
	} {
		body := got.Body.String()
		if got.Code != http.StatusOK || !strings.Contains(body, calmTitle) || strings.Contains(body, aWord) || strings.Contains(body, s.child.First) {
			t.Errorf("%s: %d\n%s", name, got.Code, body)
		}
	}

	form := url.Values{"text": {"Louise a mal <au> ventre"}, "kind": {"absence"}}
	post := httptest.NewRequest(http.MethodPost, "http://127.0.0.1:8080/liaison/tell", strings.NewReader(form.Encode()))
	post.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	kept := s.do(post, parent, s.ticket)
	if body := kept.Body.String(); kept.Code != http.StatusServiceUnavailable || !strings.Contains(body, "Rien n’a été enregistré") ||
		!strings.Contains(body, "Louise a mal &lt;au&gt; ventre") || !strings.Contains(body, `action="/liaison/tell"`) || !retries(kept) {
		t.Errorf("what was written: %d %s", kept.Code, body)
	}
	secret := httptest.NewRequest(http.MethodPost, "http://127.0.0.1:8080/me/password", strings.NewReader("password=abc"))
	secret.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if got := s.do(secret, parent, nil); got.Code != http.StatusServiceUnavailable || !strings.Contains(got.Body.String(), "Rien n’a été enregistré") ||
		strings.Contains(got.Body.String(), "abc") {
		t.Errorf("a password: %d %s", got.Code, got.Body.String())
	}
	image := s.look("/liaison/word/1/photo/1", parent, s.ticket, func(r *http.Request) { r.Header.Set("Sec-Fetch-Dest", "image") })
	if image.Code != http.StatusServiceUnavailable || !retries(image) {
		t.Errorf("an image: %d", image.Code)
	}
	for path, want := range map[string]int{"/healthz": http.StatusOK, "/readyz": http.StatusServiceUnavailable, "/about/legal": http.StatusOK} {
		if got := s.look(path, "", nil); got.Code != want || strings.Contains(got.Body.String(), calmTitle) && path == "/healthz" {
			t.Errorf("%s: %d", path, got.Code)
		}
	}

	own.Start()
	if s.site.Calm.Probe(t.Context()) {
		t.Fatal("it is back, and the node does not know")
	}
	for range 20 { // no connection of before is asked again
		if got := s.look("/", parent, s.ticket); got.Code != http.StatusOK || strings.Contains(got.Body.String(), calmTitle) {
			t.Fatalf("it is back: %d %s", got.Code, got.Body.String())
		}
	}
}

// retries tells whether an answer says when to come back, within a minute and a half.
func retries(w *httptest.ResponseRecorder) bool {
	after, err := time.ParseDuration(w.Header().Get("Retry-After") + "s")
	return err == nil && after >= 30*time.Second && after <= 90*time.Second
}

// TestADatabaseThatHangsIsLeft freezes a real PostgreSQL: whoever waits for it reads their
// words within seconds, and whoever comes then at once.
func TestADatabaseThatHangsIsLeft(t *testing.T) {
	own := dbtest.NewOwn(t)
	s := calmly(t, own.Open())
	if s.site.Calm.Probe(t.Context()) {
		t.Fatal("it is away")
	}
	thaw := own.Freeze()
	waited := make(chan *httptest.ResponseRecorder, 1)
	go func() { waited <- s.look("/", s.people[school.Guardian], s.ticket) }()
	began := time.Now()
	until(t, "the probe", func() bool { return s.site.Calm.Probe(t.Context()) })
	for _, got := range []*httptest.ResponseRecorder{<-waited, s.look("/", s.people[school.Guardian], s.ticket)} {
		if body := got.Body.String(); got.Code != http.StatusOK || !strings.Contains(body, aWord) || !strings.Contains(body, calmTitle) {
			t.Errorf("%d %s", got.Code, body)
		}
	}
	if took := time.Since(began); took > 6*time.Second {
		t.Errorf("it took %s", took)
	}
	thaw()
	until(t, "the database", func() bool { return !s.site.Calm.Probe(t.Context()) })
}

// TestWhateverTakesAwayVoidsTheTicket goes through every door by which somebody holds less,
// or is out: within a refresh, their ticket shows nothing. What is none of them leaves it.
func TestWhateverTakesAwayVoidsTheTicket(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := calmly(t, d)
		by := audit.By{Actor: s.parent, Profile: school.Operator, Request: "test"}
		session := func(tx *db.Tx) account.Session {
			found, err := s.h.Accounts.Resolve(tx, s.people[school.Guardian])
			if err != nil {
				t.Fatal(err)
			}
			return found
		}
		var other school.ID
		s.write(func(tx *db.Tx) (err error) {
			other, err = db.One(tx, db.Column[school.ID], `SELECT min(id) FROM directory_person WHERE id <> $1 AND id NOT IN (
				SELECT pupil_id FROM directory_bond) AND id NOT IN (SELECT guardian_id FROM directory_bond)`, s.parent)
			return err
		})
		for _, door := range []struct {
			name  string
			stays bool
			act   func(*db.Tx) error
		}{
			{"nothing", true, func(*db.Tx) error { return nil }},
			{"a word", true, func(tx *db.Tx) error { return liaison.Sample(tx, s.child.School, s.child.Class, s.parent) }},
			{"another's account", true, func(tx *db.Tx) error { return directory.Void(tx, other) }},
			{"a judge", false, func(tx *db.Tx) error {
				_, err := directory.Restrict(tx, directory.Restriction{Pupil: s.child.ID, Guardian: s.parent, NoAccess: true, Reference: "JAF", From: db.At(tx.Now)})
				return err
			}},
			{"a judge hides the place", false, func(tx *db.Tx) error {
				_, err := directory.Restrict(tx, directory.Restriction{Pupil: s.child.ID, Guardian: s.parent, HidePlace: true, Reference: "JAF", From: db.At(tx.Now)})
				return err
			}},
			{"the class", false, func(tx *db.Tx) error {
				c, err := directory.Classes.One(tx, "id = $1", s.child.Class)
				if err == nil {
					c.Until = db.At(tx.Now)
					err = directory.Classes.Update(tx, c)
				}
				return err
			}},
			{"the bond", false, func(tx *db.Tx) error {
				b, err := directory.Bonds.All(tx, "pupil_id = $1 AND guardian_id = $2", s.child.ID, s.parent)
				if err == nil {
					b[0].Until = db.At(tx.Now)
					err = directory.Bonds.Update(tx, b[0])
				}
				return err
			}},
			{"the enrolment", false, func(tx *db.Tx) error {
				e, err := directory.Enrolments.All(tx, "person_id = $1", s.child.ID)
				if err == nil {
					e[0].Until = db.At(tx.Now)
					err = directory.Enrolments.Update(tx, e[0])
				}
				return err
			}},
			{"a merge", false, func(tx *db.Tx) error { return directory.Merge(tx, other, s.parent) }},
			{"the account is disabled", false, func(tx *db.Tx) error { return s.h.Accounts.Disable(tx, s.parent, by) }},
			{"the sessions elsewhere", false, func(tx *db.Tx) error { return s.h.Accounts.CloseOthers(tx, session(tx), account.Origin{}) }},
			{"this session, from elsewhere", false, func(tx *db.Tx) error { return s.h.Accounts.Close(tx, session(tx), session(tx).ID, account.Origin{}) }},
			{"signing out", false, func(tx *db.Tx) error { return s.h.Accounts.SignOut(tx, s.people[school.Guardian], account.Origin{}) }},
			{"everybody signed out", false, func(tx *db.Tx) error {
				return s.h.Accounts.SignEverybodyOut(tx, 0, school.Guardian, audit.By{Request: "test"})
			}},
			{"the school says that it is somebody else", false, func(tx *db.Tx) error { return s.h.Accounts.ContestFor(tx, s.parent, by) }},
			{"a feed is undone", false, func(tx *db.Tx) error { return directory.Void(tx, 0) }},
		} {
			s.later(2 * time.Minute)
			s.takeTicket()
			if stays := s.staysAfter(door.act); stays != door.stays {
				t.Errorf("%s: the ticket opens: %t", door.name, stays)
			}
		}

		s.later(2 * time.Minute)
		s.takeTicket()
		s.site.Calm.Alive = func(context.Context) error { return errors.New("no route to the database") }
		s.site.Calm.Probe(t.Context())
		before := s.look("/", s.people[school.Guardian], s.ticket).Body.String()
		s.write(func(tx *db.Tx) error {
			_, err := directory.Restrict(tx, directory.Restriction{Pupil: s.child.ID, Guardian: s.parent, NoAccess: true, Reference: "JAF", From: db.At(tx.Now)})
			return err
		})
		s.later(time.Minute)
		if after := s.look("/", s.people[school.Guardian], s.ticket).Body.String(); !strings.Contains(before, aWord) || strings.Contains(after, aWord) || !strings.Contains(after, calmTitle) {
			t.Errorf("a judge has decided, and the page shows:\n%s", after)
		}
	})
}

// staysAfter tells whether the parent's ticket opens once the node knows of an act, which is
// undone then.
func (s *calmStage) staysAfter(act func(*db.Tx) error) bool {
	s.t.Helper()
	var then []calm.Voided
	undone := errors.New("undone")
	if err := s.d.Write(s.t.Context(), func(tx *db.Tx) (err error) {
		if err := act(tx); err != nil {
			return err
		}
		if then, err = voided(tx, tx.Now.Add(-time.Hour)); err == nil {
			err = undone
		}
		return err
	}); !errors.Is(err, undone) {
		s.t.Fatal(err)
	}
	c := s.site.Calm
	c.Voided = func(*db.Tx, time.Time) ([]calm.Voided, error) { return then, nil }
	defer func() { c.Voided = voided }()
	s.later(time.Minute)
	_, opens := c.Open(s.ticket.Value, s.people[school.Guardian])
	return opens
}
