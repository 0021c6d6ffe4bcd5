package i18n

import (
	"slices"

	"golang.org/x/text/language"
)

// ownName is the key of the name of a language in itself.
const ownName = "lang.name"

// Name is a language's name in itself: "Français", "العربية".
func (c *Catalogue) Name(lang Lang) string { return c.texts[lang][ownName] }

// rightToLeft are the scripts in use that are read from the right (ISO 15924).
var rightToLeft = []string{"Adlm", "Arab", "Hebr", "Nkoo", "Rohg", "Syrc", "Thaa"}

// RightToLeft tells whether a language is read from the right: by the script that it is
// mostly written in.
func (l Lang) RightToLeft() bool {
	script, _ := language.Make(string(l)).Script()
	return slices.Contains(rightToLeft, script.String())
}

// Direction is that of a language, as HTML has it.
func (l Lang) Direction() string {
	if l.RightToLeft() {
		return "rtl"
	}
	return "ltr"
}
