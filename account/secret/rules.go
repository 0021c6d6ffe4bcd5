package secret

import (
	_ "embed"
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"preau/core/fail"
	"preau/core/school"
)

// The lengths of a password, in characters. There is no rule on what it is
// made of (OWASP ASVS 5.0, 6.2.5): length and the list of common ones do
// more. Pupils, whom their teachers help and whose pages hold little, may have
// one word that is not among the common ones: it is one of tens of thousands, and
// all networks together have a hundred wrong tries a day (see loginRate). Wrong
// tries are limited for all (CNIL, deliberation 2022-100).
const (
	least        = 12
	leastOfPupil = 6
	longest      = 128
)

// MaxBytes is more than the longest password takes: longer input is
// refused before anything is computed from it.
const MaxBytes = 4 * longest

// Normal gives the form of a password that is hashed: the same characters
// come composed from one keyboard and decomposed from another (NFC, Unicode
// annex 15).
func Normal(password string) string { return norm.NFC.String(password) }

// Least is how many characters the password of somebody who holds
// these profiles has at least.
func Least(profiles ...school.Profile) int {
	if len(profiles) == 1 && profiles[0] == school.Pupil {
		return leastOfPupil
	}
	return least
}

// Check refuses, with what to do about it, a password that is too short for the
// person's profiles, too long, common, or made from the stem of their login
// ("marie.rose").
func Check(password, stem string, profiles ...school.Profile) error {
	least := Least(profiles...)
	refuse := func(why, key string, args ...any) error {
		return fail.New(fail.Invalid, "the password is %s", why).Say(key, args...).At("password")
	}
	if len(password) > MaxBytes {
		return refuse("too long", "account.password-long", longest)
	}
	switch n := utf8.RuneCountInString(Normal(password)); {
	case n > longest:
		return refuse("too long", "account.password-long", longest)
	case n < least:
		return refuse("too short", "account.password-short", least)
	case fromLogin(password, stem):
		return refuse("made from the login", "account.password-login")
	case guessable(password):
		return refuse("common", "account.password-common")
	}
	return nil
}

// fromLogin tells whether a password holds the login, or is one of its names
// with digits and marks around.
func fromLogin(password, stem string) bool {
	bare, names := squash(password), strings.Split(stem, ".")
	if whole := strings.Join(names, ""); len(whole) >= 4 && strings.Contains(bare, whole) {
		return true
	}
	for _, name := range names {
		if name == core(bare) {
			return true
		}
	}
	return false
}

//go:embed common.txt
var commonText string

// common is the words that many passwords are made from.
var common = sync.OnceValue(func() map[string]bool {
	words := map[string]bool{}
	for line := range strings.Lines(commonText) {
		if !strings.HasPrefix(line, "#") {
			for word := range strings.FieldsSeq(line) {
				words[word] = true
			}
		}
	}
	return words
})

// keyboards are the rows that fingers run along, both ways.
var keyboards = [...]string{
	"azertyuiopqsdfghjklmwxcvbnazerty", "qwertyuiopasdfghjklzxcvbnmqwerty", "abcdefghijklmnopqrstuvwxyzabcdef",
	"ytrezanbvcxwmlkjhgfdsqpoiuytreza", "ytrewqmnbvcxzlkjhgfdsapoiuytrewq", "fedcbazyxwvutsrqponmlkjihgfedcba",
}

// guessable tells whether a password is one or two common words, or a run on
// the keyboard, whatever digits and marks are around, or says too little: it
// stands for the lists of leaked passwords, which are mostly made so.
func guessable(password string) bool {
	bare := squash(password)
	word := core(bare)
	if len(word) < 4 || variety(password) < 5 {
		return true
	}
	for _, row := range keyboards {
		if strings.Contains(row, word) {
			return true
		}
	}
	return twoCommon(word) || twoCommon(plainLetters.Replace(word))
}

// plainLetters undoes the usual disguise of letters.
var plainLetters = strings.NewReplacer("0", "o", "1", "i", "3", "e", "4", "a", "5", "s", "7", "t", "8", "b")

// squash reduces a password to small unaccented letters and digits.
func squash(password string) string {
	password = strings.NewReplacer("@", "a", "$", "s", "!", "", "€", "e").Replace(password)
	return strings.ReplaceAll(school.Fold(password), " ", "")
}

// core is what is left without repetition and without the digits around.
func core(bare string) string { return once(strings.Trim(once(bare), "0123456789")) }

// once gives the part that a word repeats, or the word.
func once(word string) string {
	for n := 1; n <= len(word)/2; n++ {
		if len(word)%n == 0 && strings.Repeat(word[:n], len(word)/n) == word {
			return word[:n]
		}
	}
	return word
}

// twoCommon tells whether a word is a common one, or two in a row.
func twoCommon(word string) bool {
	words := common()
	if words[word] {
		return true
	}
	for i := range word {
		if words[word[:i]] && words[word[i:]] {
			return true
		}
	}
	return false
}

// variety counts the different characters.
func variety(password string) int {
	seen := map[rune]bool{}
	for _, r := range password {
		seen[r] = true
	}
	return len(seen)
}
