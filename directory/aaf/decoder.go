package aaf

import "math/bits"

// span is one value of the record being read.
type span struct {
	attribute  *attribute
	again      bool // the attribute came before in the record, with values
	start, end int  // in the text of the record
	digest     uint64
}

// decoder makes typed records of values. It is used by one goroutine and
// keeps what records may share: their nomenclature and their allocations.
type decoder struct {
	table    *table
	record   Record
	rejected bool
	filled   uint64 // the attributes that have a value
	doubled  uint64 // the attributes that were told to come twice

	attribute *attribute // of the value being read

	// What the record is, as its category says; name is that of the person.
	structure *Structure
	staff     *Staff
	pupil     *Pupil
	guardian  *Guardian
	name      *Name
	bonds     []Authority // what ENTElevePersRelEleve says

	codes      map[string]Coded
	structures slab[Structure]
	staffs     slab[Staff]
	pupils     slab[Pupil]
	guardians  slab[Guardian]

	troubles []Trouble // told since they were last taken
}

// begin prepares for a record, of which only the place and the request are
// known.
func (d *decoder) begin(r Record) {
	d.record, d.rejected = r, false
	d.filled, d.doubled, d.bonds = 0, 0, d.bonds[:0]
}

// decode fills the record with values, until it is complete or rejected.
func (d *decoder) decode(text string, spans []span) {
	d.make()
	var sum uint64
	for i := range spans {
		s := &spans[i]
		a, v := s.attribute, text[s.start:s.end]
		s.digest = mix(digest(a.seed, v))
		if d.filled&a.bit != 0 && !d.another(spans[:i], s) {
			continue
		}
		d.filled |= a.bit
		sum += s.digest
		d.attribute = a
		if a.read(d, v); d.rejected {
			return
		}
	}
	d.record.Hash = int64(sum)
	d.check()
}

// another tells whether to read a value of an attribute that has one already.
func (d *decoder) another(before []span, s *span) bool {
	a := s.attribute
	for i := range before {
		if before[i].digest == s.digest && before[i].attribute == a {
			return false // the same value again adds nothing
		}
	}
	kind := ExtraValue
	if s.again {
		kind = DuplicateAttribute
	}
	switch {
	case !a.many:
		d.trouble(kind, Ignored, a.name)
	case s.again && d.doubled&a.bit == 0:
		d.doubled |= a.bit
		d.trouble(kind, Kept, a.name)
	}
	return a.many
}

// make allocates what the category wants.
func (d *decoder) make() {
	r := &d.record
	switch r.Category {
	case Structures:
		d.structure = d.structures.new()
		r.Structure = d.structure
	case Staffs:
		d.staff = d.staffs.new()
		r.Staff, d.name = d.staff, &d.staff.Name
	case Pupils:
		d.pupil = d.pupils.new()
		r.Pupil, d.name = d.pupil, &d.pupil.Name
	case Guardians:
		d.guardian = d.guardians.new()
		r.Guardian, d.name = d.guardian, &d.guardian.Name
	}
}

// check looks at the record as a whole.
func (d *decoder) check() {
	switch d.record.Category {
	case Structures:
		d.checkStructure()
	case Staffs:
		d.checkName(false)
	case Pupils:
		d.checkPupil()
	case Guardians:
		d.checkName(d.guardian.Organisation())
	}
	if d.rejected || d.record.Op != Add {
		return
	}
	for missing := d.table.must &^ d.filled; missing != 0; missing &= missing - 1 {
		d.trouble(MissingAttribute, Kept, d.table.list[bits.TrailingZeros64(missing)].name)
	}
}

// says tells whether the record says something of an attribute: an addition
// says everything.
func (d *decoder) says(a *attribute) bool {
	return d.record.Op == Add || d.record.given&a.bit != 0
}

// trouble tells something about the record.
func (d *decoder) trouble(kind Kind, action Action, attribute string) {
	r := &d.record
	d.troubles = append(d.troubles, Trouble{
		Kind: kind, Action: action, Attribute: attribute, Count: 1,
		File: r.File, Record: r.Number, Line: r.Line, Category: r.Category, Key: r.Key,
	})
}

// reject leaves the record out.
func (d *decoder) reject(kind Kind, attribute string) {
	d.rejected = true
	d.trouble(kind, Rejected, attribute)
}

// ignore leaves the value being read out. An attribute that may have several
// values keeps the others.
func (d *decoder) ignore(kind Kind) {
	if !d.attribute.many {
		d.record.given &^= d.attribute.bit
	}
	d.trouble(kind, Ignored, d.attribute.name)
}

// slab allocates values a few at a time.
type slab[T any] struct{ left []T }

func (s *slab[T]) new() *T {
	if len(s.left) == 0 {
		s.left = make([]T, 64)
	}
	v := &s.left[0]
	s.left = s.left[1:]
	return v
}
