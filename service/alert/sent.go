package alert

import (
	"preau/core/db"
	"preau/core/web"
	"preau/directory/whom"
)

// Sent implements web.Sender: the alerts in which somebody said something, each as it says it
// last.
func (s *Service) Sent(r *web.Request, by web.Sending) ([]web.Sent, error) {
	found, err := db.All(r.Tx, scanAlert, `SELECT `+columns+from+` WHERE EXISTS (
		SELECT 1 FROM alert_notice x WHERE x.alert_id = a.id AND x.said_by = $1 AND `+by.In("x.said_at", "a.school_id")+`) ORDER BY n.said_at DESC, a.id DESC LIMIT $5`, by.Args()...)
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
		sent[i] = web.Sent{Thing: a.ID, School: a.School, At: a.Last.At, Icon: a.Kind.icon(), Title: a.title(r.Printer), Text: a.Last.Text, To: said}
	}
	return sent, nil
}
