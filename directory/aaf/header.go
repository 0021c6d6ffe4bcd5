package aaf

import (
	"bytes"
	"strings"
	"time"
	"unicode/utf8"
)

// Header is what the comments at the top of a file say, where they are.
type Header struct {
	VersionAF   string    // versionAF: "AAF-VE2003"
	VersionSDET string    // versionSDET: "Annexe 1 version 6.3"
	Academy     string    // codeAcademieExport: "25"
	Degree      string    // degre: "1D"
	Generated   time.Time // dateGenerationExport: midnight UTC of the day
}

// noteHeader takes what a comment such as <!-- degre="1D" --> says.
func (p *parser) noteHeader(comment []byte) error {
	key, quoted, ok := strings.Cut(string(bytes.TrimSpace(comment[:min(len(comment), 256)])), "=")
	value := strings.Trim(strings.TrimSpace(quoted), `"'`)
	if !ok || !utf8.ValidString(value) {
		return nil
	}
	h := &p.reading.Header
	switch strings.TrimSpace(key) {
	case "versionAF":
		h.VersionAF = value
	case "versionSDET":
		h.VersionSDET = value
	case "codeAcademieExport":
		h.Academy = value
	case "degre":
		h.Degree = value
	case "dateGenerationExport":
		h.Generated, _ = parseDate(value)
	}
	if h.Degree == "2D" || strings.HasPrefix(h.VersionSDET, "Annexe 4") {
		return p.refuse(WrongDegree, "the file says that it is of the second degré")
	}
	return nil
}
