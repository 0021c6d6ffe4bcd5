package accounts

import (
	"bytes"
	"cmp"
	"iter"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"preau/account"
	"preau/core/audit"
	"preau/core/fail"
	"preau/core/i18n"
	"preau/core/rights"
	"preau/core/school"
	spreadsheet "preau/core/sheet"
	"preau/core/web"
	"preau/directory"
	"preau/directory/place"
)

// How much of the journal a page shows, and a file holds. The journal itself
// goes back a year.
const (
	perPage   = 100
	mostLines = 50_000
)

// days are how far back the journal may be asked for.
var days = []string{"30", "7", "365"}

// journalView is what happened to the accounts of a school, or of all.
type journalView struct {
	School directory.Structure // its ID is 0 for everywhere
	Days   string
	Kind   account.ActKind
	Who    string // as it was typed
	Lines  []journalLine
	Older  school.ID // the page that follows begins before it; 0: there is none
	First  bool
	Nobody bool // no account has the login that was typed
	Now    time.Time
}

// journalLine is an act on an account.
type journalLine struct {
	At              time.Time
	Subject         school.ID
	Whose, What, By string
}

// journal shows what happened to the accounts of a school, or of the whole
// installation.
func (s *Service) journal(r *web.Request) (web.Answer, error) {
	v, err := journalOf(r)
	if err != nil {
		return nil, err
	}
	before, err := school.ParseID(r.URL.Query().Get("before"))
	if err != nil {
		before = 0
	}
	v.First = before == 0
	v.Lines, v.Older, err = s.journalLines(r, v, before, perPage)
	switch {
	case v.School.ID == 0 && fail.Is(err, fail.NotFound):
		v.Nobody = true
	case err != nil:
		return nil, err
	}
	v.Lines = atOnce(r, v.Lines)
	page := web.Page{Title: r.Say("accounts.journal"), Body: journalPage(v)}
	if v.School.ID == 0 {
		return page, nil
	}
	return place.Page(v.School, page), nil
}

// journalCSV gives the same for a spreadsheet, and journals that: names and what
// people did leave with it. It is long to gather, and nobody waits meanwhile: it is
// read first, then its taking is written, and nothing leaves when it cannot be.
func (s *Service) journalCSV(r *web.Request) (web.Answer, error) {
	var v journalView
	var body bytes.Buffer
	whose := map[school.ID]bool{}
	err := r.Read(func() (err error) {
		if v, err = journalOf(r); err != nil {
			return err
		}
		lines, older, err := s.journalLines(r, v, 0, mostLines)
		if err != nil {
			return err
		}
		for _, line := range lines {
			whose[line.Subject] = true
		}
		return spreadsheet.Write(&body, journalRows(r, lines, older != 0))
	})
	if err != nil {
		return nil, err
	}
	err = r.Write(func() error {
		if err := r.ActsOn(len(whose)); err != nil {
			return err
		}
		return s.Accounts.Log.Write(r.Tx, audit.Entry{
			By: r.By(), Action: actExportJournal, Kind: "structure", Object: v.School.ID,
			School: v.School.ID, Detail: audit.Detail{"days": v.Days},
		})
	})
	if err != nil {
		return nil, err
	}
	return web.CSV(r.Say("accounts.journal-file"), body.Bytes()), nil
}

// journalRows are the rows of the file, its heading first.
func journalRows(r *web.Request, lines []journalLine, more bool) iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		if !yield([]string{
			r.Say("accounts.journal-when"), r.Say("accounts.journal-whose"), r.Say("accounts.journal-what"), r.Say("accounts.journal-by"),
		}) {
			return
		}
		for _, line := range lines {
			if !yield([]string{line.At.In(school.Paris).Format("2006-01-02 15:04:05"), line.Whose, line.What, line.By}) {
				return
			}
		}
		if more {
			yield([]string{r.Say("accounts.journal-cut", mostLines)})
		}
	}
}

// journalOf reads what is asked for: where, since when, of whom, and what.
func journalOf(r *web.Request) (v journalView, err error) {
	v = journalView{Days: r.URL.Query().Get("days"), Kind: account.ActKind(r.URL.Query().Get("kind")), Who: r.URL.Query().Get("who"), Now: r.Tx.Now}
	if !slices.Contains(days, v.Days) {
		v.Days = days[0]
	}
	if !slices.Contains(account.ActKinds, v.Kind) {
		v.Kind = ""
	}
	if len(v.Who) > 100 {
		v.Who = ""
	}
	if r.PathValue("school") == "" {
		return v, r.Can(readJournal, rights.Whole)
	}
	v.School, err = place.School(r, readJournal)
	return v, err
}

// since is the first instant that is asked for.
func (v journalView) since() time.Time {
	back, err := strconv.Atoi(v.Days)
	if err != nil { // none of [days]
		return v.Now
	}
	return v.Now.AddDate(0, 0, -back)
}

// journalLines reads acts about the people who are asked for, before one of
// them, and the last of them when there are more.
func (s *Service) journalLines(r *web.Request, v journalView, before school.ID, most int) (lines []journalLine, older school.ID, err error) {
	acts, more, err := s.wholeActs(r, v, before, most)
	if err != nil {
		return nil, 0, err
	}
	if more {
		older = acts[len(acts)-1].ID
	}
	all, apart, err := journalNames(r, v, acts)
	if err != nil {
		return nil, 0, err
	}
	for _, a := range acts {
		names := all
		if !isPost(a) { // what somebody does elsewhere is not told here because they replaced here
			names = all.but(apart)
		}
		line := journalLine{At: a.At, Subject: a.Subject, Whose: names.of(r, a.Subject), What: account.SayAct(r.Printer, a), By: names.of(r, a.Actor)}
		if whom := account.ActWhomKey(a); whom != "" {
			line.Whose = i18n.Dots(r.Say(whom), names[a.Subject])
		}
		if account.IsOfClass(a) && names[a.Object] != "" {
			line.Whose = r.Say("accounts.journal-class", names[a.Object])
		}
		switch {
		case a.Actor == 0:
			line.By = r.Say(account.ByNobodyKey(a))
		case a.Actor == a.Subject:
			line.By = r.Say("accounts.journal-self")
		case a.Detail.Replacing():
			line.By = i18n.Dots(line.By, r.Say("accounts.journal-replacing"))
		}
		lines = append(lines, line)
	}
	return lines, older, nil
}

// wholeActs reads so many acts, and the rest of what the last of them was a part of, to
// tell of all the people to whom it was done; and tells whether there are more.
func (s *Service) wholeActs(r *web.Request, v journalView, before school.ID, most int) (acts []audit.Act, more bool, err error) {
	acts, err = s.chosen(r, v, before, most+1)
	if err != nil || len(acts) <= most {
		return acts, false, err
	}
	last := acts[most-1]
	apart := func(a audit.Act) bool {
		return !a.At.Equal(last.At) || a.Actor != last.Actor || account.SayAct(r.Printer, a) != account.SayAct(r.Printer, last)
	}
	for known := most; ; {
		if i := slices.IndexFunc(acts[known:], apart); i >= 0 {
			return acts[:known+i], true, nil
		}
		known = len(acts)
		rest, err := s.chosen(r, v, acts[known-1].ID, perPage)
		if err != nil || len(rest) == 0 {
			return acts, false, err
		}
		acts = append(acts, rest...)
	}
}

// atOnce makes one line of what somebody did to several people in one act: the letters
// of a class. The file keeps them apart.
func atOnce(r *web.Request, lines []journalLine) []journalLine {
	same := func(a, b journalLine) bool { return a.At.Equal(b.At) && a.What == b.What && a.By == b.By }
	var folded []journalLine
	for len(lines) > 0 {
		n := 1
		for n < len(lines) && same(lines[0], lines[n]) {
			n++
		}
		line := lines[0]
		if n > 1 {
			line.Whose = r.Say("accounts.journal-whose-more", n-1, line.Whose, r.Printer.Number(n-1))
		}
		folded, lines = append(folded, line), lines[n:]
	}
	return folded
}

// chosen reads the acts that are asked for, as many as most at most. Of a school,
// what people were given to do is read where it was given there, to whoever had it,
// be they of the school no more; and nowhere else, though they are of it.
func (s *Service) chosen(r *web.Request, v journalView, before school.ID, most int) ([]audit.Act, error) {
	about, err := s.journalled(r, v)
	if err != nil {
		return nil, err
	}
	c := audit.Choice{About: about, Everybody: v.School.ID == 0 && v.Who == "", Actions: account.Acts(v.Kind), Since: v.since(), Before: before, Most: most}
	if v.School.ID == 0 {
		return s.Accounts.Log.Chosen(r.Tx, c)
	}
	posts := account.Acts(account.Posts)
	given := c
	c.Actions = slices.DeleteFunc(slices.Clone(c.Actions), func(a audit.Action) bool { return slices.Contains(posts, a) })
	var acts []audit.Act
	if len(c.Actions) > 0 {
		if acts, err = s.Accounts.Log.Chosen(r.Tx, c); err != nil {
			return nil, err
		}
	}
	if v.Kind != "" && v.Kind != account.Posts {
		return acts, nil
	}
	people, err := directory.GivenIn(r.Tx, v.School.ID, c.Since)
	if err != nil {
		return nil, err
	}
	given.Actions, given.At, given.About = posts, v.School.ID, nil
	if len(v.words()) == 0 {
		given.About = append(given.About, v.School.ID) // for which somebody was proposed
	}
	for _, one := range people {
		if isCalled(one, v.words()) {
			given.About = append(given.About, one.ID)
		}
	}
	more, err := s.Accounts.Log.Chosen(r.Tx, given)
	acts = append(acts, more...)
	slices.SortFunc(acts, func(a, b audit.Act) int { return cmp.Compare(b.ID, a.ID) })
	return acts[:min(len(acts), most)], err
}

// words are those of the name that is asked for, as names are compared.
func (v journalView) words() []string { return strings.Fields(school.Fold(v.Who)) }

// isCalled tells whether somebody has all of these words in their name.
func isCalled(one directory.Someone, words []string) bool {
	return !slices.ContainsFunc(words, func(word string) bool { return !strings.Contains(one.SortKey, word) })
}

// journalled lists whose acts are asked for, unless they are everybody's: of a login
// that no account has, fail.NotFound. Of a school, itself and those who are of it
// now, but the visitor's own family: what somebody does elsewhere is not for the
// other parent of their child.
func (s *Service) journalled(r *web.Request, v journalView) ([]school.ID, error) {
	if v.School.ID == 0 {
		if v.Who == "" {
			return nil, nil
		}
		person, err := account.Person(r.Tx, v.Who)
		return []school.ID{person}, err
	}
	people, err := directory.PeopleOf(r.Tx, v.School.ID)
	if err != nil {
		return nil, err
	}
	family, err := directory.OwnFamily(r.Tx, r.Actor.Person)
	if err != nil {
		return nil, err
	}
	people = slices.DeleteFunc(people, func(id school.ID) bool { return id != r.Actor.Person && slices.Contains(family, id) })
	words := v.words()
	if len(words) == 0 {
		return append(people, v.School.ID), nil
	}
	var asked []school.ID
	for some := range slices.Chunk(people, 500) {
		found, err := directory.SomeByID(r.Tx, some...)
		if err != nil {
			return nil, err
		}
		for _, one := range found {
			if isCalled(one, words) {
				asked = append(asked, one.ID)
			}
		}
	}
	return asked, nil
}

// named are the people whom the visitor may see named.
type named map[school.ID]string

// of names somebody, or says that they are not to be named.
func (n named) of(r *web.Request, person school.ID) string {
	if n[person] == "" {
		return r.Say("accounts.journal-other")
	}
	return n[person]
}

// but leaves some people unnamed.
func (n named) but(apart []school.ID) named {
	if len(apart) == 0 {
		return n
	}
	n = maps.Clone(n)
	for _, person := range apart {
		delete(n, person)
	}
	return n
}

// namesOf names some people.
func namesOf(r *web.Request, people []school.ID) (named, error) {
	names := named{}
	for some := range slices.Chunk(people, 500) {
		found, err := directory.SomeByID(r.Tx, some...)
		if err != nil {
			return nil, err
		}
		for _, one := range found {
			names[one.ID] = one.Name()
		}
	}
	return names, nil
}

// journalNames names the people of some acts, and the schools of those that were
// done to all of one. Of a school, who acted and is not of it is not named: it may
// be the school where another child is. Who was given something to do there is, and
// who gave it: pages of the team say both.
func journalNames(r *web.Request, v journalView, acts []audit.Act) (names named, apart []school.ID, err error) {
	var people, schools, rooms, posted []school.ID
	for _, a := range acts {
		if account.IsOfClass(a) {
			rooms = append(rooms, a.Object)
		}
		if isPost(a) {
			posted = append(posted, a.Actor, a.Subject)
		}
		people = append(people, a.Actor)
		if account.ActWhomKey(a) == "" {
			people = append(people, a.Subject)
		} else if v.School.ID == 0 {
			schools = append(schools, a.Subject)
		}
	}
	slices.Sort(people)
	people = slices.Compact(people)
	if v.School.ID != 0 {
		ours, err := directory.PeopleOf(r.Tx, v.School.ID)
		if err != nil {
			return nil, nil, err
		}
		people = slices.DeleteFunc(people, func(id school.ID) bool {
			_, of := slices.BinarySearch(ours, id)
			if !of && slices.Contains(posted, id) {
				apart = append(apart, id)
				return false
			}
			return !of
		})
	}
	if names, err = namesOf(r, people); err != nil {
		return nil, nil, err
	}
	structures, err := directory.StructuresByID(r.Tx, schools...)
	if err != nil {
		return nil, nil, err
	}
	for _, at := range structures {
		names[at.ID] = at.Name
	}
	classes, err := directory.PlainClassesByID(r.Tx, slices.Compact(slices.Sorted(slices.Values(rooms)))...)
	for _, class := range classes {
		names[class.ID] = class.Label
	}
	return names, apart, err
}

// isPost tells whether an act gave somebody something to do in a school, or ended it.
func isPost(a audit.Act) bool { return slices.Contains(account.Acts(account.Posts), a.Action) }

// path is the address of the journal.
func (v journalView) path() string {
	if v.School.ID == 0 {
		return "/accounts/journal"
	}
	return schoolPath(v.School.ID) + "/journal"
}
