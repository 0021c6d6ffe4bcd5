package liaison

import (
	"preau/core/school"
	"preau/core/seal"
	"preau/core/talon"
)

// TickPlaces are the places of the boxes of the talons of a word, of a sheet that has
// so many of them, from the corner of the sheet, in millimetres: of its first talon. The
// next ones are lower by what is given too.
func TickPlaces(asked string, choices []string, number int) (map[string][2]float64, float64) {
	places := map[string][2]float64{}
	for _, t := range (word{Asks: asks(asked), Choices: choices}).ticks() {
		places[t.Answer] = [2]float64{talon.Margin + t.X, sheetEnd + slipHeight(number) - slipEnd - talon.Height + t.Y}
	}
	return places, slipHeight(number)
}

// Slip is what a talon is about.
type Slip struct{ Word, Child, Person school.ID }

// Token is what the code of a talon says.
func (s Slip) Token(key *seal.Key) string { return slip(s).token(key) }
