package alert

import (
	"strings"
	"time"

	"preau/core/audience"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
	"preau/directory/whom"
)

// columns and from read the alerts a, each with the notice n that it said last.
const (
	columns = `a.id, a.school_id, a.commune_id, a.class_id, a.author_id, a.together_id, a.kind, a.drill, a.circles, a.published_at, a.until_at, a.ended_at,
		n.id, n.said, n.text, n.said_by, n.said_at, coalesce(c.kind, '')`
	from = ` FROM alert_alert a JOIN alert_notice n ON n.id = a.notice_id LEFT JOIN directory_class c ON c.id = a.class_id`
)

func scanAlert(row db.Row) (a alert, err error) {
	var circles, place string
	var published, until, ended, at db.Time
	err = row.Scan(&a.ID, &a.School, &a.Commune, &a.Class, &a.Author, &a.Together, &a.Kind, &a.Drill, &circles, &published, &until, &ended,
		&a.Last.ID, &a.Last.Said, &a.Last.Text, &a.Last.By, &at, &place)
	for _, circle := range strings.Fields(circles) {
		a.Circles = append(a.Circles, whom.Circle(circle))
	}
	a.Group = place == string(audience.Group)
	a.Published, a.Until, a.Ended, a.Last.At = published.Time, until.Time, ended.Time, at.Time
	return a, err
}

// joined is the circles as they are stored.
func (a alert) joined() string {
	names := make([]string, len(a.Circles))
	for i, circle := range a.Circles {
		names[i] = string(circle)
	}
	return strings.Join(names, " ")
}

// alertByID reads one, or fail.NotFound.
func alertByID(tx *db.Tx, id school.ID) (alert, error) {
	return db.One(tx, scanAlert, `SELECT `+columns+from+` WHERE a.id = $1`, id)
}

// alertSaying reads the one that a notice is the last word of, or fail.NotFound.
func alertSaying(tx *db.Tx, notice school.ID) (alert, error) {
	return db.One(tx, scanAlert, `SELECT `+columns+from+` WHERE a.notice_id = $1`, notice)
}

// alertsSaying reads those of which some notices are the last words.
func alertsSaying(tx *db.Tx, notices []school.ID) ([]alert, error) {
	return db.All(tx, scanAlert, `SELECT `+columns+from+` WHERE a.id IN (SELECT o.alert_id FROM alert_notice o WHERE o.id `+tx.Among(1)+`) AND n.id `+tx.Among(1), db.List(tx, notices))
}

func alertsByID(tx *db.Tx, ids []school.ID) ([]alert, error) {
	return db.All(tx, scanAlert, `SELECT `+columns+from+` WHERE a.id `+tx.Among(1), db.List(tx, ids))
}

// alerts lists those that a condition finds, the last first: $1 at most.
func alerts(tx *db.Tx, where string, args ...any) ([]alert, error) {
	return db.All(tx, scanAlert, `SELECT `+columns+from+` WHERE `+where+` ORDER BY a.published_at DESC, a.id DESC LIMIT $1`, args...)
}

// noticesOf lists what an alert said, the first first.
func noticesOf(tx *db.Tx, id school.ID) ([]notice, error) {
	return db.All(tx, func(row db.Row) (n notice, err error) {
		var at db.Time
		err = row.Scan(&n.ID, &n.Said, &n.Text, &n.By, &at)
		n.At = at.Time
		return n, err
	}, `SELECT id, said, text, said_by, said_at FROM alert_notice WHERE alert_id = $1 ORDER BY id`, id)
}

// toldSince counts how many times somebody told a school something since an instant.
func toldSince(tx *db.Tx, author, at school.ID, since time.Time) (int, error) {
	return db.One(tx, db.Column[int], `SELECT count(*) FROM alert_alert WHERE author_id = $1 AND school_id = $2 AND published_at >= $3`,
		author, at, db.At(since))
}

// amendedSince counts how many times somebody corrected what a school was told since an instant.
func amendedSince(tx *db.Tx, by, at school.ID, since time.Time) (int, error) {
	return db.One(tx, db.Column[int], `SELECT count(*) FROM alert_notice n JOIN alert_alert a ON a.id = n.alert_id
		WHERE n.said_by = $1 AND a.school_id = $2 AND n.said = $3 AND n.said_at >= $4`, by, at, amended, db.At(since))
}

// begin writes an alert that is told. One that this sending told its school already, by two
// touches of one button, is fail.Conflict.
func begin(tx *db.Tx, a alert) error {
	n, err := tx.Exec(`INSERT INTO alert_alert (id, school_id, commune_id, class_id, author_id, together_id, kind, drill, circles, published_at, until_at, ended_at, notice_id)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT (together_id, school_id) DO NOTHING`,
		a.ID, a.School, a.Commune, a.Class, a.Author, a.Together, a.Kind, a.Drill, a.joined(), db.At(a.Published), db.At(a.Until), db.At(a.Ended), a.Last.ID)
	if err == nil && n == 0 {
		err = fail.New(fail.Conflict, "%s was told to %s already", a.Together, a.School)
	}
	return err
}

// put writes what an alert says last, and addresses it: it is new to everybody whom it is
// for.
func put(tx *db.Tx, a alert) error {
	var err error
	if a.Last.Said == told {
		err = begin(tx, a)
	} else {
		_, err = tx.Exec(`UPDATE alert_alert SET until_at = $2, ended_at = $3, notice_id = $4 WHERE id = $1`, a.ID, db.At(a.Until), db.At(a.Ended), a.Last.ID)
	}
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO alert_notice (id, alert_id, said, text, said_by, said_at) VALUES ($1, $2, $3, $4, $5, $6)`,
		a.Last.ID, a.ID, a.Last.Said, a.Last.Text, a.Last.By, db.At(a.Last.At))
	if err != nil {
		return err
	}
	err = audience.Publish(tx, audience.Address{
		Room: room, Thing: a.ID, School: a.School, Audiences: a.audiences(), Published: a.Last.At, NewsUntil: a.newsUntil(),
	})
	if err != nil {
		return err
	}
	return audience.Unread(tx, a.ID)
}

// phoned is that somebody was told by telephone.
type phoned struct {
	Person, By school.ID
	At         time.Time
}

// callsOf lists who was told by telephone.
func callsOf(tx *db.Tx, id school.ID) ([]phoned, error) {
	return db.All(tx, func(row db.Row) (p phoned, err error) {
		var at db.Time
		err = row.Scan(&p.Person, &p.By, &at)
		p.At = at.Time
		return p, err
	}, `SELECT person_id, called_by, called_at FROM alert_call WHERE alert_id = $1 ORDER BY person_id`, id)
}

// notePhoned notes that somebody was told by telephone what an alert says now.
func notePhoned(tx *db.Tx, id, person, by school.ID) error {
	_, err := tx.Exec(`INSERT INTO alert_call (alert_id, person_id, called_by, called_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (alert_id, person_id) DO UPDATE SET called_by = excluded.called_by, called_at = excluded.called_at`, id, person, by, db.At(tx.Now))
	return err
}

// dropPhoned takes that back.
func dropPhoned(tx *db.Tx, id, person school.ID) error {
	_, err := tx.Exec(`DELETE FROM alert_call WHERE alert_id = $1 AND person_id = $2`, id, person)
	return err
}
