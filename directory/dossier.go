package directory

import (
	"slices"

	"preau/core/db"
	"preau/core/school"
)

// Dossier is everything that the register says of one person, of any time.
type Dossier struct {
	Person       Person
	Keys         []Key
	Enrolments   []Enrolment
	Memberships  []Membership
	Bonds        []Bond // to the children whose guardian they are
	Guardians    []Bond // to their own guardians
	Functions    []Function
	Grants       []Grant // classes and pupils that were entrusted to them
	Followers    []Grant // to whom they were entrusted
	Referents    []Referent
	Interims     []Interim     // that are proposed to them
	Restrictions []Restriction // of one of their bonds
}

// The categories of keys, as the AAF names them.
const (
	ofPupil    = "Eleve"
	ofGuardian = "PersRelEleve"
	ofStaff    = "PersEducNat"
)

// Dossiers reads those of some people. Who is not in the register is not in
// the map.
func Dossiers(tx *db.Tx, people ...school.ID) (map[school.ID]*Dossier, error) {
	all := map[school.ID]*Dossier{}
	rows, err := Persons.Among(tx, "id", people, "")
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		all[row.ID] = &Dossier{Person: row}
	}
	for _, read := range []func() error{
		func() error {
			return file(tx, Keys, "subject_id", people, func(r *Key) *[]Key { return &of(all, r.Subject).Keys })
		},
		func() error {
			return file(tx, Enrolments, "person_id", people, func(r *Enrolment) *[]Enrolment { return &of(all, r.Person).Enrolments })
		},
		func() error {
			return file(tx, Memberships, "person_id", people, func(r *Membership) *[]Membership { return &of(all, r.Person).Memberships })
		},
		func() error {
			return file(tx, Bonds, "guardian_id", people, func(r *Bond) *[]Bond { return &of(all, r.Guardian).Bonds })
		},
		func() error {
			return file(tx, Bonds, "pupil_id", people, func(r *Bond) *[]Bond { return &of(all, r.Pupil).Guardians })
		},
		func() error {
			return file(tx, Functions, "person_id", people, func(r *Function) *[]Function { return &of(all, r.Person).Functions })
		},
		func() error {
			return file(tx, Grants, "person_id", people, func(r *Grant) *[]Grant { return &of(all, r.Person).Grants })
		},
		func() error {
			return file(tx, Grants, "pupil_id", people, func(r *Grant) *[]Grant { return &of(all, r.Pupil).Followers })
		},
		func() error {
			return file(tx, Referents, "person_id", people, func(r *Referent) *[]Referent { return &of(all, r.Person).Referents })
		},
		func() error {
			return file(tx, Interims, "person_id", people, func(r *Interim) *[]Interim { return &of(all, r.Person).Interims })
		},
		func() error {
			return file(tx, Restrictions, "guardian_id", people, func(r *Restriction) *[]Restriction { return &of(all, r.Guardian).Restrictions })
		},
		func() error {
			return file(tx, Restrictions, "pupil_id", people, func(r *Restriction) *[]Restriction { return &of(all, r.Pupil).Restrictions })
		},
	} {
		if err := read(); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// of is a dossier of the map; rows of somebody who is not in the register go
// nowhere.
func of(all map[school.ID]*Dossier, person school.ID) *Dossier {
	if d := all[person]; d != nil {
		return d
	}
	return &Dossier{}
}

// file puts the rows of some people each into its list.
func file[R any](tx *db.Tx, t Table[R], column string, people []school.ID, list func(*R) *[]R) error {
	rows, err := t.Among(tx, column, people, "TRUE ORDER BY "+keyColumns(t))
	for i := range rows {
		into := list(&rows[i])
		*into = append(*into, rows[i])
	}
	return err
}

// IsPupil tells whether the register has ever held the person as a pupil.
func (d *Dossier) IsPupil() bool {
	return len(d.Enrolments) > 0 || d.keyed(ofPupil)
}

// IsAdult tells whether the register has ever held the person as a guardian
// or as a member of a staff.
func (d *Dossier) IsAdult() bool {
	return len(d.Bonds) > 0 || len(d.Functions) > 0 || d.keyed(ofGuardian) || d.keyed(ofStaff)
}

// Live tells whether a source still says that the person is here.
func (d *Dossier) Live() bool { return slices.ContainsFunc(d.Keys, func(k Key) bool { return k.Live }) }

// works tells whether the person has a function at an instant, or will.
func (d *Dossier) works(at db.Time) bool {
	return slices.ContainsFunc(d.Functions, func(f Function) bool { return f.Until.IsZero() || f.Until.After(at.Time) })
}

func (d *Dossier) keyed(category string) bool {
	return slices.ContainsFunc(d.Keys, func(k Key) bool { return k.Category == category })
}
