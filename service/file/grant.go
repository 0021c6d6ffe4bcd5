package file

import (
	"time"

	"preau/core/audience"
	"preau/core/school"
)

// grant is an entry as it was opened to others: a thing of the room, addressed to audiences.
type grant struct {
	ID, Entry, Author school.ID
	School            school.ID // 0: of no school
	Level             string    // see level
	Made              time.Time
	Until             time.Time // zero: until somebody ends it
	Removed           time.Time
}

// What a grant allows, as it is stored and as a form says it.
const (
	mayRead  = "read"
	mayDrop  = "drop"
	mayWrite = "write"
)

// level is what a grant allows.
func (g grant) level() level {
	switch g.Level {
	case mayDrop:
		return drops
	case mayWrite:
		return writes
	}
	return reads
}

// newsFor is how long it is news that something was opened.
const newsFor = 14 * 24 * time.Hour

// address is a grant for those whom it tells something.
func (g grant) address(to ...audience.Audience) audience.Address {
	until := g.Made.Add(newsFor)
	if !g.Until.IsZero() && g.Until.Before(until) {
		until = g.Until
	}
	return audience.Address{Room: room, Thing: g.ID, School: g.School, Audiences: to, Published: g.Made, NewsUntil: until}
}
