package content

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

func TestNames(t *testing.T) {
	family := "👨\u200d👩\u200d👧.png" // joined, which is one face and not three
	for sent, want := range map[string]string{
		"menu.pdf":                        "menu.pdf",
		"Menu de Noël.PDF":                "Menu de Noël.PDF",
		"Noe\u0308l.pdf":                  "Noël.pdf",
		"":                                "",
		".":                               "",
		"..":                              "",
		"...":                             "",
		"/":                               "",
		"a/..":                            "",
		" . . ":                           "",
		"\u200b\u202e\ufeff":              "",
		"\u200d":                          "",
		"\u3164":                          "",
		"../../etc/passwd":                "passwd",
		`C:\Users\moi\menu.pdf`:           "menu.pdf",
		"dossier/":                        "dossier",
		"C:menu.pdf":                      "C menu.pdf",
		"a\x00b.txt":                      "a b.txt",
		"a\r\nX: b.txt":                   "a X b.txt",
		"menu\u202efdp.exe":               "menufdp.exe",
		"\u2066menu\u2069.pdf":            "menu.pdf",
		"menu.pdf. . .":                   "menu.pdf",
		"  menu   du  jour.pdf ":          "menu du jour.pdf",
		".htaccess":                       ".htaccess",
		"a<b>\"c|d?.pdf":                  "a b c d .pdf",
		"CON":                             "_CON",
		"con.txt":                         "_con.txt",
		"Aux .pdf":                        "_Aux .pdf",
		"COM¹.txt":                        "_COM¹.txt",
		"lpt9":                            "_lpt9",
		"console.txt":                     "console.txt",
		"com10.txt":                       "com10.txt",
		"\xff\xfea.pdf":                   "a.pdf",
		family:                            family,
		strings.Repeat("é", 300) + ".pdf": strings.Repeat("é", 98) + ".pdf",
		strings.Repeat("a", 300):          strings.Repeat("a", MaxName),
		"a." + strings.Repeat("b", 300):   "a." + strings.Repeat("b", MaxName-2),
		strings.Repeat("a ", 200) + ".md": strings.TrimSpace(strings.Repeat("a ", 99)) + ".md",
	} {
		if got := Name(sent); got != want {
			t.Errorf("%q is called %q, not %q", sent, got, want)
		}
	}
}

func FuzzName(f *testing.F) {
	for _, sent := range []string{"a.pdf", "../..", "CON.txt", "é\u0301" + strings.Repeat("\u0301", 120) + ".pdf", "a\u200d", strings.Repeat("x. ", 90)} {
		f.Add(sent)
	}
	f.Fuzz(func(t *testing.T, sent string) {
		name := Name(sent)
		switch {
		case len(name) > MaxName, !utf8.ValidString(name), !norm.NFC.IsNormalString(name):
			t.Errorf("%q is called %q", sent, name)
		case strings.ContainsAny(name, "/\\:*?\"<>|\u202e\u2066") || strings.ContainsFunc(name, unicode.IsControl):
			t.Errorf("%q is called %q", sent, name)
		case name == ".", name == "..", strings.TrimRight(name, ". ") != name, reserved.MatchString(name):
			t.Errorf("%q is called %q", sent, name)
		case Name(name) != name:
			t.Errorf("%q is called %q, then %q", sent, name, Name(name))
		}
	})
}
