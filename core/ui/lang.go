package ui

import (
	"context"

	"github.com/a-h/templ"

	"preau/core/i18n"
)

// inLang says in which language some words are, where it is not that of the page; the empty
// language is the page's.
func inLang(ctx context.Context, lang i18n.Lang) templ.Attributes {
	if lang == "" || lang == i18n.From(ctx).Lang {
		return nil
	}
	return templ.Attributes{"lang": string(lang)}
}
