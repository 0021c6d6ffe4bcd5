package alert

import (
	"embed"

	"preau/core/audit"
	"preau/core/db"
	"preau/core/notify"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
)

// room is the name of the room: its folder, and the beginning of its addresses and its tables.
const room = "alert"

//go:embed schema/*.sql
var files embed.FS

// Schema is the tables of notices, of what they said, and of calls.
func Schema() db.Schema { return db.Schema{Name: room, Files: files} }

// Words are the texts of the service.
//
//go:embed words/*.json
var Words embed.FS

// Service is the urgent notices of schools.
type Service struct {
	Notify *notify.Service // by which notices leave; it asks [Service.Notice] what they say
	Audit  *audit.Log

	current db.Recent[current]
}

var (
	_ web.Service = (*Service)(nil)
	_ web.Lender  = (*Service)(nil)
	_ web.Teller  = (*Service)(nil)
	_ web.Finder  = (*Service)(nil)
	_ web.Sender  = (*Service)(nil)
	_ web.Alerter = (*Service)(nil)
)

// readers are those whom a notice may reach.
var readers = []school.Profile{school.Guardian, school.Teacher, school.Head, school.Staff, school.Admin, school.Municipal, school.CareAgent}

// Card implements web.Service. The tile is for whoever tells; others have the notice on every
// page. A school cannot shut what tells it that the school is shut: nothing publishes.
func (s *Service) Card() web.Card {
	return web.Card{
		Name: room, Title: "alert.title", Icon: ui.IconStop, For: readers, Right: send,
		Quick: []web.Quick{{Title: "alert.new", Path: "/alert/", Icon: ui.IconStop, Right: send}},
	}
}

// The rights of the service. A notice is read by whom it is addressed to. What a school
// tells is kept by its head, what a commune tells by its agents.
const (
	open        rights.Right = "alert.open"
	send        rights.Right = "alert.send"         // tell a notice
	keep        rights.Right = "alert.keep"         // tell, correct and end what a school tells
	keepCommune rights.Right = "alert.keep-commune" // and what a commune tells its schools
	call        rights.Right = "alert.call"         // whom nothing reached, with their telephones
)

// Rights implements web.Service.
func (s *Service) Rights() rights.Table {
	everyone := rights.Holders{}
	for _, profile := range readers {
		everyone[profile] = rights.Self
	}
	return rights.Table{
		open:        everyone,
		send:        {school.Head: rights.Schools, school.Municipal: rights.Area},
		keep:        {school.Head: rights.Schools},
		keepCommune: {school.Municipal: rights.Area},
		call:        {school.Head: rights.Schools},
	}
}

// Lends implements web.Lender: a head who is away lends urgent notices whole, with the calls
// that follow. A commune lends none: whom to telephone is not its own to give.
func (s *Service) Lends() map[rights.Function][]rights.Right {
	return map[rights.Function][]rights.Right{directory.LentAlerts: {send, keep, call}}
}
