package file_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"preau/core/db"
	"preau/core/school"
	"preau/test/browser"
)

// line is a line of what is sent, by its file.
func line(path string) string {
	return fmt.Sprintf(`[...document.querySelectorAll(".sends-line")].find((one) => one.querySelector("[data-file]").textContent === %q)`, path)
}

// isAt tells whether a line is in a state.
func isAt(path, state string) string { return line(path) + `?.dataset.state === "` + state + `"` }

// writes writes files of this machine, and gives the folder.
func writes(t *testing.T, files map[string][]byte) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		at := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(at, content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// A folder and a file are dropped, the network goes in the middle of the largest, and comes back; every byte is there.
func TestFilesAreDroppedAndTheNetworkGoes(t *testing.T) {
	browser.Open(t)
	h := onSQLite(t)
	teacher := h.Enter(h.teacher, school.Teacher)
	files := map[string][]byte{"Sortie/Photos/film.bin": noise(20 << 20), "Sortie/liste.bin": noise(200 << 10), "Été.bin": noise(100 << 10)}
	dir := writes(t, files)
	for _, view := range []browser.View{{Width: browser.Phone}, {Width: browser.Desk}} {
		into := makes(teacher, mine(h.teacher), fmt.Sprint("Largeur ", view.Width))
		p := teacher.Page(view)
		p.Goto(h.URL + into)
		p.Check()
		p.Shot("file-sends-before")
		p.Slow(6 << 20)
		p.Drop("main", filepath.Join(dir, "Sortie"), filepath.Join(dir, "Été.bin"))
		film := "Sortie/Photos/film.bin"
		p.Until(isAt("Été.bin", "done"))
		p.Until(line(film) + `.querySelector("progress").value > 45`)
		p.Slow(200 << 10)
		p.Axe()
		p.Fits()
		p.Quiet()
		p.Shot("file-sends-going")
		p.Offline(true)
		h.Cut(true)
		p.Until(`!` + line(film) + `.querySelector("[data-why]").hidden`)
		if said := browser.Value[string](p, line(film)+`.querySelector("[data-why]").textContent`); !strings.Contains(said, "reprendra tout seul") {
			t.Errorf("without a network one is told %q", said)
		}
		p.Axe()
		p.Shot("file-sends-offline")
		h.Cut(false)
		p.Slow(-1)
		p.Offline(false)
		p.Until(isAt(film, "done"))
		p.Until(`document.querySelector("[data-said]").textContent === "Tout est enregistré."`)
		p.Axe()
		p.Fits()
		p.Shot("file-sends-done")
		p.Follow("[data-show]")
		for path, content := range files {
			at := into
			for name := range strings.SplitSeq(path, "/") {
				at = find(teacher, at, name)
			}
			if got := taken(teacher, at); got.StatusCode != http.StatusOK || got.Body != string(content) {
				t.Errorf("%s is not what was sent: %d bytes of %d", path, len(got.Body), len(content))
			}
		}
	}
	if n := h.rows("file_part"); n != 0 {
		t.Errorf("%d parts stay", n)
	}
}

// What was begun is listed by the page that comes back, on any device, and goes on once the file is chosen again; one
// may pause it, and give it up. Nothing of it stays on the device.
func TestAFileGoesOnAfterThePageWasLeft(t *testing.T) {
	browser.Open(t)
	h := onSQLite(t)
	teacher := h.Enter(h.teacher, school.Teacher)
	film := noise(20 << 20)
	dir := writes(t, map[string][]byte{"film.bin": film})
	p := teacher.Page(browser.View{Width: browser.Phone})
	p.Goto(h.URL + mine(h.teacher))
	p.Slow(6 << 20)
	p.Drop("main", filepath.Join(dir, "film.bin"))
	p.Until(line("film.bin") + `.querySelector("progress").value > 45`)
	p.Eval(line("film.bin") + `.querySelector("[data-do=pause]").click()`)
	p.Until(isAt("film.bin", "paused"))
	if label := browser.Value[string](p, `document.activeElement.getAttribute("aria-label") || ""`); label != "" && !strings.Contains(label, "film.bin") {
		t.Errorf("the focus is on %q", label)
	}
	p.Slow(-1)
	p.Goto(h.URL + mine(h.teacher))
	p.Check()
	p.Shot("file-sends-begun")
	if said := p.Text(".sends-why"); !strings.Contains(said, "Choisissez de nouveau ce fichier") {
		t.Errorf("what was begun is told by %q", said)
	}
	if kept := browser.Value[string](p, `JSON.stringify([Object.keys(localStorage), Object.keys(sessionStorage)].flat().filter((one) => /send|tus|film/.test(one)))`); kept != "[]" {
		t.Errorf("the device keeps %s", kept)
	}
	p.Drop("main", filepath.Join(dir, "film.bin"))
	p.Until(isAt("film.bin", "done"))
	if got := taken(teacher, find(teacher, mine(h.teacher), "film.bin")); got.Body != string(film) {
		t.Errorf("%d bytes come back of %d", len(got.Body), len(film))
	}
	var sent int
	h.Read(func(tx *db.Tx) error { return tx.Get([]any{&sent}, `SELECT bytes FROM file_received`) })
	if sent > len(film)+9<<20 {
		t.Errorf("%d bytes were sent for %d", sent, len(film))
	}
	// The session ends in between: one is told so, and goes on in another.
	p.Slow(3 << 20)
	p.Drop("main", filepath.Join(dir, "film.bin"))
	p.Until(`document.querySelectorAll(".sends-line")[1]?.querySelector("progress").value > 5`)
	teacher.Post("/logout", nil)
	p.Until(`document.querySelectorAll(".sends-line")[1].dataset.state === "paused"`)
	if said := browser.Value[string](p, `document.querySelectorAll(".sends-line")[1].querySelector("[data-why]").textContent`); !strings.Contains(said, "Votre session est terminée") {
		t.Errorf("once the session is over one is told %q", said)
	}
}

// A child who does not read has one picture, which fills, and the photo is there.
func TestAChildSendsAPhoto(t *testing.T) {
	browser.Open(t)
	h := onSQLite(t)
	little := h.One(`SELECT min(person_id) FROM directory_enrolment WHERE until_at IS NULL AND level_code = $1`, school.MS.Code)
	child := h.Enter(little, school.Pupil)
	shot := noise(6 << 20)
	dir := writes(t, map[string][]byte{"dessin.bin": shot})
	for _, view := range []browser.View{{Width: browser.Phone}, {Width: browser.Desk}} {
		p := child.Page(view)
		p.Goto(h.URL + mine(little))
		p.Check()
		p.Shot("file-sends-child")
		p.Slow(2 << 20)
		p.Drop("main", filepath.Join(dir, "dessin.bin"))
		p.Until(`parseFloat(document.querySelector(".sends").style.getPropertyValue("--done")) > 40`)
		p.Axe()
		p.Fits()
		p.Shot("file-sends-child-going")
		p.Slow(-1)
		p.Until(`document.querySelector(".kept") !== null && !document.querySelector(".is-going")`)
		p.Shot("file-sends-child-done")
	}
	if got := taken(child, find(child, mine(little), "dessin.bin")); got.Body != string(shot) {
		t.Errorf("%d bytes come back of %d", len(got.Body), len(shot))
	}
}
