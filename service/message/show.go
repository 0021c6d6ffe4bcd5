package message

import (
	"net/url"
	"slices"
	"strconv"
	"time"

	"preau/core/attach"
	"preau/core/audience"
	"preau/core/db"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
)

// showView is a conversation as somebody reads it.
type showView struct {
	thread
	Whom     string
	Child    directory.Someone
	Accent   ui.Accent // of the child
	Posts    []postView
	Older    school.ID // the post before which there are earlier ones; 0: there is none
	Earlier  bool      // the page is of earlier posts: nothing is said there
	Archived bool
	Folder   string   // in which the visitor files it; empty: none
	Folders  []string // theirs
	Mine     bool     // the visitor began it
	Shut     shut     // why nothing more is said in it
	Closed   closed   // where it is as messages are shut
	To       string
	Answers  []line // to the message to a group, of its author: the last ones
	Answered int    // how many there are
	Pupil    bool
	Reader   string // the adult who reads what is said before it is; empty: nobody does
	Recalls  school.ID
	Block    school.ID // whom the visitor may block, or blocks
	Blocked  bool      // they are blocked: which holds nothing where they are Ours
	Ours     bool      // they are of the families of the visitor's class or school, who reach the school
	Form     web.Form
	Fields   attach.Fields
	Draft    school.ID
	Now      time.Time
}

// postView is one post.
type postView struct {
	post
	From    string
	Mine    bool
	Carried attach.Set
	Reports bool   // the visitor may report it
	Told    string // what became of what the visitor reported of it
}

// show shows a conversation, and notes that it is read.
func (s *Service) show(r *web.Request) (web.Answer, error) {
	t, err := s.shown(r)
	if err != nil {
		return nil, err
	}
	if err := s.seen(r, t); err != nil {
		return nil, err
	}
	form, err := s.kept(r, t.path())
	if err != nil {
		return nil, err
	}
	return s.showPage(r, t, form)
}

// mostPosts is how many posts a page of a conversation has; mostPrinted, one that goes on paper.
const mostPosts, mostPrinted = 50, 200

func (s *Service) showPage(r *web.Request, t thread, form web.Form) (web.Answer, error) {
	v, err := s.view(r, t, postBefore(r), mostPosts)
	if err != nil {
		return nil, err
	}
	if form.Answers() == nil {
		form = v.again()
	}
	v.Form, v.Fields = form, s.Tray.Fields(r, bag, form, attach.Set{}).Aloud()
	v.Draft, _ = school.ParseID(form.Value("draft"))
	v.keep(r)
	return web.Page{Title: t.Subject, Body: showPage(v), Records: v.Shut == shutNot && !v.Pupil, Status: form.Status()}, nil
}

// back is what the visitor said last, where an adult gave it back; nil where none did.
func (v showView) back() *postView {
	for _, p := range slices.Backward(v.Posts) {
		if p.Mine && p.State == returned && !v.Earlier {
			return &p
		}
		if p.Mine {
			break
		}
	}
	return nil
}

// again is the form in which what was given back is said otherwise.
func (v showView) again() (f web.Form) {
	if p := v.back(); p != nil {
		f = web.Kept(url.Values{"body": {p.Body.HTML()}})
	}
	return f
}

// keep lets the device keep a conversation, until something is said in it or taken back.
func (v showView) keep(r *web.Request) {
	posts := []any{v.Shut, v.Child.ID}
	for _, p := range v.Posts {
		posts = append(posts, p.ID, p.State)
	}
	r.Keep(posts...)
}

// view gathers what a page of a conversation shows, so many posts at most: the last ones, or those
// before another.
func (s *Service) view(r *web.Request, t thread, end school.ID, most int) (v showView, err error) {
	v = showView{thread: t, Mine: t.Author == r.Actor.Person, Pupil: r.Actor.Profile == school.Pupil, Now: r.Tx.Now}
	seats, err := seatsOf(r.Tx, t.ID)
	if err != nil {
		return v, err
	}
	v.Earlier = end != latest
	posts, more, err := t.visible(r, end, most)
	if err != nil {
		return v, err
	}
	if more {
		v.Older = posts[0].ID
	}
	called, err := namesIn(r.Tx, r.Printer, r.Actor.Profile, []thread{t}, posts, seats)
	if err != nil {
		return v, err
	}
	to, err := audience.To(r.Tx, t.ID)
	if err != nil {
		return v, err
	}
	if v.Whom, err = called.whom(r, t, seats[t.ID], to[t.ID]); err != nil {
		return v, err
	}
	if v.Child = called.childOf(t, seats[t.ID], r.Actor); v.Child.ID == 0 {
		own, err := s.kids(r)
		if err != nil {
			return v, err
		}
		v.Child = own.of(to[t.ID])
	}
	v.Accent = r.AccentOf(v.Child.ID)
	if v.Posts, err = s.postViews(r, t, posts, seats[t.ID], called); err != nil {
		return v, err
	}
	if v.Archived, err = shelved(r.Tx, t.ID, r.Actor.Person); err != nil {
		return v, err
	}
	if v.Folder, err = folderOf(r.Tx, t.ID, r.Actor.Person); err != nil {
		return v, err
	}
	if v.Folders, err = ownFolders(r.Tx, r.Actor.Person); err != nil {
		return v, err
	}
	with, why, err := s.mayAnswer(r, t, seats[t.ID])
	if err != nil {
		return v, err
	}
	if why == shutStopped {
		if v.Closed, err = closedAt(r, t.School); err != nil {
			return v, err
		}
	}
	v.Shut, v.To = why, called.of(with.Person, with.Profile)
	if v.Pupil && with.Profile == school.Pupil {
		if v.Reader, err = readerIn(r, t.Class); err != nil {
			return v, err
		}
	}
	if err := s.blockable(r, &v, with); err != nil {
		return v, err
	}
	if v.Recalls, err = s.recallable(r, t, posts); err != nil || v.Earlier {
		v.Recalls = 0
		return v, err
	}
	if t.Kind == group && v.Mine {
		v.Answers, v.Answered, err = s.answersTo(r, t)
	}
	return v, err
}

func (s *Service) postViews(r *web.Request, t thread, posts []post, seats []seat, called names) ([]postView, error) {
	ids := make([]school.ID, len(posts))
	for i, p := range posts {
		ids[i] = p.ID
	}
	carried, err := bag.Of(r.Tx, ids...)
	if err != nil {
		return nil, err
	}
	told, err := reportsBy(r.Tx, r.Actor.Person, t.ID)
	if err != nil {
		return nil, err
	}
	me, err := directory.Records(r.Tx, r.Actor.Person)
	views := make([]postView, len(posts))
	for i, p := range posts {
		views[i] = postView{post: p, From: called.author(p.Author, seats), Mine: slices.Contains(me, p.Author), Carried: carried[p.ID]}
		report, is := told[p.ID]
		views[i].Reports = !views[i].Mine && !is && t.School != 0
		if is {
			views[i].Told = report.told(r)
		}
	}
	return views, err
}

// mostAnswers is how many answers to a message to a group its page has.
const mostAnswers = 100

// answersTo lists the last answers to a message to a group, to its author, and counts all of them.
func (s *Service) answersTo(r *web.Request, t thread) (last []line, all int, err error) {
	where, args, err := s.mine(r, t.ID)
	if err != nil {
		return nil, 0, err
	}
	threads, err := threadsWhere(r.Tx, `t.parent_id = $1 AND `+where+` ORDER BY t.last_at DESC, t.id DESC LIMIT `+strconv.Itoa(mostAnswers), args...)
	if err != nil {
		return nil, 0, err
	}
	if all = len(threads); all == mostAnswers {
		if all, err = db.One(r.Tx, db.Column[int], `SELECT count(*) FROM message_thread t WHERE t.parent_id = $1 AND `+where, args...); err != nil {
			return nil, 0, err
		}
	}
	last, err = s.lines(r, threads)
	return last, all, err
}
