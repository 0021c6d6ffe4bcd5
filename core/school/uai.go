package school

// UAI is the "unité administrative immatriculée", the national code of a
// school or of an education office: seven digits and a check letter, such as
// "0789001K".
type UAI string

// uaiLetters are the 23 check letters: the alphabet without I, O and Q.
const uaiLetters = "ABCDEFGHJKLMNPRSTUVWXYZ"

// MakeUAI completes seven digits with their check letter. It panics when
// digits is not seven digits: it serves generators, not input.
func MakeUAI(digits string) UAI {
	letter, ok := uaiLetter(digits)
	if !ok {
		panic("school: a UAI is made of seven digits, not " + digits)
	}
	return UAI(digits + string(letter))
}

// Valid tells whether u has the form of a UAI and the right check letter.
// Test bases use invalid ones, so an import warns and never rejects.
func (u UAI) Valid() bool {
	if len(u) != 8 {
		return false
	}
	letter, ok := uaiLetter(string(u[:7]))
	return ok && u[7] == letter
}

func uaiLetter(digits string) (byte, bool) {
	if len(digits) != 7 {
		return 0, false
	}
	n := 0
	for _, d := range []byte(digits) {
		if d < '0' || d > '9' {
			return 0, false
		}
		n = n*10 + int(d-'0')
	}
	return uaiLetters[n%len(uaiLetters)], true
}

// INE is the "identifiant national élève" of a pupil: eleven characters,
// either nine digits and two letters (the AAF's usual form), or ten digits
// and one letter.
type INE string

// Valid tells whether i has the form of an INE.
func (i INE) Valid() bool {
	if len(i) != 11 {
		return false
	}
	for k, c := range []byte(i) {
		digit, letter := c >= '0' && c <= '9', c >= 'A' && c <= 'Z'
		switch {
		case k < 9 && !digit, k == 9 && !digit && !letter, k == 10 && !letter:
			return false
		}
	}
	return true
}
