package liaison

import (
	"preau/core/db"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/web"
)

// Absent lists the pupils who are absent today, as their families told, among those whom the
// visitor minds: in the classes where they help, or in the schools where they keep a service
// of the commune. It does not say why, nor until when, nor who told it.
func (s *Service) Absent(r *web.Request) ([]school.ID, error) {
	if !r.Holds(seeAbsent) {
		return nil, nil
	}
	where, args := r.Scope(seeAbsent, rights.Columns{Class: "n.class_id", School: "n.school_id"}, onDay(r.Tx.Now), absence)
	return db.All(r.Tx, db.Column[school.ID], `SELECT DISTINCT n.child_id FROM liaison_note n
		WHERE n.from_day <= $1 AND n.until_day >= $1 AND n.kind = $2 AND n.withdrawn_at IS NULL AND `+where, args...)
}
