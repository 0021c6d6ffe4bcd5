package removal

import (
	"embed"
	"time"

	"preau/core/audit"
	"preau/core/db"
	"preau/core/past"
	"preau/core/personal"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/seal"
	"preau/core/ui"
	"preau/core/web"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is the tables of what was asked, and of the files of what was removed.
func Schema() db.Schema { return db.Schema{Name: "removal", Files: files} }

// Words are the texts of the office.
//
//go:embed words/*.json
var Words embed.FS

// Service is the office of removals.
type Service struct {
	Rooms  []web.Service   // those that are senders are looked through, in their order
	Tables personal.Tables // every table of the house
	Key    *seal.Key       // of what is kept
	Audit  *audit.Log
	// Withhold keeps back what an account that is shut wrote for later: see
	// [preau/account.Accounts.WithholdShut].
	Withhold func(tx *db.Tx, person school.ID) error
	// Portion is how many things of a new case go in one transaction; 0: as many as is usual.
	Portion int
}

var _ web.Service = (*Service)(nil)

// What may be asked, and for how long it may be undone.
const (
	longest  = 31 * 24 * time.Hour // window
	undoable = past.Kept
)

// Card implements web.Service. It is no tile of the home page: one comes from the office of
// accounts, or from what waits.
func (s *Service) Card() web.Card {
	return web.Card{
		Name: "removal", Title: "removal.title", Icon: ui.IconShield, For: []school.Profile{school.Head, school.Operator},
	}
}

// The rights of the office. They are lent to nobody: who holds them reads what others wrote.
const (
	remove     rights.Right = "removal.remove"     // ask, and agree, for what was sent in a school
	everywhere rights.Right = "removal.everywhere" // the same, for what an account sent anywhere
)

// Rights implements web.Service.
func (s *Service) Rights() rights.Table {
	return rights.Table{
		remove:     {school.Head: rights.Schools, school.Operator: rights.Project},
		everywhere: {school.Operator: rights.Project},
	}
}
