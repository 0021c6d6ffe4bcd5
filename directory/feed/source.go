package feed

import (
	"fmt"
	"time"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
	"preau/directory/aaf"
)

// The kinds of sources.
const (
	FromAcademy = "aaf"
	FromSchool  = "onde"
)

// Source is an académie that delivers, or a school whose head extracts it from
// ONDE.
type Source struct {
	ID      school.ID
	Kind    string
	Academy string // three digits, or a folded name; of a school, its UAI
	Degree  string
	Prefix  string // of its last files
	// Last is the day of the last delivery that was applied and not undone;
	// zero when there is none.
	Last time.Time

	known    bool
	revision int64 // when it was read
}

const degree1D = "1D"

// sourceOf finds whose delivery this is: the académie that its files or its
// structures name; for a delta without either, the one whose files had the
// same prefix.
func sourceOf(tx *db.Tx, s *survey) (Source, error) {
	scan := func(row db.Row) (source Source, err error) {
		source.known = true
		return source, row.Scan(&source.ID, &source.Kind, &source.Academy, &source.Degree, &source.Prefix, &source.revision)
	}
	const columns = `SELECT id, kind, academy, degree, prefix, revision FROM feed_source WHERE kind = $1 AND degree = '1D' AND `
	kind := FromAcademy
	if s.delivery.extraction != nil {
		kind = FromSchool
	}
	var source Source
	var err error
	if s.academy != "" {
		source, err = db.One(tx, scan, columns+`academy = $2`, kind, s.academy)
	} else {
		source, err = db.One(tx, scan, columns+`prefix = $2`, kind, s.delivery.Prefix)
		s.academy = source.Academy
	}
	if fail.Is(err, fail.NotFound) {
		if s.academy == "" {
			return source, &Refusal{Kind: NoAcademy, Reason: "neither the files nor their structures name the académie"}
		}
		return Source{ID: school.NewID(tx.Now), Kind: kind, Academy: s.academy, Degree: degree1D}, nil
	}
	if err != nil {
		return source, err
	}
	source.Last, err = LastDay(tx, source.Academy)
	return source, err
}

// Ahead is how far in the future a delivery may be dated. Once one is applied
// all those before it are refused; yet next September is rehearsed.
const Ahead = 400 * 24 * time.Hour

// accepts refuses what cannot follow the source's last delivery, and what
// nothing could follow for long.
func (s Source) accepts(d *delivery, now time.Time) error {
	if d.Date.After(now.Add(Ahead)) {
		return &Refusal{Kind: Future, Reason: fmt.Sprintf("this delivery is dated %s: look at the names of its files", d.Date.Format(time.DateOnly))}
	}
	if s.Last.IsZero() && d.Mode == aaf.Delta {
		return &Refusal{Kind: NoComplete, Reason: "a delta changes a complete delivery, and none of this académie was applied"}
	}
	if d.Date.Before(s.Last) {
		reason := fmt.Sprintf("this delivery is of %s, and that of %s was applied", d.Date.Format(time.DateOnly), s.Last.Format(time.DateOnly))
		if s.Last.After(now) {
			reason += ", which is still to come: undo it if its date was wrong"
		}
		return &Refusal{Kind: Older, Reason: reason}
	}
	return nil
}

// open writes the source at its first delivery. Afterwards it keeps the
// prefix of its files, and refuses to go on when what the source feeds was
// written since the delivery was compared with it.
func (s Source) open(tx *db.Tx, prefix string) error {
	if !s.known {
		_, err := tx.Exec(`INSERT INTO feed_source (id, kind, academy, degree, prefix, revision) VALUES ($1, $2, $3, $4, $5, 1)`,
			s.ID, s.Kind, s.Academy, s.Degree, prefix)
		return err
	}
	n, err := tx.Exec(`UPDATE feed_source SET prefix = $1, revision = revision + 1 WHERE id = $2 AND revision = $3`,
		prefix, s.ID, s.revision)
	if err == nil && n == 0 {
		return &Refusal{Kind: Busy, Reason: "departures or duplicates were decided while the delivery was compared; feed it again"}
	}
	return err
}

// written tells the feeds under way that what a source feeds has changed.
func written(tx *db.Tx, source school.ID) error {
	_, err := tx.Exec(`UPDATE feed_source SET revision = revision + 1 WHERE id = $1`, source)
	return err
}

// LastDay is the day of an académie's last delivery that was applied and not
// undone; zero when there is none.
func LastDay(tx *db.Tx, academy string) (time.Time, error) {
	day, err := db.One(tx, db.Column[string], `SELECT d.day FROM feed_delivery d JOIN feed_source s ON s.id = d.source_id
		WHERE s.kind = 'aaf' AND s.degree = '1D' AND s.academy = $1 AND d.state = $2 ORDER BY d.id DESC LIMIT 1`, academy, Applied)
	if fail.Is(err, fail.NotFound) {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, err
	}
	return time.Parse(time.DateOnly, day)
}

// population counts the people of the source who are live.
func (s Source) population(tx *db.Tx) (int, error) {
	return db.One(tx, db.Column[int],
		`SELECT count(*) FROM directory_key WHERE source_id = $1 AND live AND category <> $2`, s.ID, aaf.Structures)
}

// Academies gives the académies that deliver the premier degré, as
// [school.AcademyCode] names them, by source.
func Academies(tx *db.Tx) (map[school.ID]string, error) {
	named := map[school.ID]string{}
	return named, tx.Each(func(row db.Row) error {
		var id school.ID
		var academy string
		err := row.Scan(&id, &academy)
		named[id] = academy
		return err
	}, `SELECT id, academy FROM feed_source WHERE kind = $1 AND degree = $2`, FromAcademy, degree1D)
}
