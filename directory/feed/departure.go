package feed

import (
	"slices"
	"strconv"

	"preau/core/school"
	"preau/directory"
	"preau/directory/aaf"
)

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
	for _, l := range leavers {
		if !l.stays {
			*a.leaving = append(*a.leaving, l.person)
		}
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
		if leaves && e.Source == 0 {
			at.stays = true // by an enrolment made by hand
			places[e.Person] = at
		}
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
	rows, err := directory.Functions.Among(a.w.tx(), "person_id", ids, a.running())
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
		if leaves && b.Source == 0 {
			at.stays = true // by a bond made by hand
			places[b.Guardian] = at
		}
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

// running is the condition that a function holds now: one given by hand ends at
// a day that is known before.
func (a *application) running() string {
	return "(until_at IS NULL OR source_id = 0 AND until_at > " + strconv.FormatInt(a.w.now.UnixMilli(), 10) + ")"
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
