package people

import (
	"context"
	"slices"
	"strings"

	"preau/core/i18n"
	"preau/core/school"
	"preau/core/ui"
	"preau/directory"
)

// crumbs is the way back from a page under the search.
func crumbs(ctx context.Context, further ...ui.Link) []ui.Link {
	return append([]ui.Link{
		{Href: "/", Label: i18n.Say(ctx, "people.home")}, {Href: "/people/", Label: i18n.Say(ctx, "people.title")},
	}, further...)
}

// tidy writes a label as people read it: the source has stray spaces.
func tidy(label string) string { return strings.Join(strings.Fields(label), " ") }

// whatSomebodyIs says all that somebody is, and where when there are several
// schools to tell apart: "Directrice, École Les Lilas · Responsable d’Anna".
func whatSomebodyIs(ctx context.Context, seen directory.Seen, several bool) string {
	var parts []string
	for _, tie := range seen.Ties {
		said := tieWords(ctx, seen.Civility, tie)
		if several && tie.SchoolName != "" {
			said += ", " + tie.SchoolName
		}
		if !slices.Contains(parts, said) {
			parts = append(parts, said)
		}
	}
	return i18n.Dots(parts...)
}

// tieWords says one thing that somebody is: "Élève, CP A", "Responsable d’Anna
// (CP A)", "Directrice".
func tieWords(ctx context.Context, civility string, tie directory.Tie) string {
	switch tie.As {
	case school.Pupil:
		if tie.Class == 0 {
			return i18n.Say(ctx, "people.pupil")
		}
		return i18n.Say(ctx, "people.pupil") + ", " + tidy(tie.ClassLabel)
	case school.Guardian:
		said := i18n.Say(ctx, "people.guardian-of", i18n.Of(ctx, tie.ChildName))
		if tie.Class != 0 {
			said += " (" + tidy(tie.ClassLabel) + ")"
		}
		if tie.Barred {
			said += ", " + i18n.Say(ctx, "people.barred")
		}
		return said
	}
	return postWords(ctx, civility, tie)
}

// postWords says what somebody does in a school: the profile, in the gender of
// the person where the French word has one, and of whoever neither teaches nor
// heads, what the source calls it.
func postWords(ctx context.Context, civility string, tie directory.Tie) string {
	if (tie.As == school.Staff || tie.As == school.Admin) && tie.Label != "" {
		return postLabel(tie.Label)
	}
	return i18n.Say(ctx, directory.ProfileKey(tie.As, civility, tie.Acting))
}

// postLabel writes the label of a function as people do: "COORDINATION REP"
// in small letters, "ATSEM" as it is.
func postLabel(label string) string {
	if strings.Contains(label, " ") {
		return school.Proper(label)
	}
	return label
}

// classWords says a class in a few words: "CP, CE1 · Mme Bernard".
func classWords(c classTile, several bool) string {
	where := ""
	if several {
		where = c.SchoolName
	}
	return i18n.Dots(c.Levels, strings.Join(c.Teachers, ", "), where)
}

// schoolWords says where a school is, and its number.
func schoolWords(p directory.Named) string { return i18n.Dots(p.Town, string(p.UAI)) }

// teamTitle is the title of a school's people: of those who head it, for whoever
// sees no other.
func teamTitle(ctx context.Context, v schoolView) string {
	if v.Whole {
		return i18n.Say(ctx, "people.team")
	}
	return i18n.Say(ctx, "people.heads")
}
