package search

import (
	"fmt"
	"slices"
	"strings"

	"preau/core/db"
	"preau/core/school"
)

// Among finds things of a room among those that the visitor may read: a query of
// the room's, of their identifiers alone, with its values in args. It gives most
// of them at most, those that have every word in their title first, then the
// newest, and whether there are more. Every word has to begin one of the thing's
// own, or to be another number or gender of it. For a word that begins none of
// those that the visitor may read, those that somebody may have meant by it
// are taken: what the visitor may not read changes nothing of what is found.
func (q Query) Among(tx *db.Tx, room, readable string, most int, args ...any) (found []school.ID, more bool, err error) {
	if q.Empty() {
		return nil, false, nil
	}
	in := shelf{room, readable, q.named, args}
	if found, err = q.find(tx, in, most+1); err != nil {
		return nil, false, err
	}
	if len(found) == 0 {
		meant, err := q.meant(tx, in)
		if err != nil || meant.Empty() {
			return nil, false, err
		}
		if found, err = meant.find(tx, in, most+1); err != nil {
			return nil, false, err
		}
	}
	if more = len(found) > most; more {
		found = found[:most]
	}
	return found, more, nil
}

// shelf is the things of a room among which one looks.
type shelf struct {
	room, readable string
	named          string // of people; empty: none
	args           []any
}

// with begins a statement: the things that may be read are found once, before
// anything is known of the words. They are few, whatever the number of
// all the things of a project, and their words are read one row a thing. Left to
// itself an engine might look through everything for the words first.
func (s shelf) with() (text string, args []any) {
	args = append(slices.Clone(s.args), s.room)
	text = fmt.Sprintf(`WITH readable(id) AS MATERIALIZED (%s)`, s.readable)
	if s.named != "" {
		text += fmt.Sprintf(`, named(id, name) AS MATERIALIZED (%s)`, s.named)
	}
	return text, args
}

// find reads the things that have all the words.
func (q Query) find(tx *db.Tx, in shelf, most int) ([]school.ID, error) {
	with, args := in.with()
	room := len(args)
	var titled, told []string
	for _, w := range q.words {
		var inTitle, inRest, inName []string
		for _, pattern := range w.patterns() {
			args = append(args, pattern)
			inTitle = append(inTitle, fmt.Sprintf("s.title LIKE $%d", len(args)))
			inRest = append(inRest, fmt.Sprintf("s.rest LIKE $%d", len(args)))
			inName = append(inName, fmt.Sprintf("' ' || n.name || ' ' LIKE $%d", len(args)))
		}
		titled = append(titled, "("+strings.Join(inTitle, " OR ")+")")
		if in.named != "" {
			inRest = append(inRest, "r.id IN (SELECT n.id FROM named n WHERE "+strings.Join(inName, " OR ")+")")
		}
		told = append(told, "("+strings.Join(append(inTitle, inRest...), " OR ")+")")
	}
	return db.All(tx, db.Column[school.ID], fmt.Sprintf(`%s, weighed(id, weight) AS MATERIALIZED (
			SELECT r.id, (SELECT CASE WHEN %s THEN 2 WHEN %s THEN 1 ELSE 0 END FROM search_thing s WHERE s.room = $%d AND s.thing = r.id)
			FROM (SELECT DISTINCT id FROM readable) r)
		SELECT id FROM weighed WHERE weight > 0 ORDER BY weight DESC, id DESC LIMIT %d`,
		with, strings.Join(titled, " AND "), strings.Join(told, " AND "), room, most), args...)
}

// patterns are what is LIKE a word among those of a thing; folded, it has nothing that
// a pattern would take for something else.
func (w word) patterns() (all []string) {
	if w.begins != "" {
		all = append(all, "% "+w.begins+"%")
	}
	for _, form := range w.is {
		all = append(all, "% "+form+" %")
	}
	return all
}

// mostRead is how many things lend their words, the newest first.
const mostRead = 5000

// meant reads what somebody may have meant: for each word that begins nothing,
// those near it. It is empty when every word begins something, or when one is
// near nothing.
func (q Query) meant(tx *db.Tx, in shelf) (Query, error) {
	known, err := in.vocabulary(tx)
	return q.amid(known), err
}

// amid is [Query.meant] by somebody who looks in texts that have some words.
func (q Query) amid(known []string) Query {
	meant, changed := Query{typed: q.typed, named: q.named}, false
	for i, w := range q.words {
		if !slices.ContainsFunc(known, w.has) {
			w, changed = word{is: near(w.begins, i == len(q.words)-1, known)}, true
			if len(w.is) == 0 {
				return Query{}
			}
		}
		meant.words = append(meant.words, w)
	}
	if !changed {
		return Query{}
	}
	return meant
}

// vocabulary lists the words of the things, each once.
func (s shelf) vocabulary(tx *db.Tx) (all []string, err error) {
	with, args := s.with()
	names := ""
	if s.named != "" {
		names = " UNION ALL SELECT n.name, '' FROM named n"
	}
	known := map[string]bool{}
	err = tx.Each(func(row db.Row) error {
		var title, rest string
		err := row.Scan(&title, &rest)
		for word := range strings.FieldsSeq(title + " " + rest) {
			if !known[word] {
				known[word] = true
				all = append(all, word)
			}
		}
		return err
	}, fmt.Sprintf(`%s SELECT s.title, s.rest FROM (SELECT DISTINCT id FROM readable ORDER BY id DESC LIMIT %d) r
		JOIN search_thing s ON s.room = $%d AND s.thing = r.id%s`, with, mostRead, len(args), names), args...)
	return all, err
}
