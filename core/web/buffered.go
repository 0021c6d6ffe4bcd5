package web

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
)

// buffered is an answer that is whole before its first byte is sent.
type buffered struct {
	status      int // 200 when zero
	contentType string
	location    string
	kept        bool // by the browser, and asked about again each time
	posted      bool // what is kept may be so for a minute, by whoever carries it
	header      http.Header
	body        []byte
}

func (b *buffered) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	for name, values := range b.header {
		h[name] = values
	}
	if b.location != "" {
		h.Set("Location", b.location)
	}
	if b.contentType != "" {
		h.Set("Content-Type", b.contentType)
	}
	status := b.status
	if status == 0 {
		status = http.StatusOK
	}
	if b.kept {
		h.Add("Vary", "Cookie, Accept-Language")
		if status == http.StatusOK && r.Method != http.MethodPost {
			etag := etag(b.body)
			h.Set("Cache-Control", "private, no-cache")
			if b.posted {
				h.Set("Cache-Control", "public, max-age=60")
			}
			h.Set("ETag", etag)
			if matches(r.Header.Values("If-None-Match"), etag) {
				w.WriteHeader(http.StatusNotModified)
				return
			}
		}
	}
	h.Set("Content-Length", strconv.Itoa(len(b.body)))
	w.WriteHeader(status)
	w.Write(b.body) // to HEAD, net/http sends none of it; a browser that has gone is no fault of ours
}

// etag names a body by its content; weak, for the same page may be sent
// compressed or not (RFC 9110, 8.8.1).
func etag(body []byte) string {
	sum := sha256.Sum256(body)
	return `W/"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`
}

// matches is the weak comparison of If-None-Match (RFC 9110, 13.1.2).
func matches(headers []string, etag string) bool {
	for _, header := range headers {
		for one := range strings.SplitSeq(header, ",") {
			one = strings.TrimSpace(one)
			if one == "*" || strings.TrimPrefix(one, "W/") == strings.TrimPrefix(etag, "W/") {
				return true
			}
		}
	}
	return false
}
