package notify

import (
	"context"
	"encoding/binary"
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

// returnOf is by what a message that leaves now, to a person at an address, is known when it
// comes back. Whoever is given the message knows it too: it counts once, for some days.
func (s *Service) returnOf(now time.Time, person school.ID, address string) string {
	said := binary.BigEndian.AppendUint32(whose(person), uint32(now.Unix()/sentEach))
	return s.token(returning, said, []byte(strings.ToLower(address)))
}

const (
	// sentEach is how exactly a message says when it left: to the hour, in seconds.
	sentEach = 60 * 60
	// reportedFor is for how long a report that a message came back is taken, and is about
	// the notices of then: servers try for four or five days (RFC 5321 § 4.5.4.1).
	reportedFor = 5 * 24 * time.Hour
)

// sentAt is the hour in which the message of a token left, which says so after its person.
func sentAt(said []byte) time.Time {
	return time.Unix(int64(binary.BigEndian.Uint32(said[idSize:]))*sentEach, 0)
}

// at is the fingerprint of an address of a person.
func (s *Service) at(person school.ID, address string) []byte {
	return s.Key.MAC("notify bounce", []byte(person.String()), []byte(strings.ToLower(address)))
}

// Returned notes that a server refused for good a message to a person at an address, as it
// was given it.
func (s *Service) Returned(tx *db.Tx, person school.ID, address string) error {
	if err := s.count(tx, person, address, tx.Now); err != nil {
		return err
	}
	return cameBack(tx, person, tx.Now.Add(-reportedFor), tx.Now.Add(time.Second))
}

// count counts that a message came back, which left at an instant: one that left after the
// last that counts, so that none counts twice.
func (s *Service) count(tx *db.Tx, person school.ID, address string, sent time.Time) error {
	_, err := tx.Exec(`INSERT INTO notify_bounce (person_id, address, times, returned_at, sent_at) VALUES ($1, $2, 1, $3, $4)
		ON CONFLICT (person_id) DO UPDATE SET address = excluded.address, returned_at = excluded.returned_at, sent_at = excluded.sent_at,
			times = CASE WHEN notify_bounce.address = excluded.address THEN notify_bounce.times + 1 ELSE 1 END
		WHERE notify_bounce.address <> excluded.address OR notify_bounce.returned_at <= $5 AND notify_bounce.sent_at < excluded.sent_at`,
		person, s.at(person, address), db.At(tx.Now), db.At(sent), db.At(tx.Now.Add(-oneBounce)))
	return err
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
// it is theirs. What left before counts no more.
func (s *Service) Confirm(tx *db.Tx, person school.ID) error {
	_, err := tx.Exec(`UPDATE notify_bounce SET times = 0, sent_at = $2 WHERE person_id = $1`, person, db.At(tx.Now))
	return err
}

// Bounce takes a message that came back, a report of RFC 3464, and notes what it says. What
// is no report, is not about a message of ours of the last days or is no refusal for good is
// fail.Invalid, and changes nothing.
func (s *Service) Bounce(ctx context.Context, message []byte) error {
	report, err := readReport(message)
	if err != nil {
		return err
	}
	if !report.final {
		return fail.New(fail.Invalid, "the report says that the message is late, or was delivered: nothing is noted")
	}
	for _, token := range report.tokens {
		said, proof, err := parted(token, idSize+4)
		if err != nil {
			continue
		}
		person, sent := personIn(said), sentAt(said)
		err = s.DB.Write(ctx, func(tx *db.Tx) error {
			boxes, err := s.Boxes(tx, person)
			if err != nil {
				return err
			}
			address := boxes[person]
			if !s.ours(returning, said, proof, []byte(strings.ToLower(address))) || tx.Now.Sub(sent) > reportedFor {
				return fail.New(fail.NotFound, "a token of nobody's, or of long ago")
			}
			if err := s.count(tx, person, address, sent); err != nil {
				return err
			}
			return cameBack(tx, person, sent, sent.Add(time.Hour))
		})
		if fail.Is(err, fail.NotFound) {
			continue
		}
		return err
	}
	return fail.New(fail.Invalid, "the report is not about a message of this installation to an address that is still somebody's: nothing is noted")
}
