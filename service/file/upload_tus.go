package file

import (
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"

	"preau/core/fail"
	"preau/core/web"
)

// What is spoken of the protocol tus, https://tus.io/protocols/resumable-upload, whose sections are cited.
const (
	tusVersion    = "1.0.0"
	tusExtensions = "creation,expiration,termination"
	tusType       = "application/offset+octet-stream"
)

// tus is what every answer of the protocol says (§ Core Protocol, Tus-Resumable).
var tus = web.Header("Tus-Resumable", tusVersion)

// statusError is an error with a status of the protocol.
func statusError(status int, err error) error { return web.Refuse(status, err) }

// malformed is the error of a request that does not follow the protocol.
func malformed(format string, args ...any) error {
	return statusError(http.StatusBadRequest, fail.New(fail.Invalid, format, args...))
}

// speaksTus refuses another version of the protocol (§ Core Protocol, Tus-Version).
func speaksTus(h http.Header) error {
	if v := h.Get("Tus-Resumable"); v != tusVersion {
		return statusError(http.StatusPreconditionFailed, fail.New(fail.Invalid, "tus %.20q", v))
	}
	return nil
}

// number reads a header that is a number of bytes.
func number(h http.Header, name string) (int64, error) {
	n, err := strconv.ParseUint(h.Get(name), 10, 63)
	if err != nil {
		return 0, malformed("%s: %w", name, err)
	}
	return int64(n), nil
}

// metadata reads Upload-Metadata (§ Creation): keys, each with a value in base64 or with none.
func metadata(header string) (map[string]string, error) {
	of := map[string]string{}
	if strings.TrimSpace(header) == "" {
		return of, nil
	}
	for pair := range strings.SplitSeq(header, ",") {
		key, value, _ := strings.Cut(strings.TrimSpace(pair), " ")
		said, err := base64.StdEncoding.DecodeString(value)
		if _, twice := of[key]; key == "" || twice || err != nil {
			return nil, malformed("the metadata %.40q", pair)
		}
		of[key] = string(said)
	}
	return of, nil
}

// longestStamp is how many bytes a stamp has at most.
const longestStamp = 40

// announced reads what a request says of a file that is to come (§ Creation).
func announced(h http.Header) (u upload, err error) {
	if h.Get("Upload-Length") == "" || h.Get("Upload-Defer-Length") != "" { // § Creation, Upload-Defer-Length: not spoken
		return u, malformed("no Upload-Length")
	}
	if u.Size, err = number(h, "Upload-Length"); err != nil {
		return u, err
	}
	of, err := metadata(strings.Join(h.Values("Upload-Metadata"), ","))
	if err != nil {
		return u, err
	}
	at := strings.Trim(strings.ReplaceAll(of["path"], `\`, "/"), "/")
	if at == "" {
		at = of["filename"]
	}
	names := strings.Split(at, "/")
	if len(names) > deepest {
		return u, fail.New(fail.Invalid, "%d folders in one another", len(names)).Say("file.too-deep").At("name")
	}
	for n, name := range names {
		if names[n], err = cleanName(name); err != nil {
			return u, err
		}
	}
	u.Folders = strings.Join(names[:len(names)-1], "/")
	u.Name = names[len(names)-1]
	if u.Stamp = of["stamp"]; len(u.Stamp) > longestStamp {
		return u, malformed("a stamp of %d bytes", len(u.Stamp))
	}
	u.Original = of["original"] != ""
	return u, nil
}

// header says where an upload is, and until when it may go on (§ Core Protocol, HEAD; § Expiration).
func (u upload) header() http.Header {
	return http.Header{
		"Upload-Offset":  {strconv.FormatInt(u.Kept, 10)},
		"Upload-Length":  {strconv.FormatInt(u.Size, 10)},
		"Upload-Expires": {u.Expires.UTC().Format(http.TimeFormat)},
	}
}

// uploads says what is spoken of the protocol (§ Core Protocol, OPTIONS).
func (s *Service) uploads(*web.Request) (web.Answer, error) {
	return web.Done{Header: http.Header{
		"Tus-Version":   {tusVersion},
		"Tus-Extension": {tusExtensions},
		"Tus-Max-Size":  {strconv.FormatInt(mostSent, 10)},
	}}, nil
}
