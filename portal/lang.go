package portal

import (
	"slices"

	"preau/core/fail"
	"preau/core/i18n"
	"preau/core/ui"
	"preau/core/web"
)

// langView offers the languages in which the page is not.
type langView struct {
	Here   string // the page, to come back to
	Others []namedLang
}

// namedLang is a language, and its name in itself.
type namedLang struct {
	i18n.Lang
	Name string
}

func langs(r *web.Request) langView {
	v := langView{Here: r.URL.Path}
	for _, lang := range r.Printer.Langs() {
		if lang != r.Printer.Lang {
			v.Others = append(v.Others, namedLang{lang, r.Printer.Name(lang)})
		}
	}
	return v
}

func (v langView) button(lang namedLang) ui.PostButton {
	return ui.PostButton{
		Action: "/lang", Label: lang.Name, Look: ui.Quiet,
		Fields: []ui.Hidden{{Name: "lang", Value: string(lang.Lang)}, {Name: "here", Value: v.Here}},
	}
}

// speak keeps the language that the visitor chooses.
func (p *Portal) speak(r *web.Request) (web.Answer, error) {
	lang := i18n.Lang(r.PostFormValue("lang"))
	if !slices.Contains(r.Printer.Langs(), lang) {
		return nil, fail.New(fail.Invalid, "a language that is not there")
	}
	r.SetLang(lang)
	if err := p.speaks(r, lang); err != nil {
		return nil, err
	}
	here := r.PostFormValue("here")
	if !web.Local(here) {
		here = "/"
	}
	return web.Redirect{To: here}, nil
}
