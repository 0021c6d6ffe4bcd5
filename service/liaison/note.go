package liaison

import (
	"time"

	"preau/core/attach"
	"preau/core/audience"
	"preau/core/db"
	"preau/core/i18n"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/ui"
)

// noteKind is what a family tells the school.
type noteKind string

// What families tell.
const (
	absence     noteKind = "absence"
	late        noteKind = "late"
	appointment noteKind = "appointment"
)

var noteIcons = map[noteKind]ui.Icon{absence: ui.IconPersonCheck, late: ui.IconClock, appointment: ui.IconCalendar}

// note is what a family tells the school about a child.
type note struct {
	ID, School, Class, Child school.ID
	Author                   school.ID // 0: somebody who was erased
	Kind                     noteKind
	From, Until              time.Time // the days of an absence, or of a delay: their first instants; zero of an appointment
	Hour                     string    // of a delay, "09:15"; may be empty
	Body                     string
	Voice                    attach.Voice // beside the text, or for it
	Sent, Withdrawn          time.Time    // Withdrawn is zero: never
	SeenBy                   school.ID
	Seen                     time.Time // zero: not yet
	Reply                    string
}

func (n note) path() string { return "/liaison/note/" + n.ID.String() }

// object is a note as rights reach it.
func (n note) object() rights.Object { return rights.Object{Class: n.Class, School: n.School} }

// over tells whether the days that the note is about are over.
func (n note) over(now time.Time) bool {
	return !n.Until.IsZero() && !now.Before(n.Until.AddDate(0, 0, 1))
}

// newsUntil is until when it is news: a week after its last day, and an appointment that is
// asked for until it has been answered for a fortnight.
func (n note) newsUntil() time.Time {
	last := n.Sent.Add(newsFor)
	if until := n.Until.AddDate(0, 0, 8); until.After(last) {
		last = until
	}
	if !n.Seen.IsZero() && n.Seen.Add(newsFor).After(last) {
		last = n.Seen.Add(newsFor)
	}
	return last
}

const noteColumns = `n.id, n.school_id, n.class_id, n.child_id, n.author_id, n.kind, n.from_day, n.until_day, n.hour, n.body, n.sent_at, n.withdrawn_at,
	n.seen_by, n.seen_at, n.reply, ` + attach.VoiceColumns

func scanNote(row db.Row) (n note, err error) {
	var from, until string
	var sent, withdrawn, seen db.Time
	if err = row.Scan(append([]any{&n.ID, &n.School, &n.Class, &n.Child, &n.Author, &n.Kind, &from, &until, &n.Hour, &n.Body, &sent, &withdrawn,
		&n.SeenBy, &seen, &n.Reply}, n.Voice.Into()...)...); err != nil {
		return n, err
	}
	n.Sent, n.Withdrawn, n.Seen = sent.Time, withdrawn.Time, seen.Time
	if n.From, err = day(from); err == nil {
		n.Until, err = day(until)
	}
	return n, err
}

// day reads a day that is stored: its first instant in Paris, zero for none.
func day(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	return time.ParseInLocation(time.DateOnly, text, school.Paris)
}

// onDay writes a day to be stored.
func onDay(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.In(school.Paris).Format(time.DateOnly)
}

// noteByID reads one note, or fail.NotFound.
func noteByID(tx *db.Tx, id school.ID) (note, error) {
	return db.One(tx, scanNote, `SELECT `+noteColumns+` FROM liaison_note n WHERE n.id = $1`, id)
}

// notesByID reads some notes.
func notesByID(tx *db.Tx, ids []school.ID) ([]note, error) {
	return db.All(tx, scanNote, `SELECT `+noteColumns+` FROM liaison_note n WHERE n.id `+tx.Among(1), db.List(tx, ids))
}

// notesOf lists the last notes about some children, $2 at most.
func notesOf(tx *db.Tx, children []school.ID, most int) ([]note, error) {
	return db.All(tx, scanNote, `SELECT `+noteColumns+` FROM liaison_note n WHERE n.child_id `+tx.Among(1)+` ORDER BY n.sent_at DESC, n.id DESC LIMIT $2`,
		db.List(tx, children), most)
}

// notesFor lists the notes that a condition finds, the last first: those before $1, $2 at
// most.
func notesFor(tx *db.Tx, where string, args ...any) ([]note, error) {
	return db.All(tx, scanNote, `SELECT `+noteColumns+` FROM liaison_note n WHERE n.id < $1 AND `+where+` ORDER BY n.id DESC LIMIT $2`, args...)
}

// notesOn lists the absences and the delays of the day $1 that a condition finds, but
// those that were withdrawn.
func notesOn(tx *db.Tx, where string, args ...any) ([]note, error) {
	return db.All(tx, scanNote, `SELECT `+noteColumns+` FROM liaison_note n
		WHERE n.from_day <= $1 AND n.until_day >= $1 AND n.from_day <> '' AND n.withdrawn_at IS NULL AND `+where+` ORDER BY n.class_id, n.kind, n.id`, args...)
}

// toldSince counts what somebody has told since an instant.
func toldSince(tx *db.Tx, author school.ID, since time.Time) (int, error) {
	return db.One(tx, db.Column[int], `SELECT count(*) FROM liaison_note WHERE author_id = $1 AND sent_at > $2`, author, db.At(since))
}

// tell writes a new note, which is to be published.
func tell(tx *db.Tx, say i18n.Printer, n note) error {
	_, err := tx.Exec(`INSERT INTO liaison_note (id, school_id, class_id, child_id, author_id, kind, from_day, until_day, hour, body, sent_at, `+attach.VoiceColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		append([]any{n.ID, n.School, n.Class, n.Child, n.Author, n.Kind, onDay(n.From), onDay(n.Until), n.Hour, n.Body, db.At(n.Sent)}, n.Voice.Args()...)...)
	if err != nil {
		return err
	}
	return indexNote(tx, say, n)
}

// address is a note for whoever teaches the class, of whom one is to take note of it, and, once
// they have answered it, for whoever wrote it.
func (n note) address() audience.Address {
	a := audience.Address{
		Room: room, Thing: n.ID, School: n.School, Published: n.Sent, NewsUntil: n.newsUntil(), Expects: audience.OneOfThem,
		Audiences: []audience.Audience{{Place: audience.Class, Of: n.Class, Side: audience.Teaching}},
	}
	if !n.Withdrawn.IsZero() || !n.Seen.IsZero() {
		a.Expects = audience.Nobody
	}
	if n.Reply != "" && n.Author != 0 {
		a.Audiences = append(a.Audiences, audience.Audience{Place: audience.Person, Of: n.Author})
	}
	return a
}

// withdraw writes that a note does not hold any more. It stays in the carnet.
func withdraw(tx *db.Tx, n note) error {
	if _, err := tx.Exec(`UPDATE liaison_note SET withdrawn_at = $2 WHERE id = $1`, n.ID, db.At(n.Withdrawn)); err != nil {
		return err
	}
	return audience.Unread(tx, n.ID)
}

// acknowledge writes that somebody at school has taken note, and what they answer.
func acknowledge(tx *db.Tx, say i18n.Printer, n note) error {
	if _, err := tx.Exec(`UPDATE liaison_note SET seen_by = $2, seen_at = $3, reply = $4 WHERE id = $1`, n.ID, n.SeenBy, db.At(n.Seen), n.Reply); err != nil {
		return err
	}
	if err := indexNote(tx, say, n); err != nil {
		return err
	}
	return audience.MarkDone(tx, n.ID, 0, n.SeenBy)
}
