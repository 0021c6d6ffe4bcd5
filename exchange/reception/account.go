package reception

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"preau/core/audit"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
	"preau/directory"
	"preau/directory/feed"
)

// Account is an académie that delivers, and what is agreed with it: one is open
// for each at a time. The zero account is the folder where operators put files
// themselves.
type Account struct {
	ID      school.ID
	Name    string // of its folder, and of its SFTP user
	Academy string // as [school.AcademyCode] gives it
	// Schools are those that the project opened to it; none: all of the
	// académie's.
	Schools     []school.UAI
	Daily       bool // a delta comes each working day
	Checksum    bool // demanded
	SilenceDays int  // after which its silence is told
	OpenedAt    time.Time
	ClosedAt    time.Time // zero while it is open
	HeardAt     time.Time // what was applied or held came last; zero: never
	silenceDay  string
}

// DefaultSilence is how many days without anything are told: deliveries come
// every night or every week.
const DefaultSilence = 8

// accountName is a name that a Unix user may have, and no folder of ours.
var accountName = regexp.MustCompile(`^[a-z][a-z0-9-]{2,30}$`)

// check refuses an account that cannot be.
func (a *Account) check() error {
	switch {
	case !accountName.MatchString(a.Name):
		return fail.New(fail.Invalid, "an account has a name of 3 to 31 small letters, digits and dashes, which begins with a letter")
	case slices.Contains([]string{"out", "root", "preau", "archive", "quarantine"}, a.Name):
		return fail.New(fail.Invalid, "no account is called %s", a.Name)
	case a.Academy == "":
		return fail.New(fail.Invalid, "an account is of an académie: its code, such as 025, or its name")
	case a.SilenceDays < 1 || a.SilenceDays > 366:
		return fail.New(fail.Invalid, "silence is told after 1 to 366 days, not %d", a.SilenceDays)
	}
	for i, uai := range a.Schools {
		a.Schools[i] = school.UAI(strings.ToUpper(string(uai)))
		if !a.Schools[i].Valid() {
			return fail.New(fail.Invalid, "%q is no UAI: seven digits and their check letter", uai)
		}
	}
	slices.Sort(a.Schools)
	a.Schools = slices.Compact(a.Schools)
	return nil
}

// Known tells whether an académie is one: of the nomenclature, or one that has
// delivered or has an account.
func Known(tx *db.Tx, academy string) (bool, error) {
	if school.KnownAcademy(academy) {
		return true, nil
	}
	_, err := directory.StructureByRef(tx, "academy:"+academy)
	if err == nil || !fail.Is(err, fail.NotFound) {
		return err == nil, err
	}
	accounts, err := allAccounts(tx)
	return slices.ContainsFunc(accounts, func(a Account) bool { return a.Academy == academy }), err
}

// Perimeter is what deliveries of the account may speak of; nil for the
// operators' folder: everything.
func (a *Account) Perimeter() *feed.Perimeter {
	if a.ID == 0 {
		return nil
	}
	p := &feed.Perimeter{Academy: a.Academy}
	for _, uai := range a.Schools {
		if p.Schools == nil {
			p.Schools = map[school.UAI]bool{}
		}
		p.Schools[uai] = true
	}
	return p
}

// silent tells since when nothing of use came, when that is too long.
func (a *Account) silent(now time.Time) (since time.Time, ok bool) {
	if since = a.HeardAt; since.Before(a.OpenedAt) {
		since = a.OpenedAt
	}
	return since, a.ID != 0 && now.Sub(since) > time.Duration(a.SilenceDays)*24*time.Hour
}

// Open opens an account, or changes what is agreed with it; it tells whether
// it is new or was closed.
func (s *Service) Open(tx *db.Tx, a Account) (opened bool, err error) {
	if err := a.check(); err != nil {
		return false, err
	}
	known, err := accountByName(tx, a.Name)
	switch {
	case fail.Is(err, fail.NotFound):
		a.ID, opened = school.NewID(tx.Now), true
	case err != nil:
		return false, err
	case known.ClosedAt.IsZero() && known.Academy != a.Academy:
		return false, fail.New(fail.Conflict, "the account %s is of the académie %s; close it first", a.Name, known.Academy)
	default:
		a.ID, opened = known.ID, !known.ClosedAt.IsZero()
	}
	if err := alone(tx, a); err != nil {
		return false, err
	}
	if err := putAccount(tx, a, opened); err != nil {
		return false, err
	}
	return opened, s.Audit.Write(tx, audit.Entry{
		Action: actOpen, Kind: "account", Object: a.ID, Detail: audit.Detail{"account": a.Name},
	})
}

// alone refuses a second account of an académie: deliveries of one académie
// follow each other, and what two senders send is in no order.
func alone(tx *db.Tx, a Account) error {
	open, err := Accounts(tx)
	for _, b := range open {
		if b.Academy == a.Academy && b.ID != a.ID {
			return fail.New(fail.Conflict, "the académie %s delivers by the account %s; close it first", a.Academy, b.Name)
		}
	}
	return err
}

// Close closes an account: its folder is not looked at any more.
func (s *Service) Close(tx *db.Tx, name string) error {
	a, err := accountByName(tx, name)
	if fail.Is(err, fail.NotFound) || err == nil && !a.ClosedAt.IsZero() {
		return fail.New(fail.NotFound, "there is no open account %s", name)
	}
	if err != nil {
		return err
	}
	if err := closeAccount(tx, a.ID); err != nil {
		return err
	}
	return s.Audit.Write(tx, audit.Entry{
		Action: actClose, Kind: "account", Object: a.ID, Detail: audit.Detail{"account": a.Name},
	})
}
