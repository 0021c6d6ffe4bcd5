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
	Others []i18n.Lang
}

// langNames names the languages in themselves.
var langNames = map[i18n.Lang]string{i18n.French: "Français", i18n.English: "English"}

func langs(r *web.Request) langView {
	return langView{
		Here: r.URL.Path,
		Others: slices.DeleteFunc(slices.Clone(r.Printer.Langs()), func(lang i18n.Lang) bool {
			return lang == r.Printer.Lang || langNames[lang] == ""
		}),
	}
}

func (v langView) button(lang i18n.Lang) ui.PostButton {
	return ui.PostButton{
		Action: "/lang", Label: langNames[lang], Look: ui.Quiet,
		Fields: []ui.Hidden{{Name: "lang", Value: string(lang)}, {Name: "here", Value: v.Here}},
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
