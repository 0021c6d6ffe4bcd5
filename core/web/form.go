package web

import (
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

// Day reads a field of the form that holds a day ("2026-09-01"): its first
// instant in Paris, or zero when nothing is written.
func (r *Request) Day(field string) (time.Time, error) {
	text := strings.TrimSpace(r.PostFormValue(field))
	if text == "" {
		return time.Time{}, nil
	}
	day, err := time.ParseInLocation(time.DateOnly, text, school.Paris)
	if err != nil || day.Year() < 1900 || day.Year() > 2200 {
		return time.Time{}, fail.New(fail.Invalid, "the field %s is no day", field).Say("web.no-day").At(field)
	}
	return day, nil
}

func contentType(r *http.Request) string {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		return ""
	}
	return kind
}
