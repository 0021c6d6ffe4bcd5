package directory

import (
	"preau/core/db"
	"preau/core/school"
)

// Someone is a person as lists show them.
type Someone struct {
	ID                     school.ID
	Civility, First, Usual string
	SortKey                string
}

// Name is the first name, then the family name.
func (s Someone) Name() string {
	if s.First == "" {
		return s.Usual
	}
	return s.First + " " + s.Usual
}

// Formal is how pupils and families name a teacher: "Mme Bernard".
func (s Someone) Formal() string {
	if s.Civility == "" {
		return s.Name()
	}
	return s.Civility + " " + s.Usual
}

const someone = `p.id, p.civility, p.first_name, p.usual_name, p.sort_key`

func (s *Someone) fields() []any { return []any{&s.ID, &s.Civility, &s.First, &s.Usual, &s.SortKey} }

func scanSomeone(row db.Row) (s Someone, err error) { return s, row.Scan(s.fields()...) }

// Get reads one person.
func Get(tx *db.Tx, id school.ID) (Someone, error) {
	return db.One(tx, scanSomeone, `SELECT `+someone+` FROM directory_person p WHERE p.id = $1`, id)
}

// InClass is somebody's place in a class.
type InClass struct {
	Someone
	Class school.ID
	Born  string // of a pupil: "2019-03-04", or empty
	Level string // of a pupil: "CP"
	Young bool   // a pupil of maternelle, and of nothing else: see [IsYoung]
	Days  string // of a teacher who shares
	Share int
	// ByHand tells that no feed made the place, nor will undo it.
	ByHand bool
}

// IDs lists the identifiers of people of classes.
func IDs(people []InClass) []school.ID {
	ids := make([]school.ID, len(people))
	for i, p := range people {
		ids[i] = p.ID
	}
	return ids
}

// ClassIDs lists the identifiers of classes.
func ClassIDs(classes []ClassView) []school.ID {
	ids := make([]school.ID, len(classes))
	for i, class := range classes {
		ids[i] = class.ID
	}
	return ids
}

// PupilsIn lists the pupils of some classes now, sorted by name.
func PupilsIn(tx *db.Tx, classes ...school.ID) ([]InClass, error) {
	return inClasses(tx, AsPupil, classes)
}

// TeachersIn lists the teachers of some classes now, sorted by name. A
// teacher whose function in the school has ended is not among them.
func TeachersIn(tx *db.Tx, classes ...school.ID) ([]InClass, error) {
	return inClasses(tx, AsTeacher, classes)
}

func inClasses(tx *db.Tx, role Role, classes []school.ID) ([]InClass, error) {
	if len(classes) == 0 {
		return nil, nil
	}
	level, working := `coalesce((SELECT max(e.level_label) FROM directory_enrolment e
		WHERE e.person_id = p.id AND e.school_id = c.school_id AND `+During("e", 1)+`), ''), `+Young("p.id", 1), ""
	if role == AsTeacher {
		level, working = `'', FALSE`, ` AND `+db.Probe(`SELECT 1 FROM directory_function f
			WHERE f.person_id = p.id AND f.structure_id = c.school_id AND `+During("f", 1))
	}
	return db.All(tx, func(row db.Row) (in InClass, err error) {
		var source school.ID
		err = row.Scan(append(in.fields(), &in.Class, &in.Born, &in.Days, &in.Share, &source, &in.Level, &in.Young)...)
		in.ByHand = source == 0
		return in, err
	}, `SELECT `+someone+`, m.class_id, p.birth_date, m.days, m.share, m.source_id, `+level+`
		FROM directory_membership m JOIN directory_person p ON p.id = m.person_id JOIN directory_class c ON c.id = m.class_id
		WHERE m.class_id `+tx.Among(3)+` AND m.role = $2 AND `+During("m", 1)+working+`
		ORDER BY p.sort_key, p.id`, db.At(tx.Now), role, db.List(tx, classes))
}

// SeatsIn gives the pupils of each of the classes among some now, groups left out.
func SeatsIn(tx *db.Tx, classes ...school.ID) (map[school.ID][]school.ID, error) {
	seats := make(map[school.ID][]school.ID, len(classes))
	if len(classes) == 0 {
		return seats, nil
	}
	return seats, tx.Each(func(row db.Row) error {
		var pupil, class school.ID
		err := row.Scan(&pupil, &class)
		seats[class] = append(seats[class], pupil)
		return err
	}, `SELECT m.person_id, m.class_id FROM directory_membership m
		JOIN directory_class c ON c.id = m.class_id AND c.kind = 'class' AND `+During("c", 1)+`
		WHERE m.class_id `+tx.Among(2)+` AND m.role = 'pupil' AND `+During("m", 1), db.At(tx.Now), db.List(tx, classes))
}

// PupilIn reads a pupil who is enrolled in a school now, with the class that
// they are in, or fail.NotFound.
func PupilIn(tx *db.Tx, at, pupil school.ID) (InClass, error) {
	return db.One(tx, func(row db.Row) (in InClass, err error) {
		return in, row.Scan(append(in.fields(), &in.Born, &in.Level, &in.Young, &in.Class)...)
	}, `SELECT `+someone+`, p.birth_date, e.level_label, `+Young("p.id", 1)+`, coalesce((SELECT min(m.class_id) FROM directory_membership m
			JOIN directory_class c ON c.id = m.class_id AND c.school_id = $2 AND c.kind = 'class' AND `+During("c", 1)+`
			WHERE m.person_id = p.id AND m.role = 'pupil' AND `+During("m", 1)+`), 0)
		FROM directory_enrolment e JOIN directory_person p ON p.id = e.person_id AND p.departed_at IS NULL
		WHERE e.person_id = $3 AND e.school_id = $2 AND `+During("e", 1)+` ORDER BY e.from_at LIMIT 1`, db.At(tx.Now), at, pupil)
}

// ClassView is a class with the size of it.
type ClassView struct {
	Class
	Pupils int
	Levels string // "CP, CE1"
}

// ClassesOf lists the classes of some schools now, sorted by label; groups
// are left out.
func ClassesOf(tx *db.Tx, schools ...school.ID) ([]ClassView, error) {
	return withLevels(tx)(PlainClassesOf(tx, schools...))
}

// PlainClassesOf is ClassesOf without the levels, which take longer to find than
// the rest.
func PlainClassesOf(tx *db.Tx, schools ...school.ID) ([]ClassView, error) {
	if len(schools) == 0 {
		return nil, nil
	}
	return classViews(tx, `c.school_id `+tx.Among(2)+` AND c.kind = 'class'`, db.At(tx.Now), db.List(tx, schools))
}

// ClassesByID reads some classes, sorted by label.
func ClassesByID(tx *db.Tx, classes ...school.ID) ([]ClassView, error) {
	return withLevels(tx)(PlainClassesByID(tx, classes...))
}

// PlainClassesByID is ClassesByID without the levels.
func PlainClassesByID(tx *db.Tx, classes ...school.ID) ([]ClassView, error) {
	if len(classes) == 0 {
		return nil, nil
	}
	return classViews(tx, `c.id `+tx.Among(2), db.At(tx.Now), db.List(tx, classes))
}

// classViews reads the classes that a condition finds, without their levels; the
// first of args is the instant.
func classViews(tx *db.Tx, where string, args ...any) ([]ClassView, error) {
	return db.All(tx, func(row db.Row) (v ClassView, err error) {
		return v, row.Scan(append(Classes.fields(&v.Class), &v.Pupils)...)
	}, `SELECT `+Classes.columns("c")+`,
			(SELECT count(*) FROM directory_membership m WHERE m.class_id = c.id AND m.role = 'pupil' AND `+During("m", 1)+`)
		FROM directory_class c WHERE `+where+` AND `+During("c", 1)+` ORDER BY c.label_key, c.id`, args...)
}

// withLevels adds their levels to classes that were read.
func withLevels(tx *db.Tx) func([]ClassView, error) ([]ClassView, error) {
	return func(views []ClassView, err error) ([]ClassView, error) {
		if err != nil || len(views) == 0 {
			return views, err
		}
		return views, levels(tx, views)
	}
}

// levels says the levels of each class, from the youngest pupils to the
// oldest.
func levels(tx *db.Tx, views []ClassView) error {
	at := map[school.ID]*ClassView{}
	ids := make([]school.ID, len(views))
	for i := range views {
		ids[i], at[views[i].ID] = views[i].ID, &views[i]
	}
	return tx.Each(func(row db.Row) error {
		var class school.ID
		var code, label string
		if err := row.Scan(&class, &code, &label); err != nil {
			return err
		}
		v := at[class]
		if v.Levels != "" {
			v.Levels += ", "
		}
		v.Levels += label
		return nil
	}, `SELECT DISTINCT m.class_id, e.level_code, e.level_label FROM directory_membership m
		JOIN directory_class c ON c.id = m.class_id
		JOIN directory_enrolment e ON e.person_id = m.person_id AND e.school_id = c.school_id AND `+During("e", 1)+`
		WHERE m.class_id `+tx.Among(2)+` AND m.role = 'pupil' AND `+During("m", 1)+` AND e.level_label <> ''
		ORDER BY m.class_id, e.level_code`, db.At(tx.Now), db.List(tx, ids))
}

// Level is the level of some pupils of a class.
type Level struct{ Code, Label string } // "1121", "CP"

// LevelsIn lists the levels of the pupils of a class now, from the youngest to the
// oldest.
func LevelsIn(tx *db.Tx, class school.ID) ([]Level, error) {
	of, err := LevelsOf(tx, class)
	return of[class], err
}

// LevelsOf lists them by class.
func LevelsOf(tx *db.Tx, classes ...school.ID) (of map[school.ID][]Level, err error) {
	of = map[school.ID][]Level{}
	return of, tx.Each(func(row db.Row) error {
		var class school.ID
		var l Level
		err := row.Scan(&class, &l.Code, &l.Label)
		of[class] = append(of[class], l)
		return err
	}, `SELECT m.class_id, e.level_code, max(e.level_label) FROM directory_membership m
		JOIN directory_class c ON c.id = m.class_id
		JOIN directory_enrolment e ON e.person_id = m.person_id AND e.school_id = c.school_id AND `+During("e", 1)+`
		WHERE m.class_id `+tx.Among(2)+` AND m.role = 'pupil' AND `+During("m", 1)+` AND e.level_code <> ''
		GROUP BY m.class_id, e.level_code ORDER BY m.class_id, e.level_code`, db.At(tx.Now), db.List(tx, classes))
}

// Worker is a member of a school's staff.
type Worker struct {
	Someone
	Profile school.Profile
	Label   string // of the function, as the source writes it
	Acting  bool   // a head until the school has one
	ByHand  bool
}

// StaffOf lists a school's staff now, heads first, then by name. Somebody
// with several functions comes once for each profile.
func StaffOf(tx *db.Tx, id school.ID) ([]Worker, error) {
	return db.All(tx, func(row db.Row) (w Worker, err error) {
		var source school.ID
		err = row.Scan(append(w.fields(), &w.Profile, &w.Label, &w.Acting, &source)...)
		w.ByHand = source == 0
		return w, err
	}, `SELECT `+someone+`, f.profile, max(f.label), max(CASE WHEN f.code = '`+ActingHead+`' THEN 0 ELSE 1 END) = 0, min(f.source_id)
		FROM directory_function f JOIN directory_person p ON p.id = f.person_id
		WHERE f.structure_id = $2 AND `+During("f", 1)+` AND p.departed_at IS NULL
		GROUP BY `+someone+`, f.profile
		ORDER BY CASE f.profile WHEN '`+string(school.Head)+`' THEN 0 ELSE 1 END, p.sort_key, p.id`, db.At(tx.Now), id)
}

// Child is a pupil as a guardian sees them. Class and School are empty where
// a judge hides the pupil's place from this guardian.
type Child struct {
	Someone
	Level      string
	Class      school.ID
	ClassLabel string
	School     school.ID
	SchoolName string
}

// ChildrenOf lists the pupils whose guardian somebody is, from the youngest
// level to the oldest. A pupil in two schools comes twice.
func ChildrenOf(tx *db.Tx, guardian school.ID) ([]Child, error) {
	return db.All(tx, func(row db.Row) (c Child, err error) {
		return c, row.Scan(append(c.fields(), &c.Level, &c.Class, &c.ClassLabel, &c.School, &c.SchoolName)...)
	}, `SELECT `+someone+`, coalesce(e.level_label, ''), coalesce(c.id, 0), coalesce(c.label, ''), coalesce(s.id, 0), coalesce(s.name, '')
		FROM directory_bond b JOIN directory_person p ON p.id = b.pupil_id
		LEFT JOIN directory_enrolment e ON e.person_id = b.pupil_id AND `+During("e", 1)+placeShown+`
		LEFT JOIN directory_structure s ON s.id = e.school_id
		LEFT JOIN directory_membership m ON m.person_id = b.pupil_id AND m.role = 'pupil' AND `+During("m", 1)+placeShown+`
			AND m.class_id IN (SELECT k.id FROM directory_class k WHERE k.school_id = e.school_id AND k.kind = 'class')
		LEFT JOIN directory_class c ON c.id = m.class_id
		`+openBond+` AND p.departed_at IS NULL
		ORDER BY coalesce(e.level_code, ''), p.sort_key, p.id`, db.At(tx.Now), guardian)
}

// Siblings reads some children of a guardian, each once, in the order of [ChildrenOf].
func Siblings(tx *db.Tx, guardian school.ID, children ...school.ID) ([]Someone, error) {
	if len(children) == 0 {
		return nil, nil
	}
	return db.All(tx, scanSomeone, `SELECT `+someone+` FROM directory_person p WHERE p.id `+tx.Among(3)+`
		ORDER BY coalesce((SELECT min(e.level_code) FROM directory_bond b JOIN directory_enrolment e ON e.person_id = b.pupil_id AND `+During("e", 1)+placeShown+openBond+`
			AND b.pupil_id = p.id), ''), p.sort_key, p.id`, db.At(tx.Now), guardian, db.List(tx, children))
}

// StructureByID reads a structure.
func StructureByID(tx *db.Tx, id school.ID) (Structure, error) {
	return Structures.One(tx, "id = $1", id)
}

// StructuresByID reads some structures, sorted by name.
func StructuresByID(tx *db.Tx, ids ...school.ID) ([]Structure, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	return Structures.All(tx, `id `+tx.Among(1)+` ORDER BY name_key, id`, db.List(tx, ids))
}

// SchoolsWithin lists the open schools within some structures, sorted by name.
func SchoolsWithin(tx *db.Tx, areas ...school.ID) ([]Place, error) {
	return db.All(tx, scanPlace, `SELECT id, name, uai FROM directory_structure
		WHERE kind = 'school' AND until_at IS NULL AND id IN (
			SELECT structure_id FROM directory_within WHERE ancestor_id `+tx.Among(1)+`) ORDER BY name_key, id`, db.List(tx, areas))
}

func scanPlace(row db.Row) (p Place, err error) { return p, row.Scan(&p.ID, &p.Name, &p.UAI) }

// Above lists what a school is within.
func Above(tx *db.Tx, id school.ID) ([]Structure, error) {
	return Structures.All(tx, `id IN (SELECT ancestor_id FROM directory_within WHERE structure_id = $1) ORDER BY kind`, id)
}
