package house

import (
	"io/fs"
	"testing"

	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/seal"
	"preau/directory/feed"
	"preau/test/village"
)

// Village is a house that is fed once in a test binary, on each engine, and of
// which every test has a copy: a database of its own, and the same master key,
// under which what is in it was made.
type Village struct {
	caps  feed.Caps
	words []fs.FS
	model *dbtest.Model[fed]
}

// fed is what goes with a database that was fed.
type fed struct {
	key    *seal.Key
	result feed.Result
}

// NewVillage is a village that is fed by a complete delivery, under caps that
// its copies keep. The schemas have those of every house among them, and the
// words are as for [New].
func NewVillage(options village.Options, caps feed.Caps, schemas []db.Schema, words ...fs.FS) *Village {
	v := &Village{caps: caps, words: words}
	v.model = dbtest.NewModel(func(t *testing.T, d *db.DB) fed {
		h := New(t, d, words...)
		h.Feeder.Caps = caps
		return fed{h.Key, h.Feed(h.Deliver(options))}
	}, schemas...)
	return v
}

// Each runs f twice in parallel, in a copy on SQLite and one on PostgreSQL, as
// [dbtest.Each] does.
func (v *Village) Each(t *testing.T, f func(*testing.T, *House)) {
	t.Helper()
	v.model.Each(t, func(t *testing.T, d *db.DB, with fed) { f(t, v.open(t, d, with)) })
}

// SQLite is a copy on SQLite.
func (v *Village) SQLite(t *testing.T) *House {
	t.Helper()
	d, with := v.model.SQLite(t)
	return v.open(t, d, with)
}

func (v *Village) open(t *testing.T, d *db.DB, with fed) *House {
	t.Helper()
	h := withKey(t, d, with.key, v.words)
	h.Feeder.Caps, h.Fed = v.caps, with.result
	return h
}
