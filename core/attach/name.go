package attach

import (
	"path"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"preau/core/school"
)

// maxName is the longest name of a file, in characters, without its ending.
const maxName = 80

// named is the name of a file of a kind, of the one that its sender gave: one line, no
// path, nothing that is not seen or that turns the letters round, and the ending of what
// the file is, so that nobody opens a page under the name of a document.
func named(sent string, kind Kind) string {
	name := path.Base(strings.ReplaceAll(norm.NFC.String(sent), `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\:*?"<>|`, r) { // what a system keeps for itself
			return ' '
		}
		return r
	}, school.Clean(name))
	ending := sorts[kind].Ending
	if n := len(name) - len(ending); n >= 0 && strings.EqualFold(name[n:], ending) {
		name = name[:n]
	}
	if utf8.RuneCountInString(name) > maxName {
		name = string([]rune(name)[:maxName])
	}
	if name = strings.Trim(school.Clean(name), ". "); name == "" {
		name = "document"
	}
	return name + ending
}
