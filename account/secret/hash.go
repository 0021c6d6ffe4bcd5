package secret

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"time"

	"golang.org/x/crypto/argon2"
	"golang.org/x/sync/semaphore"

	"preau/core/fail"
	"preau/core/rank"
)

// Cost is what one argon2id hash takes (RFC 9106).
type Cost struct {
	Memory  uint32 // KiB
	Passes  uint32
	Threads uint8
}

// Today is OWASP's first choice for argon2id (Password Storage Cheat Sheet):
// 19 MiB, two passes, one thread. A hash carries its
// cost, and is made again at sign-in when it is another.
var Today = Cost{Memory: 19 * 1024, Passes: 2, Threads: 1}

const (
	saltSize = 16
	sumSize  = 32
)

// Hasher hashes passwords, a few at a time and behind the pages of those who are
// in: each takes a core and the memory of its cost, so that more at once would
// only make everybody wait. The others queue, first come first
// served, and are told to come back when they have waited too long.
type Hasher struct {
	Cost  Cost                // of what is hashed from now on
	slots *semaphore.Weighted // first in, first out
	wait  time.Duration
}

// NewHasher makes a hasher of so many slots, where one waits for one's turn for so
// long.
func NewHasher(c Cost, slots int64, wait time.Duration) *Hasher {
	return &Hasher{c, semaphore.NewWeighted(slots), wait}
}

// Enter takes a slot, as each hash does; leave gives it back. There is none for whoever
// has waited too long: fail.Unavailable.
func (h *Hasher) Enter(ctx context.Context) (leave func(), err error) {
	patient, cancel := context.WithTimeout(ctx, h.wait)
	defer cancel()
	if err := h.slots.Acquire(patient, 1); err != nil {
		return nil, fail.New(fail.Unavailable, "waiting for a password to be hashed: %w", err).
			Say("account.busy").After(2 * h.wait)
	}
	return func() { h.slots.Release(1) }, nil
}

// Hash gives the PHC string of a password:
// $argon2id$v=19$m=19456,t=2,p=1$salt$sum.
func (h *Hasher) Hash(ctx context.Context, password string) (string, error) {
	leave, err := h.Enter(ctx)
	if err != nil {
		return "", err
	}
	defer leave()
	salt := random(saltSize)
	return phc{h.Cost, salt, h.Cost.sum(password, salt)}.String(), nil
}

// Verify tells whether a password is the one of a PHC string. It takes the
// same time for a string that is none: that of the password of nobody.
func (h *Hasher) Verify(ctx context.Context, text, password string) (bool, error) {
	want, err := parsePHC(text)
	known := err == nil
	if !known {
		want = phc{h.Cost, random(saltSize), random(sumSize)}
	}
	leave, err := h.Enter(ctx)
	if err != nil {
		return false, err
	}
	defer leave()
	same := subtle.ConstantTimeCompare(want.Cost.sum(password, want.salt), want.sum) == 1
	return same && known, nil
}

// Stale tells whether a PHC string was made at another cost than today's.
func (h *Hasher) Stale(text string) bool {
	p, err := parsePHC(text)
	return err == nil && p.Cost != h.Cost
}

func (c Cost) sum(password string, salt []byte) []byte {
	return rank.Behind(func() []byte { return argon2.IDKey([]byte(password), salt, c.Passes, c.Memory, c.Threads, sumSize) })
}

// phc is a hash in the PHC string format.
type phc struct {
	Cost
	salt []byte
	sum  []byte
}

// String writes the format.
func (p phc) String() string {
	enc := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version,
		p.Memory, p.Passes, p.Threads, enc.EncodeToString(p.salt), enc.EncodeToString(p.sum))
}

// parsePHC reads what String writes. It refuses a cost that would take the
// machine down.
func parsePHC(text string) (p phc, err error) {
	parts := strings.Split(text, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return phc{}, errors.New("secret: not a hash of argon2id")
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &p.Memory, &p.Passes, &p.Threads); err != nil {
		return phc{}, fmt.Errorf("secret: the cost of a hash: %w", err)
	}
	if p.Memory > 1<<20 || p.Passes == 0 || p.Passes > 16 || p.Threads == 0 {
		return phc{}, errors.New("secret: a hash of a cost beyond reason")
	}
	if p.salt, err = base64.RawStdEncoding.DecodeString(parts[4]); err != nil {
		return phc{}, fmt.Errorf("secret: the salt of a hash: %w", err)
	}
	if p.sum, err = base64.RawStdEncoding.DecodeString(parts[5]); err != nil || len(p.sum) != sumSize {
		return phc{}, fmt.Errorf("secret: the sum of a hash has %d bytes", len(p.sum))
	}
	return p, nil
}

func random(n int) []byte {
	b := make([]byte, n)
	rand.Read(b) // which never fails: it ends the program first
	return b
}
