package calm

import (
	"time"

	"github.com/a-h/templ"

	"preau/core/audience"
	"preau/core/db"
	"preau/core/i18n"
	"preau/core/school"
)

// Sampler is a room whose words are read when the node is calm.
type Sampler interface {
	// Sample gives what is to be read of some things of the room, whoever reads them:
	// to whom each is addressed is core/audience's. What is left out is not read then.
	Sample(tx *db.Tx, things []school.ID) ([]Word, error)
}

// Word is what is read of a thing, without the database.
type Word struct {
	Thing school.ID
	Title func(i18n.Printer) string
	From  func(i18n.Printer) string // who says it
	// Body draws what it says in the language of the page, with titles of the fourth level.
	Body func(now time.Time) templ.Component
	Size int // bytes that it keeps in memory, about
	// Poster is the address of the public page where the word is too; empty: it is on none.
	Poster string
}

// Titled is the title of what somebody wrote, in the language in which they did.
func Titled(title string) func(i18n.Printer) string {
	return func(i18n.Printer) string { return title }
}

// Shut is a service of whose things nothing is shown: of a school, or of every school (0),
// to whoever wears a profile, or to everybody.
type Shut struct {
	School  school.ID
	Room    string
	Profile school.Profile
}

// word is a word of the snapshot.
type word struct {
	Word
	audience.Posted
}

// shutTo tells whether nothing is shown of the word to whoever wears a profile; empty: to whoever
// wears none.
func (w *word) shutTo(profile school.Profile, all []Shut) bool {
	for _, s := range all {
		if s.Room == w.Room && (s.School == 0 || s.School == w.School) && (s.Profile == "" || s.Profile == profile) {
			return true
		}
	}
	return false
}

// Line is a word as somebody reads it.
type Line struct {
	Word
	Published time.Time
	Children  []string // first names of the children for whom they do
}
