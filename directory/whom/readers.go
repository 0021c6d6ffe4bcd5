package whom

import (
	"preau/core/fail"
	"preau/core/ui"
	"preau/core/web"
)

// asked is the field by which a form asks who would read it: a script in the address of the
// form, while one chooses; without scripts a button, which sends the form and has it back.
const asked, byButton = "who", "act"

// Asks tells whether a script asks who would read what is chosen in a form.
func Asks(r *web.Request) bool { return r.URL.Query().Has(asked) }

// Looks tells whether the visitor looks who would read a form, before they send it.
func Looks(r *web.Request) bool { return r.PostFormValue(byButton) == asked }

// Tell answers [Asks].
func Tell(r *web.Request, read Reading) (web.Answer, error) {
	sentence, err := said(r, web.Begun(r.URL.Query()), read)
	return web.Text{Body: sentence}, err
}

// Readers says at the end of a question who reads what is chosen in a form.
func Readers(r *web.Request, path string, form web.Form, read Reading) (v ui.Readers, err error) {
	v.Path = path
	v.Sentence, err = said(r, form, read)
	return v, err
}

// said says who reads what is chosen, or what is to be chosen still.
func said(r *web.Request, form web.Form, read Reading) (string, error) {
	to, err := read(form.Answers())
	if wrong := fail.InField(err); wrong != nil {
		return r.Say(wrong.Key, wrong.Args...), nil
	}
	if err != nil {
		return "", err
	}
	return Sentence(r, to...)
}
