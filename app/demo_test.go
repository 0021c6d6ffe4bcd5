//go:build !race

package app

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"preau/core/config"
	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/school"
	"preau/test/browser"
)

// running is a demo that a test started, through the command line.
type running struct {
	demo
	stop func() // and waits for its end
}

// start runs preau demo on a free port until the test ends.
func start(t *testing.T, args ...string) running {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := listener.Addr().String()
	listener.Close()
	read, write := io.Pipe()
	ctx, cancel := context.WithCancel(context.Background())
	exit := make(chan int, 1)
	go func() {
		code := run(ctx, append([]string{"demo", "--json", "--addr", addr}, args...), write, io.Discard)
		write.Close()
		exit <- code
	}()
	r := running{stop: sync.OnceFunc(func() {
		cancel()
		if code := <-exit; code != exitDone {
			t.Errorf("the demo ended with %d", code)
		}
	})}
	t.Cleanup(r.stop)
	line, err := bufio.NewReader(read).ReadBytes('\n')
	if err != nil {
		t.Fatalf("the demo printed nothing: %v", err)
	}
	if err := json.Unmarshal(line, &r.demo); err != nil {
		t.Fatal(err)
	}
	for range 500 { // the logins are printed before the portal is ready
		if response, err := http.Get(r.URL + "/readyz"); err == nil {
			response.Body.Close()
			if response.StatusCode == http.StatusOK {
				return r
			}
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("the demo is never ready")
	return r
}

// signIn signs somebody in with a plain form, as a script would.
func signIn(t *testing.T, r running, l login) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.PostForm(r.URL+"/login", url.Values{"login": {l.Login}, "password": {l.Password}})
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusSeeOther {
		t.Fatalf("%s: signing in answers %d", l.Login, response.StatusCode)
	}
	return client
}

func page(t *testing.T, client *http.Client, address string) (int, string) {
	t.Helper()
	response, err := client.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(body)
}

func TestTheDemoPrintsALoginForEachProfile(t *testing.T) {
	data := t.TempDir()
	r := start(t, "--data", data, "--schools", "3")
	seen := map[school.Profile]bool{}
	for _, l := range r.Logins {
		seen[l.Profile] = true
		if l.Name == "" || l.Login == "" || len(l.Password) < 12 {
			t.Errorf("half a login: %+v", l)
		}
		status, body := page(t, signIn(t, r, l), r.URL+"/")
		if first, _, _ := strings.Cut(l.Name, " "); status != http.StatusOK || !strings.Contains(body, first) {
			t.Errorf("%s: the home page answers %d", l.Profile, status)
		}
		if l.School != "" && !l.School.Valid() {
			t.Errorf("%s: %q is no school", l.Login, l.School)
		}
	}
	// At a name, where browsers make passkeys; who reaches many people is invited to.
	if !strings.HasPrefix(r.URL, "http://localhost:") {
		t.Errorf("the demo is at %s", r.URL)
	}
	for _, l := range r.Logins {
		_, body := page(t, signIn(t, r, l), r.URL+"/")
		want := slices.Contains([]school.Profile{school.Head, school.Municipal, school.Pilot, school.Tech, school.Operator}, l.Profile)
		if strings.Contains(body, `href="/second/new"`) != want {
			t.Errorf("%s is invited to protect their account: %v", l.Profile, !want)
		}
	}
	for _, l := range r.Logins {
		if l.Profile != school.Guardian {
			continue
		}
		parent := signIn(t, r, l)
		_, words := page(t, parent, r.URL+"/liaison/")
		_, rest, _ := strings.Cut(words, `href="/liaison/word/`)
		last, _, _ := strings.Cut(rest, `"`)
		_, word := page(t, parent, r.URL+"/liaison/word/"+last)
		if status, programme := page(t, parent, r.URL+"/liaison/word/"+last+"/file/1"); status != http.StatusOK ||
			!strings.HasPrefix(programme, "%PDF-") || !strings.Contains(word, "Programme de la sortie.pdf") {
			t.Errorf("the word of the outing, which %s reads, carries no programme: %d", l.Login, status)
		}
	}
	for _, profile := range []school.Profile{school.Pupil, school.Guardian, school.Teacher, school.Head, school.Municipal, school.Pilot, school.Operator} {
		if !seen[profile] {
			t.Errorf("nobody is %s", profile)
		}
	}
}

// The demo has both sides of what takes two: the teacher of the pupil to whom messages are open, a
// parent of the class of its teacher, and a second person of the project's team.
func TestTheDemoHasBothSides(t *testing.T) {
	h := sweep(t, dbtest.SQLite(t)).h
	logins, err := h.cast(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	by := map[string]school.ID{}
	err = h.DB.Read(t.Context(), func(tx *db.Tx) error {
		text, err := config.Recall(tx, castSetting)
		if err == nil {
			err = json.Unmarshal([]byte(text), &by)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, pair := range [][2]string{{"pupil who reads", "teacher of the pupil who reads"}, {"teacher", "guardian in the class of the teacher"}, {"operator", "second operator"}} {
		for _, part := range pair {
			if !slices.ContainsFunc(logins, func(l login) bool { return l.person == by[part] }) {
				t.Errorf("nobody signs in as the %s", part)
			}
		}
	}
}

// One school of the demo has no head: the commune proposes an acting one from its
// home page, and the inspector confirms.
func TestTheDemoHasASchoolWithoutAHead(t *testing.T) {
	r := start(t, "--data", t.TempDir())
	as := func(name string) *http.Client {
		t.Helper()
		for _, l := range r.Logins {
			if l.Name == name {
				return signIn(t, r, l)
			}
		}
		t.Fatalf("nobody is %s", name)
		return nil
	}
	town, inspector := as("Solène Marchand"), as("Agathe Morvan")
	const vacant = "proposez une direction par intérim"
	link := regexp.MustCompile(`href="(/register/school/\d+/interim)"`)
	_, home := page(t, town, r.URL+"/")
	at := link.FindStringSubmatch(home)
	if at == nil || !strings.Contains(html.UnescapeString(home), vacant) {
		t.Fatal("no school waits on the home page of the commune")
	}
	if _, home := page(t, inspector, r.URL+"/"); !strings.Contains(home, at[1]) || !strings.Contains(html.UnescapeString(home), vacant) {
		t.Error("no school waits on the home page of the inspector")
	}
	post := func(client *http.Client, path string, form url.Values) {
		t.Helper()
		response, err := client.PostForm(r.URL+path, form)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != http.StatusSeeOther {
			t.Fatalf("%s answers %d", path, response.StatusCode)
		}
	}
	post(town, at[1], url.Values{"civility": {"Mme"}, "first": {"Jeanne"}, "name": {"Aubry"}, "reason": {"poste vacant"}})
	_, waits := page(t, inspector, r.URL+at[1])
	proposed := regexp.MustCompile(`name="proposed" value="(\d+)"`).FindStringSubmatch(waits)
	if proposed == nil {
		t.Fatal("the inspector is not asked to confirm")
	}
	post(inspector, at[1]+"/confirm", url.Values{"proposed": {proposed[1]}})
	if _, home := page(t, town, r.URL+"/"); strings.Contains(html.UnescapeString(home), vacant) {
		t.Error("the school waits still")
	}
}

// TestTheDemoStaysADemo opens the folder again: the logins are the same, and
// nothing else serves it.
func TestTheDemoStaysADemo(t *testing.T) {
	data := t.TempDir()
	first := start(t, "--data", data, "--schools", "1")
	first.stop()
	again := start(t, "--data", data)
	if diff := cmp.Diff(first.Logins, again.Logins, cmpopts.IgnoreUnexported(login{})); diff != "" {
		t.Error(diff)
	}
	signIn(t, again, again.Logins[0])
	again.stop()
	var said strings.Builder
	if code := run(t.Context(), []string{"serve", "--data", data, "--addr", "127.0.0.1:0"}, io.Discard, &said); code != exitRefused || !strings.Contains(said.String(), "demo") {
		t.Errorf("serve takes a demo: %d, %s", code, said.String())
	}
	real := t.TempDir()
	if code := run(t.Context(), []string{"admin", "add", "camille.petit", "--data", real}, io.Discard, io.Discard); code != exitDone {
		t.Fatal("no operator")
	}
	if code := run(t.Context(), []string{"demo", "--data", real}, io.Discard, io.Discard); code != exitRefused {
		t.Errorf("a demo takes a real installation: %d", code)
	}
}

// Who tries the demo on an evening or a Sunday reads that the door of classes is
// closed, and until when; in school hours, that it closes.
func TestTheDemoSaysWhenTheDoorIsClosed(t *testing.T) {
	const closed, hours = "CLOSED NOW, until ", "open on weekdays from 7:00 to 19:00"
	for at, until := range map[string]string{
		"2026-11-29 15:00": "Monday 30 November at 07:00", // a Sunday
		"2026-11-27 19:00": "Monday 30 November at 07:00", // a Friday
		"2026-11-27 06:59": "Friday 27 November at 07:00",
		"2026-10-24 23:00": "Monday 26 October at 07:00", // the clocks change
		"2026-11-27 07:00": "", "2026-11-27 18:59": "",
	} {
		now, err := time.ParseInLocation("2006-01-02 15:04", at, school.Paris)
		if err != nil {
			t.Fatal(err)
		}
		var out strings.Builder
		if err := (&demoCommand{}).print(&console{out: &out}, demo{}, now.UTC()); err != nil {
			t.Fatal(err)
		}
		said := out.String()
		if !strings.Contains(said, hours) || strings.Contains(said, closed) != (until != "") || !strings.Contains(said, until) {
			t.Errorf("at %s it says:\n%s", at, said)
		}
	}
}

// A cast that an older version remembered is forgotten, and the one of this version
// is the same each time, each part once.
func TestTheCastIsRememberedByName(t *testing.T) {
	h := sweep(t, dbtest.SQLite(t)).h
	names := map[string]bool{}
	for _, p := range parts {
		if p.name == "" || names[p.name] {
			t.Errorf("the part of %s has no name of its own: %q", p.profile, p.name)
		}
		names[p.name] = true
	}
	var before []login
	for _, old := range []string{"", "[1,2,3]"} {
		err := h.DB.Write(t.Context(), func(tx *db.Tx) (err error) {
			if old != "" {
				if err := config.Remember(tx, castSetting, old); err != nil {
					return err
				}
			}
			for range 2 {
				logins, err := h.castIn(tx)
				if err != nil {
					return err
				}
				if before == nil {
					before = logins
				}
				if diff := cmp.Diff(before, logins, cmp.AllowUnexported(login{})); diff != "" {
					t.Errorf("the cast has changed, after %q:\n%s", old, diff)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// TestEveryHome looks at each profile's home page as a person would, on a
// telephone and on a desk.
func TestEveryHome(t *testing.T) {
	chromium := browser.Open(t)
	r := start(t, "--data", t.TempDir())
	for i, l := range r.Logins {
		for _, width := range []int{390, 1280} {
			t.Run(fmt.Sprintf("%s/%d", l.Login, width), func(t *testing.T) {
				p := chromium.Page(t, browser.View{Width: width})
				p.Login(r.URL, l.Login, l.Password)
				p.Check()
				p.Shot(fmt.Sprintf("home-%d-%s", i, l.Profile))
				if l.Profile == school.Departed {
					return // whom to call is for whoever is there
				}
				p.Goto(r.URL + "/help")
				p.Check()
				p.Shot(fmt.Sprintf("help-%d-%s", i, l.Profile))
			})
		}
	}
}
