package account

import (
	"strconv"
	"strings"

	"preau/core/school"
)

// Login is what a person types to say who they are. Its stem is made of
// small letters a to z and dots; the first homonym has the number 1, which
// is not written: zoe.martin, zoe.martin2, zoe.martin3. The zero Login is
// nobody's.
type Login struct {
	Stem   string
	Number int
}

// String writes the login as it is printed and typed.
func (l Login) String() string {
	if l.Number <= 1 {
		return l.Stem
	}
	return l.Stem + strconv.Itoa(l.Number)
}

// The longest first and last part of a stem, in letters: more is not typed
// without a mistake by a child.
const (
	maxFirst = 20
	maxLast  = 30
)

// stemOf makes the stem of a person's login: the first name, a dot, the
// usual name, without accents, spaces, hyphens or apostrophes, so that it can
// be told over the telephone ("Jean-Pierre D'ESSAI" gives jeanpierre.dessai).
// Digits are left out: they are for homonyms.
func stemOf(first, usual string) string {
	first, usual = letters(first, maxFirst), letters(usual, maxLast)
	switch {
	case first == "" && usual == "":
		return "compte"
	case first == "":
		return usual
	case usual == "":
		return first
	}
	return first + "." + usual
}

// maxTyped is the longest text that may be a login, in bytes.
const maxTyped = 200

// ParseLogin reads a login as people type it: in capitals, with spaces
// around, with the accents and the hyphen of the name. What cannot be a
// login gives the zero Login.
func ParseLogin(typed string) Login {
	if len(typed) > maxTyped {
		return Login{}
	}
	typed = strings.TrimSpace(typed)
	name := strings.TrimRight(typed, "0123456789")
	number := 1
	if digits := typed[len(name):]; digits != "" {
		var err error
		number, err = strconv.Atoi(digits)
		if err != nil || number < 2 || digits[0] == '0' {
			return Login{}
		}
	}
	parts := strings.Split(name, ".")
	for i, part := range parts {
		if parts[i] = letters(part, maxTyped); parts[i] == "" || strings.ContainsAny(part, "0123456789@") {
			return Login{}
		}
	}
	return Login{strings.Join(parts, "."), number}
}

// plain are the letters of Latin names that have no accent to take off.
var plain = map[rune]string{
	'ß': "ss", 'ø': "o", 'ł': "l", 'đ': "d", 'ð': "d", 'þ': "th", 'ı': "i", 'ħ': "h", 'ŋ': "n",
}

// letters reduces a name to at most n letters a to z.
func letters(name string, n int) string {
	b := make([]byte, 0, len(name))
	for _, r := range school.Fold(name) {
		if r >= 'a' && r <= 'z' {
			b = append(b, byte(r))
		} else {
			b = append(b, plain[r]...)
		}
	}
	return string(b[:min(n, len(b))])
}
