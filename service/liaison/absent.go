package liaison

import (
	"preau/core/db"
	"preau/core/school"
	"preau/core/web"
)

// Absent lists, among some pupils whom the visitor minds in a school now, those who are absent there
// today, as their families told. It does not say why, nor until when, nor who told it.
func (s *Service) Absent(r *web.Request, at school.ID, minded ...school.ID) ([]school.ID, error) {
	if !r.Holds(seeAbsent) || len(minded) == 0 {
		return nil, nil
	}
	return db.All(r.Tx, db.Column[school.ID], `SELECT DISTINCT child_id FROM liaison_note
		WHERE child_id `+r.Tx.Among(1)+` AND school_id = $2 AND kind = $3 AND from_day <= $4 AND until_day >= $4 AND withdrawn_at IS NULL`,
		db.List(r.Tx, minded), at, absence, onDay(r.Tx.Now))
}
