package school

import (
	"crypto/rand"
	"encoding/binary"
	"errors"
	"strconv"
	"sync"
	"time"
)

// ID identifies anything that Préau stores. IDs are made in Go, grow with
// time and fit an int64 in both databases. Zero identifies nothing.
//
// The layout, from the highest bit: 1 sign bit (always 0), 41 bits of
// milliseconds since 2024-01-01 UTC, 10 bits drawn at random when the process
// starts, so that two nodes do not meet, and 11 bits of a counter.
type ID int64

// String gives the decimal form, as used in URLs and JSON (a JSON number
// would lose bits in a browser).
func (id ID) String() string { return strconv.FormatInt(int64(id), 10) }

// ParseID reads the form that [ID.String] writes.
func ParseID(s string) (ID, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n <= 0 {
		return 0, errors.New("not an identifier") // what was typed is nobody's business
	}
	return ID(n), nil
}

const (
	idNodeBits    = 10
	idCounterBits = 11
)

var idEpoch = time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)

// ids is the process's only generator: an identifier must be unique in the
// process, so its state cannot belong to anybody smaller.
var ids = newIDMaker()

type idMaker struct {
	mu   sync.Mutex
	node int64
	last int64 // milliseconds and counter, without the node
}

func newIDMaker() *idMaker {
	var b [2]byte
	if _, err := rand.Read(b[:]); err != nil {
		panic(err) // crypto/rand never fails on a supported system
	}
	return &idMaker{node: int64(binary.BigEndian.Uint16(b[:]) & (1<<idNodeBits - 1))}
}

// NewID makes an identifier that is greater than every one this process made
// before. When more than 2,048 are asked within a millisecond, or when the
// clock steps back, it borrows from the milliseconds to come.
func NewID(now time.Time) ID {
	ids.mu.Lock()
	defer ids.mu.Unlock()
	next := sinceEpoch(now) << idCounterBits
	if next <= ids.last {
		next = ids.last + 1
	}
	ids.last = next
	ms, counter := next>>idCounterBits, next&(1<<idCounterBits-1)
	return ID(ms<<(idNodeBits+idCounterBits) | ids.node<<idCounterBits | counter)
}

// FirstID is the lowest of the identifiers that are made from an instant on, on
// whatever node: what was made since is looked for by its key.
func FirstID(at time.Time) ID { return ID(sinceEpoch(at) << (idNodeBits + idCounterBits)) }

func sinceEpoch(at time.Time) int64 { return at.Sub(idEpoch).Milliseconds() }
