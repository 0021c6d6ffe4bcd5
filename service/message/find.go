package message

import (
	"slices"

	"preau/core/db"
	"preau/core/i18n"
	"preau/core/school"
	"preau/core/search"
	"preau/core/ui"
	"preau/core/web"
)

// excerpt is how many letters of a conversation a search shows.
const excerpt = 120

// In how many of the last posts of a conversation a search looks for what it shows, and in how many
// bytes of them, about: what was found in an earlier one is shown by its end.
const mostFolded, longestFolded = 100, 20_000

// Find implements web.Finder: among the conversations that the visitor reads, by what is said in them, the
// names of the files there, of whoever speaks and of whoever is spoken to by name.
func (s *Service) Find(r *web.Request, q search.Query) (web.Findings, error) {
	where, args, err := s.mine(r, r.Actor.Person)
	if err != nil {
		return web.Findings{}, err
	}
	child := `, t.child_id`
	if r.Actor.Profile == school.Guardian { // of a conversation between parents, one does not read of which child of the other's it is
		child = ``
	}
	q = q.Named(`SELECT t.id, p.sort_key FROM readable r JOIN message_thread t ON t.id = r.id JOIN directory_person p ON p.id IN (t.author_id` + child + `)
		UNION ALL SELECT m.thread_id, p.sort_key FROM readable r JOIN message_post m ON m.thread_id = r.id AND m.state = 'said' JOIN directory_person p ON p.id = m.author_id
		UNION ALL SELECT o.thread_id, p.sort_key FROM readable r JOIN message_thread t ON t.id = r.id AND (t.kind <> 'group' OR t.author_id IN (` + oneWith(1) + `))
			JOIN message_seat o ON o.thread_id = r.id JOIN directory_person p ON p.id = o.person_id`)
	ids, _, err := q.Among(r.Tx, room, `SELECT t.id FROM message_thread t WHERE `+where, web.MostFound, args...)
	if err != nil {
		return web.Findings{}, err
	}
	held, err := r.Held()
	if err != nil {
		return web.Findings{}, err
	}
	var f web.Findings
	var shown []school.ID // of which they had not read all
	for _, id := range ids {
		t, err := s.readThread(r, id)
		if err != nil {
			return f, err
		}
		if until, gone := t.left(held, r.Tx.Now); gone && !t.Last.Before(until) { // what was found may be what they do not read
			continue
		}
		lines, err := s.lines(r, []thread{t})
		if err != nil {
			return f, err
		}
		seen, _, err := t.visible(r, latest, mostFolded)
		if err != nil {
			return f, err
		}
		if lines[0].Unread {
			shown = append(shown, id)
		}
		text := ""
		for _, p := range slices.Backward(seen) {
			if text = p.Body.Plain() + "\n" + text; len(text) > longestFolded {
				break
			}
		}
		f.Found = append(f.Found, web.Found{
			Title: t.Subject, Text: q.Excerpt(text, excerpt), Who: lines[0].Whom, When: r.Printer.Moment(t.Last, r.Tx.Now), Href: t.path(), Icon: ui.IconMessage,
		})
	}
	if len(shown) == 0 {
		return f, nil
	}
	return f, noteShown(r, shown...)
}

// FoundBy implements search.Refinder.
func (records) FoundBy() string { return "files" }

// Reindex implements search.Refinder.
func (records) Reindex(tx *db.Tx, _ i18n.Printer, after school.ID, most int) (last school.ID, err error) {
	threads, err := threadsWhere(tx, `t.id > $1 ORDER BY t.id LIMIT $2`, after, most)
	for _, t := range threads {
		if err == nil {
			err, last = index(tx, t), t.ID
		}
	}
	return last, err
}
