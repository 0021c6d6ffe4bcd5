package rich

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"mvdan.cc/xurls/v2"
)

// look is how a letter is drawn.
type look uint8

const (
	strong look = 1 << iota
	em
	underlined
)

// marks are the looks from the outermost in.
var marks = []struct {
	look look
	tag  string
}{{strong, "strong"}, {em, "em"}, {underlined, "u"}}

// char is a letter with its look and where it leads; '\n' is a new line.
type char struct {
	letter rune
	look   look
	href   string
}

// line is what a paragraph or an item says.
type line []char

func (l line) text() string {
	var out strings.Builder
	for _, c := range l {
		out.WriteRune(c.letter)
	}
	return out.String()
}

// tidy leaves one space where there are several, none at the ends of lines, at
// most one empty line, and no letter that nobody sees.
func (l line) tidy() line {
	out := make(line, 0, len(l))
	for i := 0; i < len(l); {
		gap, end := l.gap(i)
		if end == i {
			out = append(out, l[i])
			i++
			continue
		}
		for _, r := range gap {
			if r == '\n' {
				out = append(out, char{letter: r})
			} else {
				out = append(out, char{r, l[i].look, l[i].href})
			}
		}
		i = end
	}
	return out.trim()
}

// gap gives what a run of spaces and new lines comes down to: one space, a hard
// one where the run has no other, or one or two new lines.
func (l line) gap(from int) (gap string, end int) {
	lines, soft, hard := 0, false, false
	for end = from; end < len(l); end++ {
		switch r := l[end].letter; {
		case r == '\n':
			lines++
		case r == ' ':
			soft = true
		case r == '\u00a0':
			hard = true
		case !hidden(r):
			return gapOf(lines, soft, hard), end
		}
	}
	return gapOf(lines, soft, hard), end
}

func gapOf(lines int, soft, hard bool) string {
	switch {
	case lines > 0:
		return "\n\n"[:min(lines, 2)]
	case soft:
		return " "
	case hard:
		return "\u00a0"
	}
	return ""
}

// hidden tells a letter that shows nothing and joins nothing: controls, and
// what editors leave to hold a cursor.
func hidden(r rune) bool {
	return r != '\n' && unicode.IsControl(r) || r == '\u200b' || r == '\ufeff' || r == '\ufffd'
}

// trim takes the spaces off both ends; a line in which nothing shows is empty.
func (l line) trim() line {
	for len(l) > 0 && unicode.IsSpace(l[0].letter) {
		l = l[1:]
	}
	for len(l) > 0 && unicode.IsSpace(l[len(l)-1].letter) {
		l = l[:len(l)-1]
	}
	if !slices.ContainsFunc(l, func(c char) bool { return !unicode.IsSpace(c.letter) && unicode.IsGraphic(c.letter) }) {
		return nil
	}
	return l
}

// one makes one paragraph of it, without an empty line.
func (l line) one() line {
	out := make(line, 0, len(l))
	for _, c := range l {
		if c.letter == '\n' && len(out) > 0 && out[len(out)-1].letter == '\n' {
			continue
		}
		out = append(out, c)
	}
	return out
}

// split parts it at its empty lines.
func (l line) split() []line {
	var all []line
	for i := 1; i < len(l); i++ {
		if l[i].letter == '\n' && l[i-1].letter == '\n' {
			all = append(all, l[:i-1])
			l, i = l[i+1:], 0
		}
	}
	return append(all, l)
}

// draw writes it as HTML.
func (l line) draw(out *strings.Builder) {
	for len(l) > 0 {
		n := l.same(func(c char) bool { return c.href == l[0].href })
		link := l[:n]
		if link[0].href != "" {
			out.WriteString(`<a href="` + html.EscapeString(link[0].href) + `" rel="` + rel + `">`)
		}
		for len(link) > 0 {
			n := link.same(func(c char) bool { return c.look == link[0].look })
			link[:n].drawAlike(out)
			link = link[n:]
		}
		if l[0].href != "" {
			out.WriteString("</a>")
		}
		l = l[n:]
	}
}

func (l line) drawAlike(out *strings.Builder) {
	for _, m := range marks {
		if l[0].look&m.look != 0 {
			out.WriteString("<" + m.tag + ">")
		}
	}
	out.WriteString(strings.ReplaceAll(html.EscapeString(l.text()), "\n", "<br>"))
	for _, m := range slices.Backward(marks) {
		if l[0].look&m.look != 0 {
			out.WriteString("</" + m.tag + ">")
		}
	}
}

// same counts the letters at the beginning that are of a kind.
func (l line) same(kind func(char) bool) int {
	if n := slices.IndexFunc(l, func(c char) bool { return !kind(c) }); n >= 0 {
		return n
	}
	return len(l)
}

// plain writes it without its form, with the addresses that its words do not
// tell.
func (l line) plain(out *strings.Builder) {
	for len(l) > 0 {
		n := l.same(func(c char) bool { return c.href == l[0].href })
		said := l[:n].text()
		out.WriteString(said)
		if href := l[0].href; href != "" && address(strings.TrimSpace(said)) != href {
			out.WriteString(" (" + strings.TrimPrefix(strings.TrimPrefix(href, "mailto:"), "tel:") + ")")
		}
		l = l[n:]
	}
}

// schemes are what a link may lead to.
var schemes = []string{"http", "https", "mailto", "tel"}

// maxAddress is longer than what browsers show of an address.
const maxAddress = 2000

// address gives where a link leads, "" where it may not lead there. What has no
// scheme is a page or a mailbox: nobody types https.
func address(typed string) string {
	typed = strings.TrimSpace(typed)
	switch {
	case mailbox.FindString(typed) == typed && typed != "":
		typed = "mailto:" + typed
	case strings.HasPrefix(strings.ToLower(typed), "www."):
		typed = "https://" + typed
	}
	u, err := url.Parse(typed)
	if err != nil || !slices.Contains(schemes, u.Scheme) || u.User != nil {
		return ""
	}
	if web := u.Scheme == "http" || u.Scheme == "https"; web && u.Hostname() == "" || !web && u.Opaque == "" {
		return ""
	}
	href := u.String()
	again, err := url.Parse(href)
	if err != nil || again.String() != href || len(href) > maxAddress || strings.ContainsFunc(href, unseen) {
		return ""
	}
	return href
}

func unseen(r rune) bool { return unicode.IsSpace(r) || !unicode.IsGraphic(r) }

// What reads like an address is one: what begins with http:// or https:// or
// www., and mailboxes. "ecole.fr" is not: the space is often forgotten after
// a full stop.
var (
	pageAddress = func() *regexp.Regexp {
		found, err := xurls.StrictMatchingScheme(`https?://|www\.`)
		if err != nil {
			panic(err)
		}
		return found
	}()
	mailbox = regexp.MustCompile(`[A-Za-z0-9._%+-]*[A-Za-z0-9_%+-]@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}`)
)

// link makes links of the addresses that are in no link yet. It reads the whole
// line whatever the links in it, so that reading it again finds the same.
func (l line) link() line {
	text := l.text()
	if !strings.Contains(text, "://") && !strings.Contains(text, "@") && !strings.Contains(strings.ToLower(text), "www.") {
		return l
	}
	rank := make(map[int]int, len(l)+1) // of the letter that begins at a byte
	at := 0
	for i, c := range l {
		rank[at] = i
		at += len(string(c.letter))
	}
	rank[at] = len(l)
	for _, pattern := range []*regexp.Regexp{pageAddress, mailbox} {
		for _, found := range pattern.FindAllStringIndex(text, -1) {
			from, to := rank[found[0]], rank[found[1]]
			if from > 0 && joins(l[from-1].letter) || to < len(l) && joins(l[to].letter) {
				continue
			}
			words := l[from:to]
			href := address(words.text())
			if href == "" || slices.ContainsFunc(words, func(c char) bool { return c.href != "" }) {
				continue
			}
			for i := range words {
				words[i].href = href
			}
		}
	}
	return l
}

// joins tells a letter that makes one word with an address that it touches.
func joins(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("@/_", r)
}
