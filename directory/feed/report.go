package feed

import (
	"encoding/json"
	"time"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
	"preau/directory/aaf"
)

// Delivery is a delivery as the journal has it.
type Delivery struct {
	ID, Source school.ID
	Kind       string // of the source: FromAcademy, FromSchool; empty when it is not known
	Academy    string // its code; of a school, its UAI
	Name       string
	Mode       aaf.Mode
	Day        time.Time // midnight UTC of the day it is of
	State      State
	Refusal    string // why, when it was refused
	Counts     Counts
	Warnings   int
	FedAt      time.Time
	FedBy      school.ID // 0: the command line
	Seconds    float64
}

const selectDeliveries = `SELECT d.id, d.source_id, coalesce(s.kind, ''), coalesce(s.academy, ''), d.name, d.mode, d.day, d.state, d.refusal, d.counts,
	d.warnings, d.fed_at, d.fed_by, d.millis FROM feed_delivery d LEFT JOIN feed_source s ON s.id = d.source_id`

func scanDelivery(row db.Row) (d Delivery, err error) {
	var day, counts string
	var fedAt db.Time
	var millis int64
	if err := row.Scan(&d.ID, &d.Source, &d.Kind, &d.Academy, &d.Name, &d.Mode, &day, &d.State, &d.Refusal, &counts,
		&d.Warnings, &fedAt, &d.FedBy, &millis); err != nil {
		return d, err
	}
	d.FedAt, d.Seconds = fedAt.Time, float64(millis)/1000
	if d.Day, err = time.Parse(time.DateOnly, day); err != nil {
		return d, err
	}
	return d, json.Unmarshal([]byte(counts), &d.Counts)
}

// Deliveries lists the last deliveries, newest first.
func Deliveries(tx *db.Tx, limit int) ([]Delivery, error) {
	return db.All(tx, scanDelivery, selectDeliveries+` ORDER BY d.id DESC LIMIT $1`, limit)
}

// DeliveryByID reads a delivery.
func DeliveryByID(tx *db.Tx, id school.ID) (Delivery, error) {
	d, err := db.One(tx, scanDelivery, selectDeliveries+` WHERE d.id = $1`, id)
	if fail.Is(err, fail.NotFound) {
		err = fail.New(fail.NotFound, "there is no delivery %s", id)
	}
	return d, err
}

// LastApplied is the last delivery that was applied and not undone, whatever
// its source.
func LastApplied(tx *db.Tx) (Delivery, error) {
	return db.One(tx, scanDelivery, selectDeliveries+` WHERE d.state = $1 ORDER BY d.id DESC LIMIT 1`, Applied)
}

// SchoolReport gives the last applied delivery of the source that feeds a
// school, with its troubles that concern the school. The delivery's ID is
// 0 when none was applied.
func SchoolReport(tx *db.Tx, at, source school.ID) (Delivery, []ReportLine, error) {
	last, err := db.One(tx, scanDelivery, selectDeliveries+` WHERE d.source_id = $1 AND d.state = $2 ORDER BY d.id DESC LIMIT 1`,
		source, Applied)
	if fail.Is(err, fail.NotFound) {
		return Delivery{}, nil, nil
	}
	if err != nil {
		return Delivery{}, nil, err
	}
	lines, err := Report(tx, last.ID, []school.ID{at})
	return last, lines, err
}

// ReportLine is one trouble of a delivery, for the rectorat to act on: where,
// what, and what was done. It holds no name, no INE and no date of birth.
type ReportLine struct {
	School     school.ID // 0 when the trouble is of no known school
	UAI        school.UAI
	SchoolName string
	Kind       aaf.Kind
	Action     aaf.Action
	File       string
	Record     int
	Line       int
	Category   aaf.Category
	Key        aaf.Key
	Attribute  string
	Count      int
}

// Report lists the troubles of a delivery by school, then kind; of some
// schools only, unless schools is nil.
func Report(tx *db.Tx, delivery school.ID, schools []school.ID) ([]ReportLine, error) {
	where, args := "", []any{delivery}
	if schools != nil {
		if len(schools) == 0 {
			return nil, nil
		}
		where, args = " AND t.school_id "+tx.Among(2), append(args, db.List(tx, schools))
	}
	return db.All(tx, func(row db.Row) (l ReportLine, err error) {
		return l, row.Scan(&l.School, &l.UAI, &l.SchoolName, &l.Kind, &l.Action, &l.File, &l.Record, &l.Line,
			&l.Category, &l.Key, &l.Attribute, &l.Count)
	}, `SELECT t.school_id, coalesce(s.uai, ''), coalesce(s.name, ''), t.kind, t.action, t.file, t.record, t.line,
			t.category, t.jointure, t.attribute, t.count
		FROM feed_trouble t LEFT JOIN directory_structure s ON s.id = t.school_id
		WHERE t.feed_id = $1`+where+` ORDER BY coalesce(s.uai, ''), t.kind, t.file, t.record, t.rank`, args...)
}

// Waiting is a school whose departures wait for a decision.
type Waiting struct {
	Delivery school.ID
	Hold
	FedAt time.Time
}

// HoldsWaiting lists the schools whose departures wait, with how many people do
// still: a delta may have named some. Among some schools only, unless schools is
// nil.
func HoldsWaiting(tx *db.Tx, schools []school.ID) ([]Waiting, error) {
	where, args := "", []any(nil)
	if schools != nil {
		if len(schools) == 0 {
			return nil, nil
		}
		where, args = " AND h.school_id "+tx.Among(1), append(args, db.List(tx, schools))
	}
	return db.All(tx, func(row db.Row) (w Waiting, err error) {
		var fedAt db.Time
		err = row.Scan(&w.Delivery, &w.School, &w.UAI, &w.Name, &w.People, &w.Population, &fedAt)
		w.FedAt = fedAt.Time
		return w, err
	}, `SELECT h.feed_id, h.school_id, s.uai, s.name, count(DISTINCT i.person_id), h.population, d.fed_at
		FROM feed_hold h JOIN directory_structure s ON s.id = h.school_id JOIN feed_delivery d ON d.id = h.feed_id
		JOIN feed_held i ON i.feed_id = h.feed_id AND i.school_id = h.school_id
		WHERE h.state = 'waiting' AND d.state = 'applied'`+where+`
		GROUP BY h.feed_id, h.school_id, s.uai, s.name, h.population, d.fed_at ORDER BY s.uai`, args...)
}

// Accept applies the departures that were held for a school, but of those
// whom a delta named since: they are the delivery's, and are undone with it.
// It gives the number of people.
func (f *Feeder) Accept(tx *db.Tx, delivery, at, by school.ID) (int, error) {
	d, err := DeliveryByID(tx, delivery)
	if err != nil {
		return 0, err
	}
	if err := written(tx, d.Source); err != nil {
		return 0, err
	}
	if err := f.changed(tx); err != nil {
		return 0, err
	}
	n, err := tx.Exec(`UPDATE feed_hold SET state = $1, decided_at = $2, decided_by = $3
		WHERE feed_id = $4 AND school_id = $5 AND state = $6`, holdAccepted, db.At(tx.Now), by, delivery, at, holdWaiting)
	if err != nil {
		return 0, err
	}
	if n == 0 || d.State != Applied {
		return 0, fail.New(fail.NotFound, "nothing waits in school %s for delivery %s", at, delivery)
	}
	leavers, err := heldIn(tx, d, at)
	if err != nil {
		return 0, err
	}
	w := newWriter(tx, delivery)
	defer w.hand.rest()
	if err := tx.Get([]any{&w.imaged}, `SELECT coalesce(max(rank) + 1, 0) FROM feed_image WHERE feed_id = $1`, delivery); err != nil {
		return 0, err
	}
	a := &application{w: w, c: &comparison{source: Source{ID: d.Source}}, counts: &d.Counts}
	if err := a.findHeirs(leavers); err != nil {
		return 0, err
	}
	if err := a.letGo(leavers); err != nil {
		return 0, err
	}
	counts, err := json.Marshal(d.Counts)
	if err != nil {
		return 0, err
	}
	_, err = tx.Exec(`UPDATE feed_delivery SET counts = $1 WHERE id = $2`, string(counts), delivery)
	return len(leavers), err
}

// heldIn reads whose departures wait in a school, with all their keys: those
// whom no delivery named since.
func heldIn(tx *db.Tx, d Delivery, at school.ID) ([]leaver, error) {
	var list []leaver
	err := tx.Each(func(row db.Row) error {
		var person school.ID
		var key gone
		if err := row.Scan(&person, &key.category, &key.key); err != nil {
			return err
		}
		if n := len(list); n == 0 || list[n-1].person != person {
			list = append(list, leaver{person: person})
		}
		last := &list[len(list)-1]
		last.keys = append(last.keys, key)
		return nil
	}, `SELECT h.person_id, h.category, h.jointure FROM feed_held h
		JOIN directory_key k ON k.source_id = $3 AND k.category = h.category AND k.jointure = h.jointure
		WHERE h.feed_id = $1 AND h.school_id = $2 AND k.live AND k.feed_id <= $1 ORDER BY h.person_id, h.category`,
		d.ID, at, d.Source)
	return list, err
}
