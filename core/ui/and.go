package ui

import (
	"strings"

	"preau/core/i18n"
)

// And joins several names as one says them: "Louise, Malo et Inès".
func And(say i18n.Printer, names ...string) string {
	last := len(names) - 1
	if last < 1 {
		return strings.Join(names, "")
	}
	return say.Say("ui.and", strings.Join(names[:last], ", "), names[last])
}
