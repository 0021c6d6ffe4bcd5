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
	stop := url.Values{"what": {"message:all"}, "reason": {"débordement"}}
	if got := post(page+"/stop", teacher, stop); got != http.StatusNotFound {
		t.Errorf("a teacher stops messages: %d", got)
	}
	for name, form := range map[string]url.Values{
		"without a reason":               {"what": {"message:all"}},
		"that is not there":              {"what": {"mail:all"}, "reason": {"x"}},
		"where nobody writes":            {"what": {"people:all"}, "reason": {"x"}},
		"for pupils, who do not write":   {"what": {"news:" + string(school.Pupil)}, "reason": {"x"}},
		"for others than may be stopped": {"what": {"message:" + string(school.Teacher)}, "reason": {"x"}},
	} {
		if got := post(page+"/stop", head, form); got != http.StatusUnprocessableEntity {
			t.Errorf("something is stopped %s: %d", name, got)
		}
	}
	if got := post(page+"/stop", head, stop); got != http.StatusSeeOther {
		t.Errorf("the head stops messages: %d", got)
	}
	w := s.ask(http.MethodGet, page, head)
	for _, said := range []string{"débordement", `href="/message/rules"`, `value="message:` + string(school.Pupil) + `"`, `value="liaison:all"`, `value="news:all"`} {
		if !strings.Contains(w.Body.String(), said) {
			t.Errorf("the page does not say %s", said)
		}
	}
	if w := s.ask(http.MethodGet, "/message/", head); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "est à l’arrêt pour le moment (débordement)") {
		t.Errorf("while messages are stopped the list answers %d, and does not say so", w.Code)
	}
	if w := s.ask(http.MethodGet, "/", head); !strings.Contains(w.Body.String(), "à l’arrêt depuis") || !strings.Contains(w.Body.String(), `href="/message/"`) {
		t.Error("the home page does not say that messages are stopped, or has no tile of theirs")
	}
	if w := s.ask(http.MethodGet, "/services/"+at.String(), head); !strings.Contains(w.Body.String(), "À l’arrêt pour le moment") {
		t.Error("the catalogue does not say that messages are stopped")
	}
	if got := post("/services/"+at.String()+"/message/open", head, nil); got != http.StatusNotFound {
		t.Errorf("what is stopped in an emergency goes on by the catalogue: %d", got)
	}
	if got := post(page+"/resume", head, url.Values{"what": {"message:all"}}); got != http.StatusSeeOther {
		t.Errorf("the head lets messages go: %d", got)
	}
	if w := s.ask(http.MethodGet, "/message/", head); strings.Contains(w.Body.String(), "à l’arrêt") {
		t.Error("messages are stopped still")
	}
	for _, act := range []string{"account.service-stop", "account.service-resume"} {
		if n := one(`SELECT count(*) FROM audit_entry WHERE action = $1`, act); n != 1 {
			t.Errorf("%s is journalled %d times", act, n)
		}
	}
}
