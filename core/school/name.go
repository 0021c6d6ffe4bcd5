package school

import (
	"net/mail"
	"strings"
	"unicode"
	"unicode/utf8"

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
		case unicode.Is(unicode.Mn, r), unseen(r): // the accent that NFD took off, and what parts no word
		default:
			space = true
		}
	}
	return b.String()
}

// Clean makes one line of what somebody wrote: one space where there were
// several, or a character of control; and nothing of what is not seen, such as
// the marks that turn the direction of what follows them, or that is no text.
func Clean(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unseen(r):
			return -1
		case unicode.IsControl(r):
			return ' '
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// unseen tells that a character is a mark of format (category Cf of Unicode),
// or stands for bytes that are no text.
func unseen(r rune) bool { return r == utf8.RuneError || unicode.Is(unicode.Cf, r) }

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// IsName tells whether somebody may be called so by a human who writes it:
// letters of any alphabet with their marks, one at least, and what parts them:
// spaces, hyphens, apostrophes, points and commas. What a feed brings is as its
// source has it.
func IsName(s string) bool { return named(s, "") }

// IsLabel tells whether a human may name a group, or a service that one calls,
// so: as [IsName] has it, with digits and the marks of writing.
func IsLabel(s string) bool { return named(s, "()[]/&+:;!?\"«»“”„°ºª*%€#@_=…") }

// named tells whether every character of a name is a letter, its mark, or
// parts words; or a digit or one of the others when there are others.
func named(s, others string) bool {
	letters := false
	for _, r := range s {
		switch {
		case unicode.IsLetter(r):
			letters = true
		case unicode.IsMark(r) && r != '\ufe0f' && r != '\u20e3': // those two make pictures
		case r == ' ', r == '\u00a0', r == '\u202f', unicode.Is(unicode.Pd, r), strings.ContainsRune("'’‘ʼ´`.,·", r):
		case others != "" && (unicode.IsDigit(r) || strings.ContainsRune(others, r)):
		default:
			return false
		}
	}
	return letters
}

// IsMail tells whether a text is a mail address and nothing else, in a domain
// that the network has: with a point.
func IsMail(s string) bool {
	parsed, err := mail.ParseAddress(s)
	if err != nil || parsed.Address != s {
		return false
	}
	domain := s[strings.LastIndexByte(s, '@')+1:]
	return strings.Contains(strings.Trim(domain, "."), ".")
}

// particles are the words that stay small inside a name.
var particles = map[string]bool{
	"de": true, "du": true, "des": true, "la": true, "le": true, "les": true, "et": true,
	"sur": true, "sous": true, "en": true, "aux": true, "au": true, "à": true, "lès": true,
}

// Proper writes a name that the source gives in capitals as people write it:
// "LES LILAS" gives "Les Lilas", "D'ESSAI" gives "D'Essai". A name that has
// small letters already is left as it is.
func Proper(s string) string {
	if s != strings.ToUpper(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	small := strings.ToLower(strings.Join(strings.Fields(s), " "))
	for small != "" {
		end := strings.IndexAny(small, " -'’.")
		if end < 0 {
			end = len(small)
		}
		word := small[:end]
		if first, size := utf8.DecodeRuneInString(word); size > 0 && (b.Len() == 0 || !particles[word]) {
			b.WriteRune(unicode.ToUpper(first))
			word = word[size:]
		}
		b.WriteString(word)
		if end < len(small) {
			mark, size := utf8.DecodeRuneInString(small[end:])
			b.WriteRune(mark)
			end += size
		}
		small = small[end:]
	}
	return b.String()
}
