package directory

import (
	"strings"

	"preau/core/db"
	"preau/core/school"
)

// youngLevels lists the codes of the levels of maternelle, for SQL.
var youngLevels = func() string {
	var codes []string
	for _, l := range school.Levels {
		if l.Cycle() == 1 {
			codes = append(codes, "'"+l.Code+"'")
		}
	}
	return strings.Join(codes, ", ")
}()

// Young is the condition that a person is a pupil of maternelle and of nothing else,
// at the instant $place. A level that is not known is not of maternelle.
func Young(person string, place int) string {
	enrolled := func(among string) string {
		return db.Probe(`SELECT 1 FROM directory_enrolment y WHERE y.person_id = ` + person + ` AND ` + During("y", place) + ` AND y.level_code ` + among + ` (` + youngLevels + `)`)
	}
	return `(` + enrolled("IN") + ` AND NOT ` + enrolled("NOT IN") + `)`
}

// IsYoung tells whether somebody is a pupil of maternelle now.
func IsYoung(tx *db.Tx, person school.ID) (young bool, err error) {
	return young, tx.Get([]any{&young}, `SELECT `+Young("$2", 1), db.At(tx.Now), person)
}
