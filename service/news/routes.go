package news

import (
	"time"

	"preau/core/web"
)

// sendingTime is how long what an item carries may take to come from a telephone.
const sendingTime = 3 * time.Minute

// posted is why the public page of a school needs no session.
const posted = "a school that opened it tells anybody what it chose to"

// Mount implements web.Service.
func (s *Service) Mount(m *web.Mux) {
	m.Get("/", open, s.list)
	m.Get("/past", open, s.past)
	m.Get("/item/{item}", open, s.show)
	m.Get("/item/{item}/photo/{photo}", open, s.attached)
	m.Get("/item/{item}/file/{file}", open, s.attached)
	m.Get("/new", write, s.choose)
	m.Get("/new/class/{class}", writeClass, s.blank)
	m.Get("/new/school/{school}", write, s.blank)
	m.Get("/new/school/{school}/rpi/{structure}", write, s.blank)
	m.Get("/new/commune/{commune}", write, s.blank)
	m.Post("/new/class/{class}", writeClass, s.publish, web.Upload(bag.Bytes()), web.Limit(sendingTime))
	m.Post("/new/school/{school}", write, s.publish, web.Upload(bag.Bytes()), web.Limit(sendingTime))
	m.Post("/new/school/{school}/rpi/{structure}", write, s.publish, web.Upload(bag.Bytes()), web.Limit(sendingTime))
	m.Post("/new/commune/{commune}", write, s.publish, web.Upload(bag.Bytes()), web.Limit(sendingTime))
	m.Get("/item/{item}/amend", write, s.amending)
	m.Post("/item/{item}/amend", write, s.amend, web.Upload(bag.Bytes()), web.Limit(sendingTime))
	m.Post("/item/{item}/front", lead, s.front)
	m.Post("/item/{item}/remove", open, s.remove)
	m.Post("/item/{item}/restore", write, s.restore)
	m.Get("/removed", write, s.removed)
	m.Get("/page/{school}", lead, s.page)
	m.Post("/page/{school}", lead, s.turn)
	m.PublicGet("/public/{uai}", posted, s.poster, web.Listable)
	m.PublicGet("/public/{uai}/item/{item}/photo/{photo}", posted, s.posterAttached)
	m.PublicGet("/public/{uai}/item/{item}/file/{file}", posted, s.posterAttached)
}
