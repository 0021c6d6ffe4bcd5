package secret

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"preau/core/fail"
)

const good = "cheval agrafe pile"

var cheap = Cost{Memory: 64, Passes: 1, Threads: 1}

func TestHash(t *testing.T) {
	h := NewHasher(Today, 1, time.Minute)
	text, err := h.Hash(t.Context(), good)
	if err != nil || !strings.HasPrefix(text, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Fatalf("%s, %v", text, err)
	}
	h.Cost = cheap
	again, err := h.Hash(t.Context(), good)
	if err != nil || again == text {
		t.Fatalf("%s, %v", again, err)
	}
	for _, c := range []struct {
		text, password string
		want           bool
	}{
		{text, good, true},
		{again, good, true},
		{text, good + " ", false},
		{text, "", false},
		{"", good, false},
		{"", "", false},
		{text[:len(text)-1], good, false},
		{text[:len(text)-2], good, false},
		{strings.Replace(text, "t=2", "t=1", 1), good, false},
		{strings.Replace(text, "m=19456", "m=4194304000", 1), good, false}, // would take the machine down
		{strings.Replace(text, "t=2", "t=400", 1), good, false},
		{strings.Replace(text, "p=1", "p=0", 1), good, false},
		{strings.Replace(text, "argon2id", "argon2i", 1), good, false},
		{good, good, false},
	} {
		if got, err := h.Verify(t.Context(), c.text, c.password); got != c.want || err != nil {
			t.Errorf("%s for %q: %t, %v", c.text, c.password, got, err)
		}
	}
	if !h.Stale(text) || h.Stale(again) || h.Stale("") {
		t.Error("stale")
	}
}

// The value is that of the reference implementation:
//
//	echo -n password | argon2 somesalt -id -t 2 -m 16 -p 1 -l 32 -e
func TestTheReferenceHash(t *testing.T) {
	const reference = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
	h := NewHasher(cheap, 1, time.Minute)
	if ok, err := h.Verify(t.Context(), reference, "password"); !ok || err != nil {
		t.Errorf("%t, %v", ok, err)
	}
}

// With every slot taken, people wait in the order in which they came, and no
// longer than they are told.
func TestTheQueueIsFairAndEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := NewHasher(cheap, 1, 10*time.Second)
		leave, err := h.Enter(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var order []int
		for i := range 5 {
			go func() {
				leave, err := h.Enter(t.Context())
				if err != nil {
					t.Error(err)
					return
				}
				order = append(order, i) // the slot is the lock
				leave()
			}()
			synctest.Wait() // it waits before the next comes
		}
		leave()
		synctest.Wait()
		if want := []int{0, 1, 2, 3, 4}; !slices.Equal(order, want) {
			t.Errorf("order %v", order)
		}

		if _, err := h.Enter(t.Context()); err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		_, err = h.Enter(t.Context())
		if waited := time.Since(start); !fail.Is(err, fail.Unavailable) || waited != 10*time.Second {
			t.Errorf("waited %s: %v", waited, err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := h.Enter(ctx); err == nil {
			t.Error("who has left was let in")
		}
	})
}
