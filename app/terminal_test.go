//go:build !race

package app

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestFold(t *testing.T) {
	long := strings.Repeat("mot é ", 40)
	command := "  preau admin code " + strings.Repeat("x", 120)
	got := fold("preau: " + long + "\n\n" + command + "\nfin\n")
	lines := strings.Split(got, "\n")
	for _, line := range lines {
		if utf8.RuneCountInString(line) > widest && line != command {
			t.Errorf("%d columns: %s", utf8.RuneCountInString(line), line)
		}
	}
	if !strings.Contains(got, "\n\n"+command+"\nfin\n") {
		t.Errorf("the command is not whole in\n%s", got)
	}
	if joined := strings.Join(strings.Fields(got), " "); joined != "preau: "+long+strings.TrimSpace(command)+" fin" {
		t.Errorf("words are lost in\n%s", got)
	}
	if whole := strings.Repeat("x", 2*widest); fold(whole) != whole {
		t.Error("a word is broken")
	}
}
