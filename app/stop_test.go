package app

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/school"
)

// A head stops the messages of the school on the page of emergencies, and lets them go
// again; both are journalled, and everything is still read.
func TestMessagesAreStopped(t *testing.T) {
	s := sweep(t, dbtest.SQLite(t))
	one := func(query string, args ...any) (id school.ID) {
		t.Helper()
		err := s.h.DB.Read(t.Context(), func(tx *db.Tx) (err error) {
			id, err = db.One(tx, db.Column[school.ID], query, args...)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	post := func(path, token string, form url.Values) int {
		t.Helper()
		r := httptest.NewRequest(http.MethodPost, "http://127.0.0.1:8080"+path, strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.AddCookie(&http.Cookie{Name: "preau", Value: token})
		w := httptest.NewRecorder()
		s.site.ServeHTTP(w, r)
		return w.Code
	}
	head, teacher := s.people[school.Head], s.people[school.Teacher]
	at := one(`SELECT min(f.structure_id) FROM directory_function f JOIN account_session s ON s.person_id = f.person_id AND s.profile = f.profile WHERE f.profile = $1`, school.Head)
	page := "/accounts/school/" + at.String() + "/switches"
	stop := url.Values{"what": {"all"}, "why": {"débordement"}}
	if got := post(page+"/stop", teacher, stop); got != http.StatusNotFound {
		t.Errorf("a teacher stops messages: %d", got)
	}
	if got := post(page+"/stop", head, url.Values{"what": {"all"}}); got != http.StatusUnprocessableEntity {
		t.Errorf("messages are stopped without a reason: %d", got)
	}
	if got := post(page+"/stop", head, url.Values{"what": {"mails"}, "why": {"x"}}); got != http.StatusNotFound {
		t.Errorf("something is stopped that is not there: %d", got)
	}
	if got := post(page+"/stop", head, stop); got != http.StatusSeeOther {
		t.Errorf("the head stops messages: %d", got)
	}
	w := s.ask(http.MethodGet, page, head)
	if !strings.Contains(w.Body.String(), "débordement") || !strings.Contains(w.Body.String(), "/message/rules/school/"+at.String()) {
		t.Error("the page does not say that messages are stopped")
	}
	if w := s.ask(http.MethodGet, "/message/", head); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "Les messages sont arrêtés") {
		t.Errorf("while messages are stopped the list answers %d, and does not say so", w.Code)
	}
	if got := post(page+"/resume", head, url.Values{"what": {"all"}}); got != http.StatusSeeOther {
		t.Errorf("the head lets messages go: %d", got)
	}
	if w := s.ask(http.MethodGet, "/message/", head); strings.Contains(w.Body.String(), "Les messages sont arrêtés") {
		t.Error("messages are stopped still")
	}
	for _, act := range []string{"message.stop", "message.resume"} {
		if n := one(`SELECT count(*) FROM audit_entry WHERE action = $1`, act); n != 1 {
			t.Errorf("%s is journalled %d times", act, n)
		}
	}
}
