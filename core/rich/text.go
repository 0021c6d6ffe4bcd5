package rich

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/a-h/templ"
	"github.com/rivo/uniseg"

	"preau/core/fail"
)

// Max is how long a text may be, in letters as [Text.Plain] has them: eight
// pages.
const Max = 20_000

// maxSent is how many bytes a form may send of one text, its markup included.
const maxSent = 10 * Max

// Text is a text that may be shown. The zero Text is empty.
type Text struct{ html string }

// Parse reads what a form sent: the HTML of the editor or, where no script
// runs, what was typed in a plain field, whose lines and lists are kept. A
// text of spaces alone is empty. One that is too long is refused, with a
// [fail.Invalid] that the caller ties to its field.
func Parse(sent string) (Text, error) {
	if len(sent) > maxSent {
		return Text{}, tooLong(len(sent))
	}
	t := Draft(sent)
	if n := utf8.RuneCountInString(t.Plain()); n > Max {
		return Text{}, tooLong(n)
	}
	return t, nil
}

func tooLong(n int) error {
	return fail.New(fail.Invalid, "a text of %d letters", n).Say("ui.text-too-long")
}

// Draft reads what a form sent as [Parse] does, however long it is, for a form
// that is shown again.
func Draft(sent string) Text {
	sent = strings.ToValidUTF8(sent, "")
	var all []block
	if isHTML(sent) {
		all = read(sent)
	} else {
		all = typed(sent)
	}
	return Text{clean(draw(all))}
}

// Load gives back a text as it was stored by [Text.HTML]. What is no part of
// such a text is dropped: an archive may have been changed since.
func Load(stored string) Text { return Text{clean(stored)} }

// HTML is the text as it is stored.
func (t Text) HTML() string { return t.html }

// Empty tells whether there is nothing to read.
func (t Text) Empty() bool { return t.html == "" }

// Component shows the text. Whoever draws it says in which language it is.
// Its titles are of the third level.
func (t Text) Component() templ.Component { return templ.Raw(t.html) }

// Titled shows the text as [Text.Component] does, with titles of another level.
func (t Text) Titled(level int) templ.Component {
	to := "h" + strconv.Itoa(level) + ">"
	return templ.Raw(strings.NewReplacer("<h3>", "<"+to, "</h3>", "</"+to).Replace(t.html)) // what people write has no "<"
}

// Plain is the text without its form, for a mail, a search, or a voice:
// paragraphs parted by an empty line, lists with a dash or a number, addresses
// after the words that lead to them. [Parse] makes paragraphs, lists and
// addresses of it again.
func (t Text) Plain() string {
	var out strings.Builder
	for i, b := range read(t.html) {
		if i > 0 {
			out.WriteString("\n\n")
		}
		b.plain(&out, "")
	}
	return out.String()
}

// Excerpt is the beginning of the text on one line: n letters at most, as
// people count them, cut after a word.
func (t Text) Excerpt(n int) string {
	var out strings.Builder
	for _, b := range read(t.html) {
		b.words(&out)
	}
	return cut(out.String(), n)
}

// cut keeps n letters of a line, its last one "…" where something is left out.
func cut(line string, n int) string {
	if uniseg.GraphemeClusterCount(line) <= n {
		return line
	}
	end, space := 0, 0
	for i, rest, state := 0, line, -1; i < n-1; i++ {
		var letter string
		letter, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
		if letter == " " {
			space = end
		}
		end += len(letter)
	}
	if space > 0 && end < len(line) && line[end] != ' ' {
		end = space
	}
	return strings.TrimRightFunc(line[:end], func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune(",;:·", r)
	}) + "…"
}
