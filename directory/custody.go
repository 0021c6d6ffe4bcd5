package directory

import (
	"time"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
)

// Custody says with which of two guardians a child is, week by week. It chooses who gets
// the practical reminder of a day, and nothing else: no word, no receipt and no deadline
// is kept from the other. Why is written nowhere.
type Custody struct {
	Pupil     school.ID
	Even, Odd school.ID    // the guardians of the even weeks, and of the odd ones
	Turn      time.Weekday // the day on which the child changes homes
	AskedBy   school.ID
	Asked     time.Time
	Agreed    time.Time // zero: it does not hold yet
}

// With is the guardian with whom the child is on a day. A week begins on the day when the
// child changes homes, and is even or odd as the ISO week is whose Monday is in it, or six
// days before at most.
func (c Custody) With(day time.Time) school.ID {
	since := (int(c.Turn) + 6) % 7 // days from Monday on
	if _, week := day.In(school.Paris).AddDate(0, 0, -since).ISOWeek(); week%2 == 0 {
		return c.Even
	}
	return c.Odd
}

// Custodies is what was entered of some children, by child, whether it holds or not. That
// of a guardian who is one no more, or from whom a judge takes the child, holds no more.
func Custodies(tx *db.Tx, pupils ...school.ID) (map[school.ID]Custody, error) {
	of := map[school.ID]Custody{}
	if len(pupils) == 0 {
		return of, nil
	}
	err := tx.Each(func(row db.Row) error {
		var c Custody
		var turn int
		var asked, agreed db.Time
		err := row.Scan(&c.Pupil, &c.Even, &c.Odd, &turn, &c.AskedBy, &asked, &agreed)
		c.Turn, c.Asked, c.Agreed = time.Weekday(turn%7), asked.Time, agreed.Time
		of[c.Pupil] = c
		return err
	}, `SELECT pupil_id, even_id, odd_id, turn, asked_by, asked_at, agreed_at FROM directory_custody WHERE pupil_id `+tx.Among(1), db.List(tx, pupils))
	if err != nil || len(of) == 0 {
		return of, err
	}
	kin, err := KinOf(tx, pupils...)
	is := map[Kinship]bool{}
	for _, k := range kin {
		is[Kinship{Pupil: k.Pupil, Guardian: k.ID}] = true
	}
	for pupil, c := range of {
		if !is[Kinship{Pupil: pupil, Guardian: c.Even}] || !is[Kinship{Pupil: pupil, Guardian: c.Odd}] {
			delete(of, pupil)
		}
	}
	return of, err
}

// EnterCustody writes with whom a child is. By a head it holds at once; by one of the two
// guardians, once the other has agreed to the same. Two guardians who are not of the child,
// or are one, are fail.Invalid.
func EnterCustody(tx *db.Tx, c Custody, head bool) (Custody, error) {
	kin, err := KinOf(tx, c.Pupil)
	if err != nil {
		return c, err
	}
	found := 0
	for _, k := range kin {
		if !k.Organisation && (k.ID == c.Even || k.ID == c.Odd) {
			found++
		}
	}
	if found != 2 || c.Even == c.Odd {
		return c, fail.New(fail.Invalid, "the custody of %s by %s and %s", c.Pupil, c.Even, c.Odd).Say("directory.custody-two").At("even")
	}
	known, err := Custodies(tx, c.Pupil)
	if err != nil {
		return c, err
	}
	was, c := known[c.Pupil], Custody{Pupil: c.Pupil, Even: c.Even, Odd: c.Odd, Turn: c.Turn, AskedBy: c.AskedBy, Asked: tx.Now}
	same := was.Even == c.Even && was.Odd == c.Odd && was.Turn == c.Turn
	if head || same && (was.AskedBy != c.AskedBy || !was.Agreed.IsZero()) {
		c.Agreed = tx.Now
	}
	_, err = tx.Exec(`INSERT INTO directory_custody (pupil_id, even_id, odd_id, turn, asked_by, asked_at, agreed_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (pupil_id) DO UPDATE SET even_id = excluded.even_id, odd_id = excluded.odd_id, turn = excluded.turn,
			asked_by = excluded.asked_by, asked_at = excluded.asked_at, agreed_at = excluded.agreed_at`,
		c.Pupil, c.Even, c.Odd, (int(c.Turn)+6)%7+1, c.AskedBy, db.At(c.Asked), db.At(c.Agreed))
	return c, err
}

// EndCustody forgets with whom a child is: both guardians get every reminder again.
func EndCustody(tx *db.Tx, pupil school.ID) error {
	_, err := tx.Exec(`DELETE FROM directory_custody WHERE pupil_id = $1`, pupil)
	return err
}

// CustodyAsked tells whether something was entered that a guardian has to agree to.
func CustodyAsked(tx *db.Tx, guardian school.ID) (bool, error) {
	return db.One(tx, db.Column[bool], `SELECT EXISTS (SELECT 1 FROM directory_custody WHERE even_id = $1 AND agreed_at IS NULL AND asked_by <> $1)
		OR EXISTS (SELECT 1 FROM directory_custody WHERE odd_id = $1 AND agreed_at IS NULL AND asked_by <> $1)`, guardian)
}
