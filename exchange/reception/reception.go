package reception

import (
	"embed"
	"log/slog"

	"preau/core/audit"
	"preau/core/db"
	"preau/core/i18n"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory/feed"
)

//go:embed schema/*.sql
var files embed.FS

// Words are the texts of the room.
//
//go:embed words/*.json
var Words embed.FS

// Schema is the migrations of the tables.
func Schema() db.Schema { return db.Schema{Name: "reception", Files: files} }

// Service is the room.
type Service struct {
	DB     *db.DB
	Feeder *feed.Feeder
	Vault  *Vault
	Audit  *audit.Log
	Words  *i18n.Catalogue
	Log    *slog.Logger
}

var _ web.Service = (*Service)(nil)

// Card implements web.Service.
func (s *Service) Card() web.Card {
	return web.Card{
		Name: "reception", Title: "reception.title", Icon: ui.IconInbox,
		For: []school.Profile{school.Pilot, school.Operator},
	}
}

// The rights of the room.
const (
	view    rights.Right = "reception.view"    // accounts, and what came
	release rights.Right = "reception.release" // feed what is held
)

// Rights implements web.Service. A pilot sees the accounts of an académie that
// is theirs as a whole.
func (s *Service) Rights() rights.Table {
	return rights.Table{
		view:    {school.Pilot: rights.Area, school.Operator: rights.Project},
		release: {school.Operator: rights.Project},
	}
}

// Mount implements web.Service.
func (s *Service) Mount(m *web.Mux) {
	m.Get("/", view, s.list)
	m.Get("/arrival/{arrival}", view, s.show)
	m.Post("/arrival/{arrival}/release", release, s.release)
}
