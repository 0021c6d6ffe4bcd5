package aaf

import (
	"cmp"
	"io"
	"sync/atomic"
)

// Limits bound what an archive may cost to read. Folders need none: what they
// hold is already there. A zero stands for the default.
type Limits struct {
	Entries    int   // number of entries
	EntryBytes int64 // decompressed bytes of one entry
	TotalBytes int64 // decompressed bytes of one reading of the archive
	Ratio      int64 // decompressed over compressed bytes, judged past ratioGrace
}

// DefaultLimits leave five times the room that the largest académie's complete
// delivery needs (some 4 GB of XML in a few hundred files), a single file of
// several GB included. AAF files compress 10 to 40 times; deflate reaches
// 1,000 on a bomb.
var DefaultLimits = Limits{Entries: 10_000, EntryBytes: 10 << 30, TotalBytes: 20 << 30, Ratio: 200}

// orDefault completes the limits that are not said.
func (l Limits) orDefault() Limits {
	return Limits{
		Entries:    cmp.Or(l.Entries, DefaultLimits.Entries),
		EntryBytes: cmp.Or(l.EntryBytes, DefaultLimits.EntryBytes),
		TotalBytes: cmp.Or(l.TotalBytes, DefaultLimits.TotalBytes),
		Ratio:      cmp.Or(l.Ratio, DefaultLimits.Ratio),
	}
}

// ratioGrace is the size under which any ratio is harmless.
const ratioGrace = 16 << 20

// meter counts the decompressed bytes of one reading of an archive.
type meter struct {
	limits Limits
	total  atomic.Int64
}

// metered reads decompressed bytes within the limits.
type metered struct {
	r      io.Reader
	meter  *meter
	name   string
	size   int64        // read from r
	limit  int64        // on size
	packed func() int64 // compressed bytes behind r
}

func (m *metered) Read(p []byte) (int, error) {
	n, err := m.r.Read(p)
	m.size += int64(n)
	limits := &m.meter.limits
	switch {
	case m.size > m.limit, m.meter.total.Add(int64(n)) > limits.TotalBytes:
		return 0, refuse(Bomb, m.name, "it decompresses to more than the %d bytes allowed", min(m.limit, limits.TotalBytes))
	case m.size > ratioGrace && m.size/limits.Ratio > m.packed():
		return 0, refuse(Bomb, m.name, "it decompresses to more than %d times its size", limits.Ratio)
	case err != nil && err != io.EOF:
		return n, damage(m.name, err)
	}
	return n, err
}
