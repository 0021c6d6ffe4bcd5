package portal

import "preau/core/web"

// Mount implements [web.Room].
func (p *Portal) Mount(m *web.Mux) {
	m.PublicGet("/login", "one signs in there", p.login, web.NoTx)
	m.PublicPost("/login", "one signs in there", p.signIn)
	m.PublicGet("/activate", "one chooses a first password there, with a code", p.activation, web.NoTx)
	m.PublicPost("/activate", "one chooses a first password there, with a code", p.activate)
	m.PublicPost("/logout", "one may always leave", p.signOut)
	m.PublicPost("/lang", "one chooses a language before one signs in", p.speak)

	m.PublicGet("/class", "a pupil who does not read comes in there, by the door of the class", p.classDoor)
	m.PublicPost("/class", "the poster of a class opens its door", p.scan)
	m.PublicGet("/class/{pupil}", "a pupil who does not read shows three pictures there", p.pad)
	m.PublicPost("/class/{pupil}", "a pupil who does not read shows three pictures there", p.showPictures)

	m.Get("/", "portal.home", p.home)
	m.Get("/me", "portal.me", p.me)
	m.Get("/me/class", "portal.class", p.class)
	m.Get("/me/school", "portal.school", p.school)
	m.Post("/me/password", "portal.me", p.changePassword, web.NoTx)
	m.Post("/me/hat", "portal.hat", p.switchHat)
	m.Get("/help", "portal.help", p.help)
	m.Get("/help/school/{school}", "portal.help-school", p.helpSchool)

	m.PublicGet("/about/accessibility", "the law asks for it (article 47 of the law of 11 February 2005)", p.accessibility, web.NoTx)
	m.PublicGet("/about/legal", "the law asks for it (article 8 of the arrêté of 30 November 2006)", p.legal, web.NoTx)
}
