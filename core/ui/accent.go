package ui

import (
	"hash/fnv"
	"strconv"
)

// Accent is the colour of a school, a class or a child: 1 to [Accents], each
// readable as text and as a background in light and in dark. The zero value
// is the colour around, and the pine green of Préau when there is none.
type Accent uint8

// Accents is how many there are.
const Accents = 8

// AccentOf gives the colour that goes with a key (the UAI of a school, the
// identifier of a child): always the same one for the same key.
func AccentOf(key string) Accent {
	h := fnv.New32a()
	h.Write([]byte(key))
	return Accent(h.Sum32()%Accents) + 1
}

// Class is the name under which the stylesheet knows the colour: everything
// inside an element of this class is drawn in it.
func (a Accent) Class() string {
	if a == 0 || a > Accents {
		return ""
	}
	return "accent-" + strconv.Itoa(int(a))
}
