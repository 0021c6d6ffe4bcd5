package rich

import (
	"regexp"
	"strconv"
	"strings"
)

// typed makes blocks of what was typed in a plain field: an empty line parts
// paragraphs, lines that begin with a dash are a list, and so are lines that
// are numbered from 1; what is set back under an item belongs to it.
func typed(sent string) []block {
	var all []block
	var open []string // lines of the paragraph that is being read
	end := func() {
		var l line
		for _, said := range open {
			l = append(append(l, letters(said)...), char{letter: '\n'})
		}
		all = append(all, paragraphs("p", l)...)
		open = nil
	}
	lists := map[string]bool{"ul": true, "ol": true}
	for _, said := range strings.Split(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(sent), "\n") {
		tag, words := bullet(said)
		last := len(all) - 1
		goesOn := len(open) == 0 && last >= 0 && lists[all[last].tag]
		switch {
		case strings.TrimSpace(said) == "":
			end()
			if goesOn {
				all = append(all, block{}) // the next list is another
			}
			continue
		case tag == "" && goesOn && strings.HasPrefix(said, "  "):
			if l := letters(said).tidy(); len(l) > 0 {
				i := &all[last].items[len(all[last].items)-1]
				i.line = append(append(i.line, char{letter: '\n'}), l.link()...)
			}
			continue
		case tag == "":
			open = append(open, said)
			continue
		case tag == "ol" && number(said) != 1 && !(goesOn && all[last].tag == "ol" && number(said) == len(all[last].items)+1):
			open = append(open, said) // "3. Rendre le cahier" alone is no list
			continue
		}
		end()
		last = len(all) - 1
		if !goesOn || all[last].tag != tag || tag == "ol" && number(said) == 1 {
			all = append(all, block{tag: tag})
			last++
		}
		all[last].items = append(all[last].items, item{line: letters(words).tidy().link()})
	}
	end()
	kept := all[:0]
	for _, b := range all {
		if b.tag != "" {
			kept = append(kept, b)
		}
	}
	return kept
}

func letters(said string) line {
	l := make(line, 0, len(said))
	for _, r := range said {
		if r == '\t' {
			r = ' '
		}
		l = append(l, char{letter: r})
	}
	return l
}

var bulleted = regexp.MustCompile(`^\s*(?:([-•*])|(\d{1,3})[.)])\s+(\S.*)$`)

// bullet gives the list that a line is an item of, and what it says; "" when it
// is none.
func bullet(said string) (tag, words string) {
	found := bulleted.FindStringSubmatch(said)
	switch {
	case found == nil || len(letters(found[3]).tidy()) == 0:
		return "", said
	case found[1] != "":
		return "ul", found[3]
	}
	return "ol", found[3]
}

// number is that of a numbered line.
func number(said string) int {
	n, _ := strconv.Atoi(bulleted.FindStringSubmatch(said)[2])
	return n
}
