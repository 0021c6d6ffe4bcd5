package web

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"
)

// urlEncoded is the type of a form without files.
const urlEncoded = "application/x-www-form-urlencoded"

// bodyTime is how long a body may take to arrive, unless the handler reads
// it itself.
const bodyTime = 15 * time.Second

// readBody bounds the body in size and time and, unless the handler reads it
// itself, takes it all in and parses it when it is a form: a slow sender then
// holds nothing but its connection.
func (r *Request) readBody(w http.ResponseWriter) error {
	limit, upload := int64(defaultBody), false
	if r.route != nil {
		limit, upload = r.route.body, r.route.upload
	}
	if r.isDevice() {
		r.Body = incoming{&steady{r.Body, http.NewResponseController(w)}}
		return nil
	}
	r.Body = incoming{http.MaxBytesReader(w, r.Body, limit)}
	control := http.NewResponseController(w)
	if upload {
		_ = control.SetReadDeadline(time.Now().Add(r.limit())) // without deadlines, the server's own holds
		return nil
	}
	if r.Method != http.MethodPost {
		return nil
	}
	_ = control.SetReadDeadline(time.Now().Add(bodyTime))
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}
	// From here on the server only listens for a browser that leaves; the
	// request's own time ends before this one.
	_ = control.SetReadDeadline(time.Now().Add(r.limit() + sendingTime))
	r.Body = io.NopCloser(bytes.NewReader(body))
	switch contentType(r.Request) {
	case urlEncoded:
		err = r.ParseForm()
	case "multipart/form-data":
		err = r.ParseMultipartForm(limit) // fits: nothing goes to a file
	}
	if err != nil {
		return unreadable(err)
	}
	return nil
}

// Length is how many bytes the body has or, where it does not say, those that it may have at most.
func (r *Request) Length() int64 {
	if r.ContentLength < 0 {
		return r.route.body
	}
	return r.ContentLength
}

// incoming is a body whose errors say whose fault they are.
type incoming struct{ io.ReadCloser }

func (i incoming) Read(b []byte) (int, error) {
	n, err := i.ReadCloser.Read(b)
	if err != nil && err != io.EOF {
		err = unreadable(err)
	}
	return n, err
}

// unreadable explains why a body could not be taken in.
func unreadable(err error) error {
	status := http.StatusBadRequest
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		status = http.StatusRequestEntityTooLarge
	case errors.Is(err, os.ErrDeadlineExceeded):
		status = http.StatusRequestTimeout
	}
	return &refusal{status: status, cause: fmt.Errorf("reading the body: %w", err)}
}
