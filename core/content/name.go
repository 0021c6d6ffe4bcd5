package content

import (
	"path"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// MaxName is how many bytes a name has at most: what systems allow is 255.
const MaxName = 200

// maxEnding is how many bytes of a name may be its ending, which is kept when it is cut.
const maxEnding = 16

// reserved are the names of devices of Windows, whatever their ending (Naming Files, Paths, and
// Namespaces); the digits ¹, ² and ³ count.
var reserved = regexp.MustCompile(`(?i)^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])\s*(\.|$)`)

// Name is a name that every system can write, of what people send: one line, in NFC, of at most
// [MaxName] bytes with its ending, without a folder, without what turns or hides letters, and
// nothing that a system keeps for itself. It is empty where nothing is left: what such a file is
// called is its room's to say. Name(Name(s)) is Name(s).
func Name(sent string) string {
	name := strings.ReplaceAll(strings.ToValidUTF8(sent, ""), `\`, "/")
	name = path.Base(strings.TrimRight(name, "/"))
	name = norm.NFC.String(fewMarks(strings.Map(written, name)))
	name = strings.Join(strings.Fields(name), " ")
	name = trimmed(name)
	if reserved.MatchString(name) {
		name = "_" + name
	}
	if len(name) <= MaxName {
		return name
	}
	ending := path.Ext(name)
	if len(ending) > maxEnding {
		ending = ""
	}
	return trimmed(trimmed(cut(strings.TrimSuffix(name, ending), MaxName-len(ending))) + ending)
}

// written is a letter as it may be written: not at all, or as another.
func written(r rune) rune {
	switch {
	case strings.ContainsRune(`/\:*?"<>|`, r), unicode.IsSpace(r), unicode.IsControl(r):
		return ' '
	case r == '\u200d', r == '\u200c': // which join letters of Persian, and faces
		return r
	case unicode.Is(unicode.Cf, r), unicode.Is(unicode.Co, r), unicode.Is(unicode.Cs, r), unicode.Is(unicode.Noncharacter_Code_Point, r), r == utf8.RuneError:
		return -1
	case r == '\u115f', r == '\u1160', r == '\u3164', r == '\uffa0', r == '\u034f': // seen as nothing
		return -1
	}
	return r
}

// maxMarks is how many marks a letter may wear: no language has as many, and norm puts a sign of its
// own after thirty.
const maxMarks = 8

// fewMarks is a name without the marks that hide the line above.
func fewMarks(name string) string {
	marks := 0
	return strings.Map(func(r rune) rune {
		if !unicode.Is(unicode.M, r) {
			marks = 0
			return r
		}
		if marks++; marks > maxMarks {
			return -1
		}
		return r
	}, name)
}

// trimmed is a name without the dots and blanks that Windows drops from its end, nor blanks at its
// beginning; "." and ".." are nothing.
func trimmed(name string) string {
	name = strings.TrimRight(strings.TrimLeft(name, " "), ". ")
	if strings.Trim(name, "\u200c\u200d") == "" {
		return ""
	}
	return name
}

// cut is the beginning of a name, of so many bytes, that ends with a whole letter and what stands on it.
func cut(name string, most int) string {
	if len(name) <= most {
		return name
	}
	for most > 0 && !utf8.RuneStart(name[most]) {
		most--
	}
	if at := norm.NFC.LastBoundary([]byte(name[:most])); !norm.NFC.PropertiesString(name[most:]).BoundaryBefore() && at > 0 {
		most = at
	}
	return name[:most]
}
