package directory

import (
	"regexp"
	"slices"
	"strings"

	"preau/core/db"
	"preau/core/school"
)

// present is the condition that a person p is somebody who has not left at the
// instant $1: an organisation never comes in.
const present = `NOT p.organisation AND (p.departed_at IS NULL OR p.departed_at > $1)`

// GuardianOfKey finds the guardian whom a source calls by a jointure, now or
// before: a key is never given to somebody else. Nobody is fail.NotFound.
func GuardianOfKey(tx *db.Tx, source school.ID, jointure int64) (school.ID, error) {
	return db.One(tx, db.Column[school.ID], `SELECT p.id FROM directory_key k JOIN directory_person p ON p.id = k.subject_id
		WHERE k.source_id = $2 AND k.category = 'PersRelEleve' AND k.jointure = $3 AND `+present, db.At(tx.Now), source, jointure)
}

// GuardiansNamed finds the guardians of a name among those of the pupil whom
// one of the sources calls by a jointure, and who is enrolled now in the school
// of an UAI that it delivers. A name is the usual or the birth name.
func GuardiansNamed(tx *db.Tx, sources []school.ID, uai school.UAI, pupil int64, name, first string) (found []school.ID, err error) {
	err = tx.Each(func(row db.Row) error {
		var id school.ID
		var usual, birth, called string
		if err := row.Scan(&id, &usual, &birth, &called); err != nil {
			return err
		}
		want := school.Fold(name)
		if school.Fold(called) == school.Fold(first) && (school.Fold(usual) == want || school.Fold(birth) == want) {
			found = append(found, id)
		}
		return nil
	}, `SELECT DISTINCT p.id, p.usual_name, p.birth_name, p.first_name FROM directory_structure s
		JOIN directory_enrolment e ON e.school_id = s.id AND `+During("e", 1)+`
		JOIN directory_key k ON k.subject_id = e.person_id AND k.source_id = s.source_id AND k.category = 'Eleve' AND k.jointure = $2
		JOIN directory_bond b ON b.pupil_id = e.person_id AND `+During("b", 1)+` AND NOT EXISTS (`+barred+`)
		JOIN directory_person p ON p.id = b.guardian_id
		WHERE s.kind = 'school' AND s.uai = $3 AND s.source_id IN (`+db.In(sources)+`) AND `+present+` ORDER BY p.id`,
		db.At(tx.Now), pupil, string(uai))
	return found, err
}

var schoolBox = regexp.MustCompile(`^ce\.[0-9]{7}[a-z]@`)

// IsSchoolBox tells whether a mail, in small letters, is a school's own, which
// is nobody's.
func IsSchoolBox(mail string) bool { return schoolBox.MatchString(mail) }

// StaffOfMail finds who of the staff that académies deliver has an academic
// mail, in post now. A mail that several people share is nobody's; several
// records of one name are one person.
func StaffOfMail(tx *db.Tx, mail string) ([]school.ID, error) {
	mail = strings.ToLower(strings.TrimSpace(mail))
	if !school.IsMail(mail) || IsSchoolBox(mail) {
		return nil, nil
	}
	found, err := db.All(tx, scanSomeone, `SELECT DISTINCT `+someone+` FROM directory_function f
		JOIN directory_person p ON p.id = f.person_id
		JOIN directory_key k ON k.subject_id = p.id AND k.source_id = p.source_id AND k.jointure = p.jointure AND k.category = 'PersEducNat'
		WHERE p.mail <> '' AND lower(p.mail) = $2 AND `+During("f", 1)+` AND `+present+` ORDER BY p.id`, db.At(tx.Now), mail)
	if err != nil || slices.ContainsFunc(found, func(s Someone) bool { return s.SortKey != found[0].SortKey }) {
		return nil, err
	}
	people := make([]school.ID, len(found))
	for i, one := range found {
		people[i] = one.ID
	}
	return people, nil
}
