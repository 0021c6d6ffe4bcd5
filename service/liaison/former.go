package liaison

import (
	"context"
	"slices"
	"strconv"
	"time"

	"preau/core/attach"
	"preau/core/db"
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

// formersTo lists what was answered to a word before it was changed, the last first.
func formersTo(tx *db.Tx, word school.ID) ([]former, error) {
	return db.All(tx, func(row db.Row) (f former, err error) {
		var until db.Time
		err = row.Scan(append([]any{&f.Child, &f.Person, &until, &f.Answer}, f.Voice.Into()...)...)
		f.Until = until.Time
		return f, err
	}, `SELECT child_id, person_id, until_at, answer, `+attach.VoiceColumns+` FROM liaison_former WHERE word_id = $1 ORDER BY until_at DESC, child_id, person_id`, word)
}

// keepFormer keeps what somebody answered, which another answer takes the place of. The same
// one, sent again, takes the place of nothing.
func keepFormer(tx *db.Tx, word school.ID, next given) error {
	answers, err := answersTo(tx, word)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(answers, func(g given) bool { return g.Child == next.Child && g.Person == next.Person })
	if i < 0 || answers[i].Answer == next.Answer && answers[i].Voice == next.Voice {
		return nil
	}
	was := answers[i]
	_, err = tx.Exec(`INSERT INTO liaison_former (word_id, child_id, person_id, until_at, answer, answered_at, `+attach.VoiceColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING`,
		append([]any{word, was.Child, was.Person, db.At(next.At), was.Answer, db.At(was.At)}, was.Voice.Args()...)...)
	return err
}

// formersOf are those of one person for a child, the last first.
func formersOf(all []former, child, person school.ID) []former {
	return slices.DeleteFunc(slices.Clone(all), func(f former) bool { return f.Child != child || f.Person != person })
}

// changed says when an answer was changed, and what it was before.
func (w word) changed(ctx context.Context, f former, now time.Time) string {
	was := w.saying(i18n.From(ctx), f.Answer, f.Voice)
	return i18n.Say(ctx, "liaison.answer-changed", i18n.Moment(ctx, f.Until, now), was)
}

// key is a former answer among those of a person for a child, in the address of what it says
// aloud.
func (f former) key() string { return strconv.FormatInt(f.Until.UnixMilli(), 10) }
