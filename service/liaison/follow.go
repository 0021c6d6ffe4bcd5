package liaison

import (
	"bytes"
	"cmp"
	"iter"
	"slices"
	"time"

	"preau/account"
	"preau/core/attach"
	"preau/core/audience"
	"preau/core/audit"
	"preau/core/school"
	"preau/core/sheet"
	"preau/core/web"
	"preau/directory"
	"preau/directory/whom"
)

// followView is who has read a word and answered it, child by child.
type followView struct {
	word
	To       string
	Children []childState
	Done     int // children who are done
	Now      time.Time
}

// childState is how the guardians of a child stand with a word.
type childState struct {
	Child     directory.Someone
	Guardians []guardianState // none: nobody whom it reaches
	Papers    []onPaper       // what came back on paper
	Done      bool            // nothing more is expected of them
}

// guardianState is how one of them stands with it.
type guardianState struct {
	Who        directory.Someone
	Read, Done time.Time
	Said       time.Time // they answered on screen
	Answer     string
	Voice      attach.Voice // and what they said aloud
	Paper      bool         // the answer, which is the latest, came back on paper
	Joined     bool         // they have an account that was ever used
	Told       bool         // a judge lets them know, and no more
}

// follow shows who has read a word, and what each answered.
func (s *Service) follow(r *web.Request) (web.Answer, error) {
	v, err := s.followed(r)
	if err != nil {
		return nil, err
	}
	if v.To, err = s.to(r, v.ID); err != nil {
		return nil, err
	}
	return web.Page{Title: r.Say("liaison.follow-of", v.Title), Body: followPage(v)}, nil
}

// to says for whom a word is, and how many they are.
func (s *Service) to(r *web.Request, id school.ID) (string, error) {
	to, err := audience.To(r.Tx, id)
	if err != nil {
		return "", err
	}
	return whom.Sentence(r, to[id]...)
}

// followed reads the word of the path, which the visitor follows, with how each child's
// guardians stand with it.
func (s *Service) followed(r *web.Request) (v followView, err error) {
	v.Now = r.Tx.Now
	if v.word, err = s.ours(r, follow); err != nil {
		return v, err
	}
	to, err := audience.To(r.Tx, v.ID)
	if err != nil {
		return v, err
	}
	reached, err := r.Audiences().Reach(r.Tx, to[v.ID]...)
	if err != nil {
		return v, err
	}
	states, err := s.states(r, v.word, reached)
	if err != nil {
		return v, err
	}
	var children []school.ID
	of := map[school.ID][]guardianState{}
	for i, one := range reached {
		if of[one.Child] == nil {
			children = append(children, one.Child)
		}
		of[one.Child] = append(of[one.Child], states[i])
	}
	named, err := directory.SomeByID(r.Tx, children...)
	for _, child := range named {
		v.Children = append(v.Children, childState{Child: child, Guardians: of[child.ID]})
	}
	if err == nil {
		err = v.papered(r.Tx)
	}
	for i := range v.Children {
		c := &v.Children[i]
		_, onPaper := c.whole()
		if c.Done = onPaper || v.doneBy(c.Guardians); c.Done {
			v.Done++
		}
	}
	slices.SortStableFunc(v.Children, func(a, b childState) int { // who is awaited first
		return cmp.Compare(btoi(a.Done), btoi(b.Done))
	})
	return v, err
}

// states is how each of those whom a word reaches stands with it.
func (s *Service) states(r *web.Request, w word, reached []audience.Reached) ([]guardianState, error) {
	var people, children []school.ID
	for _, one := range reached {
		people, children = append(people, one.Person), append(children, one.Child)
	}
	named, err := directory.SomeByID(r.Tx, people...)
	if err != nil {
		return nil, err
	}
	accounts, err := account.Of(r.Tx, people...)
	if err != nil {
		return nil, err
	}
	limits, err := directory.LimitsIn(r.Tx, children...)
	if err != nil {
		return nil, err
	}
	receipts, err := audience.ReceiptsOf(r.Tx, w.ID)
	if err != nil {
		return nil, err
	}
	answers, err := answersTo(r.Tx, w.ID)
	who := map[school.ID]directory.Someone{}
	for _, one := range named {
		who[one.ID] = one
	}
	at := map[audience.Reached]int{}
	states := make([]guardianState, len(reached))
	for i, one := range reached {
		at[one] = i
		states[i] = guardianState{
			Who: who[one.Person], Joined: !accounts[one.Person].Activated.IsZero(),
			Told: !w.answeredBy(limits[directory.Kinship{Pupil: one.Child, Guardian: one.Person}]),
		}
	}
	for _, receipt := range receipts[w.ID] {
		if i, there := at[audience.Reached{Person: receipt.Person, Child: receipt.Child}]; there {
			states[i].Read, states[i].Done = receipt.Read, receipt.Done
		}
	}
	for _, one := range answers {
		if i, there := at[audience.Reached{Person: one.Person, Child: one.Child}]; there {
			states[i].Answer, states[i].Voice, states[i].Said = one.Answer, one.Voice, one.At
		}
	}
	return states, err
}

// doneBy tells whether nothing more is expected of the guardians of a child: all of
// them, or one of them, have answered or, when nothing is asked, one has read it. Who may
// not answer is not waited for.
func (w word) doneBy(guardians []guardianState) bool {
	var awaited, done int
	for _, g := range guardians {
		switch {
		case w.Asks == toRead && !g.Read.IsZero(), !g.Done.IsZero():
			done++
		case !g.Told || w.Asks == toRead:
			awaited++
		}
	}
	return done > 0 && (awaited == 0 || w.Asks == toRead || w.Each == audience.OneOfThem)
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// followCSV gives the follow-up for a spreadsheet, and journals it.
func (s *Service) followCSV(r *web.Request) (web.Answer, error) {
	v, err := s.followed(r)
	if err != nil {
		return nil, err
	}
	err = s.Audit.Write(r.Tx, audit.Entry{By: r.By(), Action: actExportFollow, Kind: "word", Object: v.ID, School: v.School})
	if err != nil {
		return nil, err
	}
	if err := r.ActsOn(len(v.Children)); err != nil {
		return nil, err
	}
	var body bytes.Buffer
	err = sheet.Write(&body, sheetRows(r, v))
	return web.CSV(v.Title, body.Bytes()), err
}

// sheetRows are the rows of the spreadsheet, its heads first.
func sheetRows(r *web.Request, v followView) iter.Seq[[]string] {
	said := func(at time.Time) string {
		if at.IsZero() {
			return ""
		}
		return at.In(school.Paris).Format("02/01/2006 15:04")
	}
	return func(yield func([]string) bool) {
		if !yield([]string{r.Say("liaison.column-child"), r.Say("liaison.column-guardian"), r.Say("liaison.column-read"), r.Say("liaison.column-done"), r.Say("liaison.column-answer"), r.Say("liaison.column-paper")}) {
			return
		}
		for _, c := range v.Children {
			for _, g := range c.Guardians {
				if !yield([]string{c.Child.Name(), g.Who.Name(), said(g.Read), said(g.Done), v.answer(r.Printer, g), c.entered(r.Printer, g)}) {
					return
				}
			}
			if p, there := c.whole(); there && !yield([]string{c.Child.Name(), "", "", said(p.At), v.inWords(r.Printer, p.Answer), p.entered(r.Printer)}) {
				return
			}
		}
	}
}
