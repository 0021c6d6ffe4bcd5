package liaison

import (
	"embed"

	"preau/core/attach"
	"preau/core/audit"
	"preau/core/db"
	"preau/core/notify"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/seal"
	"preau/core/ui"
	"preau/core/web"
)

// room is the name of the room: its folder, and the beginning of its addresses and its tables.
const room = "liaison"

//go:embed schema/*.sql
var files embed.FS

// Schema is the tables of words, and of answers, on screen, before they were changed, and on paper.
func Schema() db.Schema { return db.Schema{Name: room, Files: files} }

// Words are the texts of the service.
//
//go:embed words/*.json
var Words embed.FS

// Service is the carnet de liaison.
type Service struct {
	Tray  *attach.Tray // of what words carry
	Audit *audit.Log   // whose follow-up left, and who took it
	Key   *seal.Key    // of what is printed and read again

	Notify *notify.Service // which tells again what is changed, and who is reminded
}

var (
	_ web.Service = (*Service)(nil)
	_ web.Teller  = (*Service)(nil)
	_ web.Finder  = (*Service)(nil)
	_ web.Sender  = (*Service)(nil)
)

// Card implements web.Service.
func (s *Service) Card() web.Card {
	return web.Card{
		Name: room, Title: "liaison.title", Icon: ui.IconMail,
		For:       []school.Profile{school.Guardian, school.Teacher, school.Head, school.Staff},
		Publishes: []rights.Right{write, tellSchool},
		Quick: []web.Quick{
			{Title: "liaison.tell", Path: tellPath, Icon: ui.IconBell, Right: tellSchool},
			{Title: "liaison.new", Path: "/liaison/new", Icon: ui.IconEdit, Right: write},
		},
	}
}

// The rights of the service. A word is read by whom it is addressed to.
const (
	open       rights.Right = "liaison.open"
	tellSchool rights.Right = "liaison.tell"       // of one's children
	answer     rights.Right = "liaison.answer"     // for one's children
	write      rights.Right = "liaison.write"      // to families
	follow     rights.Right = "liaison.follow"     // who has read and answered
	see        rights.Right = "liaison.see"        // what is said to all the families of a class, and nothing of what they answer
	seeAbsent  rights.Right = "liaison.see-absent" // which of the pupils whom one minds are absent today, and nothing more
)

// Rights implements web.Service.
func (s *Service) Rights() rights.Table {
	staff := rights.Holders{school.Teacher: rights.Classes, school.Head: rights.Schools}
	return rights.Table{
		open:       {school.Guardian: rights.Self, school.Teacher: rights.Self, school.Head: rights.Self, school.Staff: rights.Self},
		answer:     {school.Guardian: rights.Children},
		tellSchool: {school.Guardian: rights.Children},
		write:      staff,
		follow:     staff,
		see:        {school.Staff: rights.Classes},
		seeAbsent:  {school.Staff: rights.Classes, school.CareAgent: rights.Schools},
	}
}
