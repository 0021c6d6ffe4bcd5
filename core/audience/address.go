package audience

import (
	"slices"
	"time"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/personal"
	"preau/core/school"
)

// Expects is who is to answer a thing.
type Expects string

// Who is to answer.
const (
	Nobody     Expects = ""
	EachPerson Expects = "person" // everybody whom it reaches, for each child
	OneOfThem  Expects = "family" // one of those whom it reaches for a child
)

// Address is to whom a thing of a room is published.
type Address struct {
	Room      string // as its card names it
	Thing     school.ID
	School    school.ID // whose it is; 0: of no school
	Audiences []Audience
	Published time.Time // later than now: it is scheduled
	NewsUntil time.Time // from when on it is no news any more
	Expects   Expects
	Due       time.Time // zero: there is no day
	Reminded  time.Time // when those who have still to answer were reminded last; zero: never
}

// Publish addresses things, or addresses them again: to the audiences given and to no
// other. What was read and answered stays so. One without an audience, and an
// audience that does not exist, are fail.Invalid.
func Publish(tx *db.Tx, addresses ...Address) error {
	var rows [][]any
	things := make([]school.ID, len(addresses))
	for i, a := range addresses {
		of, err := a.rows()
		if err != nil {
			return err
		}
		things[i], rows = a.Thing, append(rows, of...)
	}
	if err := Withdraw(tx, things...); err != nil {
		return err
	}
	_, err := tx.Add(addressTable, []string{
		"audience", "published_at", "thing_id", "room", "school_id", "subject_id", "news_until_at", "expects", "due_at", "reminded_at",
	}, slices.Values(rows))
	return err
}

// rows are those of an address, one for each of its audiences.
func (a Address) rows() (rows [][]any, err error) {
	if len(a.Audiences) == 0 {
		return nil, fail.New(fail.Invalid, "%s %s is for nobody", a.Room, a.Thing).Say("audience.nobody").At("audience")
	}
	seen := map[ID]bool{}
	for _, to := range a.Audiences {
		if !to.known() {
			return nil, fail.New(fail.Invalid, "%s %s is for %s, which does not exist", a.Room, a.Thing, to).Say("audience.nobody").At("audience")
		}
		if seen[to.ID()] {
			continue
		}
		seen[to.ID()] = true
		subject := to.Of
		if to.Place != Family && to.Place != Person {
			subject = 0
		}
		rows = append(rows, []any{
			to.ID(), db.At(a.Published), a.Thing, a.Room, a.School, subject, db.At(a.NewsUntil), a.Expects, db.At(a.Due), db.At(a.Reminded),
		})
	}
	return rows, nil
}

// never is when what is kept back is published.
var never = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// KeepBack has things that are scheduled never be published. Their addresses still say for whom
// they were to be.
func KeepBack(tx *db.Tx, things ...school.ID) error {
	_, err := tx.Exec(`UPDATE audience_address SET published_at = $2 WHERE thing_id `+tx.Among(1), db.List(tx, things), db.At(never))
	return err
}

// Withdraw makes a thing be addressed to nobody.
func Withdraw(tx *db.Tx, things ...school.ID) error {
	_, err := tx.Exec(`DELETE FROM audience_address WHERE thing_id `+tx.Among(1), db.List(tx, things))
	return err
}

// Forget withdraws things, and with them who read and answered them.
func Forget(tx *db.Tx, things ...school.ID) error {
	if err := Withdraw(tx, things...); err != nil {
		return err
	}
	_, err := tx.Exec(`DELETE FROM audience_receipt WHERE thing_id `+tx.Among(1), db.List(tx, things))
	return err
}

// addressTable is the table of the addresses.
const addressTable = "audience_address"

// Read lists the audiences that rows of things say, in their order.
func Read(rows []personal.Row) (to []Audience, err error) {
	for _, row := range rows {
		if row.Table != addressTable {
			continue
		}
		a, err := Parse(ID(row.Text("audience")))
		if err != nil {
			return nil, err
		}
		to = append(to, a)
	}
	return to, nil
}

// To lists the audiences of some things, by thing, sorted.
func To(tx *db.Tx, things ...school.ID) (map[school.ID][]Audience, error) {
	of := map[school.ID][]Audience{}
	return of, tx.Each(func(row db.Row) error {
		var thing school.ID
		var id ID
		if err := row.Scan(&thing, &id); err != nil {
			return err
		}
		a, err := Parse(id)
		of[thing] = append(of[thing], a)
		return err
	}, `SELECT thing_id, audience FROM audience_address WHERE thing_id `+tx.Among(1)+` ORDER BY thing_id, audience`, db.List(tx, things))
}
