package directory

import (
	"encoding/json"

	"preau/core/db"
	"preau/core/school"
)

// keeper keeps rows as they were before a merge.
type keeper struct {
	tx  *db.Tx
	act *MergeAct
}

// keep keeps every row about two people.
func (k *keeper) keep(people ...*Dossier) error {
	ids := []school.ID{k.act.Kept, k.act.Gone}
	for _, d := range people {
		id := d.Person.ID
		if err := write(k, Persons, d.Person, id, false); err != nil {
			return err
		}
		for _, keepRows := range []func(*keeper, school.ID) error{
			rowsOf(Keys, d.Keys), rowsOf(Enrolments, d.Enrolments), rowsOf(Memberships, d.Memberships),
			rowsOf(Bonds, d.Bonds), rowsOf(Bonds, d.Guardians), rowsOf(Functions, d.Functions),
			rowsOf(Grants, d.Grants), rowsOf(Grants, d.Followers), rowsOf(Referents, d.Referents), rowsOf(Interims, d.Interims),
			rowsOf(Restrictions, d.Restrictions),
		} {
			if err := keepRows(k, id); err != nil {
				return err
			}
		}
	}
	in := db.In(ids)
	proposals, err := Proposals.All(k.tx, "person_id IN ("+in+") OR other_id IN ("+in+")")
	if err != nil {
		return err
	}
	before, err := mergeds.Among(k.tx, "kept_id", ids, "")
	if err != nil {
		return err
	}
	if err := rowsOf(Proposals, proposals)(k, k.act.Gone); err != nil {
		return err
	}
	return rowsOf(mergeds, before)(k, k.act.Gone)
}

// rowsOf keeps rows of a table, about somebody.
func rowsOf[R any](t Table[R], rows []R) func(*keeper, school.ID) error {
	return func(k *keeper, about school.ID) error {
		for _, row := range rows {
			if err := write(k, t, row, about, false); err != nil {
				return err
			}
		}
		return nil
	}
}

func write[R any](k *keeper, t Table[R], row R, about school.ID, made bool) error {
	text, err := json.Marshal(t.Image(&row))
	if err != nil {
		return err
	}
	_, err = k.tx.Exec(`INSERT INTO directory_merge_image (merge_id, rank, of_table, subject_id, kept_id, made_at, made, before)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, k.act.ID, k.act.Images, t.Name, about, k.act.Kept, k.act.Made, made, string(text))
	k.act.Images++
	return err
}

// images are the rows of a merge as they were.
type images struct {
	count     int
	people    map[school.ID]*Dossier
	made      []Restriction
	proposals []Proposal
	mergeds   []merged
}

func (i *images) of(person school.ID) *Dossier {
	if i.people[person] == nil {
		i.people[person] = &Dossier{}
	}
	return i.people[person]
}

func imagesOf(tx *db.Tx, m MergeAct) (*images, error) {
	all := &images{people: map[school.ID]*Dossier{}}
	return all, tx.Each(func(row db.Row) error {
		var table, text string
		var about school.ID
		var made bool
		if err := row.Scan(&table, &about, &made, &text); err != nil {
			return err
		}
		all.count++
		d := all.of(about)
		switch table {
		case Persons.Name:
			return unpack(Persons, text, func(r Person) { d.Person = r })
		case Keys.Name:
			return unpack(Keys, text, func(r Key) { d.Keys = append(d.Keys, r) })
		case Enrolments.Name:
			return unpack(Enrolments, text, func(r Enrolment) { d.Enrolments = append(d.Enrolments, r) })
		case Memberships.Name:
			return unpack(Memberships, text, func(r Membership) { d.Memberships = append(d.Memberships, r) })
		case Bonds.Name:
			return unpack(Bonds, text, func(r Bond) {
				if r.Pupil == about {
					d.Guardians = append(d.Guardians, r)
				} else {
					d.Bonds = append(d.Bonds, r)
				}
			})
		case Functions.Name:
			return unpack(Functions, text, func(r Function) { d.Functions = append(d.Functions, r) })
		case Grants.Name:
			return unpack(Grants, text, func(r Grant) {
				if r.Pupil == about {
					d.Followers = append(d.Followers, r)
				} else {
					d.Grants = append(d.Grants, r)
				}
			})
		case Referents.Name:
			return unpack(Referents, text, func(r Referent) { d.Referents = append(d.Referents, r) })
		case Interims.Name:
			return unpack(Interims, text, func(r Interim) { d.Interims = append(d.Interims, r) })
		case Restrictions.Name:
			return unpack(Restrictions, text, func(r Restriction) {
				if made {
					all.made = append(all.made, r)
				} else {
					d.Restrictions = append(d.Restrictions, r)
				}
			})
		case Proposals.Name:
			return unpack(Proposals, text, func(r Proposal) { all.proposals = append(all.proposals, r) })
		}
		return unpack(mergeds, text, func(r merged) { all.mergeds = append(all.mergeds, r) })
	}, `SELECT of_table, subject_id, made, before FROM directory_merge_image WHERE merge_id = $1 ORDER BY rank`, m.ID)
}

func unpack[R any](t Table[R], text string, put func(R)) error {
	row, err := t.read([]byte(text))
	if err == nil {
		put(row)
	}
	return err
}
