package school

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Fold reduces a French name to what sorting and searching compare: small
// unaccented letters and digits, words separated by one space, the ligatures
// spelled out. "D'ESSAI  Zoé" gives "d essai zoe". Both databases store the
// folded form, so that they list a class in the same order.
func Fold(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	space := false
	put := func(r rune) {
		if space && b.Len() > 0 {
			b.WriteByte(' ')
		}
		space = false
		b.WriteRune(r)
	}
	if !ascii(s) {
		s = norm.NFD.String(s)
	}
	for _, r := range s {
		switch r = unicode.ToLower(r); {
		case r == 'œ':
			put('o')
			put('e')
		case r == 'æ':
			put('a')
			put('e')
		case unicode.IsLetter(r), unicode.IsDigit(r):
			put(r)
		case unicode.Is(unicode.Mn, r): // the accent that NFD took off
		default:
			space = true
		}
	}
	return b.String()
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
