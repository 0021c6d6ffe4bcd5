//go:build !race

package app

import (
	"slices"
	"testing"

	"preau/core/db/dbtest"
)

// Whatever is looked for in a table, whoever asks, is found by an index: what is part of a thing, by
// whoever changes or removes the thing while nobody else writes; what is about a person, or by
// them; the name of a file; and what is past its term. SQLite says which columns begin one, and
// both engines have the same.
func TestHoldingsAreFoundByAnIndex(t *testing.T) {
	d := dbtest.SQLite(t)
	holdings := house(t, d).holdings()
	begin := listed(t, d, `SELECT m.name, x.name FROM sqlite_master m JOIN pragma_index_list(m.name) i JOIN pragma_index_xinfo(i.name) x
		WHERE m.type = 'table' AND x.seqno = 0 AND (NOT i.partial OR EXISTS (
			SELECT 1 FROM sqlite_master s WHERE s.name = i.name AND s.sql LIKE '% WHERE ' || x.name || ' IS NOT NULL'))
		UNION SELECT m.name, p.name FROM sqlite_master m JOIN pragma_table_info(m.name) p WHERE m.type = 'table' AND p.pk = 1`)
	found := 0
	for _, table := range holdings {
		if few[table.Name] {
			continue
		}
		for _, column := range slices.Concat(table.Things, table.Subjects, table.Authors, table.Files, []string{table.Retention.From, table.Sooner.From}) {
			if found++; column != "" && !slices.Contains(begin[table.Name], column) && !rare[table.Name+"."+column] {
				t.Errorf("no index of %s begins with %s", table.Name, column)
			}
		}
	}
	if found < 100 {
		t.Errorf("%d columns only: this test reads the wrong place", found)
	}
}

// few are the tables of which an académie has some thousand rows at most.
var few = map[string]bool{
	"account_class_door": true, // one a class
	"alert_alert":        true,
	"directory_interim":  true, // one a school
	"directory_referent": true,
	"federation_found":   true, // of the last minutes
	"job_job":            true, // what did not succeed
	"message_report":     true,
	"news_page":          true, // one a school
	"removal_case":       true,
	"removal_file":       true,
}

// rare are the columns of longer tables by which only somebody who is erased is looked for, and those
// that are read whole once a night: pages are put in order by them, and PostgreSQL would take
// their index for that, and read by it what everybody was ever sent.
var rare = map[string]bool{
	"directory_restriction.pupil_id": true,
	"liaison_note.seen_by":           true,
	"liaison_note.sent_at":           true,
	"liaison_word.published_at":      true,
	"message_draft.saved_at":         true,
	"news_item.faceless_by":          true,
	"news_item.removed_at":           true,
}
