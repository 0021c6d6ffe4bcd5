package app

import (
	"slices"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
	"preau/directory"
)

// attachTeachers gives the classes their teachers, as the heads of the village
// would: whom the label names, or somebody who has no class yet. In a school
// of several classes, one where nobody of the cast is stays without, for
// whoever tries the head's desk.
func (h *House) attachTeachers(tx *db.Tx) error {
	played, err := playedIn(tx)
	if err != nil {
		return err
	}
	schools, err := directory.Structures.All(tx, "kind = 'school' AND until_at IS NULL")
	if err != nil {
		return err
	}
	for _, s := range schools {
		if err := attachIn(tx, s.ID, played); err != nil {
			return err
		}
	}
	return nil
}

// playedIn lists the classes of the pupils of the cast, and of the parent's
// children.
func playedIn(tx *db.Tx) (classes []school.ID, err error) {
	for _, p := range parts {
		if p.profile != school.Pupil && p.profile != school.Guardian {
			continue
		}
		var person school.ID
		if err := tx.Get([]any{&person}, p.find); fail.Is(err, fail.NotFound) {
			continue
		} else if err != nil {
			return nil, err
		}
		actor, err := directory.Actor(tx, person, p.profile)
		if err != nil {
			return nil, err
		}
		classes = append(classes, actor.Classes...)
	}
	return classes, nil
}

func attachIn(tx *db.Tx, at school.ID, played []school.ID) error {
	classes, err := directory.ClassesOf(tx, at)
	if err != nil {
		return err
	}
	staff, err := directory.StaffOf(tx, at)
	if err != nil || len(staff) == 0 {
		return err
	}
	var head school.ID
	free := map[school.ID]bool{}
	for _, w := range staff {
		free[w.ID] = true
		if w.Profile == school.Head {
			head = w.ID
		}
	}
	suggested := map[school.ID]school.ID{}
	for _, s := range directory.Suggest(classes, staff, nil) {
		suggested[s.Class] = s.Teacher.ID
	}
	if left := slices.IndexFunc(classes, func(c directory.ClassView) bool { return !slices.Contains(played, c.ID) }); left >= 0 && len(classes) > 3 {
		classes = slices.Delete(classes, left, left+1)
	}
	for _, class := range classes {
		teacher, ok := suggested[class.ID]
		for i := len(staff) - 1; !ok && i >= 0; i-- { // heads come first: they teach last
			if teacher = staff[i].ID; free[teacher] {
				ok = true
			}
		}
		delete(free, teacher)
		if err := directory.Attach(tx, directory.Attachment{Class: class.ID, Teacher: teacher, By: head}); err != nil {
			return err
		}
	}
	return nil
}
