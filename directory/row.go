package directory

import (
	"preau/core/db"
	"preau/core/school"
)

// Stage is what a school teaches.
type Stage string

// The stages; empty for what is not a school.
const (
	Maternelle  Stage = "maternelle"
	Elementaire Stage = "elementaire"
	Primaire    Stage = "primaire"
)

// Origin says which delivery of which source made a row. Both are zero for a
// row made by hand.
type Origin struct {
	Source, Feed school.ID
}

// Said is the origin of a row that one record of the source says, and that
// only this record may change: Jointure is the record's key.
type Said struct {
	Jointure int64
	Origin
}

// Structure is a school, or what schools are within.
type Structure struct {
	ID              school.ID
	Ref             string // what the world calls it: "uai:0789001K", "commune:78999"
	Kind            Kind
	UAI             school.UAI
	Stage           Stage
	Name, NameKey   string
	TypeCode, Type  string
	Sector          string // PU, PR
	Contract, SIRET string
	Ministry        string
	Address         string
	PostalCode      string
	Town            string
	Phone, Fax      string
	Mail            string
	From, Until     db.Time
	Origin
}

// Structures is the table of structures.
var Structures = Table[Structure]{
	Name: "directory_structure", Keys: 1,
	Columns: []string{"id", "ref", "kind", "uai", "stage", "name", "name_key", "type_code", "type_label", "sector",
		"contract", "siret", "ministry", "address", "postal_code", "town", "phone", "fax", "mail",
		"from_at", "until_at", "source_id", "feed_id"},
	fields: func(s *Structure) []any {
		return []any{&s.ID, &s.Ref, &s.Kind, &s.UAI, &s.Stage, &s.Name, &s.NameKey, &s.TypeCode, &s.Type, &s.Sector,
			&s.Contract, &s.SIRET, &s.Ministry, &s.Address, &s.PostalCode, &s.Town, &s.Phone, &s.Fax, &s.Mail,
			&s.From, &s.Until, &s.Source, &s.Feed}
	},
	Made:    func(s *Structure) school.ID { return s.Feed },
	Subject: func(*Structure) school.ID { return 0 },
}

// Within says that a structure is within another, at any height.
type Within struct {
	Structure, Ancestor school.ID
	Origin
}

// Withins is the table of what is within what.
var Withins = Table[Within]{
	Name: "directory_within", Keys: 2,
	Columns: []string{"structure_id", "ancestor_id", "source_id", "feed_id"},
	fields:  func(w *Within) []any { return []any{&w.Structure, &w.Ancestor, &w.Source, &w.Feed} },
	Made:    func(w *Within) school.ID { return w.Feed },
	Subject: func(*Within) school.ID { return 0 },
}

// ClassKind tells a class from a group.
type ClassKind string

// The kinds of classes.
const (
	OrdinaryClass ClassKind = "class"
	Group         ClassKind = "group"
)

// Class is a class or a group of one school year.
type Class struct {
	ID              school.ID
	School          school.ID
	Year            school.Year
	Kind            ClassKind
	SourceKey       string // idClasse: stable in a year, when the label is not
	Label, LabelKey string
	TypeCode, Type  string
	From, Until     db.Time
	Origin
}

// Classes is the table of classes and groups.
var Classes = Table[Class]{
	Name: "directory_class", Keys: 1,
	Columns: []string{"id", "school_id", "year", "kind", "source_key", "label", "label_key", "type_code", "type_label",
		"from_at", "until_at", "source_id", "feed_id"},
	fields: func(c *Class) []any {
		return []any{&c.ID, &c.School, &c.Year, &c.Kind, &c.SourceKey, &c.Label, &c.LabelKey, &c.TypeCode, &c.Type,
			&c.From, &c.Until, &c.Source, &c.Feed}
	},
	Made:    func(c *Class) school.ID { return c.Feed },
	Subject: func(*Class) school.ID { return 0 },
}

// Person is anybody: a pupil, a guardian, a member of a staff, or an
// organisation that is a pupil's guardian. What a person is follows from
// enrolments, bonds and functions, never from a field here.
type Person struct {
	ID           school.ID
	Organisation bool
	Civility     string
	BirthName    string
	UsualName    string
	FirstName    string
	OtherNames   string
	SortKey      string // folded usual name, then first name
	BirthDate    string // "2019-03-04", or empty
	INE          school.INE
	Mail         string
	HomePhone    string
	MobilePhone  string
	WorkPhone    string
	Address      string // lines
	PostalCode   string
	Town         string
	Country      string
	ShowAddress  bool    // to other families; false unless they said so
	Departed     db.Time // zero: here
	Said
}

// Persons is the table of people.
var Persons = Table[Person]{
	Name: "directory_person", Keys: 1,
	Columns: []string{"id", "organisation", "civility", "birth_name", "usual_name", "first_name", "other_names", "sort_key",
		"birth_date", "ine", "mail", "home_phone", "mobile_phone", "work_phone", "address", "postal_code", "town", "country",
		"show_address", "departed_at", "source_id", "jointure", "feed_id"},
	fields: func(p *Person) []any {
		return []any{&p.ID, &p.Organisation, &p.Civility, &p.BirthName, &p.UsualName, &p.FirstName, &p.OtherNames, &p.SortKey,
			&p.BirthDate, &p.INE, &p.Mail, &p.HomePhone, &p.MobilePhone, &p.WorkPhone, &p.Address, &p.PostalCode, &p.Town, &p.Country,
			&p.ShowAddress, &p.Departed, &p.Source, &p.Jointure, &p.Feed}
	},
	Made:    func(p *Person) school.ID { return p.Feed },
	Subject: func(p *Person) school.ID { return p.ID },
}

// Key is what a source calls a structure or a person.
type Key struct {
	Source   school.ID
	Category string
	Jointure int64
	Subject  school.ID
	Hash     int64     // of the record as last applied; 0: to be compared again
	Live     bool      // false once it has departed or was undone
	Feed     school.ID // the last delivery that wrote this row
	MadeBy   school.ID // the delivery that brought the key
}

// Keys is the table of keys.
var Keys = Table[Key]{
	Name: "directory_key", Keys: 3,
	Columns: []string{"source_id", "category", "jointure", "subject_id", "hash", "live", "feed_id", "made_by"},
	fields: func(k *Key) []any {
		return []any{&k.Source, &k.Category, &k.Jointure, &k.Subject, &k.Hash, &k.Live, &k.Feed, &k.MadeBy}
	},
	Made:    func(k *Key) school.ID { return k.MadeBy },
	Subject: func(k *Key) school.ID { return k.Subject },
}

// Enrolment is a pupil's place in a school for a year. The level is the
// pupil's: a class may hold several.
type Enrolment struct {
	Person, School           school.ID
	Year                     school.Year
	From                     db.Time
	LevelCode, Level         string
	Cycle                    string
	Canteen, Transport       bool
	MorningCare, EveningCare bool
	Study                    bool
	Until                    db.Time
	Said
}

// Enrolments is the table of enrolments.
var Enrolments = Table[Enrolment]{
	Name: "directory_enrolment", Keys: 4,
	Columns: []string{"person_id", "school_id", "year", "from_at", "level_code", "level_label", "cycle", "canteen",
		"transport", "morning_care", "evening_care", "study", "until_at", "source_id", "jointure", "feed_id"},
	fields: func(e *Enrolment) []any {
		return []any{&e.Person, &e.School, &e.Year, &e.From, &e.LevelCode, &e.Level, &e.Cycle, &e.Canteen,
			&e.Transport, &e.MorningCare, &e.EveningCare, &e.Study, &e.Until, &e.Source, &e.Jointure, &e.Feed}
	},
	Made:    func(e *Enrolment) school.ID { return e.Feed },
	Subject: func(e *Enrolment) school.ID { return e.Person },
}

// Role is what one is in a class.
type Role string

// The roles.
const (
	AsPupil   Role = "pupil"
	AsTeacher Role = "teacher"
)

// Membership is a person's place in a class or group. A teacher's may be
// shared: days, or a percentage of a full service.
type Membership struct {
	Person, Class school.ID
	Role          Role
	From, Until   db.Time
	Days          string // "lun mar", or empty
	Share         int    // percent; 0: not said
	GrantedBy     school.ID
	Said
}

// Memberships is the table of memberships.
var Memberships = Table[Membership]{
	Name: "directory_membership", Keys: 4,
	Columns: []string{"person_id", "class_id", "role", "from_at", "until_at", "days", "share", "granted_by", "source_id", "jointure", "feed_id"},
	fields: func(m *Membership) []any {
		return []any{&m.Person, &m.Class, &m.Role, &m.From, &m.Until, &m.Days, &m.Share, &m.GrantedBy, &m.Source, &m.Jointure, &m.Feed}
	},
	Made:    func(m *Membership) school.ID { return m.Feed },
	Subject: func(m *Membership) school.ID { return m.Person },
}

// Bond makes a person or an organisation a pupil's guardian.
type Bond struct {
	Pupil, Guardian school.ID
	From, Until     db.Time
	Link            string // N_LIEN_ELEVE_RESPONSABLE: "10" mother, "20" father…
	Authority       bool
	Level, Priority string // where the source gives them
	Said
}

// Bonds is the table of bonds.
var Bonds = Table[Bond]{
	Name: "directory_bond", Keys: 3,
	Columns: []string{"pupil_id", "guardian_id", "from_at", "link", "authority", "level", "priority", "until_at", "source_id", "jointure", "feed_id"},
	fields: func(b *Bond) []any {
		return []any{&b.Pupil, &b.Guardian, &b.From, &b.Link, &b.Authority, &b.Level, &b.Priority, &b.Until, &b.Source, &b.Jointure, &b.Feed}
	},
	Made:    func(b *Bond) school.ID { return b.Feed },
	Subject: func(b *Bond) school.ID { return b.Pupil },
}

// Restriction is a judge's restriction on a bond. A feed never touches it; it
// may carry it over, in a row of its own, to another record: see [Strike].
type Restriction struct {
	ID                                            school.ID
	Pupil, Guardian                               school.ID
	MayNotSign, InformedOnly, HidePlace, NoAccess bool
	Reference                                     string
	From, Until                                   db.Time
	RecordedBy                                    school.ID
	RecordedAt                                    db.Time
	Feed                                          school.ID // that carried it over; 0: a human recorded it
	Carried                                       bool      // over from another record, and nobody has confirmed it
}

// Restrictions is the table of restrictions.
var Restrictions = Table[Restriction]{
	Name: "directory_restriction", Keys: 1,
	Columns: []string{"id", "pupil_id", "guardian_id", "may_not_sign", "informed_only", "hide_place", "no_access",
		"reference", "from_at", "until_at", "recorded_by", "recorded_at", "feed_id", "carried"},
	fields: func(r *Restriction) []any {
		return []any{&r.ID, &r.Pupil, &r.Guardian, &r.MayNotSign, &r.InformedOnly, &r.HidePlace, &r.NoAccess,
			&r.Reference, &r.From, &r.Until, &r.RecordedBy, &r.RecordedAt, &r.Feed, &r.Carried}
	},
	Made:    func(*Restriction) school.ID { return 0 },
	Subject: func(r *Restriction) school.ID { return r.Pupil },
}

// Function is what a person does in a structure, and the profile it gives.
type Function struct {
	Person, Structure school.ID
	Year              school.Year
	Code, Specialty   string
	From, Until       db.Time
	Profile           school.Profile
	Label             string
	GrantedBy         school.ID
	ConfirmedBy       school.ID // of a post that two people give
	Reason            string
	Said
}

// Functions is the table of functions.
var Functions = Table[Function]{
	Name: "directory_function", Keys: 6,
	Columns: []string{"person_id", "structure_id", "year", "code", "specialty", "from_at", "profile", "label", "until_at",
		"granted_by", "confirmed_by", "reason", "source_id", "jointure", "feed_id"},
	fields: func(f *Function) []any {
		return []any{&f.Person, &f.Structure, &f.Year, &f.Code, &f.Specialty, &f.From, &f.Profile, &f.Label, &f.Until,
			&f.GrantedBy, &f.ConfirmedBy, &f.Reason, &f.Source, &f.Jointure, &f.Feed}
	},
	Made:    func(f *Function) school.ID { return f.Feed },
	Subject: func(f *Function) school.ID { return f.Person },
}

// Proposal says that two records may be one person. A human decides.
type Proposal struct {
	Person, Other school.ID
	Reason        string
	Made, Decided db.Time
	Decision      string
	Feed          school.ID
}

// Proposals is the table of proposals.
var Proposals = Table[Proposal]{
	Name: "directory_proposal", Keys: 2,
	Columns: []string{"person_id", "other_id", "reason", "made_at", "decided_at", "decision", "feed_id"},
	fields: func(p *Proposal) []any {
		return []any{&p.Person, &p.Other, &p.Reason, &p.Made, &p.Decided, &p.Decision, &p.Feed}
	},
	Made:    func(p *Proposal) school.ID { return p.Feed },
	Subject: func(p *Proposal) school.ID { return p.Person },
}
