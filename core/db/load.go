package db

// Few is how many rows a table may have and count as empty: an installation
// has its operators before its first delivery.
const Few = 1000

// LoadInto says that many rows will be added to tables. On SQLite those that
// have few rows lose their indexes, also the unique ones, until [Tx.Reindex]:
// making an index of everything takes half as long as keeping it up to date
// row by row. Nobody sees the tables without, since they are whole again
// before the commit, which fails if two rows have what must be unique.
//
// PostgreSQL keeps its indexes: to drop one, it would let nobody read the
// table until the commit.
func (tx *Tx) LoadInto(tables ...string) error {
	if tx.dialect == Postgres {
		return nil
	}
	for _, table := range tables {
		rows, err := One(tx, Column[int], `SELECT count(*) FROM (SELECT 1 FROM `+table+` LIMIT $1)`, Few+1)
		if err != nil {
			return err
		}
		if rows > Few {
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

// dropIndexes drops the indexes of a table that statements made; those of its
// constraints have no text.
func (tx *Tx) dropIndexes(table string) error {
	type index struct{ name, text string }
	indexes, err := All(tx, func(row Row) (i index, err error) { return i, row.Scan(&i.name, &i.text) },
		`SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = $1 AND sql IS NOT NULL`, table)
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
