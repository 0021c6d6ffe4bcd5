package onde

import (
	"bytes"
	"fmt"
	"time"

	"preau/core/school"
)

// Kind is what a file lists.
type Kind string

// The kinds of files. ONDE has no extraction of teachers.
const (
	Pupils    Kind = "pupils"
	Guardians Kind = "guardians"
)

// File is a file as it was given.
type File struct {
	Name    string // to be told by: no two of an extraction have the same
	Content []byte
}

// Extraction is what the files of one school say.
type Extraction struct {
	Files     []Listing
	Pupils    []Pupil
	Guardians []Guardian
	Troubles  []Trouble
}

// Has tells whether a file of the kind is there: without one, nothing is said
// of those whom it would list.
func (e *Extraction) Has(kind Kind) bool {
	for _, f := range e.Files {
		if f.Kind == kind {
			return true
		}
	}
	return false
}

// Listing is a file that was recognised.
type Listing struct {
	Name string
	Kind Kind
	Rows int // people in it, those who were rejected among them
}

// Place is where a row stands.
type Place struct {
	File string
	Line int // as an editor numbers them, the headers' being 1
}

// Pupil is a row of a file of pupils.
type Pupil struct {
	Place
	Civility  string // "M." or "Mme", by the sex; or empty
	Birth     string // nom de famille; the nom d'usage where it is missing
	Usual     string // nom d'usage; empty for most
	First     string
	Others    []string
	BirthDate time.Time // midnight UTC of the day; zero when unknown
	INE       school.INE
	Level     school.Level
	Cycle     string // "1", "2", "3" or empty
	ClassKey  string // Identifiant classe; empty in the old layout
	Class     string // its label; both are empty for whoever is in none
}

// Guardian is a row of a file of guardians.
type Guardian struct {
	Place
	Civility    string
	Service     bool // a service and not a person: its civility is left empty
	Birth       string
	Usual       string
	First       string
	Address     string
	PostalCode  string
	Town        string
	Country     string
	ShowAddress bool
	Mail        string
	HomePhone   string
	WorkPhone   string
	MobilePhone string
	// Unsaid are the means of contact that the file does not say, or not in a
	// form that is one: what is known of them stays.
	Unsaid   []Contact
	Children []Child
}

// Contact is one of a guardian's means of contact.
type Contact uint8

// The means of contact.
const (
	ByMail Contact = iota
	ByHomePhone
	ByWorkPhone
	ByMobilePhone
	Shown // whether the address may be shown to other families
)

// Child is what a guardian's row says of one of their children: never an INE.
type Child struct{ Birth, Usual, First, Class string }

// What an extraction may be at most: some ten times the largest school.
const (
	MaxFiles     = 50
	MaxFileBytes = 8 << 20
	MaxBytes     = 32 << 20 // of all files
	maxRows      = 5_000
	maxCells     = 500
	maxCell      = 500 // characters
	maxTroubles  = 5_000
)

// Read reads the files of one school, in any order; one that says the same as
// another is read once. The error is a *[Refusal].
func Read(files []File) (*Extraction, error) {
	e := &Extraction{}
	total := 0
	if len(files) > MaxFiles {
		return nil, &Refusal{Kind: TooLarge, Reason: fmt.Sprintf("there are more than %d files", MaxFiles)}
	}
	for i, f := range files {
		if total += len(f.Content); len(f.Content) > MaxFileBytes || total > MaxBytes {
			return nil, &Refusal{Kind: TooLarge, File: f.Name, Reason: fmt.Sprintf("the file is beyond the %d bytes of an extraction", MaxFileBytes)}
		}
		if again(files[:i], f) {
			continue
		}
		if err := e.read(f); err != nil {
			return nil, err
		}
	}
	if !e.Has(Pupils) {
		return nil, &Refusal{Kind: NoPupils, Reason: "no file lists pupils: give the extraction of the category Élèves, alone or with that of the Responsables"}
	}
	if len(e.Pupils) == 0 {
		return nil, &Refusal{Kind: NoPupils, Reason: "the file of pupils lists nobody"}
	}
	return e, nil
}

func again(before []File, f File) bool {
	for _, other := range before {
		if bytes.Equal(other.Content, f.Content) {
			return true
		}
	}
	return false
}

// read reads one file.
func (e *Extraction) read(f File) error {
	text, err := decode(f)
	if err != nil {
		return err
	}
	rows, err := split(f.Name, text)
	if err != nil {
		return err
	}
	head, rows, ok := heading(rows)
	if !ok {
		e.tell(Trouble{Kind: NotExtraction, Action: Ignored, Place: Place{File: f.Name}, Count: 1})
		return nil
	}
	if missing := head.missing(); missing != "" {
		return &Refusal{Kind: MissingColumn, File: f.Name, Reason: "the column " + missing + " is not there"}
	}
	rows = withoutFooter(rows)
	e.Files = append(e.Files, Listing{f.Name, head.kind, len(rows)})
	r := &reader{extraction: e, head: head, file: f.Name, odd: map[int]int{}}
	for _, row := range rows {
		r.row(row)
	}
	r.tellOdd()
	return nil
}

// tell keeps a trouble; past a number of them, only those of whole files.
func (e *Extraction) tell(t Trouble) {
	if len(e.Troubles) < maxTroubles || t.Line == 0 {
		e.Troubles = append(e.Troubles, t)
	}
}
