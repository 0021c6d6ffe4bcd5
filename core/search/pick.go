package search

import (
	"slices"
	"strings"

	"preau/core/school"
)

// Pick gives the places of those of some texts that have every word, as [Query.Among] finds
// what is kept of things: of texts that were read already, whatever they are of. A query
// that looks for nothing picks all of them.
func (q Query) Pick(texts []string) []int {
	words := make([][]string, len(texts))
	for i, text := range texts {
		words[i] = strings.Fields(school.Fold(text))
	}
	if found := q.pick(words); len(found) > 0 {
		return found
	}
	known := slices.Concat(words...)
	slices.Sort(known)
	if meant := q.amid(slices.Compact(known)); !meant.Empty() {
		return meant.pick(words)
	}
	return nil
}

// pick gives the places of the texts that have all the words, of each of which the words are
// given.
func (q Query) pick(texts [][]string) (found []int) {
	for i, text := range texts {
		if !slices.ContainsFunc(q.words, func(w word) bool { return !slices.ContainsFunc(text, w.has) }) {
			found = append(found, i)
		}
	}
	return found
}
