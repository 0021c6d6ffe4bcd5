package i18n

import (
	"slices"
	"strings"
)

// Dots puts what is said of something side by side, what is empty left out:
// "CP · Mme Bernard".
func Dots(parts ...string) string {
	return strings.Join(slices.DeleteFunc(slices.Clone(parts), func(s string) bool { return s == "" }), " · ")
}
