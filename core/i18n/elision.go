package i18n

import (
	"context"
	"strings"

	"preau/core/school"
)

// Of says whose something is, after its noun: "d’Arjun", "de Louise"; "of
// Arjun". The h of first names is taken for an aspirate one and their y for a
// consonant: "de Hugo", "de Yanis".
func (p Printer) Of(name string) string {
	switch {
	case p.Lang != French:
		return "of " + name
	case strings.IndexAny(school.Fold(name), "aeiou") == 0:
		return "d’" + name
	}
	return "de " + name
}

// Of says name as [Printer.Of] does, in the language of the context.
func Of(ctx context.Context, name string) string { return From(ctx).Of(name) }
