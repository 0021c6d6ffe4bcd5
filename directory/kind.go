package directory

import (
	"cmp"
	"slices"
	"strings"
)

// Kind is what a structure is.
type Kind string

// The kinds. Only a School is opened in the portal; the others are what it
// is within, and the structures that are neither.
const (
	School          Kind = "school"
	Commune         Kind = "commune"
	RPI             Kind = "rpi" // regroupement pédagogique intercommunal
	Circonscription Kind = "circonscription"
	Department      Kind = "department"
	Academy         Kind = "academy"
	Project         Kind = "project" // the whole installation
	Office          Kind = "office"  // DSDEN, rectorat, and every other structure
)

// nearness ranks the kinds of places, from a school outwards.
var nearness = []Kind{School, Commune, RPI, Circonscription, Office, Department, Academy, Project}

// widestFirst sorts structures from the widest; those of one kind stay as they are.
func widestFirst[S any](all []S, kind func(S) Kind) {
	slices.SortStableFunc(all, func(a, b S) int {
		return cmp.Compare(slices.Index(nearness, kind(b)), slices.Index(nearness, kind(a)))
	})
}

// Told is how people read the name of a structure of the kind: a département is
// known by its number, which deliveries write "078", and a circonscription is
// not its inspector: "IEN Circonscription de Langon".
func (k Kind) Told(name string) string {
	if rest, led := strings.CutPrefix(name, "IEN "); k == Circonscription && led {
		return rest
	}
	if number, padded := strings.CutPrefix(name, "0"); k == Department && padded && len(number) == 2 {
		return number
	}
	return name
}
