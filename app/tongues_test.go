//go:build !race

package app

import (
	"encoding/json"
	"html"
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"preau/core/db/dbtest"
	"preau/core/i18n"
	"preau/core/school"
)

// familyTongues are the languages of families, beside French and English: complete on the
// way of a parent, and said in French elsewhere.
var familyTongues = []i18n.Lang{"ar", "pt", "ro", "tr", "uk"}

// completeRooms are those whose every text is on the way of a parent.
var completeRooms = []string{"attach", "audience", "federation", "lang", "notify", "photo", "ui"}

// TestAFamilyReadsItsOwnLanguage walks the portal as a parent in each language of
// families, from the door and from the home page, and sends every form that it meets: no
// page, no error and no word of what was done is in another language.
func TestAFamilyReadsItsOwnLanguage(t *testing.T) {
	s := sweep(t, dbtest.SQLite(t))
	logins, err := s.h.cast(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := s.h.converse(t.Context(), logins); err != nil {
		t.Fatal(err)
	}
	s.h.Words = withHolesShown(t)
	if s.site, err = s.h.site("http://127.0.0.1:8080"); err != nil {
		t.Fatal(err)
	}
	for _, lang := range familyTongues {
		t.Run(string(lang), func(t *testing.T) {
			w := walk{stage: s, lang: lang, holes: map[string]string{}}
			w.door()
			pages := w.inside(s.people[school.Guardian])
			for _, key := range slices.Sorted(maps.Keys(w.holes)) {
				t.Errorf("%s is not said in %s: see %s", key, lang, w.holes[key])
			}
			if pages < 40 {
				t.Errorf("only %d pages were read", pages)
			}
		})
	}
}

// walk is a way through the portal in a language.
type walk struct {
	stage
	lang  i18n.Lang
	holes map[string]string // where each text that the language has not is asked for
}

var (
	shownHole = regexp.MustCompile(`⟦([^⟧]+)⟧`)
	actions   = regexp.MustCompile(`<form[^>]* action="([^"]+)"`)
)

// notWalked are the addresses that end the walk, or change what it looks like.
var notWalked = regexp.MustCompile(`^/(logout|lang|me/hat|me/take|_/.*)|\.(pdf|csv|zip)$`)

// send asks for a page, and notes what it does not say in the language.
func (w walk) send(method, path, token, form string, cookies ...*http.Cookie) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "http://127.0.0.1:8080"+path, strings.NewReader(form))
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for _, c := range append(cookies, &http.Cookie{Name: "preau-lang", Value: string(w.lang)}, &http.Cookie{Name: "preau", Value: token}) {
		r.AddCookie(c)
	}
	reply := httptest.NewRecorder()
	w.site.ServeHTTP(reply, r)
	page := `<html lang="` + string(w.lang) + `" dir="` + w.lang.Direction() + `"`
	if body := reply.Body.String(); strings.Contains(body, "<html") && !strings.Contains(body, page) {
		w.holes["the page itself"] = method + " " + path
	}
	for _, found := range shownHole.FindAllStringSubmatch(reply.Body.String(), -1) {
		w.holes[found[1]] = method + " " + path
	}
	return reply
}

// post sends a form, and reads the page that it leads to with what it says was done.
func (w walk) post(path, token string, form url.Values) {
	reply := w.send(http.MethodPost, path, token, form.Encode())
	if to := reply.Header().Get("Location"); strings.HasPrefix(to, "/") {
		var notice []*http.Cookie
		for _, c := range reply.Result().Cookies() {
			if c.Name == "preau-notice" {
				notice = append(notice, c)
			}
		}
		w.send(http.MethodGet, to, token, "", notice...)
	}
}

// door is what is read before one is in.
func (w walk) door() {
	for _, path := range []string{
		"/", "/login", "/activate", "/forgotten", "/contest", "/about/legal", "/about/accessibility", "/nothing-of-the-kind", "/notifications/stop/none",
	} {
		w.send(http.MethodGet, path, "", "")
		w.post(path, "", url.Values{})
	}
	w.post("/login", "", url.Values{"login": {"nobody"}, "password": {"nothing"}})
	w.post("/activate", "", url.Values{"login": {"nobody"}, "code": {"AAAA-BBBB-CCCC"}, "password": {"short"}})
	for range 12 { // too many
		w.post("/login", "", url.Values{"login": {"somebody"}, "password": {"nothing"}})
	}
}

// inside reads a few pages of each kind that one is led to, then sends every form of them
// twice: empty, and filled with what nobody waits for. It tells how many were read.
func (w walk) inside(token string) int {
	kinds, seen, forms := map[string]int{}, map[string]bool{"/": true}, map[string]bool{}
	ways, pages := []string{"/", "/me/custody", "/me/badges"}, 0
	for len(ways) > 0 {
		path := ways[0]
		ways = ways[1:]
		kind := numbers.ReplaceAllString(path, "#")
		if kinds[kind]++; kinds[kind] > 4 || notWalked.MatchString(path) {
			continue
		}
		pages++
		body := w.send(http.MethodGet, path, token, "").Body.String()
		for _, found := range hrefs.FindAllStringSubmatch(body, -1) {
			if to := html.UnescapeString(found[1]); !seen[to] {
				seen[to] = true
				ways = append(ways, to)
			}
		}
		for _, found := range actions.FindAllStringSubmatch(body, -1) {
			forms[html.UnescapeString(found[1])] = true
		}
	}
	for _, path := range slices.Sorted(maps.Keys(forms)) {
		if notWalked.MatchString(path) {
			continue
		}
		w.post(path, token, url.Values{})
		w.post(path, token, url.Values{
			"login": {"x"}, "code": {"x"}, "old": {"x"}, "password": {"x"}, "title": {"x"}, "subject": {"x"}, "body": {"x"}, "answer": {"yes"}, "kind": {"late"},
			"from": {"x"}, "until": {"x"}, "day": {"x"}, "at": {"x"}, "hour": {"x"}, "to": {"x"}, "why": {"x"}, "reason": {"x"}, "name": {strings.Repeat("x", 300)},
		})
	}
	w.send(http.MethodPost, "/me/password", token, strings.Repeat("x", 1<<20)) // too large
	return pages
}

// withHolesShown are the words of the house, where what a language of families has not is
// the key itself.
func withHolesShown(t *testing.T) *i18n.Catalogue {
	t.Helper()
	rooms := vocabularies()
	for i, room := range rooms {
		shown := fstest.MapFS{}
		french := wordsOf(t, room, "fr")
		for _, lang := range append([]i18n.Lang{i18n.French, i18n.English}, familyTongues...) {
			said := wordsOf(t, room, lang)
			for key, text := range french {
				if _, ok := said[key]; !ok && lang != i18n.English && !strings.HasSuffix(key, "-tu") {
					said[key] = "⟦" + key + "⟧" + strings.Join(placeOf.FindAllString(text, -1), "")
				}
			}
			data, err := json.Marshal(said)
			if err != nil {
				t.Fatal(err)
			}
			shown["words/"+string(lang)+".json"] = &fstest.MapFile{Data: data}
		}
		rooms[i] = shown
	}
	words, err := i18n.Load(rooms...)
	if err != nil {
		t.Fatal(err)
	}
	return words
}

// placeOf is where a text is filled.
var placeOf = regexp.MustCompile(`%\[[0-9]\][a-z]`)

// wordsOf are the texts of a room in a language; none when it has none.
func wordsOf(t *testing.T, room fs.FS, lang i18n.Lang) map[string]string {
	t.Helper()
	said := map[string]string{}
	data, err := fs.ReadFile(room, "words/"+string(lang)+".json")
	if err != nil {
		return said
	}
	if err := json.Unmarshal(data, &said); err != nil {
		t.Fatal(err)
	}
	return said
}

// TestWordsOfFamilies holds the files of each language of families to what Load does not:
// where French has several forms, the language has its own; nothing is empty; and what is
// on every page, or in a mail, is there.
func TestWordsOfFamilies(t *testing.T) {
	words, err := i18n.Load(vocabularies()...)
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range familyTongues {
		if !slices.Contains(words.Langs(), lang) {
			t.Errorf("%s is not offered", lang)
		}
		own := map[string]string{}
		for _, room := range vocabularies() {
			maps.Copy(own, wordsOf(t, room, lang))
		}
		for key, text := range own {
			if french := words.Say(i18n.French, key); strings.Contains(french, "|") != strings.Contains(text, "|") {
				t.Errorf("%s in %s has not the forms of the language: %s", key, lang, text)
			}
			if strings.TrimSpace(text) == "" {
				t.Errorf("%s in %s is empty", key, lang)
			}
		}
		for _, key := range words.Keys() {
			room, _, _ := strings.Cut(key, ".")
			complete := slices.Contains(completeRooms, room) || strings.HasPrefix(key, "account.mail-") || strings.HasPrefix(key, "account.browser-")
			if _, ok := own[key]; !ok && complete && room != "lang" && !strings.HasSuffix(key, "-tu") {
				t.Errorf("%s is not said in %s", key, lang)
			}
		}
	}
}
