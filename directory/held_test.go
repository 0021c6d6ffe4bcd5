package directory

import (
	"testing"

	"preau/core/db"
)

// What every page asks is kept ready by SQLite, which would take longer to compile it again
// than to answer it.
func TestHoldingsAreKeptReady(t *testing.T) {
	if len(heldBy) > db.MaxReady {
		t.Errorf("a question of %d bytes, of %d", len(heldBy), db.MaxReady)
	}
}
