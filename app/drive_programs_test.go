//go:build !race

package app

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"preau/core/db"
	"preau/core/db/dbtest"
)

func needsProgram(t *testing.T, name string) {
	t.Helper()
	if _, err := exec.LookPath(name); err == nil {
		return
	}
	if os.Getenv("PREAU_TEST_ALL") == "1" {
		t.Fatalf("no %s on this machine", name)
	}
	t.Skipf("no %s on this machine", name)
}

func (m *mounted) run(dir, stdin, name string, args ...string) (out string, err error) {
	m.t.Helper()
	cmd := exec.CommandContext(m.t.Context(), name, args...)
	cmd.Dir, cmd.Stdin = dir, strings.NewReader(stdin)
	cmd.Env = append(os.Environ(), "HOME="+dir, "RCLONE_CONFIG="+filepath.Join(dir, "rclone.conf"))
	said, err := cmd.CombinedOutput()
	return string(said), err
}

func (m *mounted) must(dir, name string, args ...string) string {
	m.t.Helper()
	out, err := m.run(dir, "", name, args...)
	if err != nil {
		m.t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return out
}

var trouble = regexp.MustCompile(`(?m)^.*(FAIL|WARNING|SKIPPED).*$`)

func TestLitmus(t *testing.T) {
	needsProgram(t, "litmus")
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		m := mount(t, d)
		out, err := m.run(t.TempDir(), "", "litmus", "-k", m.url+"/dav/Mes%20fichiers/", m.login, m.password)
		if found := trouble.FindAllString(out, -1); err != nil || len(found) > 0 {
			t.Errorf("%v\n%s\n%s", err, strings.Join(found, "\n"), out)
		}
	})
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func (m *mounted) same(one, other string) {
	m.t.Helper()
	if out, err := m.run(m.t.TempDir(), "", "diff", "-r", one, other); err != nil {
		m.t.Errorf("%v\n%s", err, out)
	}
}

func TestRclone(t *testing.T) {
	needsProgram(t, "rclone")
	m := mount(t, dbtest.SQLite(t))
	at, home := t.TempDir(), t.TempDir()
	up, down := filepath.Join(at, "up"), filepath.Join(at, "down")
	big := strings.Repeat("Il était une fois une école. ", 200_000) // 6 MB
	write(t, filepath.Join(up, "Sorties", "Été à la mer", "liste d’élèves (CE1) 100%.txt"), "Zoé\nLéo\n")
	write(t, filepath.Join(up, "Sorties", "vide.txt"), "")
	write(t, filepath.Join(up, "grand & gros.txt"), big)
	write(t, filepath.Join(up, "a+b #1;c=d%.txt"), "x")
	m.must(home, "rclone", "config", "create", "preau", "webdav", "url="+m.url+"/dav/", "vendor=other", "user="+m.login, "pass="+m.password, "--obscure")
	const there = "preau:Mes fichiers/Année"
	m.must(home, "rclone", "copy", up, there)
	m.must(home, "rclone", "check", "--download", up, there)
	m.must(home, "rclone", "copy", there, down)
	m.same(up, down)

	if err := os.Remove(filepath.Join(up, "Sorties", "vide.txt")); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(up, "grand & gros.txt"), "court")
	write(t, filepath.Join(up, "nouveau", "n.txt"), "neuf")
	m.must(home, "rclone", "sync", "--create-empty-src-dirs", up, there)
	m.must(home, "rclone", "check", "--download", up, there)
	m.must(home, "rclone", "sync", there, down)
	m.same(up, down)
	m.must(home, "rclone", "moveto", there+"/nouveau/n.txt", there+"/n2.txt")
	m.must(home, "rclone", "copyto", there+"/n2.txt", there+"/nouveau/n3.txt")
	if said := m.must(home, "rclone", "cat", there+"/nouveau/n3.txt"); said != "neuf" {
		t.Errorf("%q", said)
	}
	m.must(home, "rclone", "purge", there)
	if said := m.must(home, "rclone", "lsf", "preau:Mes fichiers"); strings.Contains(said, "Année") {
		t.Error(said)
	}
	if said := m.must(home, "rclone", "about", "preau:Mes fichiers"); !strings.Contains(said, "Free:") {
		t.Errorf("no room is told: %s", said)
	}
	m.password = "2222-2222-2222-2222-2222-2222"
	m.must(home, "rclone", "config", "create", "wrong", "webdav", "url="+m.url+"/dav/", "vendor=other", "user="+m.login, "pass="+m.password, "--obscure")
	if said, err := m.run(home, "", "rclone", "lsf", "--retries", "1", "wrong:"); err == nil {
		t.Errorf("a wrong password lists %s", said)
	}
}

func TestCadaver(t *testing.T) {
	needsProgram(t, "cadaver")
	m := mount(t, dbtest.SQLite(t))
	home := t.TempDir()
	write(t, filepath.Join(home, "mot.txt"), "Bonjour")
	write(t, filepath.Join(home, ".netrc"), "machine 127.0.0.1\nlogin "+m.login+"\npassword "+m.password+"\n")
	out, err := m.run(home, strings.Join([]string{
		"cd \"Mes fichiers\"", "mkcol Dossier", "cd Dossier", "put mot.txt", "propset mot.txt couleur bleu", "propget mot.txt couleur",
		"lock mot.txt", "discover mot.txt", "unlock mot.txt", "copy mot.txt copie.txt", "move copie.txt autre.txt", "get autre.txt rendu.txt", "ls",
		"delete mot.txt", "cd ..", "rmcol Dossier", "ls", "quit",
	}, "\n")+"\n", "cadaver", m.url+"/dav/")
	if err != nil || strings.Contains(out, "failed") || strings.Count(out, "succeeded") < 11 {
		t.Errorf("%v\n%s", err, out)
	}
	if got, err := os.ReadFile(filepath.Join(home, "rendu.txt")); err != nil || string(got) != "Bonjour" {
		t.Errorf("%q, %v\n%s", got, err, out)
	}
}
