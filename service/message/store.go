package message

import (
	"slices"
	"strings"
	"time"

	"preau/core/audience"
	"preau/core/db"
	"preau/core/rich"
	"preau/core/school"
	"preau/core/search"
	"preau/directory"
)

// The columns of a conversation, and of a post, whose people are by the records that they have now.
var (
	threadColumns = `t.id, t.school_id, t.class_id, ` + directory.Stayed("t.child_id") + `, ` + directory.Stayed("t.author_id") + `, t.parent_id, t.kind, t.subject, t.begun_at, t.last_at, t.kept_at, t.kept_why`
	postColumns   = `p.id, p.thread_id, ` + directory.Stayed("p.author_id") + `, p.body, p.state, p.why, p.posted_at`
)

func scanThread(row db.Row) (t thread, err error) {
	var begun, last, kept db.Time
	err = row.Scan(&t.ID, &t.School, &t.Class, &t.Child, &t.Author, &t.Parent, &t.Kind, &t.Subject, &begun, &last, &kept, &t.Why)
	t.Begun, t.Last, t.Kept = begun.Time, last.Time, kept.Time
	return t, err
}

// threadsWhere lists the conversations t that a condition finds.
func threadsWhere(tx *db.Tx, where string, args ...any) ([]thread, error) {
	return db.All(tx, scanThread, `SELECT `+threadColumns+` FROM message_thread t WHERE `+where, args...)
}

func scanPost(row db.Row) (p post, err error) {
	var body string
	var posted db.Time
	err = row.Scan(&p.ID, &p.Thread, &p.Author, &body, &p.State, &p.Why, &posted)
	p.Body, p.Posted = rich.Load(body), posted.Time
	return p, err
}

// postsOf lists what was said in some conversations, and what each author alone sees of
// what they wrote: the first first.
func postsOf(tx *db.Tx, threads ...school.ID) ([]post, error) {
	return db.All(tx, scanPost, `SELECT `+postColumns+` FROM message_post p WHERE p.thread_id `+tx.Among(1)+` ORDER BY p.id`, db.List(tx, threads))
}

// lastOf lists the last posts of a conversation, so many at most, of those that a condition finds: the
// first first.
func lastOf(tx *db.Tx, thread school.ID, most int, where string, args ...any) ([]post, error) {
	posts, err := db.All(tx, scanPost, `SELECT `+postColumns+` FROM message_post p WHERE p.thread_id = $1 AND `+where+` ORDER BY p.id DESC LIMIT $2`,
		append([]any{thread, most}, args...)...)
	slices.Reverse(posts)
	return posts, err
}

// lastPosts lists the last post that was said in each of some conversations, whatever their
// length.
func lastPosts(tx *db.Tx, threads ...school.ID) ([]post, error) {
	return db.All(tx, scanPost, `SELECT `+postColumns+` FROM message_post p WHERE p.id IN (
		SELECT max(l.id) FROM message_post l WHERE l.thread_id `+tx.Among(1)+` AND l.state = $2 GROUP BY l.thread_id)`, db.List(tx, threads), said)
}

// heldIn finds the posts p that are held, in their conversations t. The state is in the text: of
// one that it is given later PostgreSQL thinks that every post has it.
const heldIn = ` FROM message_post p JOIN message_thread t ON t.id = p.thread_id WHERE p.state = '` + string(held) + `' AND `

// heldPosts lists the posts that are held, of those that a condition finds.
func heldPosts(tx *db.Tx, where string, args ...any) ([]post, error) {
	return db.All(tx, scanPost, `SELECT `+postColumns+heldIn+where, args...)
}

// postByID reads one post, or fail.NotFound.
func postByID(tx *db.Tx, id school.ID) (post, error) {
	return db.One(tx, scanPost, `SELECT `+postColumns+` FROM message_post p WHERE p.id = $1`, id)
}

// seatsOf lists who takes part in some conversations by name, by conversation.
func seatsOf(tx *db.Tx, threads ...school.ID) (map[school.ID][]seat, error) {
	of := map[school.ID][]seat{}
	return of, tx.Each(func(row db.Row) error {
		var id school.ID
		var one seat
		err := row.Scan(&id, &one.Record, &one.Profile, &one.Person, &one.Child)
		of[id] = append(of[id], one)
		return err
	}, `SELECT s.thread_id, s.person_id, s.profile, `+directory.Stayed("s.person_id")+`, `+directory.Stayed("s.child_id")+` FROM message_seat s
		WHERE s.thread_id `+tx.Among(1)+` ORDER BY s.thread_id, s.person_id`, db.List(tx, threads))
}

// insertThread writes a new conversation with the seats that it has.
func insertThread(tx *db.Tx, t thread, seats []seat) error {
	_, err := tx.Exec(`INSERT INTO message_thread (id, school_id, class_id, child_id, author_id, parent_id, kind, subject, begun_at, last_at, leaves_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		t.ID, t.School, t.Class, t.Child, t.Author, t.Parent, string(t.Kind), t.Subject, db.At(t.Begun), db.At(t.Last), db.At(t.leaves(tx.Now)))
	if err != nil {
		return err
	}
	for _, one := range seats {
		_, err := tx.Exec(`INSERT INTO message_seat (thread_id, person_id, profile, child_id) VALUES ($1, $2, $3, $4)
			ON CONFLICT (thread_id, person_id) DO NOTHING`, t.ID, one.Person, string(one.Profile), one.Child)
		if err != nil {
			return err
		}
	}
	return nil
}

// insertPost writes a post.
func insertPost(tx *db.Tx, p post) error {
	_, err := tx.Exec(`INSERT INTO message_post (id, thread_id, author_id, body, state, why, posted_at) VALUES ($1, $2, $3, $4, $5, '', $6)`,
		p.ID, p.Thread, p.Author, p.Body.HTML(), string(p.State), db.At(p.Posted))
	return err
}

// judgePost writes what an adult decided of a post, and when it is said: it waits for nobody
// any more.
func judgePost(tx *db.Tx, p post) error {
	_, err := tx.Exec(`UPDATE message_post SET state = $2, why = $3, posted_at = $4 WHERE id = $1`,
		p.ID, string(p.State), p.Why, db.At(p.Posted))
	if err != nil {
		return err
	}
	return audience.Forget(tx, p.ID)
}

// waitsFor is how long a post that waits for an adult is news.
const waitsFor = 365 * 24 * time.Hour

// waits addresses a post that waits to whoever teaches the class, of whom one is to read it.
func waits(tx *db.Tx, t thread, p post) error {
	classes, err := directory.PlainClassesByID(tx, t.Class)
	if err != nil || len(classes) == 0 {
		return err
	}
	return audience.Publish(tx, audience.Address{
		Room: room, Thing: p.ID, School: t.School, Published: p.Posted, NewsUntil: p.Posted.Add(waitsFor), Expects: audience.OneOfThem,
		Audiences: []audience.Audience{{Place: audience.Place(classes[0].Kind), Of: t.Class, Side: audience.Teaching}},
	})
}

// address is a conversation for some audiences, from when something was last said in it on.
func (t thread) address(to []audience.Audience) audience.Address {
	return audience.Address{Room: room, Thing: t.ID, School: t.School, Audiences: to, Published: t.Last, NewsUntil: t.Last.Add(newsFor)}
}

// renew makes a conversation that is published new to whom it is for, by what is said last in it,
// but to whoever says that, for whom nothing in it is.
func renew(tx *db.Tx, t thread, last post) error {
	if _, err := tx.Exec(`UPDATE message_thread SET last_at = $2 WHERE id = $1`, t.ID, db.At(t.Last)); err != nil {
		return err
	}
	if err := audience.Unread(tx, t.ID); err != nil {
		return err
	}
	if _, err := tx.Exec(`DELETE FROM message_shelf WHERE thread_id = $1 AND person_id <> $2`, t.ID, last.Author); err != nil {
		return err
	}
	words, err := wordsOf(tx, last)
	if err != nil {
		return err
	}
	if err := search.Add(tx, room, t.ID, t.Subject, words); err != nil {
		return err
	}
	return audience.MarkRead(tx, t.ID, 0, last.Author)
}

// wordsOf are those by which a conversation is found for some posts, with the names of their
// files: none of one that is not said.
func wordsOf(tx *db.Tx, posts ...post) (string, error) {
	var words strings.Builder
	var ids []school.ID
	for _, p := range posts {
		if p.State == said {
			words.WriteString(p.Body.Plain() + "\n")
			ids = append(ids, p.ID)
		}
	}
	files, err := bag.FileNames(tx, ids...)
	return words.String() + files, err
}

// index has a conversation be found by what is left of what was said in it.
func index(tx *db.Tx, t thread) error {
	posts, err := postsOf(tx, t.ID)
	if err != nil {
		return err
	}
	words, err := wordsOf(tx, posts...)
	if err != nil {
		return err
	}
	return search.Put(tx, room, t.ID, t.Subject, words)
}

// shelve puts a conversation away for one person; unshelve puts it back.
func shelve(tx *db.Tx, id, person school.ID) error {
	_, err := tx.Exec(`INSERT INTO message_shelf (thread_id, person_id, shelved_at) VALUES ($1, $2, $3) ON CONFLICT (thread_id, person_id) DO NOTHING`,
		id, person, db.At(tx.Now))
	return err
}

func unshelve(tx *db.Tx, id, person school.ID) error {
	_, err := tx.Exec(`DELETE FROM message_shelf WHERE thread_id = $1 AND person_id IN (`+oneWith(2)+`)`, id, person)
	return err
}

// shelved tells whether somebody put a conversation away.
func shelved(tx *db.Tx, id, person school.ID) (bool, error) {
	return db.One(tx, db.Column[bool], `SELECT EXISTS (SELECT 1 FROM message_shelf WHERE thread_id = $1 AND person_id IN (`+oneWith(2)+`))`, id, person)
}

// postsOfAll lists what was said in some conversations: each message is addressed by itself.
func postsOfAll(tx *db.Tx, threads []school.ID) ([]school.ID, error) {
	return db.All(tx, db.Column[school.ID], `SELECT id FROM message_post WHERE thread_id `+tx.Among(1), db.List(tx, threads))
}
