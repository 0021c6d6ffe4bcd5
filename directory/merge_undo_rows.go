package directory

import (
	"fmt"
	"time"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
)

// portion is a kind of rows that a person has, some of which are given back.
type portion[R any] struct {
	table  Table[R]
	column string // of the person
	whose  func(*R) *school.ID
	of     func(*Dossier) []R
	tie    func(*R) string // what the row ties the person to
	until  func(*R) *db.Time
	// by is the record that says a row; nil where it does not tell of which of
	// the two.
	by func(*R) keyID
	// since tells that a row which came since, and of which nothing tells, is
	// of the one who was gone.
	since func(*R) bool
	// other is the person at the other end, if there is one: they may have been
	// merged meanwhile.
	other func(*R) *school.ID
}

func (s *Split) enrolments() portion[Enrolment] {
	return portion[Enrolment]{
		table:  Enrolments,
		column: "person_id",
		whose:  func(r *Enrolment) *school.ID { return &r.Person },
		of:     func(d *Dossier) []Enrolment { return d.Enrolments },
		tie:    func(r *Enrolment) string { return fmt.Sprint(r.School, "|", r.Year) },
		until:  func(r *Enrolment) *db.Time { return &r.Until },
		by:     func(r *Enrolment) keyID { return record(ofPupil, r.Said) },
	}
}

func (s *Split) memberships() portion[Membership] {
	return portion[Membership]{
		table:  Memberships,
		column: "person_id",
		whose:  func(r *Membership) *school.ID { return &r.Person },
		of:     func(d *Dossier) []Membership { return d.Memberships },
		tie:    func(r *Membership) string { return fmt.Sprint(r.Class, "|", r.Role) },
		until:  func(r *Membership) *db.Time { return &r.Until },
		since: func(r *Membership) bool { // a class goes to whoever works in a school
			return r.Role == AsTeacher && s.before.of(s.Gone).works(s.Made) && !s.before.of(s.Kept).works(s.Made)
		},
		by: func(r *Membership) keyID { return record(ofPupil, r.Said) },
	}
}

// bonds are those to children: the children's records say them, and do not
// tell which of the two they named.
func (s *Split) bonds() portion[Bond] {
	return portion[Bond]{
		table:  Bonds,
		column: "guardian_id",
		whose:  func(r *Bond) *school.ID { return &r.Guardian },
		of:     func(d *Dossier) []Bond { return d.Bonds },
		tie:    func(r *Bond) string { return r.Pupil.String() },
		until:  func(r *Bond) *db.Time { return &r.Until },
		since:  func(r *Bond) bool { return s.given[r.Pupil] },
		other:  func(r *Bond) *school.ID { return &r.Pupil },
	}
}

func (s *Split) guardians() portion[Bond] {
	return portion[Bond]{
		table:  Bonds,
		column: "pupil_id",
		whose:  func(r *Bond) *school.ID { return &r.Pupil },
		of:     func(d *Dossier) []Bond { return d.Guardians },
		tie:    func(r *Bond) string { return r.Guardian.String() },
		until:  func(r *Bond) *db.Time { return &r.Until },
		other:  func(r *Bond) *school.ID { return &r.Guardian },
		by:     func(r *Bond) keyID { return record(ofPupil, r.Said) },
	}
}

func (s *Split) functions() portion[Function] {
	return portion[Function]{
		table:  Functions,
		column: "person_id",
		whose:  func(r *Function) *school.ID { return &r.Person },
		of:     func(d *Dossier) []Function { return d.Functions },
		tie:    func(r *Function) string { return fmt.Sprint(r.Structure, "|", r.Year, "|", r.Code, "|", r.Specialty) },
		until:  func(r *Function) *db.Time { return &r.Until },
		by:     func(r *Function) keyID { return record(ofStaff, r.Said) },
	}
}

func (s *Split) giveRows(tx *db.Tx) error {
	for _, give := range []func(*db.Tx, *Split) error{
		s.enrolments().giveBack, s.memberships().giveBack, s.bonds().giveBack, s.guardians().giveBack, s.functions().giveBack,
	} {
		if err := give(tx, s); err != nil {
			return err
		}
	}
	return nil
}

// giveBack parts the rows of one kind between the two.
func (p portion[R]) giveBack(tx *db.Tx, s *Split) error {
	now, err := p.table.All(tx, p.column+" = $1", s.Kept)
	if err != nil {
		return err
	}
	kept, err := p.today(tx, p.of(s.before.of(s.Kept)))
	if err != nil {
		return err
	}
	gone, err := p.today(tx, p.of(s.before.of(s.Gone)))
	if err != nil {
		return err
	}
	theirs := map[string]bool{} // what the one who was gone has again, by key
	open := map[string]bool{}   // and holds now, by tie
	stays := map[string]R{}     // what the one who was kept has, by key
	for _, row := range now {
		if !p.gives(s, row, kept, gone) {
			stays[p.key(row)] = row
			continue
		}
		if err := p.table.remove(tx, row); err != nil {
			return err
		}
		*p.whose(&row) = s.Gone
		if err := p.table.Update(tx, row); err != nil {
			return err
		}
		theirs[p.key(row)] = true
		if until := p.until(&row); until.IsZero() {
			open[p.tie(&row)] = true
		}
	}
	for _, row := range gone { // what was left out of the merge: kept said it already
		if theirs[p.key(row)] {
			continue
		}
		if until := p.until(&row); until.IsZero() {
			if open[p.tie(&row)] {
				continue
			}
			*until = p.over(s, tx.Now, row, kept, stays)
		}
		if err := p.table.Update(tx, row); err != nil {
			return err
		}
	}
	for _, row := range kept { // what gave way
		if _, here := stays[p.key(row)]; here {
			continue
		}
		if until := p.until(&row); until.IsZero() { // the other record inherited it since
			*until = db.At(tx.Now)
		}
		if err := p.table.Update(tx, row); err != nil {
			return err
		}
	}
	return nil
}

// today gives rows as they were kept, with the person at their other end as they
// are called today; one who is not in the register any more has no row.
func (p portion[R]) today(tx *db.Tx, rows []R) ([]R, error) {
	if p.other == nil {
		return rows, nil
	}
	var list []R
	for _, row := range rows {
		here, err := heir(tx, p.other(&row))
		if err != nil {
			return nil, err
		}
		if here {
			list = append(list, row)
		}
	}
	return list, nil
}

// heir follows the merges of a person to who they are today, and tells whether
// they are in the register.
func heir(tx *db.Tx, person *school.ID) (bool, error) {
	kept, err := db.One(tx, db.Column[school.ID], `SELECT kept_id FROM directory_merge WHERE gone_id = $1`, *person)
	switch {
	case err == nil:
		*person = kept
	case !fail.Is(err, fail.NotFound):
		return false, err
	}
	return db.One(tx, db.Column[bool], `SELECT EXISTS (SELECT 1 FROM directory_person WHERE id = $1)`, *person)
}

// gives tells whether a row is of the one who was gone.
func (p portion[R]) gives(s *Split, row R, kept, gone []R) bool {
	had, lost := among(kept, p, row), among(gone, p, row)
	if p.by != nil {
		if who := s.keys[p.by(&row)]; who != 0 {
			return who == s.Gone
		}
	}
	switch {
	case lost != nil && had == nil:
		return true
	case lost != nil: // the row of kept gave way, if it had ended
		until := p.until(had)
		return !until.IsZero()
	case had != nil:
		return false
	}
	return p.since != nil && p.since(&row)
}

// over is when a row of the one who was gone, which kept said too, ended
// meanwhile: when kept's did, or now, if its own record is not here any more.
func (p portion[R]) over(s *Split, now time.Time, row R, kept []R, stays map[string]R) db.Time {
	if p.by != nil {
		if id := p.by(&row); s.keys[id] != 0 && !s.live[id] {
			return db.At(now)
		}
	}
	for i := range kept {
		if p.tie(&kept[i]) != p.tie(&row) {
			continue
		}
		if until := p.until(&kept[i]); !until.IsZero() {
			continue
		}
		if stood, here := stays[p.key(kept[i])]; here {
			until := p.until(&stood)
			return *until
		}
		return db.Time{}
	}
	// It was moved, and the other record has inherited it since.
	return db.At(now)
}

// key is a row's, whoever it is of.
func (p portion[R]) key(row R) string {
	*p.whose(&row) = 0
	return p.table.Key(&row)
}

// among finds, among rows of the two, the one with the key of a row.
func among[R any](rows []R, p portion[R], row R) *R {
	for i := range rows {
		if p.key(rows[i]) == p.key(row) {
			return &rows[i]
		}
	}
	return nil
}
