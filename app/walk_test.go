//go:build !race

package app

import (
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"preau/account"
	"preau/core/audit"
	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/school"
	"preau/directory"
	"preau/directory/feed"
	"preau/test/browser"
	"preau/test/village"
)

// The school of the walk: eight classes, of which three have a label that
// names nobody ("CP D", "MS Salle 3").
const (
	walkSchools, walkSeed = 3, 26
	walkClasses           = 8
	walkUnnamed           = 3
	mostActs              = 10
)

// TestAHeadAttachesEveryTeacher walks from a delivery to the teachers of every
// class, on the home page first, in a real browser that counts what one does.
// docs/performance.md has the figures.
func TestAHeadAttachesEveryTeacher(t *testing.T) {
	browser.Open(t)
	doc, err := os.ReadFile(filepath.Join(root, "docs", "performance.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name    string
		unnamed int
		prepare func(*db.Tx, school.ID) error
	}{
		{"as delivered", walkUnnamed, func(*db.Tx, school.ID) error { return nil }},
		{"no label names anybody", walkClasses, func(tx *db.Tx, at school.ID) error {
			_, err := tx.Exec(`UPDATE directory_class SET label = 'Classe ' || source_key WHERE school_id = $1`, at)
			return err
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := house(t, dbtest.SQLite(t))
			dir := t.TempDir()
			if _, err := village.Write(dir, village.Options{Schools: walkSchools, Seed: walkSeed, Date: dbtest.Noon}); err != nil {
				t.Fatal(err)
			}
			if _, err := h.Feeder.Feed(t.Context(), dir, feed.Options{}); err != nil {
				t.Fatal(err)
			}
			at, l := headOfEight(t, h)
			if err := h.DB.Write(t.Context(), func(tx *db.Tx) error { return c.prepare(tx, at) }); err != nil {
				t.Fatal(err)
			}
			server := httptest.NewUnstartedServer(nil)
			url := "http://" + server.Listener.Addr().String()
			site, err := h.site(url)
			if err != nil {
				t.Fatal(err)
			}
			server.Config.Handler = site
			server.Start()
			t.Cleanup(server.Close)

			p := browser.Open(t).Page(t, browser.View{Width: browser.Phone})
			p.Login(url, l.Login, l.Password)
			p.CountActs()
			p.Goto(url + "/") // signing in does not count

			p.Follow(`a[href$="/teachers"]`)
			lists := browser.Value[[]string](p, `[...document.querySelectorAll("#suggestions select")].map((s) => "#" + s.id)`)
			if len(lists) != c.unnamed {
				t.Fatalf("the page asks for %d classes, not %d", len(lists), c.unnamed)
			}
			p.Check()
			p.Shot("walk-" + strings.ReplaceAll(c.name, " ", "-"))
			for i, list := range lists {
				p.Choose(list, i+1)
			}
			p.Submit("#suggestions")

			if text := p.Text("main"); !strings.Contains(text, fmt.Sprintf("%d sur %[1]d", walkClasses)) {
				t.Errorf("some class has no teacher:\n%s", text)
			}
			if without := without(t, h, at); without != 0 {
				t.Errorf("%d classes have no teacher", without)
			}
			acts := p.Acts()
			t.Logf("%s: %d acts on %d screens, %d characters typed", c.name, acts.Total(), acts.Screens, acts.Typed)
			if acts.Typed > 0 {
				t.Errorf("%d characters were typed", acts.Typed)
			}
			if acts.Choices != c.unnamed || acts.Total() > mostActs {
				t.Errorf("%+v: %d acts, more than %d, or not one choice for each of %d classes", acts, acts.Total(), mostActs, c.unnamed)
			}
			if line := fmt.Sprintf("| %s | %d | %d | %d |", c.name, c.unnamed, acts.Total(), acts.Screens); !strings.Contains(string(doc), line) {
				t.Errorf("docs/performance.md does not say %q", line)
			}
		})
	}
}

// headOfEight finds the school of eight classes and makes its head able to
// sign in, with the code that they would be handed.
func headOfEight(t *testing.T, h *House) (at school.ID, l login) {
	t.Helper()
	var code account.Code
	err := h.DB.Write(t.Context(), func(tx *db.Tx) error {
		err := tx.Get([]any{&at}, `SELECT school_id FROM directory_class WHERE kind = 'class' GROUP BY school_id HAVING count(*) = $1`, walkClasses)
		if err != nil {
			return err
		}
		if err := tx.Get([]any{&l.person}, `SELECT min(person_id) FROM directory_function WHERE structure_id = $1 AND profile = $2`,
			at, school.Head); err != nil {
			return err
		}
		code, err = h.Accounts.IssueCode(tx, l.person, audit.By{Request: "test"}, demoLife)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	l.Login, l.Password = code.Login.String(), "les lapins bleus dansent"
	opened, err := h.Accounts.Activate(t.Context(), l.Login, code.Text, l.Password, account.Origin{Request: "test"})
	if err != nil {
		t.Fatal(err)
	}
	if opened.Profile != school.Head {
		t.Fatalf("the head comes in as %s", opened.Profile)
	}
	return at, l
}

// without counts the classes of a school that have no teacher.
func without(t *testing.T, h *House, at school.ID) (left int) {
	t.Helper()
	err := h.DB.Read(t.Context(), func(tx *db.Tx) error {
		figures, err := directory.SchoolFigures(tx, at)
		left = figures[at].Classes - figures[at].Attached
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return left
}
