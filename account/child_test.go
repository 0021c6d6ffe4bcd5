package account

import (
	"testing"

	"preau/core/ui"
)

// A secret is three of the twelve, and nothing else is. One three times is read
// too: a few children were given that once.
func TestPictures(t *testing.T) {
	for name, c := range map[string]struct {
		named []string
		ok    bool
	}{
		"three":            {[]string{"sun", "moon", "star"}, true},
		"one three times":  {[]string{"cake", "cake", "cake"}, true},
		"none":             {nil, false},
		"two":              {[]string{"sun", "moon"}, false},
		"four":             {[]string{"sun", "moon", "star", "sun"}, false},
		"somebody's cat":   {[]string{"sun", "moon", "cat"}, false},
		"what is no image": {[]string{"sun", "moon", "../../key"}, false},
	} {
		if got, ok := ParsePictures(c.named); ok != c.ok || ok && string(got[0]) != c.named[0] {
			t.Errorf("%s: %v, %v", name, got, ok)
		}
	}
	if n := len(ui.Secrets); n != 12 {
		t.Errorf("there are %d pictures", n)
	}
	for _, p := range ui.Animals {
		if len(p.PNG()) == 0 {
			t.Errorf("%s is not drawn on paper, and badges have it", p)
		}
	}
	for _, p := range ui.Secrets {
		if !p.Known() || len(p.PNG()) == 0 || p.Animal() {
			t.Errorf("%s is not drawn, on paper too, or somebody is known by it", p)
		}
	}
}

// Every picture is drawn at every place, one as often as another, and never the
// same at all three.
func TestPicturesAreDrawnEvenly(t *testing.T) {
	const draws = 12_000
	var seen [PicturesEach]map[ui.Pictogram]int
	for i := range seen {
		seen[i] = map[ui.Pictogram]int{}
	}
	for range draws {
		drawn := DrawPictures()
		if drawn.OneAlone() {
			t.Fatalf("%s is drawn three times", drawn[0])
		}
		for i, p := range drawn {
			seen[i][p]++
		}
	}
	for i, counts := range seen {
		for _, p := range ui.Secrets {
			if n := counts[p]; n < draws/12*8/10 || n > draws/12*12/10 {
				t.Errorf("%s is drawn %d times of %d at place %d", p, n, draws, i+1)
			}
		}
	}
}

// The same pictures are not the same secret for two children, nor in another
// order.
func TestPicturesAreBoundToTheChild(t *testing.T) {
	a := newAccounts(t, nil)
	p, again := Pictures{"sun", "moon", "star"}, Pictures{"sun", "moon", "star"}
	if a.sealed(zoe, p) != a.sealed(zoe, again) {
		t.Error("the same child's differ")
	}
	if a.sealed(zoe, p) == a.sealed(claude, p) || a.sealed(zoe, p) == a.sealed(zoe, Pictures{"moon", "sun", "star"}) {
		t.Error("they are of anybody, in any order")
	}
}
