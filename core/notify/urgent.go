package notify

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"preau/core/audience"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/i18n"
	"preau/core/job"
	"preau/core/mail"
	"preau/core/school"
)

// SMS is the channel of what is told at once, and of nothing else: see [Gateway].
const SMS Channel = "sms"

// Urgent is a notice that a school tells at once: at night too, whatever people chose
// of what can wait, to those who never came in as well. What it says leaves the portal.
type Urgent struct {
	Room  string
	To    []audience.Audience
	Title string
	Text  string
	Path  string
	Until time.Time // from when on it is of no use
}

// KindUrgent tells a notice to some people, then queues itself for the next ones.
const KindUrgent job.Kind = "notify.urgent"

// urging says how far a notice is.
type urging struct {
	Notice school.ID `json:"notice"`
	After  school.ID `json:"after"`
}

// urgedAtOnce is how many people are told of a notice in one transaction, and how many text
// messages leave together.
const urgedAtOnce = 100

// Urge has everybody whom a notice is for be told of it once the transaction commits.
func (s *Service) Urge(tx *db.Tx, notice school.ID) error {
	return s.queueUrgent(tx, urging{Notice: notice})
}

func (s *Service) queueUrgent(tx *db.Tx, u urging) error {
	return s.Enqueue(tx, KindUrgent, u, tx.Now, fmt.Sprintf("%s %s %s", KindUrgent, u.Notice, u.After))
}

// TellUrgent is the handler of [KindUrgent]. Whom the notice is for is found when it leaves. One
// that another notice has replaced meanwhile is told no further.
func (s *Service) TellUrgent(ctx context.Context, j job.Job) error {
	var u urging
	if err := json.Unmarshal(j.Payload, &u); err != nil {
		return job.Dead(err)
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		notice, err := s.Notice(tx, i18n.Printer{Catalogue: s.Words, Lang: i18n.French}, u.Notice)
		if fail.Is(err, fail.NotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		people, err := s.Urged(tx, notice.To...)
		if err != nil {
			return err
		}
		from, _ := slices.BinarySearch(people, u.After+1)
		people = people[from:]
		some := people[:min(len(people), urgedAtOnce)]
		if err := s.urge(tx, u.Notice, some); err != nil || len(some) == len(people) {
			return err
		}
		u.After = some[len(some)-1]
		return s.queueUrgent(tx, u)
	})
}

// Urged lists those whom a notice to some audiences reaches, each once, sorted: never
// pupils.
func (s *Service) Urged(tx *db.Tx, to ...audience.Audience) ([]school.ID, error) {
	to = slices.DeleteFunc(slices.Clone(to), func(a audience.Audience) bool { return a.Side == audience.Pupils })
	reached, err := s.Audiences.Reach(tx, to...)
	people := make([]school.ID, len(reached))
	for i, one := range reached {
		people[i] = one.Person
	}
	slices.Sort(people)
	return slices.Compact(people), err
}

// ways is how some people are told of a notice.
type ways struct {
	boxes   map[school.ID]string // addresses that mail reaches
	phones  map[school.ID]string // numbers that text messages reach
	devices map[school.ID][]school.ID
}

// to tells whether there is any way to somebody.
func (w ways) to(person school.ID) bool {
	return w.boxes[person] != "" || len(w.devices[person]) > 0 || w.phones[person] != ""
}

// waysTo finds the ways to some people, whatever they chose: a refusal of mail is one
// of what can wait. An address from which mail comes back is none.
func (s *Service) waysTo(tx *db.Tx, people []school.ID) (w ways, err error) {
	if s.URL != "" {
		if w.boxes, err = s.Boxes(tx, people...); err != nil {
			return w, err
		}
		if err = s.leaveReturned(tx, w.boxes); err != nil {
			return w, err
		}
	}
	if w.devices = map[school.ID][]school.ID{}; s.Push != nil && s.URL != "" {
		err = tx.Each(func(row db.Row) error {
			var id, person school.ID
			err := row.Scan(&id, &person)
			w.devices[person] = append(w.devices[person], id)
			return err
		}, `SELECT id, person_id FROM notify_subscription WHERE person_id `+tx.Among(1), db.List(tx, people))
	}
	if err != nil || s.Gateway == nil {
		return w, err
	}
	w.phones, err = s.Mobiles(tx, people...)
	return w, err
}

// leaveReturned leaves out the addresses from which mail comes back.
func (s *Service) leaveReturned(tx *db.Tx, boxes map[school.ID]string) error {
	return tx.Each(func(row db.Row) error {
		var person school.ID
		var address []byte
		err := row.Scan(&person, &address)
		if bytes.Equal(s.at(person, boxes[person]), address) {
			delete(boxes, person)
		}
		return err
	}, `SELECT person_id, address FROM notify_bounce WHERE person_id `+tx.Among(1)+` AND times >= $2`,
		db.List(tx, slices.Collect(maps.Keys(boxes))), bounces)
}

// urge tells some people of a notice, by each way to them.
func (s *Service) urge(tx *db.Tx, notice school.ID, people []school.ID) error {
	w, err := s.waysTo(tx, people)
	if err != nil {
		return err
	}
	batch := school.ID(0)
	in := saying{}
	for _, person := range people {
		say, u, err := s.says(tx, in, person, notice)
		if err != nil {
			return err
		}
		if box := w.boxes[person]; box != "" {
			if err := s.mailUrgent(tx, say, person, box, notice, u); err != nil {
				return err
			}
		}
		if devices := w.devices[person]; len(devices) > 0 {
			if err := s.pushUrgent(tx, person, devices, notice, u); err != nil {
				return err
			}
		}
		if w.phones[person] == "" {
			continue
		}
		if batch == 0 {
			batch = school.NewID(tx.Now)
			if err := s.Enqueue(tx, KindSMS, texting{Notice: notice, Batch: batch}, tx.Now, ""); err != nil {
				return err
			}
		}
		if err := noteUrged(tx, notice, person, SMS, batch); err != nil {
			return err
		}
	}
	return nil
}

// saying is a notice in each language in which it is said: a few.
type saying map[i18n.Lang]Urgent

// says says a notice to somebody in their language, and keeps what it says there.
func (s *Service) says(tx *db.Tx, in saying, person, notice school.ID) (say i18n.Printer, u Urgent, err error) {
	choice, err := s.choiceOf(tx, person, nil)
	if err != nil {
		return say, u, err
	}
	say = i18n.Printer{Catalogue: s.Words, Lang: choice.Lang}
	u, read := in[choice.Lang]
	if !read {
		u, err = s.Notice(tx, say, notice)
		in[choice.Lang] = u
	}
	return say, u, err
}

// noteUrged notes that a notice leaves for somebody.
func noteUrged(tx *db.Tx, notice, person school.ID, channel Channel, batch school.ID) error {
	_, err := tx.Exec(`INSERT INTO notify_urgent (notice_id, person_id, channel, state, batch_id, told_at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (notice_id, person_id, channel) DO NOTHING`, notice, person, channel, Leaving, batch, db.At(tx.Now))
	return err
}

// mailUrgent writes to somebody, and marks it told: the evening does not repeat it. The
// message is not one that its reader may ask no more of, nor one that waits for an hour.
func (s *Service) mailUrgent(tx *db.Tx, say i18n.Printer, person school.ID, box string, notice school.ID, u Urgent) error {
	letter := s.urgentLetter(say, u)
	letter.To, letter.Until, letter.Return, letter.About = box, u.Until, s.returnOf(tx.Now, person, box), notice
	if err := s.Outbox.Put(tx, person, letter); err != nil {
		return err
	}
	if err := told(tx, person, Mail, u.Room, tx.Now, time.Time{}); err != nil {
		return err
	}
	return noteUrged(tx, notice, person, Mail, 0)
}

// urgentLetter is what a mail says of a notice.
func (s *Service) urgentLetter(say i18n.Printer, u Urgent) mail.Message {
	text := []string{u.Title, u.Text, say.Say("notify.urgent-read", s.URL+u.Path), say.Say("notify.urgent-foot")}
	text = slices.DeleteFunc(text, func(part string) bool { return part == "" })
	return mail.Message{Subject: say.Say("notify.urgent-subject", u.Title), Text: strings.Join(text, "\n\n") + "\n"}
}

// pushUrgent sends to every browser of somebody.
func (s *Service) pushUrgent(tx *db.Tx, person school.ID, devices []school.ID, notice school.ID, u Urgent) error {
	for _, device := range devices {
		if err := s.Enqueue(tx, KindPushUrgent, pushed{To: device, Notice: notice, Person: person, Until: u.Until}, tx.Now, ""); err != nil {
			return err
		}
	}
	if err := told(tx, person, Push, u.Room, tx.Now, time.Time{}); err != nil {
		return err
	}
	return noteUrged(tx, notice, person, Push, 0)
}

// Forecast is how many people a notice would reach, and by which ways.
type Forecast struct {
	People, Mail, Push, SMS int
	Missed                  int // by none: whoever opens the portal reads it there
}

// Forecast counts the ways to those whom a notice to some audiences reaches.
func (s *Service) Forecast(tx *db.Tx, to ...audience.Audience) (f Forecast, err error) {
	people, err := s.Urged(tx, to...)
	if err != nil {
		return f, err
	}
	w, err := s.waysTo(tx, people)
	f = Forecast{People: len(people), Mail: len(w.boxes), Push: len(w.devices), SMS: len(w.phones)}
	for _, person := range people {
		if !w.to(person) {
			f.Missed++
		}
	}
	return f, err
}

// Reachable tells to whom of some people a notice has a way.
func (s *Service) Reachable(tx *db.Tx, people ...school.ID) (map[school.ID]bool, error) {
	w, err := s.waysTo(tx, people)
	reachable := map[school.ID]bool{}
	for _, person := range people {
		reachable[person] = w.to(person)
	}
	return reachable, err
}

// State is what became of a notice by one channel.
type State string

// The states.
const (
	Leaving State = "waits"
	Taken   State = "taken"   // by the mail server, the push service, the gateway
	Refused State = "refused" // it reaches nobody there, or came back
)

// Fate is what became of a notice for one person by one channel.
type Fate struct {
	Person  school.ID
	Channel Channel
	State   State
	At      time.Time // it was taken, or refused; zero: it waits
}

// Fates lists what became of a notice, by person and channel.
func (s *Service) Fates(tx *db.Tx, notice school.ID) ([]Fate, error) {
	return db.All(tx, func(row db.Row) (f Fate, err error) {
		var at db.Time
		err = row.Scan(&f.Person, &f.Channel, &f.State, &at)
		f.At = at.Time
		return f, err
	}, `SELECT person_id, channel, state, settled_at FROM notify_urgent WHERE notice_id = $1 ORDER BY person_id, channel`, notice)
}

// Settled notes what became of a mail; see [mail.Outbox.Settled].
func (s *Service) Settled(tx *db.Tx, person, notice school.ID, taken bool) error {
	state := Taken
	if !taken {
		state = Refused
	}
	return settle(tx, notice, person, Mail, state)
}

// settle notes what became of a notice. One that a device of somebody has taken stays
// taken, whatever becomes of another device.
func settle(tx *db.Tx, notice, person school.ID, channel Channel, state State) error {
	_, err := tx.Exec(`UPDATE notify_urgent SET state = $4, settled_at = $5 WHERE notice_id = $1 AND person_id = $2 AND channel = $3 AND state <> $6`,
		notice, person, channel, state, db.At(tx.Now), Taken)
	return err
}

// cameBack notes that the mail of the notices that left between two instants did not reach
// somebody after all.
func cameBack(tx *db.Tx, person school.ID, from, until time.Time) error {
	_, err := tx.Exec(`UPDATE notify_urgent SET state = $2, settled_at = $3 WHERE person_id = $1 AND channel = $4 AND told_at >= $5 AND told_at < $6`,
		person, Refused, db.At(tx.Now), Mail, db.At(from), db.At(until))
	return err
}
