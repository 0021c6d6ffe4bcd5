package personal

import (
	"slices"
	"time"

	"preau/core/db"
	"preau/core/school"
)

// Category is a kind of personal data, as RU-003 article 2 lists them.
type Category string

// The categories.
const (
	Identity     Category = "identity"     // civility, names, date of birth
	Contact      Category = "contact"      // addresses, telephones, mail
	NationalID   Category = "national-id"  // the INE, and the AAF's jointure
	Schooling    Category = "schooling"    // school, class, level, groups, périscolaire
	Family       Category = "family"       // who holds authority over whom, restrictions
	Professional Category = "professional" // functions, structures, professional mail
	Account      Category = "account"      // login, password, sessions
	Content      Category = "content"      // what people write and publish in rooms
	Trace        Category = "trace"        // who did what, when
)

// Purpose is why the data is kept (RU-003 article 1).
type Purpose string

// The purposes.
const (
	Portal   Purpose = "portal"   // give each user their own services and information
	Feed     Purpose = "feed"     // keep the register in step with the academic directory
	Security Purpose = "security" // keep accounts and the service safe, and account for it
)

// Recipient is who may see the data (RU-003 article 4), within their rights.
type Recipient string

// The recipients.
const (
	Oneself   Recipient = "self"
	Guardians Recipient = "guardians" // of the pupil
	Teachers  Recipient = "teachers"  // of the pupil
	Heads     Recipient = "heads"     // of the school
	Granters  Recipient = "granters"  // who had the access opened: commune, académie, project
	Aides     Recipient = "aides"     // and other staff of the school: their colleagues, and the pupils of the classes that are theirs
	Municipal Recipient = "municipal" // agents of the commune: the lists of its périscolaire, and the heads' names
	Pilots    Recipient = "pilots"    // of the académie: figures, and no name but the heads'
	Operators Recipient = "operators" // who run the project's ENT
	Followers Recipient = "followers" // of the schools concerned: their staff, their commune, their pilots
	Nobody    Recipient = "nobody"    // the program alone
)

// Retention is how long a row is kept.
type Retention struct {
	// Days run from the instant in the column From. When From is empty they
	// run from the day the person has no more reason to hold an account
	// (RU-003 article 6: three months at most).
	From string
	Days int
}

// AfterDeparture is the ordinary retention: RU-003 article 6.
var AfterDeparture = Retention{Days: 90}

// Term is the length of the retention.
func (r Retention) Term() time.Duration { return time.Duration(r.Days) * 24 * time.Hour }

// Table declares one table.
type Table struct {
	Name string
	// Personal gives each column that says something about a person.
	Personal map[string]Category
	// Plain lists the other columns: keys, dates of validity, states.
	Plain []string
	// Subjects are the columns that hold the identifier of the person whom
	// a row is about. A row with several (a bond) is about each.
	Subjects []string
	// Authors are the columns that hold the identifier of whoever wrote a row that is there
	// for others: it is theirs to have a copy of, and stays, of nobody, when they are
	// erased.
	Authors []string
	// Keys are the other columns that say nothing to that person: identifiers,
	// but those of places, and keys that sort. See [Taken].
	Keys []string
	// Secret are the columns that tell that person nothing, and would help whoever
	// stole what was given to them: no export has them.
	Secret []string
	// Files are the columns that hold the name of a file of core/blob: what none of them
	// has is swept away. See [Tables.Keeps].
	Files []string
	// Things are the columns that hold the identifier of a thing of a room which a row is,
	// or is part of: it goes with each of them. See [Tables.Remove]. A table that has no
	// [Retention] of its own keeps its rows as long as these things.
	Things []string
	// Says tells that a row is, or is part of, what its thing says: [Tables.Said] reads it
	// before that is changed, and [Tables.Swap] puts it back. What others did with the thing
	// since is in other tables.
	Says bool
	// School is a condition that finds the rows of the school $1, for its
	// archive; empty for what is not a school's.
	School string

	Purpose    Purpose
	Recipients []Recipient
	Retention  Retention
	// Sooner is the retention of a row that was taken off: it goes when the first of both is over.
	Sooner Retention
}

// terms are the retentions that run from a column.
func (t Table) terms() []Retention {
	return slices.DeleteFunc([]Retention{t.Retention, t.Sooner}, func(r Retention) bool { return r.From == "" })
}

// thing is the column of the identifier of a row that is a thing itself.
const thing = "id"

// IsThing tells that a row is a thing, of which others may be part.
func (t Table) IsThing() bool { return slices.Contains(t.Things, thing) }

// GoesWithItsThing tells that rows are kept as long as the thing that they are part of.
func (t Table) GoesWithItsThing() bool { return len(t.Things) > 0 && t.Retention == (Retention{}) }

// Columns lists every column, sorted.
func (t Table) Columns() []string {
	columns := slices.Clone(t.Plain)
	for name := range t.Personal {
		columns = append(columns, name)
	}
	slices.Sort(columns)
	return columns
}

// Tables is what one slice holds. Embedded in the slice's type, it makes it
// a [Steward] and a [Keeper].
type Tables []Table

// Holdings lists the tables.
func (t Tables) Holdings() Tables { return t }

// Steward is a slice that holds personal data: it says which, gives one
// person theirs, erases it, and forgets what is past its term. Purge gives how many
// things or rows it forgot, and is asked again until there are none: a year ago as
// today, a school day leaves more than one transaction should hold ([PurgedAtOnce]).
type Steward interface {
	Holdings() Tables
	Export(tx *db.Tx, person school.ID) ([]Row, error)
	Erase(tx *db.Tx, person school.ID) error
	Purge(tx *db.Tx) (int64, error)
}

// PurgedAtOnce is how many things or rows of a table a [Steward] forgets in one transaction.
const PurgedAtOnce = 500

// Keeper is a slice whose contents a school keeps: it writes them into an
// archive and restores them from it.
type Keeper interface {
	Archive(tx *db.Tx, of school.ID, put func(Row) error) error
	Restore(tx *db.Tx, row Row) error
}

var (
	_ Steward = Tables(nil)
	_ Keeper  = Tables(nil)
)
