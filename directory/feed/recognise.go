package feed

import (
	"cmp"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
	"preau/directory"
	"preau/directory/aaf"
)

// ONDE gives no jointure. A row is about somebody known when what names them,
// and what surrounds them, says so of one person only; whoever is not
// recognised gets a key made of what names them. ADR 16 has the reasons.

// people is whom the register knows by the keys of a source.
type people struct {
	source    school.ID
	pupils    []*acquaintance
	guardians []*acquaintance
	taken     map[aaf.Category]map[aaf.Key]bool // keys of somebody who is here, or was
	classes   []directory.Class                 // that are open
}

// acquaintance is somebody known.
type acquaintance struct {
	directory.Person
	keys     []aaf.Key // live ones first
	living   []aaf.Key // those that are live
	live     bool
	bonds    []directory.Bond // of a guardian, ended ones too
	children map[aaf.Key]bool // of a guardian, by every key of theirs
	claimed  bool             // a row is about them

	birth, usual, first string // folded
}

// peopleOf reads whom a source speaks of.
func peopleOf(tx *db.Tx, kind, academy string) (*people, error) {
	who := &people{taken: map[aaf.Category]map[aaf.Key]bool{aaf.Pupils: {}, aaf.Guardians: {}}}
	err := tx.Get([]any{&who.source}, `SELECT id FROM feed_source WHERE kind = $1 AND academy = $2`, kind, academy)
	if fail.Is(err, fail.NotFound) {
		return who, nil
	}
	if err != nil {
		return nil, err
	}
	if who.classes, err = directory.Classes.All(tx, "source_id = $1 AND until_at IS NULL ORDER BY id", who.source); err != nil {
		return nil, err
	}
	var keys map[school.ID][]aaf.Key // of pupils
	if who.pupils, keys, err = who.read(tx, aaf.Pupils); err != nil {
		return nil, err
	}
	if who.guardians, _, err = who.read(tx, aaf.Guardians); err != nil {
		return nil, err
	}
	bonds, err := directory.Bonds.All(tx, `guardian_id IN (SELECT subject_id FROM directory_key WHERE source_id = $1 AND category = $2)`,
		who.source, aaf.Guardians)
	if err != nil {
		return nil, err
	}
	by := map[school.ID]*acquaintance{}
	for _, g := range who.guardians {
		by[g.ID] = g
	}
	for _, b := range bonds {
		g := by[b.Guardian]
		if g == nil {
			continue // a bond made by hand outlived the undoing of who it names
		}
		g.bonds = append(g.bonds, b)
		for _, key := range keys[b.Pupil] {
			g.children[key] = true
		}
	}
	return who, nil
}

// read reads the people of a category, and gives the keys of everybody of it,
// live ones first; it notes those of whoever is here, or was.
func (who *people) read(tx *db.Tx, category aaf.Category) ([]*acquaintance, map[school.ID][]aaf.Key, error) {
	keys, err := directory.Keys.All(tx, "source_id = $1 AND category = $2 ORDER BY live DESC, jointure", who.source, category)
	if err != nil {
		return nil, nil, err
	}
	all, living := map[school.ID][]aaf.Key{}, map[school.ID][]aaf.Key{}
	for _, k := range keys {
		all[k.Subject] = append(all[k.Subject], aaf.Key(k.Jointure))
		if k.Live {
			living[k.Subject] = append(living[k.Subject], aaf.Key(k.Jointure))
		}
	}
	rows, err := directory.Persons.All(tx, `id IN (SELECT subject_id FROM directory_key WHERE source_id = $1 AND category = $2) ORDER BY id`,
		who.source, category)
	list := make([]*acquaintance, len(rows))
	for i, row := range rows {
		list[i] = &acquaintance{
			Person: row, keys: all[row.ID], living: living[row.ID], live: len(living[row.ID]) > 0, children: map[aaf.Key]bool{},
			birth: school.Fold(row.BirthName), usual: school.Fold(row.UsualName), first: school.Fold(row.FirstName),
		}
		for _, key := range all[row.ID] {
			who.taken[category][key] = true
		}
	}
	return list, all, err
}

// classKey is what a class is called: what ONDE calls it, else its label. A
// class that is known by another key keeps it, where the label says that it is
// the same and ONDE does not say otherwise.
func (who *people) classKey(key, label string) string {
	if key != "" {
		return key
	}
	folded := school.Fold(label)
	found := ""
	for _, class := range who.classes {
		if class.LabelKey != folded {
			continue
		}
		if found != "" && found != class.SourceKey {
			found = ""
			break
		}
		found = class.SourceKey
	}
	return cmp.Or(found, "libelle:"+folded)
}

// recognised is a row, and whose it is.
type recognised struct {
	key aaf.Key
	as  *acquaintance // nil for a newcomer
}

// pair recognises rows: each is about the one acquaintance that passes the
// test, when this one passes it for no other row. Whoever is here now goes
// before whoever has left.
func pair[R any](rows []R, at func(R) *recognised, known []*acquaintance, same func(R, *acquaintance) bool) {
	suitors := map[*acquaintance]int{}
	choice := make([]*acquaintance, len(rows))
	for i, row := range rows {
		if at(row).as != nil {
			continue
		}
		var here, left []*acquaintance
		for _, one := range known {
			switch {
			case one.claimed || !same(row, one):
			case one.live:
				here = append(here, one)
			default:
				left = append(left, one)
			}
		}
		if len(here) == 0 {
			here = left
		}
		if len(here) == 1 {
			choice[i] = here[0]
		}
		for _, one := range here {
			suitors[one]++
		}
	}
	for i, row := range rows {
		if one := choice[i]; one != nil && suitors[one] == 1 {
			one.claimed = true
			*at(row) = recognised{one.keys[0], one}
		}
	}
}

// fresh gives a newcomer's row a key that is nobody's: the first that is free
// of those that are made of the parts, then of their ranks.
func fresh(at school.UAI, taken map[aaf.Key]bool, parts ...string) aaf.Key {
	for ; ; parts = append(parts, "again") {
		if key := keyOf(at, parts...); !taken[key] {
			taken[key] = true
			return key
		}
	}
}
