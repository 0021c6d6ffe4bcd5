package feed

import (
	"time"

	"preau/core/db"
	"preau/core/school"
	"preau/directory/aaf"
)

// Conformity is what a delivery had wrong in figures: never a record, never a
// name.
type Conformity struct {
	Delivery school.ID
	Day      time.Time // midnight UTC of the day it is of
	FedAt    time.Time
	Records  int // read about these schools; 0: not known, as in a delta
	BySchool int // troubles that schools put right
	ByOthers int // that the académie does
	Compared bool
	Fresh    int // that the complete delivery before had not
	Gone     int // that it had
}

// Total is all the troubles.
func (c Conformity) Total() int { return c.BySchool + c.ByOthers }

// Lasting is those that were there before.
func (c Conformity) Lasting() int { return c.Total() - c.Fresh }

// Reach is whose figures are added up: the schools that are within some area
// of each of its lists. The empty reach is the whole delivery, what is of no
// known school included.
type Reach [][]school.ID

// where is a condition on the schools.
func (r Reach) where() string {
	condition := ""
	for _, areas := range r {
		condition += ` AND school_id IN (SELECT structure_id FROM directory_within WHERE ancestor_id IN (` + db.In(areas) + `))`
	}
	return condition
}

// sumTally adds tallies up: what schools put right, what others do, what is new and gone.
const sumTally = `CAST(sum(CASE WHEN tool = 'onde' THEN total ELSE 0 END) AS BIGINT),
	CAST(sum(CASE WHEN tool = 'onde' THEN 0 ELSE total END) AS BIGINT), CAST(sum(fresh) AS BIGINT), CAST(sum(gone) AS BIGINT)`

// Conformities follows the last deliveries of a source, of one mode, newest
// first. Those that were applied and not undone count.
func Conformities(tx *db.Tx, source school.ID, mode aaf.Mode, reach Reach, limit int) ([]Conformity, error) {
	list, err := db.All(tx, func(row db.Row) (c Conformity, err error) {
		var day string
		var fedAt db.Time
		if err := row.Scan(&c.Delivery, &day, &fedAt, &c.Compared); err != nil {
			return c, err
		}
		c.FedAt = fedAt.Time
		c.Day, err = time.Parse(time.DateOnly, day)
		return c, err
	}, `SELECT d.id, d.day, d.fed_at, d.mode = $4 AND d.id > (SELECT min(f.id) FROM feed_delivery f
			WHERE f.source_id = $1 AND f.state = $2 AND f.mode = $4)
		FROM feed_delivery d WHERE d.source_id = $1 AND d.state = $2 AND d.mode = $3 AND d.tallied ORDER BY d.id DESC LIMIT $5`,
		source, Applied, mode, aaf.Complete, limit)
	if err != nil || len(list) == 0 {
		return list, err
	}
	ids, at := make([]school.ID, len(list)), map[school.ID]*Conformity{}
	for i := range list {
		ids[i], at[list[i].Delivery] = list[i].Delivery, &list[i]
	}
	err = tx.Each(func(row db.Row) error {
		var id school.ID
		var c Conformity
		err := row.Scan(&id, &c.BySchool, &c.ByOthers, &c.Fresh, &c.Gone)
		at[id].BySchool, at[id].ByOthers, at[id].Fresh, at[id].Gone = c.BySchool, c.ByOthers, c.Fresh, c.Gone
		return err
	}, `SELECT feed_id, `+sumTally+` FROM feed_tally WHERE feed_id IN (`+db.In(ids)+`)`+reach.where()+` GROUP BY feed_id`)
	if err != nil {
		return nil, err
	}
	return list, tx.Each(func(row db.Row) error {
		var id school.ID
		var records int
		err := row.Scan(&id, &records)
		at[id].Records = records
		return err
	}, `SELECT feed_id, CAST(sum(records) AS BIGINT) FROM feed_extent WHERE feed_id IN (`+db.In(ids)+`)`+reach.where()+` GROUP BY feed_id`)
}

// SchoolConformities gives the figures of a delivery school by school: of
// those of which it has records, or troubles. 0 is what is of no known school.
func SchoolConformities(tx *db.Tx, delivery school.ID, reach Reach) (map[school.ID]Conformity, error) {
	all := map[school.ID]Conformity{}
	err := tx.Each(func(row db.Row) error {
		var id school.ID
		var c Conformity
		err := row.Scan(&id, &c.BySchool, &c.ByOthers, &c.Fresh, &c.Gone)
		all[id] = c
		return err
	}, `SELECT school_id, `+sumTally+` FROM feed_tally WHERE feed_id = $1`+reach.where()+` GROUP BY school_id`, delivery)
	if err != nil {
		return nil, err
	}
	return all, tx.Each(func(row db.Row) error {
		var id school.ID
		var records int
		err := row.Scan(&id, &records)
		c := all[id]
		c.Records = records
		all[id] = c
		return err
	}, `SELECT e.school_id, e.records FROM feed_extent e JOIN directory_structure s ON s.id = e.school_id AND s.kind = 'school'
		WHERE e.feed_id = $1`+reach.where(), delivery)
}

// KindTally is one kind of trouble of a delivery, in figures.
type KindTally struct {
	ReportLine // kind, and attribute of a composite: what says it in words
	Tool       Tool
	Total      int
	Fresh      int
	Gone       int
}

// Lasting is how many were there before.
func (k KindTally) Lasting() int { return k.Total - k.Fresh }

// KindTallies gives the figures of a delivery kind by kind, the more numerous
// first, with those that the delivery before had and this one has not.
func KindTallies(tx *db.Tx, delivery school.ID, reach Reach) ([]KindTally, error) {
	return db.All(tx, func(row db.Row) (k KindTally, err error) {
		return k, row.Scan(&k.Tool, &k.Kind, &k.Attribute, &k.Total, &k.Fresh, &k.Gone)
	}, `SELECT tool, kind, attribute, CAST(sum(total) AS BIGINT), CAST(sum(fresh) AS BIGINT), CAST(sum(gone) AS BIGINT)
		FROM feed_tally WHERE feed_id = $1`+reach.where()+` GROUP BY tool, kind, attribute
		ORDER BY 4 DESC, tool, kind, attribute`, delivery)
}

// Sources lists the académies that deliver, with their code.
func Sources(tx *db.Tx) ([]Source, error) {
	return db.All(tx, func(row db.Row) (s Source, err error) {
		return s, row.Scan(&s.ID, &s.Academy)
	}, `SELECT id, academy FROM feed_source WHERE kind = 'aaf' ORDER BY academy, id`)
}

// Modes lists the modes of the deliveries of a source that are followed, the
// complete one first.
func Modes(tx *db.Tx, source school.ID) ([]aaf.Mode, error) {
	return db.All(tx, db.Column[aaf.Mode], `SELECT DISTINCT mode FROM feed_delivery
		WHERE source_id = $1 AND state = $2 AND tallied ORDER BY mode`, source, Applied)
}
