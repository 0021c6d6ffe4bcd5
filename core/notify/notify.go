package notify

import (
	"embed"
	"log/slog"
	"time"

	"preau/core/audience"
	"preau/core/db"
	"preau/core/i18n"
	"preau/core/job"
	"preau/core/mail"
	"preau/core/personal"
	"preau/core/school"
	"preau/core/seal"
	"preau/core/web"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is the migrations of the tables notify_*.
func Schema() db.Schema { return db.Schema{Name: "notify", Files: files} }

// Words holds what messages say, and what is refused here.
//
//go:embed words/*.json
var Words embed.FS

// Service tells people what waits for them. The fields are the house's.
type Service struct {
	personal.Tables
	DB     *db.DB
	Key    *seal.Key
	Words  *i18n.Catalogue
	Outbox *mail.Outbox
	Log    *slog.Logger
	URL    string // public address of the portal, without a path; empty: nothing leaves
	// Audiences tells what is addressed to whom, Tellers what the rooms say of it, by the
	// name of their card, and Rooms the keys of their titles, in the order of the tiles.
	Audiences audience.Register
	Tellers   map[string]web.Teller
	Rooms     []Room
	// People lists those who may be told, after one of them, sorted: whose account is in
	// use.
	People func(tx *db.Tx, after school.ID, most int) ([]school.ID, error)
	// InUse tells whether the account of a person is in use.
	InUse func(tx *db.Tx, person school.ID) (bool, error)
	// Hats lists what a person is now.
	Hats func(tx *db.Tx, person school.ID) ([]school.Profile, error)
	// Boxes gives the addresses of those whom a mail would reach.
	Boxes func(tx *db.Tx, people ...school.ID) (map[school.ID]string, error)
	// Children gives the first names of somebody's children.
	Children func(tx *db.Tx, guardian school.ID) (map[school.ID]string, error)
	// Posted lists what is public now in some schools, the last first; nil: nothing is.
	Posted func(tx *db.Tx, say i18n.Printer, schools ...school.ID) ([]Posted, error)
	// Spoken gives the language in which somebody who chose none is written to; empty: it is
	// not known.
	Spoken func(tx *db.Tx, person school.ID) (i18n.Lang, error)
	// Enqueue queues a job; see [job.Queue.Enqueue].
	Enqueue func(tx *db.Tx, kind job.Kind, payload any, at time.Time, unique string) error
	// Push is how push notifications leave; nil: none does.
	Push *Pusher
	// Notice gives what is urgent in a language: whom it is for, and what is said. One that
	// another has replaced is fail.NotFound. See [Service.Urge].
	Notice func(tx *db.Tx, say i18n.Printer, notice school.ID) (Urgent, error)
	// Gateway is how text messages leave; nil: none does.
	Gateway *Gateway
	// Mobiles gives the mobile telephones of people, as the whole world dials them.
	Mobiles func(tx *db.Tx, people ...school.ID) (map[school.ID]string, error)
}

// Room is a room whose things reach people: its name, and the key of its title.
type Room struct {
	Name, Title string
	Always      bool // what it tells is urgent, and nobody chooses not to be told
}

// RoomOf is the room of a card, which tells its things by a teller.
func RoomOf(card web.Card, by web.Teller) Room {
	_, urgent := by.(web.Alerter)
	return Room{Name: card.Name, Title: card.Title, Always: urgent}
}

// New makes a service that tells nobody yet: the house fills it.
func New(d *db.DB, key *seal.Key) *Service { return &Service{Tables: holdings, DB: d, Key: key} }

var (
	_ personal.Steward = (*Service)(nil)
	_ personal.Keeper  = (*Service)(nil)
)

// Channel is a way to somebody outside of the portal.
type Channel string

// The channels.
const (
	Mail Channel = "mail"
	Push Channel = "push"
	// Relay is mail that says in full what is public: it has marks of its own, and goes by
	// the rhythm of Mail. See [Posted].
	Relay Channel = "relay"
)

// Rhythm is how often one hears of what a room publishes.
type Rhythm string

// The rhythms.
const (
	Now     Rhythm = "now" // at once, outside of quiet hours
	Evening Rhythm = "evening"
	Week    Rhythm = "week" // on Friday evening
	Never   Rhythm = "never"
)

// Rhythms are those of mail, the most frequent first.
var Rhythms = []Rhythm{Now, Evening, Week, Never}

// reach is what a message tells: of what is told by a rhythm, and by those that are more
// frequent.
type reach int

// of gives the reach of a rhythm: that of Never is beyond every message.
func (r Rhythm) reach() reach {
	switch r {
	case Now:
		return 1
	case Evening:
		return 2
	case Week:
		return 3
	}
	return 4
}

// settles is how old what is told is, at least: a transaction that was slow to commit is
// there by then, and so is who took back what they had just published.
const settles = time.Minute

// grownUp lists the hats with which a person is told things: not those of a child, nor
// of whoever has departed.
func (s *Service) grownUp(tx *db.Tx, person school.ID) ([]school.Profile, error) {
	hats, err := s.Hats(tx, person)
	var told []school.Profile
	for _, hat := range hats {
		if hat == school.Pupil {
			return nil, err
		}
		if hat != school.Departed {
			told = append(told, hat)
		}
	}
	return told, err
}
