package liaison

import (
	"context"
	"strconv"
	"time"

	"preau/core/attach"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/i18n"
	"preau/core/school"
)

// former is what somebody answered until they answered something else.
type former struct {
	Child, Person school.ID
	Until         time.Time // when the next answer came
	Answer        string
	Voice         attach.Voice
}

// mostFormers is how many former answers a page says of one person for a child: it counts the
// others.
const mostFormers = 5

// formers are the last answers that somebody gave for a child before they changed them, the last
// first, and how many there were in all.
type formers struct {
	Last []former
	All  int
}

// earlier counts those that are not said.
func (f formers) earlier() int { return f.All - len(f.Last) }

// whose is somebody who answers for a child.
type whose struct{ Child, Person school.ID }

// formersTo reads what was answered to a word before it was changed, for whoever follows it.
func formersTo(tx *db.Tx, word school.ID) (map[whose]formers, error) {
	return formersWhere(tx, `word_id = $1`, word)
}

// formersBy reads that of one person, for some children.
func formersBy(tx *db.Tx, word, person school.ID, children ...school.ID) (map[whose]formers, error) {
	return formersWhere(tx, `word_id = $1 AND child_id `+tx.Among(2)+` AND person_id = $3`, word, db.List(tx, children), person)
}

func formersWhere(tx *db.Tx, where string, args ...any) (map[whose]formers, error) {
	of := map[whose]formers{}
	return of, tx.Each(func(row db.Row) error {
		var f former
		var until db.Time
		var all int
		err := row.Scan(append([]any{&f.Child, &f.Person, &until, &f.Answer, &all}, f.Voice.Into()...)...)
		f.Until = until.Time
		by := whose{f.Child, f.Person}
		of[by] = formers{append(of[by].Last, f), all}
		return err
	}, `SELECT child_id, person_id, until_at, answer, number, `+attach.VoiceColumns+` FROM (
			SELECT child_id, person_id, until_at, answer, `+attach.VoiceColumns+`, count(*) OVER (PARTITION BY child_id, person_id) AS number,
				row_number() OVER (PARTITION BY child_id, person_id ORDER BY until_at DESC) AS rank
			FROM liaison_former WHERE `+where+`) f
		WHERE rank <= `+strconv.Itoa(mostFormers)+` ORDER BY until_at DESC, child_id, person_id`, args...)
}

// formerVoice is what somebody said aloud for a child until an instant, or fail.NotFound.
func formerVoice(tx *db.Tx, word school.ID, by whose, until int64) (v attach.Voice, err error) {
	return v, tx.Get(v.Into(), `SELECT `+attach.VoiceColumns+` FROM liaison_former WHERE word_id = $1 AND child_id = $2 AND person_id = $3 AND until_at = $4`,
		word, by.Child, by.Person, until)
}

// mostAnswers is how often an answer is changed within a day.
const mostAnswers = 20

// keepFormer keeps what somebody answered, which another answer takes the place of. The same
// one, sent again, takes the place of nothing. One that was changed too often today stays:
// fail.Conflict.
func keepFormer(tx *db.Tx, word school.ID, was, next given) error {
	if was.says(next) {
		return nil
	}
	n, err := db.One(tx, db.Column[int], `SELECT count(*) FROM liaison_former WHERE word_id = $1 AND child_id = $2 AND person_id = $3 AND until_at > $4`,
		word, was.Child, was.Person, db.At(next.At.AddDate(0, 0, -1)))
	if err == nil && n >= mostAnswers {
		err = fail.New(fail.Conflict, "%s changed their answer to %s %d times within a day", was.Person, word, n).Say("liaison.answer-often", n).At("answer")
	}
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO liaison_former (word_id, child_id, person_id, until_at, answer, answered_at, `+attach.VoiceColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING`,
		append([]any{word, was.Child, was.Person, db.At(next.At), was.Answer, db.At(was.At)}, was.Voice.Args()...)...)
	return err
}

// changed says when an answer was changed, and what it was before; of a signature, when it was taken
// back.
func (w word) changed(ctx context.Context, f former, now time.Time) string {
	if w.Asks == toSign {
		return i18n.Say(ctx, "liaison.signature-gone", i18n.Moment(ctx, f.Until, now))
	}
	was := w.saying(i18n.From(ctx), f.Answer, f.Voice)
	return i18n.Say(ctx, "liaison.answer-changed", i18n.Moment(ctx, f.Until, now), was)
}

// key is a former answer among those of a person for a child, in the address of what it says
// aloud.
func (f former) key() string { return strconv.FormatInt(f.Until.UnixMilli(), 10) }
