package directory

import (
	"preau/core/db"
	"preau/core/school"
)

// Figures counts a school, or several: never a name.
type Figures struct {
	Schools, Classes, Pupils, Guardians, Staff int
	// Attached counts the classes that have a teacher.
	Attached int
	// Canteen to Study count the pupils enrolled in the périscolaire.
	Canteen, MorningCare, EveningCare, Study int
}

// SchoolFigures gives the figures of each of some schools, in one query
// whatever their number.
func SchoolFigures(tx *db.Tx, schools ...school.ID) (map[school.ID]Figures, error) {
	figures := map[school.ID]Figures{}
	if len(schools) == 0 {
		return figures, nil
	}
	in := tx.Among(2)
	// Each part fills what the others leave 0.
	err := tx.Each(func(row db.Row) error {
		var id school.ID
		var f Figures
		err := row.Scan(&id, &f.Pupils, &f.Canteen, &f.MorningCare, &f.EveningCare, &f.Study, &f.Guardians, &f.Staff, &f.Classes, &f.Attached)
		figures[id] = figures[id].Plus(f)
		return err
	}, `SELECT e.school_id, count(DISTINCT e.person_id),
				count(DISTINCT CASE WHEN e.canteen THEN e.person_id END), count(DISTINCT CASE WHEN e.morning_care THEN e.person_id END),
				count(DISTINCT CASE WHEN e.evening_care THEN e.person_id END), count(DISTINCT CASE WHEN e.study THEN e.person_id END), 0, 0, 0, 0
			FROM directory_enrolment e WHERE e.school_id `+in+` AND `+During("e", 1)+` GROUP BY e.school_id
		UNION ALL SELECT e.school_id, 0, 0, 0, 0, 0, count(DISTINCT b.guardian_id), 0, 0, 0 FROM directory_enrolment e
			JOIN directory_bond b ON b.pupil_id = e.person_id AND `+During("b", 1)+` AND NOT EXISTS (`+barred+`)
			WHERE e.school_id `+in+` AND `+During("e", 1)+` GROUP BY e.school_id
		UNION ALL SELECT f.structure_id, 0, 0, 0, 0, 0, 0, count(DISTINCT f.person_id), 0, 0 FROM directory_function f
			WHERE f.structure_id `+in+` AND `+During("f", 1)+` GROUP BY f.structure_id
		UNION ALL SELECT c.school_id, 0, 0, 0, 0, 0, 0, 0, count(*), count(CASE WHEN EXISTS (
				SELECT 1 FROM directory_membership m WHERE m.class_id = c.id AND m.role = 'teacher' AND `+During("m", 1)+`) THEN 1 END)
			FROM directory_class c WHERE c.school_id `+in+` AND c.kind = 'class' AND `+During("c", 1)+` GROUP BY c.school_id`,
		db.At(tx.Now), db.List(tx, schools))
	if err != nil {
		return nil, err
	}
	for id, f := range figures {
		f.Schools = 1
		figures[id] = f
	}
	return figures, nil
}

// Enrolled counts the pupils enrolled in a service of the périscolaire.
func (f Figures) Enrolled(care Care) int {
	return map[Care]int{Canteen: f.Canteen, MorningCare: f.MorningCare, EveningCare: f.EveningCare, Study: f.Study}[care]
}

// Plus adds figures up. People in two schools count twice.
func (f Figures) Plus(g Figures) Figures {
	return Figures{
		f.Schools + g.Schools, f.Classes + g.Classes, f.Pupils + g.Pupils, f.Guardians + g.Guardians, f.Staff + g.Staff,
		f.Attached + g.Attached, f.Canteen + g.Canteen, f.MorningCare + g.MorningCare, f.EveningCare + g.EveningCare, f.Study + g.Study,
	}
}

// Stats counts the whole register.
type Stats struct {
	Schools   int `json:"schools"`
	Classes   int `json:"classes"`
	Pupils    int `json:"pupils"`
	Guardians int `json:"guardians"`
	Staff     int `json:"staff"`
	Bonds     int `json:"bonds"`
	Departed  int `json:"departed"`
}

// Count counts the whole register: what is here now, and who has departed.
// The staff are those whom deliveries bring, not who is appointed by hand.
func Count(tx *db.Tx) (s Stats, err error) {
	return s, tx.Get([]any{&s.Schools, &s.Classes, &s.Pupils, &s.Guardians, &s.Staff, &s.Bonds, &s.Departed}, `SELECT
		(SELECT count(*) FROM directory_structure WHERE kind = 'school' AND until_at IS NULL),
		(SELECT count(*) FROM directory_class WHERE kind = 'class' AND until_at IS NULL),
		(SELECT count(DISTINCT person_id) FROM directory_enrolment WHERE until_at IS NULL),
		(SELECT count(DISTINCT p.id) FROM directory_person p JOIN directory_key k ON k.subject_id = p.id
			WHERE k.category = 'PersRelEleve' AND k.live AND p.departed_at IS NULL),
		(SELECT count(DISTINCT f.person_id) FROM directory_function f
			JOIN directory_person p ON p.id = f.person_id AND p.departed_at IS NULL
			WHERE f.until_at IS NULL AND f.source_id <> 0),
		(SELECT count(*) FROM directory_bond WHERE until_at IS NULL),
		(SELECT count(*) FROM directory_person WHERE departed_at IS NOT NULL)`)
}
