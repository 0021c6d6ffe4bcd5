package alert

import (
	"fmt"
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

// toldMost lists the schools which somebody told so many things, or more, since an instant.
func toldMost(tx *db.Tx, author school.ID, since time.Time, most int) ([]school.ID, error) {
	return db.All(tx, db.Column[school.ID], `SELECT school_id FROM alert_alert WHERE author_id = $1 AND published_at >= $2 GROUP BY school_id HAVING count(*) >= $3`,
		author, db.At(since), most)
}

// amendedMost lists the schools in which somebody corrected so often, or more, what was told since an instant.
func amendedMost(tx *db.Tx, by school.ID, since time.Time, most int) ([]school.ID, error) {
	return db.All(tx, db.Column[school.ID], `SELECT a.school_id FROM alert_notice n JOIN alert_alert a ON a.id = n.alert_id
		WHERE n.said_by = $1 AND n.said = $2 AND n.said_at >= $3 GROUP BY a.school_id HAVING count(*) >= $4`, by, amended, db.At(since), most)
}

// begin writes alerts that are told together: those of a list, each row t of which is one. Where this
// sending told its schools already, by two touches of one button, it is fail.Conflict.
func begin(tx *db.Tx, all []alert, each, list string) error {
	a := all[0]
	n, err := tx.Exec(`INSERT INTO alert_alert (id, school_id, notice_id, commune_id, class_id, author_id, together_id, kind, drill, circles, published_at, until_at, ended_at)
		SELECT t.id, t.school_id, t.notice_id, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11 FROM `+each+` WHERE TRUE
		ON CONFLICT (together_id, school_id) DO NOTHING`,
		list, a.Commune, a.Class, a.Author, a.Together, a.Kind, a.Drill, a.joined(), db.At(a.Published), db.At(a.Until), db.At(a.Ended))
	switch {
	case err == nil && n == 0:
		err = fail.New(fail.Conflict, "%s was told already", a.Together)
	case err == nil && int(n) < len(all):
		err = fmt.Errorf("alert: %s was told to some of its schools already", a.Together)
	}
	return err
}

// put writes what alerts that were told together say last, the same in all their schools, and
// addresses them: they are new to everybody whom they are for.
func put(tx *db.Tx, all ...alert) error {
	a := all[0]
	rows := make([][]any, len(all))
	addresses := make([]audience.Address, len(all))
	for i, one := range all {
		rows[i] = []any{int64(one.ID), int64(one.School), int64(one.Last.ID)}
		addresses[i] = audience.Address{
			Room: room, Thing: one.ID, School: one.School, Audiences: one.audiences(), Published: one.Last.At, NewsUntil: one.newsUntil(),
		}
	}
	each, list := tx.Rows(1, "id", "school_id", "notice_id")+` t`, db.RowList(rows)
	var err error
	if a.Last.Said == told {
		err = begin(tx, all, each, list)
	} else {
		_, err = tx.Exec(`UPDATE alert_alert SET until_at = $2, ended_at = $3, notice_id = t.notice_id FROM `+each+` WHERE alert_alert.id = t.id`,
			list, db.At(a.Until), db.At(a.Ended))
	}
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO alert_notice (id, alert_id, said, text, said_by, said_at) SELECT t.notice_id, t.id, $2, $3, $4, $5 FROM `+each,
		list, a.Last.Said, a.Last.Text, a.Last.By, db.At(a.Last.At))
	if err != nil {
		return err
	}
	if err := audience.Publish(tx, addresses...); err != nil {
		return err
	}
	return audience.Unread(tx, idsOf(all)...)
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
