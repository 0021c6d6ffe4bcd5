package liaison

import (
	"preau/core/paper"
	"preau/core/qr"
	"preau/core/school"
	"preau/core/seal"
)

// TickPlaces are the places of the boxes of the talons of a word, from the top left corner
// of a talon of some height, in millimetres.
func TickPlaces(asked string, choices []string, height float64) map[string][2]float64 {
	places := map[string][2]float64{}
	for _, t := range (word{Asks: asks(asked), Choices: choices}).ticks() {
		places[t.Answer] = [2]float64{slipMargin + t.X, height - slipEnd - stripHeight + t.Y}
	}
	return places
}

// What a test that fills talons in has to know of a sheet.
const (
	SheetWidth, SheetHeight = paper.Width, paper.Height
	BoxSide                 = boxSide
)

// PlaneOf leads from some places nearest to others.
var PlaneOf = planeOf

// At is where a place is.
func (p plane) At(x, y float64) qr.Point { return p.at(x, y) }

// Slip is what a talon is about.
type Slip struct{ Word, Child, Person school.ID }

// Token is what the code of a talon says.
func (s Slip) Token(key *seal.Key) string { return slip{s.Word, s.Child, s.Person}.token(key) }
