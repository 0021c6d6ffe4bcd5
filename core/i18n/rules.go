package i18n

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

// rules are how a language fills a text.
type rules struct {
	tag         language.Tag
	forms       []plural.Form // for whole numbers, in the order of CLDR
	rightToLeft bool
	thousands   string // what parts them
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

// The marks of Unicode that set a run of text, read from the left, apart from the direction
// of what is around it (UAX 9, 2.4.2).
const (
	leftToRight = "\u2066"
	setApart    = "\u2069"
)

// fill chooses the form of a text, and puts its places in.
func (r rules) fill(text string, args []any) string {
	if len(args) == 0 {
		return text
	}
	if forms := strings.Split(text, "|"); len(forms) > 1 {
		text, args = forms[r.choose(args[0], len(forms))], r.counted(args)
	}
	if !strings.Contains(text, "%") {
		return text
	}
	if r.rightToLeft {
		args = slices.Clone(args)
		for i, arg := range args {
			if text, ok := arg.(string); ok && !isLink(text) {
				args[i] = apart(text)
			}
		}
	}
	return fmt.Sprintf(text, args...)
}

// counted has the counts among some args said with their thousands parted.
func (r rules) counted(args []any) []any {
	args = slices.Clone(args)
	for i, arg := range args {
		if n, ok := arg.(int); ok {
			args[i] = count{n, r.thousands}
		}
	}
	return args
}

// count is a number of things; it formats itself.
type count struct {
	n         int
	thousands string
}

// Format implements [fmt.Formatter].
func (c count) Format(to fmt.State, _ rune) { fmt.Fprint(to, parted(c.n, c.thousands)) }

// choose tells which of some forms is that of a count; what is none takes the last.
func (r rules) choose(count any, forms int) int {
	n, ok := count.(int)
	if i := slices.Index(r.forms, r.form(n)); ok && i < forms {
		return i
	}
	return forms - 1
}

// apart sets a text apart from the letters around it that are read from the right, unless
// it has some too: a name, a login, a telephone number.
func apart(text string) string {
	if text == "" || fromTheRight(text) {
		return text
	}
	return leftToRight + text + setApart
}

// isLink tells whether a text is an address that one opens: a program that makes a link of
// it would take a mark that follows it into the link.
func isLink(text string) bool {
	return strings.HasPrefix(text, "https://") || strings.HasPrefix(text, "http://")
}

// fromTheRight tells whether a text has letters that are read from the right.
func fromTheRight(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return unicode.In(r, unicode.Arabic, unicode.Hebrew) })
}
