package liaison

import (
	"time"

	"preau/core/attach"
	"preau/core/past"
	"preau/core/personal"
	"preau/core/search"
)

var (
	_ personal.Steward = Holdings
	_ personal.Keeper  = Holdings
	_ search.Refinder  = Holdings
)

// kept is how long a word is kept: the school year, and the next one.
const kept = 2 * 365 * 24 * time.Hour

// ofSchool finds what is of the words of a school.
const ofSchool = "word_id IN (SELECT w.id FROM liaison_word w WHERE w.school_id = $1)"

// records are the tables, with what they hold.
type records struct{ past.Room }

// Holdings declares the tables. Words are a school's: who wrote one is erased, and the
// word stays.
var Holdings = records{past.Room{Tables: personal.Tables{
	{
		Name:     "liaison_word",
		Subjects: []string{"pupil_id"},
		Authors:  []string{"author_id"},
		Keys:     []string{"id"},
		Things:   []string{"id"},
		Says:     true,
		Personal: map[string]personal.Category{"title": personal.Content, "body": personal.Content, "choices": personal.Content, "cancel_why": personal.Content, "facts": personal.Content},
		Plain: []string{
			"id", "school_id", "class_id", "pupil_id", "author_id", "category", "asks", "each", "due_at", "published_at", "amended_at", "cancelled_at",
			"reminded_at",
		},
		School:     "school_id = $1",
		Purpose:    personal.Portal,
		Recipients: []personal.Recipient{personal.Oneself, personal.Guardians, personal.Teachers, personal.Heads},
		Retention:  personal.Retention{From: "published_at", Days: int(kept.Hours() / 24)},
	},
	{
		Name:       "liaison_class",
		Plain:      []string{"word_id", "class_id"},
		Things:     []string{"word_id"},
		Says:       true,
		School:     ofSchool,
		Purpose:    personal.Portal,
		Recipients: []personal.Recipient{personal.Guardians, personal.Teachers, personal.Heads},
	},
	bag.DeclaredPhotos(ofSchool, personal.Guardians, personal.Teachers, personal.Heads),
	bag.DeclaredFiles(ofSchool, personal.Guardians, personal.Teachers, personal.Heads),
	attach.Voiced(personal.Table{
		Name:     "liaison_note",
		Subjects: []string{"child_id"},
		Authors:  []string{"author_id", "seen_by"},
		Keys:     []string{"id"},
		Things:   []string{"id"},
		Says:     true,
		Personal: map[string]personal.Category{
			"from_day": personal.Schooling, "until_day": personal.Schooling, "hour": personal.Schooling, "body": personal.Content, "reply": personal.Content,
			"seen_at": personal.Trace,
		},
		Plain:   []string{"id", "school_id", "class_id", "child_id", "author_id", "kind", "sent_at", "withdrawn_at", "seen_by"},
		School:  "school_id = $1",
		Purpose: personal.Portal,
		// Not the other guardians of the child: what one of them tells the school is theirs. Aides and
		// the agents of the canteen are told that a child is absent, and nothing else: see Absent.
		Recipients: []personal.Recipient{personal.Oneself, personal.Teachers, personal.Heads, personal.Aides, personal.Municipal},
		Retention:  personal.Retention{From: "sent_at", Days: int(kept.Hours() / 24)},
	}),
	answered("liaison_answer"),
	answered("liaison_former", "until_at"),
	{
		Name:       "liaison_paper",
		Subjects:   []string{"child_id", "person_id"},
		Authors:    []string{"entered_by"},
		Keys:       []string{"word_id"},
		Things:     []string{"word_id"},
		Personal:   map[string]personal.Category{"answer": personal.Content, "entered_at": personal.Trace},
		Plain:      []string{"word_id", "child_id", "person_id", "entered_by"},
		School:     ofSchool,
		Purpose:    personal.Portal,
		Recipients: []personal.Recipient{personal.Oneself, personal.Teachers, personal.Heads},
	},
}}}

// answered is a table of what people answered for a child, with its other columns: they stay
// through what is changed of the word.
func answered(name string, plain ...string) personal.Table {
	return attach.Voiced(personal.Table{
		Name:       name,
		Subjects:   []string{"child_id", "person_id"},
		Keys:       []string{"word_id"},
		Things:     []string{"word_id"},
		Personal:   map[string]personal.Category{"answer": personal.Content, "answered_at": personal.Trace},
		Plain:      append([]string{"word_id", "child_id", "person_id"}, plain...),
		School:     ofSchool,
		Purpose:    personal.Portal,
		Recipients: []personal.Recipient{personal.Oneself, personal.Teachers, personal.Heads},
	})
}
