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

// The addresses of the office.
func classPath(id school.ID) string  { return "/accounts/class/" + id.String() }
func schoolPath(id school.ID) string { return "/accounts/school/" + id.String() }
