package rich

import (
	"strconv"
	"strings"
)

// block is a paragraph ("p"), a title ("h3"), a list ("ul", "ol") or a
// quotation ("blockquote").
type block struct {
	tag   string
	line  line    // of a paragraph or a title
	items []item  // of a list
	parts []block // of a quotation
}

// item is what an item of a list says, then the lists within it.
type item struct {
	line  line
	lists []block
}

func (b block) isList() bool { return b.tag == "ul" || b.tag == "ol" }

// draw writes blocks as HTML.
func draw(all []block) string {
	var out strings.Builder
	for _, b := range all {
		b.draw(&out)
	}
	return out.String()
}

func (b block) draw(out *strings.Builder) {
	out.WriteString("<" + b.tag + ">")
	b.line.draw(out)
	for _, i := range b.items {
		out.WriteString("<li>")
		i.line.draw(out)
		for _, list := range i.lists {
			list.draw(out)
		}
		out.WriteString("</li>")
	}
	for _, part := range b.parts {
		part.draw(out)
	}
	out.WriteString("</" + b.tag + ">")
}

// plain writes it without its form; each of its lines begins with indent.
func (b block) plain(out *strings.Builder, indent string) {
	b.line.plain(out)
	for n, i := range b.items {
		if n > 0 {
			out.WriteString("\n")
		}
		bullet := "- "
		if b.tag == "ol" {
			bullet = strconv.Itoa(n+1) + ". "
		}
		var said strings.Builder
		i.line.plain(&said)
		out.WriteString(indent + bullet + strings.ReplaceAll(said.String(), "\n", "\n"+indent+"  "))
		for _, list := range i.lists {
			out.WriteString("\n")
			list.plain(out, indent+"  ")
		}
	}
	for n, part := range b.parts {
		if n > 0 {
			out.WriteString("\n\n")
		}
		part.plain(out, indent)
	}
}

// words writes what it says at the end of a line.
func (b block) words(out *strings.Builder) {
	say := func(l line, part string) {
		if out.Len() > 0 {
			out.WriteString(part)
		}
		out.WriteString(strings.ReplaceAll(l.text(), "\n", " "))
	}
	if len(b.line) > 0 {
		say(b.line, " ")
	}
	for n, i := range b.items {
		part := " · "
		if n == 0 {
			part = " "
		}
		say(i.line, part)
		for _, list := range i.lists {
			list.words(out)
		}
	}
	for _, part := range b.parts {
		part.words(out)
	}
}
