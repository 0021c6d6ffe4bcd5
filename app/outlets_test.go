//go:build !race

package app

import (
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/rights"
	"preau/core/school"
	"preau/directory"
	"preau/service/alert"
	"preau/service/liaison"
	"preau/service/message"
	"preau/service/news"
)

// outlets are all that leaves the portal for a guardian, and may tell of a
// child: what is added to a room is added here, with the addresses to ask for,
// parted by spaces. {child}, {teacher} and {school} are those of the child,
// {words} the beginning of the name.
var outlets = map[string]string{
	"GET /{$}":                                               "/",
	"GET /me":                                                "/me",
	"GET /me/journal":                                        "/me/journal",
	"GET /me/badges":                                         "/me/badges",
	"GET /me/devices":                                        "/me/devices",
	"GET /me/notifications":                                  "/me/notifications",
	"GET /me/join":                                           "/me/join",
	"GET /me/merge/{merge}":                                  "/me/merge/{child}", // it names what the home page does
	"GET /me/merge/{merge}/undo":                             "/me/merge/{child}/undo",
	"GET /me/factor/{factor}":                                "/me/factor/{child}", // it names the visitor's own devices
	"GET /liaison/tell":                                      "/liaison/tell",
	"GET /liaison/note/{note}":                               "/liaison/note/{note}",
	"GET /me/custody":                                        "/me/custody",
	"GET /me/tiles":                                          "/me/tiles",
	"GET /help":                                              "/help",
	"GET /liaison/{$}":                                       "/liaison/",
	"GET /liaison/word/{word}":                               "/liaison/word/{word}",
	"GET /liaison/word/{word}/photo/{photo}":                 "/liaison/word/{word}/photo/{photo}",
	"GET /liaison/word/{word}/file/{file}":                   "/liaison/word/{word}/file/{file}",
	"GET /news/{$}":                                          "/news/",
	"GET /news/past":                                         "/news/past",
	"GET /news/item/{item}":                                  "/news/item/{item}",
	"GET /news/item/{item}/photo/{photo}":                    "/news/item/{item}/photo/{photo}",
	"GET /news/item/{item}/file/{file}":                      "/news/item/{item}/file/{file}",
	"GET /alert/{$}":                                         "/alert/",
	"GET /alert/notice/{notice}":                             "/alert/notice/{notice}",
	"GET /message/{$}":                                       "/message/",
	"GET /message/sent":                                      "/message/sent",
	"GET /message/folder/{name}":                             "/message/folder/{folder}",
	"GET /message/archived":                                  "/message/archived",
	"GET /message/drafts":                                    "/message/drafts",
	"GET /message/draft/{draft}":                             "/message/draft/{child}", // it leads where the draft was written
	"GET /message/new":                                       "/message/new",
	"GET /message/new/child/{child}":                         "/message/new/child/{child}",
	"GET /message/new/class/{class}":                         "/message/new/class/{child}", // a guardian has none
	"GET /message/new/team/{school}":                         "/message/new/team/{school}",
	"GET /message/new/school/{school}":                       "/message/new/school/{school}",
	"GET /message/new/commune/{commune}":                     "/message/new/commune/{school}",
	"GET /message/thread/{thread}":                           "/message/thread/{thread}",
	"GET /message/thread/{thread}/print":                     "/message/thread/{thread}/print",
	"GET /liaison/word/{word}/voice/{child}/{person}":        "/liaison/word/{word}/voice/{child}/{teacher}", // it names nobody
	"GET /liaison/note/{note}/voice":                         "/liaison/note/{note}/voice",
	"GET /message/thread/{thread}/post/{post}/photo/{photo}": "/message/thread/{thread}/post/{post}/photo/{photo}",
	"GET /message/thread/{thread}/post/{post}/file/{file}":   "/message/thread/{thread}/post/{post}/file/{file}",
	"GET /message/thread/{thread}/post/{post}/report":        "/message/thread/{thread}/post/{post}/report",
	"GET /search":                                            "/search?q={words}",
	"GET /people/{$}":                                        "/people/ /people/?q={words}",
	"GET /people/person/{person}":                            "/people/person/{child} /people/person/{teacher}",
	"GET /people/school/{school}":                            "/people/school/{school}",
	"GET /file/{$}":                                          "/file/",
	"GET /file/search":                                       "/file/search?q={words}",
	"GET /file/in/{spot}":                                    "/file/in/{spot} /file/in/{kept} /file/in/class-{class}",
	"GET /file/in/{spot}/move":                               "/file/in/{spot}/move",
	"GET /file/get/{spot}":                                   "/file/get/{kept}",
	"GET /file/get/{spot}/look/{size}":                       "/file/get/{kept}/look/large",
	"GET /file/zip/{spot}":                                   "/file/zip/{spot}",
}

// TestEveryOutletObeysTheJudge records a restriction on the bond of a guardian
// with one of their children, and asks every outlet again: it holds at the
// next request.
func TestEveryOutletObeysTheJudge(t *testing.T) {
	for name, c := range map[string]struct {
		restriction  directory.Restriction
		child, place bool // told after it
	}{
		"no access":     {directory.Restriction{NoAccess: true}, false, false},
		"hidden place":  {directory.Restriction{HidePlace: true}, true, false},
		"informed only": {directory.Restriction{InformedOnly: true}, true, true},
	} {
		t.Run(name, func(t *testing.T) {
			s := sweep(t, dbtest.SQLite(t))
			token := s.people[school.Guardian]
			var guardian school.ID
			var child directory.Child
			err := s.h.DB.Read(t.Context(), func(tx *db.Tx) error {
				session, err := s.h.Accounts.Resolve(tx, token)
				if err != nil {
					return err
				}
				guardian = session.Person
				children, err := directory.ChildrenOf(tx, guardian)
				if err == nil {
					child = children[len(children)-1]
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			err = s.h.DB.Write(t.Context(), func(tx *db.Tx) error {
				if err := liaison.Sample(tx, child.School, child.Class, guardian); err != nil {
					return err
				}
				if err := news.Sample(tx, child.School, guardian); err != nil {
					return err
				}
				if err := alert.Sample(tx, s.h.french(), child.School, guardian); err != nil {
					return err
				}
				if err := s.h.files.Sample(tx, child.School, child.Class, guardian); err != nil {
					return err
				}
				if err := liaison.SampleNote(tx, child.School, child.Class, child.ID, guardian); err != nil {
					return err
				}
				if err := message.Sample(tx, child.School, child.Class, s.somebodyElse(t, guardian), guardian, child.ID); err != nil {
					return err
				}
				_, err := tx.Exec(`INSERT INTO message_folder (thread_id, person_id, name) SELECT max(id), $2, 'Rendez-vous' FROM message_thread WHERE child_id = $1`, child.ID, guardian)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			about := s.about(t, child)
			told := func(child directory.Child) (name, place bool) {
				for _, outlet := range s.outlets(t) {
					w := s.ask(http.MethodGet, about.Replace(outlet), token)
					if w.Code == http.StatusNotFound && strings.Contains(outlet, "{") {
						continue // it tells nothing
					}
					if w.Code != http.StatusOK {
						t.Fatalf("%s answers %d", outlet, w.Code)
					}
					body := html.UnescapeString(w.Body.String())
					name = name || strings.Contains(body, child.First)
					place = place || strings.Contains(body, child.ClassLabel)
				}
				return name, place
			}
			if name, place := told(child); !name || !place {
				t.Fatalf("nothing tells of the child (%v) or of the class (%v) before", name, place)
			}
			err = s.h.DB.Write(t.Context(), func(tx *db.Tx) error {
				r := c.restriction
				r.Pupil, r.Guardian, r.Reference, r.From = child.ID, guardian, "JAF 12", db.At(tx.Now)
				_, err := directory.Restrict(tx, r)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			if name, place := told(child); name != c.child || place != c.place {
				t.Errorf("the child is told: %v, want %v; the class: %v, want %v", name, c.child, place, c.place)
			}
		})
	}
}

// somebodyElse is a teacher who is not somebody.
func (s stage) somebodyElse(t *testing.T, but school.ID) (id school.ID) {
	t.Helper()
	err := s.h.DB.Read(t.Context(), func(tx *db.Tx) (err error) {
		id, err = db.One(tx, db.Column[school.ID], `SELECT min(person_id) FROM directory_function WHERE profile = $1 AND person_id <> $2`, school.Teacher, but)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// outlets gives the addresses of the outlets, and fails on one that is not
// listed.
func (s stage) outlets(t *testing.T) (addresses []string) {
	t.Helper()
	found := 0
	for _, route := range s.site.Routes() {
		if route.Right == "" || route.Method != http.MethodGet || s.site.Rights.Reach(school.Guardian, route.Right) == rights.Nowhere {
			continue
		}
		listed, ok := outlets[route.Method+" "+route.Pattern]
		if !ok {
			t.Fatalf("%s %s is an outlet for guardians: list it, with the addresses to ask for", route.Method, route.Pattern)
		}
		found++
		addresses = append(addresses, strings.Fields(listed)...)
	}
	if found != len(outlets) {
		t.Fatalf("%d outlets of the %d listed", found, len(outlets))
	}
	return addresses
}

// about writes the addresses of outlets about a child.
func (s stage) about(t *testing.T, child directory.Child) *strings.Replacer {
	t.Helper()
	teacher := child.ID // of a class that has none: asked twice
	var word, note, item, notice, thread, post, folder, kept school.ID
	err := s.h.DB.Read(t.Context(), func(tx *db.Tx) error {
		if err := tx.Get([]any{&word}, `SELECT max(id) FROM liaison_word WHERE class_id = $1`, child.Class); err != nil {
			return err
		}
		if err := tx.Get([]any{&note}, `SELECT max(id) FROM liaison_note WHERE child_id = $1`, child.ID); err != nil {
			return err
		}
		if err := tx.Get([]any{&item}, `SELECT max(id) FROM news_item WHERE school_id = $1`, child.School); err != nil {
			return err
		}
		if err := tx.Get([]any{&notice}, `SELECT max(id) FROM alert_alert WHERE school_id = $1`, child.School); err != nil {
			return err
		}
		if err := tx.Get([]any{&thread, &post}, `SELECT t.id, max(p.id) FROM message_thread t JOIN message_post p ON p.thread_id = t.id
			WHERE t.child_id = $1 GROUP BY t.id ORDER BY t.id DESC LIMIT 1`, child.ID); err != nil {
			return err
		}
		if err := tx.Get([]any{&folder, &kept}, `SELECT f.id, max(e.id) FROM file_entry f JOIN file_space s ON s.id = f.space_id JOIN file_entry e ON e.parent_id = f.id JOIN file_version v ON v.id = e.version_id
			WHERE s.of_id = $1 AND v.whole IS NOT NULL GROUP BY f.id ORDER BY f.id DESC LIMIT 1`, child.Class); err != nil {
			return err
		}
		teachers, err := directory.TeachersIn(tx, child.Class)
		if len(teachers) > 0 {
			teacher = teachers[0].ID
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	first := []rune(child.First)
	return strings.NewReplacer("{child}", child.ID.String(), "{teacher}", teacher.String(), "{word}", word.String(), "{note}", note.String(), "{item}", item.String(), "{notice}", notice.String(), "{photo}", "1", "{file}", "1",
		"{spot}", folder.String(), "{kept}", kept.String(), "{class}", child.Class.String(),
		"{thread}", thread.String(), "{folder}", "Rendez-vous", "{post}", post.String(),
		"{school}", child.School.String(), "{words}", url.QueryEscape(string(first[:len(first)-1])))
}
