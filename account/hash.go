package account

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"time"

	"golang.org/x/crypto/argon2"
	"golang.org/x/sync/semaphore"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/rank"
)

// cost is what one argon2id hash takes (RFC 9106).
type cost struct {
	memory  uint32 // KiB
	passes  uint32
	threads uint8
}

// today is OWASP's first choice for argon2id (Password Storage Cheat Sheet):
// 19 MiB, two passes, one thread. A hash carries its
// cost, and is made again at sign-in when it is another.
var today = cost{memory: 19 * 1024, passes: 2, threads: 1}

// takes is what it costs at first, until the queue has measured it.
const takes = 17 * time.Millisecond

const (
	saltSize = 16
	sumSize  = 32
)

// hasher hashes passwords, a few at a time and behind the pages of those who are
// in: each takes a core and the memory of its cost, so that more at once would
// only make everybody wait. The others queue, first come first
// served, and are told to come back when they have waited too long.
type hasher struct {
	cost  cost
	slots *semaphore.Weighted // first in, first out
	queue *queue              // of those who prove who they are
	desk  *semaphore.Weighted // of those of them who are at the database
	wait  time.Duration
}

// desks is how many of them are at the database at once: the others leave its
// connections to those who are in.
const desks = 4

// longestQueue is how long a sign-in waits for its turn.
const longestQueue = 10 * time.Second

func newHasher(c cost, slots int64, wait time.Duration) *hasher {
	return &hasher{c, semaphore.NewWeighted(slots), newQueue(int(slots), takes), semaphore.NewWeighted(desks), wait}
}

// Quick makes the hashes of a test cost nearly nothing, and protect nothing:
// it is asked with what only a test has.
func (a *Accounts) Quick(test interface{ Helper() }) {
	test.Helper()
	a.hasher.cost = cost{memory: 64, passes: 1, threads: 1}
}

// enter waits for a slot; leave gives it back.
func (h *hasher) enter(ctx context.Context) error {
	patient, cancel := context.WithTimeout(ctx, h.wait)
	defer cancel()
	if err := h.slots.Acquire(patient, 1); err != nil {
		return fail.New(fail.Unavailable, "waiting for a password to be hashed: %w", err).
			Say("account.busy").After(2 * h.wait)
	}
	return nil
}

func (h *hasher) leave() { h.slots.Release(1) }

// written runs a transaction of the door, a few at a time.
func (a *Accounts) written(ctx context.Context, f func(*db.Tx) error) error {
	if err := a.hasher.desk.Acquire(ctx, 1); err != nil {
		return fail.New(fail.Unavailable, "waiting at the door: %w", err).Say("account.busy")
	}
	defer a.hasher.desk.Release(1)
	return a.DB.Write(ctx, f)
}

// hash gives the PHC string of a password:
// $argon2id$v=19$m=19456,t=2,p=1$salt$sum.
func (h *hasher) hash(ctx context.Context, password string) (string, error) {
	if err := h.enter(ctx); err != nil {
		return "", err
	}
	defer h.leave()
	salt := random(saltSize)
	return phc{h.cost, salt, h.cost.sum(password, salt)}.String(), nil
}

// verify tells whether a password is the one of a PHC string. It takes the
// same time for a string that is none: that of the password of nobody.
func (h *hasher) verify(ctx context.Context, text, password string) (bool, error) {
	want, err := parsePHC(text)
	known := err == nil
	if !known {
		want = phc{h.cost, random(saltSize), random(sumSize)}
	}
	if err := h.enter(ctx); err != nil {
		return false, err
	}
	defer h.leave()
	same := subtle.ConstantTimeCompare(want.cost.sum(password, want.salt), want.sum) == 1
	return same && known, nil
}

// stale tells whether a PHC string was made at another cost than today's.
func (h *hasher) stale(text string) bool {
	p, err := parsePHC(text)
	return err == nil && p.cost != h.cost
}

func (c cost) sum(password string, salt []byte) []byte {
	return rank.Behind(func() []byte { return argon2.IDKey([]byte(password), salt, c.passes, c.memory, c.threads, sumSize) })
}

// phc is a hash in the PHC string format.
type phc struct {
	cost
	salt []byte
	sum  []byte
}

// String writes the format.
func (p phc) String() string {
	enc := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version,
		p.memory, p.passes, p.threads, enc.EncodeToString(p.salt), enc.EncodeToString(p.sum))
}

// parsePHC reads what String writes. It refuses a cost that would take the
// machine down.
func parsePHC(text string) (p phc, err error) {
	parts := strings.Split(text, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return phc{}, errors.New("account: not a hash of argon2id")
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &p.memory, &p.passes, &p.threads); err != nil {
		return phc{}, fmt.Errorf("account: the cost of a hash: %w", err)
	}
	if p.memory > 1<<20 || p.passes == 0 || p.passes > 16 || p.threads == 0 {
		return phc{}, errors.New("account: a hash of a cost beyond reason")
	}
	if p.salt, err = base64.RawStdEncoding.DecodeString(parts[4]); err != nil {
		return phc{}, fmt.Errorf("account: the salt of a hash: %w", err)
	}
	if p.sum, err = base64.RawStdEncoding.DecodeString(parts[5]); err != nil || len(p.sum) != sumSize {
		return phc{}, fmt.Errorf("account: the sum of a hash has %d bytes", len(p.sum))
	}
	return p, nil
}
