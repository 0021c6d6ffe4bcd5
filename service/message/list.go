package message

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"preau/core/audience"
	"preau/core/db"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
)

// folder is a part of what somebody reads.
type folder string

// The folders; drafts have a page of their own.
const (
	inbox    folder = "received"
	sent     folder = "sent"
	archived folder = "archived"
	aside    folder = "drafts"
	own      folder = "own" // those of theirs, by name
)

// folders are those that everybody has, with the address of each.
var folders = []struct {
	folder
	Path string
}{{inbox, "/message/"}, {sent, "/message/sent"}, {aside, "/message/drafts"}, {archived, "/message/archived"}}

// listView is a folder of the visitor's, the last thing said first.
type listView struct {
	Folder   folder
	Name     string   // of a folder of their own
	Own      []string // these
	Unread   int      // received, in what was not put away
	Aside    int      // drafts
	Lines    []line
	Drafts   []draft
	Older    string
	Pupil    bool
	Writes   bool  // there is somebody to write to, and it may be done now
	Review   int   // posts of pupils that wait for the visitor
	Reports  int   // that wait for the visitor
	Withheld int   // of theirs, that did not leave
	Classes  []ref // whose pupils' messages the visitor opens or shuts
	Rules    string
	Judges   bool // they settle what is reported
	Now      time.Time
}

// ref is something of the room that a page leads to.
type ref struct{ Href, Label string }

// line is a conversation in a folder.
type line struct {
	thread
	Whom   string
	Child  directory.Someone // whom it is about
	Accent ui.Accent         // of the child
	Unread bool
	Held   bool // an adult reads it before it is said
	Back   bool // an adult sent it back
}

// most is how many conversations a page of a folder has.
const most = 20

// path is where the folder is.
func (v listView) path() string {
	for _, one := range folders {
		if one.folder == v.Folder {
			return one.Path
		}
	}
	return ownPath(v.Name)
}

// list shows a folder that everybody has.
func (s *Service) list(in folder) web.Handler {
	return func(r *web.Request) (web.Answer, error) { return s.listed(r, in, "") }
}

// listed shows a folder, with the name of one of the visitor's own.
func (s *Service) listed(r *web.Request, in folder, name string) (web.Answer, error) {
	v, err := s.around(r, in)
	if err != nil {
		return nil, err
	}
	if v.Name = name; in == aside {
		err = drafts(r, &v)
	} else {
		err = s.fill(r, &v)
		v.keep(r)
	}
	if err != nil {
		return nil, err
	}
	return web.Page{Title: r.Say("message.title"), Body: listPage(v)}, nil
}

// keep lets the device keep a folder, until something is said in one of its conversations.
func (v listView) keep(r *web.Request) {
	var threads []any
	for _, l := range v.Lines {
		threads = append(threads, l.ID, l.Last, l.Child.ID, l.Held, l.Back)
	}
	r.Keep(threads...)
}

// inFolder is the condition that a conversation t is in a folder of the person $me: the one
// of their own whose name is the argument after them, or one that everybody has. What an adult
// gave back is received, until its author says it otherwise.
func inFolder(in folder, me int) string {
	ours := oneWith(me)
	switch in {
	case own:
		return db.Probe(fmt.Sprintf(`SELECT 1 FROM message_folder f WHERE f.thread_id = t.id AND f.person_id IN (%s) AND f.name = $%d`, ours, me+1))
	case archived:
		return away(me)
	case sent:
		return "NOT " + away(me) + " AND " + db.Probe(`SELECT 1 FROM message_post p WHERE p.thread_id = t.id AND p.author_id IN (`+ours+`)`)
	}
	return "NOT " + away(me) + " AND " + db.Probe(fmt.Sprintf(`SELECT 1 FROM message_post p WHERE p.thread_id = t.id AND (p.author_id NOT IN (%[1]s) AND p.state = 'said'
		OR p.author_id IN (%[1]s) AND p.state = 'returned' AND NOT EXISTS (SELECT 1 FROM message_post l WHERE l.thread_id = t.id AND l.author_id IN (%[1]s) AND l.id > p.id))`, ours))
}

// away is the condition that the person $me put a conversation t away.
func away(me int) string {
	return db.Probe(`SELECT 1 FROM message_shelf h WHERE h.thread_id = t.id AND h.person_id IN (` + oneWith(me) + `)`)
}

// unread is the condition that the person $me has not read what was said last in a
// conversation t.
func unread(me int) string {
	return "NOT " + db.Probe(fmt.Sprintf(`SELECT 1 FROM audience_receipt a WHERE a.thing_id = t.id AND a.person_id = $%d AND a.read_at IS NOT NULL`, me))
}

// before is the line before which a page of a list begins: its instant, in milliseconds, and its
// identifier. That of the first page is after every line.
func before(r *web.Request) (at, id int64) {
	text, line, _ := strings.Cut(r.URL.Query().Get("before"), ".")
	at, errAt := strconv.ParseInt(text, 10, 64)
	id, errID := strconv.ParseInt(line, 10, 64)
	if errAt != nil || errID != nil {
		return math.MaxInt64, math.MaxInt64
	}
	return at, id
}

// older is the address of the page that follows a line.
func (v listView) older(at time.Time, id school.ID) string {
	return fmt.Sprintf("%s?before=%d.%s", v.path(), at.UnixMilli(), id)
}

// fill reads a page of a folder.
func (s *Service) fill(r *web.Request, v *listView) error {
	last, id := before(r)
	args := []any{last, id, most + 1, r.Actor.Person}
	if v.Folder == own {
		args = append(args, v.Name)
	}
	where, args, err := s.mine(r, args...)
	if err != nil {
		return err
	}
	// In the order of an index, without + 0, an engine would look at the conversations of everybody.
	threads, err := threadsWhere(r.Tx, `(t.last_at < $1 OR t.last_at = $1 AND t.id < $2) AND `+inFolder(v.Folder, 4)+` AND `+where+`
		ORDER BY t.last_at + 0 DESC, t.id DESC LIMIT $3`, args...)
	if err != nil {
		return err
	}
	if len(threads) > most {
		threads = threads[:most]
		v.Older = v.older(threads[most-1].Last, threads[most-1].ID)
	}
	v.Lines, err = s.lines(r, threads)
	return err
}

// lines says of each conversation with whom it is, and how it stands.
func (s *Service) lines(r *web.Request, threads []thread) ([]line, error) {
	ids := make([]school.ID, len(threads))
	for i, t := range threads {
		ids[i] = t.ID
	}
	seats, err := seatsOf(r.Tx, ids...)
	if err != nil {
		return nil, err
	}
	called, err := namesIn(r.Tx, r.Printer, r.Actor.Profile, threads, nil, seats)
	if err != nil {
		return nil, err
	}
	to, err := audience.To(r.Tx, ids...)
	if err != nil {
		return nil, err
	}
	fresh, err := s.unreadOf(r, ids)
	if err != nil {
		return nil, err
	}
	states, err := ownStates(r.Tx, r.Actor.Person, ids)
	if err != nil {
		return nil, err
	}
	own, err := s.kids(r)
	if err != nil {
		return nil, err
	}
	lines := make([]line, len(threads))
	for i, t := range threads {
		l := line{thread: t, Unread: fresh[t.ID], Child: called.childOf(t, seats[t.ID], r.Actor), Held: states[t.ID] == held, Back: states[t.ID] == returned}
		if t.Kind == group && t.Author != r.Actor.Person {
			l.Whom = called.author(t.Author, seats[t.ID])
		} else if l.Whom, err = called.whom(r, t, seats[t.ID], to[t.ID]); err != nil {
			return nil, err
		}
		if l.Child.ID == 0 {
			l.Child = own.of(to[t.ID])
		}
		l.Accent = r.AccentOf(l.Child.ID)
		lines[i] = l
	}
	return lines, nil
}

// unreadOf tells which of some conversations the visitor has not read to the end.
func (s *Service) unreadOf(r *web.Request, threads []school.ID) (map[school.ID]bool, error) {
	ids, err := db.All(r.Tx, db.Column[school.ID], `SELECT t.id FROM message_thread t WHERE t.id `+r.Tx.Among(1)+` AND `+unread(2),
		db.List(r.Tx, threads), r.Actor.Person)
	fresh := map[school.ID]bool{}
	for _, id := range ids {
		fresh[id] = true
	}
	return fresh, err
}

// ownStates are how far the last post of somebody went in each of some conversations.
func ownStates(tx *db.Tx, person school.ID, threads []school.ID) (map[school.ID]state, error) {
	states := map[school.ID]state{}
	return states, tx.Each(func(row db.Row) error {
		var id school.ID
		var is state
		err := row.Scan(&id, &is)
		states[id] = is
		return err
	}, `SELECT thread_id, state FROM message_post WHERE thread_id `+tx.Among(1)+` AND author_id IN (`+oneWith(2)+`) ORDER BY id`, db.List(tx, threads), person)
}

// count counts the conversations in which the visitor has something to read, and those that
// they wrote and that were kept back.
func (s *Service) count(r *web.Request) (toRead, withheld int, err error) {
	where, args, err := s.mine(r, r.Actor.Person)
	if err != nil {
		return 0, 0, err
	}
	return toRead, withheld, r.Tx.Get([]any{&toRead, &withheld}, `SELECT (SELECT count(*) FROM message_thread t WHERE `+unread(1)+` AND `+inFolder(inbox, 1)+` AND `+where+`),
		(SELECT count(*) FROM message_thread t WHERE `+withheldOf(1)+`)`, args...)
}
