package portal_test

import (
	"archive/zip"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"preau/core/db"
	"preau/core/personal"
	"preau/core/school"
	"preau/directory"
	"preau/test/browser"
	"preau/test/house"
)

// leave ends all that somebody is, now; of a guardian with children, the
// children's enrolments too.
func (h *lobby) leave(person school.ID, children ...school.ID) {
	h.T.Helper()
	h.Write(func(tx *db.Tx) error {
		for _, one := range append(children, person) {
			for _, query := range []string{
				`UPDATE directory_function SET until_at = $1 WHERE person_id = $2 AND until_at IS NULL`,
				`UPDATE directory_membership SET until_at = $1 WHERE person_id = $2 AND until_at IS NULL`,
				`UPDATE directory_enrolment SET until_at = $1 WHERE person_id = $2 AND until_at IS NULL`,
				`UPDATE directory_bond SET until_at = $1 WHERE (guardian_id = $2 OR pupil_id = $2) AND until_at IS NULL`,
			} {
				if _, err := tx.Exec(query, db.At(tx.Now), one); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// comeBack gives back what leave ended.
func (h *lobby) comeBack(person school.ID) {
	h.T.Helper()
	h.Write(func(tx *db.Tx) error {
		_, err := tx.Exec(`UPDATE directory_function SET until_at = NULL WHERE person_id = $1`, person)
		return err
	})
}

// children are those of a guardian.
func (h *lobby) children(of school.ID) []school.ID {
	h.T.Helper()
	return h.Some(`SELECT pupil_id FROM directory_bond WHERE guardian_id = $1 ORDER BY pupil_id`, of)
}

// unpack reads what was taken: each file by its name.
func unpack(t *testing.T, r reply) map[string]string {
	t.Helper()
	r.Wants(http.StatusOK)
	archive, err := zip.NewReader(strings.NewReader(r.Body), int64(len(r.Body)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, f := range archive.File {
		rc, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(rc)
		if err != nil {
			t.Fatal(err)
		}
		files[f.Name] = string(text)
	}
	return files
}

// A teacher who left has the one page where they take their things, at once;
// everything else is what does not exist, for the session of before too.
func TestWhoLeftHasOnePage(t *testing.T) {
	fed.Each(t, func(t *testing.T, of *house.House) {
		h := openOn(of)
		teacher := h.plainTeacher()
		class := "/people/class/" + h.classIn(teacher).String()
		h.Attach(h.classIn(teacher), teacher)
		login, before := h.enter(teacher)
		h.get(class, before).Wants(http.StatusOK)
		h.post("/take", form("password", good), before).Wants(http.StatusNotFound)
		h.Later(time.Minute)
		h.leave(teacher)

		h.get(class, before).Wants(http.StatusSeeOther)
		h.get("/", before).Wants(http.StatusSeeOther)
		in := h.post("/login", form("login", login, "password", good))
		in.Wants(http.StatusSeeOther)
		as := cookie(in.session())
		for _, path := range []string{class, "/me", "/me/devices", "/help", "/people/", "/people/person/" + teacher.String()} {
			h.get(path, as).Wants(http.StatusNotFound)
		}
		h.post("/me/password", form("old", good, "password", "quatre chevaux verts chantent"), as).Wants(http.StatusNotFound)
		h.post("/me/hat", form("hat", string(school.Teacher)), as).Wants(http.StatusNotFound)
		h.post("/take", form("password", "pas le bon du tout"), as).Wants(http.StatusUnprocessableEntity, "Prendre mes affaires")

		page := h.get("/", as)
		page.Wants(http.StatusOK, "Vous n’êtes plus dans", "Prendre mes affaires", "qui appeler")
		if body := page.Text(); strings.Contains(body, `href="/me"`) || strings.Contains(body, `href="/help"`) || strings.Contains(body, `href="/people/"`) {
			t.Error("the page leads to what is not theirs")
		}
		h.get("/me/journal", as).Wants(http.StatusOK, "Connexion")

		// After the term who has the password hears that the account is closed; to
		// anybody else the login is nobody's, in the same words.
		h.Later(personal.AfterDeparture.Term() - time.Minute)
		h.post("/login", form("login", login, "password", good)).Wants(http.StatusSeeOther)
		h.Later(time.Minute)
		h.get("/", as).Wants(http.StatusSeeOther)
		gone := h.post("/login", form("login", login, "password", good))
		gone.Wants(http.StatusUnprocessableEntity, "ce compte est fermé")
		guessed := h.post("/login", form("login", login, "password", "pas le bon du tout"))
		nobody := h.post("/login", form("login", "personne.dutout", "password", good))
		if guessed.StatusCode != nobody.StatusCode || gone.session()+guessed.session() != "" || strings.ReplaceAll(guessed.Body, login, "") != strings.ReplaceAll(nobody.Body, "personne.dutout", "") {
			t.Errorf("%d and %d, sessions %q and %q", guessed.StatusCode, nobody.StatusCode, gone.session(), guessed.session())
		}
	})
}

// What is taken is about the person alone, holds no secret, and is journalled.
func TestWhatIsTaken(t *testing.T) {
	fed.Each(t, func(t *testing.T, of *house.House) {
		h := openOn(of)
		teacher := h.plainTeacher()
		h.Attach(h.classIn(teacher), teacher)
		login := h.activate(teacher)
		h.Later(time.Minute)
		h.leave(teacher)
		as := cookie(h.post("/login", form("login", login, "password", good)).session())
		taken := h.post("/take", form("password", good), as)
		files := unpack(t, taken)
		if len(files) != 2 {
			t.Errorf("%d files", len(files))
		}
		who := h.Who(teacher)
		readable := files["mes-affaires.html"]
		for _, text := range []string{who.Name(), who.Usual, "Identifiant", "Fonctions", "Enseign", "École"} {
			if !strings.Contains(readable, text) {
				t.Errorf("no %q in %.3000s", text, readable)
			}
		}
		var all struct {
			Tables map[string][]map[string]any `json:"tables"`
		}
		if err := json.Unmarshal([]byte(files["mes-affaires.json"]), &all); err != nil {
			t.Fatal(err)
		}
		for table, rows := range all.Tables {
			for _, row := range rows {
				for column := range row {
					if column == "activated_by" {
						continue // a word: with what the account was opened
					}
					if strings.HasSuffix(column, "_id") || strings.HasSuffix(column, "_by") || column == "password" || column == "token" || column == "code" && strings.HasPrefix(table, "account") {
						t.Errorf("%s.%s is taken", table, column)
					}
				}
			}
		}
		for _, table := range []string{"directory_person", "directory_function", "directory_membership", "account_account", "account_session", "audit_entry"} {
			if len(all.Tables[table]) == 0 {
				t.Errorf("nothing of %s", table)
			}
		}
		holdsNone(t, files["mes-affaires.html"]+files["mes-affaires.json"], h.names(everyPupil))
		if acts := h.Acts(teacher); acts[len(acts)-1] != "portal.take" {
			t.Errorf("the journal says %v", acts)
		}
		after := cookie(taken.session()) // the proof renewed it
		h.get("/me/journal", after).Wants(http.StatusOK, "Données emportées")
		h.get("/", as).Wants(http.StatusSeeOther)
	})
}

// late is a steward of one row, which tells as it is packed whether the taking of it
// is journalled for everybody: the transaction is over.
type late struct {
	personal.Tables
	packed func() bool
}

func (l late) Holdings() personal.Tables { return l.Tables }

func (l late) Export(_ *db.Tx, person school.ID) ([]personal.Row, error) {
	return []personal.Row{{Table: "directory_person", Values: map[string]any{"id": int64(person), "first_name": "Zoé", "late": l}}}, nil
}

func (l late) MarshalJSON() ([]byte, error) { return json.Marshal(l.packed()) }

// What is taken is packed once the transaction is over: nobody waits for it.
func TestWhatIsTakenIsPackedLater(t *testing.T) {
	fed.Each(t, func(t *testing.T, of *house.House) {
		h := openAs("127.0.0.1", of, late{
			personal.Tables{{Name: "directory_person", Subjects: []string{"id"}, Recipients: []personal.Recipient{personal.Oneself}}},
			func() (over bool) {
				of.Read(func(tx *db.Tx) (err error) {
					over, err = db.One(tx, db.Column[bool], `SELECT EXISTS (SELECT 1 FROM audit_entry WHERE action = 'portal.take')`)
					return err
				})
				return over
			},
		})
		teacher := h.plainTeacher()
		login := h.activate(teacher)
		h.Later(time.Minute)
		h.leave(teacher)
		as := cookie(h.post("/login", form("login", login, "password", good)).session())
		files := unpack(t, h.post("/take", form("password", good), as))
		if !strings.Contains(files["mes-affaires.json"], `"late": true`) {
			t.Error("it is packed before the transaction is over")
		}
	})
}

// The page that is taken reads well on its own: what matters first, dates as people
// say them, nothing of programs.
func TestThePageTakenReadsWell(t *testing.T) {
	b, h := browser.Open(t), open(t)
	guardian := h.guardian()
	children := h.children(guardian)
	login := h.activate(guardian)
	h.Later(time.Minute)
	h.leave(guardian, children...)
	as := cookie(h.post("/login", form("login", login, "password", good)).session())
	files := unpack(t, h.post("/take", form("password", good), as))
	for name, want := range map[string][]string{
		"mes-affaires.html":          {"<h2>Fiche</h2>", "<h2>Compte</h2>", "<h2>Journal</h2>"},
		"enfant-1/mes-affaires.html": {"<h2>Fiche</h2>", "<h2>Inscriptions dans une école</h2>"},
	} {
		text, from := files[name], 0
		for _, part := range want {
			at := strings.Index(text[from:], part)
			if at < 0 {
				t.Fatalf("%s: no %s where it should be in %.3000s", name, part, text)
			}
			from += at
		}
		if strings.Contains(text, "Mozilla") || regexp.MustCompile(`\d{4}-\d\d-\d\d`).MatchString(text) {
			t.Errorf("%s speaks as programs do: %.3000s", name, text)
		}
		for _, view := range []browser.View{{Width: browser.Phone}, {Width: browser.Desk}} {
			p := b.Page(t, view)
			path := filepath.Join(t.TempDir(), "mes-affaires.html")
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			p.Goto("file://" + path)
			p.Axe()
			p.Fits()
			p.Shot("taken-" + strings.ReplaceAll(strings.TrimSuffix(name, ".html"), "/", "-"))
		}
	}
}

// A guardian takes the things of the children who left with them, unless a judge
// kept them away; of a child who is a pupil still, nothing.
func TestAGuardianTakesForTheChildren(t *testing.T) {
	for name, c := range map[string]struct {
		restriction directory.Restriction
		stays, want bool
	}{
		"they left together":    {want: true},
		"the child is there":    {stays: true},
		"a judge refuses":       {restriction: directory.Restriction{NoAccess: true}},
		"a judge hides":         {restriction: directory.Restriction{HidePlace: true}},
		"a judge leaves a door": {restriction: directory.Restriction{InformedOnly: true}, want: true},
	} {
		t.Run(name, func(t *testing.T) {
			h := open(t)
			person := h.guardian()
			children := h.children(person)
			login := h.activate(person)
			h.Later(time.Minute)
			if c.restriction != (directory.Restriction{}) {
				h.Write(func(tx *db.Tx) error {
					for _, child := range children {
						r := c.restriction
						r.Pupil, r.Guardian, r.Reference, r.From = child, person, "JAF 12", db.At(tx.Now)
						if _, err := directory.Restrict(tx, r); err != nil {
							return err
						}
					}
					return nil
				})
			}
			first := h.Who(children[0]).First
			if c.stays {
				h.leave(person)
			} else {
				h.leave(person, children...)
			}
			as := cookie(h.post("/login", form("login", login, "password", good)).session())
			page := h.get("/", as)
			page.Wants(http.StatusOK, "Prendre mes affaires")
			files := unpack(t, h.post("/take", form("password", good), as))
			told := strings.Contains(page.Main(), first)
			if told != c.want || (len(files) > 2) != c.want {
				t.Errorf("told %v, %d files, want %v", told, len(files), c.want)
			}
			all := ""
			for _, text := range files {
				all += text
			}
			if strings.Contains(all, first) != c.want || strings.Contains(all, "JAF 12") {
				t.Errorf("the child is in what is taken: %v, want %v", !c.want, c.want)
			}
			other := h.Some(`SELECT b.guardian_id FROM directory_bond b WHERE b.pupil_id = $1 AND b.guardian_id <> $2`, children[0], person)
			for _, parent := range other {
				if who := h.Who(parent); strings.Contains(all, who.Name()) {
					t.Errorf("%s is in what is taken", who.Name())
				}
			}
		})
	}
}

// Who comes back finds the account as it was.
func TestWhoComesBackIsWhole(t *testing.T) {
	h := open(t)
	teacher := h.plainTeacher()
	login := h.activate(teacher)
	h.Later(time.Minute)
	h.leave(teacher)
	door := cookie(h.post("/login", form("login", login, "password", good)).session())
	h.Later(24 * time.Hour)
	h.comeBack(teacher)
	h.get("/", door).Wants(http.StatusSeeOther)
	h.post("/take", form("password", good), door).Wants(http.StatusSeeOther)
	as := cookie(h.post("/login", form("login", login, "password", good)).session())
	h.get("/me", as).Wants(http.StatusOK, login)
}

// Who has a second factor shows it before they take anything, and needs no
// password then.
func TestTakingAsksForTheFactor(t *testing.T) {
	h := open(t)
	teacher := h.plainTeacher()
	_, secret := h.Enter(teacher, school.Teacher).Protect()
	login := h.Login(teacher)
	h.Later(time.Minute)
	h.leave(teacher)
	half := h.post("/login", form("login", login, "password", good)).session()
	h.post("/take", form("password", good), cookie(half)).Wants(http.StatusSeeOther)
	v := house.Visitor{House: h.House, Person: teacher, Token: half}.Prove(secret)
	h.get("/", cookie(v.Token)).Lacks(http.StatusOK, "Pour être sûr")
	unpack(t, h.post("/take", nil, cookie(v.Token)))
	old := v.Tired()
	h.post("/take", nil, cookie(old.Token)).Lacks(http.StatusSeeOther, "PK")
	if got := h.get("/second/new", cookie(v.Token)); got.StatusCode == http.StatusOK {
		t.Error("who left makes a second factor")
	}
}

// The page is for everybody.
func TestTheDoorOfWhoLeftIsForEverybody(t *testing.T) {
	b, h := browser.Open(t), open(t)
	guardian := h.guardian()
	login := h.activate(guardian)
	h.Later(time.Minute)
	h.leave(guardian, h.children(guardian)...)
	token := h.post("/login", form("login", login, "password", good)).session()
	for _, view := range []browser.View{{Width: browser.Phone}, {Width: browser.Desk}, {Width: browser.Phone, Lang: "en"}} {
		p := b.Page(t, view)
		p.Cookie(h.URL, "preau", token)
		p.Goto(h.URL + "/")
		p.Check()
		p.Shot("leaving" + view.Lang)
		p.Goto(h.URL + "/me/journal")
		p.Check()
		p.Shot("leaving-journal" + view.Lang)
	}
}
