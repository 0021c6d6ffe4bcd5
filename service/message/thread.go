package message

import (
	"time"

	"preau/core/audience"
	"preau/core/rich"
	"preau/core/school"
)

// kind is who hears whom in a conversation.
type kind string

// The kinds.
const (
	twoOf  kind = "pair"   // two people, who both answer
	group  kind = "group"  // one person, and people whom nobody reads the list of; they answer to that person
	circle kind = "circle" // colleagues who are named, and who all read every answer
)

// thread is a conversation.
type thread struct {
	ID, School, Class, Child school.ID // Class is 0 when it is of none, Child when it is about none
	Author                   school.ID // 0: somebody who was erased
	Parent                   school.ID // of an answer to a group: the message to the group; else 0
	Kind                     kind
	Subject                  string
	Begun                    time.Time // later than now: it is to be sent then
	Last                     time.Time
	Kept                     time.Time // when it was kept back, before it left; zero: it was not
	Why                      audience.Kept
}

func (t thread) path() string { return "/message/thread/" + t.ID.String() }

// later tells whether the conversation is to be sent later.
func (t thread) later(now time.Time) bool { return t.Begun.After(now) && !t.withheld() }

// leaves is the hour at which the conversation is to be sent; zero: it is said at once.
func (t thread) leaves(now time.Time) time.Time {
	if t.later(now) {
		return t.Begun
	}
	return time.Time{}
}

// withheld tells whether the conversation never left: see [Service.Later].
func (t thread) withheld() bool { return !t.Kept.IsZero() }

// state is how far a post has gone.
type state string

// The states.
const (
	said     state = "said"
	held     state = "held"     // until an adult of the class has read it
	returned state = "returned" // to the child who wrote it, with a word
)

// post is what somebody says in a conversation.
type post struct {
	ID, Thread, Author school.ID
	Body               rich.Text
	State              state
	Why                string // it was returned
	Posted             time.Time
}

// seat is a place that somebody has in a conversation by name.
type seat struct {
	Person  school.ID // the record that they have now
	Record  school.ID // under which they were given it; where it is read
	Profile school.Profile
	Child   school.ID // of a guardian: about whom
}

// newsFor is how long what was said last is news.
const newsFor = 14 * 24 * time.Hour

// threadsByID finds conversations by their identifiers.
func threadsByID(threads []thread) map[school.ID]thread {
	by := make(map[school.ID]thread, len(threads))
	for _, t := range threads {
		by[t.ID] = t
	}
	return by
}

// other is the seat of whom somebody talks with in a conversation of two.
func other(seats []seat, me school.ID) (seat, bool) {
	for _, one := range seats {
		if one.Person != me {
			return one, true
		}
	}
	return seat{}, false
}
