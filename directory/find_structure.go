package directory

import (
	"slices"
	"strings"

	"preau/core/db"
	"preau/core/school"
)

// StructureSearch looks for open structures: those in whose name, town or UAI
// every word begins a word, of some kinds, within some areas or these areas
// themselves; no area is everywhere.
type StructureSearch struct {
	Words  string
	Kinds  []Kind
	Within []school.ID
	Limit  int
}

// FindStructures gives the first that a search finds, the widest before, then
// by name.
func FindStructures(tx *db.Tx, q StructureSearch) ([]Structure, error) {
	where := "until_at IS NULL"
	if len(q.Within) > 0 {
		in := db.In(q.Within)
		where += ` AND (id IN (` + in + `) OR id IN (SELECT structure_id FROM directory_within WHERE ancestor_id IN (` + in + `)))`
	}
	all, err := Structures.All(tx, where+` ORDER BY CASE kind WHEN 'project' THEN 0 WHEN 'academy' THEN 1 WHEN 'department' THEN 2
		WHEN 'circonscription' THEN 3 WHEN 'office' THEN 4 WHEN 'commune' THEN 5 WHEN 'rpi' THEN 6 ELSE 7 END, name_key, id`)
	wanted := strings.Fields(school.Fold(q.Words))
	var found []Structure
	for _, s := range all {
		name := strings.Fields(s.NameKey + " " + school.Fold(s.Town) + " " + school.Fold(string(s.UAI)))
		if slices.Contains(q.Kinds, s.Kind) && named(name, wanted) {
			if found = append(found, s); len(found) == q.Limit {
				break
			}
		}
	}
	return found, err
}
