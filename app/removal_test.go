//go:build !race

package app

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/job"
	"preau/core/personal"
	"preau/core/school"
	"preau/core/web"
	"preau/office/removal"
	"preau/service/liaison"
	kept "preau/test/house"
)

// send posts a form as somebody.
func (s stage) send(path, token string, form url.Values) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, "http://127.0.0.1:8080"+path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.AddCookie(&http.Cookie{Name: "preau", Value: token})
	w := httptest.NewRecorder()
	s.site.ServeHTTP(w, r)
	return w
}

// publishes tells whether the package of a room addresses things to people.
func publishes(t *testing.T, room any) bool { return calls(t, room, ".Publish(") }

// calls tells whether the package of a room has a call.
func calls(t *testing.T, room any, call string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", strings.TrimPrefix(reflect.TypeOf(room).Elem().PkgPath(), "preau/"), "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%T has %d files: %v", room, len(files), err)
	}
	return slices.ContainsFunc(files, func(name string) bool {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		return !strings.HasSuffix(name, "_test.go") && bytes.Contains(text, []byte(call))
	})
}

// What is written in a room with a stolen account is found: each room that addresses things to
// people lists what somebody sent.
func TestWhoPublishesListsWhatWasSent(t *testing.T) {
	services := house(t, dbtest.SQLite(t)).services
	senders := 0
	for _, service := range services {
		_, sends := service.(web.Sender)
		if card := service.Card(); sends != publishes(t, service) || len(card.Publishes) > 0 && !sends {
			t.Errorf("%s addresses things to people, and is a web.Sender: %v", card.Name, sends)
		}
		if sends {
			senders++
		}
	}
	if senders < 4 {
		t.Errorf("%d services only list what was sent", senders)
	}
}

// What is changed with a stolen account in what others wrote is found: the rows of a room that say
// what things say are watched in the tests of every room ([house.Says]), where what is changed
// without being kept fails, and the room says in words what they said.
func TestWhoChangesKeepsWhatWas(t *testing.T) {
	h := house(t, dbtest.SQLite(t))
	services := h.services
	rooms := map[string]bool{}
	for _, table := range h.holdings() {
		room, _, _ := strings.Cut(table.Name, "_")
		if !table.Says || !slices.ContainsFunc(services, func(s web.Service) bool { return s.Card().Name == room }) {
			continue
		}
		rooms[room] = true
		if !slices.ContainsFunc(kept.Says, func(t personal.Table) bool { return t.Name == table.Name }) {
			t.Errorf("%s says what things say, and no test watches it", table.Name)
		}
	}
	for _, service := range services {
		if _, changes := service.(web.Changer); changes != rooms[service.Card().Name] {
			t.Errorf("%s says what things say: %v, and is a web.Changer: %v", service.Card().Name, !changes, changes)
		}
	}
	if len(rooms) < 4 {
		t.Errorf("%d rooms only say something", len(rooms))
	}
}

// What a stolen account sent is taken back in the house as it is, by a head and an operator,
// and is handed to justice: the rows, and the files that nobody swept meanwhile.
func TestEvidenceIsHandedOver(t *testing.T) {
	s := sweep(t, dbtest.SQLite(t))
	head, operator := s.people[school.Head], s.people[school.Operator]
	photo, _, err := s.h.Blobs.Put(t.Context(), strings.NewReader("a photo"), 100)
	if err != nil {
		t.Fatal(err)
	}
	var thief, at school.ID
	err = s.h.DB.Write(t.Context(), func(tx *db.Tx) error {
		session, err := s.h.Accounts.Resolve(tx, s.people[school.Teacher])
		if err != nil {
			return err
		}
		thief = session.Person
		if err := tx.Get([]any{&at}, `SELECT min(structure_id) FROM directory_function WHERE person_id = $1 AND profile = $2`, thief, school.Teacher); err != nil {
			return err
		}
		class, err := db.One(tx, db.Column[school.ID], `SELECT min(id) FROM directory_class WHERE school_id = $1`, at)
		if err != nil {
			return err
		}
		if err := liaison.Sample(tx, at, class, thief); err != nil {
			return err
		}
		_, err = tx.Exec(`INSERT INTO liaison_photo (word_id, rank, whole, preview, width, height, preview_width, preview_height)
			SELECT max(id), 1, $1, $1, 1, 1, 1, 1 FROM liaison_word WHERE author_id = $2`, photo, thief)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	search := "/removal/school/" + at.String() + "/person/" + thief.String()
	form := url.Values{"why": {"volé"}}
	for _, box := range regexp.MustCompile(`name="thing"\s+value="(\d+)"`).FindAllStringSubmatch(s.page(t, search, head), -1) {
		form.Add("thing", box[1])
	}
	kase := s.send(search, head, form).Header().Get("Location")
	if !strings.Contains(s.page(t, "/", operator), kase+`"`) {
		t.Errorf("the operator's home page does not lead to %q", kase)
	}
	if w := s.send(kase+"/agree", operator, nil); w.Code != http.StatusSeeOther {
		t.Fatalf("agreed: %d", w.Code)
	}
	now := s.h.DB.Now().AddDate(0, 0, 3)
	s.h.DB.Now = func() time.Time { return now }
	if err := s.h.sweepBlobs(t.Context(), job.Job{}); err != nil {
		t.Fatal(err)
	}

	id, err := school.ParseID(path.Base(kase))
	if err != nil {
		t.Fatal(err)
	}
	var e removal.Evidence
	err = s.h.DB.Write(t.Context(), func(tx *db.Tx) error {
		e, err = s.h.removals.Evidence(tx, id)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(t.TempDir(), "evidence")
	if err := s.h.writeEvidence(t.Context(), e, folder); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(folder, "evidence.json"))
	if err != nil || !json.Valid(text) || !bytes.Contains(text, []byte(photo.String())) || !bytes.Contains(text, []byte(`"liaison_word"`)) {
		t.Errorf("%s, %v", text, err)
	}
	content, err := os.ReadFile(filepath.Join(folder, "files", photo.String()))
	if err != nil || string(content) != "a photo" {
		t.Errorf("%q, %v", content, err)
	}
	if err := s.h.writeEvidence(t.Context(), e, folder); err == nil {
		t.Error("a folder that is there already is written over")
	}
}

// The names of files are text in what is handed over, also in what a thing was before a change.
func TestFilesOfThePastAreNamed(t *testing.T) {
	was := []personal.Row{{Table: "news_file", Values: map[string]any{"file": []byte{0xca, 0xfe}, "rank": int64(1)}}}
	rows := []personal.Row{{Table: "past_change", Values: map[string]any{"was": was}}}
	inHex(rows)
	if got := was[0].Values["file"]; got != "cafe" {
		t.Errorf("a file is named %v", got)
	}
}
