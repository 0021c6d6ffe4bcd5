package portal_test

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"preau/core/db"
	"preau/core/school"
	"preau/directory"
	"preau/test/house"
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
	for password, say := range map[string]string{"kiwis": "6 lettres ou chiffres", "soleil": "trop facile à deviner"} {
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

// wordsOf are the words of a page, in small letters.
func wordsOf(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) })
}

// formal tells whether a word is one that is said to an adult, familiar one that is
// said to a child.
func formal(word string) bool {
	return slices.Contains([]string{"vous", "votre", "vos"}, word) || strings.HasSuffix(word, "ez") && !slices.Contains([]string{"chez", "assez"}, word)
}

func familiar(word string) bool {
	return slices.Contains([]string{"tu", "toi", "ton", "ta", "tes"}, word)
}

// A child is spoken to as one wherever they come: from the code on their slip to what
// they change, and what is refused; an adult never is.
func TestAChildIsSpokenTo(t *testing.T) {
	fed.Each(t, func(t *testing.T, of *house.House) {
		h := openOn(of)
		child := h.pupil(school.CM1)
		bare := func(page reply) string {
			return strings.Join(strings.Fields(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(said(page.Body), " ")), " ")
		}
		spoken := func(what string, page reply, wants ...string) {
			t.Helper()
			text := bare(page)
			if i := slices.IndexFunc(wordsOf(text), formal); i >= 0 {
				t.Errorf("%s says %q to a child:\n%s", what, wordsOf(text)[i], text)
			}
			for _, want := range wants {
				if !strings.Contains(text, want) {
					t.Errorf("%s does not say %q:\n%s", what, want, text)
				}
			}
		}
		c := h.code(child)
		typed := func(more ...string) url.Values {
			return form(append([]string{"login", c.Login.String(), "code", c.Text}, more...)...)
		}
		spoken("the slip", h.post("/activate", typed()), "Tu es", "Au moins 6 lettres", "oublie qui tu es")
		spoken("a short password", h.post("/activate", typed("password", "kiwi")), "au moins 6 lettres ou chiffres")
		spoken("a common one", h.post("/activate", typed("password", "soleil")), "Choisis un autre mot")
		spoken("their own name", h.post("/activate", typed("password", c.Login.String())), "ressemble à ton nom")
		in := h.post("/activate", typed("password", "cabane"))
		in.Wants(http.StatusSeeOther)
		as := cookie(in.session())
		spoken("my account", h.get("/me", as), "Au moins 6 lettres", "Dis-le à ta maîtresse")
		spoken("a wrong old password", h.post("/me/password", form("old", "cabanes", "password", "tournesol"), as), "ton mot de passe d’aujourd’hui")
		spoken("a short new one", h.post("/me/password", form("old", "cabane", "password", "kiwi"), as), "au moins 6 lettres ou chiffres")
		spoken("a page that is not theirs", h.get("/register/", as), "Repars de l’accueil")
		for _, path := range []string{"/", "/me/devices", "/me/journal", "/help", "/people/", "/people/?q=zzzz"} {
			spoken(path, h.get(path, as))
		}
		c = h.code(child)
		spoken("another slip", h.post("/activate", typed()), "c’est bien toi")

		adult := h.guardian()
		c = h.code(adult)
		for what, page := range map[string]reply{
			"the slip": h.post("/activate", typed()), "a short password": h.post("/activate", typed("password", "kiwi")), "my account": h.get("/me", h.as(adult, school.Guardian)),
		} {
			text := bare(page)
			if slices.ContainsFunc(wordsOf(text), familiar) || !slices.ContainsFunc(wordsOf(text), formal) || !strings.Contains(text, "12 caractères") {
				t.Errorf("%s speaks to an adult as\n%s", what, text)
			}
		}
	})
}
