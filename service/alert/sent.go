package alert

import (
	"preau/core/db"
	"preau/core/web"
	"preau/directory/whom"
)

// Sent implements web.Sender: the alerts that somebody told, each as it says it last. What they
// said in one of another's is a change of that one.
func (s *Service) Sent(r *web.Request, by web.Sending) ([]web.Sent, error) {
	found, err := db.All(r.Tx, scanAlert, `SELECT `+columns+from+` WHERE a.author_id = $1 AND `+by.In("a.published_at", "a.school_id")+`
		ORDER BY a.published_at DESC, a.id DESC `+by.Most(), by.Args()...)
	if err != nil {
		return nil, err
	}
	to := whom.Sayer{}
	sent := make([]web.Sent, len(found))
	for i, a := range found {
		said, err := to.Names(r, a.audiences()...)
		if err != nil {
			return nil, err
		}
		sent[i] = web.Sent{Thing: a.ID, School: a.School, At: a.Published, Icon: a.Kind.icon(), Title: a.title(r.Printer), Text: a.Last.Text, To: said}
	}
	return sent, nil
}
