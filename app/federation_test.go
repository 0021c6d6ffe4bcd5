package app

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// An operator declares a provider, sees it without its secret, and forgets it.
func TestFederationCommands(t *testing.T) {
	server := httptest.NewUnstartedServer(nil)
	issuer := "http://" + server.Listener.Addr().String()
	server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		json.NewEncoder(w).Encode(map[string]any{
			"issuer": issuer, "authorization_endpoint": issuer + "/a", "token_endpoint": issuer + "/t", "jwks_uri": issuer + "/k",
		})
	})
	server.Start()
	t.Cleanup(server.Close)
	data := filepath.Join(t.TempDir(), "data")
	file := filepath.Join(t.TempDir(), "fim.json")
	declare := func(text string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	command := func(want int, args ...string) string {
		t.Helper()
		var out, stderr bytes.Buffer
		if got := run(context.Background(), append(append([]string{"federation"}, args...), "--data", data), &out, &stderr); got != want {
			t.Fatalf("%v: %d\n%s%s", args, got, &out, &stderr)
		}
		return out.String() + stderr.String()
	}
	good := `{"name":"fim","label":"Académie","protocol":"oidc","for":"agents","matching":"mail","attributes":["email"],
		"issuer":"` + issuer + `","client_id":"preau","client_secret":"do not show this"}`

	declare(strings.Replace(good, `"mail"`, `"educonnect"`, 1))
	if said := command(exitRefused, "add", file); !strings.Contains(said, "matching: mail, for agents") {
		t.Error(said)
	}
	declare(strings.Replace(good, issuer, issuer+"/other", 1))
	command(exitRefused, "add", file) // published by another issuer
	if said := command(exitDone, "list"); !strings.Contains(said, "no provider is declared") {
		t.Error(said)
	}
	declare(good)
	command(exitDone, "add", file)
	for _, args := range [][]string{{"list", "--json"}, {"show", "fim"}} {
		if said := command(exitDone, args...); !strings.Contains(said, `"client_id"`) || strings.Contains(said, "do not show") {
			t.Error(said)
		}
	}
	command(exitDone, "refresh", "fim")
	if text, err := os.ReadFile(filepath.Join(data, "preau.db")); err != nil || bytes.Contains(text, []byte("do not show")) {
		t.Errorf("the database holds the secret: %v", err)
	}
	command(exitDone, "remove", "fim")
	command(exitRefused, "show", "fim")
}
