package federation_test

import (
	"context"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/zitadel/oidc/v3/example/server/exampleop"
	"github.com/zitadel/oidc/v3/example/server/storage"
	"github.com/zitadel/oidc/v3/pkg/op"
	"golang.org/x/text/language"

	"preau/account/federation"
	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/school"
)

func byOIDC(issuer string) federation.Provider {
	return federation.Provider{
		Name: "fim", Label: "Académie de Versailles", Protocol: federation.OIDC, For: federation.Agents, Matching: federation.ByMail,
		Attributes: []string{"email"}, Issuer: issuer, ClientID: "preau", Secret: "a secret of the client", Scopes: []string{"profile", "email"},
	}
}

// agents are the users of the provider.
type agents map[string]*storage.User

func (a agents) GetUserByID(id string) *storage.User { return a[id] }
func (a agents) GetUserByUsername(name string) *storage.User {
	for _, user := range a {
		if user.Username == name {
			return user
		}
	}
	return nil
}
func (agents) ExampleClientID() string { return storage.ServiceUserID }

// A teacher comes in by an OpenID provider that is not ours, zitadel's, on both
// databases; the code works once, and in the browser that left.
func TestATeacherComesIn(t *testing.T) {
	slog.SetDefault(slog.New(slog.DiscardHandler)) // the provider's
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := today(t, d)
		near, _ := s.Schools()
		teacher := s.Teachers(near[0])[0]
		server := httptest.NewUnstartedServer(nil)
		issuer := "http://" + server.Listener.Addr().String()
		users := agents{"1": {
			ID: "1", Username: "agent", Password: "a password of theirs", FirstName: "A", LastName: "B",
			Email: s.mail(teacher), EmailVerified: true, PreferredLanguage: language.French,
		}}
		clients := map[string]*storage.Client{"preau": storage.WebClient("preau", "a secret of the client", s.URL+"/login/oidc/callback")}
		server.Config.Handler = exampleop.SetupServer(issuer, storage.NewStorageWithClients(users, clients), nil, false, op.WithAllowInsecure())
		server.Start()
		t.Cleanup(server.Close)
		if err := s.declare(byOIDC(issuer), ""); err != nil {
			t.Fatal(err)
		}
		s.get("/login").Wants(http.StatusOK, "Personnels\u00a0: Académie de Versailles")

		left := s.get("/login/oidc/fim?next=%2Fme")
		errand := cookie(left, "preau-errand")
		asked, err := left.Location()
		if err != nil {
			t.Fatal(err)
		}
		if q := asked.Query(); q.Get("code_challenge_method") != "S256" || q.Get("code_challenge") == "" || q.Get("nonce") == "" || q.Get("response_type") != "code" {
			t.Errorf("asked %s", asked)
		}
		back := strings.TrimPrefix(s.signInAt(asked.String()), s.URL)

		// The same address in another browser uses the try up, and opens nothing.
		s.get(back).Wants(http.StatusForbidden, "n’a pas pu être vérifiée")
		s.get(back, errand).Wants(http.StatusForbidden)
		s.nothing("a code of another browser")

		left = s.get("/login/oidc/fim?next=%2Fme", errand)
		before := errand
		if errand = cookie(left, "preau-errand"); errand.Value == before.Value {
			t.Error("a browser keeps what it was given before")
		}
		back = strings.TrimPrefix(s.signInAt(left.Header.Get("Location")), s.URL)
		s.get(back, errand).Wants(http.StatusSeeOther)
		s.get("/login/who", before).Wants(http.StatusForbidden)
		in := s.get("/login/who", errand)
		if cookie(in, "preau") == nil || in.Header.Get("Location") != "/me" {
			t.Fatalf("nobody came in: %s", in.Main())
		}
		if got := s.One(`SELECT person_id FROM account_session`); got != teacher {
			t.Errorf("%s came in", s.Who(got).Name())
		}
		s.get(back, errand).Wants(http.StatusForbidden)
	}, schemas()...)
}

// signInAt signs the agent in at zitadel's, and gives where it sends them back.
func (s *stage) signInAt(address string) string {
	s.T.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.T.Fatal(err)
	}
	client := &http.Client{Jar: jar, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(r.URL.String(), s.URL) {
			return http.ErrUseLastResponse
		}
		return nil
	}}
	page, err := client.Get(address)
	if err != nil {
		s.T.Fatal(err)
	}
	defer page.Body.Close()
	body, err := io.ReadAll(page.Body)
	if err != nil {
		s.T.Fatal(err)
	}
	id := regexp.MustCompile(`name="id" value="([^"]+)"`).FindSubmatch(body)
	if id == nil {
		s.T.Fatalf("%s: no form in\n%.1000s", page.Request.URL, body)
	}
	done, err := client.PostForm(page.Request.URL.String(), url.Values{"id": {string(id[1])}, "username": {"agent"}, "password": {"a password of theirs"}})
	if err != nil {
		s.T.Fatal(err)
	}
	defer done.Body.Close()
	to := done.Header.Get("Location")
	if !strings.HasPrefix(to, s.URL+"/login/oidc/callback?") {
		s.T.Fatalf("sent back to %q, status %d", to, done.StatusCode)
	}
	return to
}

// liar is an OpenID provider that says what a test wants.
type liar struct {
	*httptest.Server
	claims atomic.Pointer[map[string]any] // of the ID token
	info   atomic.Pointer[map[string]any] // of the userinfo
	sign   func(payload []byte) string
}

func newLiar(t *testing.T) *liar {
	l := &liar{}
	l.sign = func(payload []byte) string { return jws(t, jose.RS256, keys()[0].PrivateKey, payload) }
	answer := func(w http.ResponseWriter, value any) {
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(value)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, map[string]any{
			"issuer": l.URL, "authorization_endpoint": l.URL + "/authorize", "token_endpoint": l.URL + "/token", "jwks_uri": l.URL + "/keys",
			"userinfo_endpoint": l.URL + "/userinfo", "id_token_signing_alg_values_supported": []string{"none", "HS256", "RS256"},
		})
	})
	mux.HandleFunc("/keys", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: keys()[0].PrivateKey.(*rsa.PrivateKey).Public(), KeyID: "one", Algorithm: "RS256", Use: "sig"}}})
	})
	mux.HandleFunc("/token", func(w http.ResponseWriter, _ *http.Request) {
		payload, err := json.Marshal(*l.claims.Load())
		if err != nil {
			t.Error(err)
		}
		answer(w, map[string]any{"access_token": "access", "token_type": "Bearer", "expires_in": 60, "id_token": l.sign(payload)})
	})
	mux.HandleFunc("/userinfo", func(w http.ResponseWriter, _ *http.Request) { answer(w, *l.info.Load()) })
	l.Server = httptest.NewServer(mux)
	t.Cleanup(l.Close)
	return l
}

func jws(t *testing.T, algorithm jose.SignatureAlgorithm, key any, payload []byte) string {
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: algorithm, Key: key}, (&jose.SignerOptions{}).WithHeader("kid", "one"))
	if err != nil {
		t.Error(err)
		return ""
	}
	signed, err := signer.Sign(payload)
	if err != nil {
		t.Error(err)
		return ""
	}
	text, err := signed.CompactSerialize()
	if err != nil {
		t.Error(err)
	}
	return text
}

// No forged code, token or userinfo opens anything; the last are the controls.
func TestForgedTokens(t *testing.T) {
	s := onSQLite(t)
	near, _ := s.Schools()
	staff := s.Teachers(near[0])
	mail, victim := s.mail(staff[0]), s.mail(staff[1])
	l := newLiar(t)
	if err := s.declare(byOIDC(l.URL), ""); err != nil {
		t.Fatal(err)
	}
	try := func(t *testing.T, change func(claims, info map[string]any, query url.Values)) (person school.ID) {
		left := s.get("/login/oidc/fim")
		errand := cookie(left, "preau-errand")
		to, err := left.Location()
		if err != nil {
			t.Fatal(err)
		}
		now := s.DB.Now().Unix()
		claims := map[string]any{"iss": l.URL, "sub": "1", "aud": "preau", "exp": now + 300, "iat": now, "nonce": to.Query().Get("nonce")}
		info := map[string]any{"sub": "1", "email": mail}
		query := url.Values{"code": {"code"}, "state": {to.Query().Get("state")}}
		change(claims, info, query)
		claims, info = maps.Clone(claims), maps.Clone(info)
		l.claims.Store(&claims)
		l.info.Store(&info)
		reply := s.get("/login/oidc/callback?"+query.Encode(), errand)
		in := s.get("/login/who", errand)
		if cookie(in, "preau") == nil {
			if reply.StatusCode != http.StatusForbidden || in.StatusCode != http.StatusForbidden {
				t.Errorf("answers %d, then %d", reply.StatusCode, in.StatusCode)
			}
			return 0
		}
		return s.One(`SELECT person_id FROM account_session ORDER BY id DESC LIMIT 1`)
	}
	set := func(name string, value any) func(claims, info map[string]any, query url.Values) {
		return func(claims, _ map[string]any, _ url.Values) { claims[name] = value }
	}
	for what, change := range map[string]func(claims, info map[string]any, query url.Values){
		"another nonce":             set("nonce", "AAAA"),
		"no nonce":                  func(claims, _ map[string]any, _ url.Values) { delete(claims, "nonce") },
		"another audience":          set("aud", "other"),
		"no audience":               func(claims, _ map[string]any, _ url.Values) { delete(claims, "aud") },
		"two audiences":             set("aud", []string{"preau", "other"}),
		"another party":             set("azp", "other"),
		"another issuer":            set("iss", "https://other.example"),
		"expired":                   set("exp", s.DB.Now().Add(-time.Second).Unix()),
		"of tomorrow":               set("iat", s.DB.Now().Add(24*time.Hour).Unix()),
		"nobody":                    set("sub", ""),
		"another access token":      set("at_hash", "AAAAAAAAAAAAAAAAAAAAAA"),
		"the userinfo of another":   func(_, info map[string]any, _ url.Values) { info["sub"] = "2" },
		"a mail that is not theirs": func(_, info map[string]any, _ url.Values) { info["email_verified"] = false },
		"an unknown mail":           func(_, info map[string]any, _ url.Values) { info["email"] = "personne@ac-versailles.fr" },
		"a mail in a mail":          func(_, info map[string]any, _ url.Values) { info["email"] = []any{map[string]any{"a": mail}} },
		"an error":                  func(_, _ map[string]any, query url.Values) { query.Set("error", "access_denied") },
		"another state":             func(_, _ map[string]any, query url.Values) { query.Set("state", "AAAAAAAAAAAAAAAAAAAAAAAAAA") },
		"no state":                  func(_, _ map[string]any, query url.Values) { query.Del("state") },
		"another issuer's answer":   func(_, _ map[string]any, query url.Values) { query.Set("iss", "https://other.example") },
	} {
		t.Run(what, func(t *testing.T) {
			if person := try(t, change); person != 0 {
				t.Errorf("%s came in", s.Who(person).Name())
			}
			s.nothing(what)
		})
	}
	honest := l.sign
	asIs := func(map[string]any, map[string]any, url.Values) {}
	for what, sign := range map[string]func([]byte) string{
		"no signature": func(payload []byte) string { return unsigned(payload) },
		"the secret's signature": func(payload []byte) string {
			return jws(t, jose.HS256, []byte("a secret of the client, and more of it"), payload)
		},
		"another key": func(payload []byte) string { return jws(t, jose.RS256, keys()[1].PrivateKey, payload) },
		"another text": func(payload []byte) string {
			parts := strings.Split(honest(payload), ".")
			return parts[0] + "." + strings.Split(unsigned([]byte(strings.Replace(string(payload), `"sub":"1"`, `"sub":"2"`, 1))), ".")[1] + "." + parts[2]
		},
		"no token": func([]byte) string { return "" },
	} {
		l.sign = sign
		if person := try(t, asIs); person != 0 {
			t.Errorf("with %s %s came in", what, s.Who(person).Name())
		}
		s.nothing(what)
	}
	l.sign = honest
	if person := try(t, asIs); person != staff[0] {
		t.Errorf("the control lets in %d", person)
	}
	// The ID token comes before the userinfo.
	if person := try(t, set("email", victim)); person != staff[1] {
		t.Errorf("the ID token lets in %d", person)
	}
	// A provider that publishes nothing is none.
	if err := s.fed.Add(context.Background(), byOIDC(l.URL+"/other"), ""); err == nil {
		t.Error("an issuer that publishes nothing is taken")
	}
}

// unsigned is a token without a signature.
func unsigned(payload []byte) string {
	return base64URL([]byte(`{"alg":"none"}`)) + "." + base64URL(payload) + "."
}

func base64URL(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }
