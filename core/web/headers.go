package web

import (
	"net/http"
	"strings"

	"github.com/klauspost/compress/gzhttp"
)

// policy is the content security policy of every answer: what a page loads
// comes from here, in files of its own. Neither inline script nor inline
// style runs, and no other site may frame a page.
var policy = strings.Join([]string{
	"default-src 'none'",
	"style-src 'self'",
	"script-src 'self'",
	"img-src 'self' data:",
	"font-src 'self'",
	"connect-src 'self'",
	"manifest-src 'self'",
	"form-action 'self'",
	"base-uri 'none'",
	"frame-ancestors 'none'",
	"media-src 'self'", // the last: see Page.Records
}, "; ")

// permissions is what pages may ask the browser for: nothing, or the microphone for some.
func permissions(microphone string) string {
	return "camera=(), geolocation=(), microphone=(" + microphone + "), payment=(), usb=()"
}

// guard sets the headers of every answer; an answer may then replace its own
// (Cache-Control, for a page that may be kept).
func (s *Site) guard(h http.Header, id string) {
	h.Set("X-Request-Id", id)
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	// Not no-referrer, under which browsers without Sec-Fetch-Site post our
	// own forms with "Origin: null".
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Permissions-Policy", permissions(""))
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	if s.secure {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
}

// compress makes a handler compress what it sends, when it is worth it and
// the browser takes it. Pages hold no secret (there is no CSRF token), so
// that their length tells nothing to whoever can add text to one.
func compress(h http.Handler) (http.Handler, error) {
	wrap, err := gzhttp.NewWrapper(gzhttp.MinSize(1024), gzhttp.CompressionLevel(4), gzhttp.EnableZstd(false))
	if err != nil {
		return nil, err
	}
	return wrap(h), nil
}
