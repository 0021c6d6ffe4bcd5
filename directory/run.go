package directory

import (
	"fmt"
	"time"
)

// During is the condition that a row of the table named runs at the instant
// $place: it has begun, and is not over.
func During(table string, place int) string {
	return fmt.Sprintf("%s.from_at <= $%d AND %s", table, place, NotOver(table, place))
}

// NotOver is the condition that a row of the table named runs at the instant
// $place, or will.
func NotOver(table string, place int) string {
	return fmt.Sprintf("(%[1]s.until_at IS NULL OR %[1]s.until_at > $%[2]d)", table, place)
}

// endedLately is how long what was ended by hand is shown, to be given back.
const endedLately = 30 * 24 * time.Hour

// overSince is the condition that a row of the table named is over at the
// instant $place, and was not at the instant $since.
func overSince(table string, place, since int) string {
	return fmt.Sprintf("%[1]s.until_at <= $%[2]d AND %[1]s.until_at > $%[3]d", table, place, since)
}
