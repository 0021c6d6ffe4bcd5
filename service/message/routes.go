package message

import (
	"time"

	"preau/core/web"
)

// sendingTime is how long what a message carries may take to come from a telephone.
const sendingTime = 2 * time.Minute

// Mount implements web.Service.
func (s *Service) Mount(m *web.Mux) {
	m.Get("/", open, s.list(inbox))
	m.Get("/sent", open, s.list(sent))
	m.Get("/archived", open, s.list(archived))
	m.Get("/drafts", open, s.list(aside))
	m.Get("/folder/{name}", open, s.listOwn)
	m.Get("/draft/{draft}", write, s.goOn)
	m.Post("/draft/{draft}/drop", open, s.dropDraft)

	m.Get("/new", write, s.choose)
	for _, at := range []struct {
		path string
		desk deskOf
	}{
		{"/new/child/{child}", s.childDesk}, {"/new/class/{class}", s.classDesk}, {"/new/team/{school}", s.teamDesk},
		{"/new/school/{school}", s.schoolDesk}, {"/new/commune/{commune}", s.communeDesk},
	} {
		m.Get(at.path, write, s.blank(at.desk))
		m.Post(at.path, write, s.publish(at.desk), web.SaysShut, web.Upload(bag.Bytes()), web.Limit(sendingTime))
	}

	m.Get("/thread/{thread}", open, s.show)
	m.Get("/thread/{thread}/print", open, s.print)
	m.Get("/thread/{thread}/post/{post}/photo/{photo}", open, s.attached)
	m.Get("/thread/{thread}/post/{post}/file/{file}", open, s.attached)
	m.Post("/thread/{thread}", write, s.reply, web.SaysShut, web.Upload(bag.Bytes()), web.Limit(sendingTime))
	m.Post("/thread/{thread}/archive", open, s.archive)
	m.Post("/thread/{thread}/put-back", open, s.putBack)
	m.Post("/thread/{thread}/file", open, s.file)
	m.Post("/thread/{thread}/take-out", open, s.takeOut)
	m.Post("/thread/{thread}/recall", open, s.recall)
	m.Post("/thread/{thread}/block", open, s.block)
	m.Post("/thread/{thread}/unblock", open, s.free)
	m.Get("/thread/{thread}/post/{post}/report", open, s.reporting)
	m.Post("/thread/{thread}/post/{post}/report", open, s.report)

	m.Get("/class/{class}", moderate, s.class)
	m.Post("/class/{class}", moderate, s.openClass)
	m.Get("/review", moderate, s.review)
	m.Get("/review/{post}/photo/{photo}", moderate, s.heldAttached)
	m.Get("/review/{post}/file/{file}", moderate, s.heldAttached)
	m.Post("/review/{post}/accept", moderate, s.accept)
	m.Post("/review/{post}/return", moderate, s.sendBack)

	m.Get("/rules", govern, s.rules)
	m.Post("/rules", govern, s.setRules)
	m.Get("/rules/school/{school}", govern, s.schoolRules)
	m.Post("/rules/school/{school}", govern, s.setSchoolRules)
	m.Get("/rules/commune/{commune}", governAgents, s.agentsRules)
	m.Post("/rules/commune/{commune}", governAgents, s.setAgentsRules)

	m.Get("/reports", judge, s.reports)
	m.Get("/report/{report}", judge, s.look)
	m.Post("/report/{report}", judge, s.settle)
}
