package feed

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unique"

	"preau/core/school"
	"preau/directory"
	"preau/directory/aaf"
)

// state is what the comparison knows of a record of the delivery.
type state uint8

const (
	added     state = iota // not known yet
	matched                // a new key of somebody known, by INE or academic mail
	unchanged              // known, and saying the same
	changed                // known, and perhaps saying something else
	returning              // known once, departed or undone since
	deleted                // the delivery says it is gone
	rejected               // refused by the reader or here: the person stays as they are
)

// place is where a record stands: it chooses between two records of one key
// the same way at each reading.
type place struct {
	record uint32
	file   uint16 // rank of the file in the delivery
}

func (p place) before(q place) bool {
	return p.file < q.file || p.file == q.file && p.record < q.record
}

// sighting is one record of the delivery. An académie has a million and a
// half of them at once: each byte here is one and a half megabytes.
type sighting struct {
	subject school.ID // 0 until the register or [comparison.resolve] gives one
	hash    int64
	place   place
	madeBy  uint32 // rank, in [comparison.makers], of the delivery that brought the key
	state   state
	loose   bool // the register could not apply all of it last time
	weighed bool // a guardian whom a school was counted for
	barred  bool // outside the perimeter: said to be gone, by us
}

// claim is who says to be known by an INE or a mail, and what must agree: a
// date of birth, or a name, each kept once. It is empty where two records say
// so.
type claim struct {
	key   aaf.Key
	proof unique.Handle[string]
}

// link is a reference from one record to another that the delivery does not
// hold, or does not hold yet.
type link struct {
	from, to aaf.Key
	place    place
}

// classRef is what a delivery calls a class or a group.
type classRef struct {
	school aaf.Key
	kind   directory.ClassKind
	key    string
}

// trouble is a trouble with the school that it concerns, where one is known.
type trouble struct {
	aaf.Trouble
	school aaf.Key
}

// survey is what the first reading of a delivery keeps: everything of the
// few structures, and of each person only what the comparison needs. An
// académie of 1.5 million people takes some 150 MB, half of which once it is
// compared.
type survey struct {
	delivery   *delivery
	files      map[string]uint16 // rank of each file
	academy    string            // as it was first named
	code       string            // the first name of it that is a code
	codedBy    string            // the file that gives the code
	discord    *Refusal          // another file, or another record, gives another code
	structures map[aaf.Key]*aaf.Structure
	seen       map[aaf.Category]map[aaf.Key]*sighting
	spare      []sighting // made together: one by one, they would take as much again
	classes    map[classRef]aaf.Membership
	ines       map[school.INE]claim // of pupils
	mails      map[string]claim     // of staff, in small letters
	orphans    []link               // a pupil's guardians that the delivery does not hold
	wards      []link               // the pupils that guardians name
	troubles   []trouble
	byKind     map[aaf.Kind]run
	extent     map[aaf.Key]int // records about each school

	// taken are the schools of the delivery that ONDE feeds until now, by the
	// delivery's key. Of their pupils, or of all those of an extraction, more is
	// kept: what they are recognised by. Adults are the guardians whom they name.
	fed      map[school.UAI]fedSchool
	taken    map[aaf.Key]fedSchool
	incomers map[aaf.Key]incomer
	adults   map[aaf.Key]aaf.Name
	fence    *fence
}

// categories are in the order in which the report lists them.
var categories = []aaf.Category{aaf.Structures, aaf.Staffs, aaf.Pupils, aaf.Guardians}

// look reads a delivery for the first time: guardians before pupils, so that
// a pupil's references are found at once; structures before both, where a
// fence chooses among them.
func look(ctx context.Context, d *delivery, fed map[school.UAI]fedSchool, around *fence, progress func(records int)) (*survey, error) {
	read := 0
	s := &survey{
		delivery:   d,
		files:      map[string]uint16{},
		structures: map[aaf.Key]*aaf.Structure{},
		seen:       map[aaf.Category]map[aaf.Key]*sighting{},
		classes:    map[classRef]aaf.Membership{},
		ines:       map[school.INE]claim{},
		mails:      map[string]claim{},
		byKind:     map[aaf.Kind]run{},
		extent:     map[aaf.Key]int{},
		fed:        fed,
		taken:      map[aaf.Key]fedSchool{},
		incomers:   map[aaf.Key]incomer{},
		adults:     map[aaf.Key]aaf.Name{},
		fence:      around,
	}
	if d.extraction != nil {
		s.academy = string(d.extraction.at.UAI)
	}
	for i, file := range d.Files {
		s.files[file.Name] = uint16(i)
	}
	for _, category := range categories {
		s.seen[category] = map[aaf.Key]*sighting{}
	}
	for i, pass := range around.passes() {
		wanted := func(f aaf.File) bool { return slices.Contains(pass, f.Category) }
		reading, err := d.Read(ctx, wanted, func(batch []aaf.Record) error {
			for i := range batch {
				s.take(&batch[i])
			}
			read += len(batch)
			progress(read)
			return nil
		}, s.reject)
		if err != nil {
			return nil, err
		}
		if s.note(reading); s.discord != nil {
			return nil, s.discord
		}
		if i == 0 {
			s.checkAbove()
			around.enclose(s)
		}
	}
	around.release(s)
	s.checkWards()
	return s, s.meetAdults(ctx)
}

// rules is the version of how a record becomes rows. Raising it makes the next
// delivery compare every row again.
const rules = 1

// salt makes a record's hash that of what becomes of it: the same words in
// another school year make other rows. 0 is kept for "compare again".
func (s *survey) salt(hash int64) int64 {
	if hash = hash*31 + int64(s.year())*1_000_003 + rules; hash == 0 {
		return 1
	}
	return hash
}

// year is the school year that the delivery describes.
func (s *survey) year() school.Year { return school.YearOf(s.delivery.Date) }

// note keeps the name that the files give to the académie.
func (s *survey) note(reading *aaf.Reading) {
	for _, file := range reading.Files {
		s.name(school.AcademyCode(file.Academy, ""), Refusal{File: file.Name})
	}
}

// name keeps a name that the delivery gives to the académie, and where. Two
// codes are two académies, of which neither is believed; a name that is in no
// nomenclature contradicts nothing.
func (s *survey) name(academy string, at Refusal) {
	if academy == "" || s.delivery.extraction != nil {
		return
	}
	if s.academy == "" {
		s.academy = academy
	}
	switch {
	case len(academy) != 3 || strings.Trim(academy, "0123456789") != "":
	case s.code == "":
		s.code, s.codedBy = academy, strings.Clone(at.File)
	case s.code != academy && s.discord == nil:
		who := "its header"
		if at.Record > 0 {
			who = "this structure"
		}
		at.File, at.Kind = strings.Clone(at.File), TwoAcademies
		at.Reason = fmt.Sprintf("%s names the académie %s, and %s names %s", who, academy, s.codedBy, s.code)
		s.discord = &at
	}
}

// reject keeps a trouble of the reader's. Somebody whose record it refused
// was seen all the same: they have not left.
func (s *survey) reject(t aaf.Trouble) error {
	if t.Action == aaf.Rejected && t.Key != 0 && s.seen[t.Category][t.Key] == nil {
		s.see(t.Category, t.Key, sighting{state: rejected, place: s.place(t.File, t.Record)})
	}
	s.keep(trouble{Trouble: t})
	return nil
}

// run is how many troubles of a kind were kept, and the rank of the last.
type run struct{ count, last int }

// maxTroubles is how many troubles of one kind are kept one by one. Those
// that follow are only counted, with the last one: a delivery that is wrong
// throughout says so as well with twenty thousand lines as with a million.
const maxTroubles = 20_000

// keep keeps a trouble.
func (s *survey) keep(t trouble) {
	if x := s.delivery.extraction; x != nil {
		t.school = x.key
	}
	at := s.byKind[t.Kind]
	if at.count == maxTroubles {
		s.troubles[at.last].Count += t.Count
		return
	}
	s.byKind[t.Kind] = run{at.count + 1, len(s.troubles)}
	s.troubles = append(s.troubles, t)
}

func (s *survey) place(file string, record int) place {
	return place{file: s.files[file], record: uint32(record)}
}

// see keeps a sighting.
func (s *survey) see(category aaf.Category, key aaf.Key, one sighting) {
	if len(s.spare) == 0 {
		s.spare = make([]sighting, 1024)
	}
	s.spare[0] = one
	s.seen[category][key] = &s.spare[0]
	s.spare = s.spare[1:]
}

// take keeps one record.
func (s *survey) take(r *aaf.Record) {
	here := s.place(r.File, r.Number)
	if s.fence.keepsOut(s, r, here) {
		return
	}
	sighted := sighting{hash: s.salt(r.Hash), place: here}
	if r.Op == aaf.Delete {
		sighted.state = deleted
	}
	if other := s.seen[r.Category][r.Key]; other != nil {
		if other.state == rejected {
			return
		}
		loser := *r
		if here.before(other.place) {
			loser.File, loser.Number, loser.Line = s.delivery.Files[other.place.file].Name, int(other.place.record), 0
			*other = sighted
		}
		s.trouble(&loser, DuplicateKey, aaf.Rejected, "")
		if loser.File == r.File && loser.Number == r.Number {
			return
		}
	} else {
		s.see(r.Category, r.Key, sighted)
	}
	s.weigh(r)
	switch {
	case r.Structure != nil:
		s.structures[r.Key] = r.Structure
		if at, extracts := s.fed[r.Structure.UAI]; extracts {
			s.taken[r.Key] = at
		}
		s.name(school.AcademyCode(r.Structure.Academy.Code, r.Structure.Academy.Label), Refusal{File: r.File, Line: r.Line, Record: r.Number})
	case r.Staff != nil:
		s.takeMail(r)
	case r.Pupil != nil:
		s.takePupil(r, here)
	case r.Guardian != nil:
		for _, pupil := range r.Guardian.Pupils {
			s.wards = append(s.wards, link{r.Key, pupil, here})
		}
	}
}

func (s *survey) takePupil(r *aaf.Record, here place) {
	p := r.Pupil
	s.takeIncomer(r)
	if other, twice := s.ines[p.INE]; p.INE != "" && !twice {
		s.ines[school.INE(strings.Clone(string(p.INE)))] = claim{r.Key, unique.Make(isoDay(p.BirthDate))}
	} else if twice && other.key != r.Key {
		s.ines[p.INE] = claim{} // tells nobody from nobody
		s.trouble(r, DuplicateINE, aaf.Kept, "ENTEleveINE")
	}
	for _, authority := range p.Guardians {
		guardian := s.seen[aaf.Guardians][authority.Guardian]
		if guardian == nil {
			s.orphans = append(s.orphans, link{r.Key, authority.Guardian, here})
		} else if !guardian.weighed && len(p.Schools) > 0 {
			guardian.weighed = true
			s.extent[p.Schools[0]]++
		}
	}
	for _, class := range p.Classes {
		s.takeClass(r, directory.OrdinaryClass, class)
	}
	for _, group := range p.Groups {
		s.takeClass(r, directory.Group, group)
	}
}

// takeMail keeps the mail by which somebody may be known, unless it is shared.
func (s *survey) takeMail(r *aaf.Record) {
	mail := strings.ToLower(r.Staff.Mail)
	if mail == "" || directory.IsSchoolBox(mail) {
		return
	}
	if other, twice := s.mails[mail]; !twice {
		s.mails[strings.Clone(mail)] = claim{r.Key, unique.Make(directory.SortKey(r.Staff.Usual, r.Staff.First))}
	} else if other.key != r.Key {
		s.mails[mail] = claim{}
		s.trouble(r, DuplicateMail, aaf.Kept, "ENTPersonMail")
	}
}

// takeClass keeps a class the first time it is named. Of two labels for one
// class the first in order stands, whatever the order of reading.
func (s *survey) takeClass(r *aaf.Record, kind directory.ClassKind, m aaf.Membership) {
	at := classRef{m.School, kind, m.Key}
	known, ok := s.classes[at]
	switch {
	case !ok:
		at.key = strings.Clone(at.key)
		s.classes[at] = cloneMembership(m)
	case known.Label != m.Label:
		if m.Label < known.Label {
			s.classes[at] = cloneMembership(m)
		}
		s.trouble(r, ClassLabels, aaf.Kept, "ENTPersonClasses")
	}
}

// cloneMembership copies a membership out of its record's text.
func cloneMembership(m aaf.Membership) aaf.Membership {
	m.Key, m.Label = strings.Clone(m.Key), strings.Clone(m.Label)
	m.Type = aaf.Coded{Code: strings.Clone(m.Type.Code), Label: strings.Clone(m.Type.Label)}
	return m
}

// checkAbove forgets the schools that are said to be above others: no office,
// nothing is opened with them, and nobody's area is made of them.
func (s *survey) checkAbove() {
	for _, key := range slices.Sorted(maps.Keys(s.structures)) {
		at := s.structures[key]
		if up := s.structures[at.Circonscription]; up != nil && structureKind(up) == directory.School {
			s.notAbove(key)
		}
	}
}

// notAbove reports a structure whose circonscription is a school, and takes it
// from there.
func (s *survey) notAbove(key aaf.Key) {
	s.structures[key].Circonscription = 0
	at := s.seen[aaf.Structures][key].place
	s.keep(trouble{school: key, Trouble: aaf.Trouble{
		Kind: NotCirconscription, Action: aaf.Ignored, File: s.delivery.Files[at.file].Name, Record: int(at.record),
		Category: aaf.Structures, Key: key, Attribute: "ENTEcoleCirconscription", Count: 1,
	}})
}

// checkWards drops the pupils that guardians name and that the delivery
// holds; what is left waits for the register.
func (s *survey) checkWards() {
	s.wards = slices.DeleteFunc(s.wards, func(ward link) bool { return s.seen[aaf.Pupils][ward.to] != nil })
}

// trouble reports something of a record.
func (s *survey) trouble(r *aaf.Record, kind aaf.Kind, action aaf.Action, attribute string) {
	t := trouble{Trouble: aaf.Trouble{
		Kind: kind, Action: action, File: r.File, Record: r.Number, Line: r.Line,
		Category: r.Category, Key: r.Key, Attribute: attribute, Count: 1,
	}}
	if r.Pupil != nil && len(r.Pupil.Schools) > 0 {
		t.school = r.Pupil.Schools[0]
	}
	if r.Staff != nil && len(r.Staff.Schools) > 0 {
		t.school = r.Staff.Schools[0]
	}
	s.keep(t)
}

// dangling reports a link that leads nowhere.
func (s *survey) dangling(l link, from aaf.Category, kind aaf.Kind, attribute string) {
	s.keep(trouble{Trouble: aaf.Trouble{
		Kind: kind, Action: aaf.Ignored, File: s.delivery.Files[l.place.file].Name, Record: int(l.place.record),
		Category: from, Key: l.from, Attribute: attribute, Count: 1,
	}})
}
