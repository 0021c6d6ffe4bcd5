package secret

import (
	"errors"
	"strings"
	"testing"

	"preau/core/fail"
	"preau/core/school"
)

func TestCheck(t *testing.T) {
	adult, pupil := []school.Profile{school.Guardian}, []school.Profile{school.Pupil}
	both := []school.Profile{school.Pupil, school.Guardian}
	const stem = "marie.rose"
	for _, c := range []struct {
		password string
		profiles []school.Profile
		want     string // what is wrong; empty: nothing
	}{
		{"cheval agrafe pile", adult, ""},
		{"6f3k-9x2m-4q8z", adult, ""},
		{"Ünïcödé très öriginâl", adult, ""},
		{"тридцать три коровы", adult, ""},
		{"les roses rouges fleurissent", adult, ""}, // a name of the login among others is no harm
		{"lapinquivole", adult, ""},
		{strings.Repeat("kiwi à vélo ", 10) + "12345678", adult, ""}, // 128
		{"kiwivelo", pupil, ""},
		{"toboggan", pupil, ""},
		{"cabane", pupil, ""},
		{"lapins", pupil, ""},

		{"kiwivelo", adult, "short"},
		{"kiwivelo", both, "short"},
		{"kiwivelo", nil, "short"},
		{"onze lettre", adult, "short"},
		{"e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301", adult, "short"}, // six letters, decomposed
		{"kiwiv", pupil, "short"},
		{"cabane", both, "short"},
		{"", adult, "short"},
		{strings.Repeat("kiwi à vélo ", 10) + "123456789", adult, "long"},

		{"Marie.Rose2!", adult, "login"},
		{"xx-marie-rose-xx", adult, "login"},
		{"marie20122012", adult, "login"},
		{"!!Rose!!123456", adult, "login"},

		{"123456789012", adult, "common"},
		{"14071789!!??", adult, "common"},
		{"!!!!!!!!!!!!!", adult, "common"},
		{"abababababab", adult, "common"},
		{"zoe202020202020", adult, "common"},
		{"azertyuiop123", adult, "common"},
		{"AZERTYuiopqs", adult, "common"},
		{"qsdfghjklmwx", adult, "common"},
		{"poiuytreza12", adult, "common"},
		{"azertyazerty", adult, "common"},
		{"motdepasse123", adult, "common"},
		{"Mot de passe !", adult, "common"},
		{"M0tDeP4sse2026", adult, "common"},
		{"p@$$w0rd2026", adult, "common"},
		{"password1234", adult, "common"},
		{"jetaimejetaime", adult, "common"},
		{"JulienCamille2014", adult, "common"},
		{"Été2026!Été2026!", adult, "common"},
		{"marseille13013", adult, "common"},
		{"soleil", pupil, "common"},
		{"azerty", pupil, "common"},
		{"banane", pupil, "common"},
		{"chocolat1", pupil, "common"},
		{"doudoulapin", pupil, "common"},
		{"pikachu99", pupil, "common"},
	} {
		err := Check(c.password, stem, c.profiles...)
		got := ""
		var e *fail.Error
		if errors.As(err, &e) {
			got = strings.TrimPrefix(e.Key, "account.password-")
		}
		if got != c.want {
			t.Errorf("%q for %v: %q, want %q", c.password, c.profiles, got, c.want)
		}
	}
}

// The list is read with the same folding as passwords: a word that folding
// would change could never be found.
func TestCommonWordsAreFolded(t *testing.T) {
	if n := len(common()); n < 1000 {
		t.Errorf("%d words", n)
	}
	for word := range common() {
		if squash(word) != word {
			t.Errorf("%q is not folded", word)
		}
	}
}
