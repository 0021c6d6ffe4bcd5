package past

import (
	"bytes"
	"embed"
	"maps"
	"math"
	"slices"
	"time"

	"preau/core/audience"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/personal"
	"preau/core/school"
	"preau/core/search"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is the tables of what was changed.
func Schema() db.Schema { return db.Schema{Name: "past", Files: files} }

// Kept is for how long what was there may be put back: what a thing was until it was changed, one
// that was cancelled or removed, and what was taken back of a stolen account.
const Kept = 90 * 24 * time.Hour

// keptDays is [Kept], of the rows.
const keptDays = int(Kept / (24 * time.Hour))

const changeTable = "past_change"

// Holdings declares the tables. What a thing was goes with the thing, and with whom it is
// about.
var Holdings = personal.Tables{
	{
		Name:     changeTable,
		Subjects: []string{"subject_id"},
		Authors:  []string{"by_id"},
		Keys:     []string{"id", "thing_id"},
		Secret:   []string{"was"},
		Things:   []string{"id", "thing_id"},
		Personal: map[string]personal.Category{"act": personal.Trace, "changed_at": personal.Trace, "was": personal.Content},
		Plain:    []string{"id", "thing_id", "room", "school_id", "subject_id", "by_id"},
		Purpose:  personal.Security,
		// Who takes back what a stolen account did.
		Recipients: []personal.Recipient{personal.Heads, personal.Operators},
		Retention:  personal.Retention{From: "changed_at", Days: keptDays},
	},
	{
		Name:       "past_file",
		Things:     []string{"change_id", "thing_id"},
		Personal:   map[string]personal.Category{"file": personal.Content, "changed_at": personal.Trace},
		Plain:      []string{"change_id", "thing_id"},
		Files:      []string{"file"},
		Purpose:    personal.Security,
		Recipients: []personal.Recipient{personal.Nobody},
	},
}

var _ personal.Steward = Holdings

// Act is what somebody did to a thing that was there already.
type Act string

// The acts.
const (
	Amended   Act = "amended"   // what it says, or carries
	Cancelled Act = "cancelled" // it does not hold any more
	Restored  Act = "restored"  // it holds again
	Removed   Act = "removed"   // from the eyes of whom it is for
	Ended     Act = "ended"     // it is said to be over
	Answered  Act = "answered"  // something was added to it
	Accepted  Act = "accepted"  // it leaves for whom it is written to
	Returned  Act = "returned"  // to whoever wrote it
	Recalled  Act = "recalled"  // by whoever wrote it, before anybody read it: it is no more
)

// Change is something that was done to a thing.
type Change struct {
	ID      school.ID // [Keep] gives it
	Room    string
	Thing   school.ID
	School  school.ID   // 0: of no school
	Subject school.ID   // whom alone the thing is about; 0: nobody
	By      school.ID   // 0: somebody who was erased
	With    []school.ID // what the thing is part of, and goes with it: [Keep] alone reads it
	Act     Act
	At      time.Time      // [Keep] gives it
	Was     []personal.Row // what the thing was until then: [Keep] reads it, and [Of] does not
}

// bounds are how often one person changes a thing, within a day and as long as what it was is kept:
// each change keeps all of that, and tells the thing again to those whom it reaches. What one does
// takes nothing from the others.
var bounds = []struct {
	within time.Duration
	most   int
	says   string
}{{24 * time.Hour, 20, "web.changed-often"}, {Kept, 200, "web.changed-most"}}

// protects tells whether an act takes something from people's eyes, or says that it is over:
// nobody is ever refused that.
func (a Act) protects() bool {
	return a == Cancelled || a == Removed || a == Ended || a == Returned || a == Recalled
}

// Keep keeps what some things are, which are about to be changed: the rows of the room's tables that
// say what each says, to whom it is addressed, and by which words it is found. One to which
// somebody did something 20 times within a day, or 200 times within what is kept, they may only
// take from people's eyes, or end: any other act is fail.Conflict. What takes it away counts as
// the others do, and is kept always. It asks the same number of statements of one and of hundreds.
func Keep(tx *db.Tx, room personal.Tables, changes ...Change) error {
	if err := notTooOften(tx, changes); err != nil {
		return err
	}
	tables := whole(room)
	said, err := saidBefore(tx, tables, changes)
	if err != nil {
		return err
	}
	var kept, files [][]any
	for i, c := range changes {
		was := said[i]
		packed, err := personal.Pack(was)
		if err != nil {
			return err
		}
		id := school.NewID(tx.Now)
		kept = append(kept, []any{id, c.Thing, c.Room, c.School, c.Subject, c.By, string(c.Act), db.At(tx.Now), packed})
		for _, file := range tables.FilesOf(was) {
			files = append(files, []any{id, file, c.Thing, db.At(tx.Now)})
		}
	}
	if _, err := tx.Add(changeTable, []string{"id", "thing_id", "room", "school_id", "subject_id", "by_id", "act", "changed_at", "was"}, slices.Values(kept)); err != nil {
		return err
	}
	_, err = tx.Add("past_file", []string{"change_id", "file", "thing_id", "changed_at"}, slices.Values(files))
	return err
}

// saidBefore reads what the thing of each of some changes is, with what it goes with.
func saidBefore(tx *db.Tx, tables personal.Tables, changes []Change) ([][]personal.Row, error) {
	in := map[school.ID][]int{} // the changes that a thing is in
	for i, c := range changes {
		for _, thing := range append([]school.ID{c.Thing}, c.With...) {
			in[thing] = append(in[thing], i)
		}
	}
	rows, err := tables.Said(tx, slices.Collect(maps.Keys(in))...)
	was := make([][]personal.Row, len(changes))
	for _, row := range rows {
		var of []int
		for _, column := range tables.Of(row).Things {
			of = append(of, in[row.ID(column)]...)
		}
		slices.Sort(of)
		for _, i := range slices.Compact(of) {
			was[i] = append(was[i], row)
		}
	}
	return was, err
}

// notTooOften refuses to change what its author changed too often.
func notTooOften(tx *db.Tx, changes []Change) error {
	of := map[school.ID][]school.ID{} // things by who changes them
	for _, c := range changes {
		if !c.Act.protects() {
			of[c.By] = append(of[c.By], c.Thing)
		}
	}
	for by, things := range of {
		for _, bound := range bounds {
			err := tx.Each(func(row db.Row) error {
				var thing school.ID
				var n int
				if err := row.Scan(&thing, &n); err != nil {
					return err
				}
				return fail.New(fail.Conflict, "%s was changed %d times within %s by %s", thing, n, bound.within, by).Say(bound.says, bound.most)
			}, `SELECT thing_id, count(*) FROM past_change WHERE thing_id `+tx.Among(1)+` AND by_id = $2 AND changed_at >= $3
				GROUP BY thing_id HAVING count(*) >= $4`, db.List(tx, things), by, db.At(tx.Now.Add(-bound.within)), bound.most)
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// whole are the tables in which there is something of the things of a room.
func whole(room personal.Tables) personal.Tables {
	return slices.Concat(room, audience.Records, search.Holdings)
}

// IsOf tells whether a row that was removed is what was kept of one of some changes, and of which
// thing.
func IsOf(row personal.Row, changes []school.ID) (thing school.ID, is bool) {
	return row.ID("thing_id"), row.Table == changeTable && slices.Contains(changes, row.ID("id"))
}

// Open has a row that was removed, where it is what was kept of a change, say in its own column
// the rows of until then.
func Open(row personal.Row) (err error) {
	if was, is := row.Values["was"].([]byte); is && row.Table == changeTable {
		row.Values["was"], err = personal.Unpack(bytes.NewReader(was))
	}
	return err
}

// heads are what scanHead reads, and columns what scan does.
const (
	heads   = `id, thing_id, room, school_id, subject_id, by_id, act, changed_at`
	columns = heads + `, was`
)

func scanHead(row db.Row) (c Change, err error) { return c, c.scan(row) }

func scan(row db.Row) (c Change, err error) {
	var was []byte
	if err = c.scan(row, &was); err != nil {
		return c, err
	}
	c.Was, err = personal.Unpack(bytes.NewReader(was))
	return c, err
}

// scan reads the head of a change, and what comes after it.
func (c *Change) scan(row db.Row, further ...any) error {
	var at db.Time
	err := row.Scan(append([]any{&c.ID, &c.Thing, &c.Room, &c.School, &c.Subject, &c.By, &c.Act, &at}, further...)...)
	c.At = at.Time
	return err
}

// Things lists the things of the changes c that a condition finds, the last changed first, as many
// as a limit says.
func Things(tx *db.Tx, where, limit string, args ...any) ([]school.ID, error) {
	return db.All(tx, db.Column[school.ID], `SELECT c.thing_id FROM past_change c WHERE `+where+` GROUP BY c.thing_id ORDER BY max(c.changed_at) DESC, c.thing_id DESC `+limit, args...)
}

// Of lists what was done to some things, the first first: all of it, without what they were until
// then, which [Was] reads.
func Of(tx *db.Tx, things ...school.ID) ([]Change, error) {
	return db.All(tx, scanHead, `SELECT `+heads+` FROM past_change
		WHERE thing_id `+tx.Among(1)+` ORDER BY changed_at, id`, db.List(tx, things))
}

// Was reads what things were until some changes, by change.
func Was(tx *db.Tx, changes ...school.ID) (map[school.ID][]personal.Row, error) {
	all, err := db.All(tx, scan, `SELECT `+columns+` FROM past_change WHERE id `+tx.Among(1), db.List(tx, changes))
	was := make(map[school.ID][]personal.Row, len(all))
	for _, c := range all {
		was[c.ID] = c.Was
	}
	return was, err
}

// MaxPage is how many bytes of what a thing was are read at once, as they are kept, unless one
// change alone has more.
const MaxPage = 1 << 20

// Page lists what was done to a thing by one act, the last first: what is kept still and came
// before a change (0: all of it), as many as most says and [MaxPage] holds. It tells whether there
// is more before.
func Page(tx *db.Tx, thing school.ID, act Act, before school.ID, most int) (page []Change, more bool, err error) {
	if before == 0 {
		before = math.MaxInt64
	}
	type head struct {
		id    school.ID
		bytes int64
	}
	heads, err := db.All(tx, func(row db.Row) (h head, err error) { return h, row.Scan(&h.id, &h.bytes) }, `SELECT id, length(was) FROM past_change
		WHERE thing_id = $1 AND act = $2 AND changed_at > $3 AND id < $4 ORDER BY id DESC LIMIT $5`, thing, string(act), db.At(tx.Now.Add(-Kept)), before, most+1)
	if err != nil {
		return nil, false, err
	}
	var ids []school.ID
	bytes := int64(0)
	for _, h := range heads {
		if bytes += h.bytes; len(ids) == most || len(ids) > 0 && bytes > MaxPage {
			break
		}
		ids = append(ids, h.id)
	}
	page, err = db.All(tx, scan, `SELECT `+columns+` FROM past_change WHERE id `+tx.Among(1)+` ORDER BY id DESC`, db.List(tx, ids))
	return page, len(ids) < len(heads), err
}

// ByID reads one of the changes to a thing, or fail.NotFound: of what is kept no more too.
func ByID(tx *db.Tx, thing, id school.ID) (Change, error) {
	return db.One(tx, scan, `SELECT `+columns+` FROM past_change WHERE id = $1 AND thing_id = $2 AND changed_at > $3`, id, thing, db.At(tx.Now.Add(-Kept)))
}

// Changed lists the things of some changes, each once, sorted.
func Changed(tx *db.Tx, changes ...school.ID) ([]school.ID, error) {
	return db.All(tx, db.Column[school.ID], `SELECT DISTINCT thing_id FROM past_change WHERE id `+tx.Among(1)+` ORDER BY thing_id`, db.List(tx, changes))
}

// Since counts what was done to a thing from an instant on.
func Since(tx *db.Tx, thing school.ID, at time.Time) (int, error) {
	return db.One(tx, db.Column[int], `SELECT count(*) FROM past_change WHERE thing_id = $1 AND changed_at >= $2`, thing, db.At(at))
}
