//go:build !race

package app

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"preau/account"
	"preau/core/audit"
	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/school"
)

// needsProgram skips a test where a program is not there, and fails there when it must.
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
// must is run of what has to be done.
// trouble is what litmus says of a test that did not go as it should.
// TestLitmus passes litmus whole, on both databases.
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
	if r.Header.Get("Transfer-Encoding") != "" {
		r.ContentLength = -1
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

// write writes a file of a folder of the test.
// same tells where two folders differ.
// TestRclone copies a folder up, checks it, copies it down, changes it and mirrors it.
// TestCadaver walks by hand: a folder, a file up and down, a lock, a property, a copy, a move, and the bin.
// TestADriveIsRefused: who comes without a password of a device, or from a page, has nothing; who may not reach a
// thing finds none.
func TestADriveIsRefused(t *testing.T) {
	m := mount(t, dbtest.SQLite(t))
	const file = "/dav/Mes%20fichiers/mot.txt"
	if status, said, _ := m.dav("PUT", file, "Bonjour"); status != http.StatusCreated {
		t.Fatalf("%d %s", status, said)
	}
	plain := func(name string, want, status int, said string, header http.Header) {
		t.Helper()
		if status != want || strings.Contains(said, "<html") || !strings.HasPrefix(header.Get("Content-Type"), "text/plain") {
			t.Errorf("%s: %d %s %.200s", name, status, header.Get("Content-Type"), said)
		}
	}
	for _, method := range []string{"GET", "HEAD", "OPTIONS", "PROPFIND", "PUT", "DELETE", "MKCOL", "LOCK", "POST", "PATCH"} {
		for name, as := range map[string][2]string{
			"nobody": {}, "a wrong password": {m.login, "2222-2222-2222-2222-2222-2222"}, "the password of another": {"personne.ici", m.password},
		} {
			status, said, header := m.davAs(as[0], as[1], method, file, "x", "Depth", "0")
			if status != http.StatusUnauthorized && status != http.StatusTooManyRequests {
				t.Errorf("%s %s: %d", method, name, status)
			}
			plain(method+" "+name, status, status, said, header)
			if status == http.StatusUnauthorized && !strings.HasPrefix(header.Get("WWW-Authenticate"), "Basic ") {
				t.Errorf("%s %s asks for nothing", method, name)
			}
		}
	}
	for _, headers := range [][]string{
		{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Origin", "https://ailleurs.example"}, {"Origin", "null"},
	} {
		status, said, header := m.dav("PUT", file, "volé", headers...)
		plain(strings.Join(headers, " "), http.StatusForbidden, status, said, header)
	}
	for name, c := range map[string]struct {
		method, path string
		want         int
		headers      []string
	}{
		"no such file":                {"GET", "/dav/Mes%20fichiers/rien.txt", http.StatusNotFound, nil},
		"no such space":               {"PROPFIND", "/dav/Mairie/", http.StatusNotFound, []string{"Depth", "1"}},
		"out of the drive":            {"PROPFIND", "/dav/..%2f..%2fetc/passwd", http.StatusNotFound, []string{"Depth", "0"}},
		"a whole tree":                {"PROPFIND", "/dav/", http.StatusForbidden, []string{"Depth", "infinity"}},
		"beside the spaces":           {"PUT", "/dav/mot.txt", http.StatusForbidden, nil},
		"a space beside the others":   {"MKCOL", "/dav/Dossier", http.StatusForbidden, nil},
		"a space that goes":           {"DELETE", "/dav/Mes%20fichiers/", http.StatusForbidden, nil},
		"a space that moves":          {"MOVE", "/dav/Mes%20fichiers", http.StatusForbidden, []string{"Destination", "/dav/Autres"}},
		"a folder where none is":      {"PUT", "/dav/Mes%20fichiers/a/b.txt", http.StatusConflict, nil},
		"a folder made where none is": {"MKCOL", "/dav/Mes%20fichiers/a/b", http.StatusConflict, nil},
		"a folder made again":         {"MKCOL", "/dav/Mes%20fichiers/mot.txt", http.StatusMethodNotAllowed, nil},
		"a file that goes elsewhere":  {"MOVE", file, http.StatusBadGateway, []string{"Destination", "https://ailleurs.example/dav/x"}},
		"a file out of the drive":     {"MOVE", file, http.StatusForbidden, []string{"Destination", m.url + "/news/x"}},
		"a file into itself":          {"COPY", file, http.StatusForbidden, []string{"Destination", m.url + file + "/x"}},
		"a file that is a scrap":      {"MOVE", file, http.StatusForbidden, []string{"Destination", m.url + "/dav/Mes%20fichiers/._mot.txt"}},
		"a scrap beside the spaces":   {"PUT", "/dav/.DS_Store", http.StatusForbidden, nil},
		"a scrap where no folder is":  {"PUT", "/dav/Mes%20fichiers/rien/._mot.txt", http.StatusConflict, nil},
		"the bin of Finder":           {"MKCOL", "/dav/Mes%20fichiers/.Trashes", http.StatusForbidden, nil},
		"a folder called as a scrap":  {"MKCOL", "/dav/Mes%20fichiers/._dossier", http.StatusForbidden, nil},
		"bytes that are no name":      {"PUT", "/dav/Mes%20fichiers/%ff", http.StatusBadRequest, nil},
		"a name with nothing in it":   {"PUT", "/dav/Mes%20fichiers/a%00b", http.StatusBadRequest, nil},
		"a path without end":          {"LOCK", "/dav/Mes%20fichiers/" + strings.Repeat("long/", 500), http.StatusBadRequest, nil},
		"a file of Windows":           {"PROPFIND", "/dav/Mes%20fichiers/desktop.ini", http.StatusNotFound, []string{"Depth", "0"}},
		"what another wrote since":    {"PUT", file, http.StatusPreconditionFailed, []string{"If-Match", `"1"`}},
		"what is there already":       {"PUT", file, http.StatusPreconditionFailed, []string{"If-None-Match", "*"}},
		"a lock beside the spaces":    {"LOCK", "/dav/mot.txt", http.StatusForbidden, nil},
		"no name at all":              {"PUT", "/dav/Mes%20fichiers/a%01b", http.StatusForbidden, nil},
	} {
		body := "x"
		switch c.method {
		case "LOCK":
			body = `<?xml version="1.0"?><D:lockinfo xmlns:D="DAV:"><D:lockscope><D:exclusive/></D:lockscope><D:locktype><D:write/></D:locktype></D:lockinfo>`
		case "MKCOL", "PROPFIND":
			body = ""
		}
		if status, said, _ := m.dav(c.method, c.path, body, c.headers...); status != c.want {
			t.Errorf("%s: %d, want %d\n%.300s", name, status, c.want, said)
		}
	}
	if status, said, header := m.dav("GET", file, ""); status != http.StatusOK || said != "Bonjour" || header.Get("Content-Disposition") != "attachment" || !strings.Contains(header.Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("after all that: %d %q %v", status, said, header)
	}
	if n := m.h.DB.Read(t.Context(), func(tx *db.Tx) error {
		count, err := db.One(tx, db.Column[int], `SELECT count(*) FROM webdav_lock`)
		if count != 0 {
			t.Errorf("%d locks are left", count)
		}
		return err
	}); n != nil {
		t.Error(n)
	}
}

// A device that is taken back has nothing any more, and one of somebody else does not see what is not theirs.
func TestADriveIsOfItsPersonAlone(t *testing.T) {
	m := mount(t, dbtest.SQLite(t))
	if status, _, _ := m.dav("PUT", "/dav/Mes%20fichiers/mot.txt", "à moi"); status != http.StatusCreated {
		t.Fatal(status)
	}
	login, password, _ := m.device(school.Head)
	if status, said, _ := m.davAs(login, password, "GET", "/dav/Mes%20fichiers/mot.txt", ""); status != http.StatusNotFound {
		t.Errorf("another's: %d %s", status, said)
	}
	if err := m.h.DB.Write(t.Context(), func(tx *db.Tx) error {
		s, err := m.h.Accounts.Resolve(tx, m.people[school.Teacher])
		if err != nil {
			return err
		}
		return m.h.Accounts.RemoveDrive(tx, s, m.id, account.Origin{})
	}); err != nil {
		t.Fatal(err)
	}
	if status, _, _ := m.dav("GET", "/dav/Mes%20fichiers/mot.txt", ""); status != http.StatusUnauthorized {
		t.Errorf("taken back: %d", status)
	}
}

// What does not fit is refused, before it is sent where its size is known, and nothing of it is left.
func TestADriveIsFull(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		m := mount(t, d)
		const in = "/dav/Mes%20fichiers/"
		if status, _, _ := m.dav("PUT", in+"a.txt", "Bonjour"); status != http.StatusCreated {
			t.Fatal(status)
		}
		if err := d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(`UPDATE file_space SET used = used + $1`, int64(1)<<50)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		for name, c := range map[string]struct {
			method, path string
			headers      []string
		}{
			"a new file":        {"PUT", in + "b.txt", nil},
			"what a file holds": {"PUT", in + "a.txt", nil},
			"a copy":            {"COPY", in + "a.txt", []string{"Destination", m.url + in + "c.txt"}},
			"of unknown size":   {"PUT", in + "b.txt", []string{"Transfer-Encoding", "chunked"}},
		} {
			if status, said, _ := m.dav(c.method, c.path, "Bonjour à tous", c.headers...); status != http.StatusInsufficientStorage {
				t.Errorf("%s: %d %.200s", name, status, said)
			}
		}
		if _, said, _ := m.dav("PROPFIND", in, "", "Depth", "1"); strings.Contains(said, "b.txt") || strings.Contains(said, "c.txt") {
			t.Error(said)
		}
		if _, said, _ := m.dav("GET", in+"a.txt", ""); said != "Bonjour" {
			t.Errorf("%q", said)
		}
	})
}

// What systems write beside files is theirs for a day: they find it again, and nobody sees it in a list, in the portal,
// or from elsewhere.
func TestADriveKeepsScrapsApart(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		m := mount(t, d)
		const in = "/dav/Mes%20fichiers/"
		want := func(want int, method, path, body string, headers ...string) (said string) {
			t.Helper()
			status, said, _ := m.dav(method, in+path, body, headers...)
			if status != want {
				t.Fatalf("%s %s: %d, want %d\n%.300s", method, path, status, want, said)
			}
			return said
		}
		long := strings.Repeat("x", 256<<10)
		want(http.StatusInsufficientStorage, "PUT", "._mot.txt", long+"x")
		want(http.StatusNotFound, "GET", "._mot.txt", "")
		want(http.StatusCreated, "PUT", "._mot.txt", "un")
		want(http.StatusNoContent, "PUT", "._mot.txt", long)
		if said := want(http.StatusOK, "GET", "._mot.txt", ""); said != long {
			t.Errorf("%d bytes", len(said))
		}
		want(http.StatusOK, "LOCK", "._mot.txt", `<D:lockinfo xmlns:D="DAV:"><D:lockscope><D:exclusive/></D:lockscope><D:locktype><D:write/></D:locktype></D:lockinfo>`, "Timeout", "Second-60")
		want(http.StatusLocked, "PUT", "._mot.txt", "deux")
		want(http.StatusCreated, "PUT", ".DS_Store", "a")
		want(http.StatusNoContent, "PUT", ".DS_Store", "ab")
		want(http.StatusCreated, "MOVE", ".DS_Store", "", "Destination", m.url+in+"Thumbs.db")
		want(http.StatusCreated, "COPY", "Thumbs.db", "", "Destination", m.url+in+"desktop.ini")
		want(http.StatusMultiStatus, "PROPFIND", "Thumbs.db", "", "Depth", "0")
		want(http.StatusForbidden, "MOVE", "Thumbs.db", "", "Destination", m.url+in+"vrai.txt")
		if said := want(http.StatusMultiStatus, "PROPFIND", "", "", "Depth", "1"); strings.Contains(said, "Thumbs") || strings.Contains(said, "._mot") {
			t.Error(said)
		}
		want(http.StatusNoContent, "DELETE", "Thumbs.db", "")
		want(http.StatusNotFound, "DELETE", "Thumbs.db", "")
		login, password, _ := m.device(school.Head)
		if status, _, _ := m.davAs(login, password, "GET", in+"._mot.txt", ""); status != http.StatusNotFound {
			t.Errorf("another's: %d", status)
		}
	})
}

// Where the files are stopped, a drive is read.
func TestADriveIsReadWhereFilesAreStopped(t *testing.T) {
	m := mount(t, dbtest.SQLite(t))
	const file = "/dav/Mes%20fichiers/mot.txt"
	if status, _, _ := m.dav("PUT", file, "Bonjour"); status != http.StatusCreated {
		t.Fatal(status)
	}
	if err := m.h.DB.Write(t.Context(), func(tx *db.Tx) error {
		return m.h.Accounts.SwitchOn(tx, account.Switch{Service: "file", Reason: "débordement"}, audit.By{})
	}); err != nil {
		t.Fatal(err)
	}
	for method, want := range map[string]int{
		"PUT": http.StatusForbidden, "DELETE": http.StatusForbidden, "MKCOL": http.StatusForbidden, "LOCK": http.StatusForbidden, "PROPPATCH": http.StatusForbidden,
		"GET": http.StatusOK, "HEAD": http.StatusOK, "OPTIONS": http.StatusOK, "PROPFIND": http.StatusMultiStatus,
	} {
		if status, said, _ := m.dav(method, file, "", "Depth", "0"); status != want {
			t.Errorf("%s: %d, want %d\n%.200s", method, status, want, said)
		}
	}
}

// A file that another takes the place of is the same one, with one version more; the bytes of a copy are not sent
// again; what a program locked is shut to every other device.
func TestADriveKeepsWhatAFileIs(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		m := mount(t, d)
		const in = "/dav/Mes%20fichiers/"
		want := func(want int, method, path, body string, headers ...string) (said string, header http.Header) {
			t.Helper()
			status, said, header := m.dav(method, in+path, body, headers...)
			if status != want {
				t.Fatalf("%s %s: %d, want %d\n%.300s", method, path, status, want, said)
			}
			return said, header
		}
		want(http.StatusCreated, "PUT", "plan.odt", "un")
		want(http.StatusNoContent, "PUT", "plan.odt", "deux")
		want(http.StatusCreated, "PUT", "~plan.tmp", "trois")
		want(http.StatusNoContent, "MOVE", "~plan.tmp", "", "Destination", m.url+in+"plan.odt", "Overwrite", "T")
		if said, _ := want(http.StatusOK, "GET", "plan.odt", ""); said != "trois" {
			t.Errorf("%q", said)
		}
		versions := func(name string) (n int) {
			t.Helper()
			if err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
				n, err = db.One(tx, db.Column[int], `SELECT count(*) FROM file_version v JOIN file_entry e ON e.id = v.entry_id WHERE e.name = $1 AND e.bin_id = 0`, name)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			return n
		}
		if n := versions("plan.odt"); n != 3 {
			t.Errorf("%d versions", n)
		}
		want(http.StatusPreconditionFailed, "MOVE", "plan.odt", "", "Destination", m.url+in+"plan.odt2", "Overwrite", "F", "If-Match", `"1"`)
		want(http.StatusCreated, "MKCOL", "A", "")
		want(http.StatusCreated, "PUT", "A/a.txt", "a")
		want(http.StatusCreated, "COPY", "A", "", "Destination", m.url+in+"B")
		if said, _ := want(http.StatusOK, "GET", "B/a.txt", ""); said != "a" {
			t.Errorf("%q", said)
		}
		if said, _ := want(http.StatusPartialContent, "GET", "plan.odt", "", "Range", "bytes=1-2"); said != "ro" {
			t.Errorf("a part: %q", said)
		}
		const ask = `<?xml version="1.0"?><D:lockinfo xmlns:D="DAV:"><D:lockscope><D:exclusive/></D:lockscope><D:locktype><D:write/></D:locktype></D:lockinfo>`
		_, header := want(http.StatusOK, "LOCK", "A", ask, "Depth", "infinity", "Timeout", "Infinite")
		token := header.Get("Lock-Token")
		for _, c := range [][]string{
			{"PUT", "A/a.txt"}, {"PUT", "A/b.txt"}, {"DELETE", "A"}, {"DELETE", "A/a.txt"}, {"MKCOL", "A/c"}, {"LOCK", "A/a.txt"}, {"MOVE", "A/a.txt"}, {"MOVE", "plan.odt"},
		} {
			body := ""
			if c[0] == "LOCK" {
				body = ask
			}
			want(http.StatusLocked, c[0], c[1], body, "Destination", m.url+in+"A/d.txt")
		}
		want(http.StatusCreated, "PUT", "A/b.txt", "b", "If", "("+token+")")
		login, password, _ := m.device(school.Head)
		if status, _, _ := m.davAs(login, password, "UNLOCK", in+"A", "", "Lock-Token", token); status != http.StatusForbidden {
			t.Errorf("another takes the lock off: %d", status)
		}
		want(http.StatusNoContent, "UNLOCK", "A", "", "Lock-Token", token)
		want(http.StatusNoContent, "DELETE", "A", "")
		want(http.StatusNotFound, "GET", "A/a.txt", "")
		// macOS parts letters and accents: it finds what it wrote, by either name.
		want(http.StatusCreated, "PUT", "e%CC%81te%CC%81.txt", "été")
		if said, _ := want(http.StatusOK, "GET", "%C3%A9t%C3%A9.txt", ""); said != "été" {
			t.Errorf("%q", said)
		}
		if status, _, header := m.davAs("", "", "OPTIONS", "/", ""); status != http.StatusOK || header.Get("DAV") == "" {
			t.Errorf("Windows asks the top of the site: %d %v", status, header)
		}
		if status, said, _ := m.davAs("", "", "PROPFIND", "/", ""); status != http.StatusMethodNotAllowed || strings.Contains(said, "<") {
			t.Errorf("Windows lists the top of the site: %d %s", status, said)
		}
	})
}
