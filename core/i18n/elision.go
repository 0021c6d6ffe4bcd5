package i18n

import (
	"context"
	"slices"
	"strings"

	"preau/core/school"
)

// Of says whose something is, after its noun: "d’Arjun", "de Louise"; "of
// Arjun". The h of first names is taken for an aspirate one, but of those that
// French has long had, and their y for a consonant: "de Hugo", "de Yanis",
// "d’Hélène".
func (p Printer) Of(name string) string {
	switch {
	case p.Lang != French:
		return p.Say("lang.of", name)
	case strings.IndexAny(school.Fold(name), "aeiou") == 0, mute(name):
		return "d’" + name
	}
	return "de " + name
}

// mutes begin the first names whose h is mute.
var mutes = []string{"helen", "helois", "henri", "hermin", "hippolyt", "honor", "hortens", "hyacinth", "hadrien", "hilair"}

func mute(name string) bool {
	folded := school.Fold(name)
	return slices.ContainsFunc(mutes, func(begin string) bool { return strings.HasPrefix(folded, begin) })
}

// Of says name as [Printer.Of] does, in the language of the context.
func Of(ctx context.Context, name string) string { return From(ctx).Of(name) }
