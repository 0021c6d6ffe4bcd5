package feed

import (
	"context"
	"hash/maphash"
	"slices"
	"strings"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
	"preau/directory"
	"preau/directory/aaf"
)

// application writes the records of one delivery.
type application struct {
	w       *writer
	c       *comparison
	g       *geography
	classes classIndex
	kinds   map[school.ID]directory.ClassKind
	start   db.Time // when what the delivery begins has begun
	year    school.Year
	counts  *Counts
	// perimeter is the delivery's own structures, and those that it is to leave;
	// stages, what each school
	// teaches.
	perimeter map[school.ID]bool
	stages    map[school.ID]directory.Stage
	progress  func(records int)
	read      int
	// shared is the people about whom several records are; true once one of
	// them was written.
	shared map[school.ID]bool
	// family is that of whoever drops an extraction, themself among them.
	family []school.ID
	// incomplete tells that the record under way refers to what is not known:
	// it is compared again by the next delivery, even if it says the same.
	incomplete bool

	// welcome makes the logins of newcomers; those who wait for it are
	// waiting.
	welcome func([]directory.Newcomer) func() error
	waiting []directory.Newcomer
	arrived int
	leaving *[]school.ID // who departs, or would
	judged  bool         // a judge may restrict somebody: the bonds that begin are noted
	// What propose compares: the names of the staff and guardians who come,
	// and, when nobody was here before, where the children of these go to
	// school.
	seed             maphash.Seed
	staff, guardians []called
	brought          []placed
}

// placed is somebody with a structure that they have to do with.
type placed struct{ person, structure school.ID }

// rows is what the register says of one person.
type rows struct {
	person      *directory.Person
	enrolments  []directory.Enrolment
	memberships []directory.Membership
	bonds       []directory.Bond
	functions   []directory.Function
}

// run writes every record that is not what the register knows.
func (a *application) run(ctx context.Context, d *delivery) error {
	_, err := d.Read(ctx, a.c.busy(), func(batch []aaf.Record) error {
		a.read += len(batch)
		a.progress(a.read)
		return a.batch(batch)
	}, nil)
	if err != nil {
		return err
	}
	if err := a.welcomeAll(); err != nil {
		return err
	}
	return a.w.flush()
}

// batch writes some records: the rows of those who are known are read
// together first.
func (a *application) batch(batch []aaf.Record) error {
	var known []school.ID
	work := make([]*aaf.Record, 0, len(batch))
	for i := range batch {
		r := &batch[i]
		seen := a.c.seen[r.Category][r.Key]
		if seen == nil || seen.place != a.c.place(r.File, r.Number) {
			continue // the other of two records with one key
		}
		if seen.state != rejected && seen.hash != a.c.salt(r.Hash) && r.Op != aaf.Delete {
			return fail.New(fail.Conflict, "%s changed while it was read", r.File)
		}
		switch seen.state {
		case unchanged, deleted, rejected:
			continue
		case matched, changed, returning:
			known = append(known, seen.subject)
		}
		work = append(work, r)
	}
	current, err := a.load(known)
	if err != nil {
		return err
	}
	for _, r := range work {
		if err := a.record(r, current); err != nil {
			return err
		}
	}
	return nil
}

// load reads what the register says of some people.
func (a *application) load(ids []school.ID) (map[school.ID]*rows, error) {
	current := map[school.ID]*rows{}
	if len(ids) == 0 {
		return current, nil
	}
	people, err := directory.Persons.Among(a.w.tx(), "id", ids, "")
	if err != nil {
		return nil, err
	}
	for i := range people {
		current[people[i].ID] = &rows{person: &people[i]}
	}
	enrolments, err := directory.Enrolments.Among(a.w.tx(), "person_id", ids, "")
	if err != nil {
		return nil, err
	}
	for _, e := range enrolments {
		if at := current[e.Person]; at != nil {
			at.enrolments = append(at.enrolments, e)
		}
	}
	memberships, err := directory.Memberships.Among(a.w.tx(), "person_id", ids, "role = 'pupil'")
	if err != nil {
		return nil, err
	}
	for _, m := range memberships {
		if at := current[m.Person]; at != nil {
			at.memberships = append(at.memberships, m)
		}
	}
	bonds, err := directory.Bonds.Among(a.w.tx(), "pupil_id", ids, "")
	if err != nil {
		return nil, err
	}
	for _, b := range bonds {
		if at := current[b.Pupil]; at != nil {
			at.bonds = append(at.bonds, b)
		}
	}
	functions, err := directory.Functions.Among(a.w.tx(), "person_id", ids, "")
	if err != nil {
		return nil, err
	}
	for _, f := range functions {
		if at := current[f.Person]; at != nil {
			at.functions = append(at.functions, f)
		}
	}
	return current, nil
}

// record writes one record.
func (a *application) record(r *aaf.Record, loaded map[school.ID]*rows) error {
	seen := a.c.seen[r.Category][r.Key]
	count := a.counts.of(r.Category)
	id, _ := a.c.resolve(a.w.now.Time, r.Category, r.Key)
	current, err := a.afresh(id, loaded[id])
	if err != nil {
		return err
	}
	fresh := current == nil
	if fresh { // new, or undone since
		current = &rows{}
	}
	person := a.person(id, r, current)
	a.incomplete = false
	want, ok := a.wants(r, person, current)
	if !ok {
		a.c.trouble(r, NoSchool, aaf.Rejected, "ENTPersonStructRattach")
		count.Rejected++
		seen.state = rejected
		return nil
	}
	if want.person.Mail != person.Mail && slices.Contains(a.family, id) {
		want.person.Mail = person.Mail
		a.lacks(r, OwnMail, "ENTPersonMail")
	}
	if r.Op == aaf.Modify && seen.state == added {
		a.c.trouble(r, UnknownModified, aaf.Kept, "")
	}
	if a.incomplete {
		seen.hash = 0
	}
	if fresh {
		return a.create(r, seen, want, count)
	}
	did, err := a.update(r, current, want)
	if err != nil {
		return err
	}
	switch {
	case seen.state == returning && !a.c.moves[id]:
		count.Added++
	case did:
		count.Changed++
	default:
		count.Unchanged++
	}
	return a.w.applyKey(a.c, r.Category, r.Key, id)
}

// lacks reports what a record says and is not applied yet, such as what it refers
// to and is not known, and keeps the record in mind.
func (a *application) lacks(r *aaf.Record, kind aaf.Kind, attribute string) {
	a.incomplete = true
	a.c.trouble(r, kind, aaf.Ignored, attribute)
}

// lacksPlace is lacks for a structure. One that is outside the perimeter was
// told already: the record is compared again, in case it is opened.
func (a *application) lacksPlace(r *aaf.Record, key aaf.Key, attribute string) {
	if a.c.fence.bars(key) {
		a.incomplete = true
		return
	}
	a.lacks(r, UnknownStructure, attribute)
}

// person is the row to write over: the current one, or an empty one.
func (a *application) person(id school.ID, r *aaf.Record, current *rows) directory.Person {
	if current.person != nil {
		return *current.person
	}
	return directory.Person{ID: id, Said: a.said(r)}
}

func (a *application) said(r *aaf.Record) directory.Said {
	return directory.Said{Jointure: int64(r.Key), Origin: directory.Origin{Source: a.c.source.ID, Feed: a.w.feed}}
}

func (a *application) wants(r *aaf.Record, person directory.Person, current *rows) (wants, bool) {
	switch r.Category {
	case aaf.Pupils:
		return a.pupilWants(r, person, current)
	case aaf.Guardians:
		return a.guardianWants(r, person), true
	default:
		return a.staffWants(r, person, current), true
	}
}

// create writes somebody whom the register does not hold.
func (a *application) create(r *aaf.Record, seen *sighting, want wants, count *Count) error {
	by := a.said(r)
	if err := add(a.w, &a.w.persons, want.person); err != nil {
		return err
	}
	id := want.person.ID
	for _, e := range want.enrolments {
		e.Person, e.Said = id, by
		if err := add(a.w, &a.w.enrolments, e); err != nil {
			return err
		}
	}
	for i, m := range want.memberships {
		m.Person, m.Said = id, by
		if repeats(want.memberships[:i], m, membershipKind) {
			continue
		}
		if err := add(a.w, &a.w.memberships, m); err != nil {
			return err
		}
	}
	for i, b := range want.bonds {
		b.Pupil, b.Said = id, by
		if repeats(want.bonds[:i], b, bondKind) {
			continue
		}
		a.counts.Bonds.Added++
		if a.c.population == 0 {
			for _, e := range want.enrolments {
				a.brought = append(a.brought, placed{b.Guardian, e.School})
			}
		}
		a.open(b)
		if err := add(a.w, &a.w.bonds, b); err != nil {
			return err
		}
	}
	for i, f := range want.functions {
		f.Person, f.Said = id, by
		if repeats(want.functions[:i], f, functionKind) {
			continue
		}
		if err := add(a.w, &a.w.functions, f); err != nil {
			return err
		}
	}
	count.Added++
	if err := a.w.applyKey(a.c, r.Category, r.Key, id); err != nil || want.person.Organisation {
		return err
	}
	return a.arrive(r.Category, &want.person)
}

// open notes a bond that begins.
func (a *application) open(b directory.Bond) {
	if a.judged {
		a.c.opened = append(a.c.opened, directory.Kinship{Pupil: b.Pupil, Guardian: b.Guardian})
	}
}

// arrive notes a newcomer, and has the logins of those who wait made.
func (a *application) arrive(category aaf.Category, p *directory.Person) error {
	a.arrived++
	switch category {
	case aaf.Staffs:
		a.staff = append(a.staff, a.call(p.ID, p.SortKey))
	case aaf.Guardians:
		a.guardians = append(a.guardians, a.call(p.ID, p.SortKey))
	}
	a.waiting = append(a.waiting, directory.Newcomer{
		Person: p.ID, First: strings.Clone(p.FirstName), Usual: strings.Clone(p.UsualName),
	})
	if len(a.waiting) < welcomeAt {
		return nil
	}
	return a.welcomeAll()
}

// welcomeAt is how many newcomers wait for their logins to be made together.
const welcomeAt = 10_000

func (a *application) welcomeAll() error {
	newcomers := a.waiting
	a.waiting = nil
	if a.welcome == nil || len(newcomers) == 0 {
		return nil
	}
	return a.w.hand.give(a.welcome(newcomers))
}

// repeats tells whether a record says a row twice.
func repeats[R any, K comparable](before []R, row R, k kind[R, K]) bool {
	return slices.ContainsFunc(before, func(other R) bool { return k.identity(other) == k.identity(row) })
}

// update writes what differs of somebody whom the register holds.
func (a *application) update(r *aaf.Record, current *rows, want wants) (bool, error) {
	by := speaker{a.said(r), a.c.formerly[current.person.ID]}
	id := current.person.ID
	did, err := a.updatePerson(by, *current.person, want.person)
	if err != nil {
		return false, err
	}
	total := tally{}
	sum := func(t tally, err error) (tally, error) {
		total.added, total.changed, total.ended = total.added+t.added, total.changed+t.changed, total.ended+t.ended
		return t, err
	}
	if want.enrolments != nil {
		for i := range want.enrolments {
			want.enrolments[i].Person = id
		}
		if _, err := sum(reconcile(a.w, &a.w.enrolments, enrolmentKind, by, current.enrolments, want.enrolments)); err != nil {
			return false, err
		}
	}
	if want.memberships != nil {
		for i := range want.memberships {
			want.memberships[i].Person = id
		}
		if _, err := sum(reconcile(a.w, &a.w.memberships, membershipKind, by, current.memberships, want.memberships)); err != nil {
			return false, err
		}
	}
	if want.bonds != nil {
		for i := range want.bonds {
			want.bonds[i].Pupil = id
			if !slices.ContainsFunc(current.bonds, func(b directory.Bond) bool { return b.Guardian == want.bonds[i].Guardian && b.Until.IsZero() }) {
				a.open(want.bonds[i])
			}
		}
		t, err := sum(reconcile(a.w, &a.w.bonds, bondKind, by, current.bonds, want.bonds))
		if err != nil {
			return false, err
		}
		a.counts.Bonds.Added += t.added
		a.counts.Bonds.Changed += t.changed
		a.counts.Bonds.Departed += t.ended
	}
	if want.functions != nil {
		for i := range want.functions {
			want.functions[i].Person = id
		}
		if _, err := sum(reconcile(a.w, &a.w.functions, functionKind, by, current.functions, want.functions)); err != nil {
			return false, err
		}
	}
	return did || total.any(), nil
}

// updatePerson writes a person's own row. When two records say one person,
// the one that brought them keeps the word as long as its key is live: two
// sources would otherwise contradict each other every night.
func (a *application) updatePerson(by speaker, have, want directory.Person) (bool, error) {
	other := false
	if !by.says(have.Said) {
		var err error
		if other, err = a.speaks(have); err != nil {
			return false, err
		}
	}
	if other {
		want = have
	} else {
		want.Source, want.Jointure = by.Source, by.Jointure
	}
	want.Departed = db.Time{}
	if directory.Persons.Same(&have, &want) {
		return false, nil
	}
	return true, replace(a.w, &a.w.persons, have, want)
}

// speaks tells whether the record that brought a person still speaks for
// them. Nobody speaks over what was made by hand.
func (a *application) speaks(p directory.Person) (bool, error) {
	if p.Source == 0 {
		return true, nil
	}
	var one int
	err := a.w.tx().Get([]any{&one}, `SELECT 1 FROM directory_key
		WHERE source_id = $1 AND jointure = $2 AND subject_id = $3 AND live`, p.Source, p.Jointure, p.ID)
	if fail.Is(err, fail.NotFound) {
		return false, nil
	}
	return err == nil, err
}

// applyKey writes what a record is called, and its hash.
func (w *writer) applyKey(c *comparison, category aaf.Category, key aaf.Key, id school.ID) error {
	seen := c.seen[category][key]
	row := directory.Key{
		Source: c.source.ID, Category: string(category), Jointure: int64(key), Subject: id,
		Hash: seen.hash, Live: true, Feed: w.feed, MadeBy: w.feed,
	}
	switch seen.state {
	case unchanged:
		return nil
	case added, matched:
		return add(w, &w.keys, row)
	}
	row.MadeBy = c.makers[seen.madeBy]
	if seen.state == changed && seen.loose && seen.hash == 0 {
		return nil // still to be compared again
	}
	if seen.state == returning {
		gone := row
		gone.Hash, gone.Live, gone.Feed = 0, false, 0
		return replace(w, &w.keys, gone, row)
	}
	return put(w, &w.keys, row)
}
