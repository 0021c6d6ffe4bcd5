package message

import (
	"slices"
	"time"

	"preau/account"
	"preau/core/audit"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/i18n"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
)

// report is what somebody told the head of a school of a post.
type report struct {
	ID, Post, Thread, School, Reporter school.ID
	Reason                             string
	Reported                           time.Time
	Outcome                            string
	Settled                            time.Time // zero: it waits
}

func scanReport(row db.Row) (p report, err error) {
	var reported, settled db.Time
	err = row.Scan(&p.ID, &p.Post, &p.Thread, &p.School, &p.Reporter, &p.Reason, &reported, &p.Outcome, &settled)
	p.Reported, p.Settled = reported.Time, settled.Time
	return p, err
}

const reportsAll = `SELECT id, post_id, thread_id, school_id, reporter_id, reason, reported_at, outcome, settled_at FROM message_report s WHERE `

// told says to whoever reported a post what became of it.
func (p report) told(r *web.Request) string {
	if p.Settled.IsZero() {
		return r.Say("message.report-waits", r.Printer.Moment(p.Reported, r.Tx.Now))
	}
	return r.Say("message.report-settled", p.Outcome)
}

// reportsBy finds what somebody reported of a conversation, by post.
func reportsBy(tx *db.Tx, person, thread school.ID) (map[school.ID]report, error) {
	list, err := db.All(tx, scanReport, reportsAll+`thread_id = $1 AND reporter_id = $2`, thread, person)
	by := map[school.ID]report{}
	for _, one := range list {
		by[one.Post] = one
	}
	return by, err
}

// maxReason is the longest reason, and the longest outcome.
const maxReason = 500

// reportView is a post that somebody is about to report.
type reportView struct {
	thread
	Post    postView
	Unheard bool   // the only head of the school wrote it: nobody there would judge it
	Contact string // who heads the school, with its telephone
	Form    web.Form
}

// reported reads the post of the path, which the visitor reads and did not write.
func (s *Service) reported(r *web.Request) (v reportView, err error) {
	if v.thread, err = s.shown(r); err != nil {
		return v, err
	}
	id, err := r.PathID("post")
	if err != nil {
		return v, err
	}
	whole, err := s.view(r, v.thread, id+1, 1)
	if err != nil {
		return v, err
	}
	i := slices.IndexFunc(whole.Posts, func(p postView) bool { return p.ID == id && p.Reports })
	if i < 0 {
		return v, fail.New(fail.NotFound, "%s does not report the post %s", r.Actor.Person, id)
	}
	v.Post = whole.Posts[i]
	heads, err := directory.HeadsOf(r.Tx, v.School)
	if err != nil {
		return v, err
	}
	at, err := directory.StructuresByID(r.Tx, v.School)
	var contact []string
	for _, head := range heads {
		contact = append(contact, head.Formal())
	}
	for _, s := range at {
		contact = append(contact, s.Telephone())
	}
	if r.Actor.Profile != school.Guardian || slices.Contains(r.Actor.Schools, v.School) { // whom nobody keeps from knowing where it is
		v.Contact = i18n.Dots(contact...)
	}
	if err != nil {
		return v, err
	}
	stays, err := directory.Stays(r.Tx, v.Post.Author)
	v.Unheard = len(heads) > 0 && !slices.ContainsFunc(heads, func(h directory.SchoolHead) bool { return h.ID != stays[v.Post.Author] })
	return v, err
}

func (s *Service) reporting(r *web.Request) (web.Answer, error) {
	v, err := s.reported(r)
	return web.Page{Title: r.Say("message.report"), Body: reportPage(v)}, err
}

// report tells the head of the school of a post.
func (s *Service) report(r *web.Request) (web.Answer, error) {
	v, err := s.reported(r)
	if err != nil {
		return nil, err
	}
	reason, err := r.Text("reason", maxReason)
	if v.Unheard {
		err = fail.New(fail.Invalid, "the only head of %s wrote the post", v.School).Say("message.report-head").At("reason")
	}
	if err == nil && reason == "" {
		err = fail.New(fail.Invalid, "a report without a reason").Say("message.no-reason").At("reason")
	}
	if form, again := r.Again(err); again {
		v.Form = form
		return web.Page{Title: r.Say("message.report"), Body: reportPage(v), Status: form.Status()}, nil
	}
	if err != nil {
		return nil, err
	}
	p := report{ID: school.NewID(r.Tx.Now), Post: v.Post.ID}
	_, err = r.Tx.Exec(`INSERT INTO message_report (id, post_id, thread_id, school_id, reporter_id, reason, reported_at, outcome)
		VALUES ($1, $2, $3, $4, $5, $6, $7, '')`, p.ID, p.Post, v.ID, v.School, r.Actor.Person, reason, db.At(r.Tx.Now))
	if err != nil {
		return nil, err
	}
	return web.Redirect{To: v.path(), Notice: "message.report-sent"}, s.journal(r, account.ActReport, p, r.Actor.Person, v.School)
}

// journal writes what was done about a report.
func (s *Service) journal(r *web.Request, act audit.Action, p report, about, at school.ID) error {
	return s.Audit.Write(r.Tx, audit.Entry{By: r.By(), Action: act, Kind: "report", Object: p.ID, Subject: about, School: at})
}
