package liaison

import (
	"slices"
	"strings"
	"time"

	"preau/core/audience"
	"preau/core/rich"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/ui"
)

// asks is what a word asks of families.
type asks string

// What a word may ask, from the least on.
const (
	toRead   asks = "read"
	toSign   asks = "sign"
	toAccept asks = "yes-no"
	toChoose asks = "choice"
	toSay    asks = "text"
)

var allAsks = []asks{toRead, toSign, toAccept, toChoose, toSay}

// What is stored as the answer of whoever signs, and of whoever says yes or no.
const signed, yes, no = "signed", "yes", "no"

// category is what a word is about.
type category string

// categories are all of them, each with its icon.
var categories = []struct {
	category
	Icon ui.Icon
}{
	{"information", ui.IconInfo}, {"outing", ui.IconPlace}, {"meeting", ui.IconCalendar}, {"absence", ui.IconPersonCheck},
	{"material", ui.IconBackpack}, {"meal", ui.IconMeal},
}

func (c category) key() string { return "liaison.category-" + string(c) }

// icon is that of what a word is about.
func (c category) icon() ui.Icon {
	for _, known := range categories {
		if known.category == c {
			return known.Icon
		}
	}
	return ui.IconMail
}

// word is a word to families.
type word struct {
	ID, School, Class, Pupil school.ID // Class is 0 for the whole school and for several classes, Pupil unless it is to one family
	Author                   school.ID // 0: somebody who was erased
	Category                 category
	Title                    string
	Body                     rich.Text
	Facts                    facts
	Asks                     asks
	Choices                  []string
	Each                     audience.Expects // who answers
	Due                      time.Time        // the end of the last day for an answer; zero: there is none
	Published                time.Time
	Amended, Cancelled       time.Time // zero: never
	Reminded                 time.Time // when those who had still to answer were reminded last; zero: never
	Why                      string    // it was cancelled; it stays where the word counts again
}

// object is a word as rights reach it.
func (w word) object() rights.Object { return rights.Object{Class: w.Class, School: w.School} }

func (w word) path() string { return "/liaison/word/" + w.ID.String() }

// expects is who is to answer now.
func (w word) expects() audience.Expects {
	if w.Asks == toRead || !w.Cancelled.IsZero() {
		return audience.Nobody
	}
	return w.Each
}

// late tells whether the last day for an answer is over.
func (w word) late(now time.Time) bool { return !w.Due.IsZero() && !w.Due.After(now) }

// accepts tells whether a text is an answer to what the word asks.
func (w word) accepts(answer string) bool {
	switch w.Asks {
	case toSign:
		return answer == signed
	case toAccept:
		return answer == yes || answer == no
	case toChoose:
		return slices.Contains(w.Choices, answer)
	case toSay:
		return answer != ""
	}
	return false
}

// How long a word is news: a fortnight, and for as long after the last day on which an
// answer is expected; a word that expects an answer and has no last day, the school year.
const newsFor = 14 * 24 * time.Hour

func (w word) newsUntil() time.Time {
	from := w.lastChange()
	switch {
	case w.expects() != audience.Nobody && w.Due.IsZero():
		return school.YearOf(from).End()
	case w.expects() != audience.Nobody && w.Due.After(from) && !w.Facts.on().After(w.Due):
		return w.Due.Add(newsFor)
	}
	if last := w.Facts.on().AddDate(0, 0, 1); last.After(from.Add(newsFor)) {
		return last
	}
	return from.Add(newsFor)
}

// lastChange is when families were told of the word last.
func (w word) lastChange() time.Time {
	latest := w.Published
	for _, at := range []time.Time{w.Amended, w.Cancelled} {
		if at.After(latest) {
			latest = at
		}
	}
	return latest
}

// byID finds words by their identifiers.
func byID(words []word) map[school.ID]word {
	by := make(map[school.ID]word, len(words))
	for _, w := range words {
		by[w.ID] = w
	}
	return by
}

// lines are the choices that somebody typed, one a line, each once.
func lines(text string) (choices []string) {
	for line := range strings.Lines(text) {
		if line = school.Clean(line); line != "" && !slices.Contains(choices, line) {
			choices = append(choices, line)
		}
	}
	return choices
}
