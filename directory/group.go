package directory

import (
	"slices"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
)

// GroupsOf lists the groups of a school now, sorted by label.
func GroupsOf(tx *db.Tx, at school.ID) ([]ClassView, error) {
	return classViews(tx, `c.school_id = `+at.String()+` AND c.kind = 'group'`, db.At(tx.Now))
}

// MakeGroup makes a group by hand: a choir, an English set, whatever crosses
// the classes. It lasts until the end of the school year.
func MakeGroup(tx *db.Tx, at school.ID, label string) (school.ID, error) {
	label, err := groupLabel(tx, at, 0, label)
	if err != nil {
		return 0, err
	}
	year := school.YearOf(tx.Now)
	c := Class{
		ID: school.NewID(tx.Now), School: at, Year: year, Kind: Group, Label: label, LabelKey: school.Fold(label),
		From: db.At(tx.Now), Until: db.At(year.End()),
	}
	c.SourceKey = "hand-" + c.ID.String()
	return c.ID, Classes.Insert(tx, c)
}

// groupLabel gives the name of a group in one line; 0 is one to make. No
// name, one that nobody reads, and that of another group that runs in the
// school are fail.Invalid.
func groupLabel(tx *db.Tx, at, group school.ID, label string) (string, error) {
	if label = school.Clean(label); label == "" {
		return "", fail.New(fail.Invalid, "a group without a name").Say("directory.group-name").At("label")
	}
	if !school.IsLabel(label) {
		return "", fail.New(fail.Invalid, "no group is called %.40q", label).Say("directory.no-label").At("label")
	}
	known, err := db.One(tx, db.Column[bool], `SELECT EXISTS (SELECT 1 FROM directory_class c
		WHERE c.school_id = $2 AND c.kind = 'group' AND c.label_key = $3 AND c.id <> $4 AND `+During("c", 1)+`)`,
		db.At(tx.Now), at, school.Fold(label), group)
	if err == nil && known {
		err = fail.New(fail.Invalid, "a group of that name is in school %s", at).Say("directory.group-known").At("label")
	}
	return label, err
}

// handGroup reads a group of a school that was made by hand.
func handGroup(tx *db.Tx, at, group school.ID) (Class, error) {
	c, err := classIn(tx, at, group)
	if err == nil && (c.Kind != Group || c.Source != 0) {
		err = fail.New(fail.NotFound, "no group %s made by hand in school %s", group, at)
	}
	return c, err
}

// RenameGroup changes the name of a group that was made by hand.
func RenameGroup(tx *db.Tx, at, group school.ID, label string) error {
	c, err := handGroup(tx, at, group)
	if err != nil {
		return err
	}
	if label, err = groupLabel(tx, at, group, label); err != nil {
		return err
	}
	c.Label, c.LabelKey = label, school.Fold(label)
	return Classes.Update(tx, c)
}

// CloseGroup ends a group that was made by hand.
func CloseGroup(tx *db.Tx, at, group school.ID) error {
	c, err := handGroup(tx, at, group)
	if err != nil {
		return err
	}
	c.Until = db.At(tx.Now)
	return Classes.Update(tx, c)
}

// ClosedGroups lists the groups by hand of a school that were closed lately.
func ClosedGroups(tx *db.Tx, at school.ID) ([]Class, error) {
	return Classes.All(tx, `school_id = $2 AND kind = 'group' AND source_id = 0 AND year = $4 AND `+overSince(Classes.Name, 1, 3)+`
		ORDER BY label_key, id`, db.At(tx.Now), at, db.At(tx.Now.Add(-endedLately)), school.YearOf(tx.Now))
}

// ReopenGroup opens again a group that was closed lately, with its members. It
// is fail.Invalid when another has taken its name since.
func ReopenGroup(tx *db.Tx, at, group school.ID) error {
	closed, err := ClosedGroups(tx, at)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(closed, func(c Class) bool { return c.ID == group })
	if i < 0 {
		return fail.New(fail.NotFound, "no group %s closed lately in school %s", group, at)
	}
	if _, err := groupLabel(tx, at, group, closed[i].Label); err != nil {
		return err
	}
	closed[i].Until = db.At(closed[i].Year.End())
	return Classes.Update(tx, closed[i])
}

// SetGroup gives a group that was made by hand its pupils and teachers: who is
// not named leaves it now. Pupils who are not of the school are fail.NotFound,
// and people who do not teach there fail.Invalid: the others who work in a
// school have their pupils otherwise.
func SetGroup(tx *db.Tx, at, group school.ID, pupils, teachers []school.ID, by school.ID) error {
	if _, err := handGroup(tx, at, group); err != nil {
		return err
	}
	for _, side := range []struct {
		role   Role
		wanted []school.ID
		known  string
	}{
		{AsPupil, pupils, `SELECT person_id FROM directory_enrolment e WHERE e.school_id = $2 AND ` + During("e", 1)},
		{AsTeacher, teachers, `SELECT person_id FROM directory_function f WHERE f.structure_id = $2 AND ` + During("f", 1) + `
			AND f.profile IN ('` + string(school.Teacher) + `', '` + string(school.Head) + `')`},
	} {
		if err := setMembers(tx, at, group, side.role, side.wanted, side.known, by); err != nil {
			return err
		}
	}
	return nil
}

func setMembers(tx *db.Tx, at, group school.ID, role Role, wanted []school.ID, known string, by school.ID) error {
	now := db.At(tx.Now)
	ours, err := db.All(tx, db.Column[school.ID], known, now, at)
	if err != nil {
		return err
	}
	have, err := Memberships.All(tx, `class_id = $2 AND role = $3 AND `+During(Memberships.Name, 1), now, group, role)
	if err != nil {
		return err
	}
	held := map[school.ID]bool{}
	for _, m := range have {
		held[m.Person] = true
		if !slices.Contains(wanted, m.Person) {
			m.Until, m.GrantedBy = now, by
			if err := Memberships.Update(tx, m); err != nil {
				return err
			}
		}
	}
	for _, id := range wanted {
		switch {
		case held[id]:
			continue
		case !slices.Contains(ours, id) && role == AsTeacher:
			return fail.New(fail.Invalid, "%s does not teach in school %s", id, at).Say("directory.not-teaching").At("teacher")
		case !slices.Contains(ours, id):
			return fail.New(fail.NotFound, "%s is not in school %s", id, at)
		}
		held[id] = true
		if err := Memberships.Insert(tx, Membership{Person: id, Class: group, Role: role, From: now, GrantedBy: by}); err != nil {
			return err
		}
	}
	return nil
}
