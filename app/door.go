package app

import (
	"preau/account"
	"preau/core/db"
	"preau/core/web"
	"preau/portal"
)

// doors tells the portal who holds a session: the account says whose it is,
// and the register what they hold now.
type doors struct{ accounts *account.Accounts }

// Visitor implements web.Doorkeeper.
func (d *doors) Visitor(tx *db.Tx, token string) (web.Visitor, error) {
	session, err := d.accounts.Resolve(tx, token)
	if err != nil {
		return web.Visitor{}, err
	}
	return portal.Visitor(tx, session.Person, session.Profile)
}
