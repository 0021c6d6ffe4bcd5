package db

import "strings"

// Analyze tells the engine that tables have changed a lot, so that it counts
// them again before it plans the queries that follow. It looks at a few rows:
// PostgreSQL counts better by itself, minutes later.
func (tx *Tx) Analyze(tables ...string) error {
	if tx.dialect == Postgres {
		if _, err := tx.Exec("SET LOCAL default_statistics_target = 10"); err != nil {
			return err
		}
		_, err := tx.Exec("ANALYZE " + strings.Join(tables, ", "))
		return err
	}
	// SQLite reads whole indexes unless it is told to look at a few rows.
	if _, err := tx.Exec("PRAGMA analysis_limit = 400"); err != nil {
		return err
	}
	for _, table := range tables {
		if _, err := tx.Exec("ANALYZE " + table); err != nil {
			return err
		}
	}
	return nil
}
