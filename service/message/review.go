package message

import (
	"cmp"
	"strconv"

	"preau/core/attach"
	"preau/core/audience"
	"preau/core/audit"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/past"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/web"
)

// mostReviewed is how many posts the page of those that wait has.
const mostReviewed = 100

// reviewView is what pupils wrote to each other, which waits for an adult of the class: the first first.
type reviewView struct {
	Posts []waitingPost
	More  bool // there are more, which came after
	Form  web.Form
}

// waitingPost is a post that waits.
type waitingPost struct {
	post
	Subject, From, To string
	Carried           attach.Set
}

// maxWhy is the longest word with which a post is returned.
const maxWhy = 300

// moderates is the condition that finds the conversations t in which the visitor accepts or returns
// what is said.
func moderates(r *web.Request) (where string, args []any) {
	return r.Scope(moderate, rights.Columns{Class: "t.class_id", School: "t.school_id"})
}

// countWaiting counts the posts that the visitor may accept or return.
func (s *Service) countWaiting(r *web.Request) (int, error) {
	where, args := moderates(r)
	return db.One(r.Tx, db.Column[int], `SELECT count(*)`+heldIn+where, args...)
}

func (s *Service) review(r *web.Request) (web.Answer, error) { return s.reviewPage(r, web.Form{}) }

func (s *Service) reviewPage(r *web.Request, form web.Form) (web.Answer, error) {
	where, args := moderates(r)
	posts, err := heldPosts(r.Tx, where+` ORDER BY p.id LIMIT `+strconv.Itoa(mostReviewed+1), args...)
	if err != nil {
		return nil, err
	}
	v := reviewView{Form: form, More: len(posts) > mostReviewed}
	posts = posts[:min(len(posts), mostReviewed)]
	threads, ids := make([]school.ID, len(posts)), make([]school.ID, len(posts))
	for i, p := range posts {
		threads[i], ids[i] = p.Thread, p.ID
	}
	seats, err := seatsOf(r.Tx, threads...)
	if err != nil {
		return nil, err
	}
	of, err := threadsWhere(r.Tx, `t.id `+r.Tx.Among(1), db.List(r.Tx, threads))
	if err != nil {
		return nil, err
	}
	by := threadsByID(of)
	called, err := namesIn(r.Tx, r.Printer, r.Actor.Profile, of, posts, seats)
	if err != nil {
		return nil, err
	}
	carried, err := bag.Of(r.Tx, ids...)
	for _, p := range posts {
		v.Posts = append(v.Posts, waitingPost{
			post: p, Subject: by[p.Thread].Subject, From: called.author(p.Author, seats[p.Thread]), To: called.others(p.Author, seats[p.Thread]), Carried: carried[p.ID],
		})
	}
	return web.Page{Title: r.Say("message.review"), Body: reviewPage(v), Status: form.Status()}, err
}

// heldPost reads the post of the path, which waits for the visitor.
func (s *Service) heldPost(r *web.Request) (p post, t thread, err error) {
	id, err := r.PathID("post")
	if err != nil {
		return p, t, err
	}
	if p, err = postByID(r.Tx, id); err != nil {
		return p, t, err
	}
	of, err := threadsWhere(r.Tx, `t.id = $1`, p.Thread)
	if err == nil && len(of) == 0 {
		err = fail.New(fail.NotFound, "the conversation of %s is gone", id)
	}
	if err != nil {
		return p, t, err
	}
	t = of[0]
	if err := r.Can(moderate, rights.Object{Class: t.Class, School: t.School}); err != nil {
		return p, t, err
	}
	if p.State != held {
		err = fail.New(fail.NotFound, "the post %s waits for nobody", id)
	}
	return p, t, err
}

// heldAttached gives a photo or a file of a post that waits for the visitor.
func (s *Service) heldAttached(r *web.Request) (web.Answer, error) {
	p, _, err := s.heldPost(r)
	if err != nil {
		return nil, err
	}
	return s.carried(r, p.ID)
}

// accept has what a pupil wrote be said.
func (s *Service) accept(r *web.Request) (web.Answer, error) {
	p, t, err := s.heldPost(r)
	if err != nil {
		return nil, err
	}
	if err := goingAs(r, school.Pupil, t.School); err != nil {
		return nil, err
	}
	if err := p.keepWas(r, t, past.Accepted); err != nil {
		return nil, err
	}
	p.State, p.Posted = said, r.Tx.Now
	if err := judgePost(r.Tx, p); err != nil {
		return nil, err
	}
	if err := s.tell(r, t, p); err != nil {
		return nil, err
	}
	return web.Redirect{To: "/message/review", Notice: "message.accepted"}, s.judged(r, actAccept, p, t)
}

// sendBack gives a pupil back what they wrote, with a word for them alone.
func (s *Service) sendBack(r *web.Request) (web.Answer, error) {
	p, t, err := s.heldPost(r)
	if err != nil {
		return nil, err
	}
	p.Why, err = r.Text("why", maxWhy)
	if form, again := r.Again(err); again {
		return s.reviewPage(r, form)
	}
	if err != nil {
		return nil, err
	}
	p.Why = cmp.Or(p.Why, r.Say("message.why-usual"))
	if err := p.keepWas(r, t, past.Returned); err != nil {
		return nil, err
	}
	p.State = returned
	if err := judgePost(r.Tx, p); err != nil {
		return nil, err
	}
	if err := audience.TellAgain(r.Tx, t.ID, p.Author, r.Tx.Now.Add(newsFor)); err != nil {
		return nil, err
	}
	if err := unshelve(r.Tx, t.ID, p.Author); err != nil {
		return nil, err
	}
	return web.Redirect{To: "/message/review", Notice: "message.returned"}, s.judged(r, actReturn, p, t)
}

// judged journals what an adult decided of what a child wrote.
func (s *Service) judged(r *web.Request, act audit.Action, p post, t thread) error {
	return s.Audit.Write(r.Tx, audit.Entry{By: r.By(), Action: act, Kind: "post", Object: p.ID, Subject: p.Author, School: t.School})
}
