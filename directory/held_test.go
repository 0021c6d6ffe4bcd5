package directory

import (
	"testing"

	"preau/core/db"
)

// What every page asks is kept ready by SQLite, which would take longer to compile it again
// than to answer it.
func TestHoldingsAreKeptReady(t *testing.T) {
	for of, query := range heldBy {
		if len(query) > db.MaxReady {
			t.Errorf("%+v: a question of %d bytes, of %d", of, len(query), db.MaxReady)
		}
	}
}
