package search

import (
	"regexp"
	"slices"
	"strings"

	"preau/core/school"
)

// What is read of what somebody types.
const (
	mostTyped = 100 // letters
	mostWords = 10
)

// Query is what somebody looks for.
type Query struct {
	typed string
	words []word
	named string // see [Query.Named]
	plain bool   // see [Query.Nameless]
}

// Named looks for things by the names of people too: those of whoever wrote them, and of whom they
// are about, where who reads a thing reads these. It is given a query of the identifiers of things of the
// table readable(id), with the folded names of a person each, as the register has them today: they
// are kept with no thing, and go with the person.
func (q Query) Named(people string) Query {
	if q.named = people; q.plain {
		q.named = `SELECT * FROM (` + people + `) unread WHERE FALSE`
	}
	return q
}

// Nameless looks for things by their words alone, whatever [Query.Named] is asked after: for whoever reads
// less of the names of people than the register has, and would guess the rest by what is found.
func (q Query) Nameless() Query {
	q.plain = true
	return q
}

// word is one of those that are looked for: what begins with it is found, and
// what is one of the others.
type word struct {
	begins string
	is     []string
}

// has tells whether the word is looked for when one is met.
func (w word) has(met string) bool {
	return w.begins != "" && strings.HasPrefix(met, w.begins) || slices.Contains(w.is, met)
}

// elision is a word that an apostrophe makes one with the next: "l’école".
var elision = regexp.MustCompile(`(?i)(^|[^\pL\pM])(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu)['’ʼ]`)

// little are the words that say nothing of what one looks for, folded.
var little = func() map[string]bool {
	words := map[string]bool{}
	for word := range strings.FieldsSeq("a au aux ce ces cette d dans de des du en et l la le les leur leurs ma mes mon notre nos ou par pour sa ses son sur un une votre vos") {
		words[word] = true
	}
	return words
}()

// Read reads what somebody typed: its first hundred letters and ten words. What
// is elided and the little words count only when there is nothing else.
func Read(typed string) Query {
	typed = cut(school.Clean(typed), mostTyped)
	all := strings.Fields(school.Fold(elision.ReplaceAllString(typed, "$1 ")))
	if len(all) == 0 {
		all = strings.Fields(school.Fold(typed))
	}
	told := slices.DeleteFunc(slices.Clone(all), func(w string) bool { return little[w] })
	if len(told) == 0 {
		told = all
	}
	q := Query{typed: typed}
	for _, w := range told[:min(len(told), mostWords)] {
		w = cut(w, longestWord)
		q.words = append(q.words, word{begins: w, is: forms(w)})
	}
	return q
}

// Typed is what was typed, on one line.
func (q Query) Typed() string { return q.typed }

// Empty tells that nothing is looked for.
func (q Query) Empty() bool { return len(q.words) == 0 }

// forms are the other numbers and genders of a folded word, where French makes
// them by rule: "sorties" gives "sortie", "chevaux" "cheval", "absentes"
// "absente" and "absent". Those that a word begins need no form: it finds them.
func forms(of string) (all []string) {
	add := func(ending, other string) {
		stem, has := strings.CutSuffix(of, ending)
		if form := stem + other; has && len(form) >= 3 && !slices.Contains(all, form) {
			all = append(all, form)
		}
	}
	for _, f := range [][2]string{
		{"s", ""}, {"x", ""}, {"aux", "al"}, {"al", "aux"}, // sorties, bateaux, chevaux, cheval
		{"e", ""}, {"es", ""}, {"ne", ""}, {"nes", ""}, {"le", ""}, {"les", ""}, // absente, gardienne, actuelles
		{"trice", "teur"}, {"trices", "teur"}, {"teur", "trice"}, {"teurs", "trice"}, // directrice, directeur
	} {
		add(f[0], f[1])
	}
	return all
}
