package directory

import (
	"strings"

	"preau/core/db"
	"preau/core/rights"
	"preau/core/school"
)

// ofClass is where a list of classes has what reaches compare.
var ofClass = rights.Columns{Class: "c.id", School: "c.school_id"}

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
	return found, err
}

// ClassesTaughtBy lists the classes and groups behind a gate that somebody
// teaches now, by label.
func ClassesTaughtBy(tx *db.Tx, gate Gate, teacher school.ID) ([]ClassView, error) {
	where, args := gate(ofClass, db.At(tx.Now), teacher)
	return classViews(tx, where+` AND EXISTS (SELECT 1 FROM directory_membership m
		JOIN directory_function f ON f.person_id = m.person_id AND f.structure_id = c.school_id AND `+During("f", 1)+`
		WHERE m.class_id = c.id AND m.person_id = $2 AND m.role = 'teacher' AND `+During("m", 1)+`)`, args...)
}

// PlaceFound is a school with its town.
type PlaceFound struct {
	Place
	Town string
}

// FindSchools lists the open schools behind a gate in whose name, town or UAI
// every word begins a word, by name: most of them at most, and how many there
// are. Without words it lists all of them.
//
// A whole académie is read, some thousands of lines: towns are not stored
// folded.
func FindSchools(tx *db.Tx, gate Gate, words string, most int) (found []PlaceFound, count int, err error) {
	where, args := gate(rights.Columns{
		School: "s.id", InArea: "s.id IN (SELECT w.structure_id FROM directory_within w WHERE w.ancestor_id IN (%s))",
	})
	wanted := strings.Fields(school.Fold(words))
	err = tx.Each(func(row db.Row) error {
		var p PlaceFound
		var key string
		if err := row.Scan(&p.ID, &p.Name, &p.UAI, &key, &p.Town); err != nil {
			return err
		}
		if len(wanted) > 0 && !named(strings.Fields(key+" "+school.Fold(p.Town+" "+string(p.UAI))), wanted) {
			return nil
		}
		if count++; count <= most {
			found = append(found, p)
		}
		return nil
	}, `SELECT s.id, s.name, s.uai, s.name_key, s.town FROM directory_structure s
		WHERE s.kind = 'school' AND s.until_at IS NULL AND `+where+` ORDER BY s.name_key, s.id`, args...)
	return found, count, err
}
