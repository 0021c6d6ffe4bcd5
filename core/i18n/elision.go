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
// "d’Hélène". A name that begins with what it names takes the article: "de l’école
// Jules-Ferry", "de la classe de Mme Roy".
func (p Printer) Of(name string) string {
	first, rest, _ := strings.Cut(name, " ")
	switch {
	case p.Lang != French:
		return p.Say("lang.of", name)
	case nouns[first] != "" && rest != "":
		return nouns[first] + " " + rest
	case strings.IndexAny(school.Fold(name), "aeiou") == 0, mute(name):
		return "d’" + name
	}
	return "de " + name
}

// nouns begin the names of places and of classes.
var nouns = map[string]string{
	"École": "de l’école", "Ecole": "de l’école", "Classe": "de la classe", "Groupe": "du groupe", "Collège": "du collège", "Commune": "de la commune",
	"Mairie": "de la mairie", "Académie": "de l’académie", "Circonscription": "de la circonscription", "Institution": "de l’institution",
}

// mutes begin the first names whose h is mute.
var mutes = []string{"helen", "helois", "henri", "hermin", "hippolyt", "honor", "hortens", "hyacinth", "hadrien", "hilair"}

func mute(name string) bool {
	folded := school.Fold(name)
	return slices.ContainsFunc(mutes, func(begin string) bool { return strings.HasPrefix(folded, begin) })
}

// Of says name as [Printer.Of] does, in the language of the context.
func Of(ctx context.Context, name string) string { return From(ctx).Of(name) }
