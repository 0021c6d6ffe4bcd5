package app

import (
	"preau/account"
	"preau/core/db"
	"preau/directory/feed"
)

// makeLogins makes the logins of the people whom a delivery brought.
func (h *House) makeLogins(tx *db.Tx, newcomers []feed.Newcomer) error {
	_, err := h.Accounts.MakeLogins(tx, func(yield func(account.Newcomer) bool) {
		for _, n := range newcomers {
			if !yield(account.Newcomer{Person: n.Person, First: n.FirstName, Usual: n.UsualName}) {
				return
			}
		}
	})
	return err
}
