package account

import (
	"context"
	"crypto/hmac"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"sync"
	"time"

	"preau/core/db"
	"preau/core/fail"
)

// What the queue of those who prove who they are allows.
const (
	// patience is the queue in which one stands while the page waits. Where it is
	// longer, one is given a turn.
	patience = 3 * time.Second
	// longestTurn is the farthest turn that is given. Whoever would come later is
	// given that one, and another by then.
	longestTurn = 15 * time.Minute
	// turnKept is how long a turn is worth something once it has come.
	turnKept = 2 * time.Minute
	// perSlot is how many may be inside at once for each slot of the hasher: twice
	// those who stand in the queue without a turn, so that a turn finds room.
	perSlot = 300
	// dry is how many are inside for each slot when whoever comes is let in,
	// though others have a turn later: no processor waits for whoever does not come.
	dry = 2
	// perNetwork is for how many of a network, in a minute, time is kept that was only
	// asked for: some seconds of one slot.
	perNetwork = 300
	// mostNetworks is how many networks are told apart in a minute.
	mostNetworks = 20_000
	// desks is how many of them are at the database at once: the others leave its
	// connections to those who are in.
	desks = 4
	// longestQueue is how long a password waits to be hashed.
	longestQueue = 10 * time.Second
	// takes is what a hash takes at first, until it was measured.
	takes = 17 * time.Millisecond
)

// queue is who is at the door where one proves who one is. Some stand in it, for
// as long as they are patient. Those who would have to wait longer are let go
// with a turn: the instant at which they are let in before all who came after
// them. A turn is kept by whoever has it, so that nothing is lost with a node and any
// other node honours it, and nothing waits here for whoever does not come back.
//
// Turns are given at the pace that was measured lately (a virtual scheduling
// clock, as that of [throttle]).
type queue struct {
	slots int

	mu     sync.Mutex
	inside int
	clear  time.Time      // when all who are inside, and all who have a turn, will have passed
	each   time.Duration  // what each of them takes, of all slots together
	left   time.Time      // when the last one left, if others kept every slot busy; else zero
	given  map[string]int // turns that were given to each network in this minute, to whoever asked
	minute time.Time      // when it began
}

// newQueue makes the queue of a hasher of so many slots, each of which takes so
// long.
func newQueue(slots int, takes time.Duration) *queue {
	return &queue{slots: slots, each: takes / time.Duration(slots), given: map[string]int{}}
}

// Crowd is why one is not let in now.
type Crowd struct {
	Turn  string        // to come back with
	Wait  time.Duration // until then
	Ahead int           // how many people pass before
}

// Error is the voice for the log.
func (c *Crowd) Error() string {
	return fmt.Sprintf("%d people prove who they are before, for %s", c.Ahead, c.Wait)
}

// come lets somebody of a network in who shows a turn, or none (zero), until they
// leave; or says which turn they have now, and how many pass before.
func (q *queue) come(network string, shown time.Time) (in bool, turn time.Time, ahead int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if in, turn, ahead = q.ask(network, shown, time.Now(), true); in {
		q.inside++
	}
	return in, turn, ahead
}

// ask is come for whoever only asks: nobody is inside by it. Whoever comes takes their
// time; of those who ask, so many of a network have time kept for them, since nothing
// says that they will come.
func (q *queue) ask(network string, shown, now time.Time, comes bool) (in bool, turn time.Time, ahead int) {
	if q.clear.Before(now) {
		q.clear = now
	}
	turn, has := shown, !shown.IsZero() && now.Before(shown.Add(turnKept))
	if q.admits(now, shown, has) {
		if !has { // who has a turn was counted when it was given
			turn = now
			if comes || q.keeps(network, now) {
				q.clear = q.clear.Add(q.each)
			}
		}
		return true, turn, 0
	}
	switch {
	case has:
	case q.clear.Sub(now) < longestTurn:
		turn = q.clear
		if q.keeps(network, now) {
			q.clear = q.clear.Add(q.each)
		}
	default:
		turn = now.Add(longestTurn)
	}
	// A turn that has come and finds no room waits for those who are inside.
	if soon := now.Add(patience); turn.Before(soon) {
		turn = soon
	}
	return false, turn, int(turn.Sub(now)/q.each) + 1
}

// admits tells whether somebody is let in now.
func (q *queue) admits(now, turn time.Time, has bool) bool {
	switch {
	case q.inside >= q.room():
		return false
	case q.inside < dry*q.slots, q.clear.Sub(now) < patience:
		return true
	}
	return has && !turn.After(now)
}

// keeps tells whether time is kept for one more of a network, who may never come:
// without a limit one machine that asks and asks would shut the door to everybody.
func (q *queue) keeps(network string, now time.Time) bool {
	if now.Sub(q.minute) > time.Minute {
		clear(q.given)
		q.minute = now
	}
	if q.given[network] == 0 && len(q.given) == mostNetworks {
		return false
	}
	q.given[network]++
	return q.given[network] <= perNetwork
}

func (q *queue) room() int { return perSlot * q.slots }

// leave is the end of whoever was let in. While every slot is busy, the time from one
// to the next is the pace of the door, whatever makes it: an average of some
// thirty, so that turns follow it.
func (q *queue) leave() {
	q.mu.Lock()
	defer q.mu.Unlock()
	now := time.Now()
	if !q.left.IsZero() {
		q.each = max(q.each+(min(now.Sub(q.left), time.Second)-q.each)/32, time.Microsecond)
	}
	q.left = time.Time{}
	if q.inside--; q.inside >= q.slots {
		q.left = now
	}
}

// come takes a place at the door, for as long as one proves who one is; leave
// gives it back. Where there are too many it is fail.Unavailable, and a [Crowd].
func (a *Accounts) come(from Origin) (leave func(), err error) {
	in, turn, ahead := a.queue.come(nearOf(from.IP), a.readTurn(from.Turn))
	if !in {
		return nil, a.crowd(turn, ahead)
	}
	return a.queue.leave, nil
}

// Queue gives a turn to whoever comes without one, or gives theirs back: a page asks
// before it sends a password. They may come with it at once where there is no
// error, and when the [Crowd] says otherwise.
func (a *Accounts) Queue(from Origin) (turn string, err error) {
	q := a.queue
	q.mu.Lock()
	defer q.mu.Unlock()
	in, due, ahead := q.ask(nearOf(from.IP), a.readTurn(from.Turn), time.Now(), false)
	if !in {
		return "", a.crowd(due, ahead)
	}
	return a.writeTurn(due), nil
}

// atDoor runs a transaction of the door, a few at a time.
func (a *Accounts) atDoor(ctx context.Context, f func(*db.Tx) error) error {
	if err := a.desk.Acquire(ctx, 1); err != nil {
		return fail.New(fail.Unavailable, "waiting at the door: %w", err).Say("account.busy")
	}
	defer a.desk.Release(1)
	return a.DB.Write(ctx, f)
}

func (a *Accounts) crowd(turn time.Time, ahead int) error {
	wait := time.Until(turn)
	return fail.New(fail.Unavailable, "%w", &Crowd{a.writeTurn(turn), wait, ahead}).Say("account.busy").After(wait)
}

// turnSize is the bytes of an instant in milliseconds, and of its MAC.
const turnSize = 8 + 16

// writeTurn gives a turn to whoever comes back with it: the instant, and a MAC of it.
func (a *Accounts) writeTurn(due time.Time) string {
	raw := binary.BigEndian.AppendUint64(nil, uint64(due.UnixMilli()))
	return base64.RawURLEncoding.EncodeToString(append(raw, a.Key.MAC("account turn", raw)[:turnSize-len(raw)]...))
}

// readTurn reads what writeTurn gave; anything else is no turn.
func (a *Accounts) readTurn(text string) time.Time {
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(raw) != turnSize {
		return time.Time{}
	}
	due, mac := raw[:8], raw[8:]
	if !hmac.Equal(mac, a.Key.MAC("account turn", due)[:len(mac)]) {
		return time.Time{}
	}
	return time.UnixMilli(int64(binary.BigEndian.Uint64(due)))
}
