package house

import (
	"preau/account"
	"preau/core/db"
	"preau/core/school"
	"preau/directory"
	"preau/test/village"
)

// Schools are those of the first commune, and the others.
func (h *House) Schools() (near, far []school.ID) {
	h.T.Helper()
	h.Read(func(tx *db.Tx) error {
		all, err := directory.Structures.All(tx, "kind = 'school' ORDER BY uai")
		for _, s := range all {
			if s.Town == all[0].Town {
				near = append(near, s.ID)
			} else {
				far = append(far, s.ID)
			}
		}
		return err
	})
	return near, far
}

// Structure reads a structure.
func (h *House) Structure(id school.ID) (s directory.Structure) {
	h.T.Helper()
	h.Read(func(tx *db.Tx) (err error) {
		s, err = directory.StructureByID(tx, id)
		return err
	})
	return s
}

// StructureByRef finds one by what the world calls it ("academy:096").
func (h *House) StructureByRef(ref string) (s directory.Structure) {
	h.T.Helper()
	h.Read(func(tx *db.Tx) (err error) {
		s, err = directory.StructureByRef(tx, ref)
		return err
	})
	return s
}

// Above is what a school is within, of a kind.
func (h *House) Above(at school.ID, kind directory.Kind) school.ID {
	h.T.Helper()
	return h.One(`SELECT s.id FROM directory_within w JOIN directory_structure s ON s.id = w.ancestor_id
		WHERE w.structure_id = $1 AND s.kind = $2`, at, kind)
}

// Project is the whole installation.
func (h *House) Project() (project school.ID) {
	h.T.Helper()
	h.Write(func(tx *db.Tx) (err error) {
		project, err = directory.TheProject(tx)
		return err
	})
	return project
}

// Who reads a person.
func (h *House) Who(person school.ID) (who directory.Someone) {
	h.T.Helper()
	h.Read(func(tx *db.Tx) (err error) {
		who, err = directory.Get(tx, person)
		return err
	})
	return who
}

// Head is the head of a school.
func (h *House) Head(of school.ID) school.ID {
	h.T.Helper()
	return h.One(`SELECT min(person_id) FROM directory_function WHERE structure_id = $1 AND profile = $2`, of, school.Head)
}

// Teachers are those of a school who do nothing else, and have no child in
// the village.
func (h *House) Teachers(of school.ID) []school.ID {
	h.T.Helper()
	return h.Some(`SELECT person_id FROM directory_function f
		WHERE structure_id = $1 AND profile = $2 AND NOT EXISTS (SELECT 1 FROM directory_function g
			WHERE g.person_id = f.person_id AND (g.profile <> $2 OR g.structure_id <> $1))
		AND NOT EXISTS (SELECT 1 FROM directory_bond b WHERE b.guardian_id = f.person_id)
		GROUP BY person_id ORDER BY person_id`, of, school.Teacher)
}

// Classes are those of a school, by label.
func (h *House) Classes(of school.ID) (views []directory.ClassView) {
	h.T.Helper()
	h.Read(func(tx *db.Tx) (err error) {
		views, err = directory.ClassesOf(tx, of)
		return err
	})
	return views
}

// Pupils are those of a class, by name.
func (h *House) Pupils(class school.ID) (pupils []directory.InClass) {
	h.T.Helper()
	h.Read(func(tx *db.Tx) (err error) {
		pupils, err = directory.PupilsIn(tx, class)
		return err
	})
	return pupils
}

// Attach gives a teacher a class.
func (h *House) Attach(class, teacher school.ID) {
	h.T.Helper()
	h.Write(func(tx *db.Tx) error {
		return directory.Attach(tx, directory.Attachment{Class: class, Teacher: teacher})
	})
}

// Appoint makes somebody with a function that no delivery gives, and with a
// login.
func (h *House) Appoint(name string, profile school.Profile, structure school.ID, change ...func(*directory.Appointment)) (person school.ID) {
	h.T.Helper()
	a := directory.Appointment{First: name, Usual: "Essai", Structure: structure, Template: village.PostOf(profile), Reason: "test"}
	for _, f := range change {
		f(&a)
	}
	h.Write(func(tx *db.Tx) (err error) {
		if person, err = directory.Appoint(tx, a); err != nil {
			return err
		}
		_, err = h.Accounts.Add(tx, person, name+".essai")
		return err
	})
	return person
}

// Name gives somebody one function more.
func (h *House) Name(person school.ID, profile school.Profile, structure school.ID) {
	h.T.Helper()
	h.Write(func(tx *db.Tx) error {
		_, err := directory.Appoint(tx, directory.Appointment{Person: person, Structure: structure, Template: village.PostOf(profile), Reason: "test"})
		return err
	})
}

// Login is what somebody types to come in.
func (h *House) Login(person school.ID) (login string) {
	h.T.Helper()
	h.Read(func(tx *db.Tx) error {
		accounts, err := account.Of(tx, person)
		login = accounts[person].Login.String()
		return err
	})
	return login
}

// Acts are the actions that the journal holds about somebody, the oldest first.
func (h *House) Acts(subject school.ID) (acts []string) {
	h.T.Helper()
	h.Read(func(tx *db.Tx) (err error) {
		acts, err = db.All(tx, db.Column[string], `SELECT action FROM audit_entry WHERE subject_id = $1 ORDER BY id`, subject)
		return err
	})
	return acts
}

// Operator makes somebody who runs the installation.
func (h *House) Operator() (person school.ID) {
	h.T.Helper()
	return h.Appoint("opera", school.Operator, h.Project())
}
