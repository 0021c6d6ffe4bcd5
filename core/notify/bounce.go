package notify

import (
	"context"
	"strings"
	"time"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
)

const (
	// bounces is how many times mail comes back for good before nothing is sent there any
	// more.
	bounces = 2
	// oneBounce is for how long what comes back counts once: several messages that leave
	// together meet one full or broken mailbox.
	oneBounce = time.Hour

	returning = "notify return"
)

// returnOf is by what a message to a person at an address is known when it comes back.
func (s *Service) returnOf(person school.ID, address string) string {
	return s.token(returning, person, []byte(strings.ToLower(address)))
}

// at is the fingerprint of an address of a person.
func (s *Service) at(person school.ID, address string) []byte {
	return s.Key.MAC("notify bounce", []byte(person.String()), []byte(strings.ToLower(address)))
}

// Returned notes that a message to a person at an address came back for good.
func (s *Service) Returned(tx *db.Tx, person school.ID, address string) error {
	_, err := tx.Exec(`INSERT INTO notify_bounce (person_id, address, times, returned_at) VALUES ($1, $2, 1, $3)
		ON CONFLICT (person_id) DO UPDATE SET address = excluded.address, returned_at = excluded.returned_at,
			times = CASE WHEN notify_bounce.address = excluded.address THEN notify_bounce.times + 1 ELSE 1 END
		WHERE notify_bounce.address <> excluded.address OR notify_bounce.returned_at <= $4`,
		person, s.at(person, address), db.At(tx.Now), db.At(tx.Now.Add(-oneBounce)))
	if err != nil {
		return err
	}
	return cameBack(tx, person)
}

// aside tells whether nothing is sent to an address of a person any more.
func (s *Service) aside(tx *db.Tx, person school.ID, address string) (bool, error) {
	return db.One(tx, db.Column[bool], `SELECT EXISTS (SELECT 1 FROM notify_bounce WHERE person_id = $1 AND address = $2 AND times >= $3)`,
		person, s.at(person, address), bounces)
}

// Lost gives the address of a person at which mail does not reach them any more; empty:
// it does, or they have none.
func (s *Service) Lost(tx *db.Tx, person school.ID) (string, error) {
	boxes, err := s.Boxes(tx, person)
	if err != nil || boxes[person] == "" {
		return "", err
	}
	aside, err := s.aside(tx, person, boxes[person])
	if err != nil || !aside {
		return "", err
	}
	return boxes[person], nil
}

// Confirm has mail be sent again to a person whose address was set aside: they say that
// it is theirs.
func (s *Service) Confirm(tx *db.Tx, person school.ID) error {
	_, err := tx.Exec(`DELETE FROM notify_bounce WHERE person_id = $1`, person)
	return err
}

// Bounce takes a message that came back, a report of RFC 3464, and notes what it says. What
// is no report, is not about a message of ours or is no refusal for good is fail.Invalid, and
// changes nothing.
func (s *Service) Bounce(ctx context.Context, message []byte) error {
	report, err := readReport(message)
	if err != nil {
		return err
	}
	if !report.final {
		return fail.New(fail.Invalid, "the report says that the message is late, or was delivered: nothing is noted")
	}
	for _, token := range report.tokens {
		person, _, _, err := personOf(token)
		if err != nil {
			continue
		}
		err = s.DB.Write(ctx, func(tx *db.Tx) error {
			boxes, err := s.Boxes(tx, person)
			if err != nil {
				return err
			}
			address := boxes[person]
			if _, err := s.open(returning, token, []byte(strings.ToLower(address))); err != nil {
				return err
			}
			return s.Returned(tx, person, address)
		})
		if fail.Is(err, fail.NotFound) {
			continue
		}
		return err
	}
	return fail.New(fail.Invalid, "the report is not about a message of this installation to an address that is still somebody's: nothing is noted")
}
