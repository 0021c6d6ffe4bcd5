package audience

import (
	"cmp"
	"slices"
	"time"

	"preau/core/db"
	"preau/core/school"
)

// News is a thing that reaches somebody, for one child or for none, and how they
// stand with it.
type News struct {
	Room      string
	Thing     school.ID
	Child     school.ID // 0: for none
	Published time.Time
	Expects   Expects
	Due       time.Time // zero: there is no day
	Reminded  time.Time // when who has still to answer was reminded last; zero: never
	Read      bool      // by the person
	Done      bool      // by the person or, where one answer is enough for a child, by another
}

// Expected tells whether the person is to answer.
func (n News) Expected() bool { return n.Expects != Nobody && !n.Done }

// New tells whether the person has not seen it yet.
func (n News) New() bool { return !n.Read && !n.Expected() }

// News lists what is news still for a person by what they hold now (the rooms say until
// when: [Address.NewsUntil]): what is expected of them first, the nearest day first, then
// what they have not read, then the rest, the latest first. It is one query, on the key of
// the addresses.
func (h Holdings) News(tx *db.Tx, person school.ID) ([]News, error) {
	where, rows, args := h.At(tx.Now).addressed(tx, []any{person})
	type key struct{ thing, child school.ID }
	seen := map[key]bool{}
	var list []News
	err := tx.Each(func(row db.Row) error {
		var n News
		var published, due, reminded, read, done db.Time
		if err := row.Scan(&n.Room, &n.Thing, &n.Child, &published, &n.Expects, &due, &reminded, &read, &done); err != nil {
			return err
		}
		if at := (key{n.Thing, n.Child}); !seen[at] { // one thing is for several audiences that they hold
			seen[at] = true
			n.Published, n.Due, n.Reminded, n.Read, n.Done = published.Time, due.Time, reminded.Time, !read.IsZero(), !done.IsZero()
			list = append(list, n)
		}
		return nil
	}, `SELECT a.room, a.thing_id, h.child, a.published_at, a.expects, a.due_at, a.reminded_at, r.read_at,
			CASE WHEN a.expects = '`+string(OneOfThem)+`'
				THEN (SELECT min(o.done_at) FROM audience_receipt o WHERE o.thing_id = a.thing_id AND o.child_id = h.child)
				ELSE r.done_at END
		FROM `+rows+` h JOIN audience_address a ON `+where+`
		LEFT JOIN audience_receipt r ON r.thing_id = a.thing_id AND r.child_id = h.child AND r.person_id = $1
		WHERE a.news_until_at > $2`, args...)
	slices.SortFunc(list, News.Compare)
	return list, err
}

// Compare orders what is new as people need it: see [Holdings.News].
func (n News) Compare(o News) int {
	return cmp.Or(cmp.Compare(n.rank(), o.rank()), n.before(o), cmp.Compare(o.Thing, n.Thing), cmp.Compare(n.Child, o.Child))
}

func (n News) rank() int {
	switch {
	case n.Expected():
		return 0
	case n.New():
		return 1
	}
	return 2
}

// before orders two of one rank.
func (n News) before(o News) int {
	if !n.Expected() {
		return o.Published.Compare(n.Published)
	}
	switch {
	case n.Due.IsZero() == o.Due.IsZero():
		return cmp.Or(n.Due.Compare(o.Due), n.Published.Compare(o.Published))
	case n.Due.IsZero():
		return 1
	}
	return -1
}
