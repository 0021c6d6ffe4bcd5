package onde

import (
	"strings"

	"preau/core/school"
)

// column is what a cell says, whatever its header is called.
type column uint8

const (
	unknown column = iota // nobody knows
	dropped               // RU-003 article 2 does not allow it
	unused                // allowed or harmless, and kept by no table
	birth
	usual
	first
	others
	birthDate
	sex
	civility
	ine
	level
	cycle
	class
	classKey
	address
	postalCode
	town
	country
	showAddress
	mail
	homePhone
	workPhone
	mobilePhone
	childBirth
	childUsual
	childFirst
	childClass
)

// plain reduces a header to its letters and digits: years and tools change
// accents, spaces and capitals.
func plain(header string) string { return strings.ReplaceAll(school.Fold(header), " ", "") }

// pupilColumns are those of both layouts, and of entcore's list of what else
// was met.
var pupilColumns = aliases(map[column]string{
	birth:     "nomeleve nom nomdefamille nomdefamilleeleve nomdeleleve nomdenaissance",
	usual:     "nomdusageeleve nomusageeleve nomdusage nomusage",
	first:     "prenomeleve prenom prenomdeleleve prenom1 premierprenom",
	others:    "deuxiemeprenom troisiemeprenom prenom2 prenom3 autresprenoms",
	birthDate: "datenaissance datedenaissance neele datenaissanceeleve datedenaissanceeleve",
	sex:       "sexe civilite",
	ine:       "ine ineeleve numeroine identifiantnational",
	level:     "niveau niveaueleve",
	cycle:     "cycle",
	class:     "libelleclasse classe libelledelaclasse classeouregroupement",
	classKey:  "identifiantclasse idclasse identifiantdelaclasse",
	// A pupil's own address is not among what the register may hold of pupils;
	// their guardians' is.
	dropped: "adresse1 cp1 commune1 pays1 adresse2 cp2 commune2 pays2 adresse cp commune pays decisiondepassage " +
		"communenaissance deptnaissance paysnaissance nationalite",
	unused: "attestationfournie autorisationassociations autorisationsassociations autorisationphoto autorisationsphotos " +
		"autorisationphotos dateinscription etat intervenant dispositif dispositifs regroupement regroupements",
})

var guardianColumns = aliases(map[column]string{
	birth:       "nomresponsable nomdefamilleresponsable nomdefamille nom",
	usual:       "nomusageresponsable nomdusageresponsable nomdusage nomusage",
	first:       "prenomresponsable prenom",
	civility:    "civiliteresponsable civilite",
	address:     "adresseresponsable adresse",
	postalCode:  "cpresponsable cp codepostal codepostalresponsable",
	town:        "communeresponsable commune ville",
	country:     "pays paysresponsable",
	showAddress: "communicationadresses communicationadresse",
	mail:        "courriel courrielresponsable mail email adressemail adresseelectronique",
	homePhone:   "telephonedomicile telephonedudomicile teldomicile",
	workPhone:   "telephonetravail telephonedutravail teltravail telephoneprofessionnel",
	mobilePhone: "telephoneportable telephonemobile telportable portable",
	childBirth:  "nomdefamilleenfant nomenfant nomdelenfant nomdefamilleeleve nomeleve nomdeleleve",
	childUsual:  "nomdusageenfant nomusageenfant nomdusageeleve nomusageeleve",
	childFirst:  "prenomenfant prenomdelenfant prenomeleve prenomdeleleve",
	childClass:  "classesenfants classeenfant classesenfant classeseleves classeeleve classeseleve classes classe",
	dropped:     "pcs datenaissance datedenaissance profession categoriesocioprofessionnelle situationemploi nationalite",
	unused:      "numerodeposte datedenaissanceeleve datenaissanceeleve datenaissanceenfant datedenaissanceenfant",
})

func aliases(names map[column]string) map[string]column {
	table := map[string]column{}
	for c, list := range names {
		for _, name := range strings.Fields(list) {
			table[name] = c
		}
	}
	return table
}

// privateWords are in the names of columns on matters that RU-003 article 2
// allows for nobody, as directory/aaf has them.
var privateWords = []string{
	"profession", "categoriesocio", "csp", "pcs", "bours", "revenu", "quotient",
	"nationalite", "situationfam", "situationmatri", "marital", "handicap", "sante", "religion",
}

// head is the headers of a file.
type head struct {
	kind    Kind
	names   []string // as the file has them
	columns []column
	// blocks gives, for each column of a child, the rank of the child.
	blocks []int
	// stride repeats the last block for cells that are past the headers.
	stride []column
}

// at is the first column that says something; -1 when none does.
func (h *head) at(c column) int {
	for i, other := range h.columns {
		if other == c {
			return i
		}
	}
	return -1
}

// missing names a column without which nobody is known.
func (h *head) missing() string {
	if h.at(birth) < 0 && h.at(usual) < 0 {
		return map[Kind]string{Pupils: "Nom élève", Guardians: "Nom responsable"}[h.kind]
	}
	if h.at(first) < 0 {
		return map[Kind]string{Pupils: "Prénom élève", Guardians: "Prénom responsable"}[h.kind]
	}
	if h.kind == Guardians && h.at(childFirst) < 0 {
		return "Prénom enfant"
	}
	return ""
}

// heading finds the headers, which some tools put a few lines down, and gives
// what follows them.
func heading(rows []row) (*head, []row, bool) {
	for i, r := range rows[:min(len(rows), 5)] {
		if h := recognise(r.cells); h != nil {
			return h, rows[i+1:], true
		}
	}
	return nil, nil, false
}

// recognise tells what a line of headers announces; nil for none.
func recognise(cells []string) *head {
	h := &head{names: cells}
	names := make([]string, len(cells))
	pupil := 0
	for i, cell := range cells {
		names[i] = plain(cell)
		switch {
		case strings.HasSuffix(names[i], "responsable"):
			h.kind = Guardians
		case pupilColumns[names[i]] >= birth:
			pupil++
		}
	}
	if h.kind == "" && pupil >= 4 {
		h.kind = Pupils
	}
	switch h.kind {
	case Pupils:
		h.pupils(names)
	case Guardians:
		h.guardians(names)
	default:
		return nil
	}
	return h
}

// fate gives what a column says.
func fate(table map[string]column, name string) column {
	if c, ok := table[name]; ok {
		return c
	}
	for _, word := range privateWords {
		if strings.Contains(name, word) {
			return dropped
		}
	}
	return unknown
}

func (h *head) pupils(names []string) {
	h.columns = make([]column, len(names))
	for i, name := range names {
		h.columns[i] = fate(pupilColumns, name)
	}
}

// guardians parts the columns: those of the guardian, then blocks that say a
// child each, with the same headers again or with a number. A block is told by
// how many times what it says came before.
func (h *head) guardians(names []string) {
	h.columns, h.blocks = make([]column, len(names)), make([]int, len(names))
	seen := map[column]int{}
	for i, name := range names {
		c := fate(guardianColumns, name)
		if c == unknown {
			c = fate(guardianColumns, strings.TrimRight(name, "0123456789"))
		}
		h.columns[i] = c
		if c >= childBirth {
			h.blocks[i] = seen[c]
			seen[c]++
		}
	}
	for i, c := range h.columns { // the first block, when the children come last
		if c >= childBirth && h.blocks[i] == 0 {
			h.stride = append(h.stride, c)
		}
	}
	if last := len(h.columns) - 1; last < 0 || h.columns[last] < childBirth {
		h.stride = nil
	}
}

// child gives what a cell says of which child; cells past the headers go on
// with the blocks.
func (h *head) child(i int) (c column, rank int, ok bool) {
	if i < len(h.columns) {
		return h.columns[i], h.blocks[i], h.columns[i] >= childBirth
	}
	if len(h.stride) == 0 {
		return unknown, 0, false
	}
	past, blocks := i-len(h.columns), h.blocks[len(h.blocks)-1]+1
	return h.stride[past%len(h.stride)], blocks + past/len(h.stride), true
}
