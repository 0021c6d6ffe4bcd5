package web

import (
	"errors"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"preau/core/fail"
	"preau/core/rich"
	"preau/core/school"
	"preau/core/ui"
)

// Form is a form as it was sent, with what is wrong in one of its fields: a
// page shows it again and loses nothing. The zero Form is one that nobody has
// filled.
type Form struct {
	action      string // to which address it was sent
	sent, begun url.Values
	field, text string
}

// Again gives the form to show again when err is the fault of one field, and
// tells whether it is. Where the service was shut meanwhile, what is right is given
// back as well, and the page says why.
func (r *Request) Again(err error) (Form, bool) {
	wrong := fail.InField(err)
	if r.refusal != nil && (err == nil || wrong != nil) {
		return Form{action: r.URL.Path, sent: r.PostForm}, true
	}
	if wrong == nil {
		return Form{}, false
	}
	return Form{action: r.URL.Path, sent: r.PostForm, field: wrong.Field, text: r.Say(wrong.Key, wrong.Args...)}, true
}

// Kept is a form as it was put aside before it was sent, to go on with.
func Kept(typed url.Values) Form { return Form{sent: typed} }

// Begun is a form that nobody has filled yet, some of whose choices are made: by the link
// that opens it.
func Begun(chosen url.Values) Form { return Form{begun: chosen} }

// Answers is all that the form says; nil when it says nothing.
func (f Form) Answers() url.Values {
	if f.Filled() || len(f.begun) == 0 {
		return f.sent
	}
	return f.begun
}

// Of is the form of a page that has several: this one if it was sent to an
// address, else one that nobody has filled.
func (f Form) Of(action string) Form {
	if f.action != action {
		return Form{}
	}
	return f
}

// Filled tells whether the form was sent or put aside, and is shown again.
func (f Form) Filled() bool { return f.sent != nil }

// Value is what was typed in a field.
func (f Form) Value(name string) string { return f.sent.Get(name) }

// All is what was chosen in a field of several answers.
func (f Form) All(name string) []string { return f.sent[name] }

// Chosen tells whether an answer was among those chosen in a field.
func (f Form) Chosen(name, value string) bool { return slices.Contains(f.Answers()[name], value) }

// Error is what is wrong in a field.
func (f Form) Error(name string) string {
	if f.field != name {
		return ""
	}
	return f.text
}

// Wrong is what is wrong in the form, in whichever field; empty in one that
// nobody has filled.
func (f Form) Wrong() string { return f.text }

// Status is that of the page that shows the form.
func (f Form) Status() int {
	if f.field != "" {
		return http.StatusUnprocessableEntity
	}
	return http.StatusOK
}

// Confirmed tells whether the visitor has read, on the page of [ui.Ask], what the act
// does.
func (r *Request) Confirmed() bool { return r.PostFormValue("confirm") == ui.Asked }

// Text reads a field of the form, without the spaces around it. More
// characters than max, or bytes that are no text, are fail.Invalid.
func (r *Request) Text(field string, max int) (string, error) {
	text := strings.TrimSpace(r.PostFormValue(field))
	switch {
	case !utf8.ValidString(text) || strings.ContainsRune(text, 0):
		return "", fail.New(fail.Invalid, "the field %s is no text", field).Say("web.no-text").At(field)
	case utf8.RuneCountInString(text) > max:
		return "", fail.New(fail.Invalid, "the field %s is longer than %d", field, max).Say("web.too-long", max).At(field)
	}
	return text, nil
}

// Rich reads a text with a little form, as [ui.RichField] sends it; the route has
// [LongText]. One that is too long is fail.Invalid, and whether it may be empty
// is the caller's to say.
func (r *Request) Rich(field string) (rich.Text, error) {
	text, err := rich.Parse(r.PostFormValue(field))
	return text, fail.At(err, field)
}

// inMemory is how much of a form that carries files waits in memory; the rest of them is
// in files of the system's own, gone with the request.
const inMemory = 1 << 20

// ParseFiles reads the form of a route with [Upload], its fields and its files. What is
// written in its fields is no longer than in a form without files; one that was given back
// ([Request.givenBack]) has none.
func (r *Request) ParseFiles() error {
	switch err := r.ParseMultipartForm(inMemory); {
	case errors.Is(err, http.ErrNotMultipart) && contentType(r.Request) == urlEncoded:
		r.MultipartForm = &multipart.Form{}
	case err != nil:
		return unreadable(err)
	}
	written := 0
	for _, values := range r.PostForm {
		for _, value := range values {
			written += len(value)
		}
	}
	if written > textBody {
		return unreadable(&http.MaxBytesError{Limit: textBody})
	}
	return nil
}

// FormID reads a field of the form that holds an identifier, which a page of
// ours wrote there. What is no identifier is fail.NotFound.
func (r *Request) FormID(field string) (school.ID, error) {
	id, err := school.ParseID(r.PostFormValue(field))
	if err != nil {
		return 0, fail.New(fail.NotFound, "the field %s: %w", field, err)
	}
	return id, nil
}

// Day reads a field of the form that holds a day, as browsers send it
// ("2026-09-01") or as people type it where theirs has no calendar
// ("01/09/2026"): its first instant in Paris, or zero when nothing is written.
func (r *Request) Day(field string) (time.Time, error) {
	text := strings.TrimSpace(r.PostFormValue(field))
	if text == "" {
		return time.Time{}, nil
	}
	day, err := time.ParseInLocation(time.DateOnly, text, school.Paris)
	if err != nil {
		day, err = time.ParseInLocation("02/01/2006", text, school.Paris)
	}
	if err != nil {
		return time.Time{}, fail.New(fail.Invalid, "the field %s is no day", field).Say("web.no-day").At(field)
	}
	if day.Year() < 1900 || day.Year() > 2200 {
		return time.Time{}, fail.New(fail.Invalid, "the field %s is of the year %d", field, day.Year()).Say("web.no-year", day.Year()).At(field)
	}
	return day, nil
}

// Mail reads a field of the form that holds a mail address, or nothing.
func (r *Request) Mail(field string) (string, error) {
	text, err := r.Text(field, 120)
	if err != nil || text == "" {
		return text, err
	}
	if !school.IsMail(text) {
		return "", fail.New(fail.Invalid, "the field %s is no mail address", field).Say("web.no-mail").At(field)
	}
	return text, nil
}

func contentType(r *http.Request) string {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		return ""
	}
	return kind
}
