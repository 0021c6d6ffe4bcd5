package aaf

import (
	"regexp"
	"strconv"
	"time"
)

// fileName reads <prefix>_<mode>_<date>_<category>_<chunk>.xml. The prefix
// names the project, often the académie or a school, and holds "_" as well as
// "-": it is whatever comes before the rest. Nine-digit dates were met in the
// field: they are read here so that they can be refused clearly.
var fileName = regexp.MustCompile(
	`^(([^\x00-\x1f\x7f]+)_(Complet|Delta)_([0-9]{8,9}))_(EtabEducNat|PersEducNat|Eleve|PersRelEleve)_([0-9]{4})\.(?i:xml)$`)

// parsedName is what the name of a file says.
type parsedName struct {
	delivery string // everything before the category
	prefix   string
	mode     Mode
	date     time.Time // midnight UTC of the day; zero when the digits are no day
	category Category
	chunk    int
}

func parseFileName(name string) (parsedName, bool) {
	m := fileName.FindStringSubmatch(name)
	if m == nil {
		return parsedName{}, false
	}
	p := parsedName{delivery: m[1], prefix: m[2], mode: Mode(m[3]), category: Category(m[5])}
	p.chunk, _ = strconv.Atoi(m[6]) // four digits, says the expression
	if date, err := time.Parse("20060102", m[4]); err == nil {
		p.date = date
	}
	return p, true
}
