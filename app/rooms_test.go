//go:build !race

package app

import (
	"html"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"preau/account"
	"preau/core/audit"
	"preau/core/db"
	"preau/core/db/dbtest"
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
		hall, services := s.h.rooms()
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
				if other != school.Departed && s.knows(t, room, teller, other, line.Thing) {
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

// knows tells whether a thing is, or was, for somebody of the stage, or of a school that
// they lead or a class that they teach.
func (s stage) knows(t *testing.T, room string, teller web.Teller, profile school.Profile, thing school.ID) bool {
	t.Helper()
	if profile == school.Head || profile == school.Teacher {
		return true
	}
	for _, line := range s.all(t, room, teller, profile) {
		if line.Thing == thing {
			return true
		}
	}
	return false
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
// asks for every act of the rights by which something new is written there.
func TestNothingIsWrittenInAServiceThatIsShut(t *testing.T) {
	s := sweep(t, dbtest.SQLite(t))
	_, services := s.h.rooms()
	for _, service := range services {
		card := service.Card()
		if len(card.Publishes) == 0 {
			continue
		}
		err := s.h.DB.Write(t.Context(), func(tx *db.Tx) error {
			return s.h.Accounts.SwitchOn(tx, account.Switch{Service: card.Name, Chosen: true}, audit.By{Request: "test"})
		})
		if err != nil {
			t.Fatal(err)
		}
		asked := 0
		for _, route := range s.site.Routes() {
			if route.Method != http.MethodPost || !slices.Contains(card.Publishes, route.Right) {
				continue
			}
			path := places.ReplaceAllString(route.Pattern, "182718981734817792")
			for profile, token := range s.people {
				if s.site.Rights.Reach(profile, route.Right) == rights.Nowhere {
					continue
				}
				asked++
				w := s.ask(http.MethodPost, path, token)
				if refused := w.Code == http.StatusForbidden || route.SaysShut && w.Code >= 400; !refused {
					t.Errorf("%s posts to %s, of a service that is shut: %d", profile, route.Pattern, w.Code)
				}
			}
		}
		if asked == 0 {
			t.Errorf("no act of %s was asked for", card.Name)
		}
	}
}
