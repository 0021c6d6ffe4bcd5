package village

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"

	"preau/core/school"
)

// establishment is a school.
type establishment struct {
	id       int64
	uai      school.UAI
	kind     schoolKind
	private  bool
	name     string // "LES TILLEULS"; empty for half of the villages' only schools
	commune  *commune
	rank     int    // among the establishments of its commune, from 1
	rpi      string // ENTEcoleRPI, shared by the schools of the RPI
	sector   int    // schools of one sector have the same families
	street   string
	phone    string
	classes  []*class
	choir    *class // a group that takes pupils of any class; nil for most
	numbers  numbers
	teachers []*teacher // those who have a class, and the head first
}

// schoolKind says what a school teaches. "Élémentaire" and "primaire" share
// their type: only the prefix of the name tells them apart.
type schoolKind struct {
	prefix string // of the public school's name
	code   string // nature of the establishment
	label  string
	levels []school.Level
}

var (
	maternelle  = schoolKind{"E.M", "101", "ECOLE MATERNELLE", school.Levels[1:4]}
	elementaire = schoolKind{"E.E", "151", "ECOLE DE NIVEAU ELEMENTAIRE", school.Levels[4:]}
	primaire    = schoolKind{"E.P", "151", "ECOLE DE NIVEAU ELEMENTAIRE", school.Levels[1:]}
)

// class is a class or a group. No record tells of it: it lives in its pupils.
type class struct {
	id      int64
	school  *establishment
	kind    string // code and label of its type: "11$ORDINAIRE"
	levels  []school.Level
	size    int
	teacher *teacher // nobody says so in a delivery, but the label may
	label   string
}

// The types of classes. Only the ordinary one has a code that is published.
const (
	ordinary = "11$ORDINAIRE"
	ulis     = "14$ULIS"
	grouping = "40$REGROUPEMENT"
)

// build opens the schools and their classes.
func (l *locality) build(r *rand.Rand, p parcel) {
	rpi := ""
	if l.kind == grouped {
		rpi = l.rpi(p)
	}
	names := r.Perm(len(schoolNames))
	for i, kind := range l.schoolKinds(r, p.schools) {
		c := l.communes[0]
		if l.kind == grouped {
			c = l.communes[i]
		}
		rank := p.firstSchool + i
		e := &establishment{
			id:      firstSchoolID + int64(rank),
			kind:    kind,
			name:    capitals(schoolNames[names[i%len(names)]]),
			commune: c,
			rank:    i + 1,
			rpi:     rpi,
			street:  pick(r, streets),
			phone:   landline(r),
			numbers: numbersOf(rank),
		}
		e.uai = uaiOf(c.department, e.id)
		if l.kind != town && chance(r, 500) {
			e.name = ""
		}
		if i > 0 && kind.prefix == primaire.prefix && l.kind == town {
			e.private = chance(r, 200)
		}
		l.schools = append(l.schools, e)
		l.openClasses(r, e)
	}
	l.drawSectors()
}

// schoolKinds shares n schools between maternelles, élémentaires and
// primaires. In a town a maternelle comes with its élémentaire.
func (l *locality) schoolKinds(r *rand.Rand, n int) []schoolKind {
	if l.kind == grouped {
		// The youngest in one village, the oldest in another.
		levels := school.Levels[1:]
		var kinds []schoolKind
		for i := range n {
			k := primaire
			k.levels = levels[i*len(levels)/n : (i+1)*len(levels)/n]
			kinds = append(kinds, k)
		}
		return kinds
	}
	var kinds []schoolKind
	for len(kinds) < n {
		if n-len(kinds) >= 2 && (len(kinds) == 0 || chance(r, 550)) {
			kinds = append(kinds, maternelle, elementaire)
		} else {
			kinds = append(kinds, primaire)
		}
	}
	return kinds
}

// drawSectors gives a maternelle and the élémentaire beside it the same
// families; the schools of an RPI have them all.
func (l *locality) drawSectors() {
	sector := 0
	for i, e := range l.schools {
		if i > 0 && l.kind == town && e.kind.prefix != elementaire.prefix {
			sector++
		}
		e.sector = sector
	}
}

// openClasses gives the school its classes and their sizes. One class in
// seven holds two levels or more.
func (l *locality) openClasses(r *rand.Rand, e *establishment) {
	n, levels := l.classCount(r, e), e.kind.levels
	for i := range n {
		var held []school.Level
		switch {
		case n < len(levels):
			held = levels[i*len(levels)/n : (i+1)*len(levels)/n]
		default:
			at := i * len(levels) / n
			held = levels[at : at+1]
			if at+1 < len(levels) && chance(r, 110) {
				held = levels[at : at+2]
			}
		}
		if held[0] == school.PS && chance(r, 80) {
			held = append([]school.Level{school.TPS}, held...)
		}
		e.open(ordinary, held, 18+r.IntN(6)+r.IntN(7))
	}
	if e.kind.prefix == elementaire.prefix && n >= 8 && chance(r, 150) {
		e.open(ulis, school.Levels[4:], 10+r.IntN(3))
	}
	if chance(r, 250) {
		e.choir = &class{id: e.numbers.class.take(), school: e, kind: grouping, label: "Chorale"}
	}
}

// classCount draws the number of classes, one to fifteen. The schools of the
// first town are large enough to have every level apart.
func (l *locality) classCount(r *rand.Rand, e *establishment) int {
	least, spread := 5, 9 // a town's primaire
	switch {
	case l.kind == grouped:
		least, spread = 1, 2
	case l.kind == hamlet:
		least, spread = 2, 6
	case e.kind.prefix == maternelle.prefix:
		least, spread = 3, 5
	case e.kind.prefix == elementaire.prefix:
		least, spread = 6, 9
	}
	n := least + r.IntN(spread)
	if l.shown() {
		n = max(n, len(e.kind.levels))
	}
	return n
}

func (e *establishment) open(kind string, levels []school.Level, size int) {
	e.classes = append(e.classes, &class{id: e.numbers.class.take(), school: e, kind: kind, levels: levels, size: size})
}

// classesFor gives the classes of the school that hold a level, but one.
func (e *establishment) classesFor(level school.Level, but *class) []*class {
	var fit []*class
	for _, c := range e.classes {
		for _, held := range c.levels {
			if held == level && c != but && c.kind == ordinary {
				fit = append(fit, c)
			}
		}
	}
	return fit
}

// nameClasses labels every class, once the teachers are known.
func (l *locality) nameClasses(r *rand.Rand) {
	for _, e := range l.schools {
		for _, c := range e.classes {
			c.rename(r)
		}
	}
}

// rename gives a class one of the labels that schools type: free text, with
// the teacher's name or not, sometimes with two spaces.
func (c *class) rename(r *rand.Rand) {
	names := make([]string, len(c.levels))
	for i, level := range c.levels {
		names[i] = level.Label
	}
	levels := strings.Join(names, pick(r, []string{"-", "/", " "}))
	if c.kind == ulis {
		levels = "ULIS école"
	}
	teacher := c.teacher.civility + " " + c.teacher.usual
	switch n := r.IntN(100); {
	case n < 55:
		c.label = levels + " - " + teacher
	case n < 70:
		c.label = levels + " " + teacher
	case n < 78:
		c.label = levels + "  " + teacher
	case n < 86:
		c.label = "Classe de " + c.teacher.civility + " " + c.teacher.first + " " + c.teacher.usual + " (" + levels + ")"
	case n < 94:
		c.label = levels + " " + string(rune('A'+r.IntN(4)))
	default:
		c.label = levels + " Salle " + strconv.Itoa(1+r.IntN(15))
	}
}

// membership is the value of ENTPersonClasses or ENTPersonGroupes.
func (c *class) membership() string {
	return itoa(c.school.id) + "$" + c.kind + "$" + itoa(c.id) + "$" + c.label
}

// rpi names the RPI after its communes: "096012$CLAIRPRE/VERTBUIS$096".
func (l *locality) rpi(p parcel) string {
	names := make([]string, len(l.communes))
	for i, c := range l.communes {
		names[i] = c.name
	}
	d := l.communes[0].department
	return fmt.Sprintf("%s%03d$%s$%s", d.code, p.firstCommune%1000, strings.Join(names, "/"), d.code)
}

// uaiOf makes the UAI of a structure from its département and its jointure.
func uaiOf(d *department, id int64) school.UAI {
	return school.MakeUAI(fmt.Sprintf("%s%04d", d.code, id))
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }
