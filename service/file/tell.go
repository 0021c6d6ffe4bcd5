package file

import (
	"preau/core/audience"
	"preau/core/db"
	"preau/core/i18n"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
)

// Tell implements web.Teller. What reaches somebody for several of their children is told once, for none of them.
func (s *Service) Tell(tx *db.Tx, to web.Addressee, news []audience.News) ([]web.Told, error) {
	ids, of := web.Once(news)
	grants, err := toldOf(tx, ids...)
	if err != nil {
		return nil, err
	}
	authors := make([]school.ID, 0, len(grants))
	for _, g := range grants {
		authors = append(authors, g.Author)
	}
	people, err := directory.SomeBy(tx, authors...)
	var told []web.Told
	for _, id := range ids {
		if g, there := grants[id]; there {
			told = append(told, web.Told{
				News: of[id].News, Icon: g.Of.icon(), Title: g.Of.Name, Lang: i18n.French, From: people[g.Author].Formal(), Href: g.Of.path(), Children: of[id].Children,
			})
		}
	}
	return told, err
}

// aboutGrants reads what some grants open, and who opened it.
func aboutGrants(tx *db.Tx, grants []grant) (map[school.ID]entry, map[school.ID]directory.Someone, error) {
	var ids, authors []school.ID
	for _, g := range grants {
		ids, authors = append(ids, g.Entry), append(authors, g.Author)
	}
	found, err := entriesByID(tx, ids...)
	if err != nil {
		return nil, nil, err
	}
	entries := make(map[school.ID]entry, len(found))
	for _, e := range found {
		entries[e.ID] = e
	}
	people, err := directory.SomeBy(tx, authors...)
	return entries, people, err
}

// icon is that of what an entry is.
func (e entry) icon() ui.Icon {
	if e.Folder {
		return ui.IconFolder
	}
	return ui.IconFile
}
