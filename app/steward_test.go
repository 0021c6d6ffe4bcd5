//go:build !race

package app

import (
	"fmt"
	"testing"

	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/personal"
	"preau/core/web/servicetest"
)

// TestEveryStewardKeepsItsWord holds everybody who keeps something to what they declare.
func TestEveryStewardKeepsItsWord(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := house(t, d)
		for _, steward := range h.stewards() {
			t.Run(fmt.Sprintf("%T", steward), func(t *testing.T) {
				if steward == personal.Steward(h.Audit) {
					servicetest.Journal(t, d, steward)
					return
				}
				servicetest.Steward(t, d, steward)
			})
		}
	})
}
