package alert

import (
	"time"

	"preau/core/web"
)

// tellingTime is how long it may take to tell the schools of a large commune.
const tellingTime = time.Minute

// Mount implements web.Service.
func (s *Service) Mount(m *web.Mux) {
	m.Get("/", open, s.list)
	m.Get("/new/school/{school}", send, s.blank)
	m.Post("/new/school/{school}", send, s.tell, web.StepUp, web.Limit(tellingTime))
	m.Get("/new/commune/{commune}", send, s.blank)
	m.Post("/new/commune/{commune}", send, s.tell, web.StepUp, web.Limit(tellingTime))
	m.Get("/notice/{notice}", open, s.show)
	m.Post("/notice/{notice}/read", open, s.read, web.EvenReadOnly)
	m.Get("/notice/{notice}/amend", send, s.amending)
	m.Post("/notice/{notice}/amend", send, s.amend, web.StepUp, web.Limit(tellingTime))
	m.Get("/notice/{notice}/end", send, s.ending)
	m.Post("/notice/{notice}/end", send, s.end, web.StepUp, web.Limit(tellingTime))
	m.Get("/notice/{notice}/poster", send, s.poster)
	m.Get("/notice/{notice}/calls", call, s.calls)
	m.Get("/notice/{notice}/calls.csv", call, s.callsCSV, web.Journalled, web.StepUp)
	m.Post("/notice/{notice}/calls", call, s.called)
}
