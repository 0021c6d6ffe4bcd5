//go:build !race

package app

import (
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"preau/account"
	"preau/core/audit"
	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/fail"
	"preau/core/i18n"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
)

// TestEveryRoomKeepsTheContract holds every room that tells to it, with what the demo says
// in each: what somebody is told is on their home page and opens, for them and for nobody of
// another profile; what has been opened is new no more; what a room is asked for by the
// words of its title is found, and only by whom it is for.
func TestEveryRoomKeepsTheContract(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := sweep(t, d)
		logins, err := s.h.cast(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if err := s.h.converse(t.Context(), logins); err != nil {
			t.Fatal(err)
		}
		hall, services := s.h.hall, s.h.services
		for _, service := range services {
			teller, tells := service.(web.Teller)
			if !tells {
				continue
			}
			name := service.Card().Name
			_, finds := hall.Finders[name]
			t.Run(name, func(t *testing.T) { s.tells(t, name, teller, finds) })
		}
	})
}

// tells holds one room to the contract, for each of the people who are told something.
func (s stage) tells(t *testing.T, room string, teller web.Teller, finds bool) {
	told, found := 0, 0
	for _, profile := range school.Profiles {
		token := s.people[profile]
		if token == "" {
			continue
		}
		home := s.page(t, "/", token)
		for _, line := range s.told(t, room, teller, profile) {
			told++
			if !strings.Contains(home, line.Title) {
				t.Errorf("%s is told %q, and not on their home page", profile, line.Title)
			}
			for other, theirs := range s.people {
				if other != school.Departed && s.knows(t, room, other, line.Thing) {
					continue
				}
				if w := s.ask(http.MethodGet, line.Href, theirs); w.Code == http.StatusOK {
					t.Errorf("%s opens %q, which is told to %s", other, line.Title, profile)
				}
				if where := s.ask(http.MethodGet, "/search?q="+url.QueryEscape(line.Title), theirs); strings.Contains(where.Body.String(), line.Href+`"`) {
					t.Errorf("%s finds %q, which is told to %s", other, line.Title, profile)
				}
			}
			if w := s.ask(http.MethodGet, line.Href, token); w.Code != http.StatusOK {
				t.Errorf("%s is told %q, which answers %d", profile, line.Title, w.Code)
			}
			if finds && strings.Contains(s.page(t, "/search?q="+url.QueryEscape(line.Title), token), line.Href+`"`) {
				found++
			}
		}
		for _, line := range s.told(t, room, teller, profile) {
			if line.New() {
				t.Errorf("%s has opened %q, which is new to them still", profile, line.Title)
			}
		}
	}
	if told == 0 || finds && found == 0 {
		t.Errorf("%d things are told, %d found", told, found)
	}
}

// page is a page that opens, as somebody reads it.
func (s stage) page(t *testing.T, path, token string) string {
	t.Helper()
	w := s.ask(http.MethodGet, path, token)
	if w.Code != http.StatusOK {
		t.Fatalf("%s answers %d", path, w.Code)
	}
	return html.UnescapeString(w.Body.String())
}

// told is what a room tells somebody of the stage that is new, or expected of them.
func (s stage) told(t *testing.T, room string, teller web.Teller, profile school.Profile) (lines []web.Told) {
	t.Helper()
	for _, line := range s.all(t, room, teller, profile) {
		if line.New() || line.Expected() {
			lines = append(lines, line)
		}
	}
	return lines
}

// knows tells whether a thing is addressed to somebody of the stage, or said in a school that they
// lead or to a class that they teach: what people write to each other is of no school.
func (s stage) knows(t *testing.T, room string, profile school.Profile, thing school.ID) (knows bool) {
	t.Helper()
	if room != "message" && (profile == school.Head || profile == school.Teacher) {
		return true
	}
	err := s.h.DB.Read(t.Context(), func(tx *db.Tx) error {
		session, err := s.h.Accounts.Resolve(tx, s.people[profile])
		if err != nil {
			return err
		}
		held, err := directory.Audiences{}.Held(tx, session.Person)
		if err != nil {
			return err
		}
		_, err = held.As(profile).Children(tx, thing)
		if knows = err == nil; fail.Is(err, fail.NotFound) {
			return nil
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return knows
}

// all is what a room tells somebody of the stage.
func (s stage) all(t *testing.T, room string, teller web.Teller, profile school.Profile) (lines []web.Told) {
	t.Helper()
	err := s.h.DB.Read(t.Context(), func(tx *db.Tx) error {
		session, err := s.h.Accounts.Resolve(tx, s.people[profile])
		if err != nil {
			return err
		}
		held, err := directory.Audiences{}.Held(tx, session.Person)
		if err != nil {
			return err
		}
		say := i18n.Printer{Catalogue: s.h.Words, Lang: i18n.French, Child: profile == school.Pupil}
		lines, err = web.Tell(tx, map[string]web.Teller{room: teller}, held, web.Addressee{Person: session.Person, Profile: profile, Printer: say}, nil)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

// TestNothingIsWrittenInAServiceThatIsShut shuts each service that may be, everywhere, and
// asks for every act of the rights by which something new is written there: each is refused, and
// says why, there or where what was written is kept as a draft. A form that says so itself is filled as
// its page offers it: it is taken until then.
func TestNothingIsWrittenInAServiceThatIsShut(t *testing.T) {
	s := sweep(t, dbtest.SQLite(t))
	services := s.h.services
	forms := s.forms(t)
	for _, service := range services {
		card := service.Card()
		if len(card.Publishes) == 0 {
			continue
		}
		for _, f := range forms {
			if f.of(card) && s.send(f.path, f.token, f.filled).Code != http.StatusSeeOther {
				t.Errorf("%s of a %s does not take what is sent while its service is open", f.path, f.profile)
			}
		}
		err := s.h.DB.Write(t.Context(), func(tx *db.Tx) error {
			return s.h.Accounts.SwitchOn(tx, account.Switch{Service: card.Name, Chosen: true}, audit.By{Request: "test"})
		})
		if err != nil {
			t.Fatal(err)
		}
		asked := 0
		refused := func(pattern string, profile school.Profile, w *httptest.ResponseRecorder) {
			t.Helper()
			if to := w.Header().Get("Location"); strings.HasSuffix(to, "/drafts") {
				w = s.ask(http.MethodGet, to, s.people[profile])
			}
			say := i18n.Printer{Catalogue: s.h.Words, Lang: i18n.French, Child: profile == school.Pupil}
			asked++
			if why := say.Say("web.shut", say.Say(card.Title)); w.Code == http.StatusSeeOther || !strings.Contains(html.UnescapeString(w.Body.String()), why) {
				t.Errorf("%s posts to %s, of a service that is shut: %d, and not %q", profile, pattern, w.Code, why)
			}
		}
		for _, route := range s.site.Routes() {
			if route.Method != http.MethodPost || route.SaysShut || !slices.Contains(card.Publishes, route.Right) {
				continue
			}
			path := places.ReplaceAllString(route.Pattern, "182718981734817792")
			for profile, token := range s.people {
				if s.site.Rights.Reach(profile, route.Right) != rights.Nowhere {
					refused(route.Pattern, profile, s.ask(http.MethodPost, path, token))
				}
			}
		}
		for _, f := range forms {
			if f.of(card) {
				refused(f.route.Pattern, f.profile, s.send(f.path, f.token, f.filled))
			}
		}
		if asked == 0 {
			t.Errorf("no act of %s was asked for", card.Name)
		}
	}
	for _, route := range s.site.Routes() {
		if route.SaysShut && !slices.ContainsFunc(forms, func(f form) bool { return f.route.Pattern == route.Pattern }) {
			t.Errorf("nobody was led to a form of %s", route.Pattern)
		}
	}
}

// form is a form of a page that somebody was led to, filled.
type form struct {
	route       web.Route
	profile     school.Profile
	path, token string
	filled      url.Values
}

// of tells whether a form is one of a service.
func (f form) of(card web.Card) bool { return slices.Contains(card.Publishes, f.route.Right) }

// A form, and what it offers.
var (
	formsOf  = regexp.MustCompile(`(?s)<form[^>]* action="([^"]+)".*?</form>`)
	inputsOf = regexp.MustCompile(`<input[^>]*>`)
	namedAs  = regexp.MustCompile(` name="([^"]+)"`)
	offers   = regexp.MustCompile(` value="([^"]+)"`)
)

// forms are those that say by themselves that their service is shut, one of each route for each
// of the people who are led there, filled with what it offers first.
func (s stage) forms(t *testing.T) (all []form) {
	t.Helper()
	logins, err := s.h.cast(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := s.h.converse(t.Context(), logins); err != nil {
		t.Fatal(err)
	}
	patterns := map[*regexp.Regexp]web.Route{}
	for _, route := range s.site.Routes() {
		if route.SaysShut {
			patterns[regexp.MustCompile("^"+places.ReplaceAllString(route.Pattern, "[0-9]+")+"$")] = route
		}
	}
	for profile, token := range s.people {
		known := map[string]bool{}
		s.crawl(token, func(_, _ string, w *httptest.ResponseRecorder) {
			for _, found := range formsOf.FindAllStringSubmatch(w.Body.String(), -1) {
				path := html.UnescapeString(found[1])
				for pattern, route := range patterns {
					if pattern.MatchString(path) && !known[route.Pattern] {
						known[route.Pattern] = true
						all = append(all, form{route, profile, path, token, filledIn(found[0])})
					}
				}
			}
		})
	}
	return all
}

// filledIn is what a form offers first for each of its fields, with words where one writes.
func filledIn(text string) url.Values {
	values := url.Values{"subject": {"Une question"}, "body": {"Un mot."}}
	for _, input := range inputsOf.FindAllString(text, -1) {
		name, value := namedAs.FindStringSubmatch(input), offers.FindStringSubmatch(input)
		if name != nil && value != nil && !values.Has(name[1]) {
			values.Set(name[1], html.UnescapeString(value[1]))
		}
	}
	return values
}
