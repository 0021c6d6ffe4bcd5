package notify

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/SherClockHolmes/webpush-go"

	"preau/core/config"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/job"
	"preau/core/school"
	"preau/core/seal"
)

// Pusher sends push notifications (RFC 8030), encrypted for their browser (RFC 8291), under
// the name of this installation (RFC 8292).
type Pusher struct {
	Public  string // key of the installation, in base64url, as browsers take it
	private string
	client  *http.Client
}

// vapid is the setting that has the keys of the installation, sealed.
const vapid = "notify vapid"

// OpenPusher opens the keys of the installation, and makes them the first time: with
// others, every browser would have to be asked again.
func OpenPusher(tx *db.Tx, key *seal.Key) (*Pusher, error) {
	p := &Pusher{client: outward()}
	sealed, err := config.Recall(tx, vapid)
	if err != nil {
		return nil, err
	}
	if sealed == "" {
		if p.private, p.Public, err = webpush.GenerateVAPIDKeys(); err != nil {
			return nil, fmt.Errorf("making the keys of push notifications: %w", err)
		}
		both, err := json.Marshal([2]string{p.Public, p.private})
		if err != nil {
			return nil, err
		}
		return p, config.Remember(tx, vapid, letters.EncodeToString(key.Seal(vapid, both, nil)))
	}
	raw, err := letters.DecodeString(sealed)
	if err != nil {
		return nil, fmt.Errorf("the keys of push notifications: %w", err)
	}
	plain, err := key.Open(vapid, raw, nil)
	if err != nil {
		return nil, fmt.Errorf("the keys of push notifications: %w", err)
	}
	var both [2]string
	if err := json.Unmarshal(plain, &both); err != nil {
		return nil, fmt.Errorf("the keys of push notifications: %w", err)
	}
	p.Public, p.private = both[0], both[1]
	return p, nil
}

// The jobs that send one notification to one browser: KindPushUrgent, what is told at once.
const (
	KindPush       job.Kind = "notify.push"
	KindPushUrgent job.Kind = "notify.push-urgent"
)

// pushed is what the job knows: identifiers and no name.
type pushed struct {
	To      school.ID   `json:"to"` // subscription
	Counted []school.ID `json:"counted,omitempty"`
	Changed []school.ID `json:"changed,omitempty"`
	Notice  school.ID   `json:"notice,omitempty"` // what is told at once, instead
	Person  school.ID   `json:"person,omitempty"` // to whom, for when the subscription is gone
	Until   time.Time   `json:"until"`
}

// options are how its push service is asked to carry it. What is told at once is replaced
// by nothing that can wait.
func (p pushed) options() (topic string, urgency webpush.Urgency) {
	if p.Notice != 0 {
		return "preau-urgent", webpush.UrgencyHigh
	}
	return "preau", webpush.UrgencyNormal
}

// What a push notification lasts where the browser is not reached, and how long it waits
// for another try.
const (
	pushLasts = 12 * time.Hour
	pushWaits = 5 * time.Minute
)

// pushTo queues for every browser of somebody what waits for them.
func (s *Service) pushTo(tx *db.Tx, r reader, reminds time.Time) error {
	if s.Push == nil {
		return nil
	}
	to, err := subscriptionsOf(tx, r.person)
	if err != nil || len(to) == 0 {
		return err
	}
	w, err := s.waitingFor(tx, r, Push, Now.reach(), reminds)
	if err != nil || w.empty() {
		return err
	}
	for _, one := range to {
		if err := s.Enqueue(tx, KindPush, pushed{To: one.ID, Counted: w.things, Changed: w.changed, Until: tx.Now.Add(pushLasts)}, tx.Now, ""); err != nil {
			return err
		}
	}
	return noteTold(tx, r.person, Push, w)
}

// notice is what the service worker of the portal reads (core/ui/scripts/sw.js).
type notice struct {
	Text   string `json:"text"`
	Path   string `json:"path"`
	Urgent bool   `json:"urgent,omitempty"` // it stays until it is touched
}

// SendPush is the handler of [KindPush] and of [KindPushUrgent]. A browser that is not there any more is
// forgotten.
func (s *Service) SendPush(ctx context.Context, j job.Job) error {
	var p pushed
	if err := json.Unmarshal(j.Payload, &p); err != nil {
		return job.Dead(err)
	}
	if s.Push == nil {
		return errors.Join(job.Dead(errors.New("notify: no push notification leaves from here")), s.pushFailed(ctx, p, subscription{}))
	}
	var to subscription
	var wait time.Duration
	says := notice{Path: "/"}
	err := s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if to, err = s.subscriptionByID(tx, p.To); err != nil {
			return err
		}
		if p.Notice != 0 {
			says, err = s.noticeTo(tx, to.person, p.Notice)
			return err
		}
		r, ok, err := s.readerOf(tx, to.person)
		if err == nil && !ok {
			return fail.New(fail.NotFound, "nobody is told there any more")
		}
		if end := r.choice.Quiet.end(tx.Now); end.After(tx.Now) { // it was late
			wait = end.Sub(tx.Now)
			return err
		}
		w, err := s.still(tx, r, Push, p.Counted, p.Changed)
		if err == nil && w.empty() {
			err = fail.New(fail.NotFound, "nothing is left to be told there")
		}
		if err == nil {
			says.Text = s.counted(r.printer, w.sum(), tx.Now)
		}
		return err
	})
	now := s.DB.Now()
	switch {
	case fail.Is(err, fail.NotFound): // they signed out meanwhile, or may not be told any more
		return s.pushFailed(ctx, p, to)
	case err != nil:
		return err
	case now.Add(wait).After(p.Until): // it is on their home page
		return s.pushFailed(ctx, p, to)
	case wait > 0:
		return job.Later(errors.New("notify: quiet hours"), wait)
	}
	text, err := json.Marshal(says)
	if err != nil {
		return job.Dead(err)
	}
	topic, urgency := p.options()
	answer, err := webpush.SendNotificationWithContext(ctx, text, &webpush.Subscription{Endpoint: to.at.Endpoint, Keys: webpush.Keys{Auth: to.at.Auth, P256dh: to.at.Key}},
		&webpush.Options{
			HTTPClient: s.Push.client, Subscriber: s.URL, TTL: int(p.Until.Sub(now).Seconds()), Topic: topic, Urgency: urgency,
			VAPIDPublicKey: s.Push.Public, VAPIDPrivateKey: s.Push.private, VapidExpiration: now.Add(pushLasts),
		})
	if err != nil {
		return job.Later(errors.New("notify: the push service of a browser is not reached"), pushWaits) // the error quotes its address
	}
	defer answer.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, 4<<10)) // so that the connection serves again
	switch {
	case answer.StatusCode/100 == 2:
		return s.DB.Write(ctx, func(tx *db.Tx) error {
			if err := settle(tx, p.Notice, to.person, Push, Taken); err != nil {
				return err
			}
			_, err := tx.Exec(`UPDATE notify_subscription SET sent_at = $2 WHERE id = $1`, to.ID, db.At(tx.Now))
			return err
		})
	case answer.StatusCode == http.StatusNotFound || answer.StatusCode == http.StatusGone: // RFC 8030, 7.3
		return s.DB.Write(ctx, func(tx *db.Tx) error {
			if err := settle(tx, p.Notice, to.person, Push, Refused); err != nil {
				return err
			}
			_, err := tx.Exec(`DELETE FROM notify_subscription WHERE id = $1`, to.ID)
			return err
		})
	case answer.StatusCode == http.StatusTooManyRequests || answer.StatusCode >= 500:
		return job.Later(fmt.Errorf("notify: a push service answers %d", answer.StatusCode), pushWaits)
	}
	return errors.Join(job.Dead(fmt.Errorf("notify: a push service answers %d", answer.StatusCode)), s.pushFailed(ctx, p, to))
}

// pushFailed notes that what is told at once does not reach a browser.
func (s *Service) pushFailed(ctx context.Context, p pushed, to subscription) error {
	if p.Notice == 0 {
		return nil
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error { return settle(tx, p.Notice, cmp.Or(to.person, p.Person), Push, Refused) })
}

// noticeTo is a notice as a browser of somebody shows it; one that does not reach them any
// more is fail.NotFound.
func (s *Service) noticeTo(tx *db.Tx, person, id school.ID) (notice, error) {
	_, u, err := s.urgentFor(tx, person, id)
	if err != nil {
		return notice{}, err
	}
	text := u.Title
	if u.Text != "" {
		text += "\n" + u.Text
	}
	return notice{Text: text, Path: u.Path, Urgent: true}, nil
}
