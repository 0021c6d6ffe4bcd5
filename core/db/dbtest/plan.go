package dbtest

import (
	"database/sql"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Explain has a PostgreSQL of one test write down how it does each statement, from now on
// when it is told to, and take each table for a large one, which it reads whole only where no
// index serves. It is called before the database is opened.
func (o *Own) Explain() (from func()) {
	o.t.Helper()
	o.alter("session_preload_libraries = auto_explain", "auto_explain.log_format = json", "auto_explain.log_min_duration = -1", "log_line_prefix = '"+entry+"'",
		"autovacuum = off", "enable_seqscan = off", "enable_hashjoin = off", "enable_mergejoin = off", "enable_material = off")
	return func() {
		o.do("UPDATE pg_class SET reltuples = 50000, relpages = 1 WHERE relkind IN ('r', 'i') AND relnamespace = 'public'::regnamespace")
		o.alter("auto_explain.log_min_duration = 0")
	}
}

// entry begins each entry of the log.
const entry = "\x01"

func (o *Own) alter(settings ...string) {
	o.t.Helper()
	statements := []string{"LOAD 'auto_explain'"} // which knows its own settings
	for _, setting := range settings {
		statements = append(statements, "ALTER SYSTEM SET "+setting)
	}
	o.do(append(statements, "SELECT pg_reload_conf()")...)
}

// do runs statements in one session of the superuser.
func (o *Own) do(statements ...string) {
	o.t.Helper()
	pool, err := sql.Open("pgx", o.URL)
	must(o.t, err)
	defer pool.Close()
	pool.SetMaxOpenConns(1)
	for _, statement := range statements {
		_, err := pool.ExecContext(o.t.Context(), statement)
		must(o.t, err)
	}
}

// Whole tells how many statements there were since [Own.Explain], and lists the tables that
// each of those read to the end which did.
func (o *Own) Whole() (statements int, found map[string][]string) {
	o.t.Helper()
	log, err := os.ReadFile(filepath.Join(o.dir, "log"))
	must(o.t, err)
	found = map[string][]string{}
	for _, one := range strings.Split(string(log), entry) {
		_, text, is := strings.Cut(one, " plan:\n")
		if !is {
			continue
		}
		var explained struct {
			Query string `json:"Query Text"`
			Plan  plan
		}
		must(o.t, json.Unmarshal([]byte(text), &explained))
		statements++
		if tables := explained.Plan.whole(); len(tables) > 0 {
			slices.Sort(tables)
			found[explained.Query] = slices.Compact(tables)
		}
	}
	return statements, found
}

// plan is a part of how a statement is done, as EXPLAIN (FORMAT JSON) names it.
type plan struct {
	Type  string  `json:"Node Type"`
	Table string  `json:"Relation Name"`
	Index string  `json:"Index Name"`
	Cond  string  `json:"Index Cond"`
	Cost  float64 `json:"Total Cost"`
	Plans []plan
}

// dear is more than it costs to read a table in which a test has no row, however it is read,
// and less than to read the whole of another.
const dear = 50

// whole are the tables of which it reads every row, or the whole of an index.
func (p plan) whole() (tables []string) {
	switch {
	case p.Cost < dear:
	case p.Type == "Seq Scan":
		tables = []string{p.Table}
	case p.Index != "" && p.Cond == "" && p.Type == "Bitmap Index Scan":
		tables = []string{p.Index}
	case p.Index != "" && p.Cond == "":
		tables = []string{p.Table}
	}
	for _, part := range p.Plans {
		tables = append(tables, part.whole()...)
	}
	return tables
}
