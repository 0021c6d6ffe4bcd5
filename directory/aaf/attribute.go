package aaf

import "strings"

// fate is what becomes of an attribute.
type fate uint8

const (
	kept    fate = iota
	dropped      // RU-003 article 2 does not allow it for these people
	dated        // the dated twin of a kept attribute: nothing more to learn from it
	unknown
)

// attribute is one line of the tables of the SDET annex.
type attribute struct {
	name string // official name
	fate fate

	read func(*decoder, string) // stores one value, never empty
	many bool                   // several values are allowed
	must bool                   // obligatory: an addition without it is told
	alt  string                 // another official name of the same thing

	bit  uint64 // in Record.given
	seed uint64 // of the hash of its values
}

// table is the attributes of one category.
type table struct {
	list   []*attribute
	byName map[string]*attribute
	must   uint64 // the bits of the obligatory ones
}

// newTable numbers the attributes of a category: at most 64 are kept.
func newTable(lists ...[]attribute) *table {
	t := &table{byName: map[string]*attribute{}}
	for _, list := range lists {
		for _, line := range list {
			a := &line
			if a.fate == kept {
				a.bit, a.seed = 1<<len(t.list), digest(digestStart, a.name+"=")
				t.list = append(t.list, a)
			}
			if a.must {
				t.must |= a.bit
			}
			t.byName[a.name] = a
			if a.alt != "" {
				t.byName[a.alt] = a
			}
		}
	}
	return t
}

// The tables of the four categories.
var (
	structureTable = newTable(structureAttributes)
	staffTable     = newTable(personAttributes, staffAttributes)
	pupilTable     = newTable(personAttributes, pupilAttributes)
	guardianTable  = newTable(personAttributes, guardianAttributes)
)

func tableOf(c Category) *table {
	switch c {
	case Structures:
		return structureTable
	case Staffs:
		return staffTable
	case Pupils:
		return pupilTable
	}
	return guardianTable
}

// judge gives their fate to the attributes that the table has not.
func (t *table) judge(name string) *attribute {
	if stem, ok := strings.CutSuffix(name, "Date"); ok && t.byName[stem] != nil {
		return &attribute{name: name, fate: dated}
	}
	for _, word := range privateWords {
		if strings.Contains(name, word) {
			return &attribute{name: name, fate: dropped}
		}
	}
	return &attribute{name: name, fate: unknown}
}

// privateWords are in the names of attributes on matters that RU-003 article
// 2 allows for nobody: profession and social category, grants and income,
// nationality, marital status, health, religion. Names vary with the sources
// (the 2D annex, extracts of ONDE), so the word decides.
var privateWords = []string{
	"Profession", "CategorieSocio", "CSP", "PCS", "Bours", "Revenu", "Quotient",
	"Nationalite", "SituationFam", "SituationMatri", "Marital", "Handicap", "Sante", "Religion",
}

// Has tells whether the record carries an attribute, by its official name. In
// a modification an attribute that is carried without a value erases, and one
// that is not carried leaves what is known. An addition is a whole image: what
// it does not carry is empty all the same. An attribute whose value was
// ignored as malformed counts as not carried.
func (r *Record) Has(attribute string) bool {
	a := tableOf(r.Category).byName[attribute]
	return a != nil && r.given&a.bit != 0
}

// Carrying gives the record with these attributes, by their official names, as
// the ones that it carries: for records that another reader makes.
func (r Record) Carrying(attributes ...string) Record {
	r.given = 0
	for _, name := range attributes {
		r.given |= tableOf(r.Category).byName[name].bit
	}
	return r
}
