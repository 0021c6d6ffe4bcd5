package file

import (
	"slices"
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

// How long things are kept: what is of a class, for two years after its own, and what is in the bin.
const keptOfClass, keptInBin = 2 * 365 * 24 * time.Hour, 30 * 24 * time.Hour

// ofSpaces finds what is of the files of a school.
const ofSpaces = "space_id IN (SELECT s.id FROM file_space s WHERE s.school_id = $1)"

// ofEntries finds what is part of the files of a school.
const ofEntries = "entry_id IN (SELECT e.id FROM file_entry e JOIN file_space s ON s.id = e.space_id WHERE s.school_id = $1)"

// readers are those to whom files are opened.
var readers = []personal.Recipient{personal.Oneself, personal.Guardians, personal.Teachers, personal.Heads, personal.Aides, personal.Municipal}

// records are the tables, with what they hold.
type records struct{ past.Room }

// Holdings declares the tables. What is in one's own space, or in one's part of a casier, is about oneself, and goes
// with oneself; what somebody put elsewhere stays, of nobody.
var Holdings = records{past.Room{Parts: partsOf, Tables: personal.Tables{
	{
		Name:       "file_space",
		Subjects:   []string{"owner_id"},
		Keys:       []string{"id", "of_id", "used", "quota"},
		Things:     []string{"id"},
		Personal:   map[string]personal.Category{"used": personal.Trace},
		Plain:      []string{"id", "kind", "of_id", "owner_id", "school_id", "quota", "ends_at"},
		School:     "school_id = $1",
		Purpose:    personal.Portal,
		Recipients: readers,
		Retention:  personal.Retention{From: "ends_at", Days: int(keptOfClass.Hours() / 24)},
	},
	{
		Name:     "file_entry",
		Subjects: []string{"owner_id"},
		Authors:  []string{"author_id", "binned_by"},
		Keys:     []string{"id", "space_id", "parent_id", "version_id", "bin_id", "name_key"},
		Things:   []string{"id", "space_id"},
		Personal: map[string]personal.Category{
			"name": personal.Content, "name_key": personal.Content, "made_at": personal.Trace, "changed_at": personal.Trace, "binned_at": personal.Trace,
		},
		Plain:      []string{"id", "space_id", "parent_id", "owner_id", "author_id", "folder", "version_id", "bin_id", "binned_by"},
		School:     ofSpaces,
		Purpose:    personal.Portal,
		Recipients: readers,
		Retention:  personal.AfterDeparture,
		Sooner:     personal.Retention{From: "binned_at", Days: int(keptInBin.Hours() / 24)},
	},
	{
		Name:    "file_version",
		Authors: []string{"author_id"},
		Keys:    []string{"id", "entry_id"},
		Secret:  []string{"sum", "whole", "preview"},
		Things:  []string{"entry_id"},
		Files:   []string{"sum", "whole", "preview"},
		Personal: map[string]personal.Category{
			"made_at": personal.Trace, "sum": personal.Content, "words": personal.Content, "whole": personal.Content, "preview": personal.Content,
		},
		Plain:      []string{"id", "entry_id", "author_id", "size", "type", "looked_at", "virus", "width", "height", "preview_width", "preview_height"},
		School:     ofEntries,
		Purpose:    personal.Portal,
		Recipients: readers,
	},
	{
		Name:       "file_share",
		Authors:    []string{"author_id"},
		Keys:       []string{"id", "entry_id"},
		Things:     []string{"id", "entry_id"},
		Says:       true,
		Personal:   map[string]personal.Category{"made_at": personal.Trace},
		Plain:      []string{"id", "entry_id", "author_id", "school_id", "level", "until_at", "removed_at"},
		School:     ofEntries,
		Purpose:    personal.Portal,
		Recipients: readers,
	},
	{
		Name:     "file_upload",
		Subjects: []string{"person_id"},
		Keys:     []string{"id", "space_id", "parent_id", "size", "kept"},
		Secret:   []string{"stamp"},
		Things:   []string{"id", "space_id"},
		Personal: map[string]personal.Category{
			"folders": personal.Content, "name": personal.Content, "stamp": personal.Trace, "size": personal.Trace, "kept": personal.Trace,
			"made_at": personal.Trace, "expires_at": personal.Trace, "done_at": personal.Trace,
		},
		Plain:      []string{"id", "person_id", "space_id", "parent_id", "original"},
		Purpose:    personal.Portal,
		Recipients: []personal.Recipient{personal.Oneself},
		Retention:  personal.Retention{From: "expires_at", Days: 1},
	},
	{
		Name:       "file_part",
		Keys:       []string{"upload_id"},
		Secret:     []string{"sum"},
		Things:     []string{"upload_id"},
		Files:      []string{"sum"},
		Personal:   map[string]personal.Category{"sum": personal.Content},
		Plain:      []string{"upload_id", "first", "size"},
		Purpose:    personal.Portal,
		Recipients: []personal.Recipient{personal.Oneself},
	},
	{
		Name:       "file_received",
		Subjects:   []string{"person_id"},
		Personal:   map[string]personal.Category{"day_at": personal.Trace, "bytes": personal.Trace},
		Plain:      []string{"person_id"},
		Purpose:    personal.Security,
		Recipients: []personal.Recipient{personal.Nobody},
		Retention:  personal.Retention{From: "day_at", Days: 2},
	},
	{
		Name:       "file_star",
		Subjects:   []string{"person_id"},
		Keys:       []string{"entry_id"},
		Things:     []string{"entry_id"},
		Personal:   map[string]personal.Category{"starred_at": personal.Trace},
		Plain:      []string{"person_id", "entry_id"},
		Purpose:    personal.Portal,
		Recipients: []personal.Recipient{personal.Oneself},
	},
}}}

// partsOf lists what goes with some spaces, entries and grants, and is one by itself: what is in a space, what is in
// the bin with a folder, what is in it whatever happened to that, and to whom each was opened.
func partsOf(tx *db.Tx, things []school.ID) ([]school.ID, error) {
	entries, err := db.All(tx, db.Column[school.ID], `WITH RECURSIVE down(id) AS (
			SELECT e.id FROM file_entry e WHERE e.id `+tx.Among(1)+` OR e.space_id `+tx.Among(1)+`
			UNION SELECT e.id FROM file_entry e JOIN down ON e.parent_id = down.id)
		SELECT id FROM down`, db.List(tx, things))
	if err != nil {
		return nil, err
	}
	grants, err := db.All(tx, db.Column[school.ID], `SELECT g.id FROM file_share g WHERE g.entry_id `+tx.Among(1), db.List(tx, entries))
	if err != nil {
		return nil, err
	}
	uploads, err := uploadsIn(tx, things)
	return slices.Concat(entries, grants, uploads), err
}

// Forget deletes some things, with all that is in them, and counts again what is kept where they were.
func (h records) Forget(tx *db.Tx, things ...school.ID) error {
	all, err := partsOf(tx, things)
	if err != nil {
		return err
	}
	all = append(all, things...)
	spaces, err := db.All(tx, db.Column[school.ID], `SELECT DISTINCT e.space_id FROM file_entry e WHERE e.id `+tx.Among(1), db.List(tx, all))
	if err != nil {
		return err
	}
	if err := h.Room.Forget(tx, things...); err != nil || len(spaces) == 0 {
		return err
	}
	return recount(tx, spaces...)
}

// Purge implements personal.Steward.
func (h records) Purge(tx *db.Tx) (int64, error) {
	things, err := h.Old(tx)
	if err != nil {
		return 0, err
	}
	if err := h.Forget(tx, things...); err != nil {
		return 0, err
	}
	rows, err := h.PurgeRows(tx)
	return int64(len(things)) + rows, err
}

// Erase implements personal.Steward.
func (h records) Erase(tx *db.Tx, person school.ID) error {
	about, err := h.About(tx, person)
	if err != nil {
		return err
	}
	if err := h.Forget(tx, about...); err != nil {
		return err
	}
	return h.Room.Erase(tx, person)
}
