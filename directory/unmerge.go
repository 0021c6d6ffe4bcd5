package directory

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
)

// Split is a merge that is undone: whose each row is. What either record
// said goes back to it, as deliveries have changed it since; what came since
// is of the record that says it, and what nobody can tell stays with the one
// who was kept, but the children whom a human gives back.
type Split struct {
	MergeAct
	before *images
	keys   map[keyID]school.ID // whose each key was
	live   map[keyID]bool      // which of them name somebody now
	given  map[school.ID]bool  // children who came since, and are of the one who was gone
}

// keyID is what a key is known by.
type keyID struct {
	source   school.ID
	category string
	jointure int64
}

// Undoable reads a merge that can be undone, or tells why it cannot.
func Undoable(tx *db.Tx, id school.ID) (*Split, error) {
	act, err := MergeActs.One(tx, "id = $1", id)
	if err != nil {
		return nil, err
	}
	s := &Split{MergeAct: act, keys: map[keyID]school.ID{}, live: map[keyID]bool{}, given: map[school.ID]bool{}}
	if !act.Undone.IsZero() {
		return s, fail.New(fail.Conflict, "merge %s was undone", id).Say("directory.unmerge-done")
	}
	if tx.Now.Sub(act.Made.Time) > MergeUndoable {
		return s, fail.New(fail.Conflict, "merge %s is too old", id).Say("directory.unmerge-old")
	}
	later, err := MergeActs.All(tx, `undone_at IS NULL AND id > $1 AND (kept_id IN ($2, $3) OR gone_id IN ($2, $3))`, id, act.Kept, act.Gone)
	if err != nil {
		return s, err
	}
	if len(later) > 0 {
		return s, fail.New(fail.Conflict, "merge %s came after merge %s", later[0].ID, id).Say("directory.unmerge-later")
	}
	here, err := Persons.Among(tx, "id", []school.ID{act.Kept, act.Gone}, "")
	if err != nil {
		return s, err
	}
	if s.before, err = imagesOf(tx, act); err != nil {
		return s, err
	}
	if len(here) != 1 || here[0].ID != act.Kept || s.before.count != act.Images {
		return s, fail.New(fail.Conflict, "%s or the images of merge %s are not there", act.Kept, id).Say("directory.unmerge-erased")
	}
	for person, d := range s.before.people {
		for _, k := range d.Keys {
			s.keys[keyID{k.Source, k.Category, k.Jointure}] = person
		}
	}
	return s, nil
}

// Since lists the children who were given to a merged guardian since, of
// whom nothing tells to which of the two they belong.
func (s *Split) Since(tx *db.Tx) ([]Someone, error) {
	bonds, err := Bonds.All(tx, "guardian_id = $1 AND until_at IS NULL", s.Kept)
	if err != nil {
		return nil, err
	}
	var since []school.ID
	for _, b := range bonds {
		if !slices.ContainsFunc(slices.Concat(s.before.of(s.Kept).Bonds, s.before.of(s.Gone).Bonds), func(o Bond) bool { return o.Pupil == b.Pupil }) {
			since = append(since, b.Pupil)
		}
	}
	return SomeByID(tx, since...)
}

// Undo makes two people of one again. Given are the children of [Split.Since]
// who are of the one who was gone. The pair is not proposed again.
func (s *Split) Undo(tx *db.Tx, by school.ID, given ...school.ID) error {
	for _, child := range given {
		s.given[child] = true
	}
	for _, step := range []func(*db.Tx) error{
		s.giveKeys, s.giveRows, s.givePerson, s.giveGrants, s.giveRestrictions, s.giveProposals, s.compareAgain,
	} {
		if err := step(tx); err != nil {
			return err
		}
	}
	s.Undone, s.UndoneBy = db.At(tx.Now), by
	return MergeActs.Update(tx, s.MergeAct)
}

// record is the key of the record of a category that says a row.
func record(category string, by Said) keyID { return keyID{by.Source, category, by.Jointure} }

// giveKeys gives back the keys, to be compared again.
func (s *Split) giveKeys(tx *db.Tx) error {
	now, err := Keys.All(tx, "subject_id = $1", s.Kept)
	if err != nil {
		return err
	}
	for _, key := range now {
		id := keyID{key.Source, key.Category, key.Jointure}
		s.live[id], key.Hash = key.Live, 0
		if s.keys[id] == s.Gone {
			key.Subject = s.Gone
		}
		if err := Keys.Update(tx, key); err != nil {
			return err
		}
	}
	return nil
}

// portion is a kind of rows that a person has, some of which are given back.
type portion[R any] struct {
	table Table[R]
	whose func(*R) *school.ID
	tie   func(*R) string // what the row ties the person to
	span  func(*R) (from, until *db.Time)
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
		table: Enrolments,
		whose: func(r *Enrolment) *school.ID { return &r.Person },
		tie:   func(r *Enrolment) string { return fmt.Sprint(r.School, "|", r.Year) },
		span:  func(r *Enrolment) (*db.Time, *db.Time) { return &r.From, &r.Until },
		by:    func(r *Enrolment) keyID { return record(ofPupil, r.Said) },
	}
}

func (s *Split) memberships() portion[Membership] {
	return portion[Membership]{
		table: Memberships,
		whose: func(r *Membership) *school.ID { return &r.Person },
		tie:   func(r *Membership) string { return fmt.Sprint(r.Class, "|", r.Role) },
		span:  func(r *Membership) (*db.Time, *db.Time) { return &r.From, &r.Until },
		since: func(r *Membership) bool { // a class goes to who works in a school
			return r.Role == AsTeacher && s.before.of(s.Gone).works(s.Made) && !s.before.of(s.Kept).works(s.Made)
		},
		by: func(r *Membership) keyID { return record(ofPupil, r.Said) },
	}
}

// bonds are those to children: the children's records say them, and do not
// tell which of the two they named.
func (s *Split) bonds() portion[Bond] {
	return portion[Bond]{
		table: Bonds,
		whose: func(r *Bond) *school.ID { return &r.Guardian },
		tie:   func(r *Bond) string { return r.Pupil.String() },
		span:  func(r *Bond) (*db.Time, *db.Time) { return &r.From, &r.Until },
		since: func(r *Bond) bool { return s.given[r.Pupil] },
		other: func(r *Bond) *school.ID { return &r.Pupil },
	}
}

func (s *Split) guardians() portion[Bond] {
	return portion[Bond]{
		table: Bonds,
		whose: func(r *Bond) *school.ID { return &r.Pupil },
		tie:   func(r *Bond) string { return r.Guardian.String() },
		span:  func(r *Bond) (*db.Time, *db.Time) { return &r.From, &r.Until },
		other: func(r *Bond) *school.ID { return &r.Guardian },
		by:    func(r *Bond) keyID { return record(ofPupil, r.Said) },
	}
}

func (s *Split) functions() portion[Function] {
	return portion[Function]{
		table: Functions,
		whose: func(r *Function) *school.ID { return &r.Person },
		tie:   func(r *Function) string { return fmt.Sprint(r.Structure, "|", r.Year, "|", r.Code, "|", r.Specialty) },
		span:  func(r *Function) (*db.Time, *db.Time) { return &r.From, &r.Until },
		by:    func(r *Function) keyID { return record(ofStaff, r.Said) },
	}
}

func (s *Split) giveRows(tx *db.Tx) error {
	kept, gone := s.before.of(s.Kept), s.before.of(s.Gone)
	for _, err := range []error{
		giveBack(tx, s, s.enrolments(), "person_id", kept.Enrolments, gone.Enrolments),
		giveBack(tx, s, s.memberships(), "person_id", kept.Memberships, gone.Memberships),
		giveBack(tx, s, s.bonds(), "guardian_id", kept.Bonds, gone.Bonds),
		giveBack(tx, s, s.guardians(), "pupil_id", kept.Guardians, gone.Guardians),
		giveBack(tx, s, s.functions(), "person_id", kept.Functions, gone.Functions),
	} {
		if err != nil {
			return err
		}
	}
	return nil
}

// giveBack parts the rows of one kind between the two.
func giveBack[R any](tx *db.Tx, s *Split, p portion[R], column string, kept, gone []R) error {
	now, err := p.table.All(tx, column+" = $1", s.Kept)
	if err != nil {
		return err
	}
	if kept, err = p.today(tx, kept); err != nil {
		return err
	}
	if gone, err = p.today(tx, gone); err != nil {
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
		if _, until := p.span(&row); until.IsZero() {
			open[p.tie(&row)] = true
		}
	}
	for _, row := range gone { // what was left out of the merge: kept said it already
		if theirs[p.key(row)] {
			continue
		}
		if _, until := p.span(&row); until.IsZero() {
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
		if _, until := p.span(&row); until.IsZero() { // the other record inherited it since
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
		_, until := p.span(had)
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
		if _, until := p.span(&kept[i]); !until.IsZero() {
			continue
		}
		if stood, here := stays[p.key(kept[i])]; here {
			_, until := p.span(&stood)
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

// givePerson makes the row of the one who was gone, and whoever no record
// says to be here has departed.
func (s *Split) givePerson(tx *db.Tx) error {
	now, err := Persons.One(tx, "id = $1", s.Kept)
	if err != nil {
		return err
	}
	kept, gone := s.before.of(s.Kept).Person, s.before.of(s.Gone).Person
	own := kept.Feed
	if s.speaker(now) == s.Gone {
		feed := gone.Feed
		gone, gone.ID, gone.Feed = now, s.Gone, feed
	} else {
		kept = now
	}
	kept.Feed = own
	for _, p := range []*Person{&kept, &gone} {
		if err := s.depart(tx, p, now.Departed); err != nil {
			return err
		}
		if err := Persons.Update(tx, *p); err != nil {
			return err
		}
	}
	if err := mergeds.remove(tx, merged{Gone: s.Gone}); err != nil {
		return err
	}
	for _, m := range s.before.mergeds {
		if err := mergeds.Update(tx, m); err != nil {
			return err
		}
	}
	return nil
}

// speaker tells whose record says a person's own row.
func (s *Split) speaker(p Person) school.ID {
	for _, category := range []string{ofPupil, ofGuardian, ofStaff} {
		if who := s.keys[record(category, p.Said)]; who != 0 {
			return who
		}
	}
	return 0
}

// depart says when somebody departed, who came from a source that does not
// have them any more.
func (s *Split) depart(tx *db.Tx, p *Person, since db.Time) error {
	was := s.before.of(p.ID)
	var live, byHand bool
	err := tx.Get([]any{&live, &byHand}, `SELECT EXISTS (SELECT 1 FROM directory_key WHERE subject_id = $1 AND live),
		EXISTS (SELECT 1 FROM directory_function f WHERE f.person_id = $1 AND f.source_id = 0 AND `+NotOver("f", 2)+`)`,
		p.ID, db.At(tx.Now))
	switch {
	case err != nil:
		return err
	case live:
		p.Departed = db.Time{}
	case !was.Person.Departed.IsZero():
		p.Departed = was.Person.Departed
	case byHand || len(was.Keys) == 0:
		p.Departed = db.Time{}
	case since.IsZero():
		p.Departed = db.At(tx.Now)
	default:
		p.Departed = since
	}
	return nil
}

// giveGrants gives back what was entrusted to each, and whom one calls. What was
// since stays with the one who was kept.
func (s *Split) giveGrants(tx *db.Tx) error {
	gone := s.before.of(s.Gone)
	for _, g := range gone.Grants {
		if err := s.giveGrant(tx, g, func(now *Grant) { now.Person = s.Gone }); err != nil {
			return err
		}
	}
	for _, g := range gone.Followers {
		if err := s.giveGrant(tx, g, func(now *Grant) { now.Pupil = s.Gone }); err != nil {
			return err
		}
	}
	for _, r := range gone.Referents {
		now, err := Referents.One(tx, "id = $1", r.ID)
		if fail.Is(err, fail.NotFound) {
			continue
		}
		if err == nil {
			now.Person, now.Until = s.Gone, r.Until
			err = Referents.Update(tx, now)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *Split) giveGrant(tx *db.Tx, g Grant, give func(*Grant)) error {
	now, err := Grants.One(tx, "id = $1", g.ID)
	if fail.Is(err, fail.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	give(&now)
	return Grants.Update(tx, now)
}

// giveRestrictions gives back the restrictions of each. One that was recorded
// since the merge strikes both.
func (s *Split) giveRestrictions(tx *db.Tx) error {
	now, err := Restrictions.All(tx, "guardian_id = $1 OR pupil_id = $1", s.Kept)
	if err != nil {
		return err
	}
	has := func(list []Restriction, r Restriction) bool {
		return slices.ContainsFunc(list, func(o Restriction) bool { return o.ID == r.ID })
	}
	for _, r := range now {
		switch {
		case has(s.before.made, r):
			err = Restrictions.remove(tx, r)
		case has(s.before.of(s.Kept).Restrictions, r):
		default:
			if !has(s.before.of(s.Gone).Restrictions, r) {
				r.ID = school.NewID(tx.Now)
			}
			if r.Guardian == s.Kept {
				r.Guardian = s.Gone
			} else {
				r.Pupil = s.Gone
			}
			err = Restrictions.Update(tx, r)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// giveProposals puts back what was proposed and decided, and remembers that
// the two are two.
func (s *Split) giveProposals(tx *db.Tx) error {
	was := map[[2]school.ID]bool{}
	for _, p := range s.before.proposals {
		was[[2]school.ID{p.Person, p.Other}] = true
	}
	for _, p := range s.before.proposals {
		other := p.Person
		if other == s.Gone {
			other = p.Other
		}
		moved := Proposal{Person: min(s.Kept, other), Other: max(s.Kept, other)}
		if other != s.Kept && (p.Person == s.Gone || p.Other == s.Gone) && !was[[2]school.ID{moved.Person, moved.Other}] {
			if err := Proposals.remove(tx, moved); err != nil {
				return err
			}
		}
		if err := Proposals.Update(tx, p); err != nil {
			return err
		}
	}
	return Decide(tx, s.Kept, s.Gone, Apart)
}

// compareAgain has the records of the children compared by the next delivery:
// they say whose guardian each of the two is.
func (s *Split) compareAgain(tx *db.Tx) error {
	_, err := tx.Exec(`UPDATE directory_key SET hash = 0 WHERE category = '`+ofPupil+`' AND subject_id IN (
		SELECT pupil_id FROM directory_bond WHERE guardian_id = $1 OR guardian_id = $2)`, s.Kept, s.Gone)
	return err
}

// Pupils lists the pupils whose bonds the two have or had: rows about them
// may name either.
func (s *Split) Pupils(tx *db.Tx) ([]school.ID, error) {
	return db.All(tx, db.Column[school.ID], `SELECT DISTINCT pupil_id FROM directory_bond WHERE guardian_id = $1 OR guardian_id = $2`, s.Kept, s.Gone)
}

// Rename makes the image of a row, kept by somebody else while the two were
// one, that of the one whose row it is. It tells false when nothing changes.
func (s *Split) Rename(table string, image []byte) ([]byte, bool, error) {
	kept, gone := s.before.of(s.Kept), s.before.of(s.Gone)
	switch table {
	case Persons.Name:
		return rename(Persons, image, func(r *Person) bool { return r.ID == s.Kept && s.speaker(*r) == s.Gone }, func(r *Person) { r.ID = s.Gone })
	case Keys.Name:
		return rename(Keys, image, func(r *Key) bool {
			return r.Subject == s.Kept && s.keys[keyID{r.Source, r.Category, r.Jointure}] == s.Gone
		}, func(r *Key) { r.Subject = s.Gone })
	case Enrolments.Name:
		return renameRow(s, s.enrolments(), image, kept.Enrolments, gone.Enrolments)
	case Memberships.Name:
		return renameRow(s, s.memberships(), image, kept.Memberships, gone.Memberships)
	case Functions.Name:
		return renameRow(s, s.functions(), image, kept.Functions, gone.Functions)
	case Bonds.Name:
		if after, changed, err := renameRow(s, s.bonds(), image, kept.Bonds, gone.Bonds); changed || err != nil {
			return after, changed, err
		}
		return renameRow(s, s.guardians(), image, kept.Guardians, gone.Guardians)
	}
	return image, false, nil
}

func renameRow[R any](s *Split, p portion[R], image []byte, kept, gone []R) ([]byte, bool, error) {
	return rename(p.table, image,
		func(r *R) bool { return *p.whose(r) == s.Kept && p.gives(s, *r, kept, gone) },
		func(r *R) { *p.whose(r) = s.Gone })
}

func rename[R any](t Table[R], image []byte, theirs func(*R) bool, give func(*R)) ([]byte, bool, error) {
	row, err := t.read(image)
	if err != nil || !theirs(&row) {
		return image, false, err
	}
	give(&row)
	text, err := json.Marshal(t.Image(&row))
	return text, true, err
}
