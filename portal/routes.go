package portal

import (
	"preau/core/notify"
	"preau/core/web"
)

// atSecond is why the routes of the second step ask for no right: they read the
// session themselves, and refuse whoever has none.
const atSecond = "a session that is half open reaches nothing else"

// Mount implements [web.Room].
func (p *Portal) Mount(m *web.Mux) {
	m.PublicGet("/login", "one signs in there", p.login, web.NoTx)
	m.PublicPost("/login", "one signs in there", p.signIn)
	m.PublicPost("/login/turn", "one's turn to sign in, where many do at once", p.queue)
	m.PublicGet("/activate", "one chooses a first password there, with a code", p.activation, web.NoTx)
	m.PublicPost("/activate", "one chooses a first password there, with a code", p.activate)
	m.PublicGet("/forgotten", "one asks for a link there, without a password", p.forgotten, web.NoTx)
	m.PublicPost("/forgotten", "one asks for a link there, without a password", p.ask)
	m.PublicGet("/contest", "one shuts an account there that somebody else may be in, with a token", p.contest, web.NoTx)
	m.PublicPost("/contest", "one shuts an account there that somebody else may be in, with a token", p.freeze)
	m.PublicPost("/logout", "one may always leave", p.signOut)
	m.PublicGet("/second", atSecond, p.second)
	m.PublicPost("/second", atSecond, p.proveCode)
	m.PublicPost("/second/password", atSecond, p.provePassword)
	m.PublicPost("/second/challenge", atSecond, p.askPasskey)
	m.PublicPost("/second/passkey", atSecond, p.provePasskey)
	m.PublicGet("/second/new", atSecond, p.newFactor)
	m.PublicGet("/second/new/square.svg", atSecond, p.square)
	m.PublicPost("/second/new/app", atSecond, p.addApp)
	m.PublicPost("/second/new/challenge", atSecond, p.offerPasskey)
	m.PublicPost("/second/new/passkey", atSecond, p.addPasskey)
	m.PublicGet(notify.UnsubscribePath+"{token}", "a mail leads there whoever wants no more, with a token", p.stopMail, web.NoTx)
	m.Foreign(notify.UnsubscribePath+"{token}", "programs of mail ask there for no more, in one click (RFC 8058), with a token", p.stop)
	m.PublicPost("/lang", "one chooses a language before one signs in", p.speak)

	m.PublicGet("/class", "a pupil who does not read comes in there, by the door of the class", p.classDoor)
	m.PublicPost("/class", "the poster of a class opens its door, and the badge of a pupil", p.scan)
	m.PublicGet("/class/code", "one types the code of a poster or a badge there", p.typing, web.NoTx)
	m.PublicGet("/class/{pupil}", "a pupil who does not read shows three pictures there", p.pad)
	m.PublicPost("/class/{pupil}", "a pupil who does not read shows three pictures there", p.showPictures)

	m.Get("/", openHome, p.home)
	m.Get("/me", keepOneself, p.me)
	m.Get("/me/journal", readJournal, p.journal)
	m.Get("/me/class", seeClass, p.class)
	m.Get("/me/school", seeSchool, p.school)
	m.Get("/me/badges", decideHome, p.badges)
	m.Post("/me/badges/{person}", decideHome, p.decideBadge, web.EvenReadOnly)
	m.Post("/me/password", keepOneself, p.changePassword, web.NoTx, web.EvenReadOnly)
	m.Get("/me/devices", keepOneself, p.devices)
	m.Post("/me/devices/{session}/close", keepOneself, p.closeDevice, web.EvenReadOnly)
	m.Post("/me/devices/close-others", keepOneself, p.closeOthers, web.EvenReadOnly)
	m.Post("/take", takeAway, p.take, web.NoTx, web.StepUp, web.EvenReadOnly)
	m.Get(notificationsPath, chooseNotifications, p.notifications)
	m.Post(notificationsPath, chooseNotifications, p.keepNotifications, web.EvenReadOnly)
	m.Post("/me/notifications/confirm", chooseNotifications, p.confirmBox, web.EvenReadOnly)
	m.Post("/me/notifications/device", chooseNotifications, p.subscribe, web.EvenReadOnly)
	m.Post("/me/notifications/device/{device}/remove", chooseNotifications, p.forgetDevice, web.EvenReadOnly)
	m.Post("/me/hat", changeHat, p.switchHat, web.NoTx, web.EvenReadOnly)
	m.Get("/me/factor/{factor}", keepOneself, p.factor)
	m.Post("/me/factor/{factor}/name", keepOneself, p.renameFactor, web.StepUp, web.EvenReadOnly)
	m.Post("/me/factor/{factor}/remove", keepOneself, p.removeFactor, web.StepUp, web.EvenReadOnly)
	m.Post("/me/recovery", keepOneself, p.newRecovery, web.StepUp, web.EvenReadOnly)
	m.Get("/me/join", joinAccounts, p.askJoin)
	m.Post("/me/join", joinAccounts, p.claim, web.NoTx, web.StepUp)
	m.Post("/me/join/code", joinAccounts, p.confirmJoin, web.NoTx, web.StepUp)
	m.Post("/me/join/cancel", joinAccounts, p.cancelJoin)
	m.Get("/me/merge/{merge}", joinAccounts, p.joined)
	m.Get("/me/merge/{merge}/undo", joinAccounts, p.askUnjoin)
	m.Post("/me/merge/{merge}/undo", joinAccounts, p.unjoin, web.StepUp)
	m.Get("/search", lookFor, p.search)
	m.Get("/help", askHelp, p.help)
	m.Get("/help/school/{school}", helpAnySchool, p.helpSchool)

	m.PublicGet("/about/accessibility", "the law asks for it (article 47 of the law of 11 February 2005)", p.accessibility, web.NoTx)
	m.PublicGet("/about/legal", "the law asks for it (article 8 of the arrêté of 30 November 2006)", p.legal, web.NoTx)
}
