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

// leaver is somebody whom the delivery says, or implies, to be gone.
type leaver struct {
	category aaf.Category
	absentee
	schools  []school.ID
	expected bool // at the end of the last level
}

// Hold is a school whose departures wait for a decision.
type Hold struct {
	School     school.ID `json:"-"`
	UAI        string    `json:"school"`
	Name       string    `json:"name"`
	People     int       `json:"people"`
	Population int       `json:"population"`
}

// departures closes what the people who are gone held, except in schools
// where too many leave at once: these are held, all together, for a decision.
func (a *application) departures(caps Caps, accept bool) ([]Hold, error) {
	if err := a.supersede(); err != nil {
		return nil, err
	}
	leavers, err := a.leavers(caps)
	if err != nil || len(leavers) == 0 {
		return nil, err
	}
	var holds []Hold
	if !accept {
		if holds, err = a.holds(caps, leavers); err != nil {
			return nil, err
		}
	}
	leaving := leavers[:0]
	for _, l := range leavers {
		at := slices.IndexFunc(holds, func(h Hold) bool { return slices.Contains(l.schools, h.School) })
		if at < 0 {
			leaving = append(leaving, l)
		} else if err := a.holdBack(l, holds[at].School); err != nil {
			return nil, err
		}
	}
	if err := a.recordHolds(holds); err != nil {
		return nil, err
	}
	return holds, a.depart(leaving)
}

// leavers are the absent people who are nowhere else: not in another record,
// nor in a school that the delivery does not cover.
func (a *application) leavers(caps Caps) ([]leaver, error) {
	var list []leaver
	pupils := map[school.ID]leaver{}
	for _, category := range []aaf.Category{aaf.Pupils, aaf.Staffs, aaf.Guardians} {
		absent, err := a.alone(category)
		if err != nil {
			return nil, err
		}
		for chunk := range slices.Chunk(absent, chunkSize) {
			ids := make([]school.ID, len(chunk))
			for i, one := range chunk {
				ids[i] = one.subject
			}
			places, err := a.places(category, ids, caps, pupils)
			if err != nil {
				return nil, err
			}
			for _, one := range chunk {
				at, leaves := places[one.subject]
				if !leaves {
					continue
				}
				at.category, at.absentee = category, one
				if category == aaf.Pupils {
					pupils[one.subject] = at
				}
				list = append(list, at)
			}
		}
	}
	return list, nil
}

// alone is the absent people whom no other live key names. The others have
// not departed: only what the absent record said ends, here.
func (a *application) alone(category aaf.Category) ([]absentee, error) {
	absent := a.c.absent[category]
	gone := make(map[aaf.Key]bool, len(absent))
	for _, one := range absent {
		gone[one.key] = true
	}
	var alone []absentee
	for chunk := range slices.Chunk(absent, chunkSize) {
		ids := make([]school.ID, len(chunk))
		for i, one := range chunk {
			ids[i] = one.subject
		}
		keys, err := directory.Keys.Among(a.w.tx(), "subject_id", ids, "live")
		if err != nil {
			return nil, err
		}
		elsewhere := map[school.ID]bool{}
		for _, key := range keys {
			if key.Source != a.c.source.ID || key.Category != string(category) || !gone[aaf.Key(key.Jointure)] {
				elsewhere[key.Subject] = true
			}
		}
		var left []absentee
		for _, one := range chunk {
			if elsewhere[one.subject] {
				left = append(left, one)
			} else {
				alone = append(alone, one)
			}
		}
		if err := a.withdraw(category, left); err != nil {
			return nil, err
		}
	}
	return alone, nil
}

// places tells where each of some absent people is. Those who are not
// leaving after all are not in the answer.
func (a *application) places(category aaf.Category, ids []school.ID, caps Caps, pupils map[school.ID]leaver) (map[school.ID]leaver, error) {
	switch category {
	case aaf.Pupils:
		return a.pupilPlaces(ids, caps)
	case aaf.Staffs:
		return a.staffPlaces(ids)
	}
	return a.guardianPlaces(ids, pupils)
}

func (a *application) pupilPlaces(ids []school.ID, caps Caps) (map[school.ID]leaver, error) {
	places := everyone(ids)
	rows, err := directory.Enrolments.Among(a.w.tx(), "person_id", ids, "until_at IS NULL")
	if err != nil {
		return nil, err
	}
	for _, e := range rows {
		at, leaves := places[e.Person]
		if !leaves {
			continue
		}
		if !a.covered(e.School) {
			delete(places, e.Person)
			continue
		}
		at.schools = append(at.schools, e.School)
		at.expected = caps.summer(a.c.delivery.Date) &&
			(e.LevelCode == school.CM2.Code || e.LevelCode == school.GS.Code && a.stages[e.School] == directory.Maternelle)
		places[e.Person] = at
	}
	return places, nil
}

func (a *application) staffPlaces(ids []school.ID) (map[school.ID]leaver, error) {
	places := everyone(ids)
	rows, err := directory.Functions.Among(a.w.tx(), "person_id", ids, "until_at IS NULL")
	if err != nil {
		return nil, err
	}
	for _, f := range rows {
		at, leaves := places[f.Person]
		if !leaves {
			continue
		}
		if f.Source != a.c.source.ID || !a.covered(f.Structure) {
			delete(places, f.Person) // a function given by hand, or elsewhere
			continue
		}
		if !slices.Contains(at.schools, f.Structure) {
			at.schools = append(at.schools, f.Structure)
			places[f.Person] = at
		}
	}
	return places, nil
}

// guardianPlaces follows the children: a guardian leaves when every child
// does, and stays while a pupil's record still names them.
func (a *application) guardianPlaces(ids []school.ID, pupils map[school.ID]leaver) (map[school.ID]leaver, error) {
	places := everyone(ids)
	rows, err := directory.Bonds.Among(a.w.tx(), "guardian_id", ids, "until_at IS NULL")
	if err != nil {
		return nil, err
	}
	for _, b := range rows {
		at, leaves := places[b.Guardian]
		if !leaves {
			continue
		}
		child, leaving := pupils[b.Pupil]
		if !leaving {
			delete(places, b.Guardian)
			continue
		}
		at.expected = child.expected && (at.expected || len(at.schools) == 0)
		at.schools = append(at.schools, child.schools...)
		places[b.Guardian] = at
	}
	return places, nil
}

func everyone(ids []school.ID) map[school.ID]leaver {
	all := make(map[school.ID]leaver, len(ids))
	for _, id := range ids {
		all[id] = leaver{}
	}
	return all
}

// covered tells whether the absence of somebody of a structure means
// anything: in a complete delivery, only where the delivery holds the
// structure itself.
func (a *application) covered(id school.ID) bool {
	return a.c.delivery.Mode == aaf.Delta || a.perimeter[id]
}

// holds weighs the departures against the caps. Above the académie's, the
// whole delivery is refused.
func (a *application) holds(caps Caps, leavers []leaver) ([]Hold, error) {
	total, bySchool := 0, map[school.ID]int{}
	for _, l := range leavers {
		if l.expected {
			continue
		}
		total++
		for i, id := range l.schools {
			if !slices.Contains(l.schools[:i], id) {
				bySchool[id]++
			}
		}
	}
	if above(total, a.population, caps.AcademyPercent, caps.AcademyPeople) {
		return nil, &Refusal{Kind: TooManyDepartures, Reason: tooMany(total, a.population)}
	}
	var holds []Hold
	for id, people := range bySchool {
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

// withdraw ends what the absent records of some people said.
func (a *application) withdraw(category aaf.Category, absent []absentee) error {
	ids := make([]school.ID, len(absent))
	for i, one := range absent {
		ids[i] = one.subject
	}
	current, err := a.load(ids)
	if err != nil {
		return err
	}
	for _, one := range absent {
		if err := a.endAll(category, one, current[one.subject]); err != nil {
			return err
		}
	}
	return nil
}

// depart ends what people held, and marks them as departed.
func (a *application) depart(leavers []leaver) error {
	for chunk := range slices.Chunk(leavers, chunkSize) {
		ids := make([]school.ID, len(chunk))
		for i, l := range chunk {
			ids[i] = l.subject
		}
		current, err := a.load(ids)
		if err != nil {
			return err
		}
		for _, l := range chunk {
			a.counts.of(l.category).Departed++
			have := current[l.subject]
			if err := a.endAll(l.category, l.absentee, have); err != nil {
				return err
			}
			if have == nil { // erased since
				continue
			}
			after := *have.person
			after.Departed = a.w.now
			if err := replace(a.w, &a.w.persons, *have.person, after); err != nil {
				return err
			}
		}
	}
	return a.w.flush()
}

// endAll ends what one record said of somebody, and its key.
func (a *application) endAll(category aaf.Category, one absentee, have *rows) error {
	if err := a.closeKey(category, one); err != nil || have == nil {
		return err
	}
	by := speaker{Said: directory.Said{Jointure: int64(one.key), Origin: directory.Origin{Source: a.c.source.ID, Feed: a.w.feed}}}
	if _, err := reconcile(a.w, &a.w.enrolments, enrolmentKind, by, have.enrolments, nil); err != nil {
		return err
	}
	if _, err := reconcile(a.w, &a.w.memberships, membershipKind, by, have.memberships, nil); err != nil {
		return err
	}
	ended, err := reconcile(a.w, &a.w.bonds, bondKind, by, have.bonds, nil)
	if err != nil {
		return err
	}
	a.counts.Bonds.Departed += ended.ended
	_, err = reconcile(a.w, &a.w.functions, functionKind, by, have.functions, nil)
	return err
}

// closeKey marks a key as naming nobody for now. It will be compared again
// when it comes back.
func (a *application) closeKey(category aaf.Category, one absentee) error {
	before, err := directory.Keys.One(a.w.tx(), "source_id = $1 AND category = $2 AND jointure = $3",
		a.c.source.ID, category, int64(one.key))
	if err != nil {
		return err
	}
	after := before
	after.Live, after.Hash, after.Feed = false, 0, a.w.feed
	return replace(a.w, &a.w.keys, before, after)
}

// holdBack keeps the name of somebody whose departure waits.
func (a *application) holdBack(l leaver, at school.ID) error {
	_, err := a.w.tx().Exec(`INSERT INTO feed_held (feed_id, school_id, category, jointure, person_id)
		VALUES ($1, $2, $3, $4, $5)`, a.w.feed, at, l.category, int64(l.key), l.subject)
	return err
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
// again. A delta says nothing of those it does not name.
func (a *application) supersede() error {
	if a.c.delivery.Mode == aaf.Delta {
		return nil
	}
	_, err := a.w.tx().Exec(`UPDATE feed_hold SET state = $1 WHERE state = $2 AND feed_id IN (
		SELECT id FROM feed_delivery WHERE source_id = $3)`, holdSuperseded, holdWaiting, a.c.source.ID)
	return err
}

// The states of a hold.
const (
	holdWaiting    = "waiting"
	holdAccepted   = "accepted"
	holdSuperseded = "superseded"
)
