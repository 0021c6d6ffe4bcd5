package removal

import (
	"time"

	"preau/core/web"
)

// removingTime is how long one removes, or puts back, before the rest waits for another time.
const removingTime = time.Minute

// Mount implements web.Service. What ends an emergency is done in a school that is read-only
// because of it.
func (s *Service) Mount(m *web.Mux) {
	m.Get("/", remove, s.land)
	m.Get("/school/{school}/person/{person}", remove, s.search, web.StepUp)
	m.Post("/school/{school}/person/{person}", remove, s.ask, web.StepUp, web.EvenReadOnly, web.LongText)
	m.Get("/person/{person}", everywhere, s.search, web.StepUp)
	m.Post("/person/{person}", everywhere, s.ask, web.StepUp, web.EvenReadOnly, web.LongText)
	m.Get("/case/{case}", remove, s.show, web.StepUp)
	m.Post("/case/{case}/agree", remove, s.agree, web.StepUp, web.EvenReadOnly, web.NoTx, web.Limit(removingTime))
	m.Post("/case/{case}/decline", remove, s.decline, web.EvenReadOnly, web.StepUp)
	m.Post("/case/{case}/withdraw", remove, s.withdraw, web.EvenReadOnly)
	m.Post("/case/{case}/undo", remove, s.undo, web.StepUp)
	m.Post("/case/{case}/restore", remove, s.restore, web.StepUp, web.NoTx, web.Limit(removingTime))
	m.Post("/case/{case}/leave", remove, s.leave, web.EvenReadOnly, web.StepUp)
}
