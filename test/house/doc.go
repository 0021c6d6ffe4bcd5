// Package house gives a test an installation: a database with the tables of
// the register and of accounts, a village that is fed to it, and a real site
// on the network, where the test's people sign in and ask for pages.
//
// A test of a room makes one in three steps: [New], then [House.Deliver] and
// [House.Feed] for the village, then [House.Serve] with the rooms under test.
// What stays out keeps its place in the room's own tests: which village, and
// whatever only that room asks about it.
//
//	h := house.New(t, dbtest.SQLite(t, house.Schemas()...), menu.Words)
//	h.Feed(h.Deliver(village.Options{Schools: 2, Seed: 1, Date: dbtest.Noon}))
//	h.Serve(web.Config{Services: []web.Service{&menu.Service{}}})
//	near, _ := h.Schools()
//	h.Enter(h.Head(near[0]), school.Head).Get("/menu/").Wants(http.StatusOK, "Menus")
//
// A room with many tests makes one [Village], which is fed once, and gives each
// of them a copy.
//
// Nothing is imitated, and nobody types a password: sessions are opened where
// the portal's sign-in opens them. Nothing is returned that went wrong either:
// the test fails where it stands.
package house
