package account

import (
	"fmt"

	"preau/core/db"
	"preau/core/fail"
	"preau/directory"
)

// Welcome gives one newcomer a login, numbered after the homonyms; who has an
// account keeps it. Many at once are [Accounts.MakeLogins]'.
func (a *Accounts) Welcome(tx *db.Tx, n directory.Newcomer) (Login, error) {
	login, err := loginOf(tx, n.Person)
	if !fail.Is(err, fail.NotFound) {
		return login, err
	}
	stem := stemOf(n.First, n.Usual)
	var last, retired int
	err = tx.Get([]any{&last, &retired}, `SELECT
		(SELECT coalesce(max(number), 0) FROM account_account WHERE stem = $1),
		(SELECT coalesce(max(last), 0) FROM account_retired WHERE stem = $2)`, stem, a.stemMAC(stem))
	if err != nil {
		return Login{}, fmt.Errorf("making a login: %w", err)
	}
	login = Login{stem, max(last, retired) + 1}
	return login, insert(tx, []candidate{{n.Person, login}})
}
