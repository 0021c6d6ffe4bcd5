package web

import (
	"bytes"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"preau/core/fail"
	"preau/core/school"
)

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

// FormID reads a field of the form that holds an identifier, which a page of
// ours wrote there. What is no identifier is fail.NotFound.
func (r *Request) FormID(field string) (school.ID, error) {
	id, err := school.ParseID(r.PostFormValue(field))
	if err != nil {
		return 0, fail.New(fail.NotFound, "the field %s: %w", field, err)
	}
	return id, nil
}

// bodyTime is how long a body may take to arrive, unless the handler reads
// it itself.
const bodyTime = 15 * time.Second

// readBody bounds the body and, unless the handler reads it itself, takes it
// all in and parses it when it is a form: a slow sender then holds nothing
// but its connection.
func (r *Request) readBody(w http.ResponseWriter) error {
	limit, upload := int64(defaultBody), false
	if r.route != nil {
		limit, upload = r.route.body, r.route.upload
	}
	r.Body = http.MaxBytesReader(w, r.Body, limit)
	if upload || r.Method != http.MethodPost {
		return nil
	}
	control := http.NewResponseController(w)
	_ = control.SetReadDeadline(time.Now().Add(bodyTime)) // without deadlines, the server's own holds
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return unreadable(err)
	}
	// From here on the server only listens for a browser that leaves; the
	// request's own time ends before this one.
	_ = control.SetReadDeadline(time.Now().Add(r.limit() + sendingTime))
	r.Body = io.NopCloser(bytes.NewReader(body))
	switch contentType(r.Request) {
	case "application/x-www-form-urlencoded":
		err = r.ParseForm()
	case "multipart/form-data":
		err = r.ParseMultipartForm(limit) // fits: nothing goes to a file
	}
	if err != nil {
		return unreadable(err)
	}
	return nil
}

func contentType(r *http.Request) string {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		return ""
	}
	return kind
}
