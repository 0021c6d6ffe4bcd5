package liaison

import (
	"time"

	"preau/core/attach"
	"preau/core/web"
)

// sendingTime is how long what a word carries may take to come from a telephone.
const sendingTime = 2 * time.Minute

// Mount implements web.Service.
func (s *Service) Mount(m *web.Mux) {
	m.Get("/", open, s.list)
	m.Get("/tell", tellSchool, s.telling)
	m.Post("/tell", tellSchool, s.told)
	m.Post("/tell/say", tellSchool, s.toldAloud, web.Upload(attach.OneVoice().Bytes()), web.Limit(sendingTime))
	m.Get("/notes", follow, s.notes)
	m.Get("/note/{note}", open, s.note)
	m.Get("/note/{note}/voice", open, s.noteVoice)
	m.Post("/note/{note}/seen", follow, s.takeNote)
	m.Post("/note/{note}/withdraw", tellSchool, s.withdrawNote)
	m.Get("/new", write, s.choose)
	m.Get("/new/class/{class}", write, s.blank)
	m.Get("/new/school/{school}", write, s.blank)
	m.Post("/new/class/{class}", write, s.publish, web.Upload(bag.Bytes()), web.Limit(sendingTime))
	m.Post("/new/school/{school}", write, s.publish, web.Upload(bag.Bytes()), web.Limit(sendingTime))
	m.Get("/word/{word}", open, s.show)
	m.Get("/word/{word}/photo/{photo}", open, s.attached)
	m.Get("/word/{word}/file/{file}", open, s.attached)
	m.Post("/word/{word}/answer", answer, s.answer)
	m.Post("/word/{word}/unsign", answer, s.unsign)
	m.Post("/word/{word}/say", answer, s.say, web.Upload(attach.OneVoice().Bytes()), web.Limit(sendingTime))
	m.Get("/word/{word}/voice/{child}/{person}", open, s.voice)
	m.Get("/word/{word}/follow", follow, s.follow)
	m.Get("/word/{word}/follow.csv", follow, s.followCSV, web.Journalled, web.StepUp)
	m.Post("/word/{word}/remind", write, s.remind)
	m.Get("/word/{word}/slips", follow, s.slips)
	m.Post("/word/{word}/slips", follow, s.print, web.StepUp)
	m.Get("/word/{word}/scan", follow, s.scanning)
	m.Post("/word/{word}/scan", follow, s.scan, web.Upload(maxScanSent), web.Limit(sendingTime))
	m.Get("/word/{word}/paper", follow, s.papers)
	m.Post("/word/{word}/paper", follow, s.enter, web.LongText)
	m.Post("/word/{word}/paper/withdraw", follow, s.withdraw)
	m.Get("/word/{word}/amend", write, s.amending)
	m.Post("/word/{word}/amend", write, s.amend, web.Upload(bag.Bytes()), web.Limit(sendingTime))
	m.Get("/word/{word}/cancel", write, s.cancelling)
	m.Post("/word/{word}/cancel", write, s.cancel)
	m.Post("/word/{word}/restore", write, s.restore)
	m.Get("/word/{word}/before", write, s.before)
	m.Post("/word/{word}/before", write, s.sayBefore)
}
