package news

import (
	"time"

	"preau/core/past"
	"preau/core/personal"
	"preau/core/search"
)

var (
	_ personal.Steward = Holdings
	_ personal.Keeper  = Holdings
	_ search.Refinder  = Holdings
)

// How long an item is kept: the school year, and the next one; and one that was removed.
const kept, bin = 2 * 365 * 24 * time.Hour, past.Kept

// ofSchool finds what is of the items of a school.
const ofSchool = "item_id IN (SELECT i.id FROM news_item i WHERE i.school_id = $1)"

// records are the tables, with what they hold.
type records struct{ past.Room }

// Holdings declares the tables. News are a school's: who wrote one is erased, and it
// stays.
var Holdings = records{past.Room{Tables: personal.Tables{
	{
		Name:     "news_item",
		Authors:  []string{"author_id", "faceless_by"},
		Keys:     []string{"id"},
		Things:   []string{"id"},
		Says:     true,
		Personal: map[string]personal.Category{"title": personal.Content, "body": personal.Content, "event_place": personal.Content},
		Plain: []string{
			"id", "school_id", "commune_id", "author_id", "circles", "event_at", "event_until_at", "event_timed", "published_at", "shown_until_at",
			"until_at", "front", "public_at", "faceless_at", "faceless_by", "amended_at", "removed_at", "rpi_id", "posted_at", "class_id", "leaves_at", "kept_at", "kept_why",
		},
		School:     "school_id = $1",
		Purpose:    personal.Portal,
		Recipients: []personal.Recipient{personal.Oneself, personal.Guardians, personal.Teachers, personal.Heads, personal.Aides, personal.Municipal},
		Retention:  personal.Retention{From: "published_at", Days: int(kept.Hours() / 24)},
		Sooner:     personal.Retention{From: "removed_at", Days: int(bin.Hours() / 24)},
	},
	bag.DeclaredPhotos(ofSchool, personal.Oneself, personal.Guardians, personal.Teachers, personal.Heads, personal.Aides),
	bag.DeclaredFiles(ofSchool, personal.Oneself, personal.Guardians, personal.Teachers, personal.Heads, personal.Aides),
	{
		Name:       "news_page",
		Authors:    []string{"opened_by"},
		Personal:   map[string]personal.Category{"opened_at": personal.Trace},
		Plain:      []string{"school_id", "opened_by", "listed"},
		School:     "school_id = $1",
		Purpose:    personal.Portal,
		Recipients: []personal.Recipient{personal.Heads},
		Retention:  personal.AfterDeparture,
	},
}}}
