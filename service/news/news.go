package news

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
const room = "news"

//go:embed schema/*.sql
var files embed.FS

// Schema is the tables of items, of what they carry, and of public pages.
func Schema() db.Schema { return db.Schema{Name: room, Files: files} }

// Words are the texts of the service.
//
//go:embed words/*.json
var Words embed.FS

// Service is the news of schools and of communes.
type Service struct {
	Tray  *attach.Tray // of what items carry
	Audit *audit.Log   // who published, changed and removed what
}

var (
	_ web.Withholder = (*Service)(nil)
	_ web.Awaiter    = (*Service)(nil)
	_ web.Teller     = (*Service)(nil)
	_ web.Sender     = (*Service)(nil)
	_ web.Finder     = (*Service)(nil)
)

// Card implements web.Service.
func (s *Service) Card() web.Card {
	return web.Card{
		Name: room, Title: "news.title", Icon: ui.IconNews, Pictogram: ui.PictureNews,
		For:       []school.Profile{school.Pupil, school.Guardian, school.Teacher, school.Head, school.Staff, school.Admin, school.Municipal},
		Publishes: []rights.Right{write, writeClass},
		Quick:     []web.Quick{{Title: "news.new", Path: "/news/new", Icon: ui.IconNews, Right: write}},
	}
}

// The rights of the service. An item is read by whom it is addressed to. What a school
// says is kept by whoever wrote it and by its head, what a commune says by its agents.
const (
	open        rights.Right = "news.open"
	write       rights.Right = "news.write"        // for a school, or for the schools of a commune
	writeClass  rights.Right = "news.write-class"  // for a class
	keep        rights.Right = "news.keep"         // change and remove what a school says
	keepCommune rights.Right = "news.keep-commune" // change and remove what a commune says
	lead        rights.Right = "news.lead"         // put one item on top, and open the public page
)

// Rights implements web.Service.
func (s *Service) Rights() rights.Table {
	return rights.Table{
		open: {
			school.Pupil: rights.Self, school.Guardian: rights.Self, school.Teacher: rights.Self, school.Head: rights.Self,
			school.Staff: rights.Self, school.Admin: rights.Self, school.Municipal: rights.Self,
		},
		write:       {school.Teacher: rights.Schools, school.Head: rights.Schools, school.Municipal: rights.Area},
		writeClass:  {school.Teacher: rights.Classes, school.Head: rights.Schools},
		keep:        {school.Teacher: rights.Self, school.Head: rights.Schools},
		keepCommune: {school.Municipal: rights.Area},
		lead:        {school.Head: rights.Schools},
	}
}
