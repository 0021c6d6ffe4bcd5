package app

import (
	"bufio"
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/pquerna/otp/totp"

	"preau/account"
	"preau/core/audit"
	"preau/core/db"
)

// enrolled makes an operator who has a password and an application.
func enrolled(t *testing.T, data string) {
	t.Helper()
	if code := run(t.Context(), []string{"admin", "add", "ines.garnier", "--data", data}, io.Discard, io.Discard); code != exitDone {
		t.Fatalf("admin add exits with %d", code)
	}
	h, err := Open(t.Context(), Place{Data: data}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	var code account.Code
	err = h.DB.Write(t.Context(), func(tx *db.Tx) error {
		person, err := account.Person(tx, "ines.garnier")
		if err == nil {
			code, err = h.Accounts.IssueCode(tx, person, audit.By{}, account.LinkLife)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	opened, err := h.Accounts.Activate(t.Context(), "ines.garnier", code.Text, "les lapins bleus dansent", account.Origin{})
	if err != nil {
		t.Fatal(err)
	}
	var key account.AppKey
	err = h.DB.Read(t.Context(), func(tx *db.Tx) error {
		s, err := account.Bearer(tx, opened.Token)
		if err == nil {
			key, err = h.Accounts.AppKey(tx, s)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	shown, err := totp.GenerateCode(strings.ReplaceAll(key.Typed, " ", ""), h.DB.Now())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Accounts.AddApp(t.Context(), opened.Token, shown, account.Origin{}); err != nil {
		t.Fatal(err)
	}
}

// signedIn serves an installation, signs its operator in and tells where the
// password leads.
func signedIn(t *testing.T, data string) string {
	t.Helper()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := free.Addr().String()
	free.Close()
	ctx, stop := context.WithCancel(t.Context())
	said, says := io.Pipe()
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, []string{"serve", "--addr", addr, "--data", data}, io.Discard, says)
		says.Close()
	}()
	defer func() { stop(); <-ended }()
	lines := bufio.NewScanner(said)
	open := false
	for !open && lines.Scan() {
		open = strings.Contains(lines.Text(), "the portal is open")
	}
	go func() { _, _ = io.Copy(io.Discard, said) }()
	if !open {
		t.Fatal("it does not open")
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.PostForm("http://"+addr+"/login", url.Values{"login": {"ines.garnier"}, "password": {"les lapins bleus dansent"}})
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	return answer.Header.Get("Location")
}

// What is served for real asks an operator for the second step, whether they
// have a second factor or, once it was reset on the command line, none.
func TestResetFactor(t *testing.T) {
	data := t.TempDir()
	enrolled(t, data)
	if to := signedIn(t, data); to != "/second" {
		t.Errorf("the password leads to %q", to)
	}
	reset := func(login string) (code int, said string) {
		var out strings.Builder
		code = run(t.Context(), []string{"admin", "reset-factor", login, "--data", data}, &out, io.Discard)
		return code, out.String()
	}
	if code, _ := reset("personne.inconnue"); code == exitDone {
		t.Error("the factor of nobody was reset")
	}
	if code, said := reset("ines.garnier"); code != exitDone || !strings.Contains(said, "ines.garnier") {
		t.Errorf("it exits with %d and says %q", code, said)
	}
	if code, _ := reset("ines.garnier"); code == exitDone {
		t.Error("it was reset twice")
	}
	if to := signedIn(t, data); to != "/second" {
		t.Errorf("after a reset, the password leads to %q", to)
	}
}
