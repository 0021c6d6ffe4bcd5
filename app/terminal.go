package app

import (
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"golang.org/x/term"
)

// widest is how long a line of what is said to an operator is at most: a terminal of a
// hundred columns breaks none.
const widest = 96

// onTerminal tells whether somebody reads what is written as it comes.
func onTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

// fold breaks the lines of a text between words. A line that begins with a space is a
// command to copy, which stays whole.
func fold(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, " ") {
			b.WriteString(line)
			continue
		}
		at := 0
		for i, word := range strings.Split(strings.TrimSuffix(line, "\n"), " ") {
			wide := utf8.RuneCountInString(word)
			switch {
			case i == 0:
			case at+1+wide > widest:
				b.WriteByte('\n')
				at = 0
			default:
				b.WriteByte(' ')
				at++
			}
			b.WriteString(word)
			at += wide
		}
		if strings.HasSuffix(line, "\n") {
			b.WriteByte('\n')
		}
	}
	return b.String()
}
