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
	"preau/core/i18n"
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
	Classes  []classState // of a word that is for several, how each stands; else none
	Done     int          // children who are done
	Writes   bool         // the visitor may change the word
	Since    time.Time    // it says what it says, see [word.saysSince]
	Now      time.Time
}

// classState is how the children of a class stand with a word that is for several.
type classState struct {
	Label    string
	Children []childState
	Done     int
}

// childState is how the guardians of a child stand with a word.
type childState struct {
	Child     directory.Marked
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
	Formers    formers      // what they answered before they changed it
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
	to, err := s.followedTo(r, v.word)
	if err != nil {
		return nil, err
	}
	if v.To, err = whom.Sentence(r, to...); err != nil {
		return nil, err
	}
	v.Writes = s.can(r, write, v.word) == nil
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
	if v.Since, err = v.saysSince(r.Tx); err != nil {
		return v, err
	}
	to, err := s.followedTo(r, v.word)
	if err != nil {
		return v, err
	}
	reached, err := r.Audiences().Reach(r.Tx, to...)
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
	if err != nil {
		return v, err
	}
	marks, err := directory.MarksOf(r.Tx, r.Printer, children...)
	for _, child := range named {
		v.Children = append(v.Children, childState{Child: marks.On(child), Guardians: of[child.ID]})
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
	slices.SortStableFunc(v.Children, func(a, b childState) int { return cmp.Compare(v.stage(a), v.stage(b)) })
	if err == nil && v.Class == 0 {
		v.Classes, err = byClass(r, v)
	}
	return v, err
}

// stage is how far the family of a child is with a word: who follows it begins with those for whom
// they can do something.
type stage int

const (
	online  stage = iota // somebody who came to Préau is awaited: they may be reminded
	offline              // those who are awaited did not: they answer on paper
	nobody               // there is nobody to ask
	done
)

// stage is that of a child.
func (v followView) stage(c childState) stage {
	may := v.answerers(c)
	awaited := func(g guardianState) bool { return g.Joined && g.Done.IsZero() }
	switch {
	case c.Done:
		return done
	case slices.ContainsFunc(may, awaited):
		return online
	case len(may) > 0:
		return offline
	}
	return nobody
}

// stages are the children of each stage, in order; none of a stage where nobody is.
func (v followView) stages() (all [][]childState) {
	for i, c := range v.Children {
		if i == 0 || v.stage(c) != v.stage(v.Children[i-1]) {
			all = append(all, nil)
		}
		all[len(all)-1] = append(all[len(all)-1], c)
	}
	return all
}

// byClass is how each class stands with a word that is for several of them or for the whole
// school: those that the visitor follows. Who is in none of them any more is in the last one,
// which has no name.
func byClass(r *web.Request, v followView) ([]classState, error) {
	seat, classes, err := seated(r, v.word)
	if err != nil || len(classes) < 2 {
		return nil, err
	}
	of := map[string]*classState{}
	for _, c := range v.Children {
		label := seat[c.Child.ID]
		if of[label] == nil {
			of[label] = &classState{Label: label}
		}
		of[label].Children = append(of[label].Children, c)
		of[label].Done += btoi(c.Done)
	}
	var all []classState
	for _, label := range append(classes, "") {
		if one := of[label]; one != nil {
			all = append(all, *one)
			delete(of, label)
		}
	}
	return all, nil
}

// seated says in which class each child of a word is, and names the classes, in order: that of
// the word, those for which it is, or all those of the school.
func seated(r *web.Request, w word) (of map[school.ID]string, labels []string, err error) {
	ids := []school.ID{w.Class}
	if w.Class == 0 {
		if ids, err = classesOf(r.Tx, w.ID); err != nil {
			return nil, nil, err
		}
	}
	read := directory.PlainClassesByID
	if len(ids) == 0 {
		read, ids = directory.PlainClassesOf, []school.ID{w.School}
	}
	classes, err := read(r.Tx, ids...)
	if err != nil {
		return nil, nil, err
	}
	pupils, err := directory.PupilsIn(r.Tx, directory.ClassIDs(classes)...)
	of = map[school.ID]string{}
	label := map[school.ID]string{}
	for _, class := range classes {
		labels, label[class.ID] = append(labels, class.Label), class.Label
	}
	for _, pupil := range pupils {
		if of[pupil.ID] == "" {
			of[pupil.ID] = label[pupil.Class]
		}
	}
	return of, labels, err
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
	if err != nil {
		return nil, err
	}
	formers, err := formersTo(r.Tx, w.ID)
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
			Told:    !w.answeredBy(limits[directory.Kinship{Pupil: one.Child, Guardian: one.Person}]),
			Formers: formers[whose{one.Child, one.Person}],
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

// stamp writes an instant for a spreadsheet; empty: it never was.
func stamp(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.In(school.Paris).Format("02/01/2006 15:04")
}

// formerly says what a guardian answered before, each until when.
func (w word) formerly(say i18n.Printer, g guardianState) string {
	var all []string
	for _, f := range g.Formers.Last {
		all = append(all, say.Say("liaison.until", w.saying(say, f.Answer, f.Voice), stamp(f.Until)))
	}
	if n := g.Formers.earlier(); n > 0 {
		all = append(all, say.Say("liaison.answers-earlier", n))
	}
	return i18n.Dots(all...)
}

// sheetRows are the rows of the spreadsheet, its heads first. Of a word that is for several
// classes each begins with that of the child.
func sheetRows(r *web.Request, v followView) iter.Seq[[]string] {
	heads := []string{"child", "guardian", "read", "done", "answer", "paper", "before", "stale"}
	for i, head := range heads {
		heads[i] = r.Say("liaison.column-" + head)
	}
	classes := v.Classes
	if len(classes) == 0 {
		classes = []classState{{Children: v.Children}}
	} else {
		heads = append([]string{r.Say("liaison.column-class")}, heads...)
	}
	return func(yield func([]string) bool) {
		if !yield(heads) {
			return
		}
		for _, class := range classes {
			for _, c := range class.Children {
				for _, row := range v.rowsOf(r.Printer, c) {
					if len(v.Classes) > 0 {
						row = append([]string{class.Label}, row...)
					}
					if !yield(row) {
						return
					}
				}
			}
		}
	}
}

// whether says yes in a column, and nothing for no.
func whether(say i18n.Printer, is bool) string {
	if is {
		return say.Say("liaison.answer-yes")
	}
	return ""
}

// rowsOf are the rows of a child: one for each guardian, and one of what came back on paper.
func (v followView) rowsOf(say i18n.Printer, c childState) (rows [][]string) {
	for _, g := range c.Guardians {
		rows = append(rows, []string{c.Child.Name(), g.Who.Name(), stamp(g.Read), stamp(g.Done), v.saying(say, g.Answer, g.Voice), c.entered(say, g), v.formerly(say, g), whether(say, v.staleBy(g))})
	}
	if p, there := c.whole(); there {
		rows = append(rows, []string{c.Child.Name(), "", "", stamp(p.At), v.inWords(say, p.Answer), p.entered(say), "", whether(say, stale(p.At, v.Since))})
	}
	return rows
}
