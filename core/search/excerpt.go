package search

import (
	"slices"
	"strings"
	"unicode/utf8"

	"preau/core/school"
)

// before is how many words of an excerpt are before what was looked for.
const before = 4

// Excerpt is one line of a text, of so many letters at most, around the first of
// the words that are looked for; its beginning, when it has none of them as they were typed.
func (q Query) Excerpt(text string, letters int) string {
	words := strings.Fields(school.Clean(text))
	from := slices.IndexFunc(words, func(met string) bool {
		return slices.ContainsFunc(strings.Fields(school.Fold(met)), func(folded string) bool {
			return slices.ContainsFunc(q.words, func(w word) bool { return w.has(folded) })
		})
	})
	from = max(0, from-before)
	if utf8.RuneCountInString(strings.Join(words, " ")) <= letters {
		from = 0
	}
	line := ""
	if from > 0 {
		line = "…\u00a0"
	}
	for i, w := range words[from:] {
		if i > 0 {
			w = " " + w
		}
		if utf8.RuneCountInString(line+w) > letters-2 && from+i < len(words)-1 || utf8.RuneCountInString(line+w) > letters {
			if i == 0 {
				line += w // one word alone is too long
			}
			return cut(line, letters-2) + "\u00a0…"
		}
		line += w
	}
	return line
}
