package ui

import (
	"strconv"

	"github.com/a-h/templ"
)

// domID is the id of a field in the page: its own, or one made of its name.
func domID(id, name string) string {
	if id != "" {
		return id
	}
	return "field-" + name
}

func optionID(id string, i int) string { return id + "-" + strconv.Itoa(i) }

func orElse(value, otherwise string) string {
	if value == "" {
		return otherwise
	}
	return value
}

// described ties a field to its hint and its error.
func described(id, hint, wrong string) templ.Attributes {
	by := ""
	if hint != "" {
		by = id + "-hint"
	}
	if wrong == "" {
		if by == "" {
			return nil
		}
		return templ.Attributes{"aria-describedby": by}
	}
	if by != "" {
		by += " "
	}
	return templ.Attributes{"aria-describedby": by + id + "-error", "aria-invalid": "true"}
}

// rows is the height of a text area: what was asked for, or five lines.
func rows(asked int) int {
	if asked == 0 {
		return 5
	}
	return asked
}

// direction is that of what one writes in the field: of a code, an address or a number,
// always the same; of words, that of their first letter.
func (f Field) direction() string {
	if f.Plain || f.Type != "" && f.Type != "text" && f.Type != "search" {
		return "ltr"
	}
	return "auto"
}
