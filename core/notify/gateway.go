package notify

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/job"
	"preau/core/school"
)

// Gateway is a service of the operator's that sends text messages. It is given, in one
// request for some people, numbers and what to send to each: no name and no identifier.
// A request has, in Preau-Signature, "sha256=" and the HMAC of Preau-Timestamp, a dot and
// the body, and in Idempotency-Key what it has again when it is sent again.
type Gateway struct {
	Client *http.Client
	url    string
	key    []byte
}

// shortestKey is the shortest key of a gateway, in bytes.
const shortestKey = 32

// NewGateway makes a gateway at an address over TLS, with the key that both know.
func NewGateway(address string, key []byte) (*Gateway, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil || u.Fragment != "" {
		return nil, errors.New("notify: the address of a gateway is https://…, without a user")
	}
	if len(key) < shortestKey {
		return nil, fmt.Errorf("notify: the key of a gateway has %d bytes at least", shortestKey)
	}
	return &Gateway{url: address, key: key, Client: &http.Client{
		Timeout:       20 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

// KindSMS is the job that gives one batch to the gateway.
const KindSMS job.Kind = "notify.sms"

// texting is a batch of a notice.
type texting struct {
	Notice school.ID `json:"notice"`
	Batch  school.ID `json:"batch"`
}

// textBatch is what the gateway is given, and textRefused what it answers: the messages
// that it will not send. The others it takes.
type (
	textBatch struct {
		Batch    string        `json:"batch"`
		Until    time.Time     `json:"until"` // from when on they are of no use
		Messages []textMessage `json:"messages"`
	}
	textMessage struct {
		Ref   string `json:"ref"`   // of this batch alone
		Phone string `json:"phone"` // +33612345678
		Text  string `json:"text"`
	}
	textRefused struct {
		Refused []string `json:"refused"`
	}
)

// How long a batch that the gateway did not take waits for another try: it doubles.
const (
	firstText   = 15 * time.Second
	longestText = 10 * time.Minute
)

// SendTexts is the handler of [KindSMS]. It tries until the notice is of no more use.
func (s *Service) SendTexts(ctx context.Context, j job.Job) error {
	var t texting
	if err := json.Unmarshal(j.Payload, &t); err != nil {
		return job.Dead(err)
	}
	var b textBatch
	var people []school.ID // those of its messages
	var since time.Time
	err := s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		b, people, since, err = s.textsOf(tx, t)
		return err
	})
	if fail.Is(err, fail.NotFound) { // another notice has replaced it
		return s.DB.Write(ctx, func(tx *db.Tx) error { return settleBatch(tx, t.Batch) })
	}
	if err != nil {
		return err
	}
	if len(people) == 0 { // nobody has a number any more, or may be told
		return s.DB.Write(ctx, func(tx *db.Tx) error { return settleBatch(tx, t.Batch) })
	}
	now := s.DB.Now()
	refused, err := s.Gateway.send(ctx, b, now)
	var again *unreached
	switch {
	case errors.As(err, &again) && now.Before(b.Until):
		return job.Later(err, min(max(now.Sub(since), firstText), longestText))
	case err != nil:
		refused = textRefused{}
		for _, m := range b.Messages {
			refused.Refused = append(refused.Refused, m.Ref)
		}
		err = job.Dead(err)
	}
	return errors.Join(err, s.DB.Write(context.WithoutCancel(ctx), func(tx *db.Tx) error {
		for i, person := range people {
			state := Taken
			if slices.Contains(refused.Refused, b.Messages[i].Ref) {
				state = Refused
			}
			if err := settle(tx, t.Notice, person, SMS, state); err != nil {
				return err
			}
		}
		return settleBatch(tx, t.Batch) // those who were left out
	}))
}

// settleBatch notes that what is left of a batch reaches nobody.
func settleBatch(tx *db.Tx, batch school.ID) error {
	_, err := tx.Exec(`UPDATE notify_urgent SET state = $2, settled_at = $3 WHERE batch_id = $1 AND state = $4`, batch, Refused, db.At(tx.Now), Leaving)
	return err
}

// textsOf makes the messages of a batch, of those who still have a number and whom the
// notice reaches now, and says since when they wait. Whom a judge bars meanwhile is told
// nothing more.
func (s *Service) textsOf(tx *db.Tx, t texting) (b textBatch, people []school.ID, since time.Time, err error) {
	waiting, err := db.All(tx, func(row db.Row) (person school.ID, err error) {
		var told db.Time
		err = row.Scan(&person, &told)
		since = told.Time
		return person, err
	}, `SELECT person_id, told_at FROM notify_urgent WHERE batch_id = $1 AND state = $2 ORDER BY person_id`, t.Batch, Leaving)
	if err != nil {
		return b, nil, since, err
	}
	phones, err := s.Mobiles(tx, waiting...)
	if err != nil {
		return b, nil, since, err
	}
	b.Batch = t.Batch.String()
	var urged []school.ID
	in := saying{}
	for i, person := range waiting {
		_, u, err := s.says(tx, in, person, t.Notice)
		if err != nil {
			return b, nil, since, err
		}
		b.Until = u.Until
		if i == 0 {
			if urged, err = s.Urged(tx, u.To...); err != nil {
				return b, nil, since, err
			}
		}
		_, reached := slices.BinarySearch(urged, person)
		if phone := phones[person]; phone != "" && reached {
			text := u.Title
			if u.Text != "" {
				text += "\n" + u.Text
			}
			people = append(people, person)
			b.Messages = append(b.Messages, textMessage{Ref: s.refOf(t.Batch, person), Phone: phone, Text: text})
		}
	}
	return b, people, since, nil
}

// refOf is by what the gateway knows a message of a batch: the same at each try, whoever is
// left out meanwhile, and nothing that says who it is to.
func (s *Service) refOf(batch, person school.ID) string {
	mac := s.Key.MAC("notify sms", bound(batch), bound(person))
	return hex.EncodeToString(mac[:8])
}

// unreached is the error of a gateway that may take the batch later.
type unreached struct{ error }

func (u *unreached) Unwrap() error { return u.error }

// send gives a batch to the gateway, and tells what it refuses.
func (g *Gateway) send(ctx context.Context, b textBatch, now time.Time) (refused textRefused, err error) {
	if g == nil { // another node has one, or had
		return refused, &unreached{errors.New("notify: no text message leaves from here")}
	}
	body, err := json.Marshal(b)
	if err != nil {
		return refused, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, g.url, bytes.NewReader(body))
	if err != nil {
		return refused, err
	}
	at := strconv.FormatInt(now.Unix(), 10)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Idempotency-Key", b.Batch)
	r.Header.Set("Preau-Timestamp", at)
	r.Header.Set("Preau-Signature", "sha256="+g.sign(at, body))
	answer, err := g.Client.Do(r)
	if err != nil {
		return refused, &unreached{errors.New("notify: the gateway is not reached")} // the error quotes its address
	}
	defer answer.Body.Close()
	said, err := io.ReadAll(io.LimitReader(answer.Body, 64<<10))
	switch {
	case err != nil:
		return refused, &unreached{errors.New("notify: the gateway does not finish its answer")}
	case answer.StatusCode/100 == 2:
		if len(bytes.TrimSpace(said)) > 0 && json.Unmarshal(said, &refused) != nil {
			return textRefused{}, nil // it took them, and says no more that we read
		}
		return refused, nil
	case answer.StatusCode == http.StatusRequestTimeout || answer.StatusCode == http.StatusTooManyRequests || answer.StatusCode >= 500:
		return refused, &unreached{fmt.Errorf("notify: the gateway answers %d", answer.StatusCode)}
	}
	return refused, fmt.Errorf("notify: the gateway refuses a batch: %d", answer.StatusCode)
}

// sign is the signature of a body that leaves at an instant.
func (g *Gateway) sign(at string, body []byte) string {
	mac := hmac.New(sha256.New, g.key)
	mac.Write([]byte(at + "."))
	mac.Write(body)
	return hex.EncodeToString(mac.Sum(nil))
}
