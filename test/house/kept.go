package house

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"preau/core/db"
	"preau/core/personal"
	"preau/service/alert"
	"preau/service/file"
	"preau/service/liaison"
	"preau/service/message"
	"preau/service/news"
)

// Says are the tables of the rooms whose rows say what things say. What they were is kept before
// any is changed ([preau/core/past.Keep]): whatever a test sends to a house on SQLite is held to it.
var Says = slices.DeleteFunc(slices.Concat(liaison.Holdings.Tables, message.Holdings.Tables, news.Holdings.Tables, alert.Holdings.Tables, file.Holdings.Tables), func(t personal.Table) bool { return !t.Says })

// passing are the columns of these tables that say nothing: who read a thing, when it moved last
// or was told again.
var passing = map[string][]string{
	"liaison_note":   {"seen_at", "seen_by"},
	"liaison_word":   {"reminded_at"},
	"message_post":   {"read_at"},
	"message_thread": {"last_at", "kept_at"},
	"news_item":      {"front"}, // one alone is on top: the one before it is not any more
}

// watch has the database remember what is changed without being kept. The things that are kept,
// or made, since a request began are in test_kept; what was changed of others is in test_lost.
func (h *House) watch() {
	h.T.Helper()
	if h.DB.Dialect() != db.SQLite {
		return
	}
	h.Write(func(tx *db.Tx) error {
		there, err := db.All(tx, db.Column[string], `SELECT name FROM sqlite_master WHERE type = 'table' AND name IN ('past_change', 'test_kept', '`+strings.Join(names(Says), "', '")+`')`)
		if err != nil || !slices.Contains(there, "past_change") || slices.Contains(there, "test_kept") {
			return err
		}
		statements := []string{`CREATE TABLE test_kept (thing BIGINT)`, `CREATE TABLE test_lost (thing BIGINT, what TEXT)`, after("past_change", "kept", "INSERT", "VALUES (NEW.thing_id)")}
		for _, table := range Says {
			if slices.Contains(there, table.Name) {
				statements = append(statements, watched(table)...)
			}
		}
		for _, s := range statements {
			if _, err := tx.Exec(s); err != nil {
				return fmt.Errorf("%s: %w", s, err)
			}
		}
		return nil
	})
}

func names(tables personal.Tables) (all []string) {
	for _, t := range tables {
		all = append(all, t.Name)
	}
	return all
}

// after is a trigger that keeps things.
func after(table, name, act, things string) string {
	return `CREATE TRIGGER test_` + name + `_` + table + ` AFTER ` + act + ` ON ` + table + ` BEGIN INSERT INTO test_kept ` + things + `; END`
}

// watched are the triggers of a table.
func watched(t personal.Table) (triggers []string) {
	var of, changes []string // the columns of OLD or NEW that are of its things; what is not the same any more
	for _, column := range t.Columns() {
		if !slices.Contains(t.Authors, column) && !slices.Contains(passing[t.Name], column) {
			changes = append(changes, "OLD."+column+" IS NOT NEW."+column)
		}
	}
	for _, column := range t.Things {
		of = append(of, "OLD."+column)
	}
	lost := func(act, when string) string {
		return `CREATE TRIGGER test_` + act + `_` + t.Name + ` BEFORE ` + act + ` ON ` + t.Name + ` WHEN (` + when + `) AND NOT EXISTS (SELECT 1 FROM test_kept WHERE thing IN (` + strings.Join(of, ", ") + `))
			BEGIN INSERT INTO test_lost VALUES (0, '` + act + ` of ` + t.Name + `'); END`
	}
	triggers = append(triggers, lost("UPDATE", strings.Join(changes, " OR ")), lost("DELETE", "TRUE"))
	if !t.IsThing() { // what is hung on a thing, which may be made after it
		return append(triggers, `CREATE TRIGGER test_insert_`+t.Name+` AFTER INSERT ON `+t.Name+` BEGIN INSERT INTO test_lost VALUES (NEW.`+t.Things[0]+`, 'INSERT of `+t.Name+`'); END`)
	}
	triggers = append(triggers, after(t.Name, "made", "INSERT", "VALUES (NEW.id)"))
	for _, whole := range t.Things {
		if whole != "id" { // is kept with what is part of it
			triggers = append(triggers, after("past_change", whole, "INSERT", "SELECT "+whole+" FROM "+t.Name+" WHERE id = NEW.thing_id"))
		}
	}
	return triggers
}

// forgives tells whether a request is held to keep what it changes: what takes back what was sent
// keeps it in its own way.
func forgives(r *http.Request) bool {
	return r.Method != http.MethodPost || strings.HasPrefix(r.URL.Path, "/removal/")
}

// keeps sends a request, and fails the test where it changed what a thing says without keeping
// what it said.
func (h *House) keeps(r *http.Request, send func()) {
	h.T.Helper()
	if h.DB.Dialect() != db.SQLite || forgives(r) {
		send()
		return
	}
	h.Write(func(tx *db.Tx) error {
		for _, table := range []string{"test_kept", "test_lost"} {
			if _, err := tx.Exec(`DELETE FROM ` + table); err != nil {
				return err
			}
		}
		return nil
	})
	send()
	h.Read(func(tx *db.Tx) error {
		lost, err := db.All(tx, db.Column[string], `SELECT DISTINCT what FROM test_lost WHERE thing NOT IN (SELECT thing FROM test_kept)`)
		if len(lost) > 0 {
			h.T.Errorf("%s %s changes what a thing says, and keeps nothing of what it said (past.Keep): %s", r.Method, r.URL.Path, strings.Join(lost, ", "))
		}
		return err
	})
}
