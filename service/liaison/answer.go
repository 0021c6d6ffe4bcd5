package liaison

import (
	"slices"

	"preau/core/attach"
	"preau/core/audience"
	"preau/core/fail"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
)

// maxAnswer is the longest answer in one's own words.
const maxAnswer = 500

// answer takes the answer of a guardian for one of their children. It may be changed
// until the last day, and what it was stays: see [former].
func (s *Service) answer(r *web.Request) (web.Answer, error) {
	id, err := r.PathID("word")
	if err != nil {
		return nil, err
	}
	w, err := wordByID(r.Tx, id)
	if err != nil {
		return nil, err
	}
	child, err := r.FormID("child")
	if err != nil {
		return nil, err
	}
	err = s.take(r, w, child, attach.Sent{})
	if form, again := r.Again(err); again {
		return s.showPage(r, form)
	}
	return web.Redirect{To: w.path(), Notice: "liaison.answered"}, err
}

// say takes the answer, to a word that asks for one in one's own words, of a guardian who
// may say it aloud.
func (s *Service) say(r *web.Request) (web.Answer, error) {
	may := func() error {
		w, err := s.shown(r)
		if err == nil && w.Asks != toSay {
			err = fail.New(fail.NotFound, "the word %s asks for %s", w.ID, w.Asks)
		}
		return err
	}
	return s.Tray.Upload(r, attach.OneVoice(), may, func(sent attach.Sent) (web.Answer, error) {
		w, err := s.shown(r)
		if err != nil {
			return nil, err
		}
		child, err := r.FormID("child")
		if err != nil {
			return nil, err
		}
		err = s.take(r, w, child, sent)
		if form, again := r.Again(err); again {
			return s.showPage(r, form)
		}
		return web.Redirect{To: w.path(), Notice: "liaison.answered"}, err
	})
}

// take checks an answer, and keeps it with the recording that it came with.
func (s *Service) take(r *web.Request, w word, child school.ID, sent attach.Sent) error {
	held, err := r.Held()
	if err != nil {
		return err
	}
	now, err := held.Current(r.Tx, w.ID)
	if err != nil {
		return err
	}
	if !slices.Contains(now, child) {
		return fail.New(fail.NotFound, "the word %s is not for %s by %s", w.ID, child, r.Actor.Person)
	}
	limits, err := directory.LimitsOf(r.Tx, r.Actor.Person)
	if err != nil {
		return err
	}
	switch {
	case !w.answeredBy(limits[child]):
		return fail.New(fail.Forbidden, "a judge lets %s know of %s, and no more", r.Actor.Person, child)
	case w.expects() == audience.Nobody:
		return fail.New(fail.Conflict, "the word %s expects no answer", w.ID).Say("liaison.no-answer")
	case w.late(r.Tx.Now):
		return fail.New(fail.Invalid, "the word %s expected an answer until %s", w.ID, w.Due).Say("liaison.late").At("answer")
	}
	text, err := r.Text("answer", maxAnswer)
	if err != nil {
		return err
	}
	if sent.Wrong != nil {
		return sent.Wrong
	}
	voice := sent.Voice()
	if voice.None() && !w.accepts(text) {
		wrong := fail.New(fail.Invalid, "%q is no answer to %s", text, w.Asks)
		if w.Asks == toSay {
			return wrong.Say("liaison.write-or-say").At("answer")
		}
		return wrong.Say("liaison.choose-answer").At("answer")
	}
	given := given{Child: child, Person: r.Actor.Person, Answer: text, Voice: voice, At: r.Tx.Now}
	if err := keepFormer(r.Tx, w.ID, given); err != nil {
		return err
	}
	if err := put(r.Tx, w.ID, given); err != nil {
		return err
	}
	return audience.MarkDone(r.Tx, w.ID, child, r.Actor.Person)
}
