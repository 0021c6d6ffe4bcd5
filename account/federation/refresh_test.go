package federation_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"preau/account/federation"
	"preau/core/db"
)

// What a provider publishes is read again: a new certificate is taken, another
// entity is not, and what cannot be read leaves what was known, with its term.
func TestRefresh(t *testing.T) {
	s, i := onSQLite(t), newIDP()
	var published atomic.Pointer[string]
	publish := func(text string) { published.Store(&text) }
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if text := *published.Load(); text != "" {
			w.Write([]byte(text))
		} else {
			http.Redirect(w, &http.Request{}, "http://127.0.0.1:1/", http.StatusFound)
		}
	}))
	t.Cleanup(server.Close)
	p := byKey
	p.Metadata = server.URL
	term := s.DB.Now().Add(48 * time.Hour)
	publish(i.metadata(` validUntil="` + instant(term) + `"`))
	if err := s.fed.Add(t.Context(), p, ""); err != nil {
		t.Fatal(err)
	}
	known := func() (p federation.Provider) {
		t.Helper()
		s.Read(func(tx *db.Tx) (err error) {
			p, err = federation.ProviderNamed(tx, "educonnect")
			return err
		})
		return p
	}

	for what, text := range map[string]string{
		"nothing, by a redirection": "",
		"another entity":            (&idp{i.pair, "https://other.example/"}).metadata(""),
		"what is past its term":     i.metadata(` validUntil="` + instant(s.DB.Now()) + `"`),
		"too much":                  i.metadata("") + strings.Repeat(" ", 5<<20),
	} {
		publish(text)
		if err := s.fed.RefreshAll(t.Context()); err == nil {
			t.Errorf("%s is taken", what)
		}
		if got := known(); got.Trouble == "" || !got.ValidUntil.Equal(term) {
			t.Errorf("%s leaves %q, until %s", what, got.Trouble, got.ValidUntil)
		}
	}

	// The answers of a key that was not published are refused, and taken once
	// it is.
	_, ref := s.guardian(0)
	next := &idp{keys()[1], i.entity}
	come := func() int {
		request, relay, _ := s.leave("educonnect")
		return s.post(answered(s.says(next, request, map[string][]string{"FrEduCtRefId": {ref}}).signed(t, next), relay)).StatusCode
	}
	if got := come(); got != http.StatusForbidden {
		t.Errorf("another key: %d", got)
	}
	publish(next.metadata(""))
	if err := s.fed.RefreshAll(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := known(); got.Trouble != "" || !got.ValidUntil.IsZero() {
		t.Errorf("it has %q, until %s", got.Trouble, got.ValidUntil)
	}
	if got := come(); got != http.StatusSeeOther {
		t.Errorf("the published key: %d", got)
	}

	s.Write(func(tx *db.Tx) error { return s.fed.Remove(tx, "educonnect") })
	s.get("/login/saml/educonnect").Wants(http.StatusForbidden, "n’est pas proposée pour le moment")
	s.get("/login").Lacks(http.StatusOK, "ÉduConnect")
}
