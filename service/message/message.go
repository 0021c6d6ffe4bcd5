package message

import (
	"embed"

	"preau/core/attach"
	"preau/core/audit"
	"preau/core/db"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
)

// room is the name of the room: its folder, and the beginning of its addresses and its tables.
const room = "message"

//go:embed schema/*.sql
var files embed.FS

// Schema is the migrations of the tables message_*.
func Schema() db.Schema { return db.Schema{Name: room, Files: files} }

// Words are the texts of the service.
//
//go:embed words/*.json
var Words embed.FS

// Service is the messagerie.
type Service struct {
	Tray  *attach.Tray // of what posts carry
	Audit *audit.Log
}

var (
	_ web.Withholder = (*Service)(nil)
	_ web.Teller     = (*Service)(nil)
	_ web.Sender     = (*Service)(nil)
	_ web.Settler    = (*Service)(nil)
	_ web.Finder     = (*Service)(nil)
	_ web.Awaiter    = (*Service)(nil)
	_ web.Opener     = (*Service)(nil)
)

// Card implements web.Service. A pupil has the tile where a teacher opened it: see [Service.Opens].
func (s *Service) Card() web.Card {
	return web.Card{
		Name: room, Title: "message.title", Icon: ui.IconMessage, Pictogram: ui.PictureEnvelope,
		For:       []school.Profile{school.Guardian, school.Teacher, school.Head, school.Staff, school.Admin, school.Municipal},
		Publishes: []rights.Right{write}, Rules: "/message/rules",
		Quick: []web.Quick{{Title: "message.new", Path: "/message/new", Icon: ui.IconMessage, Right: write}},
	}
}

// The rights of the service. A conversation is read by whom it is addressed to, and
// whom one may write to is [Service.reach]'s to say.
const (
	open     rights.Right = "message.open"
	write    rights.Right = "message.write"
	moderate rights.Right = "message.moderate" // the pupils of a class
	govern   rights.Right = "message.govern"   // who may address whom
	judge    rights.Right = "message.judge"    // what is reported
	// Whom the agents of a commune may address: of what is its own, and of no school's.
	governAgents rights.Right = "message.govern-agents"
)

// Rights implements web.Service.
func (s *Service) Rights() rights.Table {
	all := rights.Holders{
		school.Guardian: rights.Self, school.Teacher: rights.Self, school.Head: rights.Self, school.Staff: rights.Self,
		school.Admin: rights.Self, school.Municipal: rights.Self, school.Pupil: rights.Self,
	}
	return rights.Table{
		open:     all,
		write:    all,
		moderate: {school.Teacher: rights.Classes, school.Head: rights.Schools},
		govern:   {school.Head: rights.Schools, school.Operator: rights.Project},
		judge:    {school.Head: rights.Schools},

		governAgents: {school.Municipal: rights.Area},
	}
}
