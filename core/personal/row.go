package personal

import (
	"bytes"
	"compress/gzip"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"time"

	"preau/core/school"
)

// Row is one row of a table, by column: int64, string, bool, []byte or nil.
type Row struct {
	Table  string
	Values map[string]any
}

// Text is what a column of text says; empty of any other.
func (r Row) Text(column string) string {
	text, _ := r.Values[column].(string)
	return text
}

// ID is the identifier that a column holds; 0 when it holds none.
func (r Row) ID(column string) school.ID {
	id, _ := r.Values[column].(int64)
	return school.ID(id)
}

// At is the instant that a column holds; zero when it is empty.
func (r Row) At(column string) time.Time {
	millis, there := r.Values[column].(int64)
	if !there {
		return time.Time{}
	}
	return time.UnixMilli(millis).UTC()
}

// Is is what a column of truth says: the databases have two ways of writing it.
func (r Row) Is(column string) bool { return r.Values[column] == true || r.Values[column] == int64(1) }

// Pack writes rows into bytes, which [Unpack] reads.
func Pack(rows []Row) ([]byte, error) {
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	if err := errors.Join(gob.NewEncoder(w).Encode(rows), w.Close()); err != nil {
		return nil, fmt.Errorf("packing %d rows: %w", len(rows), err)
	}
	return packed.Bytes(), nil
}

// Unpack reads rows that [Pack] wrote.
func Unpack(from io.Reader) (rows []Row, err error) {
	r, err := gzip.NewReader(from)
	if err == nil {
		err = gob.NewDecoder(r).Decode(&rows)
	}
	if err != nil {
		return nil, fmt.Errorf("unpacking rows: %w", err)
	}
	return rows, nil
}
