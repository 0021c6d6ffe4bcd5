package db

// LoadInto says that many rows will be added to tables. Those that are empty
// lose until [Tx.Reindex] the indexes that are not constraints: making an
// index of everything takes half as long as keeping it up to date row by row.
// PostgreSQL then lets nobody else read the table before the commit.
func (tx *Tx) LoadInto(tables ...string) error {
	for _, table := range tables {
		empty, err := One(tx, Column[bool], `SELECT NOT EXISTS (SELECT 1 FROM `+table+`)`)
		if err != nil {
			return err
		}
		if !empty {
			continue
		}
		if err := tx.dropIndexes(table); err != nil {
			return err
		}
	}
	return nil
}

// Reindex makes the indexes that LoadInto dropped. The commit does it too.
func (tx *Tx) Reindex() error {
	for len(tx.dropped) > 0 {
		if _, err := tx.Exec(tx.dropped[0]); err != nil {
			return err
		}
		tx.dropped = tx.dropped[1:]
	}
	return nil
}

func (tx *Tx) dropIndexes(table string) error {
	type index struct{ name, text string }
	query := `SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = $1 AND sql IS NOT NULL`
	if tx.dialect == Postgres {
		query = `SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
			WHERE indrelid = $1::regclass AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)`
	}
	indexes, err := All(tx, func(row Row) (i index, err error) { return i, row.Scan(&i.name, &i.text) }, query, table)
	if err != nil {
		return err
	}
	for _, i := range indexes {
		if _, err := tx.Exec("DROP INDEX " + i.name); err != nil {
			return err
		}
		tx.dropped = append(tx.dropped, i.text)
	}
	return nil
}
