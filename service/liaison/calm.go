package liaison

import (
	"cmp"
	"time"

	"github.com/a-h/templ"

	"preau/core/db"
	"preau/core/i18n"
	"preau/core/school"
	"preau/core/web/calm"
)

var _ calm.Sampler = (*Service)(nil)

// Sample implements calm.Sampler. Words alone are kept in memory: what families tell the
// school is not.
func (s *Service) Sample(tx *db.Tx, things []school.ID) ([]calm.Word, error) {
	words, err := wordsByID(tx, things)
	if err != nil {
		return nil, err
	}
	who, err := writers(tx, words)
	if err != nil {
		return nil, err
	}
	carried, err := bag.Of(tx, things...)
	if err != nil {
		return nil, err
	}
	list := make([]calm.Word, len(words))
	for i, w := range words {
		name := who[w.Author].Formal()
		list[i] = calm.Word{
			Thing: w.ID, Title: calm.Titled(w.Title), Size: w.size(),
			From: func(say i18n.Printer) string { return cmp.Or(name, say.Say("liaison.from-school")) },
			Body: func(now time.Time) templ.Component { return calmBody(w, carried[w.ID], now) },
		}
	}
	return list, nil
}

// size is how many bytes a word keeps in memory, about.
func (w word) size() int {
	const itself = 1 << 10
	return itself + len(w.Title) + len(w.Body.HTML()) + len(w.Why)
}
