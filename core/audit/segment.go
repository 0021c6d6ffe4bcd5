package audit

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash"
	"time"

	"preau/core/db"
)

// Segment is a sealed day.
type Segment struct {
	Day         Day
	First, Last int64 // identifiers of entries; 0 for an empty day
	Count       int64
	Digest      []byte // SHA-256 of the entries, in order
	Previous    []byte // head of the day before; 32 zero bytes before the first
	Head        []byte
	MAC         []byte
}

// settling is how long after a day its last transactions may still commit: an
// entry carries the instant at which its transaction began.
const settling = time.Hour

const selectSegments = `SELECT day, first_id, last_id, count, digest, previous, head, mac FROM audit_segment`

func scanSegment(row db.Row) (s Segment, err error) {
	return s, row.Scan(&s.Day, &s.First, &s.Last, &s.Count, &s.Digest, &s.Previous, &s.Head, &s.MAC)
}

func lastSegment(tx *db.Tx) (s Segment, ok bool, err error) {
	all, err := db.All(tx, scanSegment, selectSegments+` ORDER BY day DESC LIMIT 1`)
	if err != nil || len(all) == 0 {
		return Segment{}, false, err
	}
	return all[0], true, nil
}

// SealDays seals every day that ended an hour ago or more and is not sealed,
// the empty ones too, and gives their segments. It is the work of each night.
// When the last segment was not made with the key it seals nothing: the
// chain would seem to go on.
func (l *Log) SealDays(tx *db.Tx) ([]Segment, error) {
	last, ok, err := lastSegment(tx)
	if err != nil {
		return nil, err
	}
	if ok && !l.authentic(last) {
		return nil, fmt.Errorf("audit: the segment of %.10s was not sealed with this key", last.Day)
	}
	d, previous := last.Day.next(), last.Head
	if !ok {
		var first db.Time
		if err := tx.Get([]any{&first}, `SELECT min(at) FROM audit_entry`); err != nil || first.IsZero() {
			return nil, err
		}
		d, previous = dayOf(first.Time), make([]byte, sha256.Size)
	}
	var sealed []Segment
	for ; !d.end().After(tx.Now.Add(-settling)); d = d.next() {
		s, err := digest(tx, d)
		if err != nil {
			return nil, fmt.Errorf("sealing %s: %w", d, err)
		}
		s.Previous = previous
		s.Head = s.head()
		s.MAC = l.mac(s)
		if err := s.insert(tx); err != nil {
			return nil, fmt.Errorf("sealing %s: %w", d, err)
		}
		sealed, previous = append(sealed, s), s.Head
	}
	return sealed, nil
}

func (s Segment) insert(tx *db.Tx) error {
	_, err := tx.Exec(`INSERT INTO audit_segment (day, first_id, last_id, count, digest, previous, head, mac, sealed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		string(s.Day), s.First, s.Last, s.Count, s.Digest, s.Previous, s.Head, s.MAC, db.At(tx.Now))
	return err
}

// digest reads the entries of a day into a segment that is not chained yet.
func digest(tx *db.Tx, d Day) (Segment, error) {
	s := Segment{Day: d}
	sum := sha256.New()
	err := tx.Each(func(row db.Row) error {
		var numbers [6]int64
		var texts [5]string
		err := row.Scan(&numbers[0], &numbers[1], &numbers[2], &texts[0], &texts[1], &texts[2],
			&numbers[3], &numbers[4], &numbers[5], &texts[3], &texts[4])
		if err != nil {
			return err
		}
		if s.Count++; s.First == 0 {
			s.First = numbers[0]
		}
		s.Last = numbers[0]
		put(sum, numbers[:], texts[:])
		return nil
	}, `SELECT id, at, actor_id, profile, action, object_kind, object_id, subject_id, school_id, request, detail
		FROM audit_entry WHERE at >= $1 AND at < $2 ORDER BY id`, db.At(d.start()), db.At(d.end()))
	s.Digest = sum.Sum(nil)
	return s, err
}

// head is the fingerprint of the segment, and through Previous of all before.
func (s Segment) head() []byte {
	sum := sha256.New()
	put(sum, []int64{s.First, s.Last, s.Count}, []string{string(s.Day), string(s.Digest), string(s.Previous)})
	return sum.Sum(nil)
}

func (l *Log) mac(s Segment) []byte { return l.Key.MAC("audit head", s.Head) }

// authentic tells whether the segment's head is of it and made with the key.
func (l *Log) authentic(s Segment) bool {
	return bytes.Equal(s.Head, s.head()) && hmac.Equal(s.MAC, l.mac(s))
}

// put adds values to a fingerprint, in a form that has one reading only:
// numbers in eight bytes, texts after their length.
func put(sum hash.Hash, numbers []int64, texts []string) {
	var buffer []byte
	for _, n := range numbers {
		buffer = binary.BigEndian.AppendUint64(buffer, uint64(n))
	}
	for _, text := range texts {
		buffer = binary.BigEndian.AppendUint64(buffer, uint64(len(text)))
		buffer = append(buffer, text...)
	}
	sum.Write(buffer)
}
