package notify

import (
	"net/http"

	"preau/core/db"
	"preau/core/school"
)

// Through has push notifications of a test leave by its own client: its endpoint is on this
// machine, which [outward] refuses.
func (p *Pusher) Through(client *http.Client) { p.client = client }

// SubscribeHere is Subscribe for a browser of a test, whose endpoint is on this machine.
func (s *Service) SubscribeHere(tx *db.Tx, person, session school.ID, at Reached) error {
	return s.subscribe(tx, person, session, "", at)
}

// Outward is the client of push notifications.
func Outward() *http.Client { return outward() }

// ReturnOf is by what a message that leaves now is known when it comes back.
func (s *Service) ReturnOf(person school.ID, address string) string {
	return s.returnOf(s.DB.Now(), person, address)
}
