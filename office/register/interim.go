package register

import (
	"errors"
	"slices"
	"strconv"
	"time"

	"preau/account"
	"preau/core/audit"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
	"preau/directory/place"
)

// interimView is who heads a school that the feed gives no head: nobody,
// somebody who is proposed, or somebody for a time.
type interimView struct {
	School   directory.Structure
	Heads    []directory.SchoolHead // that it has: nothing is proposed then
	Acting   *directory.Duty
	Proposed proposal
	Key      firstKey
	Form     web.Form
	Now      time.Time
}

// proposal is what waits for a second person.
type proposal struct {
	directory.Interim
	By       string // who proposed it
	Confirms bool   // the visitor is that second person, if they wish
}

// interim shows who heads a school for a time, and offers the next step.
func (s *Service) interim(r *web.Request) (web.Answer, error) {
	at, err := place.School(r, nameInterim)
	if err != nil {
		return nil, err
	}
	return s.interimAnswer(r, at, web.Form{})
}

func (s *Service) interimAnswer(r *web.Request, at directory.Structure, form web.Form) (web.Answer, error) {
	v := interimView{School: at, Form: form, Now: r.Tx.Now}
	acting, err := directory.ActingAt(r.Tx, at.ID)
	if err != nil {
		return nil, err
	}
	if len(acting) > 0 {
		v.Acting = &acting[0]
		v.Key, err = s.firstKeyOf(r, at, acting[0])
	} else if v.Heads, err = directory.HeadsOf(r.Tx, at.ID); err == nil {
		v.Proposed, err = s.proposalOf(r, at.ID)
	}
	if err != nil {
		return nil, err
	}
	return place.Page(at, web.Page{Title: r.Say("register.interim"), Body: interimPage(v), Status: form.Status()}), nil
}

// proposalOf reads what is proposed for a school: of school 0 when nothing is.
func (s *Service) proposalOf(r *web.Request, at school.ID) (proposal, error) {
	i, err := directory.InterimOf(r.Tx, at)
	if fail.Is(err, fail.NotFound) {
		return proposal{}, nil
	}
	if err != nil {
		return proposal{}, err
	}
	found, err := s.proposals(r, i)
	return found[at], err
}

// proposals says of what is proposed, by its school, who proposed it, and whether
// the visitor may confirm it.
func (s *Service) proposals(r *web.Request, all ...directory.Interim) (map[school.ID]proposal, error) {
	if len(all) == 0 {
		return nil, nil
	}
	proposers := make([]school.ID, len(all))
	for n, i := range all {
		proposers[n] = i.ProposedBy
	}
	people, err := directory.SomeByID(r.Tx, proposers...)
	if err != nil {
		return nil, err
	}
	names := map[school.ID]string{}
	for _, who := range people {
		names[who.ID] = who.Name()
	}
	one, err := s.oneHand(r.Tx, r.Actor.Person, all...)
	found := map[school.ID]proposal{}
	for _, i := range all {
		found[i.School] = proposal{i, names[i.ProposedBy], !one[i.School]}
	}
	return found, err
}

// oneHand tells of which schools somebody does not confirm the interim: who
// proposed it, or is proposed, under another record of their name or of their mail
// too; who has their post of the same hand as who proposed; and who had their
// account of them, or gave them theirs.
func (s *Service) oneHand(tx *db.Tx, by school.ID, all ...directory.Interim) (map[school.ID]bool, error) {
	people, proposers := []school.ID{by}, []school.ID{}
	for _, i := range all {
		people, proposers = append(people, i.ProposedBy, i.Person), append(proposers, i.ProposedBy)
	}
	rows, err := directory.Persons.Among(tx, "id", people, "")
	if err != nil {
		return nil, err
	}
	known := map[school.ID]directory.Person{}
	for _, row := range rows {
		known[row.ID] = row
	}
	same, err := directory.SameHands(tx, by, proposers...)
	if err != nil {
		return nil, err
	}
	keyed, err := s.Audit.Between(tx, by, proposers, keys...)
	if err != nil {
		return nil, err
	}
	one := map[school.ID]bool{}
	for _, i := range all {
		one[i.School] = slices.Contains(same, i.ProposedBy) || slices.Contains(keyed, i.ProposedBy) ||
			ownPost(known[by], directory.Appointment{Person: i.ProposedBy}, known[i.ProposedBy]) != nil ||
			ownPost(known[by], i.Appointment(by), known[i.Person]) != nil
	}
	return one, nil
}

// keys are the acts by which somebody may have come to hold the account of somebody
// else.
var keys = []audit.Action{account.ActCode, account.ActFactorReset, account.ActReopen, account.ActVerify, actCorrect}

// proposeInterim proposes that somebody be the acting head.
func (s *Service) proposeInterim(r *web.Request) (web.Answer, error) {
	at, err := place.School(r, nameInterim)
	if err != nil {
		return nil, err
	}
	i, err := interimIn(r, at)
	if err == nil {
		i, err = i.Understood(r.Tx)
	}
	if err == nil { // now that it is known who has the name
		err = notThemself(r.Tx, i.Appointment(0))
	}
	if err == nil {
		err = directory.Propose(r.Tx, i)
	}
	if form, again := r.Again(err); again {
		return s.interimAnswer(r, at, form)
	}
	if err != nil {
		return nil, err
	}
	e := s.entry(r, at)
	// Whoever is proposed is nothing yet, and may be nobody that is known: it is said of the school.
	e.Action, e.Subject, e.Detail = account.ActProposeInterim, at.ID, audit.Detail{"whom": "school"}
	return web.Redirect{To: interimPath(at.ID), Notice: "register.interim-proposed"}, s.Audit.Write(r.Tx, e)
}

// interimIn reads the form of a proposal.
func interimIn(r *web.Request, at directory.Structure) (i directory.Interim, err error) {
	i = directory.Interim{School: at.ID, ProposedBy: r.Actor.Person, ProposedAs: r.Actor.Profile}
	who, err := identityIn(r)
	if err != nil {
		return i, err
	}
	i.Civility, i.First, i.Usual, i.Mail = who.Civility, who.First, who.Usual, who.Mail
	from, err := r.Day("from")
	if err != nil {
		return i, err
	}
	until, err := untilIn(r)
	if err != nil {
		return i, err
	}
	i.From, i.Until = db.At(from), db.At(until)
	i.Reason, err = r.Text("reason", 120)
	return i, err
}

// confirmInterim makes the acting head of whoever was proposed: the second person
// has said yes.
func (s *Service) confirmInterim(r *web.Request) (web.Answer, error) {
	at, err := place.School(r, nameInterim)
	if err != nil {
		return nil, err
	}
	i, err := directory.InterimOf(r.Tx, at.ID)
	if err != nil {
		return nil, err
	}
	if r.PostFormValue("proposed") != stamp(i) {
		return nil, fail.New(fail.Conflict, "another proposal than the one that was read").Say("register.interim-changed")
	}
	one, err := s.oneHand(r.Tx, r.Actor.Person, i)
	if err != nil {
		return nil, err
	}
	if one[at.ID] {
		return nil, fail.New(fail.Forbidden, "%s confirms what they proposed, or for themself", r.Actor.Person).Say("register.interim-another")
	}
	person, err := s.enter(r.Tx, i.Appointment(r.Actor.Person), "", r.By())
	if err != nil {
		return nil, err
	}
	if _, err := directory.Withdraw(r.Tx, at.ID); err != nil {
		return nil, err
	}
	e := s.entry(r, at)
	e.Action, e.Subject, e.Detail = account.ActConfirmInterim, person, audit.Detail{"proposed-by": i.ProposedBy.String()}
	account.UntilDay(e.Detail, i.Until.Time)
	return web.Redirect{To: interimPath(at.ID), Notice: "register.interim-confirmed"}, s.Audit.Write(r.Tx, e)
}

// withdrawInterim takes a proposal back.
func (s *Service) withdrawInterim(r *web.Request) (web.Answer, error) {
	at, err := place.School(r, nameInterim)
	if err != nil {
		return nil, err
	}
	i, err := directory.Withdraw(r.Tx, at.ID)
	if err != nil {
		return nil, err
	}
	e := s.entry(r, at)
	e.Action, e.Subject, e.Detail = account.ActWithdrawInterim, at.ID, audit.Detail{"whom": "school", "proposed-by": i.ProposedBy.String()}
	return web.Redirect{To: interimPath(at.ID), Notice: "register.interim-withdrawn"}, s.Audit.Write(r.Tx, e)
}

// closeInterim ends the interim of a school before its time.
func (s *Service) closeInterim(r *web.Request) (web.Answer, error) {
	at, err := place.School(r, nameInterim)
	if err != nil {
		return nil, err
	}
	if !r.Confirmed() {
		return place.Page(at, web.Page{Title: r.Say("register.interim-end"), Body: ui.Ask(ui.AskView{
			Title: r.Say("register.interim-end"), Lead: at.Name,
			Crumb:  []ui.Link{homeLink(r.Context()), {Href: interimPath(at.ID), Label: r.Say("register.interim")}},
			What:   []string{r.Say("register.interim-end-what"), r.Say("register.interim-end-again")},
			Action: interimPath(at.ID) + "/end", Back: interimPath(at.ID), Button: r.Say("register.interim-end"), Cancel: r.Say("register.cancel"),
		})}), nil
	}
	return web.Redirect{To: interimPath(at.ID), Notice: "register.interim-ended"}, s.endInterim(r.Tx, at.ID, s.entry(r, at))
}

// endInterim ends the interim of a school, if it has one, with what was handed out
// by whoever had it, and journals it under e.
func (s *Service) endInterim(tx *db.Tx, at school.ID, e audit.Entry) error {
	people, err := directory.EndInterim(tx, at)
	for _, person := range people {
		if err == nil {
			e.Action, e.Kind, e.Object, e.Subject = account.ActEndInterim, "structure", at, person
			err = s.Audit.Write(tx, e)
		}
		if err == nil {
			err = s.Accounts.EndPost(tx, at, person, e.By)
		}
	}
	return err
}

// firstKey is whether the visitor may hand the acting head their first key,
// and how.
type firstKey struct {
	Refused string // why not; empty: they may
	Mail    string // of the school, where it may be sent; empty: by hand only
	Made    string // that a code waits, when it was made, and by whom; empty: none does
}

// keyMade says when the code of a first key that waits was made, and by whom: another one
// would be the end of it.
func keyMade(r *web.Request, acting school.ID) (string, error) {
	codes, err := account.PendingOf(r.Tx, acting)
	if err != nil || codes[acting].Made.IsZero() {
		return "", err
	}
	when := r.Printer.Moment(codes[acting].Made, r.Tx.Now)
	makers, err := directory.SomeByID(r.Tx, codes[acting].By)
	if err != nil || len(makers) == 0 {
		return r.Say("register.key-made", when), err
	}
	return r.Say("register.key-made-by", when, makers[0].Formal()), nil
}

func (s *Service) firstKeyOf(r *web.Request, at directory.Structure, acting directory.Duty) (key firstKey, err error) {
	err = s.mayHandKey(r, at, acting)
	var refused *fail.Error
	if errors.As(err, &refused) && refused.Key != "" {
		return firstKey{Refused: r.Say(refused.Key, refused.Args...)}, nil
	}
	if err != nil {
		return key, err
	}
	if key.Made, err = keyMade(r, acting.ID); err != nil {
		return key, err
	}
	if s.Accounts.SendsMail() {
		key.Mail = at.Mail
	}
	return key, err
}

// mayHandKey refuses the first key of an acting head: before they are one, to
// whoever has ever come in, whose account it would open to another, and to whoever
// holds elsewhere what the visitor does not give.
func (s *Service) mayHandKey(r *web.Request, at directory.Structure, acting directory.Duty) error {
	if acting.From.After(r.Tx.Now) {
		return fail.New(fail.Conflict, "the interim of %s begins on %s", at.ID, acting.From).
			Say("register.key-later", r.Printer.Date(acting.From.In(school.Paris)))
	}
	accounts, err := account.Of(r.Tx, acting.ID)
	if err != nil {
		return err
	}
	a, has := accounts[acting.ID]
	if state := account.StateOf(a, has); state != account.ToActivate {
		return fail.New(fail.Conflict, "the account of %s is %s", acting.ID, state).Say("register.key-useless")
	}
	if !a.Seen.IsZero() { // their password was ended since, for whoever answers for them to give them another
		return fail.New(fail.Conflict, "%s came in on %s", acting.ID, a.Seen).Say("register.key-seen")
	}
	family, err := directory.OwnFamily(r.Tx, r.Actor.Person)
	if err != nil {
		return err
	}
	if err := notTheirs(r, family, acting.ID); err != nil {
		return err
	}
	with := answers{Request: r, headed: []school.ID{at.ID}, near: []school.ID{at.ID}}
	if err := with.read(acting.ID); err != nil {
		return err
	}
	return with.answersFor(acting.ID)
}

// keyHolder reads the acting head of the school of the path, for whoever may hand
// them their first key, and by what they do.
func (s *Service) keyHolder(r *web.Request) (at directory.Structure, acting directory.Duty, by account.Warrant, err error) {
	if at, err = place.School(r, nameInterim); err != nil {
		return at, acting, by, err
	}
	all, err := directory.ActingAt(r.Tx, at.ID)
	if err == nil && len(all) == 0 {
		err = fail.New(fail.NotFound, "%s has no acting head", at.ID)
	}
	if err != nil {
		return at, acting, by, err
	}
	acting = all[0]
	if err = s.mayHandKey(r, at, acting); err == nil {
		by, err = account.ByPost(r.Tx, r.By(), r.Actor.Profile, at.ID)
	}
	if by.Until.IsZero() || acting.Until.Before(by.Until) {
		by.Until = acting.Until.Time
	}
	return at, acting, by, err
}

// mailFirstKey sends the first key to the school, at its own address.
func (s *Service) mailFirstKey(r *web.Request) (web.Answer, error) {
	at, acting, by, err := s.keyHolder(r)
	if err != nil {
		return nil, err
	}
	sent, err := s.Accounts.SendFirstKey(r.Tx, acting.Someone, by, at)
	if err == nil && !sent {
		err = fail.New(fail.Conflict, "nothing reaches %s by mail today", at.ID).Say("register.key-unsent")
	}
	return web.Redirect{To: interimPath(at.ID), Notice: "register.key-sent"}, err
}

func interimPath(at school.ID) string { return schoolPath(at) + "/interim" }

// stamp tells a proposal from another one for the same school.
func stamp(i directory.Interim) string { return strconv.FormatInt(i.ProposedAt.UnixMilli(), 10) }
