//go:build !race

package app

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// What would not send, or would send from nobody, is refused before anything is
// opened.
func TestHowMailLeaves(t *testing.T) {
	password := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(password, []byte("secret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	const url, from = "https://ent.example.fr", "Préau <ent@example.fr>"
	for name, m := range map[string]mailed{
		"a sender, no server":       {MailFrom: from},
		"a password, no server":     {SMTPPassword: password},
		"no sender":                 {SMTP: "smtp://mail.example.fr"},
		"a sender without address":  {SMTP: "smtp://mail.example.fr", MailFrom: "Préau"},
		"no scheme":                 {SMTP: "mail.example.fr:25", MailFrom: from},
		"a password in the address": {SMTP: "smtp://ent:secret@mail.example.fr", MailFrom: from},
		"a user without a password": {SMTP: "smtps://ent@mail.example.fr", MailFrom: from},
		"a password without a user": {SMTP: "smtps://mail.example.fr", SMTPPassword: password, MailFrom: from},
	} {
		if carrier, err := m.carrier(url); !errors.Is(err, errUsage) || carrier != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := (mailed{SMTP: "smtps://ent@mail.example.fr", SMTPPassword: password + "x", MailFrom: from}).carrier(url); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a password that is not there: %v", err)
	}
	for name, m := range map[string]mailed{
		"with a password": {SMTP: "smtps://ent@mail.example.fr", SMTPPassword: password, MailFrom: from},
		"without":         {SMTP: "smtp://localhost:25", MailFrom: "ent@example.fr"},
	} {
		if carrier, err := m.carrier(url); err != nil || carrier == nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if carrier, err := (mailed{}).carrier(url); err != nil || carrier != nil {
		t.Errorf("no mail at all: %v, %v", carrier, err)
	}
}
