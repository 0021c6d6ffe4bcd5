package account

import (
	"preau/core/db"
	"preau/core/fail"
)

// IsTablet tells, at any hour, whether what a browser keeps makes it a tablet of a class.
func (a *Accounts) IsTablet(tx *db.Tx, token string) (bool, error) {
	door, err := a.readDoor(tx, token)
	if fail.Is(err, fail.NotFound) {
		err = nil
	}
	return door.Tablet, err
}
