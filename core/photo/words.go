package photo

import (
	"embed"

	"preau/core/i18n"
)

// Words holds the texts of what is refused.
//
//go:embed words/*.json
var Words embed.FS

// Hint says beside the field of a form how many photos there may be and, when the form is
// shown again, that a browser keeps none.
func Hint(say i18n.Printer, most int, again bool) string {
	if again {
		return say.Say("photo.again")
	}
	return say.Say("photo.hint", most)
}
