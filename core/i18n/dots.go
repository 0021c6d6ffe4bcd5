package i18n

import (
	"slices"
	"strings"
)

// Dots puts what is said of something side by side, what is empty left out:
// "CP · Mme Bernard". Where one is read from the right, the others are set apart from it.
func Dots(parts ...string) string {
	parts = slices.DeleteFunc(slices.Clone(parts), func(s string) bool { return s == "" })
	if slices.ContainsFunc(parts, fromTheRight) {
		for i, part := range parts {
			parts[i] = apart(part)
		}
	}
	return strings.Join(parts, " · ")
}
