package register

import (
	"regexp"
	"strings"

	"github.com/a-h/templ"
)

// breakable is a technical name (ENTEleveAutoriteParentale, Eleve_0000.xml)
// that may go on on the next line at each of its words. It is copied whole.
func breakable(name string) templ.Component {
	parts := nameWords.FindAllString(name, -1)
	for i, part := range parts {
		parts[i] = templ.EscapeString(part)
	}
	return templ.Raw(strings.Join(parts, "<wbr>"))
}

// nameWords are the words of a technical name, each with the mark after it.
var nameWords = regexp.MustCompile(`[A-Z]+[^A-Z_]*_?|[^A-Z_]+_?|_`)
