package web

import (
	"net/http"
	"slices"
	"strings"

	"preau/core/ui"
)

// keptForm is the page that gives back what was in a form whose session has
// ended: one signs in beside it, then sends the form again. It is nil when
// the form holds nothing, a file, or a password, which must not be written
// in a page. It says nothing of the address, which may not exist.
func (r *Request) keptForm() http.Handler {
	if contentType(r.Request) != "application/x-www-form-urlencoded" || len(r.PostForm) == 0 {
		return nil
	}
	var fields []ui.Hidden
	for name, values := range r.PostForm {
		if strings.Contains(strings.ToLower(name), "password") {
			return nil
		}
		for _, value := range values {
			fields = append(fields, ui.Hidden{Name: name, Value: value})
		}
	}
	slices.SortStableFunc(fields, func(a, b ui.Hidden) int { return strings.Compare(a.Name, b.Name) })
	title := r.Say("web.kept")
	reply, err := Page{
		Title:  title,
		Body:   kept(signIn, ui.PostButton{Action: r.URL.RequestURI(), Label: r.Say("web.send-again"), Fields: fields}),
		Status: http.StatusForbidden,
	}.ready(r)
	if err != nil {
		return nil
	}
	return reply
}
