package liaison

import (
	"slices"
	"strconv"
	"time"

	"preau/core/attach"
	"preau/core/audience"
	"preau/core/audit"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
)

// onPaper is an answer that came back on paper.
type onPaper struct {
	Child, Person school.ID // Person is 0 where one answer is enough for the child
	Answer        string
	By            school.ID // who entered it
	At            time.Time
	ByName        string // once named
}

// papersOf lists the answers on paper to a word, for whoever follows it.
func papersOf(tx *db.Tx, word school.ID) ([]onPaper, error) { return papers(tx, `word_id = $1`, word) }

// papersFor lists those for some children: what one guardian answered alone is theirs.
func papersFor(tx *db.Tx, word, person school.ID, children ...school.ID) ([]onPaper, error) {
	return papers(tx, `word_id = $1 AND child_id `+tx.Among(2)+` AND person_id IN (0, $3)`, word, db.List(tx, children), person)
}

func papers(tx *db.Tx, where string, args ...any) ([]onPaper, error) {
	return db.All(tx, func(row db.Row) (p onPaper, err error) {
		var at db.Time
		err = row.Scan(&p.Child, &p.Person, &p.Answer, &p.By, &at)
		p.At = at.Time
		return p, err
	}, `SELECT child_id, person_id, answer, entered_by, entered_at FROM liaison_paper WHERE `+where+` ORDER BY child_id, person_id`, args...)
}

// keepPaper writes an answer on paper, and closes what was awaited.
func keepPaper(tx *db.Tx, word school.ID, p onPaper) error {
	_, err := tx.Exec(`INSERT INTO liaison_paper (word_id, child_id, person_id, answer, entered_by, entered_at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (word_id, child_id, person_id) DO UPDATE
		SET answer = excluded.answer, entered_by = excluded.entered_by, entered_at = excluded.entered_at`,
		word, p.Child, p.Person, p.Answer, p.By, db.At(p.At))
	if err != nil {
		return err
	}
	return audience.MarkDone(tx, word, p.Child, p.Person)
}

// withdrawPaper takes an answer on paper back: it is awaited again, unless somebody answered
// on screen. It is fail.NotFound where there is none.
func withdrawPaper(tx *db.Tx, word, child, person school.ID) error {
	gone, err := tx.Exec(`DELETE FROM liaison_paper WHERE word_id = $1 AND child_id = $2 AND person_id = $3`, word, child, person)
	if err != nil {
		return err
	}
	if gone == 0 {
		return fail.New(fail.NotFound, "no paper of %s about %s", child, word)
	}
	answered, err := db.One(tx, db.Column[bool], `SELECT EXISTS (SELECT 1 FROM liaison_answer WHERE word_id = $1 AND child_id = $2 AND person_id = $3)`,
		word, child, person)
	if err != nil || answered {
		return err
	}
	return audience.MarkUndone(tx, word, child, person)
}

// papered adds what came back on paper to how guardians stand with a word.
func (v *followView) papered(tx *db.Tx) error {
	papers, err := papersOf(tx, v.ID)
	if err != nil || len(papers) == 0 {
		return err
	}
	var by []school.ID
	for _, p := range papers {
		by = append(by, p.By)
	}
	who, err := directory.SomeBy(tx, by...)
	if err != nil {
		return err
	}
	for i := range v.Children {
		c := &v.Children[i]
		for _, p := range papers {
			if p.Child != c.Child.ID {
				continue
			}
			p.ByName = who[p.By].Formal()
			c.Papers = append(c.Papers, p)
			for n := range c.Guardians {
				if g := &c.Guardians[n]; g.Who.ID == p.Person && !g.Said.After(p.At) {
					g.Answer, g.Voice, g.Done, g.Paper = p.Answer, attach.Voice{}, p.At, true
				}
			}
		}
	}
	return nil
}

// whole is the answer on paper for a child, where one is enough.
func (c childState) whole() (p onPaper, there bool) {
	i := slices.IndexFunc(c.Papers, func(p onPaper) bool { return p.Person == 0 })
	if i < 0 {
		return p, false
	}
	return c.Papers[i], true
}

// latest is the answer on paper for a child, when nobody answered on screen since.
func (c childState) latest() (p onPaper, there bool) {
	p, there = c.whole()
	return p, there && !slices.ContainsFunc(c.Guardians, func(g guardianState) bool { return g.Said.After(p.At) })
}

// awaited is an answer that is still awaited.
type awaited struct {
	slip
	Child    directory.Marked
	Guardian directory.Someone // nobody where one answer is enough
	Offline  bool              // who would answer has no account
}

// awaited lists what is awaited still, child by child.
func (v followView) awaited() (all []awaited) {
	for _, c := range v.Children {
		if !c.Done {
			all = append(all, v.talons(c)...)
		}
	}
	return all
}

// answerers are the guardians of a child who may answer.
func (v followView) answerers(c childState) []guardianState {
	return slices.DeleteFunc(slices.Clone(c.Guardians), func(g guardianState) bool { return g.Told && v.Asks != toRead })
}

// talons are the answers that a child's guardians owe: one, or one of each of them. Who may
// not answer owes none.
func (v followView) talons(c childState) (all []awaited) {
	may := v.answerers(c)
	if !v.perPerson() {
		if len(may) == 0 {
			return nil
		}
		joined := slices.ContainsFunc(may, func(g guardianState) bool { return g.Joined })
		return []awaited{{slip: slip{Word: v.ID, Child: c.Child.ID}, Child: c.Child, Offline: !joined}}
	}
	for _, g := range may {
		if g.Done.IsZero() {
			all = append(all, awaited{slip: slip{v.ID, c.Child.ID, g.Who.ID}, Child: c.Child, Guardian: g.Who, Offline: !g.Joined})
		}
	}
	return all
}

// about finds what a talon is about among those whom the word reaches: it is false when it
// does not reach them any more, or when a judge lets nobody of them answer it since the talon
// was printed. One that is enough for a child is the child's, whoever signed it.
func (v followView) about(s slip) (a awaited, there bool) {
	for _, c := range v.Children {
		if c.Child.ID != s.Child {
			continue
		}
		if s.Person == 0 {
			return awaited{slip: s, Child: c.Child}, !v.perPerson() && len(v.answerers(c)) > 0
		}
		for _, g := range v.answerers(c) {
			if g.Who.ID == s.Person && v.perPerson() {
				return awaited{slip: s, Child: c.Child, Guardian: g.Who}, true
			}
		}
	}
	return a, false
}

// stands says in words what was answered already to what a talon is about; empty: nothing.
func (v followView) stands(r *web.Request, s slip) string {
	for _, c := range v.Children {
		if c.Child.ID != s.Child {
			continue
		}
		if p, there := c.latest(); there {
			return r.Say("liaison.on-paper", v.inWords(r.Printer, p.Answer))
		}
		for _, g := range c.Guardians {
			if !g.Done.IsZero() && (s.Person == 0 || g.Who.ID == s.Person) {
				return v.saying(r.Printer, g.Answer, g.Voice)
			}
		}
	}
	return ""
}

// paperLine is a talon on the page where one says what it answers.
type paperLine struct {
	awaited
	Token   string
	Read    bool   // it was read on a picture
	Answer  string // which was read, and is preselected
	Blank   bool   // no box was ticked
	Crop    string // the address of what it looks like; empty: it was not read
	Already string // what was answered before
	Error   string
	Field   string
}

// paperView is the page where the answers that came back on paper are entered.
type paperView struct {
	word
	Lines    []paperLine // those that were read
	Missing  []paperLine // those that are awaited, and were not
	Refused  []string    // why talons were
	Pictures []picture   // that were sent, and what there was on each
	Scan     bool        // pictures were read
	Form     web.Form
	Now      time.Time
}

// papers shows what is awaited still, to be entered by hand: of everybody, or of one child.
func (s *Service) papers(r *web.Request) (web.Answer, error) { return s.papersPage(r, web.Form{}, "") }

func (s *Service) papersPage(r *web.Request, form web.Form, wrong string) (web.Answer, error) {
	v, err := s.onPaper(r)
	if err != nil {
		return nil, err
	}
	page := paperView{word: v.word, Form: form, Now: v.Now}
	only, _ := school.ParseID(r.URL.Query().Get("child"))
	all := v.awaited()
	if form.Filled() { // what was typed stays, whatever became of it meanwhile
		all = nil
		for _, token := range r.PostForm["slip"] {
			if one, err := parseSlip(s.Key, token); err == nil {
				if a, there := v.about(one); there && one.Word == v.ID {
					all = append(all, a)
				}
			}
		}
	}
	for _, a := range all {
		if only == 0 || a.slip.Child == only {
			page.Missing = append(page.Missing, s.line(r, v, a, len(page.Missing)))
		}
	}
	for i := range page.Missing {
		l := &page.Missing[i]
		if l.Answer = form.Value(l.Field); l.Field == wrong {
			l.Error = form.Error(wrong)
		}
	}
	return web.Page{Title: r.Say("liaison.by-hand"), Body: paperPage(page), Status: form.Status()}, nil
}

// line is what a talon is about, as the form has it.
func (s *Service) line(r *web.Request, v followView, a awaited, n int) paperLine {
	return paperLine{awaited: a, Token: a.slip.token(s.Key), Already: v.stands(r, a.slip), Field: answerField(n)}
}

// answerField is the field of the answer of a talon, the first being 0.
func answerField(n int) string { return "answer-" + strconv.Itoa(n) }

// onPaper is the word of the path with how it stands, when something of it may still come
// back on paper.
func (s *Service) onPaper(r *web.Request) (followView, error) {
	v, err := s.followed(r)
	if err == nil && !v.Cancelled.IsZero() {
		err = fail.New(fail.Conflict, "the word %s was cancelled", v.ID).Say("liaison.cancelled-already")
	}
	return v, err
}

// enter keeps the answers that the visitor read on paper: those of the talons of the form
// that have one.
func (s *Service) enter(r *web.Request) (web.Answer, error) {
	v, err := s.onPaper(r)
	if err != nil {
		return nil, err
	}
	kept := 0
	for i, token := range r.PostForm["slip"] {
		field := answerField(i)
		answer, err := r.Text(field, maxAnswer)
		if err == nil && answer == "" {
			continue
		}
		if err == nil && !v.acceptsOnPaper(answer) {
			err = fail.New(fail.Invalid, "%q is no answer to %s", answer, v.Asks).Say("liaison.choose-answer").At(field)
		}
		if form, again := r.Again(err); again {
			return s.papersPage(r, form, field)
		}
		if err != nil {
			return nil, err
		}
		one, err := parseSlip(s.Key, token)
		if err != nil {
			return nil, fail.New(fail.NotFound, "the slip %d: %w", i, err)
		}
		if _, there := v.about(one); !there || one.Word != v.ID {
			return nil, fail.New(fail.NotFound, "%s is asked nothing on paper about %s", one.Child, v.ID)
		}
		err = keepPaper(r.Tx, v.ID, onPaper{Child: one.Child, Person: one.Person, Answer: answer, By: r.Actor.Person, At: r.Tx.Now})
		if err == nil {
			err = s.journalPaper(r, actEnterPaper, v.word, one.Child)
		}
		if err != nil {
			return nil, err
		}
		kept++
	}
	if kept == 0 {
		return web.Redirect{To: v.path() + "/follow", Notice: "liaison.no-paper", Info: true}, nil
	}
	return web.Redirect{To: v.path() + "/follow", Notice: "liaison.paper-kept"}, nil
}

// withdraw takes back an answer that was entered from paper.
func (s *Service) withdraw(r *web.Request) (web.Answer, error) {
	w, err := s.ours(r, follow)
	if err != nil {
		return nil, err
	}
	child, err := r.FormID("child")
	if err != nil {
		return nil, err
	}
	if r.Can(follow, w.object()) != nil { // they follow some of its classes alone
		v, err := s.followed(r)
		if err == nil && !slices.ContainsFunc(v.Children, func(c childState) bool { return c.Child.ID == child }) {
			err = fail.New(fail.NotFound, "%s does not follow the word %s about %s", r.Actor.Person, w.ID, child)
		}
		if err != nil {
			return nil, err
		}
	}
	person, _ := school.ParseID(r.PostFormValue("person")) // none: for the child
	if err := withdrawPaper(r.Tx, w.ID, child, person); err != nil {
		return nil, err
	}
	return web.Redirect{To: w.path() + "/follow", Notice: "liaison.paper-withdrawn"}, s.journalPaper(r, actWithdrawPaper, w, child)
}

// journalPaper says what was done with the answer on paper about a child.
func (s *Service) journalPaper(r *web.Request, act audit.Action, w word, child school.ID) error {
	return s.Audit.Write(r.Tx, audit.Entry{By: r.By(), Action: act, Kind: "word", Object: w.ID, Subject: child, School: w.School})
}
