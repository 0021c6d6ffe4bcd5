package account

import (
	"strings"
	"testing"
)

func TestStemOf(t *testing.T) {
	for _, c := range []struct{ first, usual, want string }{
		{"Zoé", "MARTIN", "zoe.martin"},
		{"Jean-Pierre", "D'ESSAI", "jeanpierre.dessai"},
		{"Marie Anne", "de La Fontaine", "marieanne.delafontaine"},
		{"Cœlia", "LŒWENSTEIN-Æ", "coelia.loewensteinae"},
		{"Øyvind", "Groß", "oyvind.gross"},
		{"Đặng", "NGUYỄN", "dang.nguyen"},
		{"Léo2", "R2 D2", "leo.rd"},
		{"", "MARTIN", "martin"},
		{"Zoé", "", "zoe"},
		{"", " - ", "compte"},
		{"李", "王", "compte"},
		{strings.Repeat("Anne-", 10), strings.Repeat("é", 99), "anneanneanneanneanne." + strings.Repeat("e", 30)},
	} {
		if got := stemOf(c.first, c.usual); got != c.want {
			t.Errorf("%s %s: %s, want %s", c.first, c.usual, got, c.want)
		}
	}
}

func TestParseLogin(t *testing.T) {
	for typed, want := range map[string]Login{
		"zoe.martin":                     {"zoe.martin", 1},
		" Zoé.MARTIN2\t":                 {"zoe.martin", 2},
		"Jean-Pierre.D'Essai":            {"jeanpierre.dessai", 1},
		"jean pierre . d’essai4":         {"jeanpierre.dessai", 4},
		"admin":                          {"admin", 1},
		"":                               {},
		".":                              {},
		"zoe.":                           {},
		"zoe..martin":                    {},
		"zoe.martin1":                    {}, // the first homonym has no number
		"zoe.martin02":                   {},
		"zoe.martin0":                    {},
		"zoe2.martin":                    {},
		"zoe.martin@preau.test":          {},
		"42":                             {},
		"zoe.martin99999999999999999999": {},
		"' OR 1=1 --":                    {},
		strings.Repeat("a", 201):         {},
	} {
		got := ParseLogin(typed)
		if got != want {
			t.Errorf("%q: %+v, want %+v", typed, got, want)
		}
		if again := ParseLogin(got.String()); again != got {
			t.Errorf("%q: written %s, read %+v", typed, got, again)
		}
	}
}
