package feed

import (
	"cmp"
	"slices"
	"time"

	"preau/core/db"
	"preau/core/school"
	"preau/directory"
	"preau/directory/aaf"
)

// Caps are how many may leave before somebody is asked: the greater of a
// share (in percent) and a number of people.
type Caps struct {
	SchoolPercent, SchoolPeople   int
	AcademyPercent, AcademyPeople int
	// Summer is when the pupils of the last level are expected to leave:
	// they are not counted. Both are days of a year, "07-01" and "10-15".
	SummerFrom, SummerTo string
}

// DefaultCaps hold a school above 5 % or 15 people, and everything above 2 %
// or 30 people.
var DefaultCaps = Caps{
	SchoolPercent: 5, SchoolPeople: 15, AcademyPercent: 2, AcademyPeople: 30,
	SummerFrom: "07-01", SummerTo: "10-15",
}

func above(leaving, population, percent, people int) bool {
	return leaving > people && leaving*100 > population*percent
}

// summer tells whether a day is when last-level pupils leave.
func (c Caps) summer(day time.Time) bool {
	d := day.Format("01-02")
	return d >= c.SummerFrom && d <= c.SummerTo
}

// Hold is a school whose departures wait for a decision.
type Hold struct {
	School     school.ID `json:"-"`
	UAI        string    `json:"school"`
	Name       string    `json:"name"`
	People     int       `json:"people"`
	Population int       `json:"population"`
}

// holds weighs the departures against the caps. Above the académie's, the
// whole delivery is refused.
func (a *application) holds(caps Caps, leavers []leaver) ([]Hold, error) {
	total, bySchool := 0, map[school.ID]int{}
	for _, l := range leavers {
		if l.expected || l.stays {
			continue
		}
		total++
		for i, id := range l.schools {
			if !slices.Contains(l.schools[:i], id) {
				bySchool[id]++
			}
		}
	}
	if above(total, a.c.population, caps.AcademyPercent, caps.AcademyPeople) {
		return nil, &Refusal{Kind: TooManyDepartures, Reason: tooMany(total, a.c.population)}
	}
	var holds []Hold
	for id, people := range bySchool {
		if people <= caps.SchoolPeople { // most schools: nobody has to be counted
			continue
		}
		population, err := populationOf(a.w.tx(), id)
		if err != nil {
			return nil, err
		}
		if !above(people, population, caps.SchoolPercent, caps.SchoolPeople) {
			continue
		}
		s, err := directory.Structures.One(a.w.tx(), "id = $1", id)
		if err != nil {
			return nil, err
		}
		holds = append(holds, Hold{School: id, UAI: string(s.UAI), Name: s.Name, People: people, Population: population})
	}
	slices.SortFunc(holds, func(x, y Hold) int { return cmp.Compare(x.UAI, y.UAI) })
	return holds, nil
}

// populationOf counts the pupils, their guardians and the staff of a school.
func populationOf(tx *db.Tx, id school.ID) (count int, err error) {
	return db.One(tx, db.Column[int], `
		SELECT (SELECT count(DISTINCT person_id) FROM directory_enrolment WHERE school_id = $1 AND until_at IS NULL)
		     + (SELECT count(DISTINCT person_id) FROM directory_function WHERE structure_id = $1 AND until_at IS NULL)
		     + (SELECT count(DISTINCT b.guardian_id) FROM directory_bond b JOIN directory_enrolment e ON e.person_id = b.pupil_id
		        WHERE e.school_id = $1 AND e.until_at IS NULL AND b.until_at IS NULL)`, id)
}

// holdBack keeps the keys of somebody whose departure waits.
func (a *application) holdBack(l leaver, at school.ID) error {
	for _, key := range l.keys {
		if _, err := a.w.tx().Exec(`INSERT INTO feed_held (feed_id, school_id, category, jointure, person_id)
			VALUES ($1, $2, $3, $4, $5)`, a.w.feed, at, key.category, int64(key.key), l.person); err != nil {
			return err
		}
	}
	return nil
}

func (a *application) recordHolds(holds []Hold) error {
	for _, h := range holds {
		if _, err := a.w.tx().Exec(`INSERT INTO feed_hold (feed_id, school_id, people, population, state, decided_by)
			VALUES ($1, $2, $3, $4, $5, 0)`, a.w.feed, h.School, h.People, h.Population, holdWaiting); err != nil {
			return err
		}
	}
	return nil
}

// supersede ends what earlier deliveries held: a complete one weighs it all
// again. A delta says nothing of those it does not name, and ends the wait of
// those it names.
func (a *application) supersede() error {
	if a.c.delivery.Mode == aaf.Complete {
		_, err := a.w.tx().Exec(`UPDATE feed_hold SET state = $1 WHERE state = $2 AND feed_id IN (
			SELECT id FROM feed_delivery WHERE source_id = $3)`, holdSuperseded, holdWaiting, a.c.source.ID)
		return err
	}
	held, err := db.All(a.w.tx(), func(row db.Row) (g gone, err error) { return g, row.Scan(&g.category, &g.key) },
		`SELECT h.category, h.jointure FROM feed_held h JOIN feed_hold o ON o.feed_id = h.feed_id AND o.school_id = h.school_id
		JOIN feed_delivery d ON d.id = h.feed_id WHERE o.state = $1 AND d.source_id = $2`, holdWaiting, a.c.source.ID)
	if err != nil {
		return err
	}
	for _, g := range held {
		if seen := a.c.seen[g.category][g.key]; seen == nil || seen.state == deleted {
			continue
		}
		if _, err := a.w.tx().Exec(`DELETE FROM feed_held WHERE category = $1 AND jointure = $2 AND feed_id IN (
			SELECT id FROM feed_delivery WHERE source_id = $3)`, g.category, g.key, a.c.source.ID); err != nil {
			return err
		}
	}
	return nil
}

// The states of a hold.
const (
	holdWaiting    = "waiting"
	holdAccepted   = "accepted"
	holdSuperseded = "superseded"
)
