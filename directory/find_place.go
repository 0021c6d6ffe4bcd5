package directory

import (
	"fmt"
	"strings"

	"preau/core/db"
	"preau/core/rights"
	"preau/core/school"
)

// ofClass is where a list of classes has what reaches compare.
var ofClass = rights.Columns{Class: "c.id", School: "c.school_id", InArea: "c.school_id" + inAreas}

// inAreas is a condition, once a column stands before it, that finds the schools
// within areas, whose placeholders go in its %s.
const inAreas = " IN (SELECT w.structure_id FROM directory_within w WHERE w.ancestor_id IN (%s))"

// FindClasses lists the classes and groups behind a gate in whose label every
// word begins a word, by label; all of them without words.
func FindClasses(tx *db.Tx, gate Gate, words string) ([]ClassView, error) {
	where, args := gate(ofClass, db.At(tx.Now))
	views, err := classViews(tx, where, args...)
	wanted := strings.Fields(school.Fold(words))
	var found []ClassView
	for _, view := range views {
		if named(strings.Fields(view.LabelKey), wanted) {
			found = append(found, view)
		}
	}
	return withLevels(tx)(found, err)
}

// ClassesBehind lists the classes and groups behind a gate now, by label, without
// their levels.
func ClassesBehind(tx *db.Tx, gate Gate) ([]ClassView, error) {
	where, args := gate(ofClass, db.At(tx.Now))
	return classViews(tx, where, args...)
}

// ClassesBehindIn lists those of one school, with their levels.
func ClassesBehindIn(tx *db.Tx, gate Gate, at school.ID) ([]ClassView, error) {
	where, args := gate(ofClass, db.At(tx.Now), at)
	return withLevels(tx)(classViews(tx, "c.school_id = $2 AND "+where, args...))
}

// ClassesTaughtBy lists the classes and groups behind a gate that somebody
// teaches now, by label.
func ClassesTaughtBy(tx *db.Tx, gate Gate, teacher school.ID) ([]ClassView, error) {
	where, args := gate(ofClass, db.At(tx.Now), teacher)
	return withLevels(tx)(classViews(tx, where+` AND EXISTS (SELECT 1 FROM directory_membership m
		JOIN directory_function f ON f.person_id = m.person_id AND f.structure_id = c.school_id AND `+During("f", 1)+`
		WHERE m.class_id = c.id AND m.person_id = $2 AND m.role = 'teacher' AND `+During("m", 1)+`)`, args...))
}

// Named is a structure as lists of places show it.
type Named struct {
	Place
	Ref  string // what the world calls it: "uai:0789001K"
	Kind Kind
	Town string
}

// FindSchools lists the open schools behind a gate in whose name, town or UAI
// every word begins a word, by name: most of them at most, and how many there
// are. Without words it finds all of them, and reads no more than those.
func FindSchools(tx *db.Tx, gate Gate, words string, most int) (found []Named, count int, err error) {
	where, args := gate(rights.Columns{School: "s.id", InArea: "s.id" + inAreas})
	where = `s.kind = 'school' AND ` + where
	if school.Fold(words) != "" {
		found, err = structuresWhere(tx, words, where, args...)
		return found[:min(len(found), most)], len(found), err
	}
	count, err = db.One(tx, db.Column[int], `SELECT count(*) FROM directory_structure s WHERE s.until_at IS NULL AND `+where, args...)
	if err != nil {
		return nil, 0, err
	}
	found, err = namedWhere(tx, func(Named) bool { return true }, where, fmt.Sprintf(" LIMIT %d", most), args...)
	return found, count, err
}

// StructuresNamed lists the open structures that a condition on s finds, in
// whose name, town or UAI every word begins a word, by name. Without a word it
// finds none.
func StructuresNamed(tx *db.Tx, words, where string, args ...any) ([]Named, error) {
	if school.Fold(words) == "" {
		return nil, nil
	}
	return structuresWhere(tx, words, where, args...)
}

// StructuresWhere lists them from the widest, then by name; without a word,
// all of them.
func StructuresWhere(tx *db.Tx, words, where string, args ...any) ([]Named, error) {
	all, err := structuresWhere(tx, words, where, args...)
	widestFirst(all, func(s Named) Kind { return s.Kind })
	return all, err
}

// AreasWhere lists the open structures that a condition on s finds and that
// are no school, nor what lies in one town: the project, the académies, the
// départements, the circonscriptions, from the widest, then by name.
func AreasWhere(tx *db.Tx, where string, args ...any) ([]Named, error) {
	return StructuresWhere(tx, "", `s.kind IN ('project', 'academy', 'department', 'circonscription') AND `+where, args...)
}

// Scopes lists the open structures, from the widest, then by name.
func Scopes(tx *db.Tx) ([]Structure, error) {
	all, err := Structures.All(tx, "until_at IS NULL ORDER BY name_key, id")
	widestFirst(all, func(s Structure) Kind { return s.Kind })
	return all, err
}

// structuresWhere lists the open structures that a condition on s finds, in
// whose name, town or UAI every word begins a word, by name. All that the
// condition finds are read, some thousands of lines in a whole académie: towns
// are not stored folded.
func structuresWhere(tx *db.Tx, words, where string, args ...any) (found []Named, err error) {
	wanted := strings.Fields(school.Fold(words))
	return namedWhere(tx, func(s Named) bool {
		return len(wanted) == 0 || named(strings.Fields(school.Fold(s.Name+" "+s.Town+" "+string(s.UAI))), wanted)
	}, where, "", args...)
}

// namedWhere lists the open structures that a condition on s finds, of which keep is
// told, by name; limit ends the statement.
func namedWhere(tx *db.Tx, keep func(Named) bool, where, limit string, args ...any) (found []Named, err error) {
	err = tx.Each(func(row db.Row) error {
		var s Named
		err := row.Scan(&s.ID, &s.Ref, &s.Name, &s.UAI, &s.Town, &s.Kind)
		if keep(s) {
			found = append(found, s)
		}
		return err
	}, `SELECT s.id, s.ref, s.name, s.uai, s.town, s.kind FROM directory_structure s
		WHERE s.until_at IS NULL AND `+where+` ORDER BY s.name_key, s.id`+limit, args...)
	return found, err
}
