package directory

import (
	"encoding/json"

	"preau/core/db"
	"preau/core/school"
)

// Pupils lists the pupils whose bonds the two have or had: rows about them
// may name either.
func (s *Split) Pupils(tx *db.Tx) ([]school.ID, error) {
	return db.All(tx, db.Column[school.ID], `SELECT DISTINCT pupil_id FROM directory_bond WHERE guardian_id = $1 OR guardian_id = $2`, s.Kept, s.Gone)
}

// Rename makes the image of a row, kept by somebody else while the two were
// one, that of the one whose row it is. It tells false when nothing changes.
func (s *Split) Rename(table string, image []byte) ([]byte, bool, error) {
	switch table {
	case Persons.Name:
		return rename(Persons, image, func(r *Person) bool { return r.ID == s.Kept && s.speaker(*r) == s.Gone }, func(r *Person) { r.ID = s.Gone })
	case Keys.Name:
		return rename(Keys, image, func(r *Key) bool {
			return r.Subject == s.Kept && s.keys[keyID{r.Source, r.Category, r.Jointure}] == s.Gone
		}, func(r *Key) { r.Subject = s.Gone })
	case Enrolments.Name:
		return renameRow(s, s.enrolments(), image)
	case Memberships.Name:
		return renameRow(s, s.memberships(), image)
	case Functions.Name:
		return renameRow(s, s.functions(), image)
	case Bonds.Name:
		if after, changed, err := renameRow(s, s.bonds(), image); changed || err != nil {
			return after, changed, err
		}
		return renameRow(s, s.guardians(), image)
	}
	return image, false, nil
}

func renameRow[R any](s *Split, p portion[R], image []byte) ([]byte, bool, error) {
	kept, gone := p.of(s.before.of(s.Kept)), p.of(s.before.of(s.Gone))
	return rename(p.table, image,
		func(r *R) bool { return *p.whose(r) == s.Kept && p.gives(s, *r, kept, gone) },
		func(r *R) { *p.whose(r) = s.Gone })
}

func rename[R any](t Table[R], image []byte, theirs func(*R) bool, give func(*R)) ([]byte, bool, error) {
	row, err := t.read(image)
	if err != nil || !theirs(&row) {
		return image, false, err
	}
	give(&row)
	text, err := json.Marshal(t.Image(&row))
	return text, true, err
}
