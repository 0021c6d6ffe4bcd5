package register

import (
	"errors"
	"strings"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
	"preau/directory"
)

// What the sheets of people and of référents share: one line that is refused
// leaves everything as it was.

// errRefusedLines rolls back what the good lines wrote.
var errRefusedLines = errors.New("lines were refused: nothing was changed")

// wrongIn is what refuses a line; nil when nothing does, and when the fault is
// not the line's.
func wrongIn(err error) *fail.Error {
	var wrong *fail.Error
	if errors.As(err, &wrong) && wrong.Kind != fail.Fault && wrong.Kind != fail.Unavailable {
		return wrong
	}
	return nil
}

// placeNamed finds the open structure that a line names.
func placeNamed(tx *db.Tx, text string) (directory.Structure, error) {
	ref := refOf(text)
	if ref == "project" {
		if _, err := directory.TheProject(tx); err != nil {
			return directory.Structure{}, err
		}
	}
	at, err := directory.StructureByRef(tx, ref)
	if err == nil && !at.Until.IsZero() {
		err = fail.New(fail.NotFound, "%s is closed", ref)
	}
	return at, err
}

// writtenAs is how people write a place that the register calls so: the other
// way round than [refOf].
func writtenAs(ref string) string {
	switch kind, key, _ := strings.Cut(ref, ":"); kind {
	case "project":
		return "projet"
	case "uai":
		return key
	case "academy":
		return "académie:" + key
	}
	return ref
}

// refOf is what the register calls a place that people write "0789001k",
// "projet", "commune:78999" or
// "académie:25".
func refOf(text string) string {
	text = strings.TrimSpace(text)
	switch folded := school.Fold(text); {
	case folded == "", folded == "projet", folded == "project":
		return "project"
	case !strings.Contains(text, ":"):
		return "uai:" + strings.ToUpper(text)
	}
	kind, key, _ := strings.Cut(text, ":")
	switch kind = strings.ToLower(kind); kind {
	case "uai":
		key = strings.ToUpper(key)
	case "académie", "academie":
		kind = "academy"
	}
	return kind + ":" + key
}
