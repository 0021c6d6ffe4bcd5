package notify

import (
	"crypto/ecdh"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
)

// Reached is where and how a browser takes push notifications, as it says it (Push API,
// PushSubscription).
type Reached struct {
	Endpoint string
	Key      string // p256dh, in base64url
	Auth     string
}

// Subscribed is a browser that takes push notifications of a person.
type Subscribed struct {
	ID      school.ID
	Session school.ID // in which they asked
	Agent   string
	Created time.Time
}

// subscription is one with where it is reached.
type subscription struct {
	Subscribed
	person school.ID
	at     Reached
}

// maxSubscriptions is on how many browsers a person is told things: the last ones.
const maxSubscriptions = 8

// check refuses what no browser says: an address that is not one of the Internet over TLS,
// and keys that are none.
func (r Reached) check() error {
	u, err := url.Parse(r.Endpoint)
	if err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil || len(r.Endpoint) > 1024 || u.Port() != "" && u.Port() != "443" {
		return fail.New(fail.Invalid, "not where a browser takes notifications").Say("notify.no-push")
	}
	host := strings.ToLower(u.Hostname())
	if at, err := netip.ParseAddr(host); err == nil && !public(at) || !strings.ContainsAny(host, ".:") || strings.HasSuffix(host, ".localhost") {
		return fail.New(fail.Invalid, "not where a browser takes notifications").Say("notify.no-push")
	}
	return r.checkKeys()
}

// checkKeys refuses keys that are none: RFC 8291, 3.1 and 3.2.
func (r Reached) checkKeys() error {
	key, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(r.Key, "="))
	if err == nil {
		_, err = ecdh.P256().NewPublicKey(key)
	}
	auth, wrong := base64.RawURLEncoding.DecodeString(strings.TrimRight(r.Auth, "="))
	if err != nil || wrong != nil || len(auth) != 16 {
		return fail.New(fail.Invalid, "not the keys of a browser").Say("notify.no-push")
	}
	return nil
}

const subscribing = "notify subscription"

// Subscribe has a browser of a person be told things. Asked again, it is theirs anew.
func (s *Service) Subscribe(tx *db.Tx, person, session school.ID, agent string, at Reached) error {
	if err := at.check(); err != nil {
		return err
	}
	return s.subscribe(tx, person, session, agent, at)
}

func (s *Service) subscribe(tx *db.Tx, person, session school.ID, agent string, at Reached) error {
	hats, err := s.grownUp(tx, person)
	if err != nil {
		return err
	}
	if len(hats) == 0 {
		return fail.New(fail.Forbidden, "nobody who is told things")
	}
	already, err := hasSubscription(tx, person)
	if err != nil {
		return err
	}
	plain, err := json.Marshal(at)
	if err != nil {
		return err
	}
	endpoint, id := s.Key.MAC(subscribing, []byte(at.Endpoint)), school.NewID(tx.Now)
	if _, err := tx.Exec(`DELETE FROM notify_subscription WHERE endpoint = $1`, endpoint); err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO notify_subscription (id, person_id, session_id, endpoint, sealed, agent, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		id, person, session, endpoint, s.Key.Seal(subscribing, plain, bound(id)), agent, db.At(tx.Now))
	if err != nil {
		return err
	}
	if !already { // what is there is on their home page
		if err := told(tx, person, Push, "", tx.Now, tx.Now); err != nil {
			return err
		}
	}
	_, err = tx.Exec(`DELETE FROM notify_subscription WHERE person_id = $1 AND id NOT IN (
		SELECT id FROM notify_subscription WHERE person_id = $1 ORDER BY created_at DESC, id DESC LIMIT $2)`, person, maxSubscriptions)
	return err
}

func bound(id school.ID) []byte { return binary.BigEndian.AppendUint64(nil, uint64(id)) }

// Unsubscribed has a browser of a person be told nothing more; one that is not theirs is
// fail.NotFound.
func (s *Service) Unsubscribed(tx *db.Tx, person, id school.ID) error {
	n, err := tx.Exec(`DELETE FROM notify_subscription WHERE person_id = $1 AND id = $2`, person, id)
	if err == nil && n == 0 {
		err = fail.New(fail.NotFound, "no subscription %d of %d", id, person)
	}
	return err
}

// SignedOut ends what was asked for in sessions that somebody closes. A session that ends by
// itself ends nothing: those of staff last some hours.
func SignedOut(tx *db.Tx, sessions ...school.ID) error {
	if len(sessions) == 0 {
		return nil
	}
	_, err := tx.Exec(`DELETE FROM notify_subscription WHERE session_id `+tx.Among(1), db.List(tx, sessions))
	return err
}

// SignedOutBut ends what a person asked for in every session but one; 0: in all.
func SignedOutBut(tx *db.Tx, person, except school.ID) error {
	_, err := tx.Exec(`DELETE FROM notify_subscription WHERE person_id = $1 AND session_id <> $2`, person, except)
	return err
}

// SubscriptionsOf lists the browsers on which a person is told things, the newest first.
func (s *Service) SubscriptionsOf(tx *db.Tx, person school.ID) ([]Subscribed, error) {
	return subscriptionsOf(tx, person)
}

func subscriptionsOf(tx *db.Tx, person school.ID) ([]Subscribed, error) {
	return db.All(tx, func(row db.Row) (one Subscribed, err error) {
		var created db.Time
		err = row.Scan(&one.ID, &one.Session, &one.Agent, &created)
		one.Created = created.Time
		return one, err
	}, `SELECT id, session_id, agent, created_at FROM notify_subscription WHERE person_id = $1 ORDER BY created_at DESC, id DESC`, person)
}

func hasSubscription(tx *db.Tx, person school.ID) (bool, error) {
	return db.One(tx, db.Column[bool], `SELECT EXISTS (SELECT 1 FROM notify_subscription WHERE person_id = $1)`, person)
}

func (s *Service) subscriptionByID(tx *db.Tx, id school.ID) (one subscription, err error) {
	var sealed []byte
	one.ID = id
	if err := tx.Get([]any{&one.person, &sealed}, `SELECT person_id, sealed FROM notify_subscription WHERE id = $1`, id); err != nil {
		return one, err
	}
	plain, err := s.Key.Open(subscribing, sealed, bound(id))
	if err != nil {
		return one, err
	}
	return one, json.Unmarshal(plain, &one.at)
}
