package aaf

import (
	"time"

	"preau/core/school"
)

// Mode tells a complete delivery, where absence means departure, from a
// delta, which says only what changed.
type Mode string

// The modes, as file names write them.
const (
	Complete Mode = "Complet"
	Delta    Mode = "Delta"
)

// Category is the kind of a record, as file names and records write it.
type Category string

// The four categories of the premier degré.
const (
	Structures Category = "EtabEducNat"
	Staffs     Category = "PersEducNat"
	Pupils     Category = "Eleve"
	Guardians  Category = "PersRelEleve"
)

// Op is what a record asks for. In a delivery the structures always come
// whole, as additions: an addition of what is known is an update.
type Op uint8

// The three requests of the DTD.
const (
	Add    Op = iota // addRequest: the whole record
	Modify           // modifyRequest: the attributes to replace
	Delete           // deleteRequest: category and key only
)

// Key is the jointure of a record: unique in one académie, for one degree.
type Key int64

// Record is one request of a delivery. Exactly one of Structure, Staff, Pupil
// and Guardian is set, by Category; none is when Op is Delete.
type Record struct {
	Op       Op
	Category Category
	Key      Key

	File   string // name of the file, without its folder
	Number int    // rank of the record in its file, from 1
	Line   int    // line of its first tag

	Structure *Structure
	Staff     *Staff
	Pupil     *Pupil
	Guardian  *Guardian

	// Hash digests everything that the record says, whatever its order and
	// layout: two records of one key with the same hash say the same thing.
	// A Modify hashes like the Add that would say the same attributes.
	Hash int64

	given uint64 // the attributes that the record carries, by rank in their table
}

// Coded is a nomenclature value: "1121$CP" is {"1121", "CP"}.
type Coded struct{ Code, Label string }

// Name is the identity that the three kinds of people share.
type Name struct {
	Civility string   // ENTPersonCivilite: "M.", "Mme" or empty
	Birth    string   // ENTPersonNomPatro: nom de famille
	Usual    string   // ENTPersonNom: nom d'usage, never empty
	First    string   // ENTPersonPrenom
	Others   []string // ENTPersonAutresPrenoms
}

// Structure is a school or any other structure (circonscription, DSDEN…).
type Structure struct {
	UAI             school.UAI
	SIRET           string // ENTStructureSIREN, in fact 14 digits
	Prefix          string // first field of ENTStructureNomCourant: "E.P.PU"
	Name            string // second field: "LES LILAS", often empty
	Place           string // third field: "BELLEVILLE"
	Type            Coded  // ENTStructureCodeTypeStruct (often absent) and TypeStruct
	Ministry        Coded
	Sector          string // "PU" or "PR"
	Contract        string
	Circonscription Key // 0 when none
	Commune         Commune
	RPI             RPI
	Academy         Coded // ENTServAcCodeAcademie (often absent) and ENTServAcAcademie
	Address         Address
	Phone, Fax      string
	Mail            string
}

// Commune is ENTEcoleCommune: "78999$BELLEVILLE$078".
type Commune struct {
	INSEE, Name, Department string
}

// RPI is a regroupement pédagogique intercommunal: several communes share
// one set of classes.
type RPI struct {
	Code, Name, Department string
}

// Address is a postal address; lines keep the order of the source.
type Address struct {
	Lines      []string
	POBox      string
	PostalCode string
	Town       string
	Country    string
}

// Pupil is an Eleve.
type Pupil struct {
	Name
	INE         school.INE
	BirthDate   time.Time // midnight UTC of the day; zero when unknown
	Mail        string
	Schools     []Key // ENTPersonStructRattach
	Guardians   []Authority
	Canteen     bool
	Transport   bool
	MorningCare bool
	EveningCare bool
	Study       bool
	Level       school.Level
	Cycle       Coded
	ClassType   Coded
	Classes     []Membership
	Groups      []Membership
	Entries     []Stay // ENTEleveDateEntreeClasses
	Exits       []Stay // ENTEleveDateSortieClasses
	Enrolled    time.Time
	Left        time.Time
}

// Authority is one value of ENTEleveAutoriteParentale: who holds authority
// over the pupil, and by which link ("10" mother, "20" father…).
type Authority struct {
	Guardian Key
	Link     string
	// Level and Priority are the niveau de responsabilité and the contact
	// priority; both are empty where the delivery does not give them.
	Level, Priority string
}

// Membership is one value of ENTPersonClasses or ENTPersonGroupes. Key, the
// idClasse, is stable; the label is free text and changes.
type Membership struct {
	School Key
	Type   Coded
	Key    string
	Label  string
}

// Stay is the day on which a pupil entered or left a class.
type Stay struct {
	School Key
	Day    time.Time // midnight UTC of the day
	Class  string
}

// Guardian is a PersRelEleve. One without a civility is an organisation
// (foster service): Usual holds its name.
type Guardian struct {
	Name
	Pupils      []Key // ENTPersRelEleveEleve: the reverse link, without its code
	Address     Address
	ShowAddress bool // ENTPersonAdresseDiffusion; false unless said
	HomePhone   string
	MobilePhone string
	WorkPhone   string
	Mail        string
}

// Organisation tells whether the guardian is a service and not a person.
func (g *Guardian) Organisation() bool { return g.Civility == "" }

// Staff is a PersEducNat.
type Staff struct {
	Name
	Mail        string
	Schools     []Key // ENTPersonStructRattach; empty for one in ten (itinerants, replacements)
	Functions   []Function
	Directs     []Key // ENTEnsFonctionDir
	Teaching    bool  // ENTPersonCategorieEnseignant
	Specialties []Coded
}

// Function is one value of ENTPersonFonctions:
// "412$ENS$ENSEIGNEMENT$D0000$DIRECTION".
type Function struct {
	Structure Key
	Function  Coded
	Specialty Coded
}

// Heads tells whether the function is a school's direction.
func (f Function) Heads() bool {
	return f.Specialty.Code == "D0000" || f.Specialty.Label == "DIRECTION"
}
