package liaison

import (
	"preau/core/db"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/web"
)

// Absent lists, among some pupils whom the visitor minds in a school or in one of its classes now, those
// who are absent there today, as their families told; nobody where their right does not reach. It
// does not say why, nor until when, nor who told it.
func (s *Service) Absent(r *web.Request, at rights.Object, minded ...school.ID) ([]school.ID, error) {
	if !r.Holds(seeAbsent) || r.Can(seeAbsent, at) != nil || len(minded) == 0 {
		return nil, nil
	}
	return db.All(r.Tx, db.Column[school.ID], `SELECT DISTINCT child_id FROM liaison_note
		WHERE child_id `+r.Tx.Among(1)+` AND school_id = $2 AND kind = $3 AND from_day <= $4 AND until_day >= $4 AND withdrawn_at IS NULL`,
		db.List(r.Tx, minded), at.School, absence, onDay(r.Tx.Now))
}
