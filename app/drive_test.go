//go:build !race

package app

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"preau/account"
	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/school"
)

// needsProgram skips a test where a program is not there, and fails there when it must.
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

// mounted is a portal that devices reach, with that of a teacher.
type mounted struct {
	stage
	t               *testing.T
	url             string
	login, password string
	id              school.ID
}

// mount serves the stage at an address of its own.
func mount(t *testing.T, d *db.DB) *mounted {
	t.Helper()
	m := &mounted{stage: sweep(t, d), t: t}
	server := httptest.NewUnstartedServer(nil)
	m.url = "http://" + server.Listener.Addr().String()
	site, err := m.h.site(m.url)
	if err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = site
	server.Start()
	t.Cleanup(server.Close)
	m.login, m.password, m.id = m.device(school.Teacher)
	return m
}

// device makes a device of somebody on the stage.
func (m *mounted) device(profile school.Profile) (login, password string, id school.ID) {
	m.t.Helper()
	err := m.h.DB.Write(m.t.Context(), func(tx *db.Tx) error {
		s, err := m.h.Accounts.Resolve(tx, m.people[profile])
		if err != nil {
			return err
		}
		n, err := m.h.Accounts.AddDrive(tx, s, profile, "essai", account.Origin{})
		login, password, id = n.Login.String(), n.Password, n.ID
		return err
	})
	if err != nil {
		m.t.Fatal(err)
	}
	return login, password, id
}

// run runs a program in a folder, and gives what it says.
func (m *mounted) run(dir, stdin, name string, args ...string) (out string, err error) {
	m.t.Helper()
	cmd := exec.CommandContext(m.t.Context(), name, args...)
	cmd.Dir, cmd.Stdin = dir, strings.NewReader(stdin)
	cmd.Env = append(os.Environ(), "HOME="+dir, "RCLONE_CONFIG="+filepath.Join(dir, "rclone.conf"))
	said, err := cmd.CombinedOutput()
	return string(said), err
}

// must is run of what has to be done.
func (m *mounted) must(dir, name string, args ...string) string {
	m.t.Helper()
	out, err := m.run(dir, "", name, args...)
	if err != nil {
		m.t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return out
}

// trouble is what litmus says of a test that did not go as it should.
var trouble = regexp.MustCompile(`(?m)^.*(FAIL|WARNING|SKIPPED).*$`)

// TestLitmus passes litmus whole, on both databases.
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

// dav asks something as a device, with some headers: "Depth", "0".
func (m *mounted) dav(method, path, body string, headers ...string) (status int, answer string, header http.Header) {
	m.t.Helper()
	return m.davAs(m.login, m.password, method, path, body, headers...)
}

func (m *mounted) davAs(login, password, method, path, body string, headers ...string) (int, string, http.Header) {
	m.t.Helper()
	r, err := http.NewRequestWithContext(context.Background(), method, m.url+path, strings.NewReader(body))
	if err != nil {
		m.t.Fatal(err)
	}
	if login != "" {
		r.SetBasicAuth(login, password)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	got, err := client.Do(r)
	if err != nil {
		m.t.Fatal(err)
	}
	defer got.Body.Close()
	if _, err := w.Body.ReadFrom(got.Body); err != nil {
		m.t.Fatal(err)
	}
	return got.StatusCode, w.Body.String(), got.Header
}
