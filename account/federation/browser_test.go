package federation_test

import (
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/crewjam/saml/testsaml"

	"preau/test/browser"
)

func TestMain(m *testing.M) { browser.Main(m) }

// In a real browser a parent goes to a provider of another site, and comes back
// in: the cookie that tells which browser left passes through the post of the
// other site and our redirection. The pages on the way are for everybody.
func TestTheWayInABrowser(t *testing.T) {
	b := browser.Open(t)
	s, i := onSQLite(t), newIDP()
	one, first := s.guardian(0)
	two, second := s.guardian(1)
	said := map[string][]string{"FrEduUrlRetour": {}}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/sso" { // the browser wants a picture of the site too
			w.WriteHeader(http.StatusNoContent)
			return
		}
		text, err := testsaml.ParseRedirectRequest(r.URL)
		if err != nil {
			t.Error(err)
			return
		}
		var asked struct {
			ID string `xml:",attr"`
		}
		if err := xml.Unmarshal(text, &asked); err != nil {
			t.Error(err)
		}
		fmt.Fprintf(w, `<!DOCTYPE html><html lang="fr"><title>IdP</title><form action="%s/login/saml/acs" method="post">
			<input type="hidden" name="SAMLResponse" value="%s"><input type="hidden" name="RelayState" value="%s"><button>OK</button></form></html>`,
			s.URL, base64.StdEncoding.EncodeToString(s.says(i, asked.ID, said).signed(t, i)), r.URL.Query().Get("RelayState"))
	}))
	t.Cleanup(server.Close)
	elsewhere := strings.Replace(server.URL, "127.0.0.1", "localhost", 1) // another site than ours
	if err := s.declare(byKey, strings.ReplaceAll(i.metadata(""), "https://idp.example/sso", elsewhere+"/sso")); err != nil {
		t.Fatal(err)
	}
	s.get("/login/saml/educonnect") // the key is made

	for _, width := range []int{browser.Phone, browser.Desk} {
		p := b.Page(t, browser.View{Width: width})
		p.Goto(s.URL + "/login?next=%2Fme")
		p.Check()
		p.Shot("login-federation")

		said["FrEduCtRefId"] = []string{"{AAF}96|x|999999999"}
		p.Follow(`a[href^="/login/saml/educonnect"]`)
		p.Follow("button")
		if text := p.Text("main"); !strings.Contains(text, "Nous ne trouvons pas votre compte") {
			t.Fatalf("an unknown reads %s", text)
		}
		p.Axe()
		p.Fits()
		p.Shot("unknown")

		p = b.Page(t, browser.View{Width: width}) // without the complaint about a status of 403
		said["FrEduCtRefId"] = []string{first, second}
		said["FrEduUrlRetour"] = []string{elsewhere + "/logout"}
		p.Goto(s.URL + "/login?next=%2Fme")
		p.Follow(`a[href^="/login/saml/educonnect"]`)
		p.Follow("button")
		if p.URL() != s.URL+"/login/who" {
			t.Fatalf("the browser is at %s", p.URL())
		}
		p.Check()
		p.Shot("who")
		p.Follow(fmt.Sprintf(`form:has([value="%s"]) button`, two))
		if p.URL() != s.URL+"/me" {
			t.Fatalf("the browser is at %s", p.URL())
		}
		if got := s.Some(`SELECT person_id FROM account_session`); len(got) != 1 || got[0] != two || one == two {
			t.Errorf("%v came in", got)
		}
		p.Click("[data-menu] summary")
		p.Follow(`[data-menu] form[action="/logout"] button`)
		if text := p.Text("main"); !strings.Contains(text, "Sortir aussi de ÉduConnect") {
			t.Fatalf("who leaves reads %s", text)
		}
		p.Check()
		p.Shot("left")
	}
}
