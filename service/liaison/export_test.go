package liaison

import (
	"preau/core/qr"
	"preau/core/school"
	"preau/core/seal"
)

// TickPlaces are the places of the boxes of the talons of a word, of a sheet that has
// so many of them, from the corner of the sheet, in millimetres: of its first talon. The
// next ones are lower by what is given too.
func TickPlaces(asked string, choices []string, number int) (map[string][2]float64, float64) {
	places := map[string][2]float64{}
	for _, t := range (word{Asks: asks(asked), Choices: choices}).ticks() {
		places[t.Answer] = [2]float64{slipMargin + t.X, sheetEnd + slipHeight(number) - slipEnd - stripHeight + t.Y}
	}
	return places, slipHeight(number)
}

// BoxSide is that of a box, in millimetres.
const BoxSide = boxSide

// PlaneOf leads from some places nearest to others.
var PlaneOf = planeOf

// At is where a place is.
func (p plane) At(x, y float64) qr.Point { return p.at(x, y) }

// Slip is what a talon is about.
type Slip struct{ Word, Child, Person school.ID }

// Token is what the code of a talon says.
func (s Slip) Token(key *seal.Key) string { return slip(s).token(key) }
