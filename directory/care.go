package directory

import (
	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
)

// Care is a service of the périscolaire, for which families enrol a child.
type Care string

// The services, in the order of a day.
const (
	MorningCare Care = "morning-care"
	Canteen     Care = "canteen"
	EveningCare Care = "evening-care"
	Study       Care = "study"
)

// careColumns is where an enrolment says each.
var careColumns = map[Care]string{
	MorningCare: "morning_care", Canteen: "canteen", EveningCare: "evening_care", Study: "study",
}

// Enrolled is a child on the list of a service: a name and a class, nothing
// else.
type Enrolled struct {
	Someone
	Class string
}

// EnrolledIn lists the pupils of a school whose families declared that they
// use a service, by class and then by name. A service that is none is
// fail.NotFound.
func EnrolledIn(tx *db.Tx, at school.ID, care Care) ([]Enrolled, error) {
	column, ok := careColumns[care]
	if !ok {
		return nil, fail.New(fail.NotFound, "no such service")
	}
	return db.All(tx, func(row db.Row) (e Enrolled, err error) {
		return e, row.Scan(append(e.fields(), &e.Class)...)
	}, `SELECT `+someone+`, coalesce(min(c.label), '') FROM directory_enrolment e
		JOIN directory_person p ON p.id = e.person_id AND p.departed_at IS NULL
		LEFT JOIN directory_membership m ON m.person_id = p.id AND m.role = 'pupil' AND `+During("m", 1)+`
			AND m.class_id IN (SELECT k.id FROM directory_class k WHERE k.school_id = $2 AND k.kind = 'class' AND `+During("k", 1)+`)
		LEFT JOIN directory_class c ON c.id = m.class_id
		WHERE e.school_id = $2 AND e.`+column+` AND `+During("e", 1)+`
		GROUP BY `+someone+`
		ORDER BY coalesce(min(c.label_key), ''), coalesce(min(c.label), ''), p.sort_key, p.id`, db.At(tx.Now), at)
}
