package web

import (
	"slices"

	"golang.org/x/text/language"

	"preau/core/i18n"
)

// matcher chooses among the languages of the catalogue, of which French is
// the first and so the one for whoever asks for none of them.
func matcher(words *i18n.Catalogue) language.Matcher {
	var tags []language.Tag
	for _, lang := range words.Langs() {
		tags = append(tags, language.Make(string(lang)))
	}
	return language.NewMatcher(tags)
}

// language is that of the page: the visitor's, or French where a room has nothing to say
// in it. A page of one language is read better than one of two.
func (r *Request) language() i18n.Lang {
	lang := r.visitorLanguage()
	if r.route != nil && !r.site.Words.Speaks(lang, r.route.room()) {
		return i18n.French
	}
	return lang
}

// visitorLanguage is the visitor's own choice, else what the browser asks for, else
// French.
func (r *Request) visitorLanguage() i18n.Lang {
	langs := r.site.Words.Langs()
	if chosen := i18n.Lang(r.cookie(langCookie)); slices.Contains(langs, chosen) {
		return chosen
	}
	tags, _, err := language.ParseAcceptLanguage(r.Header.Get("Accept-Language"))
	if err != nil || len(tags) == 0 {
		return i18n.French
	}
	_, index, confidence := r.site.langs.Match(tags...)
	if confidence == language.No {
		return i18n.French
	}
	return langs[index]
}
