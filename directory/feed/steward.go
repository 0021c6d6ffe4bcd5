package feed

import "preau/core/personal"

// Holdings declares the feed's tables. A journal says where and what, by
// keys; only the images hold what the register held.
var Holdings = personal.Tables{
	{Name: "feed_source", Plain: []string{"id", "kind", "academy", "degree", "prefix", "revision"}},
	{
		Name:     "feed_delivery",
		Personal: map[string]personal.Category{"fed_by": personal.Trace},
		Plain: []string{"id", "source_id", "name", "mode", "day", "state", "refusal", "counts", "warnings", "fed_at", "millis",
			"undone_at", "tallied"},
		Purpose: personal.Feed, Recipients: []personal.Recipient{personal.Operators},
	},
	{
		Name:     "feed_trouble",
		Personal: map[string]personal.Category{"jointure": personal.NationalID},
		Plain:    []string{"feed_id", "rank", "kind", "action", "file", "record", "line", "category", "attribute", "count", "school_id"},
		Purpose:  personal.Feed, Recipients: []personal.Recipient{personal.Heads, personal.Operators},
	},
	{Name: "feed_tally", Plain: []string{"feed_id", "school_id", "tool", "kind", "attribute", "total", "fresh", "gone"}},
	{Name: "feed_extent", Plain: []string{"feed_id", "school_id", "records"}},
	{
		Name:     "feed_hold",
		Personal: map[string]personal.Category{"decided_by": personal.Trace},
		Plain:    []string{"feed_id", "school_id", "people", "population", "state", "decided_at"},
		Purpose:  personal.Feed, Recipients: []personal.Recipient{personal.Heads, personal.Operators},
	},
	{
		Name:     "feed_held",
		Subjects: []string{"person_id"},
		Personal: map[string]personal.Category{"jointure": personal.NationalID},
		Plain:    []string{"feed_id", "school_id", "category", "person_id"},
		Purpose:  personal.Feed, Recipients: []personal.Recipient{personal.Nobody},
		Retention: personal.AfterDeparture,
	},
	{
		Name:     "feed_image",
		Subjects: []string{"subject_id"},
		Personal: map[string]personal.Category{"before": personal.Identity},
		Plain:    []string{"feed_id", "rank", "of_table", "subject_id", "made_at"},
		Purpose:  personal.Feed, Recipients: []personal.Recipient{personal.Nobody},
		Retention: personal.Retention{From: "made_at", Days: int(keepImages.Hours() / 24)},
	},
	{
		Name:     "feed_draft",
		Personal: map[string]personal.Category{"by_id": personal.Trace, "sealed": personal.Identity},
		Plain:    []string{"id", "school_id", "made_at", "accept", "counts"},
		Purpose:  personal.Feed, Recipients: []personal.Recipient{personal.Nobody},
		Retention: personal.Retention{From: "made_at", Days: draftDays},
	},
}

var (
	_ personal.Steward = Holdings
	_ personal.Keeper  = Holdings
)
