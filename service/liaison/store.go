package liaison

import (
	"strings"
	"time"

	"preau/core/attach"
	"preau/core/audience"
	"preau/core/db"
	"preau/core/i18n"
	"preau/core/rich"
	"preau/core/school"
)

const wordColumns = `w.id, w.school_id, w.class_id, w.pupil_id, w.author_id, w.category, w.title, w.body, w.asks, w.choices, w.each,
	w.due_at, w.published_at, w.amended_at, w.cancelled_at, w.cancel_why, w.facts, w.reminded_at`

func scanWord(row db.Row) (w word, err error) {
	var body, choices, facts string
	var due, published, amended, cancelled, reminded db.Time
	err = row.Scan(&w.ID, &w.School, &w.Class, &w.Pupil, &w.Author, &w.Category, &w.Title, &body, &w.Asks, &choices, &w.Each,
		&due, &published, &amended, &cancelled, &w.Why, &facts, &reminded)
	if err != nil {
		return w, err
	}
	w.Body, w.Choices = rich.Load(body), lines(choices)
	w.Due, w.Published, w.Amended, w.Cancelled, w.Reminded = due.Time, published.Time, amended.Time, cancelled.Time, reminded.Time
	w.Facts, err = loadFacts(facts)
	return w, err
}

// wordByID reads one word, or fail.NotFound.
func wordByID(tx *db.Tx, id school.ID) (word, error) {
	return db.One(tx, scanWord, `SELECT `+wordColumns+` FROM liaison_word w WHERE w.id = $1`, id)
}

// wordsByID reads some words.
func wordsByID(tx *db.Tx, ids []school.ID) ([]word, error) {
	return db.All(tx, scanWord, `SELECT `+wordColumns+` FROM liaison_word w WHERE w.id `+tx.Among(1), db.List(tx, ids))
}

// latest lists the words that a condition finds, the last first: those before $1, $2 at
// most.
func latest(tx *db.Tx, where string, args ...any) ([]word, error) {
	return db.All(tx, scanWord, `SELECT `+wordColumns+` FROM liaison_word w WHERE w.id < $1 AND `+where+` ORDER BY w.id DESC LIMIT $2`, args...)
}

// insert writes a new word.
func insert(tx *db.Tx, w word) error {
	facts, err := w.Facts.stored()
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO liaison_word (id, school_id, class_id, pupil_id, author_id, category, title, body, asks, choices, each, due_at, published_at, facts)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		w.ID, w.School, w.Class, w.Pupil, w.Author, w.Category, w.Title, w.Body.HTML(), w.Asks, strings.Join(w.Choices, "\n"), w.Each,
		db.At(w.Due), db.At(w.Published), facts)
	return err
}

// keep writes a new word, which is to be published.
func keep(tx *db.Tx, say i18n.Printer, w word) error {
	if err := insert(tx, w); err != nil {
		return err
	}
	return index(tx, say, w)
}

// change writes what a word says from now on: what it said is kept, see [word.keepWas].
func change(tx *db.Tx, say i18n.Printer, w word) error {
	facts, err := w.Facts.stored()
	if err != nil {
		return err
	}
	_, err = tx.Exec(`UPDATE liaison_word SET title = $2, body = $3, due_at = $4, amended_at = $5, facts = $6 WHERE id = $1`,
		w.ID, w.Title, w.Body.HTML(), db.At(w.Due), db.At(w.Amended), facts)
	if err != nil {
		return err
	}
	return index(tx, say, w)
}

// revoke writes that a word is cancelled, or is not any more: why it was stays.
func revoke(tx *db.Tx, w word) error {
	_, err := tx.Exec(`UPDATE liaison_word SET cancelled_at = $2, cancel_why = $3, amended_at = $4 WHERE id = $1`, w.ID, db.At(w.Cancelled), w.Why, db.At(w.Amended))
	return err
}

// address is a word for some audiences: until when it is news, and what it expects.
func (w word) address(to []audience.Audience) audience.Address {
	return audience.Address{
		Room: room, Thing: w.ID, School: w.School, Audiences: to, Published: w.Published, NewsUntil: w.newsUntil(), Expects: w.expects(), Due: w.Due, Reminded: w.Reminded,
	}
}

// given is an answer.
type given struct {
	Child, Person school.ID
	Answer        string
	Voice         attach.Voice // beside the text, or for it
	At            time.Time
}

// answersTo lists the answers to a word, for whoever follows it.
func answersTo(tx *db.Tx, word school.ID) ([]given, error) { return answers(tx, `word_id = $1`, word) }

// answersBy lists those of one person, for some children.
func answersBy(tx *db.Tx, word, person school.ID, children ...school.ID) ([]given, error) {
	return answers(tx, `word_id = $1 AND child_id `+tx.Among(2)+` AND person_id = $3`, word, db.List(tx, children), person)
}

func answers(tx *db.Tx, where string, args ...any) ([]given, error) {
	return db.All(tx, func(row db.Row) (g given, err error) {
		var at db.Time
		err = row.Scan(append([]any{&g.Child, &g.Person, &g.Answer, &at}, g.Voice.Into()...)...)
		g.At = at.Time
		return g, err
	}, `SELECT child_id, person_id, answer, answered_at, `+attach.VoiceColumns+` FROM liaison_answer WHERE `+where, args...)
}

// put writes an answer, in the place of the one that was there.
func put(tx *db.Tx, word school.ID, g given) error {
	_, err := tx.Exec(`INSERT INTO liaison_answer (word_id, child_id, person_id, answer, answered_at, `+attach.VoiceColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (word_id, child_id, person_id) DO UPDATE SET answer = excluded.answer, answered_at = excluded.answered_at, `+attach.VoiceAgain,
		append([]any{word, g.Child, g.Person, g.Answer, db.At(g.At)}, g.Voice.Args()...)...)
	return err
}
