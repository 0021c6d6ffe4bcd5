package audit

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"time"

	"preau/core/db"
	"preau/core/school"
)

// Action is what was done, a word of the program: the room, a dot, a verb
// ("account.sign-in").
type Action string

// By is who acts.
type By struct {
	Actor   school.ID      // 0: a visitor, or the program itself
	Profile school.Profile // the hat worn
	Request string         // identifier of the request, as the log has it
}

// Entry is one act.
type Entry struct {
	By
	Action  Action
	Kind    string    // of the object acted on: "session", "delivery"; may be empty
	Object  school.ID // acted on
	Subject school.ID // whom it is about: a person, or a school for all of its people
	School  school.ID // where
	Detail  Detail
}

// Detail says more in a few words of the program and numbers: small letters,
// digits and marks, without spaces. Write refuses anything else, so that no
// name or sentence gets in.
type Detail map[string]string

var word = regexp.MustCompile(`^[a-z0-9][a-z0-9._:-]{0,39}$`)

// maxDetail is how many words a detail may hold.
const maxDetail = 8

func (d Detail) encode() (string, error) {
	words := len(d)
	if d.Replacing() { // nobody's word: see mark
		words--
	}
	if words > maxDetail {
		return "", fmt.Errorf("audit: a detail of %d words", len(d))
	}
	for name, value := range d {
		if !word.MatchString(name) || !word.MatchString(value) {
			return "", fmt.Errorf("audit: the detail %.40q holds what is not a word of the program", name)
		}
	}
	text, err := json.Marshal(d) // sorted by name
	if d == nil {
		text = []byte("{}")
	}
	return string(text), err
}

// under is what a detail says of an act done by a right that is somebody else's.
const under, replacement = "under", "replacement"

// Replacing tells whether the act was done as a replacement.
func (d Detail) Replacing() bool { return d[under] == replacement }

// mark says in the detail of an act that it was done as a replacement.
func (l *Log) mark(tx *db.Tx, e *Entry) error {
	if l.Replaces == nil || e.Actor == 0 || e.Profile != "" && e.Profile != school.Teacher {
		return nil
	}
	replaces, err := l.Replaces(tx, e.Actor, e.School)
	if err != nil || !replaces {
		return err
	}
	e.Detail = maps.Clone(e.Detail)
	if e.Detail == nil {
		e.Detail = Detail{}
	}
	e.Detail[under] = replacement
	return nil
}

// Write journals an act in its own transaction. One that is done as a
// replacement says so, whoever writes it.
func (l *Log) Write(tx *db.Tx, e Entry) error { return l.WriteEach(tx, e) }

// WriteEach is [Log.Write] of several acts.
func (l *Log) WriteEach(tx *db.Tx, entries ...Entry) error {
	rows := make([][]any, len(entries))
	for i, e := range entries {
		detail, err := l.encode(tx, &e)
		if err != nil {
			return err
		}
		rows[i] = e.row(tx, detail)
	}
	return write(tx, rows...)
}

// WriteOnce is [Log.Write] of an act that is the same for a while: it writes nothing
// when its actor did it by the same profile to the same object, about the same subject and
// with the same detail, within that time. It tells whether it wrote.
func (l *Log) WriteOnce(tx *db.Tx, e Entry, within time.Duration) (fresh bool, err error) {
	detail, err := l.encode(tx, &e)
	if err != nil {
		return false, err
	}
	since := tx.Now.Add(-within)
	var again bool
	err = tx.Get([]any{&again}, `SELECT EXISTS (SELECT 1 FROM audit_entry
			WHERE actor_id = $1 AND action = $2 AND object_id = $3 AND subject_id = $4 AND detail = $5 AND at > $6 AND id >= $7
			AND profile = $8)`,
		e.Actor, string(e.Action), e.Object, e.Subject, detail, db.At(since), school.FirstID(since), string(e.Profile))
	if err != nil {
		return false, fmt.Errorf("journalling %s: %w", e.Action, err)
	}
	if again {
		return false, nil
	}
	return true, write(tx, e.row(tx, detail))
}

// encode checks an entry, and gives its detail as it is written.
func (l *Log) encode(tx *db.Tx, e *Entry) (string, error) {
	if !word.MatchString(string(e.Action)) {
		return "", fmt.Errorf("audit: %.40q is not an action", e.Action)
	}
	if err := l.mark(tx, e); err != nil {
		return "", fmt.Errorf("journalling %s: %w", e.Action, err)
	}
	return e.Detail.encode()
}

// columns are those of a row of the journal.
var columns = []string{"id", "at", "actor_id", "profile", "action", "object_kind", "object_id", "subject_id", "school_id", "request", "detail"}

// row is an entry that is written now.
func (e Entry) row(tx *db.Tx, detail string) []any {
	return []any{
		school.NewID(tx.Now), db.At(tx.Now), e.Actor, string(e.Profile), string(e.Action),
		e.Kind, e.Object, e.Subject, e.School, e.Request, detail,
	}
}

func write(tx *db.Tx, rows ...[]any) error {
	if _, err := tx.Add("audit_entry", columns, slices.Values(rows)); err != nil {
		return fmt.Errorf("journalling: %w", err)
	}
	return nil
}
