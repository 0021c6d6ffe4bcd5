package accounts

import (
	"context"

	"preau/core/i18n"
	"preau/core/school"
	"preau/core/ui"
)

// crumbs is the way back from a page of the office.
func crumbs(ctx context.Context, further ...ui.Link) []ui.Link {
	return append([]ui.Link{
		{Href: "/", Label: i18n.Say(ctx, "accounts.home")}, {Href: "/accounts/", Label: i18n.Say(ctx, "accounts.title")},
	}, further...)
}

// wayBack is that of a page which is also that of the whole project: an operator has
// no list of classes.
func wayBack(ctx context.Context, project bool) []ui.Link {
	if project {
		return []ui.Link{{Href: "/", Label: i18n.Say(ctx, "accounts.home")}}
	}
	return crumbs(ctx)
}

// The addresses of the office.
func classPath(id school.ID) string  { return "/accounts/class/" + id.String() }
func schoolPath(id school.ID) string { return "/accounts/school/" + id.String() }
