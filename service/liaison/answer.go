package liaison

import (
	"slices"
	"time"

	"preau/core/attach"
	"preau/core/audience"
	"preau/core/db"
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

// mayAnswer tells why the visitor may not answer a word for a child, or not any more.
func (w word) mayAnswer(r *web.Request, child school.ID) error {
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
	return nil
}

// take checks an answer, and keeps it with the recording that it came with.
func (s *Service) take(r *web.Request, w word, child school.ID, sent attach.Sent) error {
	if err := w.mayAnswer(r, child); err != nil {
		return err
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
	before, err := answersBy(r.Tx, w.ID, given.Person, given.Child)
	if err != nil {
		return err
	}
	since, err := w.saysSince(r.Tx)
	if err != nil {
		return err
	}
	for _, was := range before { // one at most
		if stands, err := w.stands(r.Tx, was, given, since); err != nil || stands {
			return err
		}
		if err := keepFormer(r.Tx, w.ID, was, given); err != nil {
			return err
		}
	}
	if err := put(r.Tx, w.ID, given); err != nil {
		return err
	}
	return audience.MarkDone(r.Tx, w.ID, child, r.Actor.Person)
}

// stands tells whether an answer is the one of before, and no other came after that on paper: what is sent
// again is not another one, and what was answered keeps its day. Sent again to a word that says something
// else since an instant, it is another one.
func (w word) stands(tx *db.Tx, was, again given, since time.Time) (bool, error) {
	if !was.says(again) || stale(was.At, since) {
		return false, nil
	}
	papers, err := papersFor(tx, w.ID, was.Person, was.Child)
	return !slices.ContainsFunc(papers, func(p onPaper) bool { return p.At.After(was.At) }), err
}

// says tells whether two answers are the same.
func (g given) says(o given) bool { return g.Answer == o.Answer && g.Voice == o.Voice }

// unsign takes back the signature of a guardian for one of their children, who gave it by mistake
// today, or before the word said what it says: the word waits for it again, and that it was given stays, see [former]. What is not signed
// stays as it is.
func (s *Service) unsign(r *web.Request) (web.Answer, error) {
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
	err = w.mayAnswer(r, child)
	if err == nil {
		err = unsigned(r.Tx, w, whose{child, r.Actor.Person})
	}
	if form, again := r.Again(err); again {
		return s.showPage(r, form)
	}
	return web.Redirect{To: w.path(), Notice: "liaison.unsigned"}, err
}

// unsigns tells whether a signature that was given at an instant may be taken back: on the day of it, or
// where the word says something else since.
func (w word) unsigns(given, since, now time.Time) bool {
	return w.Asks == toSign && !given.IsZero() && (onDay(given) == onDay(now) || stale(given, since))
}

// unsigned takes a signature back. What the same person signed on paper stands.
func unsigned(tx *db.Tx, w word, by whose) error {
	given, err := answersBy(tx, w.ID, by.Person, by.Child)
	if err != nil || len(given) == 0 {
		return err
	}
	since, err := w.saysSince(tx)
	if err != nil {
		return err
	}
	if !w.unsigns(given[0].At, since, tx.Now) {
		return fail.New(fail.Conflict, "the word %s was signed at %s", w.ID, given[0].At).Say("liaison.unsign-late").At("answer")
	}
	if err := keepFormer(tx, w.ID, given[0], given[0].none(tx.Now)); err != nil {
		return err
	}
	if _, err := tx.Exec(`DELETE FROM liaison_answer WHERE word_id = $1 AND child_id = $2 AND person_id = $3`, w.ID, by.Child, by.Person); err != nil {
		return err
	}
	onPaper, err := db.One(tx, db.Column[bool], `SELECT EXISTS (SELECT 1 FROM liaison_paper WHERE word_id = $1 AND child_id = $2 AND person_id = $3)`,
		w.ID, by.Child, by.Person)
	if err != nil || onPaper {
		return err
	}
	return audience.MarkUndone(tx, w.ID, by.Child, by.Person)
}

// none is that who gave an answer gives none from an instant on.
func (g given) none(at time.Time) given { return given{Child: g.Child, Person: g.Person, At: at} }
