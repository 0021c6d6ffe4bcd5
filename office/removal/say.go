package removal

import (
	"cmp"
	"context"
	"time"

	"preau/core/db"
	"preau/core/i18n"
	"preau/core/school"
	"preau/core/search"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
)

const landPath = "/removal/"

// searchPath is where what an account sent is looked for: in a school, or everywhere (0).
func searchPath(at, person school.ID) string {
	if at == 0 {
		return "/removal/person/" + person.String()
	}
	return "/removal/school/" + at.String() + "/person/" + person.String()
}

// crumbs is the way back from a page of the office.
func crumbs(ctx context.Context, further ...ui.Link) []ui.Link {
	return append([]ui.Link{
		{Href: "/", Label: i18n.Say(ctx, "removal.home")}, {Href: "/accounts/", Label: i18n.Say(ctx, "removal.accounts")},
	}, further...)
}

// within is the way back from a page that the first page of the office leads to.
func within(ctx context.Context) []ui.Link {
	return crumbs(ctx, ui.Link{Href: landPath, Label: i18n.Say(ctx, "removal.title")})
}

// namesOf are the names of whoever is named in some cases; of nobody who was erased.
func namesOf(tx *db.Tx, all ...dossier) (map[school.ID]string, error) {
	var people []school.ID
	for _, d := range all {
		people = append(people, d.Account, d.AskedBy, d.Settler, d.UndoneBy)
	}
	known, err := directory.SomeByID(tx, people...)
	names := map[school.ID]string{}
	for _, who := range known {
		names[who.ID] = who.Name()
	}
	return names, err
}

// name is one of some names, or what somebody who was erased is called.
func name(ctx context.Context, names map[school.ID]string, id school.ID) string {
	return cmp.Or(names[id], i18n.Say(ctx, "removal.somebody-gone"))
}

// when says when a thing was sent, or is to be.
func when(ctx context.Context, one web.Sent, now time.Time) string {
	said := i18n.Moment(ctx, one.At, now)
	if one.At.After(now) {
		return i18n.Say(ctx, "removal.sent-later", said)
	}
	return said
}

// excerptLetters is how many letters of a thing are shown.
const excerptLetters = 160

// excerpt is the beginning of a thing's text.
func excerpt(one web.Sent) string { return search.Query{}.Excerpt(one.Text, excerptLetters) }
