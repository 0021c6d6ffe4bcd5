package message

import (
	"fmt"
	"math"
	"time"

	"preau/core/audience"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
)

// readable is the condition that somebody reads a conversation t with a hat: it is
// addressed to them, or they wrote it, and they are not in it with another hat, nor as
// the guardian of a child from whom a judge keeps them. Who left the school of colleagues
// who talk together reads what was said before: see [left]. What was to leave later did not
// where a judge, or who was to read it, had refused it by then, unless they have read it since. What
// was said to a record that is one with theirs, or about one that is one with the child's, is as if
// it were to theirs.
func readable(tx *db.Tx, by web.Addressee, args ...any) (string, []any, error) {
	limits, err := directory.LimitsOf(tx, by.Person)
	if err != nil {
		return "", nil, err
	}
	var barred []school.ID
	for child, limit := range limits {
		if limit.NoAccess {
			barred = append(barred, child)
		}
	}
	seen, args := by.Held.Things(tx, args...)
	answered, err := answeredFor(tx, by.Person, by.Profile)
	if err != nil {
		return "", nil, err
	}
	args = append(args, by.Person, db.List(tx, barred), db.At(tx.Now), db.List(tx, answered))
	me := len(args) - 3
	hats := ""
	for _, hat := range alike(by.Profile) {
		hats += ", '" + string(hat) + "'"
	}
	ours := oneWith(me)
	refused := `SELECT 1 FROM message_block x WHERE x.person_id IN (` + ours + `) AND NOT x.blocked_id ` + tx.Among(me+3) + `
		AND ` + directory.Stayed("x.blocked_id") + ` = ` + directory.Stayed("t.author_id") + ` AND x.since_at < t.begun_at`
	return fmt.Sprintf(`t.id IN (%s
			UNION ALL SELECT w.id FROM message_thread w WHERE w.author_id IN (%s)
			UNION ALL SELECT c.thread_id FROM message_seat c JOIN message_thread w ON w.id = c.thread_id AND w.kind = '%s' AND w.begun_at <= $%d AND w.kept_at IS NULL WHERE c.person_id IN (%s))
		AND %s AND NOT (t.leaves_at IS NOT NULL AND %s AND %s)`,
		seen, ours, circle, me+2, ours, unbarred(tx, me, "o.profile NOT IN ("+hats[2:]+") OR "), db.Probe(refused), unread(me)), args, nil
}

// unbarred is the condition that no judge keeps the person $me from a conversation t of theirs: no seat of
// theirs there is that of another hat, of which a condition that ends in OR may say which it is, nor the
// guardian's of a child of the list of the next argument; and none kept its author from the child as it
// began.
func unbarred(tx *db.Tx, me int, hat string) string {
	return fmt.Sprintf(`NOT EXISTS (SELECT 1 FROM message_seat o WHERE o.thread_id = t.id AND o.person_id IN (%s)
		AND (%so.child_id %s OR o.child_id IN (%s))) AND NOT %s`,
		oneWith(me), hat, tx.Among(me+1), directory.PartOf(tx.Among(me+1)), directory.BarredAt("t.author_id", "t.child_id", "t.begun_at"))
}

// oneWith is the query of the records that are one with the record $of, of somebody: the one that stayed, first.
func oneWith(of int) string {
	stayed := directory.Stayed(fmt.Sprintf("CAST($%d AS BIGINT)", of))
	return `SELECT ` + stayed + ` UNION ALL ` + directory.PartOf("= "+stayed)
}

// left is when somebody stopped working in the school of colleagues who talk together: of
// what was said since they read nothing. Zero: they work there, or t is nothing of the kind.
func (t thread) left(held audience.Holdings, now time.Time) (at time.Time, gone bool) {
	if t.Kind != circle {
		return at, false
	}
	for _, one := range held {
		switch {
		case one.Place != audience.School || one.Of != t.School || one.From.After(now):
		case one.At(now):
			return time.Time{}, false
		case one.Until.After(at):
			at = one.Until
		}
	}
	return at, true
}

// visible are the last posts of a conversation that the visitor reads, so many at most, of those before
// one of them: what was said, as long as they were among those who talk, and what they wrote. More
// tells that there are earlier ones.
func (t thread) visible(r *web.Request, before school.ID, most int) (posts []post, more bool, err error) {
	held, err := r.Held()
	if err != nil {
		return nil, false, err
	}
	until, gone := t.left(held, r.Tx.Now)
	heard := int64(math.MaxInt64)
	if gone {
		heard = until.UnixMilli()
	}
	posts, err = lastOf(r.Tx, t.ID, most+1, `p.id < $3 AND (p.author_id IN (`+oneWith(4)+`) OR p.state = 'said' AND p.posted_at < $5)`, before, r.Actor.Person, heard)
	if more = len(posts) > most; more {
		posts = posts[1:]
	}
	return posts, more, err
}

// latest is after every post.
const latest school.ID = math.MaxInt64

// postBefore is the post before which a page of a conversation ends.
func postBefore(r *web.Request) school.ID {
	if id, err := school.ParseID(r.URL.Query().Get("before")); err == nil {
		return id
	}
	return latest
}

// mine is [readable] by the visitor.
func (s *Service) mine(r *web.Request, args ...any) (string, []any, error) {
	by, err := r.Addressee()
	if err != nil {
		return "", nil, err
	}
	return readable(r.Tx, by, args...)
}

// shown reads the conversation of the path, which the visitor reads.
func (s *Service) shown(r *web.Request) (t thread, err error) {
	id, err := r.PathID("thread")
	if err != nil {
		return t, err
	}
	return s.readThread(r, id)
}

// readThread reads a conversation, or fail.NotFound for whom it is not for.
func (s *Service) readThread(r *web.Request, id school.ID) (t thread, err error) {
	where, args, err := s.mine(r, id)
	if err != nil {
		return t, err
	}
	found, err := threadsWhere(r.Tx, `t.id = $1 AND `+where, args...)
	if err == nil && len(found) == 0 {
		err = fail.New(fail.NotFound, "the conversation %s is not for %s as %s", id, r.Actor.Person, r.Actor.Profile)
	}
	if err != nil {
		return t, err
	}
	return found[0], nil
}

// seen notes that the visitor has a conversation before their eyes, and what was said to
// them in it.
func (s *Service) seen(r *web.Request, t thread) error {
	children, err := r.Seen(t.ID)
	if err != nil || len(children) == 0 {
		return err
	}
	return noteShown(r, t.ID)
}

// noteShown notes that what was said in some conversations was before the visitor's eyes: it is
// not taken back any more.
func noteShown(r *web.Request, threads ...school.ID) error {
	return r.NoteSeen(func(tx *db.Tx) error {
		_, err := tx.Exec(`UPDATE message_post SET read_at = $3 WHERE thread_id `+tx.Among(1)+` AND author_id NOT IN (`+oneWith(2)+`) AND read_at IS NULL AND state = $4`,
			db.List(tx, threads), r.Actor.Person, db.At(tx.Now), said)
		return err
	})
}
