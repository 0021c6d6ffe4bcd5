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

// gone is an absent key, with its category.
type gone struct {
	category aaf.Category
	key      aaf.Key
}

// leaver is somebody some of whose keys are gone: several, for a teacher who
// is a parent and whom a human made one person.
type leaver struct {
	person   school.ID
	keys     []gone
	schools  []school.ID
	expected bool // at the end of the last level
	// stays tells that somebody is not departing: another record is about
	// them, or a function was given to them by hand. Only what the keys said
	// ends; heirs are the keys that say it from then on.
	stays bool
	heirs map[aaf.Category]aaf.Key
}

// Hold is a school whose departures wait for a decision.
type Hold struct {
	School     school.ID `json:"-"`
	UAI        string    `json:"school"`
	Name       string    `json:"name"`
	People     int       `json:"people"`
	Population int       `json:"population"`
}

// departures ends what the people who are gone held, except in schools where
// too many leave at once: these are held, all together, for a decision.
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
		at := slices.IndexFunc(holds, func(h Hold) bool { return !l.stays && slices.Contains(l.schools, h.School) })
		if at < 0 {
			leaving = append(leaving, l)
		} else if err := a.holdBack(l, holds[at].School); err != nil {
			return nil, err
		}
	}
	if err := a.recordHolds(holds); err != nil {
		return nil, err
	}
	return holds, a.letGo(leaving)
}

// leavers are the people of the absent keys whose absence means something:
// not those of a school that the delivery does not cover, nor a guardian whom
// a pupil's record still names.
func (a *application) leavers(caps Caps) ([]leaver, error) {
	people := map[school.ID]*leaver{}
	var order []school.ID
	pupils := map[school.ID]bool{} // whose record as a pupil is gone
	for _, category := range []aaf.Category{aaf.Pupils, aaf.Staffs, aaf.Guardians} {
		for chunk := range slices.Chunk(a.c.absent[category], chunkSize) {
			ids := make([]school.ID, len(chunk))
			for i, one := range chunk {
				ids[i] = one.subject
			}
			places, err := a.places(category, ids, caps, people, pupils)
			if err != nil {
				return nil, err
			}
			for _, one := range chunk {
				at, leaves := places[one.subject]
				if !leaves {
					continue
				}
				pupils[one.subject] = pupils[one.subject] || category == aaf.Pupils
				l := people[one.subject]
				if l == nil {
					l = &leaver{person: one.subject, expected: true}
					people[one.subject] = l
					order = append(order, one.subject)
				}
				l.keys = append(l.keys, gone{category, one.key})
				l.schools = append(l.schools, at.schools...)
				l.expected = l.expected && at.expected
				l.stays = l.stays || at.stays
			}
		}
	}
	list := make([]leaver, len(order))
	for i, id := range order {
		list[i] = *people[id]
	}
	return list, a.findHeirs(list)
}

// findHeirs finds, for each leaver, the live keys that are not gone.
func (a *application) findHeirs(list []leaver) error {
	for chunk := range slices.Chunk(list, chunkSize) {
		ids := make([]school.ID, len(chunk))
		at := map[school.ID]*leaver{}
		for i := range chunk {
			ids[i], at[chunk[i].person] = chunk[i].person, &chunk[i]
		}
		keys, err := directory.Keys.Among(a.w.tx(), "subject_id", ids, "live")
		if err != nil {
			return err
		}
		for _, key := range keys {
			l, other := at[key.Subject], key.Source != a.c.source.ID
			if !other && slices.Contains(l.keys, gone{aaf.Category(key.Category), aaf.Key(key.Jointure)}) {
				continue
			}
			l.stays = true
			if !other {
				if l.heirs == nil {
					l.heirs = map[aaf.Category]aaf.Key{}
				}
				l.heirs[aaf.Category(key.Category)] = aaf.Key(key.Jointure)
			}
		}
	}
	return nil
}

// places tells where each of some absent people is. Those whose absence means
// nothing are not in the answer.
func (a *application) places(category aaf.Category, ids []school.ID, caps Caps, leaving map[school.ID]*leaver, pupils map[school.ID]bool) (map[school.ID]leaver, error) {
	switch category {
	case aaf.Pupils:
		return a.pupilPlaces(ids, caps)
	case aaf.Staffs:
		return a.staffPlaces(ids)
	}
	return a.guardianPlaces(ids, leaving, pupils)
}

func (a *application) pupilPlaces(ids []school.ID, caps Caps) (map[school.ID]leaver, error) {
	places := everyone(ids)
	rows, err := directory.Enrolments.Among(a.w.tx(), "person_id", ids, "until_at IS NULL")
	if err != nil {
		return nil, err
	}
	for _, e := range rows {
		at, leaves := places[e.Person]
		if !leaves || e.Source != a.c.source.ID {
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
		switch {
		case !leaves:
			continue
		case f.Source == 0:
			at.stays = true // by a function given by hand
		case f.Source != a.c.source.ID:
		case !a.covered(f.Structure):
			delete(places, f.Person)
			continue
		case !slices.Contains(at.schools, f.Structure):
			at.schools = append(at.schools, f.Structure)
		}
		places[f.Person] = at
	}
	return places, nil
}

// guardianPlaces follows the children: a guardian leaves when every child
// does, and not while a pupil's record still names them.
func (a *application) guardianPlaces(ids []school.ID, leaving map[school.ID]*leaver, pupils map[school.ID]bool) (map[school.ID]leaver, error) {
	places := everyone(ids)
	rows, err := directory.Bonds.Among(a.w.tx(), "guardian_id", ids, "until_at IS NULL")
	if err != nil {
		return nil, err
	}
	for _, b := range rows {
		at, leaves := places[b.Guardian]
		if !leaves || b.Source != a.c.source.ID {
			continue
		}
		if !pupils[b.Pupil] {
			delete(places, b.Guardian)
			continue
		}
		child := leaving[b.Pupil]
		at.expected = child.expected && (at.expected || len(at.schools) == 0)
		for _, id := range child.schools {
			if !slices.Contains(at.schools, id) {
				at.schools = append(at.schools, id)
			}
		}
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

// letGo ends what people held by their absent keys, and marks as departed
// those who do not stay.
func (a *application) letGo(leavers []leaver) error {
	for chunk := range slices.Chunk(leavers, chunkSize) {
		ids := make([]school.ID, len(chunk))
		for i, l := range chunk {
			ids[i] = l.person
		}
		current, err := a.load(ids)
		if err != nil {
			return err
		}
		for _, l := range chunk {
			if err := a.end(l, current[l.person]); err != nil {
				return err
			}
		}
	}
	return a.w.flush()
}

func (a *application) end(l leaver, have *rows) error {
	for _, key := range l.keys {
		if err := a.closeKey(key); err != nil {
			return err
		}
		if have != nil { // not erased since
			if err := a.endRows(l, key, have); err != nil {
				return err
			}
		}
	}
	if l.stays {
		return nil
	}
	a.counts.of(l.keys[0].category).Departed++
	if have == nil {
		return nil
	}
	after := *have.person
	after.Departed = a.w.now
	return replace(a.w, &a.w.persons, *have.person, after)
}

// endRows ends what one key said of somebody, or leaves it to an heir of the
// same category, who may say the same and would not be asked again.
func (a *application) endRows(l leaver, key gone, have *rows) error {
	by := speaker{Said: directory.Said{Jointure: int64(key.key), Origin: directory.Origin{Source: a.c.source.ID, Feed: a.w.feed}}}
	heir, inherits := l.heirs[key.category]
	if err := finish(a, &a.w.enrolments, enrolmentKind, by, have.enrolments, heir, inherits, nil); err != nil {
		return err
	}
	if err := finish(a, &a.w.memberships, membershipKind, by, have.memberships, heir, inherits, nil); err != nil {
		return err
	}
	if err := finish(a, &a.w.bonds, bondKind, by, have.bonds, heir, inherits, &a.counts.Bonds.Departed); err != nil {
		return err
	}
	return finish(a, &a.w.functions, functionKind, by, have.functions, heir, inherits, nil)
}

// finish ends the open rows of a speaker, or gives them to its heir, and
// counts those that end.
func finish[R any, K comparable](a *application, b *buffer[R], k kind[R, K], by speaker, current []R, heir aaf.Key, inherits bool, ended *int) error {
	for _, row := range current {
		if _, until := k.span(&row); !until.IsZero() || !by.says(*k.said(&row)) {
			continue
		}
		if inherits {
			after := row
			k.said(&after).Jointure = int64(heir)
			if err := replace(a.w, b, row, after); err != nil {
				return err
			}
			continue
		}
		if ended != nil {
			*ended++
		}
		if err := end(a.w, b, k, row); err != nil {
			return err
		}
	}
	return nil
}

// closeKey marks a key as naming nobody for now. It will be compared again
// when it comes back.
func (a *application) closeKey(g gone) error {
	before, err := directory.Keys.One(a.w.tx(), "source_id = $1 AND category = $2 AND jointure = $3",
		a.c.source.ID, g.category, int64(g.key))
	if err != nil {
		return err
	}
	after := before
	after.Live, after.Hash, after.Feed = false, 0, a.w.feed
	return replace(a.w, &a.w.keys, before, after)
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
