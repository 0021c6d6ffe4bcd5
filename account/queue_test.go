package account

import (
	"errors"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"preau/account/secret"
	"preau/core/fail"
)

// A turn is what the queue gave, and nothing else.
func TestATurnIsOurs(t *testing.T) {
	each(t, func(h house) {
		due := time.UnixMilli(1_790_000_000_123)
		text := h.writeTurn(due)
		if got := h.readTurn(text); !got.Equal(due) {
			h.t.Errorf("%s is read as %s", due, got)
		}
		other := []byte(text)
		other[3] ^= 1
		for _, wrong := range []string{"", "x", text[:len(text)-1], text + "A", string(other), text[:10]} {
			if got := h.readTurn(wrong); !got.IsZero() {
				h.t.Errorf("%q is read as %s", wrong, got)
			}
		}
	})
}

// Nobody waits while few come; in a crowd, each is given a turn after the one
// before, and passes then, before whoever comes without.
func TestTurnsAreInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue(1, 100*time.Millisecond)
		for range int(patience / (100 * time.Millisecond)) {
			if in, _, _ := q.come("", time.Time{}); !in {
				t.Fatal("nobody is before, and one waits")
			}
		}
		var turns []time.Time
		for i := range 100 {
			in, turn, ahead := q.come("", time.Time{})
			if in || ahead < int(patience/(100*time.Millisecond)) || i > 0 && !turn.After(turns[i-1]) {
				t.Fatalf("in: %t, %s, %d ahead", in, turn, ahead)
			}
			turns = append(turns, turn)
		}
		if in, again, _ := q.come("", turns[0]); in || !again.Equal(turns[0]) {
			t.Errorf("too early: in: %t, %s instead of %s", in, again, turns[0])
		}
		time.Sleep(time.Until(turns[0]))
		if in, _, _ := q.come("", time.Time{}); in {
			t.Error("who has no turn passed before who has")
		}
		if in, _, _ := q.come("", turns[0]); !in {
			t.Error("one's turn has come, and one waits")
		}
		time.Sleep(time.Until(turns[1].Add(turnKept)))
		if in, turn, _ := q.ask("", turns[1], time.Now(), false); in && turn.Equal(turns[1]) {
			t.Error("a turn is kept for ever")
		}
	})
}

// There is never more room than one may be patient for, and somebody's turn that
// comes then is a little later.
func TestTheRoomIsFull(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue(1, time.Microsecond)
		for range perSlot {
			if in, _, _ := q.come("", time.Now()); !in {
				t.Fatal("one waits while there is room")
			}
		}
		in, turn, _ := q.come("", time.Now())
		if in || time.Until(turn) != patience {
			t.Errorf("in: %t, in %s", in, time.Until(turn))
		}
		q.leave()
		if in, _, _ := q.come("", time.Now()); !in {
			t.Error("somebody has left, and one waits")
		}
	})
}

// For two minutes three times as many people come as pass, and one of five goes
// away. Each of the others passes when told, who came first before; no slot stands
// idle; and the pace is the one that is measured, not the one that was believed.
func TestACrowdPasses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const slots, took, long = 2, 40 * time.Millisecond, 2 * time.Minute
		h, q := secret.NewHasher(cheap, slots, longestQueue), newQueue(slots, takes)
		began := time.Now()
		var passed, busy, sent, early atomic.Int64
		var mu sync.Mutex
		var firsts []int
		one := func(i int) {
			var turn time.Time
			for {
				in, mine, _ := q.come(strconv.Itoa(i), turn)
				if in {
					break
				}
				if i%5 == 0 {
					return // went away
				}
				sent.Add(1)
				turn = mine
				time.Sleep(time.Until(turn))
			}
			defer q.leave()
			leave, err := h.Enter(t.Context())
			if err != nil {
				busy.Add(1)
				return
			}
			time.Sleep(took)
			mu.Lock()
			firsts = append(firsts, i)
			mu.Unlock()
			leave()
			if passed.Add(1); time.Since(began) < long {
				early.Add(1)
			}
		}
		for i := range int(long / took * slots * 3) {
			go one(i)
			time.Sleep(took / slots / 3)
		}
		synctest.Wait()
		time.Sleep(longestTurn)
		came := int64(long / took * slots * 3)
		if passed.Load() < came*4/5-came/100 || busy.Load() > 0 {
			t.Errorf("of %d people %d passed, and %d were patient for nothing", came, passed.Load(), busy.Load())
		}
		if most := int64(long / took * slots); early.Load() < most*9/10 {
			t.Errorf("%d passed in the first two minutes, of %d that could", early.Load(), most)
		}
		if asked := float64(sent.Load()) / float64(came); asked > 3 {
			t.Errorf("each was sent back %.1f times", asked)
		}
		if strays := disorder(firsts); strays > .15 { // they took the turn of a fifth who went away
			t.Errorf("%.3f of who passed came after the next", strays)
		}
	})
}

// disorder is the share of people who passed before somebody who came five
// seconds earlier.
func disorder(order []int) float64 {
	const apart = 5 * 3 * 2 * 25 // seconds, times how many come in each
	wrong, least := 0, order[len(order)-1]
	for _, i := range slices.Backward(order) {
		if least = min(least, i); i > least+apart {
			wrong++
		}
	}
	return float64(wrong) / float64(len(order))
}

// One network that asks and asks, and never comes, has others wait some seconds and no
// more; it is the same for whoever is turned away each time.
func TestWhoOnlyAsksShutsNobodyOut(t *testing.T) {
	for name, flood := range map[string]func(q *queue){
		"asks":  func(q *queue) { q.ask("192.0.2.0/24", time.Time{}, time.Now(), false) },
		"comes": func(q *queue) { q.come("192.0.2.0/24", time.Time{}) },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				q := newQueue(2, takes)
				for range q.room() { // those who are inside make it a crowd
					q.come("198.51.100.0/24", time.Time{})
				}
				for range 10_000 {
					flood(q)
				}
				own := time.Duration(q.room()+perNetwork) * q.each
				if _, turn, _ := q.ask("203.0.113.0/24", time.Time{}, time.Now(), false); time.Until(turn) > own {
					t.Errorf("somebody else waits %s, more than %s", time.Until(turn), own)
				}
			})
		})
	}
}

// What the door says in a crowd is a wait and a turn, to whoever asks and to whoever
// comes, and a try is not counted. With the turn, one passes.
func TestACrowdIsToldItsTurn(t *testing.T) {
	each(t, func(h house) {
		h.activate(claude)
		h.queue.each = time.Minute
		for range dry * 2 {
			h.queue.come("", time.Time{})
		}
		turn, err := h.Queue(home)
		var crowd *Crowd
		if !errors.As(err, &crowd) || turn != "" || crowd.Wait < patience || crowd.Ahead < 1 || !fail.Is(err, fail.Unavailable) {
			h.t.Fatalf("%q, %v", turn, err)
		}
		if _, err := h.signIn("claude.martin", good); !errors.As(err, &crowd) || attempts(h) != 0 {
			h.t.Fatalf("signed in: %v", err)
		}
		from := home
		from.Turn = h.writeTurn(time.Now())
		if _, err := h.SignIn(h.t.Context(), "claude.martin", good, from); err != nil {
			h.t.Error(err)
		}
	})
}
