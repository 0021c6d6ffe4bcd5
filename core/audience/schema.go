package audience

import (
	"embed"

	"preau/core/db"
	"preau/core/personal"
)

//go:embed schema/*.sql
var files embed.FS

// Words are the texts of what is refused here.
//
//go:embed words/*.json
var Words embed.FS

// Schema is the tables of addresses and of receipts.
func Schema() db.Schema { return db.Schema{Name: "audience", Files: files} }

// Records declares the tables. What is addressed goes with its thing, when its
// room takes it away.
var Records = personal.Tables{
	{
		Name:     addressTable,
		Subjects: []string{"subject_id"},
		Keys:     []string{"thing_id"},
		Things:   []string{"thing_id"},
		Says:     true,
		Personal: map[string]personal.Category{"audience": personal.Schooling},
		Plain: []string{
			"published_at", "thing_id", "room", "school_id", "subject_id", "news_until_at", "expects", "due_at", "reminded_at",
		},
		School:     "school_id = $1",
		Purpose:    personal.Portal,
		Recipients: []personal.Recipient{personal.Teachers, personal.Heads},
		Retention:  personal.AfterDeparture,
	},
	{
		Name:     "audience_receipt",
		Subjects: []string{"child_id", "person_id"},
		Keys:     []string{"thing_id"},
		Things:   []string{"thing_id"},
		Personal: map[string]personal.Category{"read_at": personal.Trace, "done_at": personal.Trace},
		Plain:    []string{"thing_id", "child_id", "person_id"},
		School:   "thing_id IN (SELECT a.thing_id FROM audience_address a WHERE a.school_id = $1)",
		Purpose:  personal.Portal,
		// Whoever wrote the thing follows who answered.
		Recipients: []personal.Recipient{personal.Oneself, personal.Teachers, personal.Heads},
		Retention:  personal.AfterDeparture,
	},
}
