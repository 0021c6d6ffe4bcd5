package file

import (
	"net/http"

	"preau/core/web"
)

// Mount implements web.Service. {spot} is the top of a space, or an entry: see space.spot.
func (s *Service) Mount(m *web.Mux) {
	m.Get("/", open, s.home)
	m.Get("/search", open, s.search)
	m.Get("/in/{spot}", open, s.show)
	m.Get("/in/{spot}/move", open, s.moving)
	m.Get("/in/{spot}/bin", put, s.bin)
	m.Get("/in/{spot}/share", share, s.sharing)
	m.Get("/in/{spot}/share/class/{class}", shareClass, s.sharingAt)
	m.Get("/in/{spot}/share/school/{school}", share, s.sharingAt)
	m.Get("/get/{spot}", open, s.get, web.NoTx, web.Limit(sendingTime))
	m.Get("/get/{spot}/version/{version}", put, s.getVersion, web.NoTx, web.Limit(sendingTime))
	m.Get("/get/{spot}/look/{size}", open, s.look, web.NoTx)
	m.Get("/zip/{spot}", open, s.packed, web.NoTx, web.Limit(sendingTime))
	m.Get("/in/{spot}/hand", ofClass, s.handing)
	m.Post("/in/{spot}/hand/class/{class}", ofClass, s.hand)
	m.Post("/in/{spot}/files", put, s.upload, web.Upload(mostSent), web.Limit(sendingTime))
	m.Call(http.MethodOptions, "/in/{spot}/uploads", put, s.uploads, tus)
	m.Call(http.MethodPost, "/in/{spot}/uploads", put, s.begin, tus, web.NoTx)
	m.Call(http.MethodHead, "/upload/{upload}", put, s.tell, tus)
	m.Call(http.MethodPatch, "/upload/{upload}", put, s.more, tus, web.Upload(mostPart), web.Limit(partTime))
	m.Call(http.MethodDelete, "/upload/{upload}", put, s.abandon, tus)
	m.Post("/in/{spot}/again", put, s.again, web.Upload(mostSent), web.Limit(sendingTime))
	m.Post("/in/{spot}/folder", put, s.make)
	m.Post("/in/{spot}/name", put, s.renaming)
	m.Post("/in/{spot}/move", put, s.moved)
	m.Post("/in/{spot}/star", open, s.star)
	m.Post("/in/{spot}/bin", put, s.throwing)
	m.Post("/in/{spot}/restore", put, s.takingBack)
	m.Post("/in/{spot}/bin/empty", put, s.emptying)
	m.Post("/in/{spot}/version/{version}", put, s.back)
	m.Post("/in/{spot}/share/class/{class}", shareClass, s.opens)
	m.Post("/in/{spot}/share/school/{school}", share, s.opens)
	m.Post("/in/{spot}/share/end/{grant}", share, s.ending)
}
