package db

import (
	"database/sql/driver"
	"fmt"
	"time"
)

// Time is an instant as the database keeps it: UTC milliseconds in a BIGINT.
// The zero Time is NULL: "until" with no end, "activated" never.
type Time struct{ time.Time }

// At makes the Time of an instant.
func At(t time.Time) Time { return Time{t} }

// Value implements driver.Valuer.
func (t Time) Value() (driver.Value, error) {
	if t.IsZero() {
		return nil, nil
	}
	return t.UnixMilli(), nil
}

// Scan implements sql.Scanner.
func (t *Time) Scan(value any) error {
	switch v := value.(type) {
	case nil:
		t.Time = time.Time{}
	case int64:
		t.Time = time.UnixMilli(v).UTC()
	default:
		return fmt.Errorf("db: an instant cannot be read from %T", value)
	}
	return nil
}
