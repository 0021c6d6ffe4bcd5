package reception

import (
	"errors"
	"regexp"
	"strings"
	"syscall"
	"time"

	"preau/core/fail"
	"preau/core/i18n"
	"preau/core/school"
	"preau/directory/aaf"
	"preau/directory/feed"
)

// Arrival is a delivery as it came: a file or a folder.
type Arrival struct {
	ID         school.ID
	Account    school.ID // 0: the operators' folder
	Name       string    // of the file or the folder
	Digest     string    // SHA-256 of the file, in hexadecimal; empty for a folder
	Size       int64
	Delivery   string // its name, once it was opened
	Mode       aaf.Mode
	Day        string // 2026-09-01
	State      State
	Reason     Reason
	Detail     string // for the operator, in English; names nobody
	Feed       school.ID
	ArrivedAt  time.Time
	DecidedAt  time.Time
	ReleasedAt time.Time // by an operator, and not held since
	Destroyed  time.Time // its files

	Expected string    // the first day that a gap lacks, 2026-09-01; empty: none
	After    string    // in a gap, the day of the last that was applied
	Trouble  Trouble   // why the last try failed
	TryAt    time.Time // not before

	tries int
	told  string
}

// Trouble is why a try failed, in a word; the log has the rest.
type Trouble string

// The troubles.
const (
	Space    Trouble = "space"    // the disk is full
	Database Trouble = "database" // it does not answer
	Other    Trouble = "other"
)

// Troubles lists them.
var Troubles = []Trouble{Space, Database, Other}

// troubleOf gives the word for an error.
func troubleOf(err error) Trouble {
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT), strings.Contains(err.Error(), "disk is full"): // SQLite's
		return Space
	case fail.Is(err, fail.Unavailable):
		return Database
	}
	return Other
}

// tell says what became of an arrival, what it waits for and when it is tried
// again.
func (a *Arrival) tell(p i18n.Printer, now time.Time) string {
	date := func(day string) string {
		t, _ := time.Parse(time.DateOnly, day) // ours
		return p.Date(t)
	}
	sentence, _ := a.says()
	text := p.Say(sentence)
	switch {
	case a.Expected != "":
		text += " " + p.Say("reception.expected", date(a.Expected), date(a.After))
	case a.After != "":
		text += " " + p.Say("reception.after", date(a.After))
	}
	if a.Trouble != "" {
		text += " " + p.Say("reception.trouble."+string(a.Trouble))
		if a.TryAt.After(now) {
			text += " " + p.Say("reception.again", p.Moment(a.TryAt, now))
		}
	}
	return text
}

// State is where an arrival stands.
type State string

// The states.
const (
	Received    State = "received"    // sealed, and to be looked at
	Held        State = "held"        // waits, for another delivery or for an operator
	Applied     State = "applied"     // fed
	Quarantined State = "quarantined" // refused
	Superseded  State = "superseded"  // held until a later delivery was applied
	Expired     State = "expired"     // still held at its term
)

// States lists them.
var States = []State{Received, Held, Applied, Quarantined, Superseded, Expired}

// Reason says why an arrival is held or in quarantine: one of those below,
// or the kind of a [feed.Refusal].
type Reason string

// Why an arrival is held.
const (
	Gap        Reason = "gap"        // a delivery before it is missing, or waits too
	NoComplete Reason = "complete"   // nothing of the académie was applied: a complete delivery comes first
	Departures Reason = "departures" // too many people would depart
	Ahead      Reason = "ahead"      // dated in the future: once applied it would shut out those before its day
	Failed     Reason = "failed"     // it could not be opened or fed, again and again
)

// Why an arrival is in quarantine, beside what the feed refuses.
const (
	BadName       Reason = "name"        // of the file
	Irregular     Reason = "irregular"   // a link, a device, a folder too deep
	Unreadable    Reason = "unreadable"  // or not to be removed: its sender kept it to themselves
	TooBig        Reason = "big"         // or too many files
	NoChecksum    Reason = "no-checksum" // that the account demands
	WrongChecksum Reason = "checksum"
	OtherChecksum Reason = "checksum-name" // it names another file
	BadChecksum   Reason = "checksum-form" // it is none
	Several       Reason = "several"       // deliveries in one
)

// Reasons lists those of this package.
var Reasons = []Reason{
	Gap, NoComplete, Departures, Ahead, Failed, BadName, Irregular, Unreadable, TooBig, NoChecksum, WrongChecksum,
	OtherChecksum, BadChecksum, Several,
}

// says is the key of the sentence for a state and its reason, and that of
// what to do about it.
func (a *Arrival) says() (sentence, remedy string) {
	for _, ours := range Reasons {
		if a.Reason == ours {
			return "reception.reason." + string(a.Reason), "reception.remedy." + string(a.Reason)
		}
	}
	if a.Reason != "" {
		return "feed.refusal." + string(a.Reason), "feed.refusal-remedy." + string(a.Reason)
	}
	return "reception.state-text." + string(a.State), ""
}

// mark is what an acknowledgement tells.
func (a *Arrival) mark() string { return string(a.State) + " " + string(a.Reason) }

// day is the day that the delivery is of.
func (a *Arrival) day() time.Time {
	day, _ := time.Parse(time.DateOnly, a.Day) // zero while it is not known
	return day
}

// reasonOf gives the reason for a refusal: its kind, or one of ours for those
// that wait.
func reasonOf(kind aaf.RefusalKind) Reason {
	switch kind {
	case feed.TooManyDepartures:
		return Departures
	case feed.NoComplete:
		return NoComplete
	}
	return Reason(kind)
}

// plainName is how a delivery's file or folder may be called.
var plainName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._ +-]{0,119}$`)

// unsafe are the characters that no name of ours has.
var unsafe = regexp.MustCompile(`[^A-Za-z0-9._ +-]+`)

// safeName makes of any name one that may be written anywhere.
func safeName(name string) string {
	name = strings.TrimLeft(unsafe.ReplaceAllString(name, "_"), ". ")
	if len(name) > 120 {
		name = name[:60] + name[len(name)-60:]
	}
	if !plainName.MatchString(name) {
		return "x" + name[:min(len(name), 119)]
	}
	return name
}
