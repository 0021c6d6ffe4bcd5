//go:build !race

package app

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"testing"

	"preau/core/db/dbtest"
	"preau/core/school"
)

// budgets are how many statements the home page of a profile asks of the database, with the
// session, the frame around it and the ticket of the words of the day. A page that asks more
// is looked at before a number here is raised.
var budgets = []struct {
	profile school.Profile
	most    int
}{{school.Guardian, 39}, {school.Pupil, 29}, {school.Teacher, 45}, {school.Head, 70}}

// TestHomePagesAskLittle counts the statements of the pages that everybody opens at the same
// time in the morning.
func TestHomePagesAskLittle(t *testing.T) {
	s := sweep(t, dbtest.SQLite(t))
	logins, err := s.h.cast(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := s.h.converse(t.Context(), logins); err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	s.h.Log = slog.New(slog.NewJSONHandler(&log, nil))
	if s.site, err = s.h.site("http://127.0.0.1:8080"); err != nil {
		t.Fatal(err)
	}
	for _, budget := range budgets {
		profile, most := budget.profile, budget.most
		s.page(t, "/", s.people[profile]) // what is read once a process, or written once a day
		log.Reset()
		if w := s.ask(http.MethodGet, "/", s.people[profile]); w.Code != http.StatusOK {
			t.Fatalf("the home page of a %s answers %d", profile, w.Code)
		}
		var line struct{ Statements int }
		if err := json.Unmarshal(log.Bytes(), &line); err != nil {
			t.Fatalf("%v in %s", err, log.String())
		}
		t.Logf("%s: %d statements", profile, line.Statements)
		if line.Statements == 0 || line.Statements > most {
			t.Errorf("the home page of a %s asks %d statements, of %d", profile, line.Statements, most)
		}
	}
}
