package alert

import (
	"time"

	"github.com/a-h/templ"

	"preau/core/db"
	"preau/core/i18n"
	"preau/core/school"
	"preau/core/web/calm"
)

var _ calm.Sampler = (*Service)(nil)

// Sample implements calm.Sampler: on a day of storm everybody comes at once, and what is
// urgent is what they come for.
func (s *Service) Sample(tx *db.Tx, things []school.ID) ([]calm.Word, error) {
	all, err := alertsByID(tx, things)
	if err != nil {
		return nil, err
	}
	known, err := namesIn(tx, all)
	list := make([]calm.Word, len(all))
	for i, a := range all {
		const itself = 1 << 10
		list[i] = calm.Word{
			Thing: a.ID, Title: a.title, Size: itself + len(a.Last.Text),
			From: func(say i18n.Printer) string { return known.teller(say, a).String() },
			Body: func(now time.Time) templ.Component { return calmBody(a, now) },
		}
	}
	return list, err
}
