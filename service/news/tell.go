package news

import (
	"preau/core/audience"
	"preau/core/db"
	"preau/core/i18n"
	"preau/core/ui"
	"preau/core/web"
)

// Tell implements web.Teller. What reaches somebody for several of their children is told
// once, for none of them.
func (s *Service) Tell(tx *db.Tx, to web.Addressee, news []audience.News) ([]web.Told, error) {
	ids, of := web.Once(news)
	found, err := itemsByID(tx, ids)
	if err != nil {
		return nil, err
	}
	by := byID(found)
	from, err := tellers(tx, to.Printer, found)
	var told []web.Told
	for _, id := range ids {
		i, there := by[id]
		if !there {
			continue
		}
		told = append(told, web.Told{
			News: of[id].News, Icon: i.icon(), Title: i.Title, Lang: i18n.French, From: i18n.Dots(from[id], i.Event.when(to.Printer, tx.Now)), Href: i.path(), On: i.Event.At,
			Children: of[id].Children,
		})
	}
	return told, err
}

// icon is that of what an item is: an event, or a piece of news.
func (i item) icon() ui.Icon {
	if !i.Event.At.IsZero() {
		return ui.IconCalendar
	}
	return ui.IconNews
}
