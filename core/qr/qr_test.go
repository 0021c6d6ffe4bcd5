package qr

import (
	"strings"
	"testing"
)

// A code has its three corners, and white around it; what is too long is refused.
func TestEncode(t *testing.T) {
	c, err := Encode("https://ent.example.fr/activate#zoe.martin/K7QX-M3PZ-9RTB")
	if err != nil {
		t.Fatal(err)
	}
	corners := map[Run]bool{{quiet, quiet, 7}: false, {c.Side - quiet - 7, quiet, 7}: false, {quiet, c.Side - quiet - 1, 7}: false}
	for _, run := range c.Dark {
		if run.X < quiet || run.Y < quiet || run.X+run.Length > c.Side-quiet || run.Y >= c.Side-quiet {
			t.Errorf("%v is in the white around", run)
		}
		if _, corner := corners[run]; corner {
			corners[run] = true
		}
	}
	for corner, seen := range corners {
		if !seen {
			t.Errorf("no corner %v", corner)
		}
	}
	if _, err := Encode(strings.Repeat("x", 5000)); err == nil {
		t.Error("five thousand letters make a code")
	}
}
