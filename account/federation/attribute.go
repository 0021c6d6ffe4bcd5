package federation

import (
	"strconv"
	"strings"

	"preau/core/school"
)

// The attributes of the State's providers. Their names are those that public
// code of other ENT reads; docs/federation.md says what is inferred.
const (
	attributeKey    = "FrEduCtRefId"
	attributeVector = "FrEduVecteur"
	attributeBack   = "FrEduUrlRetour"
)

// statements are what an answer says of somebody: the values of each attribute.
type statements map[string][]string

// The most values and bytes that are read of an attribute.
const (
	maxValues = 50
	maxValue  = 500
)

// refID is one value of FrEduCtRefId: {AAF}<académie>|<…>|<key>.
type refID struct {
	Academy string // as school.AcademyCode names it: "010"
	Key     int64  // the jointure of a guardian, in that académie
}

// parseRefID reads a value of FrEduCtRefId. What comes from another directory
// than the AAF, or is not whole, is not ok. What the second field means is
// published nowhere: it is not read.
func parseRefID(value string) (r refID, ok bool) {
	rest, aaf := strings.CutPrefix(value, "{AAF}")
	fields := strings.Split(rest, "|")
	if !aaf || len(value) > maxValue || len(fields) != 3 {
		return r, false
	}
	if r.Key, ok = digits(fields[2]); !ok || len(fields[0]) > 3 || strings.Trim(fields[0], "0123456789") != "" || fields[0] == "" {
		return refID{}, false
	}
	r.Academy = school.AcademyCode(fields[0], "")
	return r, true
}

// vector is one value of FrEduVecteur: type|nom|prénom|idÉlève|UAI.
type vector struct {
	Type        int // 1: a parent, 3: a pupil, of the premier degré
	Name, First string
	Pupil       int64
	School      school.UAI
}

// The types of vectors of the premier degré; 2 and 4 are of the second.
const (
	parentVector = 1
	pupilVector  = 3
)

// parseVector reads a value of FrEduVecteur; what is not whole, or is of the
// second degré, is not ok.
func parseVector(value string) (v vector, ok bool) {
	fields := strings.Split(value, "|")
	if len(value) > maxValue || len(fields) != 5 {
		return v, false
	}
	switch fields[0] {
	case "1":
		v.Type = parentVector
	case "3":
		v.Type = pupilVector
	default:
		return v, false
	}
	v.Name, v.First, v.School = school.Clean(fields[1]), school.Clean(fields[2]), school.UAI(fields[4])
	if v.Pupil, ok = digits(fields[3]); !ok || school.Fold(v.Name) == "" || school.Fold(v.First) == "" || !v.School.Valid() {
		return vector{}, false
	}
	return v, true
}

// digits reads a number written with digits alone.
func digits(text string) (n int64, ok bool) {
	if text == "" || strings.Trim(text, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.ParseInt(text, 10, 64)
	return n, err == nil && n > 0
}
