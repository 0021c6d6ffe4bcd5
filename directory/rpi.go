package directory

import (
	"strings"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
)

// Grouping is an RPI: schools, often of several communes, that share their classes.
type Grouping struct {
	Structure
	Schools []Structure // by name
	Asked   []Structure // to be of it, who have not answered
}

// ByHand tells that no delivery says it: its schools made it.
func (g Grouping) ByHand() bool { return g.Source == 0 }

// GroupingsOf lists the RPI that a school is of: one at most, but for a delivery that says
// otherwise.
func GroupingsOf(tx *db.Tx, at school.ID) ([]Grouping, error) {
	rows, err := Structures.All(tx, `kind = 'rpi' AND until_at IS NULL
		AND id IN (SELECT ancestor_id FROM directory_within WHERE structure_id = $1) ORDER BY name_key, id`, at)
	return withSchools(tx, rows, err)
}

// GroupingsAsking lists the RPI that ask a school to be of them.
func GroupingsAsking(tx *db.Tx, at school.ID) ([]Grouping, error) {
	rows, err := Structures.All(tx, `kind = 'rpi' AND until_at IS NULL
		AND id IN (SELECT rpi_id FROM directory_rpi_ask WHERE school_id = $1) ORDER BY name_key, id`, at)
	return withSchools(tx, rows, err)
}

func withSchools(tx *db.Tx, rows []Structure, err error) ([]Grouping, error) {
	if err != nil {
		return nil, err
	}
	all := make([]Grouping, len(rows))
	for i, row := range rows {
		all[i].Structure = row
		const ofRPI = `kind = 'school' AND until_at IS NULL AND id IN `
		if all[i].Schools, err = Structures.All(tx, ofRPI+`(SELECT structure_id FROM directory_within WHERE ancestor_id = $1) ORDER BY name_key, id`, row.ID); err != nil {
			return nil, err
		}
		if all[i].Asked, err = Structures.All(tx, ofRPI+`(SELECT school_id FROM directory_rpi_ask WHERE rpi_id = $1) ORDER BY name_key, id`, row.ID); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// GroupingIn reads an RPI that a school is of, or fail.NotFound.
func GroupingIn(tx *db.Tx, at, rpi school.ID) (Grouping, error) {
	all, err := GroupingsOf(tx, at)
	if err != nil {
		return Grouping{}, err
	}
	for _, g := range all {
		if g.ID == rpi {
			return g, nil
		}
	}
	return Grouping{}, fail.New(fail.NotFound, "the school %s is not of the RPI %s", at, rpi)
}

// MakeGrouping makes an RPI that no delivery says, of one school for now.
func MakeGrouping(tx *db.Tx, at school.ID, name string) (school.ID, error) {
	if name = school.Clean(name); name == "" || !school.IsLabel(name) {
		return 0, fail.New(fail.Invalid, "an RPI called %.40q", name).Say("directory.rpi-name").At("name")
	}
	if err := ofNoGrouping(tx, at); err != nil {
		return 0, err
	}
	id := school.NewID(tx.Now)
	err := Structures.Insert(tx, Structure{ID: id, Ref: "rpi:hand-" + id.String(), Kind: RPI, Name: name, NameKey: school.Fold(name), From: db.At(tx.Now)})
	if err == nil {
		err = Withins.Insert(tx, Within{Structure: at, Ancestor: id})
	}
	return id, err
}

// ofNoGrouping refuses a school that is of an RPI.
func ofNoGrouping(tx *db.Tx, at school.ID) error {
	all, err := GroupingsOf(tx, at)
	if err == nil && len(all) > 0 {
		err = fail.New(fail.Conflict, "the school %s is of the RPI %s", at, all[0].ID).Say("directory.rpi-already", all[0].Name)
	}
	return err
}

// handGrouping reads an RPI made by hand that a school is of.
func handGrouping(tx *db.Tx, at, rpi school.ID) (Grouping, error) {
	g, err := GroupingIn(tx, at, rpi)
	if err == nil && !g.ByHand() {
		err = fail.New(fail.NotFound, "a delivery says the RPI %s", rpi)
	}
	return g, err
}

// AskIntoGrouping asks a school, by its UAI, to be of an RPI made by hand: it is, once its
// head says so.
func AskIntoGrouping(tx *db.Tx, at, rpi school.ID, uai string, by school.ID) (asked school.ID, err error) {
	g, err := handGrouping(tx, at, rpi)
	if err != nil {
		return 0, err
	}
	other, err := Structures.One(tx, `ref = $1 AND kind = 'school' AND until_at IS NULL`, "uai:"+strings.ToUpper(strings.TrimSpace(uai)))
	if fail.Is(err, fail.NotFound) {
		return 0, fail.New(fail.Invalid, "no school is %.20q", uai).Say("directory.rpi-no-school").At("uai")
	}
	if err != nil {
		return 0, err
	}
	for _, one := range g.Schools {
		if one.ID == other.ID {
			return 0, fail.New(fail.Invalid, "the school %s is of the RPI %s", other.ID, rpi).Say("directory.rpi-there").At("uai")
		}
	}
	_, err = tx.Exec(`INSERT INTO directory_rpi_ask (rpi_id, school_id, asked_by, asked_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
		rpi, other.ID, by, db.At(tx.Now))
	return other.ID, err
}

// AnswerGrouping has a school that was asked be of an RPI, or not.
func AnswerGrouping(tx *db.Tx, at, rpi school.ID, joins bool) error {
	n, err := tx.Exec(`DELETE FROM directory_rpi_ask WHERE rpi_id = $1 AND school_id = $2`, rpi, at)
	switch {
	case err != nil:
		return err
	case n == 0:
		return fail.New(fail.NotFound, "the RPI %s does not ask the school %s", rpi, at)
	case !joins:
		return nil
	}
	if err := ofNoGrouping(tx, at); err != nil {
		return err
	}
	return Withins.Insert(tx, Within{Structure: at, Ancestor: rpi})
}

// LeaveGrouping has a school leave an RPI made by hand, which ends with its last school.
func LeaveGrouping(tx *db.Tx, at, rpi school.ID) error {
	g, err := handGrouping(tx, at, rpi)
	if err != nil {
		return err
	}
	if err := Withins.remove(tx, Within{Structure: at, Ancestor: rpi}); err != nil {
		return err
	}
	if len(g.Schools) > 1 {
		return nil
	}
	if _, err := tx.Exec(`DELETE FROM directory_rpi_ask WHERE rpi_id = $1`, rpi); err != nil {
		return err
	}
	g.Until = db.At(tx.Now)
	return Structures.Update(tx, g.Structure)
}
