package message

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"preau/account"
	"preau/core/audit"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/i18n"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
)

// reportLine is a report in the list of a head.
type reportLine struct {
	report
	From, By string
}

// reportsView is what was reported to a head: what waits first.
type reportsView struct {
	Lines []reportLine
	More  bool // there are more, which are settled or came before
	Now   time.Time
}

// mostReports is how many reports their page has.
const mostReports = 200

// judges is the condition that finds the reports that the visitor settles: of their schools,
// and of what others wrote. Nobody judges themself, under whatever record they wrote.
func judges(r *web.Request) (where string, args []any) {
	where, args = r.Scope(judge, rights.Columns{School: "s.school_id"}, r.Actor.Person)
	return `NOT EXISTS (SELECT 1 FROM message_post p WHERE p.id = s.post_id AND p.author_id IN (` + oneWith(1) + `)) AND ` + where, args
}

func (s *Service) reportsFor(r *web.Request) ([]report, error) {
	where, args := judges(r)
	return db.All(r.Tx, scanReport, reportsAll+where+` ORDER BY CASE WHEN s.settled_at IS NULL THEN 0 ELSE 1 END, s.reported_at DESC, s.id DESC LIMIT `+strconv.Itoa(mostReports+1), args...)
}

// countReports counts those that wait for the visitor.
func (s *Service) countReports(r *web.Request) (int, error) {
	if !r.Holds(judge) {
		return 0, nil
	}
	where, args := judges(r)
	return db.One(r.Tx, db.Column[int], `SELECT count(*) FROM message_report s WHERE s.settled_at IS NULL AND `+where, args...)
}

// reports lists what was reported: who and when, not yet what was said.
func (s *Service) reports(r *web.Request) (web.Answer, error) {
	all, err := s.reportsFor(r)
	if err != nil {
		return nil, err
	}
	v := reportsView{More: len(all) > mostReports, Now: r.Tx.Now}
	v.Lines, err = reportLines(r, all[:min(len(all), mostReports)])
	return web.Page{Title: r.Say("message.reports"), Body: reportsPage(v)}, err
}

// reportLines says who reported, and whom: a statement a table, however many reports these are.
func reportLines(r *web.Request, reports []report) (lines []reportLine, err error) {
	var ids, in []school.ID
	for _, one := range reports {
		ids, in = append(ids, one.Post), append(in, one.Thread)
	}
	posts, err := db.All(r.Tx, scanPost, `SELECT `+postColumns+` FROM message_post p WHERE p.state = 'said' AND p.id `+r.Tx.Among(1), db.List(r.Tx, ids))
	if err != nil {
		return nil, err
	}
	threads, err := threadsWhere(r.Tx, `t.id `+r.Tx.Among(1), db.List(r.Tx, in))
	if err != nil {
		return nil, err
	}
	seats, err := seatsOf(r.Tx, in...)
	if err != nil {
		return nil, err
	}
	authors, people := map[school.ID]school.ID{}, posts
	for _, p := range posts {
		authors[p.ID] = p.Author
	}
	for _, one := range reports {
		people = append(people, post{Author: one.Reporter})
	}
	called, err := namesIn(r.Tx, r.Printer, r.Actor.Profile, threads, people, seats)
	for _, one := range reports {
		l := reportLine{report: one, By: called.author(one.Reporter, seats[one.Thread])}
		if author, said := authors[one.Post]; said { // it was not taken back
			l.From = called.author(author, seats[one.Thread])
		}
		lines = append(lines, l)
	}
	return lines, err
}

// saidBefore is how many posts before the one that is reported a head reads.
const saidBefore = 2

// context is a post that was reported, the last, with what was said just before it: nothing of what
// was taken back.
func (s *Service) context(r *web.Request, p report) (t thread, posts []post, called names, seats []seat, err error) {
	of, err := threadsWhere(r.Tx, `t.id = $1`, p.Thread)
	if err != nil {
		return t, nil, called, nil, err
	}
	if len(of) > 0 {
		t = of[0]
	}
	posts, err = lastOf(r.Tx, p.Thread, saidBefore+1, `p.state = 'said' AND p.id <= $3`, p.Post)
	if err != nil {
		return t, nil, called, nil, err
	}
	if len(posts) > 0 && posts[len(posts)-1].ID != p.Post { // it was taken back
		posts = nil
	}
	taken, err := seatsOf(r.Tx, p.Thread)
	if err != nil {
		return t, nil, called, nil, err
	}
	called, err = namesIn(r.Tx, r.Printer, r.Actor.Profile, of, append(posts, post{Author: p.Reporter}), taken)
	return t, posts, called, taken[p.Thread], err
}

// judgeView is a report that a head reads.
type judgeView struct {
	report
	Subject, By string
	Posts       []postView
	Form        web.Form
	Now         time.Time
}

// judged reads the report of the path, which is the visitor's to settle.
func (s *Service) judging(r *web.Request) (p report, err error) {
	id, err := r.PathID("report")
	if err != nil {
		return p, err
	}
	where, args := judges(r)
	args = append(args, id)
	return db.One(r.Tx, scanReport, reportsAll+where+fmt.Sprintf(` AND s.id = $%d`, len(args)), args...)
}

// look shows a head the post that was reported, and journals it.
func (s *Service) look(r *web.Request) (web.Answer, error) {
	p, err := s.judging(r)
	if err != nil {
		return nil, err
	}
	by := r.By()
	if err := r.Note(func(tx *db.Tx) error {
		_, err := s.Audit.WriteOnce(tx, audit.Entry{By: by, Action: actLook, Kind: "report", Object: p.ID, Subject: p.Reporter, School: p.School}, time.Hour)
		return err
	}); err != nil {
		return nil, err
	}
	return s.judgePage(r, p, web.Form{})
}

func (s *Service) judgePage(r *web.Request, p report, form web.Form) (web.Answer, error) {
	t, posts, called, seats, err := s.context(r, p)
	if err != nil {
		return nil, err
	}
	v := judgeView{report: p, Subject: t.Subject, By: called.author(p.Reporter, seats), Form: form, Now: r.Tx.Now}
	for _, one := range posts {
		v.Posts = append(v.Posts, postView{post: one, From: called.author(one.Author, seats)})
	}
	return web.Page{Title: r.Say("message.reported"), Body: judgePage(v), Status: form.Status()}, nil
}

// settle answers who reported a post.
func (s *Service) settle(r *web.Request) (web.Answer, error) {
	p, err := s.judging(r)
	if err != nil {
		return nil, err
	}
	outcome, err := r.Text("outcome", maxReason)
	switch {
	case err != nil:
	case outcome == "" && p.Settled.IsZero():
		err = fail.New(fail.Invalid, "a report settled without a word").Say("message.no-outcome").At("outcome")
	default:
		p, err = s.settleOnce(r, p, outcome)
	}
	if form, again := r.Again(err); again {
		return s.judgePage(r, p, form)
	}
	if err != nil {
		return nil, err
	}
	return web.Redirect{To: "/message/reports", Notice: "message.settled"}, s.journal(r, account.ActReportAnswer, p, p.Reporter, p.School)
}

// title says whose message it is about.
func (l reportLine) title(ctx context.Context) string {
	if l.From == "" {
		return i18n.Say(ctx, "message.report-gone")
	}
	return i18n.Say(ctx, "message.report-of", i18n.Of(ctx, l.From))
}

// settleOnce keeps the answer to a report that waits still. One that was answered is fail.Conflict, and
// given as it is by now: who reported may have read the answer.
func (s *Service) settleOnce(r *web.Request, p report, outcome string) (report, error) {
	n, err := r.Tx.Exec(`UPDATE message_report SET outcome = $2, settled_at = $3 WHERE id = $1 AND settled_at IS NULL`, p.ID, outcome, db.At(r.Tx.Now))
	if err != nil || n > 0 {
		return p, err
	}
	if p, err = s.judging(r); err != nil {
		return p, err
	}
	return p, fail.New(fail.Conflict, "the report %s was settled before", p.ID).Say("message.settled-already").At("outcome")
}

// unkept is what the visitor answered to a report that had an answer: they may say it otherwise.
func (v judgeView) unkept(ctx context.Context) string {
	if typed := v.Form.Value("outcome"); typed != "" {
		return i18n.Say(ctx, "message.settled-unkept", typed)
	}
	return ""
}

// tag says how far a report is.
func (p report) tag(ctx context.Context) ui.Tag {
	if p.Settled.IsZero() {
		return ui.Tag{Label: i18n.Say(ctx, "message.report-new"), Kind: ui.Warning}
	}
	return ui.Tag{Label: i18n.Say(ctx, "message.report-done"), Kind: ui.Success}
}
