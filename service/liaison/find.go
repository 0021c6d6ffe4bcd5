package liaison

import (
	"strconv"
	"strings"

	"preau/core/attach"
	"preau/core/audience"
	"preau/core/db"
	"preau/core/i18n"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/search"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
)

// excerpt is how many letters of a word a search shows.
const excerpt = 120

// Find implements web.Finder: among the words that the visitor received, or follows, and the notes
// of families, which a family finds where it told them itself.
func (s *Service) Find(r *web.Request, q search.Query) (web.Findings, error) {
	where, args, err := s.mine(r, 0, nil)
	if err != nil {
		return web.Findings{}, err
	}
	notes, args := findable(r, args)
	q = q.Named(`SELECT w.id, p.sort_key FROM readable r JOIN liaison_word w ON w.id = r.id JOIN directory_person p ON p.id IN (w.author_id, w.pupil_id)
		UNION ALL SELECT n.id, p.sort_key FROM readable r JOIN liaison_note n ON n.id = r.id JOIN directory_person p ON p.id IN (n.author_id, n.child_id)`)
	ids, _, err := q.Among(r.Tx, room, `SELECT w.id FROM liaison_word w WHERE `+where+` UNION ALL SELECT n.id FROM liaison_note n WHERE `+notes, web.MostFound, args...)
	if err != nil {
		return web.Findings{}, err
	}
	found, err := s.foundWords(r, q, ids)
	if err != nil {
		return web.Findings{}, err
	}
	told, err := foundNotes(r, q, ids)
	var f web.Findings
	for _, id := range ids {
		if one, is := found[id]; is {
			f.Found = append(f.Found, one)
		} else if one, is := told[id]; is {
			f.Found = append(f.Found, one)
		}
	}
	return f, err
}

// findable is the condition that finds the notes n whose words the visitor reads.
func findable(r *web.Request, args []any) (string, []any) {
	if r.Holds(follow) {
		return r.Scope(follow, rights.Columns{Class: "n.class_id", School: "n.school_id"}, args...)
	}
	me, children := len(args)+1, len(args)+2
	return `n.author_id = $` + strconv.Itoa(me) + ` AND n.child_id ` + r.Tx.Among(children), append(args, r.Actor.Person, db.List(r.Tx, r.Actor.Children))
}

func (s *Service) foundWords(r *web.Request, q search.Query, ids []school.ID) (map[school.ID]web.Found, error) {
	words, err := wordsByID(r.Tx, ids)
	if err != nil {
		return nil, err
	}
	from, err := authors(r.Tx, r.Printer, words)
	if err != nil {
		return nil, err
	}
	of, err := concerned(r, words)
	found := map[school.ID]web.Found{}
	for _, w := range words {
		found[w.ID] = web.Found{
			Title: w.Title, Text: q.Excerpt(w.Body.Plain(), excerpt), Who: from[w.ID], When: r.Printer.Moment(w.Published, r.Tx.Now), Href: w.path(), Icon: w.Category.icon(),
			Children: of[w.ID], Lang: i18n.French,
		}
	}
	return found, err
}

// concerned names the children whom some words concern: those of the visitor, or, to whoever follows a
// word to the family of one, that one.
func concerned(r *web.Request, words []word) (map[school.ID][]ui.ChildTag, error) {
	of := map[school.ID][]ui.ChildTag{}
	if r.Holds(follow) {
		pupils := make([]school.ID, len(words))
		for i, w := range words {
			pupils[i] = w.Pupil
		}
		who, err := directory.SomeBy(r.Tx, pupils...)
		for _, w := range words {
			if w.Pupil != 0 {
				of[w.ID] = []ui.ChildTag{{First: who[w.Pupil].Name(), Accent: r.AccentOf(w.Pupil)}}
			}
		}
		return of, err
	}
	ids := make([]school.ID, len(words))
	for i, w := range words {
		ids[i] = w.ID
	}
	mine, err := myChildren(r)
	if err != nil || len(mine) == 0 {
		return of, err
	}
	held, err := r.Held()
	if err != nil {
		return nil, err
	}
	to, err := audience.To(r.Tx, ids...)
	for _, w := range words {
		of[w.ID] = tags(r, mine, held.ChildrenOf(to[w.ID], w.Published, r.Tx.Now))
	}
	return of, err
}

func foundNotes(r *web.Request, q search.Query, ids []school.ID) (map[school.ID]web.Found, error) {
	notes, err := notesByID(r.Tx, ids)
	if err != nil {
		return nil, err
	}
	var people []school.ID
	for _, n := range notes {
		people = append(people, n.Child, n.Author)
	}
	who, err := directory.SomeBy(r.Tx, people...)
	if err != nil {
		return nil, err
	}
	var marks directory.Marks
	if r.Holds(follow) {
		marks, err = directory.MarksOf(r.Tx, r.Printer, people...)
	}
	found := map[school.ID]web.Found{}
	for _, n := range notes {
		found[n.ID] = web.Found{
			Title: i18n.Dots(marks.On(who[n.Child]).Name(), n.what(r.Printer, r.Tx.Now)), Text: q.Excerpt(n.Body, excerpt), Who: who[n.Author].Name(),
			When: r.Printer.Moment(n.Sent, r.Tx.Now), Href: n.path(), Icon: noteIcons[n.Kind],
		}
	}
	return found, err
}

// hang gives a word what it carries, and has it be found by the names of its files.
func hang(tx *db.Tx, say i18n.Printer, w word, set attach.Set) error {
	if err := bag.Hang(tx, w.ID, set); err != nil {
		return err
	}
	return index(tx, say, w)
}

// index has a word be found by what it says, by the names of its files and by its facts: where and,
// as a printer says them, the day and what to bring; the zero Printer, of a demo, says neither.
func index(tx *db.Tx, say i18n.Printer, w word) error {
	files, err := bag.FileNames(tx, w.ID)
	if err != nil {
		return err
	}
	rest := []string{w.Body.Plain(), w.Facts.Place, files}
	if say.Lang = i18n.French; say.Catalogue != nil {
		if on := w.Facts.on(); !on.IsZero() {
			rest = append(rest, say.Date(on))
		}
		for _, one := range w.Facts.Bring {
			rest = append(rest, say.Say("liaison.bring-"+string(one)))
		}
	}
	return search.Put(tx, room, w.ID, w.Title, strings.Join(append(rest, w.Choices...), "\n"))
}

// indexNote has a note be found by what it says, and by what was answered.
func indexNote(tx *db.Tx, say i18n.Printer, n note) error {
	title := string(n.Kind)
	if say.Lang = i18n.French; say.Catalogue != nil {
		title = say.Say("liaison.note-" + string(n.Kind))
	}
	return search.Put(tx, room, n.ID, title, n.Body+"\n"+n.Reply)
}

// FoundBy implements search.Refinder.
func (records) FoundBy() string { return "facts, notes, files" }

// Reindex implements search.Refinder, of the words and the notes.
func (records) Reindex(tx *db.Tx, say i18n.Printer, after school.ID, most int) (last school.ID, err error) {
	ids, err := db.All(tx, db.Column[school.ID], `SELECT x.id FROM (SELECT id FROM liaison_word WHERE id > $1 UNION ALL SELECT id FROM liaison_note WHERE id > $1) x
		ORDER BY x.id LIMIT $2`, after, most)
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	words, err := wordsByID(tx, ids)
	if err != nil {
		return 0, err
	}
	for _, w := range words {
		if err := index(tx, say, w); err != nil {
			return 0, err
		}
	}
	notes, err := notesByID(tx, ids)
	for _, n := range notes {
		if err == nil {
			err = indexNote(tx, say, n)
		}
	}
	return ids[len(ids)-1], err
}
