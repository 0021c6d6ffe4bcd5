package alert

import (
	"preau/core/audience"
	"preau/core/db"
	"preau/core/i18n"
	"preau/core/school"
	"preau/core/search"
	"preau/core/web"
)

// Tell implements web.Teller. What reaches somebody for several of their children is told
// once, for none of them.
func (s *Service) Tell(tx *db.Tx, to web.Addressee, news []audience.News) ([]web.Told, error) {
	if to.Profile == school.Pupil {
		return nil, nil
	}
	ids, of := web.Once(news)
	found, err := alertsByID(tx, ids)
	if err != nil {
		return nil, err
	}
	lines, err := tellEnds(tx, to, news)
	if err != nil {
		return nil, err
	}
	from, err := tellers(tx, to.Printer, found)
	for _, a := range found {
		lines = append(lines, web.Told{
			News: of[a.ID].News, Icon: a.Kind.icon(), Title: a.title(to.Printer), From: i18n.Dots(from[a.ID].String(), excerpt(a.Last.Text)), Href: a.path(),
			Children: of[a.ID].Children,
		})
	}
	return lines, err
}

// shown is how many letters of a notice a line has.
const shown = 80

// excerpt is the beginning of a text.
func excerpt(text string) string {
	if letters := []rune(text); len(letters) > shown {
		return string(letters[:shown]) + "…"
	}
	return text
}

// index has alerts that were told together be found by what they say.
func index(tx *db.Tx, say i18n.Printer, all ...alert) error {
	say.Lang = i18n.French
	return search.PutAll(tx, room, idsOf(all), all[0].title(say), all[0].Last.Text)
}

// Find implements web.Finder: among the notices that the visitor may read.
func (s *Service) Find(r *web.Request, q search.Query) (web.Findings, error) {
	where, args, err := mine(r, nil)
	if err != nil {
		return web.Findings{}, err
	}
	q = q.Named(`SELECT a.id, p.sort_key FROM readable r JOIN alert_alert a ON a.id = r.id JOIN directory_person p ON p.id = a.author_id`)
	ids, _, err := q.Among(r.Tx, room, `SELECT a.id FROM alert_alert a WHERE `+where, web.MostFound, args...)
	if err != nil {
		return web.Findings{}, err
	}
	found, err := alertsByID(r.Tx, ids)
	if err != nil {
		return web.Findings{}, err
	}
	by := map[school.ID]alert{}
	for _, a := range found {
		by[a.ID] = a
	}
	from, err := tellers(r.Tx, r.Printer, found)
	var f web.Findings
	for _, id := range ids {
		a := by[id]
		f.Found = append(f.Found, web.Found{
			Title: a.title(r.Printer), Text: q.Excerpt(a.Last.Text, shown), Who: from[id].String(), When: r.Printer.Moment(a.Last.At, r.Tx.Now), Href: a.path(), Icon: a.Kind.icon(),
		})
	}
	return f, err
}
