package news

import (
	"preau/core/db"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory/whom"
)

// Sent implements web.Sender: the items that somebody wrote, those that wait for their day
// and those that were taken off too.
func (s *Service) Sent(r *web.Request, by web.Sending) ([]web.Sent, error) {
	items, err := db.All(r.Tx, scanItem, `SELECT `+columns+` FROM news_item i WHERE i.author_id = $1 AND `+by.In("i.published_at", "i.school_id")+`
		ORDER BY i.published_at DESC, i.id DESC `+by.Most(), by.Args()...)
	if err != nil {
		return nil, err
	}
	to := whom.Sayer{}
	sent := make([]web.Sent, len(items))
	for n, i := range items {
		said, err := to.Names(r, i.audiences()...)
		if err != nil {
			return nil, err
		}
		sent[n] = web.Sent{Thing: i.ID, School: i.School, At: i.Published, Icon: ui.IconNews, Title: i.Title, Text: i.Body.Plain(), To: said}
	}
	return sent, nil
}
