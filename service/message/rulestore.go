package message

import (
	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
)

// booksOf reads the rules of some schools; that of 0 is the project's alone.
func booksOf(tx *db.Tx, schools ...school.ID) (map[school.ID]book, error) {
	set := map[school.ID]map[pair]rule{}
	err := tx.Each(func(row db.Row) error {
		var at school.ID
		var p pair
		var value rule
		if err := row.Scan(&at, &p.from, &p.to, &value); err != nil {
			return err
		}
		if set[at] == nil {
			set[at] = map[pair]rule{}
		}
		set[at][p] = value
		return nil
	}, `SELECT school_id, sender, recipient, value FROM message_rule WHERE school_id = 0 OR school_id `+tx.Among(1), db.List(tx, schools))
	books := map[school.ID]book{0: {project: set[0]}}
	for _, at := range schools {
		books[at] = book{project: set[0], school: set[at]}
	}
	return books, err
}

// agentsBook is the rules that a commune has for its agents.
func agentsBook(tx *db.Tx, commune school.ID) (book, error) {
	books, err := booksOf(tx, commune)
	return book{project: books[commune].project, commune: books[commune].school}, err
}

// setRule writes what a rule is in a school, in a commune, or in the whole project (0), from
// now on.
func setRule(tx *db.Tx, at school.ID, p pair, value rule, by school.ID) error {
	_, err := tx.Exec(`INSERT INTO message_rule (school_id, sender, recipient, value, set_by, set_at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (school_id, sender, recipient) DO UPDATE SET value = excluded.value, set_by = excluded.set_by, set_at = excluded.set_at`,
		at, string(p.from), string(p.to), string(value), by, db.At(tx.Now))
	return err
}

// openingOf is what the pupils of a class may do: nothing, unless a teacher said so.
func openingOf(tx *db.Tx, class school.ID) (o opening, err error) {
	err = tx.Get([]any{&o.ToTeacher, &o.Among}, `SELECT to_teacher, among FROM message_class WHERE class_id = $1`, class)
	if fail.Is(err, fail.NotFound) {
		return opening{}, nil
	}
	return o, err
}

// setOpening writes it.
func setOpening(tx *db.Tx, class, at school.ID, o opening, by school.ID) error {
	_, err := tx.Exec(`INSERT INTO message_class (class_id, school_id, to_teacher, among, set_by, set_at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (class_id) DO UPDATE SET to_teacher = excluded.to_teacher, among = excluded.among, set_by = excluded.set_by, set_at = excluded.set_at`,
		class, at, o.ToTeacher, o.Among, by, db.At(tx.Now))
	return err
}
