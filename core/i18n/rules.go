package i18n

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

// rules are how a language fills a text.
type rules struct {
	tag         language.Tag
	forms       []plural.Form // for whole numbers, in the order of CLDR
	rightToLeft bool
}

func rulesOf(lang Lang) rules {
	r := rules{tag: language.Make(string(lang)), rightToLeft: lang.RightToLeft()}
	has := map[plural.Form]bool{}
	for n := range 1000 {
		has[r.form(n)] = true
	}
	for _, form := range []plural.Form{plural.Zero, plural.One, plural.Two, plural.Few, plural.Many, plural.Other} {
		if has[form] {
			r.forms = append(r.forms, form)
		}
	}
	return r
}

// form is that of a whole number.
func (r rules) form(n int) plural.Form {
	return plural.Cardinal.MatchPlural(r.tag, max(n, -n), 0, 0, 0, 0)
}

// The marks of Unicode that set a run of text apart from the direction of what is around
// it (UAX 9, 2.4.2): of a known direction, or of that of its first letter.
const (
	leftToRight  = "\u2066"
	asItsLetters = "\u2068"
	setApart     = "\u2069"
)

// fill chooses the form of a text, and puts its places in.
func (r rules) fill(text string, args []any) string {
	if len(args) == 0 {
		return text
	}
	if forms := strings.Split(text, "|"); len(forms) > 1 {
		text = forms[r.choose(args[0], len(forms))]
	}
	if !strings.Contains(text, "%") {
		return text
	}
	if r.rightToLeft {
		args = apart(args)
	}
	return fmt.Sprintf(text, args...)
}

// choose tells which of some forms is that of a count; what is none takes the last.
func (r rules) choose(count any, forms int) int {
	n, ok := count.(int)
	if i := slices.Index(r.forms, r.form(n)); ok && i < forms {
		return i
	}
	return forms - 1
}

// apart sets texts apart from what is around them.
func apart(args []any) []any {
	set := slices.Clone(args)
	for i, arg := range args {
		if text, ok := arg.(string); ok && text != "" {
			set[i] = asItsLetters + text + setApart
		}
	}
	return set
}
