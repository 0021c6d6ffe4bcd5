package removal

import (
	"bytes"
	"errors"
	"maps"
	"slices"
	"time"

	"preau/core/audit"
	"preau/core/blob"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/past"
	"preau/core/personal"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
)

// purpose is that of the key under which what was removed is sealed.
const purpose = "removal evidence"

// Evidence is what was removed in a case, as it was, and what the account had made of things
// that are what they were again: of each change, the column "was" has the rows of until then.
type Evidence struct {
	Case, School, Account      school.ID
	Why                        string
	AskedBy, AgreedBy          school.ID
	People                     map[school.ID]string // their names, and that of whose account it was
	Since, Until, Asked, Taken time.Time
	Rows                       []personal.Row
	Files                      []blob.Sum `json:"-"`
}

// Evidence opens what a case keeps, for justice, and journals that: by whom is the program's
// own. A case that keeps nothing is fail.NotFound.
func (s *Service) Evidence(tx *db.Tx, id school.ID) (e Evidence, err error) {
	d, err := dossierByID(tx, id)
	if err != nil {
		return e, err
	}
	rows, err := s.unseal(tx, id)
	if err != nil {
		return e, err
	}
	e = Evidence{
		Case: d.ID, School: d.School, Account: d.Account, Why: d.Why, AskedBy: d.AskedBy, AgreedBy: d.Settler,
		Since: d.Since, Until: d.Until, Asked: d.Asked, Taken: d.Settled, Rows: rows,
	}
	if e.People, err = namesOf(tx, d); err != nil {
		return e, err
	}
	for _, row := range rows {
		if err := past.Open(row); err != nil {
			return e, err
		}
	}
	for _, file := range s.Tables.FilesOf(rows) {
		var sum blob.Sum
		if err := sum.Scan(file); err != nil {
			return e, err
		}
		e.Files = append(e.Files, sum)
	}
	return e, s.write(tx, audit.By{}, actOpenEvidence, d)
}

// seal makes the evidence of a case of the rows that were removed. It opens in that case
// alone.
func (s *Service) seal(id school.ID, rows []personal.Row) ([]byte, error) {
	packed, err := personal.Pack(rows)
	if err != nil {
		return nil, err
	}
	return s.Key.Seal(purpose, packed, []byte(id.String())), nil
}

// unseal gives the rows that a case keeps; none is fail.NotFound.
func (s *Service) unseal(tx *db.Tx, id school.ID) (rows []personal.Row, err error) {
	pieces, err := piecesOf(tx, id)
	if err == nil && len(pieces) == 0 {
		err = fail.New(fail.NotFound, "the case %s keeps nothing", id)
	}
	for _, p := range pieces {
		more, wrong := s.open(id, p)
		rows, err = append(rows, more...), errors.Join(err, wrong)
	}
	return rows, err
}

// open gives the rows of a piece of a case.
func (s *Service) open(id school.ID, p piece) ([]personal.Row, error) {
	packed, err := s.Key.Open(purpose, p.evidence, []byte(id.String()))
	if err != nil {
		return nil, err
	}
	return personal.Unpack(bytes.NewReader(packed))
}

// remove takes some things away from every room, with what there is nothing left of, and
// gives their rows.
func (s *Service) remove(tx *db.Tx, things []school.ID) ([]personal.Row, error) {
	rows, err := s.Tables.Remove(tx, things...)
	if err != nil {
		return nil, err
	}
	empty, err := s.settle(tx, rows)
	if err != nil || len(empty) == 0 {
		return rows, err
	}
	more, err := s.Tables.Remove(tx, empty...)
	return append(rows, more...), err
}

// putRows puts rows back, but those about people who were erased since, and with them what
// was part of these: who wrote what is there still is nobody then. It tells whether all of
// them are back.
func (s *Service) putRows(tx *db.Tx, rows []personal.Row) (whole bool, err error) {
	taken := len(rows)
	standing, err := s.standing(tx, map[school.ID][]personal.Row{0: rows})
	if err != nil {
		return false, err
	}
	rows = standing[0]
	for _, row := range rows {
		if err := s.Tables.Restore(tx, row); err != nil {
			return false, err
		}
	}
	empty, err := s.settle(tx, rows)
	if err != nil || len(empty) == 0 {
		return len(rows) == taken, err
	}
	_, err = s.Tables.Remove(tx, empty...) // of a conversation that is gone by now
	return false, err
}

// settle has the rooms put in order what rows were part of, and lists what is empty.
func (s *Service) settle(tx *db.Tx, rows []personal.Row) (empty []school.ID, err error) {
	for _, room := range s.Rooms {
		settler, settles := room.(web.Settler)
		if !settles {
			continue
		}
		more, err := settler.Settle(tx, rows)
		if err != nil {
			return nil, err
		}
		empty = append(empty, more...)
	}
	return empty, nil
}

// standing leaves, of some lists of rows, those that are about nobody who was erased. Whose record
// was merged with another is here.
func (s *Service) standing(tx *db.Tx, of map[school.ID][]personal.Row) (map[school.ID][]personal.Row, error) {
	var people []school.ID
	for _, rows := range of {
		for _, row := range rows {
			table := s.Tables.Of(row)
			people = append(people, ids(row, table.Subjects)...)
			people = append(people, ids(row, table.Authors)...)
		}
	}
	slices.Sort(people)
	stays, err := directory.Stays(tx, slices.Compact(people)...)
	if err != nil {
		return nil, err
	}
	here, err := directory.SomeBy(tx, slices.Collect(maps.Values(stays))...)
	if err != nil {
		return nil, err
	}
	left := make(map[school.ID][]personal.Row, len(of))
	for list, rows := range of {
		left[list] = s.without(rows, func(id school.ID) bool { return here[stays[id]].ID == 0 })
	}
	return left, nil
}

// without leaves, of some rows, those that are about nobody who was erased, and are part of nothing
// that was.
func (s *Service) without(rows []personal.Row, erased func(school.ID) bool) []personal.Row {
	gone := map[school.ID]bool{} // things
	rows = slices.DeleteFunc(rows, func(row personal.Row) bool {
		is := slices.ContainsFunc(ids(row, s.Tables.Of(row).Subjects), erased)
		if is {
			for _, id := range ids(row, []string{"id"}) {
				gone[id] = true
			}
		}
		return is
	})
	rows = slices.DeleteFunc(rows, func(row personal.Row) bool {
		return slices.ContainsFunc(ids(row, s.Tables.Of(row).Things), func(id school.ID) bool { return gone[id] })
	})
	for _, row := range rows {
		for _, author := range s.Tables.Of(row).Authors {
			if slices.ContainsFunc(ids(row, []string{author}), erased) {
				row.Values[author] = int64(0)
			}
		}
	}
	return rows
}

// ids are the identifiers in some columns of a row, but those of nobody.
func ids(row personal.Row, columns []string) (found []school.ID) {
	for _, column := range columns {
		if id, _ := row.Values[column].(int64); id != 0 {
			found = append(found, school.ID(id))
		}
	}
	return found
}
