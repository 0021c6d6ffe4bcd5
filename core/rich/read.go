package rich

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// isHTML tells what an editor sent from what somebody typed: an editor begins
// with a block. Somebody who types "<p>" without a script is read as one too.
func isHTML(sent string) bool {
	sent = strings.TrimSpace(sent)
	if !strings.HasPrefix(sent, "<") {
		return false
	}
	name, _, _ := strings.Cut(sent[1:], ">")
	name, _, _ = strings.Cut(name, " ")
	switch atom.Lookup([]byte(strings.ToLower(strings.TrimSuffix(name, "/")))) {
	case atom.P, atom.Div, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Ul, atom.Ol, atom.Blockquote, atom.Br:
		return true
	}
	return false
}

// maxDepth is how many lists may be in one another.
const maxDepth = 3

// read makes blocks of HTML, of which only the few elements of this package
// are kept. What is nested beyond reason is text.
func read(sent string) []block {
	body := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	nodes, err := html.ParseFragment(strings.NewReader(sent), body)
	if err != nil {
		return typed(sent)
	}
	f := flow{}
	for _, n := range nodes {
		f.node(n, 0, "")
	}
	f.end()
	return f.all
}

// flow gathers the blocks of the page, of a quotation, or of an item.
type flow struct {
	all    []block
	open   line   // of the paragraph that is being read
	tag    string // of that paragraph; "p" when empty
	quoted bool
	depth  int // of the lists around
}

// end ends the paragraph that is being read.
func (f *flow) end() {
	tag := f.tag
	if tag == "" {
		tag = "p"
	}
	f.all = append(f.all, paragraphs(tag, f.open)...)
	f.open, f.tag = nil, ""
}

// paragraphs makes blocks of a line, which is parted at its empty lines unless
// it is a title.
func paragraphs(tag string, l line) []block {
	l = l.tidy()
	parts := []line{l}
	if tag == "p" {
		parts = l.split()
	}
	var all []block
	for _, l := range parts {
		if l = l.one().trim(); len(l) > 0 {
			all = append(all, block{tag: tag, line: l.link()})
		}
	}
	return all
}

func (f *flow) children(n *html.Node, with look, href string) {
	for c := range n.ChildNodes() {
		f.node(c, with, href)
	}
}

// within reads the children of a block, which is a paragraph of its own.
func (f *flow) within(n *html.Node, tag string, with look, href string) {
	f.end()
	f.tag = tag
	f.children(n, with, href)
	f.end()
}

func (f *flow) node(n *html.Node, with look, href string) {
	if n.Type == html.TextNode {
		for _, r := range n.Data {
			if strings.ContainsRune("\t\n\f\r", r) {
				r = ' '
			}
			f.open = append(f.open, char{r, with, href})
		}
		return
	}
	if n.Type != html.ElementNode || n.Namespace != "" {
		return // a comment, a drawing
	}
	switch n.DataAtom {
	case atom.Script, atom.Style, atom.Head, atom.Title, atom.Template, atom.Noscript, atom.Iframe, atom.Object, atom.Embed,
		atom.Textarea, atom.Select, atom.Button, atom.Xmp, atom.Noembed, atom.Noframes, atom.Plaintext, atom.Audio, atom.Video, atom.Canvas:
	case atom.Br:
		f.open = append(f.open, char{letter: '\n'})
	case atom.B, atom.Strong:
		f.children(n, with|strong, href)
	case atom.I, atom.Em:
		f.children(n, with|em, href)
	case atom.U, atom.Ins:
		f.children(n, with|underlined, href)
	case atom.A:
		if to := address(attribute(n, "href")); to != "" {
			href = to
		}
		f.children(n, with, href)
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		f.within(n, "h3", with, href)
	case atom.Ul, atom.Ol:
		f.end()
		f.list(n, with, href)
	case atom.Blockquote:
		f.end()
		f.quote(n, with, href)
	case atom.Td, atom.Th:
		f.children(n, with, href)
		f.open = append(f.open, char{letter: ' '})
	case atom.P, atom.Div, atom.Li, atom.Dl, atom.Dt, atom.Dd, atom.Pre, atom.Address, atom.Article, atom.Section, atom.Aside, atom.Header,
		atom.Footer, atom.Main, atom.Nav, atom.Figure, atom.Figcaption, atom.Form, atom.Fieldset, atom.Legend, atom.Center, atom.Details,
		atom.Summary, atom.Table, atom.Caption, atom.Thead, atom.Tbody, atom.Tfoot, atom.Tr, atom.Hr:
		f.within(n, f.tag, with, href)
	default:
		f.children(n, with, href)
	}
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// quote adds a quotation; one within another is a part of it, and so is one
// within a list.
func (f *flow) quote(n *html.Node, with look, href string) {
	if f.quoted || f.depth > 0 {
		f.within(n, "", with, href)
		return
	}
	in := flow{quoted: true}
	in.within(n, "", with, href)
	if len(in.all) > 0 {
		f.all = append(f.all, block{tag: "blockquote", parts: in.all})
	}
}

// list adds a list; the items of one that is too far in are paragraphs.
func (f *flow) list(n *html.Node, with look, href string) {
	if f.depth >= maxDepth {
		f.within(n, "", with, href)
		return
	}
	list := block{tag: n.Data}
	for c := range n.ChildNodes() {
		in := flow{quoted: f.quoted, depth: f.depth + 1}
		if c.DataAtom == atom.Li {
			in.within(c, "", with, href)
		} else {
			in.node(c, with, href)
			in.end()
		}
		list.add(in.all)
	}
	if len(list.items) > 0 {
		f.all = append(f.all, list)
	}
}

// add adds what an item holds. The lists in an item that says nothing belong to
// the one before; there is none before the first, whose items are the list's.
func (b *block) add(held []block) {
	var i item
	for _, h := range held {
		switch {
		case h.isList():
			i.lists = append(i.lists, h)
		case len(i.line) > 0:
			i.line = append(append(i.line, char{letter: '\n'}), h.line...)
		default:
			i.line = h.line
		}
	}
	switch last := len(b.items) - 1; {
	case len(i.line) > 0:
		b.items = append(b.items, i)
	case last >= 0:
		b.items[last].lists = append(b.items[last].lists, i.lists...)
	default:
		for _, list := range i.lists {
			b.items = append(b.items, list.items...)
		}
	}
}
