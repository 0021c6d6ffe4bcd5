package message

import (
	"slices"
	"time"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/past"
	"preau/core/personal"
	"preau/core/school"
	"preau/core/search"
	"preau/directory"
)

var (
	_ personal.Steward = Holdings
	_ personal.Keeper  = Holdings
	_ search.Refinder  = Holdings
)

// keptFor is how long a conversation is kept after something was last said in it, and a draft
// after it was put aside.
const keptFor, draftKept = 2 * 365 * 24 * time.Hour, 365 * 24 * time.Hour

// records are the tables, with what they hold.
type records struct{ past.Room }

// Holdings declares the tables. What somebody wrote is there for whom they wrote to: they
// are erased from it, and it stays; a conversation about a child goes with the child.
var Holdings = records{past.Room{Parts: postsOfAll, Tables: personal.Tables{
	{
		Name:     "message_thread",
		Subjects: []string{"child_id"},
		Authors:  []string{"author_id"},
		Keys:     []string{"id", "parent_id"},
		Things:   []string{"id"},
		Says:     true,
		Personal: map[string]personal.Category{"subject": personal.Content},
		Plain:    []string{"id", "school_id", "class_id", "child_id", "author_id", "parent_id", "kind", "begun_at", "last_at", "leaves_at", "kept_at", "kept_why"},
		School:   "school_id = $1",
		Purpose:  personal.Portal,
		// Not to the other guardians of the child: what one of them and the school say is theirs.
		Recipients: []personal.Recipient{personal.Oneself, personal.Teachers, personal.Heads, personal.Aides, personal.Municipal},
		Retention:  personal.Retention{From: "last_at", Days: int(keptFor.Hours() / 24)},
	},
	{
		Name:       "message_post",
		Authors:    []string{"author_id"},
		Keys:       []string{"id", "thread_id"},
		Things:     []string{"id", "thread_id"},
		Says:       true,
		Personal:   map[string]personal.Category{"body": personal.Content, "why": personal.Content, "posted_at": personal.Trace, "read_at": personal.Trace},
		Plain:      []string{"id", "thread_id", "author_id", "state"},
		School:     ofSchool,
		Purpose:    personal.Portal,
		Recipients: mineAndTheirs,
	},
	bag.DeclaredPhotos("post_id IN (SELECT p.id FROM message_post p WHERE p."+ofSchool+")", mineAndTheirs...),
	bag.DeclaredFiles("post_id IN (SELECT p.id FROM message_post p WHERE p."+ofSchool+")", mineAndTheirs...),
	{
		Name:       "message_seat",
		Subjects:   []string{"person_id", "child_id"},
		Keys:       []string{"thread_id"},
		Things:     []string{"thread_id"},
		Personal:   map[string]personal.Category{"profile": personal.Professional},
		Plain:      []string{"thread_id", "person_id", "child_id"},
		School:     ofSchool,
		Purpose:    personal.Portal,
		Recipients: mineAndTheirs,
	},
	{
		Name:       "message_shelf",
		Subjects:   []string{"person_id"},
		Keys:       []string{"thread_id"},
		Things:     []string{"thread_id"},
		Personal:   map[string]personal.Category{"shelved_at": personal.Trace},
		Plain:      []string{"thread_id", "person_id"},
		School:     ofSchool,
		Purpose:    personal.Portal,
		Recipients: []personal.Recipient{personal.Oneself},
	},
	{
		Name:       "message_folder",
		Subjects:   []string{"person_id"},
		Keys:       []string{"thread_id"},
		Things:     []string{"thread_id"},
		Personal:   map[string]personal.Category{"name": personal.Content},
		Plain:      []string{"thread_id", "person_id"},
		School:     ofSchool,
		Purpose:    personal.Portal,
		Recipients: []personal.Recipient{personal.Oneself},
	},
	{
		Name:       "message_draft",
		Subjects:   []string{"person_id"},
		Keys:       []string{"id", "path", "form"},
		Personal:   map[string]personal.Category{"subject": personal.Content, "form": personal.Content, "saved_at": personal.Trace},
		Plain:      []string{"id", "person_id", "profile", "path"},
		Purpose:    personal.Portal,
		Recipients: []personal.Recipient{personal.Oneself},
		Retention:  personal.Retention{From: "saved_at", Days: int(draftKept.Hours() / 24)},
	},
	{
		Name:       "message_rule",
		Personal:   map[string]personal.Category{"set_by": personal.Trace, "set_at": personal.Trace},
		Plain:      []string{"school_id", "sender", "recipient", "value"},
		School:     "school_id = $1", // or a commune, or none
		Purpose:    personal.Portal,
		Recipients: []personal.Recipient{personal.Heads, personal.Municipal, personal.Operators},
		Retention:  personal.AfterDeparture,
	},
	{
		Name:       "message_class",
		Personal:   map[string]personal.Category{"set_by": personal.Trace, "set_at": personal.Trace},
		Plain:      []string{"class_id", "school_id", "to_teacher", "among"},
		School:     "school_id = $1",
		Purpose:    personal.Portal,
		Recipients: []personal.Recipient{personal.Teachers, personal.Heads},
		Retention:  personal.AfterDeparture,
	},
	{
		Name:       "message_block",
		Subjects:   []string{"person_id", "blocked_id"},
		Personal:   map[string]personal.Category{"since_at": personal.Trace},
		Plain:      []string{"person_id", "blocked_id"},
		Purpose:    personal.Portal,
		Recipients: []personal.Recipient{personal.Oneself},
		Retention:  personal.AfterDeparture,
	},
	{
		Name:       "message_report",
		Subjects:   []string{"reporter_id"},
		Keys:       []string{"id", "post_id", "thread_id"},
		Things:     []string{"post_id"}, // it outlives its conversation, where that is taken away: see [Service.Settle]
		Personal:   map[string]personal.Category{"reason": personal.Content, "outcome": personal.Content, "reported_at": personal.Trace, "settled_at": personal.Trace},
		Plain:      []string{"id", "post_id", "thread_id", "school_id", "reporter_id"},
		School:     "school_id = $1",
		Purpose:    personal.Portal,
		Recipients: []personal.Recipient{personal.Oneself, personal.Heads},
		Retention:  personal.Retention{From: "reported_at", Days: int(keptFor.Hours() / 24)},
	},
}}}

// ofSchool finds what is of the conversations of a school.
const ofSchool = "thread_id IN (SELECT t.id FROM message_thread t WHERE t.school_id = $1)"

// mineAndTheirs is whoever takes part in a conversation, and the head to whom it is
// reported.
var mineAndTheirs = []personal.Recipient{personal.Oneself, personal.Guardians, personal.Teachers, personal.Heads, personal.Aides, personal.Municipal}

// Export implements personal.Steward: with what a person wrote, what they received by
// name, as far as pages show it to them: nothing of a conversation from which a judge keeps them, or
// about another child than theirs or themselves; of what colleagues said, what was before they left the school;
// and nothing of after they departed.
func (h records) Export(tx *db.Tx, person school.ID) ([]personal.Row, error) {
	rows, err := h.Tables.Export(tx, person)
	if err != nil {
		return nil, err
	}
	departed, err := directory.DepartureOf(tx, person)
	if fail.Is(err, fail.NotFound) {
		departed.At, err = tx.Now.Add(time.Millisecond), nil
	}
	if err != nil {
		return nil, err
	}
	barred, err := directory.BarredSince(tx, person, departed.At)
	if err != nil {
		return nil, err
	}
	args := []any{person, db.List(tx, barred)}
	shut, err := db.All(tx, db.Column[school.ID], `SELECT t.id FROM message_report s JOIN message_thread t ON t.id = s.thread_id
		WHERE s.reporter_id = $1 AND NOT (`+unbarred(tx, 1, "")+`)`, args...)
	if err != nil {
		return nil, err
	}
	rows = slices.DeleteFunc(rows, func(row personal.Row) bool { // of others, about them as a pupil
		return row.Table == "message_thread" && row.ID("author_id") != person
	})
	for _, row := range rows {
		if row.Table == "message_report" && (slices.Contains(shut, row.ID("thread_id")) || !row.At("settled_at").Before(departed.At)) {
			row.Values["outcome"], row.Values["settled_at"] = nil, nil
		}
	}
	return rows, tx.Each(func(row db.Row) error {
		var body string
		var posted int64
		if err := row.Scan(&body, &posted); err != nil {
			return err
		}
		rows = append(rows, personal.Row{Table: "message_post", Values: map[string]any{"body": body, "posted_at": posted}})
		return nil
	}, `SELECT p.body, p.posted_at FROM message_seat o JOIN message_thread t ON t.id = o.thread_id JOIN message_post p ON p.thread_id = t.id
		WHERE o.person_id = $1 AND p.author_id <> $1 AND p.state = 'said' AND p.posted_at <= $3 AND p.posted_at < $4 AND t.kept_at IS NULL
		AND (t.child_id = 0 OR t.child_id = $1 OR t.child_id IN (SELECT b.child_id FROM message_seat b WHERE b.person_id = $1))
		AND (t.kind <> '`+string(circle)+`' OR EXISTS (SELECT 1 FROM directory_function f
			WHERE f.person_id = $1 AND f.structure_id = t.school_id AND f.from_at <= $3 AND (f.until_at IS NULL OR f.until_at > p.posted_at)))
		AND `+unbarred(tx, 1, "")+` ORDER BY p.id`,
		append(args, db.At(tx.Now), db.At(departed.At))...)
}
