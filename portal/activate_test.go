package portal_test

import (
	"net/http"
	"strings"
	"testing"

	"preau/core/db"
	"preau/core/school"
	"preau/directory"
	"preau/test/village"
)

func TestActivateRefuses(t *testing.T) {
	h := open(t)
	c := h.code(h.guardian())
	for name, values := range map[string][]string{
		"wrong code":  {"login", c.Login.String(), "code", "2222-3333-4444", "password", good},
		"wrong login": {"login", "personne.inconnue", "code", c.Text, "password", good},
		"short":       {"login", c.Login.String(), "code", c.Text, "password", "court"},
		"own name":    {"login", c.Login.String(), "code", c.Text, "password", c.Login.String() + "2026"},
	} {
		page := h.post("/activate", form(values...))
		if page.StatusCode != http.StatusUnprocessableEntity || page.session() != "" {
			t.Errorf("%s: %d, session %q", name, page.StatusCode, page.session())
		}
		for _, typed := range []string{values[1], values[3]} {
			if !strings.Contains(page.Body, `value="`+typed+`"`) {
				t.Errorf("%s: %q is lost", name, typed)
			}
		}
		if strings.Contains(page.Body, values[5]+`"`) && values[5] != "court" {
			t.Errorf("%s: the password is in the page", name)
		}
		if !strings.Contains(page.Body, `aria-invalid="true"`) {
			t.Errorf("%s: no field is marked", name)
		}
	}
}

// Before a password is chosen, the page says whose login and code these are:
// to nobody who does not hold both, and as often as it is asked.
func TestTheCodeSaysWhoseItIs(t *testing.T) {
	h := open(t)
	guardian := h.guardian()
	c, who := h.code(guardian), h.Who(guardian)
	child := h.Who(h.One(`SELECT min(pupil_id) FROM directory_bond WHERE guardian_id = $1 AND until_at IS NULL`, guardian)).First
	for range 3 {
		page := h.post("/activate", form("login", c.Login.String(), "code", c.Text))
		page.Wants(http.StatusOK, who.Name(), child, `name="password"`)
		if page.session() != "" {
			t.Error("a session is open before a password is chosen")
		}
	}
	refused := h.post("/activate", form("login", c.Login.String(), "code", "2222-3333-4444"))
	refused.Lacks(http.StatusUnprocessableEntity, who.Name(), child)
	nobody := h.post("/activate", form("login", "personne.inconnue", "code", c.Text))
	if strings.ReplaceAll(nobody.Main(), "personne.inconnue", "") != strings.NewReplacer(c.Login.String(), "", "2222-3333-4444", c.Text).Replace(refused.Main()) {
		t.Error("a login that nobody has and a wrong code look different")
	}
	h.post("/activate", form("login", c.Login.String(), "code", c.Text, "password", good)).Wants(http.StatusSeeOther)
	h.post("/activate", form("login", c.Login.String(), "code", c.Text)).Lacks(http.StatusUnprocessableEntity, who.Name(), child)
}

func TestActivate(t *testing.T) {
	h := open(t)
	c := h.code(h.guardian())
	page := h.post("/activate", form("login", c.Login.String(), "code", strings.ToLower(c.Text), "password", good))
	if page.StatusCode != http.StatusSeeOther || page.Header.Get("Location") != "/" {
		t.Fatalf("%d to %q", page.StatusCode, page.Header.Get("Location"))
	}
	if home := h.get("/", cookie(page.session())); home.StatusCode != http.StatusOK {
		t.Errorf("home: %d", home.StatusCode)
	}
	if again := h.post("/activate", form("login", c.Login.String(), "code", c.Text, "password", good)); again.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("the code serves twice: %d", again.StatusCode)
	}
}

// A code that was made before somebody was appointed elsewhere says so.
func TestACodeOfBefore(t *testing.T) {
	h := open(t)
	person := h.appoint(school.Admin, directory.School, "Prunier")
	c := h.code(person)
	h.Write(func(tx *db.Tx) error {
		other, err := directory.Structures.One(tx, "kind = $1 ORDER BY id DESC LIMIT 1", directory.School)
		if err == nil {
			_, err = directory.Appoint(tx, directory.Appointment{Person: person, Structure: other.ID, Template: village.PostOf(school.Admin), Reason: "test"})
		}
		return err
	})
	page := h.post("/activate", form("login", c.Login.String(), "code", c.Text, "password", good))
	page.Wants(http.StatusUnprocessableEntity, "avant que vos fonctions ou vos écoles changent")
	if page.session() != "" {
		t.Error("it opens a session")
	}
}

// A pupil's password may be one word of six letters, and the page says so when it
// is too short; ten wrong ones, and it waits like any other.
func TestAPupilActivates(t *testing.T) {
	h := open(t)
	c := h.code(h.pupil(school.CP))
	for password, say := range map[string]string{"kiwis": "6 caractères", "soleil": "trop facile à deviner"} {
		h.post("/activate", form("login", c.Login.String(), "code", c.Text, "password", password)).Wants(http.StatusUnprocessableEntity, say)
	}
	if page := h.post("/activate", form("login", c.Login.String(), "code", c.Text, "password", "cabane")); page.StatusCode != http.StatusSeeOther {
		t.Errorf("%d", page.StatusCode)
	}
	for range 9 {
		h.post("/login", form("login", c.Login.String(), "password", "cabanes")).Wants(http.StatusUnprocessableEntity)
	}
	h.post("/login", form("login", c.Login.String(), "password", "cabanes"))
	h.post("/login", form("login", c.Login.String(), "password", "cabane")).Wants(http.StatusTooManyRequests)
}
