package account

import (
	"fmt"
	"maps"
	"slices"

	"preau/core/audit"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
	"preau/directory"
)

// MakeBadges makes badges for children of a class, in the place of those that
// they had: these open nothing any more, and who came in by one is out. Only who is
// a pupil and nothing else has one, as for pictures: anybody else among them is
// fail.NotFound, and nobody gets any.
func (a *Accounts) MakeBadges(tx *db.Tx, class, at school.ID, by audit.By, children []school.ID) (map[school.ID]Printed, error) {
	if err := a.mayHavePictures(tx, class, children...); err != nil {
		return nil, fmt.Errorf("making badges: %w", err)
	}
	badges := make(map[school.ID]Printed, len(children))
	for _, child := range slices.Sorted(slices.Values(children)) { // two who print one class take turns
		err := endBadge(tx, child)
		if err == nil {
			badges[child], err = a.printDoor(tx, ClassDoor{Class: class, Child: child}, actBadge, at, by)
		}
		if err != nil {
			return nil, fmt.Errorf("making badges: %w", err)
		}
	}
	return badges, nil
}

// Badges gives the badges of the children of some classes.
func Badges(tx *db.Tx, classes ...school.ID) (map[school.ID]ClassDoor, error) {
	doors, err := db.All(tx, scanDoor, `SELECT `+doorColumns+` FROM account_class_door
		WHERE class_id `+tx.Among(2)+` AND child_id IS NOT NULL AND expires_at > $1 AND `+opening, db.At(tx.Now), db.List(tx, classes))
	badges := make(map[school.ID]ClassDoor, len(doors))
	for _, d := range doors {
		badges[d.Child] = d
	}
	return badges, err
}

// HaveBadges tells which of some children have a badge.
func HaveBadges(tx *db.Tx, children ...school.ID) (map[school.ID]bool, error) {
	return ofEach(tx, children, func(row db.Row) (child school.ID, has bool, err error) {
		err = row.Scan(&child)
		return child, true, err
	}, `SELECT child_id FROM account_class_door WHERE child_id IN (%s) AND expires_at > $1 AND `+opening, db.At(tx.Now))
}

// endBadge takes the badge of a child back.
func endBadge(tx *db.Tx, child school.ID) error { return shutDoors(tx, `child_id = $1`, child) }

// readBadge refuses, as what opens nothing, the badge of somebody who may not
// have pictures any more, and tells whether it may be used from home.
func (a *Accounts) readBadge(tx *db.Tx, d *ClassDoor) error {
	err := a.mayHavePictures(tx, d.Class, d.Child)
	if fail.Is(err, fail.NotFound) {
		return noDoor()
	}
	if err != nil {
		return err
	}
	allowed, err := HomeAllowed(tx, d.Child)
	_, d.Home = allowed[d.Child]
	return err
}

// AllowHome lets a child come in from home with their badge, as one of their
// guardians says. One who does not decide for the child is fail.NotFound.
func (a *Accounts) AllowHome(tx *db.Tx, child school.ID, by audit.By) error {
	if err := decides(tx, by.Actor, child); err != nil {
		return err
	}
	_, err := tx.Exec(`INSERT INTO account_home (person_id, allowed_by, allowed_at) VALUES ($1, $2, $3)
		ON CONFLICT (person_id) DO UPDATE SET allowed_by = excluded.allowed_by, allowed_at = excluded.allowed_at, suspected_at = NULL`,
		child, by.Actor, db.At(tx.Now))
	if err != nil {
		return fmt.Errorf("allowing %d from home: %w", child, err)
	}
	return a.journalAccount(tx, audit.Entry{By: by, Action: actHomeAllow, Subject: child})
}

// ForbidHome takes back what any guardian of the child allowed: who came in with
// the badge elsewhere than on a tablet of the class is out. One who does not
// decide for the child is fail.NotFound.
func (a *Accounts) ForbidHome(tx *db.Tx, child school.ID, by audit.By) error {
	if err := decides(tx, by.Actor, child); err != nil {
		return err
	}
	for _, step := range []string{
		`DELETE FROM account_home WHERE person_id = $1`,
		`UPDATE account_class_door SET name = name WHERE child_id = $1`, // as in hold
		`DELETE FROM account_session WHERE person_id = $1 AND door_id IN (SELECT id FROM account_class_door WHERE child_id = $1)`,
	} {
		if _, err := tx.Exec(step, child); err != nil {
			return fmt.Errorf("forbidding %d from home: %w", child, err)
		}
	}
	return a.journalAccount(tx, audit.Entry{By: by, Action: actHomeForbid, Subject: child})
}

func decides(tx *db.Tx, guardian, child school.ID) error {
	deciders, err := directory.DecidersOf(tx, child)
	if err == nil && !slices.Contains(deciders[child], guardian) {
		return fail.New(fail.NotFound, "%d does not decide for %d", guardian, child)
	}
	return err
}

// HomeAllowed tells which of some children may come in from home, and which
// guardian said so: what one said who does not decide any more counts no more, nor what
// is suspended.
func HomeAllowed(tx *db.Tx, children ...school.ID) (map[school.ID]school.ID, error) {
	by, err := ofEach(tx, children, func(row db.Row) (child, guardian school.ID, err error) {
		err = row.Scan(&child, &guardian)
		return child, guardian, err
	}, `SELECT person_id, allowed_by FROM account_home WHERE person_id IN (%s) AND suspected_at IS NULL`)
	if err != nil {
		return nil, fmt.Errorf("reading who may come in from home: %w", err)
	}
	deciders, err := directory.DecidersOf(tx, slices.Collect(maps.Keys(by))...)
	maps.DeleteFunc(by, func(child, guardian school.ID) bool { return !slices.Contains(deciders[child], guardian) })
	return by, err
}
