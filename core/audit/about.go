package audit

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"preau/core/db"
	"preau/core/school"
)

// Act is an entry as the person whom it is about reads it, or who answers for
// them, or for their school.
type Act struct {
	ID      school.ID
	At      time.Time
	Actor   school.ID      // 0: a visitor, the program, or somebody who is not told
	Profile school.Profile // the hat that they wore; may be unknown
	Object  school.ID
	Subject school.ID
	Action  Action
	Detail  Detail
}

// Choice is which entries are wanted.
type Choice struct {
	About     []school.ID // people, and schools
	Everybody bool        // whoever it is about
	On        []school.ID // objects acted on; none: any
	By        []school.ID // who acted; none: anybody
	Whom      string      // the detail of that name; empty: any
	At        school.ID   // a school in which it was done; 0: anywhere
	Actions   []Action
	Since     time.Time
	Before    school.ID // entries before this one; 0: the newest
	Most      int
}

// About lists the entries about a person, of these actions, the newest first:
// those before an identifier, unless it is 0, and as many as limit at most.
func (l *Log) About(tx *db.Tx, person school.ID, actions []Action, before school.ID, limit int) ([]Act, error) {
	return l.Chosen(tx, Choice{About: []school.ID{person}, Actions: actions, Before: before, Most: limit})
}

// perLookup is how many people one look-up names.
const perLookup = 500

// Chosen lists entries, the newest first.
func (l *Log) Chosen(tx *db.Tx, c Choice) ([]Act, error) {
	if c.Everybody {
		return chosen(tx, c, "")
	}
	var all []Act
	for some := range slices.Chunk(c.About, perLookup) {
		found, err := chosen(tx, c, " AND subject_id IN ("+db.In(some)+")")
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	slices.SortFunc(all, func(a, b Act) int { return cmp.Compare(b.ID, a.ID) })
	return all[:min(len(all), c.Most)], nil
}

func chosen(tx *db.Tx, c Choice, and string) ([]Act, error) {
	if c.Before == 0 {
		c.Before = math.MaxInt64
	}
	args, these := among(c.Actions, c.Before, c.Most)
	if c.At != 0 {
		args = append(args, c.At)
		and += fmt.Sprintf(" AND school_id = $%d", len(args))
	}
	if len(c.On) > 0 {
		and += " AND object_id IN (" + db.In(c.On) + ")"
	}
	if len(c.By) > 0 {
		and += " AND actor_id IN (" + db.In(c.By) + ")"
	}
	if c.Whom != "" { // a word of the program, between quotes in the JSON
		args = append(args, `%"whom":"`+c.Whom+`"%`)
		and += fmt.Sprintf(" AND detail LIKE $%d", len(args))
	}
	if !c.Since.IsZero() { // the key finds them; a clock that was put back made some of before higher
		args = append(args, db.At(c.Since), school.FirstID(c.Since))
		and += fmt.Sprintf(" AND at >= $%d AND id >= $%d", len(args)-1, len(args))
	}
	acts, err := db.All(tx, func(row db.Row) (a Act, err error) {
		var at db.Time
		var detail string
		err = row.Scan(&a.ID, &at, &a.Actor, &a.Profile, &a.Object, &a.Subject, &a.Action, &detail)
		a.At = at.Time
		if err == nil {
			err = json.Unmarshal([]byte(detail), &a.Detail)
		}
		return a, err
	}, `SELECT id, at, actor_id, profile, object_id, subject_id, action, detail FROM audit_entry WHERE id < $1
		AND `+these+and+` ORDER BY id DESC LIMIT $2`, args...)
	if err != nil {
		return nil, fmt.Errorf("reading the journal: %w", err)
	}
	return acts, nil
}

// Between tells with which of others somebody is in an entry of these actions, as
// far back as the journal goes: one of the two acted, and it is about the other.
func (l *Log) Between(tx *db.Tx, one school.ID, others []school.ID, actions ...Action) ([]school.ID, error) {
	args, these := among(actions, one)
	var found []school.ID
	for some := range slices.Chunk(others, perLookup) {
		met, err := db.All(tx, db.Column[school.ID], `SELECT subject_id FROM audit_entry
			WHERE actor_id = $1 AND subject_id IN (`+db.In(some)+`) AND `+these+`
			UNION SELECT actor_id FROM audit_entry
			WHERE subject_id = $1 AND actor_id IN (`+db.In(some)+`) AND `+these, args...)
		if err != nil {
			return nil, fmt.Errorf("reading the journal between %d and others: %w", one, err)
		}
		found = append(found, met...)
	}
	return found, nil
}

// among says in SQL that an entry is of one of some actions, after arguments that
// the statement has already.
func among(actions []Action, before ...any) (args []any, these string) {
	args = before
	places := make([]string, len(actions))
	for i, action := range actions {
		args = append(args, string(action))
		places[i] = fmt.Sprintf("$%d", len(args))
	}
	return args, `action IN (` + strings.Join(places, ", ") + `)`
}
