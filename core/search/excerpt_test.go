package search_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"preau/core/search"
)

// An excerpt is around what was looked for, and on one line.
func TestExcerpt(t *testing.T) {
	const text = "Chers parents,\nvendredi  prochain la classe ira à la Médiathèque avec l’école des Lilas. Prévoir un goûter."
	for typed, want := range map[string]string{
		"mediatheque": "… classe ira à la Médiathèque avec …",
		"l'ecole":     "… à la Médiathèque avec l’école des …",
		"goûters":     "… des Lilas. Prévoir un goûter.",
		"chers":       "Chers parents, vendredi prochain la …",
		"absent":      "Chers parents, vendredi prochain la …",
		"":            "Chers parents, vendredi prochain la …",
	} {
		if got := strings.ReplaceAll(search.Read(typed).Excerpt(text, 38), "\u00a0", " "); got != want {
			t.Errorf("%q: %q, want %q", typed, got, want)
		}
	}
	for text, want := range map[string]string{"": "", " \n ": "", "un goûter": "un goûter", strings.Repeat("a", 50): strings.Repeat("a", 36) + "\u00a0…"} {
		if got := search.Read("gouter").Excerpt(text, 38); got != want {
			t.Errorf("%q gives %q", text, got)
		}
	}
}

// Whatever the text, an excerpt is never longer than was asked for, nor empty when there is something.
func TestExcerptsAreShort(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[aéœ’ \n]{0,60}`).Draw(t, "text")
		letters := rapid.IntRange(10, 60).Draw(t, "letters")
		got := search.Read(rapid.StringMatching(`[aéœ]{0,3}`).Draw(t, "typed")).Excerpt(text, letters)
		if n := utf8.RuneCountInString(got); n > letters || n == 0 && strings.TrimSpace(text) != "" {
			t.Fatalf("%q gives %q, of %d letters", text, got, n)
		}
	})
}
