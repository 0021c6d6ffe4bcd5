package message

import (
	"maps"
	"slices"

	"preau/core/audience"
	"preau/core/db"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
)

// Tell implements web.Teller.
func (s *Service) Tell(tx *db.Tx, to web.Addressee, news []audience.News) ([]web.Told, error) {
	ids := make([]school.ID, len(news))
	for i, n := range news {
		ids[i] = n.Thing
	}
	where, args, err := readable(tx, to, db.List(tx, ids))
	if err != nil {
		return nil, err
	}
	threads, err := threadsWhere(tx, `t.id `+tx.Among(1)+` AND `+where, args...)
	if err != nil {
		return nil, err
	}
	by := threadsByID(threads)
	seats, err := seatsOf(tx, ids...)
	if err != nil {
		return nil, err
	}
	posts, err := lastPosts(tx, ids...)
	if err != nil {
		return nil, err
	}
	from := map[school.ID]school.ID{} // who spoke last
	for _, p := range posts {
		from[p.Thread] = p.Author
	}
	told, err := tellHeld(tx, to, slices.DeleteFunc(slices.Clone(news), func(n audience.News) bool { return by[n.Thing].ID != 0 }))
	if err != nil {
		return nil, err
	}
	called, err := namesIn(tx, to.Printer, to.Profile, threads, posts, seats)
	if err != nil {
		return nil, err
	}
	me, err := addressee(tx, to)
	if err != nil {
		return nil, err
	}
	mine := map[school.ID]state{}
	if to.Profile == school.Pupil {
		if mine, err = ownStates(tx, to.Person, ids); err != nil {
			return nil, err
		}
	}
	seen := map[school.ID]bool{}
	for _, n := range news {
		t, there := by[n.Thing]
		back := mine[n.Thing] == returned
		if !there || seen[t.ID] && t.Kind != group || from[t.ID] == to.Person && !back {
			continue
		}
		seen[t.ID] = true
		if back {
			told = append(told, web.Told{News: n, Icon: ui.IconMessage, Title: t.Subject, Wants: to.Printer.Say("message.back"), Href: t.path()})
			continue
		}
		if child := called.childOf(t, seats[t.ID], me); n.Child == 0 {
			n.Child = child.ID
		}
		told = append(told, web.Told{News: n, Icon: ui.IconMessage, Title: t.Subject, From: called.author(from[t.ID], seats[t.ID]), Href: t.path()})
	}
	return told, nil
}

// tellHeld tells who teaches a class those of some news that are what its pupils wrote, and that
// wait for one of them.
func tellHeld(tx *db.Tx, to web.Addressee, news []audience.News) (told []web.Told, err error) {
	if len(news) == 0 {
		return nil, nil
	}
	of := map[school.ID]audience.News{}
	for _, n := range news {
		of[n.Thing] = n
	}
	posts, err := heldPosts(tx, `p.id `+tx.Among(1)+` ORDER BY p.id`, db.List(tx, slices.Collect(maps.Keys(of))))
	if err != nil || len(posts) == 0 {
		return nil, err
	}
	in := make([]school.ID, len(posts))
	for i, p := range posts {
		in[i] = p.Thread
	}
	threads, err := threadsWhere(tx, `t.id `+tx.Among(1), db.List(tx, in))
	if err != nil {
		return nil, err
	}
	seats, err := seatsOf(tx, in...)
	if err != nil {
		return nil, err
	}
	called, err := namesIn(tx, to.Printer, to.Profile, threads, posts, seats)
	for _, p := range posts {
		title := to.Printer.Say("message.review-of", called.author(p.Author, seats[p.Thread]), called.others(p.Author, seats[p.Thread]))
		told = append(told, web.Told{News: of[p.ID], Icon: ui.IconMessage, Title: title, Wants: to.Printer.Say("message.review-wants"), Href: "/message/review"})
	}
	return told, err
}

// addressee is whom something is told, with their children.
func addressee(tx *db.Tx, to web.Addressee) (rights.Actor, error) {
	return directory.Actor(tx, to.Person, to.Profile)
}
