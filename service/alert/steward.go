package alert

import (
	"time"

	"preau/core/db"
	"preau/core/past"
	"preau/core/personal"
	"preau/core/school"
)

var (
	_ personal.Steward = Holdings
	_ personal.Keeper  = Holdings
)

// kept is how long a notice is: the school year, and the next one. The calls go sooner: see
// callDays.
const kept = 2 * 365 * 24 * time.Hour

// callDays is for how long one knows who was told by telephone.
const callDays = 30

// inSchool finds what is about the alerts of the school $1.
const inSchool = "alert_id IN (SELECT a.id FROM alert_alert a WHERE a.school_id = $1)"

// Holdings declares the tables. A notice is a school's: who told it is erased, and it stays.
var Holdings = past.Room{Parts: noticesOfAll, Tables: personal.Tables{
	{
		Name:     "alert_call",
		Subjects: []string{"person_id"},
		Authors:  []string{"called_by"},
		Keys:     []string{"alert_id"},
		Things:   []string{"alert_id"},
		Personal: map[string]personal.Category{"called_at": personal.Trace},
		Plain:    []string{"alert_id", "person_id", "called_by"},
		School:   inSchool, Purpose: personal.Portal,
		Recipients: []personal.Recipient{personal.Oneself, personal.Heads},
		Retention:  personal.Retention{From: "called_at", Days: callDays},
	},
	{
		Name:     "alert_notice",
		Authors:  []string{"said_by"},
		Keys:     []string{"id", "alert_id"},
		Things:   []string{"alert_id"},
		Says:     true,
		Personal: map[string]personal.Category{"text": personal.Content, "said_at": personal.Trace},
		Plain:    []string{"id", "alert_id", "said", "said_by"},
		School:   inSchool, Purpose: personal.Portal,
		Recipients: []personal.Recipient{personal.Guardians, personal.Teachers, personal.Heads, personal.Aides, personal.Municipal},
	},
	{
		Name:     "alert_alert",
		Authors:  []string{"author_id"},
		Keys:     []string{"id", "together_id", "notice_id"},
		Things:   []string{"id"},
		Says:     true,
		Personal: map[string]personal.Category{"published_at": personal.Trace},
		Plain: []string{
			"id", "school_id", "commune_id", "class_id", "author_id", "together_id", "kind", "drill", "circles", "until_at", "ended_at", "notice_id",
		},
		School: "school_id = $1", Purpose: personal.Portal,
		Recipients: []personal.Recipient{personal.Guardians, personal.Teachers, personal.Heads, personal.Aides, personal.Municipal},
		Retention:  personal.Retention{From: "published_at", Days: int(kept.Hours() / 24)},
	},
}}

// noticesOfAll lists what some alerts said: each is addressed by itself.
func noticesOfAll(tx *db.Tx, alerts []school.ID) ([]school.ID, error) {
	return db.All(tx, db.Column[school.ID], `SELECT id FROM alert_notice WHERE alert_id `+tx.Among(1), db.List(tx, alerts))
}
