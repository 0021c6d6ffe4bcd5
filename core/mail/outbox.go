package mail

import (
	"context"
	"embed"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/job"
	"preau/core/personal"
	"preau/core/school"
	"preau/core/seal"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is the migrations of the table mail_message.
func Schema() db.Schema { return db.Schema{Name: "mail", Files: files} }

// keptDays is after how many days a message that nothing sends is forgotten: an
// installation may have been told to send no more.
const keptDays = 2

var holdings = personal.Tables{{
	Name:       "mail_message",
	Subjects:   []string{"person_id"},
	Secret:     []string{"sealed"}, // it has links that open an account
	Personal:   map[string]personal.Category{"sealed": personal.Contact, "queued_at": personal.Trace},
	Plain:      []string{"id", "person_id"},
	Purpose:    personal.Security,
	Recipients: []personal.Recipient{personal.Nobody},
	Retention:  personal.Retention{From: "queued_at", Days: keptDays},
}}

// Sender hands messages over to whoever carries them.
type Sender interface {
	// Send hands over the message of an identifier, queued at an instant. One
	// that will never be taken is an error that [Refused] knows. Errors go to
	// the log: they name no address.
	Send(ctx context.Context, id school.ID, at time.Time, m Message) error
}

// Outbox is the messages that wait to be sent.
type Outbox struct {
	personal.Tables
	DB  *db.DB
	Key *seal.Key
	// Sender is how messages leave; nil: none does from this process.
	Sender Sender
	// Enqueue queues a job; see [job.Queue.Enqueue].
	Enqueue func(tx *db.Tx, kind job.Kind, payload any, at time.Time, unique string) error
	// Waits tells until when a message that one may ask for no more of waits, as it is not an
	// hour of its reader's; nil: none does.
	Waits func(tx *db.Tx, person school.ID) (time.Time, error)
	// Again writes a message that tells of things again as it leaves, of what its reader may know
	// still; false: there is nothing left to say. Nil: none is written again.
	Again func(tx *db.Tx, person school.ID, m Message) (Message, bool, error)
	// Returned hears of a message that the server refused for good because of its
	// address; nil: nobody does.
	Returned func(tx *db.Tx, person school.ID, address string) error
	// Settled hears of a message with [Message.About]: whether the server took it, or never
	// will; nil: nobody does.
	Settled func(tx *db.Tx, person, about school.ID, taken bool) error
}

var (
	_ personal.Steward = (*Outbox)(nil)
	_ personal.Keeper  = (*Outbox)(nil)
)

// New makes an outbox from which nothing leaves yet.
func New(d *db.DB, key *seal.Key) *Outbox { return &Outbox{Tables: holdings, DB: d, Key: key} }

// The jobs that send a message: KindUrgent, one that is about something ([Message.About]), which
// waits for none of the others.
const (
	KindSend   job.Kind = "mail.send"
	KindUrgent job.Kind = "mail.urgent"
)

// The waits before another try double, from the first to the longest, for a day.
const (
	firstWait   = 30 * time.Second
	longestWait = 2 * time.Hour
	giveUp      = 24 * time.Hour
)

// Put has a message to a person sent once the transaction commits.
func (o *Outbox) Put(tx *db.Tx, person school.ID, m Message) error {
	if err := m.check(); err != nil {
		return err
	}
	plain, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("mail: %w", err)
	}
	id := school.NewID(tx.Now)
	if _, err := tx.Exec(`INSERT INTO mail_message (id, person_id, sealed, queued_at) VALUES ($1, $2, $3, $4)`,
		id, person, o.Key.Seal(purpose, plain, bound(id)), db.At(tx.Now)); err != nil {
		return fmt.Errorf("queueing a mail: %w", err)
	}
	kind := KindSend
	if m.urgent() {
		kind = KindUrgent
	}
	return o.Enqueue(tx, kind, id, tx.Now, "")
}

const purpose = "mail message"

// bound ties what is sealed to its row.
func bound(id school.ID) []byte { return binary.BigEndian.AppendUint64(nil, uint64(id)) }

// Send is the handler of [KindSend] and of [KindUrgent]. A message is deleted when it is sent, and
// when it never will be.
func (o *Outbox) Send(ctx context.Context, j job.Job) error {
	if o.Sender == nil { // another node has one, or had
		return job.Later(errors.New("mail: nothing is sent from here"), firstWait)
	}
	var id school.ID
	if err := json.Unmarshal(j.Payload, &id); err != nil {
		return job.Dead(err)
	}
	var sealed []byte
	var at db.Time
	var person school.ID
	err := o.DB.Read(ctx, func(tx *db.Tx) error {
		return tx.Get([]any{&sealed, &at, &person}, `SELECT sealed, queued_at, person_id FROM mail_message WHERE id = $1`, id)
	})
	if fail.Is(err, fail.NotFound) {
		return nil // sent already, or erased with its person
	}
	if err != nil {
		return err
	}
	var m Message
	plain, err := o.Key.Open(purpose, sealed, bound(id))
	if err == nil {
		err = json.Unmarshal(plain, &m)
	}
	now := o.DB.Now()
	var wait time.Duration
	if err == nil && m.Unsubscribe != "" && o.Waits != nil {
		if wait, err = o.wait(ctx, person); err != nil {
			return err
		}
	}
	idle := false // it has nothing left to say
	if err == nil && wait <= 0 && m.tells() && o.Again != nil {
		if err := o.DB.Read(ctx, func(tx *db.Tx) error {
			again, still, err := o.Again(tx, person, m)
			m, idle = again, !still
			return err
		}); err != nil {
			return err
		}
	}
	switch {
	case err != nil:
		err = job.Dead(err)
	case idle:
	case !m.Until.IsZero() && now.After(m.Until):
		err = job.Dead(errors.New("mail: it came too late to be of use"))
	case wait > 0: // it was to leave before, and nobody took it
		return job.Later(errors.New("mail: not an hour of its reader's"), wait)
	default:
		err = o.Sender.Send(ctx, id, at.Time, m)
		age := now.Sub(at.Time)
		switch {
		case Refused(err), err != nil && age >= giveUp:
			err = job.Dead(err)
		case err != nil:
			return job.Later(err, min(max(age, firstWait), longestWait))
		}
	}
	returned := returned(err)
	return errors.Join(err, o.DB.Write(context.WithoutCancel(ctx), func(tx *db.Tx) error {
		if n, err := tx.Exec(`DELETE FROM mail_message WHERE id = $1`, id); err != nil || n == 0 {
			return err
		}
		if m.About != 0 && o.Settled != nil {
			if err := o.Settled(tx, person, m.About, err == nil && !idle); err != nil {
				return err
			}
		}
		if returned && o.Returned != nil {
			return o.Returned(tx, person, m.To)
		}
		return nil
	}))
}

// wait is for how long nothing that can wait is sent to a person.
func (o *Outbox) wait(ctx context.Context, person school.ID) (wait time.Duration, err error) {
	err = o.DB.Read(ctx, func(tx *db.Tx) error {
		until, err := o.Waits(tx, person)
		wait = until.Sub(tx.Now)
		return err
	})
	return wait, err
}

// refusal is the error of a message that will never be taken.
type refusal struct {
	error
	address bool // because of its address
}

// returned tells whether an error says that nothing is taken for an address.
func returned(err error) bool {
	var r refusal
	return errors.As(err, &r) && r.address
}

// Refused tells whether an error says that a message will never be taken.
func Refused(err error) bool {
	var r refusal
	return errors.As(err, &r) || fail.Is(err, fail.Invalid)
}
