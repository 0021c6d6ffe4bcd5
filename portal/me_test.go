package portal_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"preau/core/db"
	"preau/core/school"
	"preau/directory"
	"preau/test/house"
)

func TestMyAccount(t *testing.T) {
	h := open(t)
	person := h.guardian()
	login, as := h.enter(person)
	page := h.get("/me", as)
	holds(t, page.Body, login, h.Who(person).Name(), "lien avec chaque enfant", "La famille d", " : les familles")
	holdsNone(t, page.Body, h.names(everyPupil))
}

func TestChangePassword(t *testing.T) {
	h := open(t)
	login, as := h.enter(h.guardian())
	const next = "quatre chevaux verts chantent"
	for name, values := range map[string][2]string{"wrong old": {"pas le bon du tout", next}, "too short": {good, "court"}} {
		page := h.post("/me/password", form("old", values[0], "password", values[1]), as)
		if page.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(page.Body, `aria-invalid="true"`) {
			t.Errorf("%s: %d", name, page.StatusCode)
		}
	}
	if page := h.post("/me/password", form("old", good, "password", next), as); page.StatusCode != http.StatusSeeOther {
		t.Fatalf("%d", page.StatusCode)
	}
	if page := h.get("/me", as); page.StatusCode != http.StatusOK {
		t.Errorf("the session in use: %d", page.StatusCode)
	}
	for password, want := range map[string]int{good: http.StatusUnprocessableEntity, next: http.StatusSeeOther} {
		if page := h.post("/login", form("login", login, "password", password)); page.StatusCode != want {
			t.Errorf("%q: %d, want %d", password, page.StatusCode, want)
		}
	}
}

func TestSwitchHat(t *testing.T) {
	h := open(t)
	person := h.merged(h.plainTeacher())
	_, as := h.enter(person) // comes in as a guardian, the first hat
	page := h.get("/", as)
	if !strings.Contains(page.Body, `value="National_ENS"`) || !strings.Contains(page.Body, "Famille d") {
		t.Error("no switch is offered")
	}
	if page := h.post("/me/hat", form("hat", string(school.Head)), as); page.StatusCode != http.StatusNotFound {
		t.Errorf("a hat of others: %d", page.StatusCode)
	}
	page = h.post("/me/hat", form("hat", string(school.Teacher)), as)
	if page.StatusCode != http.StatusSeeOther || page.session() == "" {
		t.Fatalf("%d", page.StatusCode)
	}
	if old := h.get("/", as); old.StatusCode != http.StatusSeeOther {
		t.Errorf("the old token still opens: %d", old.StatusCode)
	}
	holds(t, h.get("/", cookie(page.session())).Body, "Votre classe n’est pas encore là")
}

// What another hat may see says so, and one is led to it; nowhere else.
func TestAPageOfAnotherHat(t *testing.T) {
	h := open(t)
	_, as := h.enter(h.merged(h.plainTeacher())) // as a guardian
	const at = "/register/class/1?q=a"
	page := h.get(at, as)
	if page.StatusCode != http.StatusNotFound {
		t.Fatalf("%d", page.StatusCode)
	}
	holds(t, page.Body, "Vous êtes ici en tant que : Famille d", "Voir cette page en tant que : Enseignant", `name="to" value="`+at+`"`)
	if alone := h.get(at, h.as(h.pupil(school.CM2), school.Pupil)); strings.Contains(alone.Body, "en tant que") {
		t.Error("who has one hat is offered another")
	}
	for _, c := range []struct{ to, want string }{{"https://ailleurs.example/", "/"}, {"//ailleurs.example", "/"}, {at, at}} {
		if page = h.post("/me/hat", form("hat", string(school.Teacher), "to", c.to), as); page.Header.Get("Location") != c.want {
			t.Errorf("%s: %d, to %q", c.to, page.StatusCode, page.Header.Get("Location"))
		}
		as = cookie(page.session())
	}
}

// A telephone that has been in for days does not open the class: one signs in
// again, and comes back.
func TestAnOldSessionSignsInAgain(t *testing.T) {
	h := open(t)
	person := h.merged(h.plainTeacher())
	login, as := h.enter(person)
	now := h.DB.Now().Add(3 * 24 * time.Hour)
	h.DB.Now = func() time.Time { return now }
	page := h.post("/me/hat", form("hat", string(school.Teacher)), as)
	if page.StatusCode != http.StatusForbidden || page.session() != "" {
		t.Errorf("%d, session %q", page.StatusCode, page.session())
	}
	holds(t, page.Body, "reconnectez-vous", `name="password"`)
	if again := h.post("/login", form("login", login, "password", good)); again.session() == "" {
		t.Errorf("signing in again: %d", again.StatusCode)
	}
}

func TestLanguage(t *testing.T) {
	h := open(t)
	for _, lang := range []string{"xx", ""} {
		if page := h.post("/lang", form("lang", lang)); page.StatusCode != http.StatusUnprocessableEntity || len(page.Cookies()) > 0 {
			t.Errorf("%q: %d", lang, page.StatusCode)
		}
	}
	for here, want := range map[string]string{"/login": "/login", "//ailleurs.example": "/", "https://ailleurs.example": "/", "": "/"} {
		page := h.post("/lang", form("lang", "en", "here", here))
		if page.Header.Get("Location") != want || len(page.Cookies()) != 1 {
			t.Errorf("%q leads to %q", here, page.Header.Get("Location"))
		}
		if english := h.get("/login", func(r *http.Request) { r.AddCookie(page.Cookies()[0]) }); !strings.Contains(english.Body, "Come in with the login") {
			t.Error("the page is not in English")
		}
	}
}

// Who finds something wrong about themselves is told who corrects it: never the
// académie when it does not know them.
func TestWhoCorrectsMe(t *testing.T) {
	fed.Each(t, func(t *testing.T, of *house.House) {
		h := openOn(of)
		const academy = "académie qui gère votre dossier"
		parent, teacher := h.guardian(), h.plainTeacher()
		newcomer := func(post string, kind directory.Kind, usual string) (person school.ID) {
			h.Write(func(tx *db.Tx) error {
				at, err := directory.Structures.One(tx, "kind = $1 ORDER BY id LIMIT 1", kind)
				if err == nil {
					person, err = directory.Appoint(tx, directory.Appointment{Civility: "Mme", First: "Jeanne", Usual: usual, Structure: at.ID, Template: post, Reason: "test"})
				}
				if err == nil {
					_, err = h.Accounts.Add(tx, person, "jeanne."+strings.ToLower(usual))
				}
				return err
			})
			return person
		}
		helper := h.atsem(parent)
		for _, c := range []struct {
			who       school.ID
			hat       school.Profile
			said, not string
		}{
			{newcomer("atsem", directory.School, "Aubry"), school.Staff, "à la direction de l’école", academy},
			{newcomer("secretary", directory.School, "Borel"), school.Admin, "à la direction de l’école", academy},
			{newcomer("replacement", directory.School, "Cros"), school.Teacher, "à la direction de l’école", academy},
			{newcomer("head", directory.School, "Dumas"), school.Head, "à la commune ou à l’inspection", academy},
			{newcomer("care-canteen", directory.School, "Ernoux"), school.CareAgent, "au service de la commune", academy},
			{newcomer("municipal", directory.Commune, "Faure"), school.Municipal, "au service de la commune", academy},
			{h.appoint(school.Partner, directory.Project, "Gilet"), school.Partner, "qui suit votre convention", academy},
			{h.appoint(school.Tech, directory.Project, "Hardy"), school.Tech, "aux exploitants", academy},
			{helper, school.Staff, "L’école peut le corriger", academy}, // a parent of the school, whose name comes with their child
			{helper, school.Guardian, "L’école peut le corriger", academy},
			{teacher, school.Teacher, academy, "à la main"},
			{h.head(), school.Head, academy, "à la main"},
		} {
			page := h.get("/me", h.as(c.who, c.hat))
			holds(t, page.Body, c.said)
			holdsNone(t, page.Body, []string{c.not})
		}
	})
}

// atsem appoints somebody whom the register knows already.
func (h *lobby) atsem(person school.ID) school.ID {
	h.T.Helper()
	h.Write(func(tx *db.Tx) error {
		at, err := directory.Structures.One(tx, "kind = $1 ORDER BY id LIMIT 1", directory.School)
		if err == nil {
			_, err = directory.Appoint(tx, directory.Appointment{Person: person, Structure: at.ID, Template: "atsem", Reason: "test"})
		}
		return err
	})
	return person
}
